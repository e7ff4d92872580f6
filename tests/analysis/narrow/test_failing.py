"""Shocks from links: the seven firms as a study, bounds, and what is wrong with sectors and roles."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import load_links, shock_settings, shocks
from analysis.supply.links import Links
from analysis.supply.narrow import failing
from analysis.supply.narrow.failing import SHOCK_COLUMNS, ShockSettings
from survey import FileFault, QuestionFault, StudyFault, data_folder, load_study
from tests.analysis.narrow.test_cascade import BOTH, DOWN, LINKS, SECTOR, UP

ROLES = "supplier_sector,buyer_sector,role\n1,2,essential\n2,3,essential\n4,5,negligible\n"


def seven(
    folder: Path, shock: str = 'sectors = "sectors.csv"\nroles = "roles.csv"\n', links: str = ""
) -> Path:
    """A study of the seven firms of the authors' package; its shock settings as given."""
    rows = [f"{buyer},F{seller},{value}" for seller, buyer, value in LINKS]
    text = "buyer,supplier,value\n" + "\n".join(f"F{row}" for row in rows) + "\n"
    (folder / "links.csv").write_text(links or text, encoding="utf-8")
    sectors = "".join(f"F{k + 1},{sector}\n" for k, sector in enumerate(SECTOR))
    (folder / "sectors.csv").write_text("party,sector\n" + sectors, encoding="utf-8")
    (folder / "roles.csv").write_text(ROLES, encoding="utf-8")
    (folder / "study.toml").write_text(
        'schema = 1\nid = "seven"\ntitle = { en = "Seven" }\nlanguages = ["en"]\n'
        f'[supply]\nlinks = "links.csv"\n[supply.shock]\n{shock}',
        encoding="utf-8",
    )
    return folder


def test_seven_firms_end_to_end(tmp_path: Path) -> None:
    study = load_study(seven(tmp_path))
    table = shocks(load_links(study), shock_settings(study)).set_index("party").sort_index()
    assert table["esri"].to_numpy() == pytest.approx(BOTH, abs=1e-9)
    assert table["down"].to_numpy() == pytest.approx(DOWN, abs=1e-9)
    assert table["up"].to_numpy() == pytest.approx(UP, abs=1e-9)
    assert table["low"].to_numpy() == pytest.approx([0.88, 0.0439548, *BOTH[2:]], abs=5e-8)
    assert (table["high"] >= table["esri"]).all() and (table["high"] > table["esri"] + 1e-6).any()
    assert table["n_firms"].eq(7).all() and table["n_links"].eq(10).all()
    assert table["method"].eq("sectors given; roles given, others non-essential").all()
    assert table["size"].sum() == pytest.approx(1)


def test_without_settings_the_interval_says_what_is_not_known() -> None:
    links = load_links(data_folder() / "demo")
    table = shocks(links, top=12)
    assert list(table.columns) == list(SHOCK_COLUMNS) and len(table) == 12
    assert (table["low"] <= table["esri"]).all() and (table["esri"] <= table["high"]).all()
    assert (table["high"] > table["esri"] + 0.1).any() and (table["low"] < table["esri"] - 1e-4).any()
    assert table["esri"].is_monotonic_decreasing and 0 < table["named"].iloc[0] < 1
    one = shocks(links, failed=[str(table["party"].iloc[3])])
    pd.testing.assert_frame_equal(one, table.iloc[[3]].reset_index(drop=True))


def test_markets_say_who_stands_in() -> None:
    """Two makers of one part: in one market each stands in for the other, in two nobody does."""
    text = "buyer,supplier,value,product\nB,A1,4,part\nB,A2,6,part\nX,B,10,car\n"
    frame = pd.DataFrame([row.split(",") for row in text.split()[1:]], columns=text.split()[0].split(","))
    path_frame = frame.assign(value=frame["value"].astype(float))
    links = _links(path_frame)
    sectors = pd.DataFrame({"party": ["A1", "A2", "B"], "sector": ["part", "part", "car"]})
    roles = pd.DataFrame({"supplier_sector": ["part"], "buyer_sector": ["car"], "role": ["essential"]})
    together = shocks(links, ShockSettings(sectors, roles), failed=["A1"])
    apart = shocks(links, ShockSettings(sectors.assign(market=["a", "b", "c"]), roles), failed=["A1"])
    assert together["esri"].iloc[0] == pytest.approx((4 + 0.4 * 10) / 20)
    assert together["low"].iloc[0] == pytest.approx((4 + 0.4 * 4 / 6 * 10) / 20)
    assert apart["low"].iloc[0] == pytest.approx(apart["esri"].iloc[0])


def _links(frame: pd.DataFrame) -> Links:
    full = frame.assign(country="", share=float("nan"), inputs=float("nan"), share_method="given")
    return Links(full, pd.DataFrame(), pd.DataFrame(), "given", "inputs")


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ('sector = "sectors.csv"', "did you mean sectors"),
        ("roles = 3", "the name of a file"),
        ('roles = "none.csv"', "no such file"),
        ('roles = "sectors.csv"', "supplier_sector"),
        ('roles = "odd.csv"', "did you mean essential"),
        ('sectors = "twice.csv"', "a second time"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, shock: str, said: str) -> None:
    seven(tmp_path, shock)
    (tmp_path / "odd.csv").write_text(ROLES.replace("essential", "essentail", 1), encoding="utf-8")
    (tmp_path / "twice.csv").write_text("party,sector\nF1,1\nF1,2\n", encoding="utf-8")
    with pytest.raises((StudyFault, FileFault), match=said):
        shock_settings(load_study(tmp_path))


def test_no_money_and_no_such_party(tmp_path: Path) -> None:
    links = load_links(data_folder() / "demo")
    with pytest.raises(QuestionFault, match="not in the links"):
        shocks(links, failed=["Nobody"])
    with pytest.raises(QuestionFault, match="1 or more"):
        shocks(links, top=0)
    bare = seven(tmp_path, links="buyer,supplier,share\nA,B,0.5\n")
    with pytest.raises(QuestionFault, match="no link with a value"):
        shocks(load_links(bare / "links.csv"))


def test_high_is_everything_where_losses_came_to_no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = failing.follow_failures
    monkeypatch.setattr(failing, "follow_failures", lambda *a, **k: plain(*a, **{**k, "most": 2}))
    table = shocks(load_links(data_folder() / "demo"), top=3)
    assert (table["residual"] > 1e-9).all() and table["high"].eq(1.0).all() and table["steps"].eq(2).all()
