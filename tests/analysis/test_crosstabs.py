"""Rao and Scott's tests against R `survey::svychisq` (tests/reference/crosstabs.json)."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from analysis import crosstab
from analysis.estimate.association import rao_scott
from survey import Design, QuestionFault, Wave
from tests.analysis.test_estimate_golden import design_of
from tests.analysis.waves_by_hand import question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = json.loads((REFERENCE / "crosstabs.json").read_text())["cases"]
FILES = {
    name: spec["file"]
    for name, spec in json.loads((REFERENCE / "estimates.json").read_text()).items()
    if name != "made_by"
}
CLOSE = {"rel_tol": 1e-9, "abs_tol": 1e-14}


def wave_for(design: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"{FILES[design]}.csv.gz").copy()
    frame["poor"] = (frame["meals"] > 60).astype(int)
    frame["size"] = pd.cut(
        frame["enroll"], [-np.inf, 300, 600, 1000, np.inf], labels=["1", "2", "3", "4"]
    ).astype(str)
    return wave_of(
        frame,
        question("stype", "single", ("E", "H", "M")),
        question("sch.wide", "binary", ("No", "Yes"), counted="Yes"),
        question("poor", "binary", ("0", "1")),
        question("size", "single", ("1", "2", "3", "4")),
        question("api00", "number"),
    )


@pytest.mark.parametrize("design", FILES)
def test_both_tests_are_those_of_r(design):
    wave = wave_for(design)
    cases = [case for case in CASES if case["design"] == design]
    assert len(cases) >= 6
    for case in cases:
        found = crosstab(wave, design_of(design), case["row"], case["column"], where=case["where"])
        second, first = found[:2]
        context = f"{case}\n{second}\n{first}"
        assert (second.method, first.method) == ("rao-scott F", "rao-scott chi-squared")
        assert math.isclose(second.estimate, case["f"], **CLOSE), context
        assert math.isclose(second.df, case["df"], **CLOSE), context
        assert math.isclose(second.p, case["p"], rel_tol=1e-8, abs_tol=1e-14), context
        assert math.isclose(first.estimate * first.deff, case["x2"], **CLOSE), context
        assert first.df == case["cells"], context
        assert math.isclose(first.p, case["p_first"], rel_tol=1e-8, abs_tol=1e-14), context
        below = [word for word in second.flag.split(";") if word.startswith("denominator df ")]
        assert float(below[0].split()[-1]) == pytest.approx(case["below"], rel=1e-5), context


def test_the_check_values_of_the_handbook():
    """method_sources 10: apistrat with fpc, sch.wide by stype."""
    second, first = crosstab(wave_for("strat_fpc"), design_of("strat_fpc"), "sch.wide", "stype")[:2]
    assert second.estimate == pytest.approx(17.24744, abs=5e-6)
    assert second.df == pytest.approx(1.828672, abs=5e-7)
    assert second.flag == "denominator df 360.248"
    assert second.p == pytest.approx(2.035046e-07, rel=1e-6)
    assert first.p == pytest.approx(3.232438e-08, rel=1e-6)
    assert first.estimate * first.deff == pytest.approx(26.75353, abs=5e-6)


def test_cells_are_shares_of_all_who_answered_both():
    frame = {"a": [1, 1, 2, 2, 2, np.nan], "b": [1, 2, 1, 2, 2, 1]}
    wave = wave_of(frame, question("a", "single", ("1", "2")), question("b", "single", ("1", "2")))
    cells = [e for e in crosstab(wave, Design(), "a", "b") if e.group]
    assert [(e.option, e.group, e.estimate, e.n) for e in cells] == [
        ("1", "1", 0.2, 5), ("1", "2", 0.2, 5), ("2", "1", 0.2, 5), ("2", "2", 0.4, 5),
    ]  # fmt: skip
    assert all(e.by == "b" and e.question == "a" and e.stat == "crosstab" for e in cells)


def test_a_simple_draw_comes_near_pearson():
    rng = np.random.default_rng(3)
    a, b = rng.integers(1, 4, 600), rng.integers(1, 3, 600)
    wave = wave_of(
        {"a": a, "b": b}, question("a", "single", ("1", "2", "3")), question("b", "single", ("1", "2"))
    )
    second, first = crosstab(wave, Design(), "a", "b")[:2]
    plain = chi2_contingency(pd.crosstab(a, b), correction=False)
    assert first.p == pytest.approx(plain.pvalue, rel=0.02)
    assert second.p == pytest.approx(plain.pvalue, rel=0.02)


def test_options_of_a_set_are_tested_one_by_one_and_equal_their_own_table():
    rng = np.random.default_rng(5)
    frame = {"m_x": rng.integers(0, 2, 80), "m_y": rng.integers(0, 2, 80), "g": rng.integers(1, 4, 80)}
    wave = wave_of(
        frame | {"x": frame["m_x"]},
        question("m", "multiple", ("x", "y")),
        question("x", "binary", ("0", "1")),
        question("g", "single", ("1", "2", "3")),
    )
    found = crosstab(wave, Design(), "m", "g")
    assert [(e.option, e.method) for e in found] == [
        (option, f"rao-scott {kind}") for option in ("x", "y") for kind in ("F", "chi-squared")
    ]
    alone = crosstab(wave, Design(), "x", "g")[0]
    assert found[0].p == pytest.approx(alone.p, rel=1e-12)
    with pytest.raises(QuestionFault, match="overlap"):
        crosstab(wave, Design(), "g", "m")


def test_a_whole_list_has_nothing_to_test_and_a_near_census_says_what_it_assumes():
    rng = np.random.default_rng(7)
    a, b = rng.integers(0, 2, 100).astype(float), rng.integers(0, 2, 100)
    questions = question("a", "binary", ("0", "1")), question("b", "binary", ("0", "1"))
    design = Design(population=(100,), selection="list")
    second = crosstab(wave_of({"a": a, "b": b}, *questions), design, "a", "b")[0]
    assert second.flag == "census" and math.isnan(second.p)
    a[:4] = np.nan
    wave = wave_of({"a": a, "b": b}, *questions)
    near = crosstab(wave, design, "a", "b")[0]
    assert near.flag.split(";")[0] == "if silence were random"
    other = crosstab(wave, Design(population=(100,), target="mechanism"), "a", "b")[0]
    assert near.estimate == pytest.approx(other.estimate * 25 * (95 / 96) * (100 / 99), rel=1e-9)


@pytest.mark.parametrize(
    ("a", "flag"),
    [
        ([1.0] * 20, "one row or column"),
        ([np.nan] * 20, "empty"),
        ([1.0, 0, np.nan] + [np.nan] * 17, "low base"),
    ],
)
def test_tables_without_a_test_say_why(a, flag):
    wave = wave_of(
        {"a": a, "b": [0, 1] * 10}, question("a", "binary", ("0", "1")), question("b", "binary", ("0", "1"))
    )
    second = crosstab(wave, Design(), "a", "b")[0]
    assert flag in second.flag.split(";")
    assert math.isnan(second.p) or flag == "low base"


def test_the_golden_tables_hold_empty_cells_too():
    empty = []
    for case in CASES[:40]:
        table = crosstab(wave_for(case["design"]), Design(), case["row"], case["column"])
        empty += [case["design"]] if any(e.group and e.estimate == 0 for e in table) else []
    assert len(empty) > 5


def test_a_covariance_of_a_simple_draw_has_the_effect_one():
    shares = np.array([[0.4, 0.2], [0.3, 0.1]])
    p = shares.ravel()
    found = rao_scott(shares, (np.diag(p) - np.outer(p, p)) / 50, 50, 49)
    expected = np.outer([0.6, 0.4], [0.7, 0.3])
    assert found.pearson == pytest.approx(50 * ((shares - expected) ** 2 / expected).sum())
    assert found.effect == pytest.approx(1.0)
    assert (found.cells, found.df, found.df_below) == (1, pytest.approx(1.0), pytest.approx(49.0))
