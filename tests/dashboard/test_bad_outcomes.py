"""Outcomes, indicators and links no model can carry: named on the command line, the rest is made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from dashboard.command import main
from survey import data_folder

P = "[pressure]\n"
BINARY = (
    '[questions.had_to_choose]\nkind = "single"',
    '[questions.had_to_choose]\nkind = "binary"\ncounted = "1"',
)


def said(value: float, many: int = 100, of: float = 0.0) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The first firms, of all or of those that answered `of`, answer something else."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        rows = frame.index[frame["had_to_choose"] == of] if of else frame.index
        frame.loc[rows[:many], "had_to_choose"] = value
        return frame

    return change


def unmatched(many: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Links call the first firms by other names than the survey."""

    def change(links: pd.DataFrame) -> pd.DataFrame:
        names = [f"S{i:03d}" for i in range(1, many + 1)]
        for end in ("buyer", "supplier"):
            links[end] = links[end].where(~links[end].isin(names), "Q" + links[end].astype(str))
        return links

    return change


def one_kind_of_flow(links: pd.DataFrame) -> pd.DataFrame:
    """Every firm sells the same to one customer, in other amounts: us, cn and squeeze are in proportion."""
    base = links[links["link"] == "L00048"].iloc[0].to_dict()
    rows = [
        base
        | {"link": f"Z{i}", "supplier": f"S{i:03d}", "share": "0.005", "value": str(200 * (i * 37 % 101))}
        for i in range(1, 101)
    ]
    return pd.DataFrame(rows)


def made(
    folder: Path,
    answers: Callable[[pd.DataFrame], pd.DataFrame] | None,
    links: Callable[[pd.DataFrame], pd.DataFrame] | None,
    pressure: str,
    codebook: tuple[str, str],
) -> Path:
    """A copy of the demonstration with other answers, links, settings, codebook."""
    study = folder / "study"
    shutil.copytree(data_folder() / "demo", study)
    if answers:
        frame, _ = pyreadstat.read_sav(str(study / "demo_2021.sav"), user_missing=True)
        pyreadstat.write_sav(answers(frame), str(study / "demo_2021.sav"))
    if links:
        links(pd.read_csv(study / "links.csv", dtype=str)).to_csv(study / "links.csv", index=False)
    for name, old, new in (("study.toml", P, f"{P}draws = 200\n{pressure}"), ("codebook.toml", *codebook)):
        text = (study / name).read_text(encoding="utf-8")
        assert old in text
        (study / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return study


CASES = {
    "no event": (said(2), None, "", ("", ""), "nobody of the 100 firms", {"p_choose": "few_events|5|0"}),
    "all events": (said(1), None, "", ("", ""), "everybody of the 100 firms", {"p_choose": "few_others|5|0"}),
    "three codes declared binary": (
        *(said(3, 30, of=2), None, "", BINARY),
        "30 answers to 'had_to_choose' have codes its codebook does not know (3)",
        {"carries p_choose": "carried"},
    ),
    "codes of another codebook": (
        *(said(7), None, "", ("", "")),
        "100 answers to 'had_to_choose' have codes its codebook does not know (7)",
        {"p_choose": "few_events|5|0"},
    ),
    "collinear": (
        *(None, one_kind_of_flow, 'slopes = ["squeeze", "us", "cn"]\n', ("", "")),
        "us follows from squeeze (collinear) and has no slope",
        {"carries scenarios": "holds_zero|squeeze", "carries ranks": "one_tier|100"},
    ),
    "fewer events than slopes": (
        *(said(2, 6, of=1), None, 'slopes = ["squeeze", "us", "cn"]\n', ("", "")),
        "cn is left out: a slope needs 5 events and 5 others",
        {"carries ranks": "one_tier|100"},
    ),
    "unmatched firms": (
        *(None, unmatched(30), "", ("", "")),
        "30 of the 100 firms of the survey appear in no link",
        {"carries p_choose": "carried"},
    ),
    "no firm matched": (
        *(None, unmatched(100), "", ("", "")),
        "100 of the 100 firms of the survey appear in no link",
        {"p_choose": "no_links", "carries ranks": "few_ranked"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_named_and_the_rest_is_made(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, links, pressure, codebook, words, reasons = CASES[name]
    study, out, model = (
        made(tmp_path, answers, links, pressure, codebook),
        tmp_path / "p.csv",
        tmp_path / "m.csv",
    )
    assert main(["pressure", str(study), "--out", str(out), "--model", str(model)]) == 0
    assert words in capsys.readouterr().err
    table, report = pd.read_csv(out), pd.read_csv(model).set_index("stat")
    for stat, why in reasons.items():
        assert report.loc[stat, "why"] == why
    is_carried = report.loc["carries p_choose", "estimate"] == 1
    assert table["p_choose"].notna().any() == is_carried
    assert table["squeeze"].notna().sum() == {"unmatched firms": 70, "no firm matched": 0}.get(name, 100)
    assert model.with_name("m.calibration.csv").exists() == is_carried


def test_a_constant_indicator_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At a fieldwork before all rules nobody is squeezed, so that nothing can be learnt."""
    study, out = made(tmp_path, None, None, "", ("", "")), tmp_path / "p.csv"
    text = (study / "study.toml").read_text(encoding="utf-8")
    text = text.replace("calibrated_at = 2021-12-15", "calibrated_at = 1995-01-01")
    (study / "study.toml").write_text(text, encoding="utf-8")
    assert main(["pressure", str(study), "--out", str(out)]) == 0
    assert "no probability of having to choose: squeeze the same for all firms" in capsys.readouterr().err
    assert pd.read_csv(out)["squeeze"].notna().all()


@pytest.mark.parametrize("columns", [["firm_id"], ["had_to_choose"]])
def test_a_file_of_another_codebook_stops_with_the_place(
    columns: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = made(tmp_path, lambda frame: frame.drop(columns=columns), None, "", ("", ""))
    assert main(["pressure", str(study), "--out", str(tmp_path / "p.csv")]) == 2
    fault = capsys.readouterr().err
    assert f"no column '{columns[0]}' in the file" in fault and "codebook.toml, line" in fault
    assert not (tmp_path / "p.csv").exists()


def test_an_index_stands_beside_the_firms_where_nobody_was_asked(tmp_path: Path) -> None:
    study, out = (
        made(tmp_path, None, None, "composite = { weights = { us = 1, cn = 1 } }\n", ("", "")),
        tmp_path / "p.csv",
    )
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(
        text.replace('outcome = "had_to_choose"\nevent = ["1"]\n', ""), encoding="utf-8"
    )
    assert main(["pressure", str(study), "--out", str(out), "--quiet"]) == 0
    index = pd.read_csv(tmp_path / "p.composite.csv")
    score = index[index["stat"] == "composite"]
    assert len(score) == 100 and (score["low"] <= score["estimate"]).all() and (index["n"] == 100).all()
    assert index.loc[index["stat"] == "composite_rank", "estimate"].isna().all()
