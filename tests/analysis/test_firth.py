"""Firth, FLIC, FLAC and profile limits against R, published check values and closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import chi2

from analysis.pressure.firth import fit_firth, penalised_terms
from analysis.pressure.flic import correct_intercept, fit_flac
from analysis.pressure.limits import coefficient_interval, linear_predictor_interval

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "firth.json").read_text())
CASES = [pytest.param(case, id=case["name"]) for case in GOLDEN["cases"]]

# brglm2 stops by its own criterion; under complete separation its last digits are its, not ours
R_TOLERANCE = 1e-8

X7 = np.c_[np.ones(12), np.r_[np.zeros(5), np.ones(7)]]
Y7 = np.r_[np.zeros(5), np.ones(3), np.zeros(4)]


def design(case: dict) -> tuple[np.ndarray, np.ndarray]:
    x = np.array(case["x"])
    return np.c_[np.ones(len(x)), x], np.array(case["y"], dtype=float)


def test_published_check_values() -> None:
    fit = fit_firth(X7, Y7)
    np.testing.assert_allclose(fit.coefficients, [np.log(1 / 11), np.log(7 / 9) + np.log(11)], atol=1e-10)
    np.testing.assert_allclose(fit.penalised, -5.425855526, atol=1e-9)
    np.testing.assert_allclose(fit.se, [1.6180797, 1.7884856], atol=1e-7)
    np.testing.assert_allclose(
        fit_firth(X7, Y7, information="augmented").se, [1.4770979, 1.6400472], atol=1e-7
    )
    np.testing.assert_allclose(fit.fitted.mean(), 0.28993, atol=1e-5)
    np.testing.assert_allclose(fit.hat.sum(), 2.0, atol=1e-12)
    offset = X7[:, 1] * fit.coefficients[1]
    intercept = correct_intercept(offset, Y7)
    np.testing.assert_allclose(intercept, -2.633196211, atol=1e-9)
    np.testing.assert_allclose(expit(intercept + offset).mean(), 0.25, atol=1e-15)
    flac = fit_flac(X7, Y7)
    np.testing.assert_allclose(
        [*flac.coefficients, flac.added], [-2.8634260, 2.4161394, 1.6553563], atol=1e-7
    )
    np.testing.assert_allclose(coefficient_interval(X7, Y7, 1, 0.95), [-0.533791, 7.148748], atol=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_equals_brglm2(case: dict) -> None:
    X, y = design(case)
    fit = fit_firth(X, y)
    np.testing.assert_allclose(fit.coefficients, case["coefficients"], rtol=R_TOLERANCE)
    np.testing.assert_allclose(fit.se, case["se"], rtol=R_TOLERANCE)
    np.testing.assert_allclose(fit.penalised, case["penalised"][0], rtol=1e-12)
    augmented = fit_firth(X, y, information="augmented")
    np.testing.assert_allclose(augmented.se, case["se_augmented"], rtol=R_TOLERANCE)
    flic = correct_intercept(X[:, 1] * fit.coefficients[1], y)
    np.testing.assert_allclose(flic, case["flic"], rtol=R_TOLERANCE)
    flac = fit_flac(X, y)
    np.testing.assert_allclose([*flac.coefficients, flac.added], case["flac"], rtol=R_TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_profile_limits_equal_a_direct_search(case: dict) -> None:
    X, y = design(case)
    low, high = linear_predictor_interval(X, y, np.c_[np.ones(len(case["at"])), case["at"]], 0.90)
    np.testing.assert_allclose(low, case["low"], rtol=1e-6)
    np.testing.assert_allclose(high, case["high"], rtol=1e-6)


counts = st.tuples(st.integers(1, 30), st.integers(1, 30), st.data())


@settings(max_examples=40, deadline=None)
@given(counts)
def test_two_groups_have_a_closed_form(drawn: tuple) -> None:
    """With one 0/1 indicator Firth adds half an event and half a non-event to each group."""
    n0, n1, data = drawn
    e0, e1 = data.draw(st.integers(0, n0)), data.draw(st.integers(0, n1))
    x = np.r_[np.zeros(n0), np.ones(n1)]
    y = np.r_[np.arange(n0) < e0, np.arange(n1) < e1].astype(float)
    X = np.c_[np.ones(n0 + n1), x]
    a0, a1 = logit((e0 + 0.5) / (n0 + 1)), logit((e1 + 0.5) / (n1 + 1))
    np.testing.assert_allclose(fit_firth(X, y).coefficients, [a0, a1 - a0], atol=1e-8)

    def drop(eta: float) -> float:
        value = (e1 + 0.5) * eta - (n1 + 1) * np.logaddexp(0, eta)
        top = (e1 + 0.5) * a1 - (n1 + 1) * np.logaddexp(0, a1)
        return float(2 * (top - value) - chi2.ppf(0.90, 1))

    low, high = linear_predictor_interval(X, y, np.array([[1.0, 1.0]]), 0.90)
    np.testing.assert_allclose(low[0], brentq(drop, a1 - 200, a1), rtol=1e-7)
    np.testing.assert_allclose(high[0], brentq(drop, a1, a1 + 200), rtol=1e-7)


def test_score_is_the_slope_of_the_penalised_likelihood() -> None:
    X, y = design(GOLDEN["cases"][0])
    b = np.array([-1.0, 2.0])
    step = 1e-6
    rise = [
        (
            penalised_terms((b + step * e)[None], X, y).value
            - penalised_terms((b - step * e)[None], X, y).value
        )[0]
        for e in np.eye(2)
    ]
    np.testing.assert_allclose(
        np.array(rise) / (2 * step), penalised_terms(b[None], X, y).score[0], rtol=1e-6
    )


def test_units_and_order_do_not_matter() -> None:
    X, y = design(GOLDEN["cases"][0])
    fit = fit_firth(X, y)
    order = np.random.default_rng(5).permutation(len(y))
    moved = np.c_[np.ones(len(y)), 1000.0 * X[:, 1] - 7.0][order]
    again = fit_firth(moved, y[order])
    np.testing.assert_allclose(again.fitted, fit.fitted[order], rtol=1e-9)
    new = np.array([[1.0, 0.3], [1.0, 0.0]])
    low, high = linear_predictor_interval(X, y, new)
    low2, high2 = linear_predictor_interval(moved, y[order], np.c_[np.ones(2), 1000.0 * new[:, 1] - 7.0])
    np.testing.assert_allclose([low2, high2], [low, high], rtol=1e-7)


def test_frequency_weights_equal_repeated_rows() -> None:
    X, y = design(GOLDEN["cases"][0])
    times = np.random.default_rng(6).integers(0, 3, len(y))
    weighted = fit_firth(X, y, weights=times.astype(float))
    repeated = fit_firth(np.repeat(X, times, axis=0), np.repeat(y, times))
    np.testing.assert_allclose(weighted.coefficients, repeated.coefficients, rtol=1e-9)
    np.testing.assert_allclose(weighted.covariance, repeated.covariance, rtol=1e-8)


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        (np.ones((6, 2)), np.array([0.0, 1, 0, 1, 0, 1]), "collinear"),
        (X7, np.full(12, 2.0), "0 and 1"),
    ],
)
def test_what_cannot_be_fitted_says_so(X: np.ndarray, y: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fit_firth(X, y)


def test_flic_needs_an_event_and_a_non_event() -> None:
    with pytest.raises(ValueError, match="infinite"):
        correct_intercept(np.zeros(4), np.ones(4))
