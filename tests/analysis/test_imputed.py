"""Combined profiles against closed forms: one 0/1 indicator, where half an event is added to each group."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import logit
from scipy.stats import chi2, norm

from analysis.pressure.firth import fit_firth
from analysis.pressure.imputed import combined_interval, profile_share
from analysis.pressure.jeffreys import logits
from analysis.pressure.limits import profile_interval


def group(events: int, firms: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """30 firms without the indicator, 4 events; `firms` with it."""
    x = np.r_[np.zeros(30), np.ones(firms)]
    return np.c_[np.ones(30 + firms), x], np.r_[np.arange(30) < 4, np.arange(firms) < events].astype(float)


def share(eta: float, events: int, firms: int = 20) -> float:
    """Distribution of the logit of the group with the indicator, in closed form."""
    top = logit((events + 0.5) / (firms + 1))

    def value(at: float) -> float:
        return float((events + 0.5) * at - (firms + 1) * np.logaddexp(0, at))

    return float(norm.cdf(np.sign(eta - top) * np.sqrt(max(0.0, 2 * (value(top) - value(eta))))))


def test_equal_imputations_give_the_profile() -> None:
    X, y = group(6)
    for c in ([0.0, 1.0], [1.0, 1.0]):
        found = combined_interval([(X, y)] * 3, np.array(c), 0.9)
        low, high = profile_interval(X, y, np.array([c]), 0.9)
        np.testing.assert_allclose([found.low, found.high], [low[0], high[0]], atol=1e-8)
        np.testing.assert_allclose(found.estimate, fit_firth(X, y).coefficients @ c, atol=1e-9)


def test_profile_as_a_distribution_has_a_closed_form() -> None:
    X, y = group(6)
    fit = fit_firth(X, y)
    at = np.array([-2.0, -0.5, fit.coefficients.sum(), 0.7, 2.0])
    found = profile_share(logits(X, y), fit.coefficients, fit.penalised, np.array([1.0, 1.0]), at)
    np.testing.assert_allclose(found, [share(v, 6) for v in at], atol=1e-7)
    low, high = profile_interval(X, y, np.array([[1.0, 1.0]]), 0.9)
    ends = profile_share(
        logits(X, y), fit.coefficients, fit.penalised, np.array([1.0, 1.0]), np.r_[low, high]
    )
    np.testing.assert_allclose(ends, [0.05, 0.95], atol=1e-8)
    assert chi2.ppf(0.9, 1) == pytest.approx(norm.ppf(0.95) ** 2)


def test_three_imputations_against_a_search_of_the_closed_form() -> None:
    events = (3, 6, 9)
    found = combined_interval([group(e) for e in events], np.array([1.0, 1.0]), 0.9)
    tops = [logit((e + 0.5) / 21) for e in events]
    assert found.estimate == pytest.approx(np.mean(tops), abs=1e-9)
    for end, tail in ((found.low, 0.05), (found.high, 0.95)):
        wanted = brentq(lambda eta, t=tail: np.mean([share(eta, e) for e in events]) - t, -8, 8, xtol=1e-13)
        assert end == pytest.approx(wanted, abs=1e-8)
    # doubt between imputations widens what one alone would say
    low, high = profile_interval(*group(6), np.array([[1.0, 1.0]]), 0.9)
    assert found.low < low[0] and found.high > high[0]


def test_nothing_imputed_is_refused() -> None:
    with pytest.raises(ValueError, match="no imputation"):
        combined_interval([], np.array([1.0, 1.0]))
