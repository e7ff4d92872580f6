"""Shares, quantiles, means and totals under calibrated weights, linearised and by replicates, against R."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from survey import Creation, Design, Study, weigh
from tests.analysis.test_estimate_golden import api_wave, ask

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "calibrated.json").read_text())


@pytest.mark.parametrize("name", [name for name in GOLDEN if name != "made_by"])
def test_every_statistic_is_that_of_r(name, tmp_path):
    said = {k: tuple(v) if isinstance(v, list) else v for k, v in GOLDEN[name]["design"].items()}
    if "create" in said:
        said["create"] = Creation(**said["create"])
    design = Design(**said)
    rows = ["margin,category,total,source,date"]
    rows += [
        f"stype,{code},{n},apipop of R survey,1999" for code, n in (("E", 4421), ("H", 755), ("M", 1018))
    ]
    (tmp_path / "margins.csv").write_text("\n".join(rows) + "\n")
    weights = {"weights": {"margins": "margins.csv", "method": "post-stratification"}}
    study = Study("api", tmp_path, {}, ("en",), False, None, None, (), design, weights)
    wave = api_wave(GOLDEN[name]["file"])
    wave = replace(wave, weighted=weigh(wave, study))
    assert len(GOLDEN[name]["cases"]) == 8
    for case in GOLDEN[name]["cases"]:
        ours = ask(wave, design, case)
        context = f"{name}: {case}\nours: {ours}"
        assert math.isclose(ours.estimate, case["estimate"], rel_tol=1e-9), context
        if design.create is not None and case["stat"] == "quantile":
            continue  # R takes t on the rank of the replicates, here and in limits
        assert math.isclose(ours.se, case["se"], rel_tol=1e-9), context
        if design.create is not None:
            continue
        for mine, theirs in ((ours.low, case["low"]), (ours.high, case["high"])):
            assert math.isclose(mine, theirs, rel_tol=1e-9), context
