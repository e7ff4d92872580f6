"""Differences of groups against R `svycontrast` (tests/reference/differences.json), and their limits."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from analysis import difference, share
from analysis.estimate.differences import independent_limits
from survey import Design, QuestionFault, Wave
from tests.analysis.test_estimate_golden import GOLDEN, design_of
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = json.loads((REFERENCE / "differences.json").read_text())["cases"]
Z_OVER_T = 1.959963984540054 / 1.984216951533


def wave_for(design: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"{GOLDEN[design]['file']}.csv.gz")
    more = pd.DataFrame({"yes": (frame["sch.wide"] == "Yes") * 1, "poor": (frame["meals"] > 60) * 1})
    return wave_of(
        pd.concat([frame, more], axis=1),
        question("stype", "single", ("E", "H", "M")),
        question("yes", "binary", ("0", "1")),
        question("poor", "single", ("0", "1")),
        question("api00", "number"),
    )


@pytest.mark.parametrize("design", dict.fromkeys(case["design"] for case in CASES))
def test_differences_and_errors_are_those_of_r(design):
    wave = wave_for(design)
    for case in (c for c in CASES if c["design"] == design):
        found = difference(wave, design_of(design), case["of"], case["by"], against="each")
        ours = only(found, group=case["group"])
        assert math.isclose(ours.estimate, case["estimate"], rel_tol=1e-9, abs_tol=1e-12), (case, ours)
        assert math.isclose(ours.se, case["se"], rel_tol=1e-9, abs_tol=1e-12), (case, ours)
        assert ours.low < ours.estimate < ours.high and 0 <= ours.p <= 1
        assert (ours.p < 0.05) == (ours.low > 0 or ours.high < 0) or 0.02 < ours.p < 0.12


def two_groups() -> Wave:
    rng = np.random.default_rng(5)
    g = np.repeat([1, 2], 100)
    y = (rng.random(200) < np.where(g == 1, 0.3, 0.5)).astype(float)
    return wave_of(
        {"g": g, "y": y, "x": rng.normal(0.3 * g, 1)},
        question("g", "single", ("1", "2")), question("y", "binary", ("0", "1")), question("x", "number"),
    )  # fmt: skip


def test_two_groups_of_a_simple_draw():
    wave = two_groups()
    e = only(difference(wave, Design(), "y", "g", against="each"))
    y, g = wave.frame["y"], wave.frame["g"]
    n = 100 * 199 / 200 * Z_OVER_T**2  # a domain of a draw of 200
    expected = [float(v) for v in independent_limits(y[g == 2].mean() * n, n, y[g == 1].mean() * n, n)]
    assert (e.method, e.n, e.group) == ("independent score", 200, "1:2")
    assert [e.low, e.high] == pytest.approx(expected, abs=1e-9)
    x = wave.frame["x"]
    e = only(difference(wave, Design(), "x", "g", against="each"))
    plain = ttest_ind(x[g == 1], x[g == 2], equal_var=False)
    assert e.method == "t" and e.estimate == pytest.approx(x[g == 1].mean() - x[g == 2].mean())
    assert e.p == pytest.approx(plain.pvalue, rel=0.2)


def test_against_the_rest_is_a_group_against_all_others():
    wave = two_groups()
    rest, other = difference(wave, Design(), "y", "g")
    each = only(difference(wave, Design(), "y", "g", against="each"))
    assert (rest.group, other.group) == ("1", "2")
    assert (rest.estimate, rest.low, rest.high, rest.p) == pytest.approx(
        (each.estimate, each.low, each.high, each.p)
    )
    assert (other.estimate, other.low, other.high) == pytest.approx(
        (-rest.estimate, -rest.high, -rest.low), abs=1e-9
    )


def test_groups_that_share_firms_move_together():
    """Options of a set as groups: 60 firms in both; the same firms in both groups differ by nothing."""
    rng = np.random.default_rng(8)
    frame = {"m_a": np.r_[np.ones(90), np.zeros(10)], "m_b": np.r_[np.zeros(30), np.ones(70)]}
    wave = wave_of(
        frame | {"y": (rng.random(100) < 0.4) * 1.0},
        question("m", "multiple", ("a", "b")), question("y", "binary", ("0", "1")),
    )  # fmt: skip
    e = only(difference(wave, Design(), "y", "m", against="each"))
    a, b = (only(share(wave, Design(), "y", where=f"m = '{c}'"), by="") for c in "ab")
    assert e.method == "hybrid score" and e.n == 160
    assert e.se < 0.75 * math.hypot(a.se, b.se)


def test_a_list_that_all_answered_differs_as_it_differs_and_silence_gives_bounds():
    y = np.r_[np.ones(20), np.zeros(30), np.ones(10), np.zeros(40)]
    columns = {"y": y, "g": np.repeat([1, 2], 50)}
    questions = question("y", "binary", ("0", "1")), question("g", "single", ("1", "2"))
    design = Design(population=(100,), selection="list")
    e = only(difference(wave_of(columns, *questions), design, "y", "g", against="each"))
    assert (e.method, e.low, e.high, e.se) == ("census", 0.2, 0.2, 0.0) or e.low == pytest.approx(0.2)
    assert math.isnan(e.p)
    columns["y"] = np.r_[np.full(10, np.nan), y[10:]]
    e = only(difference(wave_of(columns, *questions), design, "y", "g", against="each"))
    assert e.method == "bounds" and math.isnan(e.p)
    assert (e.low, e.high) == pytest.approx((10 / 50 - 10 / 50, 20 / 50 - 10 / 50))


def test_what_cannot_be_compared_says_so():
    wave = two_groups()
    with pytest.raises(QuestionFault, match="rest, each"):
        difference(wave, Design(), "y", "g", against="all")
    found = difference(wave, Design(), "y", "g", where="g = '1'")
    assert all(e.n == 0 or "empty" in e.flag or math.isnan(e.estimate) for e in found)
    assert all("empty" in e.flag for e in found)


def test_shares_that_the_design_fixes_differ_for_sure():
    """Four strata, two a group, the answer known by the stratum: 40 and 80 percent in every sample."""
    stratum = np.repeat(["a", "b", "c", "d"], [30, 20, 10, 40])
    wave = wave_of(
        {"s": stratum, "y": np.isin(stratum, ["b", "d"]) * 1, "g": np.isin(stratum, ["c", "d"]) * 1},
        question("y", "binary", ("0", "1")),
        question("g", "single", ("0", "1")),
    )
    fixed = only(difference(wave, Design(strata=("s",)), "y", "g", against="each"))
    assert (fixed.low, fixed.high, fixed.se) == (fixed.estimate, fixed.estimate, 0.0)
    assert fixed.estimate == pytest.approx(-0.4) and "fixed by design" in fixed.flag
    free = only(difference(wave, Design(), "y", "g", against="each"))
    assert free.low < -0.5 < fixed.estimate < -0.25 < free.high
