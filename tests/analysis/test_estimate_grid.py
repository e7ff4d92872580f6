"""More designs against R `survey` (tests/reference/grid.R): singletons, made replicates, both centres."""

import gzip
import json
import math
from pathlib import Path

import pytest

from survey import Creation, Design
from tests.analysis.test_estimate_golden import api_wave, ask

REFERENCE = Path(__file__).parents[1] / "reference"
GRID = json.loads(gzip.decompress((REFERENCE / "grid.json.gz").read_bytes()))
DESIGNS = [name for name in GRID if name != "made_by"]


def design_of(name: str) -> Design:
    said = {k: tuple(v) if isinstance(v, list) else v for k, v in GRID[name]["design"].items()}
    if "create" in said:
        said["create"] = Creation(**said["create"])
    return Design(**said)


def read_otherwise(wave, case: dict, ours) -> bool:
    """Whether R reads the curve of a quantile otherwise, in the two ways docs/method/estimates.md names.

    A tie: the share of the smallest value that reaches p is p itself up to rounding, and R goes on to the
    next value. The first step: R reads a share under it as the second value.
    """
    if case["stat"] != "quantile":
        return False
    part = wave.frame[wave.frame["stype"] == case["group"]] if case["by"] else wave.frame
    points = sorted(part["api00"].unique().tolist())
    if case["estimate"] != ours.estimate:
        below = part["api00"] <= ours.estimate
        share = part.loc[below, "pw"].sum() / part["pw"].sum()
        return case["estimate"] == points[points.index(ours.estimate) + 1] and abs(share - 0.9) < 1e-12
    return case["low"] == points[1] and ours.low == points[0]


@pytest.mark.parametrize("name", DESIGNS)
def test_every_statistic_is_that_of_r(name):
    wave, design = api_wave(GRID[name]["file"]), design_of(name)
    is_made = design.create is not None
    compared = otherwise = 0
    for case in GRID[name]["cases"]:
        ours = ask(wave, design, case)
        context = f"{name}: {case}\nours: {ours}"
        if read_otherwise(wave, case, ours):
            otherwise += 1
            continue
        assert math.isclose(ours.estimate, case["estimate"], rel_tol=1e-9), context
        if case["se"] is None or (is_made and case["stat"] == "quantile"):
            continue  # R takes t on the rank of the replicates
        assert math.isclose(ours.se, case["se"], rel_tol=1e-9, abs_tol=1e-9 * abs(case["estimate"])), context
        compared += 1
        if is_made or ours.method not in ("t", "woodruff", "korn-graubard"):
            continue
        assert ours.df == case["df"], context
        for mine, theirs in ((ours.low, case["low"]), (ours.high, case["high"])):
            if theirs is None:
                assert math.isnan(mine), context
            else:
                assert math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9 * abs(case["estimate"])), context
    assert compared >= 28
    assert otherwise <= 2
