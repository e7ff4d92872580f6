"""Weights against R `survey` (tests/reference/weights.json): rake, calibrate, postStratify, and R's glm."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.calibration import calibrate, post_stratify
from survey.raking import rake
from survey.response import propensity

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "weights.json").read_text())
CASES = [name for name, case in GOLDEN.items() if isinstance(case, dict) and "cases" in case]


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv.gz")


def coded(column: pd.Series, margin: str) -> tuple[np.ndarray, np.ndarray]:
    """Codes of a column, and the totals of its margin in the order of the codes."""
    totals = GOLDEN["margins"][margin]
    codes = column.map({name: i for i, name in enumerate(totals)}).to_numpy(dtype=np.int64)
    return codes, np.array(list(totals.values()), dtype=float)


def ours(method: str, frame: pd.DataFrame) -> np.ndarray:
    base = frame["pw"].to_numpy(dtype=float)
    types, type_totals = coded(frame["stype"], "stype")
    wide, wide_totals = coded(frame["sch.wide"], "sch.wide")
    both, both_totals = coded(frame["stype"] + "*" + frame["sch.wide"], "stype*sch.wide")
    columns = np.hstack([np.eye(3)[types], np.eye(2)[wide]])
    totals = np.concatenate([type_totals, wide_totals])
    match method:
        case "rake":
            return rake(base, [types, wide], [type_totals, wide_totals]).weight
        case "post-stratification":
            return post_stratify(base, both, both_totals).weight
        case "linear":
            more = np.column_stack([columns, frame["api99"]])
            return calibrate(base, more, np.append(totals, GOLDEN["margins"]["api99"])).weight
        case "raking":
            return calibrate(base, columns, totals, distance="raking").weight
        case _:
            return calibrate(base, columns, totals, distance="logit", bounds=(0.5, 2.0)).weight


@pytest.mark.parametrize("name", CASES)
def test_weights_are_those_of_r(name):
    case = GOLDEN[name]
    np.testing.assert_allclose(ours(case["method"], table(case["file"])), case["weights"], rtol=1e-9)


def test_raking_and_calibration_by_the_raking_distance_are_one():
    frame = table("api_strat")
    np.testing.assert_allclose(ours("rake", frame), ours("raking", frame), rtol=1e-9)


def test_propensities_are_those_of_glm():
    schools = table("api_srs")
    columns = np.column_stack([np.ones(len(schools)), schools["meals"], schools["api99"]])
    chance = propensity(columns, (schools["sch.wide"] == "Yes").to_numpy())
    np.testing.assert_allclose(chance, GOLDEN["propensity"], rtol=1e-9)


def test_propensities_of_separated_firms_do_not_exist():
    size = np.arange(20.0)
    assert np.isnan(propensity(np.column_stack([np.ones(20), size]), size > 9)).all()
