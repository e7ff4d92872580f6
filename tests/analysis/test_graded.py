"""Graded outcomes, weighted fits and ratio tests against R, and two grades against Firth's logit."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.pressure.firth import fit_firth
from analysis.pressure.graded import fit_graded, grades_of
from analysis.pressure.limits import profile_interval, profile_limits, ratio_test

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "graded.json").read_text())
X = np.array(GOLDEN["x"]).reshape(-1, 2)
Y = np.array(GOLDEN["y"], dtype=int)


def test_maximum_likelihood_equals_polr() -> None:
    fit = fit_graded(grades_of(X, Y, 4, penalty=0.0))
    np.testing.assert_allclose(fit.coefficients, GOLDEN["ml"], atol=2e-6)
    np.testing.assert_allclose(fit.penalised, GOLDEN["ml_value"][0], atol=1e-9)


def test_jeffreys_penalty_equals_a_direct_search() -> None:
    fit = fit_graded(grades_of(X, Y, 4))
    np.testing.assert_allclose(fit.penalised, GOLDEN["jeffreys_value"][0], atol=1e-9)
    np.testing.assert_allclose(fit.coefficients, GOLDEN["jeffreys"], atol=2e-5)
    # pulled towards none against maximum likelihood
    assert (np.abs(fit.coefficients[3:]) < np.abs(np.array(GOLDEN["ml"])[3:])).all()


def test_a_separated_grade_stays_finite() -> None:
    x, y = np.array(GOLDEN["separated_x"])[:, None], np.array(GOLDEN["separated_y"], dtype=int)
    np.testing.assert_allclose(fit_graded(grades_of(x, y, 3)).coefficients, GOLDEN["separated"], atol=2e-5)


def test_two_grades_are_firth() -> None:
    event = (Y >= 2).astype(float)
    ones = np.c_[np.ones(len(X)), X]
    two, firth = fit_graded(grades_of(X, event.astype(int), 2)), fit_firth(ones, event)
    np.testing.assert_allclose(two.coefficients, firth.coefficients, atol=1e-9)
    np.testing.assert_allclose(two.covariance, firth.covariance, rtol=1e-7)
    at = np.array([[1.0, 0.5, 0.2], [0.0, 1.0, 0.0]])
    mine = profile_limits(
        grades_of(X, event.astype(int), 2), two.coefficients, two.covariance, two.penalised, at, 0.9
    )
    np.testing.assert_allclose(mine, profile_interval(ones, event, at, 0.9), atol=1e-7)


def test_score_is_the_slope_of_the_likelihood() -> None:
    weights = np.random.default_rng(1).uniform(0.5, 2.0, len(Y))
    likelihood = grades_of(X, Y, 4, weights=weights)
    b, step = np.array([[0.3, -0.5, -1.4, 0.4, 0.1]]), 1e-5
    rise = [
        (likelihood.value(b + step * e) - likelihood.value(b - step * e))[0] / (2 * step) for e in np.eye(5)
    ]
    np.testing.assert_allclose(likelihood.at(b, np.arange(1)).score[0], rise, atol=1e-7)
    np.testing.assert_allclose(likelihood.at(b, np.arange(1)).value, likelihood.value(b), rtol=1e-14)


def test_weights_are_repeated_rows() -> None:
    times = np.random.default_rng(2).integers(0, 3, len(Y))
    one = fit_graded(grades_of(X, Y, 4, weights=times.astype(float)))
    two = fit_graded(grades_of(np.repeat(X, times, axis=0), np.repeat(Y, times), 4))
    np.testing.assert_allclose(one.coefficients, two.coefficients, atol=1e-8)


def test_a_grade_nobody_gave_is_refused() -> None:
    with pytest.raises(ValueError, match="each grade"):
        fit_graded(grades_of(X, np.where(Y == 2, 3, Y), 4))


def test_weighted_firth_limits_and_ratio_tests_equal_r() -> None:
    ones = np.c_[np.ones(len(X)), X, GOLDEN["third"]]
    event, weights = (Y >= 2).astype(float), np.array(GOLDEN["weights"], dtype=float)
    fit = fit_firth(ones, event, weights=weights)
    np.testing.assert_allclose(fit.coefficients, GOLDEN["firth"], rtol=1e-6)
    np.testing.assert_allclose(fit.se, GOLDEN["firth_se"], rtol=1e-6)
    np.testing.assert_allclose(fit.penalised, GOLDEN["firth_value"][0], rtol=1e-11)
    low, high = profile_interval(ones, event, np.eye(4)[1:], 0.9, weights)
    np.testing.assert_allclose(np.c_[low, high].ravel(), GOLDEN["limits"], atol=1e-6)
    one, two = ratio_test(ones, event, [1], weights), ratio_test(ones, event, [1, 2], weights)
    np.testing.assert_allclose([one.statistic, two.statistic], [*GOLDEN["one"], *GOLDEN["two"]], atol=1e-7)
    assert (one.df, two.df) == (1, 2) and one.p < 0.01
    # the limits at 1 - p end at zero: test and interval say the same
    ends = profile_interval(ones, event, np.eye(4)[1:2], 1.0 - one.p, weights)
    assert abs(ends[0][0]) < 1e-7
