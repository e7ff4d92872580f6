"""Readiness: scores from answers and routing, an index by hand, robustness, and what other audiences see."""

from pathlib import Path

import numpy as np
import pytest

from analysis import answers_given, benchmark_firm, read_release, write_release
from analysis.readiness.controls import control_scores
from analysis.readiness.indexing import index_bounds, index_of, robustness
from analysis.readiness.settings import readiness_settings
from survey import StudyFault
from tests.analysis.ready_study import STUDY, write_ready


def test_scores_follow_answers_and_routing(tmp_path: Path) -> None:
    study, wave = write_ready(tmp_path)
    settings = readiness_settings(study, wave)
    assert settings is not None
    found = control_scores(wave, settings)
    nan = np.nan
    wanted = [[1, 1, 1], [1, 0, 0.5], [0, 1, nan], [0, 0, 0], [0, 0, 1], [nan, nan, 0.5], [0, 0, 1]]
    assert np.array_equal(found[:7], np.array(wanted), equal_nan=True)


def test_index_by_hand_and_its_bounds() -> None:
    scores = np.array([[1.0, 0.0, 0.5], [np.nan, 1.0, 0.0], [np.nan] * 3])
    weights = np.array([0.25, 0.5, 0.25])
    index = index_of(scores, weights, "mean")
    assert index[:2] == pytest.approx([0.375, 0.5 / 0.75])
    low, high = index_bounds(scores, weights, "mean")
    assert (low[1], high[1]) == pytest.approx((0.5, 0.75))
    assert low[0] == high[0] == pytest.approx(0.375)
    assert np.isnan([index[2], low[2], high[2]]).all()
    ends = index_of(np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]]), np.array([0.5, 0.5]), "geometric")
    assert ends[:2] == pytest.approx([0.0, 1.0])
    assert 0 < ends[2] < 0.5


def test_order_that_no_choice_can_change_does_not_move() -> None:
    scores = np.array([[1.0, 1.0], [0.5, 0.5], [0.0, 0.0]])
    found = robustness(scores, np.array([0.5, 0.5]), "mean", draws=60)
    assert found.shift["weights"] == found.shift["aggregation"] == 0
    assert found.shift["normalisation"] > 0
    crossed = robustness(
        np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]]), np.array([0.5, 0.5]), "mean", draws=60
    )
    assert crossed.shift["weights"] > 0.3
    assert crossed.rank[0].min() == 1
    assert (crossed.index[0] <= crossed.index[2]).all()


def test_release_tells_controls_with_n_and_keeps_derived_counts_from_others(tmp_path: Path) -> None:
    study, _ = write_ready(tmp_path)
    write_release(study, tmp_path / "out", ("internal", "members"))
    inside, outside = (read_release(tmp_path / "out" / name) for name in ("internal", "members"))
    table = inside.table("readiness").set_index(["control", "stat"])
    head = table.loc[("head", "in_place")]
    assert (head["n"], head["estimate"]) == (11, pytest.approx(7 / 11))
    assert head["low"] <= head["estimate"] <= head["high"]
    assert table.loc[("", "index"), "n"] == 12
    firms = inside.table("readiness_firms")
    assert firms["firm"].tolist()[:3] == ["F00", "F01", "F02"]
    assert [name for name in outside.tables() if name.startswith("readiness")] == ["readiness_form"]
    assert not outside.table("readiness_form").columns.isin(["n", "estimate"]).any()


def test_benchmark_of_controls(tmp_path: Path) -> None:
    study, _ = write_ready(tmp_path)
    write_release(study, tmp_path / "out", ("internal",))
    release = read_release(tmp_path / "out" / "internal")
    found = benchmark_firm(release, answers_given(release, {"measures": ["head"], "board": ["2"]}))
    rows = found.table[found.table["kind"] == "control"].set_index("option")
    assert rows.loc["head", "own"] == "in_place"
    assert rows.loc["board", "own"] == "partly"
    # five of eleven: two were routed past and do not have it, one does not say whether it acts
    table = release.table("readiness").set_index(["control", "stat"]).loc[("drills", "in_place")]
    assert rows.loc["drills", "estimate"] == pytest.approx(table["estimate"]) == pytest.approx(7 / 11)
    index = found.table[found.table["question"] == "readiness.index"].iloc[0]
    assert float(index["own"]) == pytest.approx((1 + 0 + 0.5) / 4)
    assert index["low"] <= index["estimate"] <= index["high"]
    moves = found.moves.set_index("what")
    assert moves.loc["drills", "after"] == pytest.approx(3.5 / 4)
    assert moves.index[0] == "drills"


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ('control = "head"', 'control = "haed"', "'haed'"),
        ('question = "board"', 'question = "bord"', "'bord'"),
        ('option = "drill"', 'option = "drills"', "'drills'"),
        ('scores = { "1" = 1, "2" = 0.5 }', 'scores = { "1" = 2 }', "score 2"),
        ('scores = { "1" = 1, "2" = 0.5 }', "", "no scores"),
        ("weight = 2", "weight = 0", "weight 0"),
        ("weight = 2", "wieght = 2", "'wieght'"),
        ("[readiness]\n", '[readiness]\naggregation = "sum"\n', "'sum'"),
        ("[readiness]\n", "[readiness]\nready = 3\n", "3"),
        ('control = "drills"', 'control = "head"', "twice"),
    ],
)
def test_settings_that_do_not_fit_are_named(tmp_path: Path, was: str, now: str, found: str) -> None:
    assert was in STUDY
    study, wave = write_ready(tmp_path, text=STUDY.replace(was, now))
    with pytest.raises(StudyFault) as caught:
        readiness_settings(study, wave)
    assert found in caught.value.found


def test_a_firm_routed_past_a_control_does_not_have_it_nor_do_its_peers(tmp_path: Path) -> None:
    """One rule: the survey's own firm F04 (2,,,3) has the same index in the Release and in its benchmark."""
    study, _ = write_ready(tmp_path)
    write_release(study, tmp_path / "out", ("internal", "members"))
    release = read_release(tmp_path / "out" / "internal")
    assert set(release.table("readiness_form")["asked_if"]) == {"", "acts == 1"}
    table = release.table("readiness_firms").set_index(["firm", "stat"])
    for firm, answers in (("F03", {"acts": ["2"], "board": ["3"]}), ("F04", {"acts": ["2"], "board": ["1"]})):
        found = benchmark_firm(release, answers_given(release, answers))
        rows = found.table[found.table["kind"] == "control"].set_index("option")
        assert rows.loc[["head", "drills"], "own"].tolist() == ["not_in_place", "not_in_place"]
        index = found.table[found.table["question"] == "readiness.index"].iloc[0]
        assert float(index["own"]) == pytest.approx(table.loc[(firm, "index"), "estimate"])
        assert "drills" in set(found.moves["what"])
    # a firm that does not say whether it acts, or acts and skips the question, tells nothing of it
    for answers in ({"board": ["3"]}, {"acts": ["1"], "board": ["3"]}):
        told = benchmark_firm(release, answers_given(release, answers)).table
        assert set(told.loc[told["kind"] == "control", "option"]) - {""} == {"board"}
    others = read_release(tmp_path / "out" / "members")
    past = benchmark_firm(others, answers_given(others, {"acts": ["2"], "board": ["3"]})).table
    assert {"head", "drills"} <= set(past.loc[past["kind"] == "control", "option"])


def test_no_section_no_readiness(tmp_path: Path) -> None:
    study, wave = write_ready(tmp_path, text=STUDY.partition("[readiness]")[0])
    assert readiness_settings(study, wave) is None
