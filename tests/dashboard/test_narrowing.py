"""`concentration` and `chokepoints` from the command line: tables, bounds, years, and what is at fault."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import CHOKEPOINT_COLUMNS, CONCENTRATION_COLUMNS, DEPENDENCY_COLUMNS, SHOCK_COLUMNS
from dashboard.command import main
from survey import data_folder

DEMO = str(data_folder() / "demo")


def run(*words: object) -> int:
    """Exit code of a command."""
    return main([str(word) for word in words])


@pytest.mark.parametrize(
    ("words", "columns", "rows"),
    [
        (("concentration", DEMO, "--level", "product,all", "--by", "country"), CONCENTRATION_COLUMNS, 48),
        (("concentration", DEMO, "--home", "JP"), DEPENDENCY_COLUMNS, 141),
        (("chokepoints", DEMO, "--top", "4"), CHOKEPOINT_COLUMNS, 8),
        (("chokepoints", DEMO, "--what", "shock", "--top", "4"), SHOCK_COLUMNS, 4),
    ],
)
def test_tables_of_the_demo(
    tmp_path: Path, words: tuple[str, ...], columns: tuple[str, ...], rows: int
) -> None:
    out = tmp_path / "out.csv"
    assert run(*words, "--out", out, "--quiet") == 0
    table = pd.read_csv(out, keep_default_na=False)
    assert list(table.columns) == [*columns, "synthetic"]
    assert len(table) == rows and table["synthetic"].eq("synthetic respondents").all()


def test_who_hangs_on_a_supplier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links, firms = tmp_path / "links.csv", tmp_path / "firms.csv"
    links.write_text(
        "buyer,supplier,country,share,period\nA,M,JP,0.5,2020\nB,M,JP,0.2,2020\nM,C,CN,0.4,2020\nD,C,CN,0.3,2020\n",
        encoding="utf-8",
    )
    firms.write_text("firm\nA\nD\n", encoding="utf-8")
    assert run("chokepoints", links, "--on", "M", "--quiet") == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in said[1:]] == ["A", "B"]
    assert said[0].endswith("n_hanging,n_firms,n_links") and said[1].endswith("2,4,4")
    assert run("chokepoints", links, "--seeds", "country=CN", "--firms", firms, "--quiet") == 0
    rows = capsys.readouterr().out.splitlines()
    assert [line.split(",")[1] for line in rows[1:]] == ["C", "M"]
    assert float(rows[2].split(",")[4]) == pytest.approx(0.5 * 0.4 / 2)
    assert run("chokepoints", links, "--what", "cut", "--quiet") == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["M", "C"]


def test_year_by_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"A,S,CN,chips,{value},100,{year}" for year, value in ((2019, 50), (2020, 60), (2021, 70))]
    (tmp_path / "links.csv").write_text(
        "buyer,supplier,country,product,value,inputs,period\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (tmp_path / "parties.csv").write_text("party,country\nA,Germany\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "y"\ntitle = { en = "Y" }\nlanguages = ["en"]\n'
        '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n',
        encoding="utf-8",
    )
    out = tmp_path / "years.csv"
    words = ("concentration", tmp_path, "--home", "EU", "--quiet")
    assert run(*words, "--years", "2019,2020,2021", "--out", out) == 0
    table = pd.read_csv(out, keep_default_na=False)
    assert table["period"].unique().tolist() == [2019, 2020, 2021]
    assert table["lasting"].tolist() == [""] * 6 + ["yes"] * 3
    assert table.loc[table["indicator"] == "cdi1", "imports"].tolist() == [50, 60, 70]
    assert run(*words, "--years", "2019,2050", "--out", out) == 2
    assert "no links of that year" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("concentration", DEMO, "--level", "products"), "did you mean product"),
        (("concentration", DEMO, "--by", "colour"), "country, supplier"),
        (("concentration", DEMO, "--home", "Atlantis"), "neither a bloc nor a country"),
        (("concentration", DEMO, "--years", "2021"), "--home beside --years"),
        (("concentration", DEMO, "--home", "EU", "--thresholds", "none.csv"), "no such file"),
        (("chokepoints", DEMO, "--seeds", "country=NO"), "no supplier of that country"),
        (("chokepoints", DEMO, "--top", "many"), "--top 20"),
        (("chokepoints", DEMO, "--on", "Nobody"), "no supplier of that name"),
        (("chokepoints", DEMO, "--firms", "none.csv"), "no such file"),
        (("chokepoints", "none.csv"), "no such file"),
    ],
)
def test_what_is_at_fault_is_said_and_nothing_written(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert run(*words, "--out", out) == 2
    told = capsys.readouterr().err
    assert said in told and "do this:" in told
    assert list(tmp_path.iterdir()) == []
