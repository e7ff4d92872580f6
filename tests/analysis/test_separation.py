"""Separation found row by row is what one programme over all rows finds, and names no more than is needed."""

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.estimate.models import separation
from analysis.estimate.models.fitting import fit
from survey import QuestionFault
from tests.analysis.test_models import PLAIN, firms


def test_few_rows_at_a_time_decide_as_all_rows_at_once(monkeypatch):
    monkeypatch.setattr(separation, "_ROWS", 4)
    rng, found = np.random.default_rng(0), 0
    for _ in range(120):
        p = int(rng.integers(1, 5))
        a = rng.integers(-2, 3, (int(rng.integers(1, 30)), p)).astype(float)
        if rng.random() < 0.5:
            a *= np.where(a @ rng.integers(-1, 2, p) < 0, -1, 1)[:, None]
        b = rng.integers(-1, 2, (int(rng.integers(0, 2)), p)).astype(float)
        equal = {"A_eq": b, "b_eq": np.zeros(len(b))} if len(b) else {}
        whole = linprog(-a.sum(axis=0), A_ub=-a, b_ub=np.zeros(len(a)), bounds=(-1, 1), **equal)
        d = separation.improving_direction(a, b, np.ones(p, dtype=bool))
        assert (d is not None) == (-whole.fun > 1e-6)
        if d is not None:
            found += 1
            assert (a @ d).min() > -1e-7 and (a @ d).max() > 1e-7
            assert np.abs(b @ d).max(initial=0.0) < 1e-9
    assert 30 < found < 90


def test_only_the_predictors_that_are_needed_are_named():
    wave = firms()
    sure = np.where(wave.frame["size"] + 20 * wave.frame["home"] > 55, 1, 2)
    with pytest.raises(QuestionFault) as caught:
        fit(firms(chose=sure), PLAIN, "chose", ("sector", "size", "us", "home"), family="logit", event="1")
    assert caught.value.where == "predictors of 'chose': size, home = 1"


def test_some_answers_foretold_are_enough():
    """Quasi-complete: above 60 all say yes, below both occur."""
    wave = firms()
    half = wave.frame["chose"].mask(wave.frame["size"] > 60, 1)
    over = (wave.frame["size"] > 60).astype(float) * (wave.frame["size"] - 60)
    with pytest.raises(QuestionFault, match="perfect separation"):
        fit(firms(chose=half, twin=over), PLAIN, "chose", "twin", family="logit", event="1")
    assert fit(firms(chose=half), PLAIN, "chose", "size", family="logit", event="1").template.n == 240
