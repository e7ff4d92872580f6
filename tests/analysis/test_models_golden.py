"""Regression under every design against R `survey` (tests/reference/models.json)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimate.models.fitting import fit
from analysis.estimate.models.plain_units import margins
from survey import Design, Wave, Weighted
from survey.design import Creation
from survey.ledger import Ledger
from tests.analysis.test_estimate_golden import design_of
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "models.json").read_text())
CASES = GOLDEN["cases"]
OTHERS = {
    "clus1_nofpc": Design(weight="pw", clusters=("dnum",)),
    "poststratified": Design(weight="pw", clusters=("dnum",), population=("fpc",)),
}
FILES = {
    "srs_fpc": "api_srs", "strat_fpc": "api_strat", "strat_nofpc": "api_strat", "clus1_fpc": "api_clus1",
    "clus1_nofpc": "api_clus1", "clus2_fpc": "api_clus2", "poststratified": "api_clus1", "jk1": "api_clus1",
    "jkn": "api_strat", "fay": "api_pairs", "brr": "api_pairs", "bootstrap": "api_clus1",
}  # fmt: skip
TYPES = {"E": 4421, "H": 755, "M": 1018}


def api_wave(name: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"{FILES[name]}.csv.gz").copy()
    band = np.searchsorted([25, 50, 75], frame["meals"], side="right") + 1
    frame["mealcat"] = band
    numbers = [question(n, "number") for n in ("api00", "enroll", "meals", "acs.k3")]
    wave = wave_of(
        frame,
        question("stype", "single", ("E", "H", "M")),
        question("sch.wide", "binary", ("No", "Yes"), counted="Yes"),
        question("mealcat", "single", ("1", "2", "3", "4")),
        *numbers,
    )
    return poststratified(wave) if name == "poststratified" else wave


def poststratified(wave: Wave) -> Wave:
    """The wave with weights that meet the number of schools of each type."""
    base = wave.frame["pw"].to_numpy(dtype=float)
    columns = np.column_stack([(wave.frame["stype"] == code).to_numpy(dtype=float) for code in TYPES])
    weight = base * (columns @ (np.array(list(TYPES.values())) / (base @ columns)))
    made = Weighted(
        weight, base, columns, np.zeros((len(base), 0)), "post-stratification", (), 1, (), Ledger(()), ()
    )
    return Wave(wave.name, wave.frame, wave.codebook, wave.origin, weighted=made)


def fitted(case: dict):
    name = case["design"]
    design = OTHERS[name] if name in OTHERS else design_of(name)
    target = "firms" if design.population else "mechanism"
    return fit(
        api_wave(name),
        design,
        case["of"],
        case["on"],
        family=case["family"],
        where=case["where"],
        target=target,
    )


def label(case: dict) -> str:
    return f"{case['design']}-{case['family']}-{'+'.join(case['on'])}-{case['where']}"


@pytest.mark.parametrize("case", CASES, ids=label)
def test_coefficients_and_errors_are_those_of_r(case):
    found = fitted(case)
    rows = [e for e in found.coefficients if "reference" not in e.flag and "empty" not in e.flag]
    assert [e.estimate for e in rows] == pytest.approx(case["estimate"], rel=1e-6, abs=1e-9)
    assert [e.se for e in rows] == pytest.approx(case["se"], rel=1e-6)
    assert found.covariance == pytest.approx(
        np.array(case["vcov"]), rel=1e-6, abs=1e-6 * min(case["se"]) ** 2
    )
    assert {e.df for e in rows} == {case["df"]}
    if case["wald"]["term"]:
        assert [t.by for t in found.tests] == case["wald"]["term"]
        assert [t.estimate for t in found.tests] == pytest.approx(case["wald"]["F"], rel=1e-6)
        assert [t.p for t in found.tests] == pytest.approx(case["wald"]["p"], rel=1e-5, abs=1e-300)


@pytest.mark.parametrize("case", [c for c in CASES if c["units"]], ids=label)
def test_margins_in_plain_units_are_those_of_the_joint_linearisation_or_of_replicates(case):
    said, found = case["units"], margins(fitted(case))
    place = {name: i for i, name in enumerate(said["name"])}
    covariance = np.array(said["vcov"])
    slope = only(found, by="meals", stat="margin")
    at = place["meals:"]
    assert (slope.estimate, slope.se) == pytest.approx(
        (said["value"][at], covariance[at, at] ** 0.5), rel=1e-6
    )
    first = place["stype:E"]
    for code in ("E", "H", "M"):
        at = place[f"stype:{code}"]
        there = only(found, by="stype", group=code, stat="predicted")
        assert (there.estimate, there.se) == pytest.approx(
            (said["value"][at], covariance[at, at] ** 0.5), rel=1e-6
        )
        assert there.low < there.estimate < there.high
        if code == "E":
            continue
        apart = only(found, by="stype", group=code, stat="margin")
        spread = (covariance[at, at] + covariance[first, first] - 2 * covariance[at, first]) ** 0.5
        assert apart.estimate == pytest.approx(said["value"][at] - said["value"][first], rel=1e-6)
        assert apart.se == pytest.approx(spread, rel=1e-6)


def test_predicted_means_are_those_of_svypredmeans_and_errors_near_its_own():
    """R adds the variances of coefficients and of means and leaves out their covariance."""
    wave, said = api_wave("strat_nofpc"), GOLDEN["predmeans"]
    found = margins(fit(wave, design_of("strat_nofpc"), "api00", ("meals", "stype")))
    for level, estimate, se in zip(said["level"], said["estimate"], said["se"], strict=True):
        ours = only(found, group=level, stat="predicted")
        assert ours.estimate == pytest.approx(estimate, rel=1e-6)
        assert ours.se == pytest.approx(se, rel=0.05)
        assert ours.se != pytest.approx(se, rel=1e-9)


def test_svyolr_itself_agrees_as_far_as_its_search_goes():
    case = next(c for c in CASES if "svyolr" in c)
    rows = [e for e in fitted(case).coefficients if e.flag != "reference"]
    scale = np.array([1, 1, 100, 1, 1, 1])  # R was given api00 in hundreds
    assert np.array([e.estimate for e in rows]) * scale == pytest.approx(case["svyolr"]["coef"], rel=1e-4)
    assert np.array([e.se for e in rows]) * scale == pytest.approx(case["svyolr"]["se"], rel=1e-3)
    assert rows[0].df == case["svyolr"]["df"]


def test_replicates_side_with_the_joint_linearisation_and_not_with_svypredmeans():
    wave, on = api_wave("strat_nofpc"), ("meals", "stype")
    made = Design(weight="pw", strata=("stype",), create=Creation("jkn"))
    ours, jackknife = (
        {e.group: e.se for e in margins(fit(wave, d, "api00", on)) if e.stat == "predicted"}
        for d in (design_of("strat_nofpc"), made)
    )
    said = dict(zip(GOLDEN["predmeans"]["level"], GOLDEN["predmeans"]["se"], strict=True))
    for level in ("H", "M"):
        assert abs(ours[level] / jackknife[level] - 1) < 0.002
        assert abs(said[level] / jackknife[level] - 1) > 0.015
