"""Every estimator under every design against R `survey` (tests/reference/estimates.json)."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.estimate.describe import mean, quantile, ratio, share, total
from survey import Design, Wave
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "estimates.json").read_text())
DESIGNS = [name for name in GOLDEN if name != "made_by"]
CLOSE = {"rel_tol": 1e-9, "abs_tol": 1e-12}


def api_wave(file: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"{file}.csv.gz")
    numbers = [question(n, "number") for n in ("api00", "enroll", "api.stu", "meals", "acs.k3", "dnum")]
    types = question("stype", "single", ("E", "H", "M"))
    return wave_of(frame, types, question("sch.wide", "binary", ("No", "Yes"), counted="Yes"), *numbers)


def design_of(name: str) -> Design:
    said = {k: tuple(v) if isinstance(v, list) else v for k, v in GOLDEN[name]["design"].items()}
    return Design(**said)


def ask(wave: Wave, design: Design, case: dict):
    asking = {"by": (case["by"],) if case["by"] else (), "where": case["where"]}
    match case["stat"]:
        case "mean":
            found = mean(wave, design, case["of"], **asking)
        case "total":
            found = total(wave, design, case["of"] or None, **asking)
        case "ratio":
            found = ratio(wave, design, case["of"], case["over"], **asking)
        case "quantile":
            found = quantile(wave, design, case["of"], float(case["option"]), **asking)
        case _:
            found = share(wave, design, case["of"], **asking)
    return only(found, option=case["option"], by=case["by"], group=case["group"])


def second_smallest(wave: Wave, case: dict) -> bool:
    """Whether R reads a share under the first step of the curve as the second value, not the first.

    `survey:::qs` starts at position 1 where no cumulative share is at or below p, and steps on; the
    smallest value whose share reaches p, which is what `qrule = "math"` says, is the first.
    """
    inside = wave.frame["stype"] == case["group"] if case["by"] else slice(None)
    values = wave.frame.loc[inside, case["of"]].dropna().sort_values().tolist()
    return case["low"] == values[1]


@pytest.mark.parametrize("name", DESIGNS)
def test_estimates_and_standard_errors_are_those_of_r(name):
    wave, design = api_wave(GOLDEN[name]["file"]), design_of(name)
    for case in GOLDEN[name]["cases"]:
        ours = ask(wave, design, case)
        context = f"{name}: {case}\nours: {ours}"
        assert math.isclose(ours.estimate, case["estimate"], **CLOSE), context
        if ours.stat == "quantile" and second_smallest(wave, case):
            continue
        if case["se"] is not None:
            # R reports rounding noise where the spread is zero
            assert math.isclose(ours.se, case["se"], rel_tol=1e-9, abs_tol=1e-9 * abs(case["estimate"])), (
                context
            )
        else:
            assert math.isnan(ours.se), context


@pytest.mark.parametrize("name", DESIGNS)
def test_limits_df_and_design_effects_are_those_of_r(name):
    wave, design = api_wave(GOLDEN[name]["file"]), design_of(name)
    compared = 0
    for case in GOLDEN[name]["cases"]:
        ours = ask(wave, design, case)
        context = f"{name}: {case}\nours: {ours}"
        assert ours.df == case["df"], context
        if ours.method == "korn-graubard truncated":
            assert ours.low < case["low"] and ours.high > case["high"] and ours.deff < 1, context
            continue
        if ours.method not in ("t", "woodruff", "korn-graubard"):
            assert ours.method in ("hypergeometric", "clopper-pearson"), context
            continue
        if ours.stat == "quantile" and second_smallest(wave, case):
            assert ours.low < case["low"], context
            continue
        for mine, theirs in ((ours.low, case["low"]), (ours.high, case["high"])):
            if theirs is None:
                assert math.isnan(mine), context
            else:
                assert math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9 * abs(case["estimate"])), context
                compared += 1
        if case["deff"] is not None:
            assert math.isclose(ours.deff, case["deff"], rel_tol=1e-9), context
    assert compared > 60


def test_the_handbook_value_of_the_total_enrolment():
    """method_sources 9: 114641.7, Taylor and JKn alike."""
    strat = api_wave("api_strat")
    for name in ("strat_fpc", "jkn"):
        ours = only(total(strat, design_of(name), "enroll"), by="")
        assert ours.se == pytest.approx(114641.7, abs=0.05)


def test_weights_follow_from_populations():
    """Without a weight column the weight is the product of N/n over the stages."""
    wave = api_wave("api_clus2")
    given = Design(weight="pw", clusters=("dnum", "snum"), population=("fpc1", "fpc2"))
    derived = Design(clusters=("dnum", "snum"), population=("fpc1", "fpc2"))
    one = only(mean(wave, given, "api00"), by="")
    two = only(mean(wave, derived, "api00"), by="")
    assert one.estimate == pytest.approx(two.estimate, rel=1e-6)
    assert one.se == pytest.approx(two.se, rel=1e-6)
