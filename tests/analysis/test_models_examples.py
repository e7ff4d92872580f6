"""The examples of R's help pages on svyglm, regTermTest and svyolr (tests/reference/models_examples.json)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.estimate.models.fitting import fit
from survey import Design, Wave
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = json.loads((REFERENCE / "models_examples.json").read_text())["cases"]
DESIGNS = {
    "strat": Design(weight="pw", strata=("stype",), population=("fpc",)),
    "clus1": Design(weight="pw", clusters=("dnum",), population=("fpc",)),
    "clus2": Design(weight="pw", clusters=("dnum", "snum")),
}


def sample(name: str) -> Wave:
    frame = pd.read_csv(REFERENCE / "models_examples.csv.gz")
    frame = frame[frame["sample"] == name].reset_index(drop=True)
    band = pd.cut(frame["meals"], [0, 25, 50, 75, 100], labels=["1", "2", "3", "4"])
    numbers = ("api00", "api99", "ell", "meals", "mobility", "avg.ed")
    return wave_of(
        frame.assign(mealcat=band.astype(object)),
        question("stype", "single", ("E", "H", "M")),
        question("sch.wide", "binary", ("No", "Yes"), counted="Yes"),
        question("mealcat", "single", ("1", "2", "3", "4")),
        *(question(n, "number") for n in numbers),
    )


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_examples_of_r(case):
    found = fit(
        sample(case["sample"]), DESIGNS[case["sample"]], case["of"], case["on"], family=case["family"],
        target=case["target"],
    )  # fmt: skip
    rows = [e for e in found.coefficients if "reference" not in e.flag]
    # svyolr takes its errors from a numerical Hessian
    exact = case["family"] != "proportional_odds"
    assert [e.estimate for e in rows] == pytest.approx(case["estimate"], rel=1e-6 if exact else 1e-4)
    assert [e.se for e in rows] == pytest.approx(case["se"], rel=1e-6 if exact else 1e-3)
    assert {e.df for e in rows} == {case["df"]}
    if case["test"]:
        test = only(found.tests, by=case["on"][0])
        assert (test.estimate, test.p) == pytest.approx((case["test"]["F"], case["test"]["p"]), rel=1e-6)
