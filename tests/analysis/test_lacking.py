"""On the real road: firms of the demonstration whose links are taken out are imputed, and it is said."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.pressing import press
from analysis.pressure.record import Pressure
from survey import StudyFault, data_folder, load_study
from tests.analysis.test_press import having


def without_links(folder: Path, many: int, text: str = "draws = 200\nimputations = 4\n") -> Pressure:
    """The demonstration without the links of its first firms."""
    shutil.copytree(data_folder() / "demo", folder)
    links = pd.read_csv(folder / "links.csv", dtype=str)
    lost = [f"S{i:03d}" for i in range(1, many + 1)]
    links[~links["buyer"].isin(lost) & ~links["supplier"].isin(lost)].to_csv(
        folder / "links.csv", index=False
    )
    study = folder / "study.toml"
    study.write_text(study.read_text("utf-8").replace("[pressure]\n", "[pressure]\n" + text), "utf-8")
    return press(load_study(folder))


def test_firms_without_links_are_imputed_and_it_is_said(tmp_path: Path) -> None:
    made = without_links(tmp_path / "demo", 12)
    report = made.model.set_index("stat")
    many = int(report.loc["firms imputed", "estimate"])
    assert 0 < many <= 12 and report.loc["firms", "estimate"] + many == 96
    assert report.loc["firms left out", "estimate"] == 4 and report.loc["imputations", "estimate"] == 4
    low, high = report.loc["slope squeeze", ["low", "high"]]
    assert low < report.loc["slope squeeze", "estimate"] < high
    # they have no figures of their own: missing, never 0
    first = made.table.head(12)
    assert first[["us", "cn", "squeeze", "p_choose"]].isna().all(axis=None)
    doubts = made.doubts
    sums = doubts.groupby(["firm", "stat"])["estimate"].sum()
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)
    of_answers = doubts[doubts["source"] == "answers"]
    assert set(of_answers["stat"]) == {"p_choose"} and of_answers["estimate"].between(0, 1).all()
    known = made.table.dropna(subset="p_choose")
    assert known["p_choose"].between(known["p_choose_low"], known["p_choose_high"]).all()


def test_where_none_lacks_it_nothing_moves_to_the_last_bit() -> None:
    without, usual = (press(having("pressure", draws=200, imputations=sets)) for sets in (0, 20))
    for name in ("table", "intervals", "doubts", "model", "frozen"):
        pd.testing.assert_frame_equal(getattr(without, name), getattr(usual, name), check_exact=True)


@pytest.mark.parametrize("number", [1, 101, -1, 2.5, True, "20"])
def test_imputations_at_fault_are_named(number: object) -> None:
    with pytest.raises(StudyFault, match="imputations = 20"):
        press(having("pressure", imputations=number))
