"""Pooled Wald tests against R mitml (tests/reference/pooled.json)."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.estimate.models.fitting import Fit, fit
from analysis.estimate.models.pooling import pooled_tests
from survey import QuestionFault
from tests.analysis.test_models import PLAIN, firms
from tests.analysis.waves_by_hand import only

CASES = json.loads((Path(__file__).parents[1] / "reference" / "pooled.json").read_text())["cases"]


def made(model: Fit, values: list[float], covariance: list[list[float]], df: float) -> Fit:
    """The model with these coefficients of its last term."""
    k, p = len(values), len(model.solved.parameters)
    whole = np.eye(p)
    whole[-k:, -k:] = covariance
    parameters = np.concatenate([np.zeros(p - k), values])
    return replace(
        model,
        covariance=whole,
        solved=replace(model.solved, parameters=parameters),
        template=replace(model.template, df=df),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"k{c['k']}-m{c['m']}-df{c['df']}")
def test_f_and_its_degrees_of_freedom_are_those_of_mitml(case):
    wave, on = firms(), "sector" if case["k"] == 2 else "size"
    model = fit(wave, PLAIN, "sales", ("home", on))
    df = 1e12 if case["df"] == "inf" else case["df"]
    fits = [made(model, v, c, df) for v, c in zip(case["values"], case["covariances"], strict=True)]
    found = only(pooled_tests(fits), by=on)
    assert found.estimate == pytest.approx(case["F"], rel=1e-9)
    # with t = k (m - 1) above 4 the two formulas meet where the design's df are without end
    assert found.df == pytest.approx(case["v"], rel=1e-9)
    assert 0 < found.p < 1
    assert found.method == f"rubin F on {case['k']}"


def test_imputations_that_agree_leave_the_test_as_it_is():
    model = fit(firms(), PLAIN, "sales", ("home", "sector"))
    for mine, alone in zip(pooled_tests([model, model, model]), model.tests, strict=True):
        assert (mine.estimate, mine.df, mine.p) == pytest.approx((alone.estimate, alone.df, alone.p))


def test_models_of_other_levels_are_refused():
    whole, part = (fit(firms(), PLAIN, "sales", "sector", where=w) for w in ("", "sector != 3"))
    with pytest.raises(QuestionFault, match="models with other columns"):
        pooled_tests([whole, part])
    with pytest.raises(QuestionFault, match="at least two"):
        pooled_tests([whole])


def test_a_test_without_degrees_of_freedom_says_so():
    model = fit(firms(), PLAIN, "sales", "size")
    none = replace(model, template=replace(model.template, df=0.0))
    (found,) = pooled_tests([none, none])
    assert found.flag.endswith("no df") and math.isnan(found.estimate)
