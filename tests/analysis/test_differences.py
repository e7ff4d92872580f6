"""Score limits of differences: published tables, their own equations, and how often they hold."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

from analysis import overlap_bounds, paired_difference
from analysis.estimate.differences import (
    hybrid_limits,
    independent_limits,
    independent_p,
    paired_limits,
    paired_p,
    wilson_limits,
)

NEWCOMBE = [
    # Newcombe, Statistics in Medicine 17:873 (1998), table II: x1, n1, x2, n2, method 6 (Miettinen and
    # Nurminen), method 10 (Wilson's limits squared and added)
    (56, 70, 48, 80, (0.0528, 0.3382), (0.0524, 0.3339)),
    (9, 10, 3, 10, (0.1700, 0.8406), (0.1705, 0.8090)),
    (10, 10, 0, 20, (0.7156, 1.0000), (0.6791, 1.0000)),
    (10, 10, 0, 10, (0.6636, 1.0000), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "method6", "method10"), NEWCOMBE)
def test_independent_limits_are_those_of_the_published_table(x1, n1, x2, n2, method6, method10):
    assert independent_limits(x2, n2, x1, n1) == pytest.approx(method6, abs=5e-5)
    assert hybrid_limits(x2 / n2, n2, x1 / n1, n1, 0.0) == pytest.approx(method10, abs=5e-5)


def test_independent_limits_solve_their_equation():
    """At a limit the score, its shares found by search and not in closed form, is the normal quantile."""
    x1, n1, x2, n2 = 7, 40, 19, 55

    def score(d: float) -> float:
        def unlikely(p: float) -> float:
            return -(x2 * np.log(p) + (n2 - x2) * np.log(1 - p)
                     + x1 * np.log(p - d) + (n1 - x1) * np.log(1 - p + d))  # fmt: skip

        ends = (max(d, 0) + 1e-9, min(1 + d, 1) - 1e-9)
        p = minimize_scalar(unlikely, bounds=ends, method="bounded", options={"xatol": 1e-12}).x
        variance = (p * (1 - p) / n2 + (p - d) * (1 - p + d) / n1) * (n1 + n2) / (n1 + n2 - 1)
        return (x2 / n2 - x1 / n1 - d) / np.sqrt(variance)

    low, high = independent_limits(x1, n1, x2, n2)
    assert score(float(low)) == pytest.approx(norm.ppf(0.975), abs=1e-5)
    assert score(float(high)) == pytest.approx(-norm.ppf(0.975), abs=1e-5)


def scalar_search(b: float, c: float, n: float) -> tuple[float, float]:
    """Tango's limits (Statistics in Medicine 17:891, equations 3 and 9) by a root search of its own."""
    z = norm.ppf(0.975)

    def excess(d: float) -> float:
        slope = -b - c + (2 * n - b + c) * d
        q = (np.sqrt(max(slope**2 + 8 * n * c * d * (1 - d), 0.0)) - slope) / (4 * n)
        gap = b - c - n * d
        return gap - np.sign(gap) * z * np.sqrt(max(n * (2 * q + d * (1 - d)), 0.0))

    estimate, tiny = (b - c) / n, 1e-12
    low = -1.0 if b - c <= -n else brentq(excess, -1.0, estimate - tiny, xtol=1e-14)
    high = 1.0 if b - c >= n else brentq(excess, estimate + tiny, 1.0, xtol=1e-14)
    return low, high


@pytest.mark.parametrize(
    ("b", "c", "n"), [(32, 13, 50), (0, 0, 36), (5, 0, 36), (0, 7, 20), (12.4, 3.3, 61.7), (9, 0, 9)]
)
def test_paired_limits_are_those_of_the_scalar_search(b, c, n):
    estimate, low, high = paired_difference(b, c, n)
    assert (low, high) == pytest.approx(scalar_search(b, c, n), abs=1e-9)
    assert paired_limits(b, c, n) == pytest.approx((low, high), abs=1e-12)
    assert low <= estimate <= high


def test_paired_limits_of_a_table_at_once_are_those_one_by_one():
    b, c = np.arange(10.0), np.arange(10.0)[::-1]
    low, high = paired_limits(b, c, 30.0)
    for j in range(10):
        assert [low[j], high[j]] == pytest.approx([float(v) for v in paired_limits(b[j], c[j], 30.0)])


def test_us_rules_against_chinese_rules_in_2021_whatever_the_overlap():
    """44 and 25 of 74 firms: +25.7 points, above zero for every overlap from 0 to 25."""
    found = overlap_bounds(44, 25, 74)
    assert found["estimate"] == pytest.approx(19 / 74)
    assert (found["least"], found["most"]) == (0, 25)
    assert found["low"] == pytest.approx(0.0370, abs=5e-5) and found["high"] == pytest.approx(
        0.4521, abs=5e-5
    )
    assert found["narrow_low"] == pytest.approx(0.1710, abs=5e-5)
    assert found["narrow_high"] == pytest.approx(0.3665, abs=5e-5)
    with pytest.raises(ValueError, match="counts run from 0 to n"):
        overlap_bounds(75, 25, 74)


def test_p_values_agree_with_the_limits():
    """At the level 1 - p one limit of the interval is zero."""
    b, c, n = 14.0, 5.0, 60.0
    p = float(paired_p(b, c))
    assert paired_limits(b, c, n, 1 - p)[0] == pytest.approx(0.0, abs=1e-9)
    p = float(independent_p(0.2, 50, 0.4, 60))
    assert p == pytest.approx(
        float(2 * norm.sf(0.2 / np.sqrt(34 / 110 * 76 / 110 * (1 / 50 + 1 / 60)))), rel=1e-12
    )
    assert float(paired_p(0, 0)) == 1.0


def test_wilson_limits_of_a_textbook():
    """15 of 148: 0.0624 to 0.1605 (Newcombe 1998, Statistics in Medicine 17:857, table I)."""
    assert wilson_limits(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_limits(0.0, 20)[0] == 0.0


def test_limits_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(20211215)
    n, overlap, runs = 80, 50, 4000
    base = rng.random((runs, n + n - overlap))
    first = base < 0.3
    kept = rng.random(base.shape) < 0.7
    second = np.where(kept, first, rng.random(base.shape) < 0.5)
    truth = (0.7 * 0.3 + 0.3 * 0.5) - 0.3
    x, y = first[:, :n].astype(float), second[:, n - overlap :].astype(float)
    p1, p2 = x.mean(axis=1), y.mean(axis=1)
    a, b = x[:, n - overlap :], y[:, :overlap]
    cov = (
        ((a - a.mean(1, keepdims=True)) * (b - b.mean(1, keepdims=True))).sum(1)
        / (overlap - 1)
        * overlap
        / n**2
    )
    r = cov / np.sqrt(p1 * (1 - p1) * p2 * (1 - p2) / n**2)
    low, high = hybrid_limits(p1, n, p2, n, r)
    assert 0.935 < ((low <= truth) & (truth <= high)).mean() < 0.965
    low, high = paired_limits((b * (1 - a)).sum(1), (a * (1 - b)).sum(1), float(overlap))
    assert 0.935 < ((low <= truth) & (truth <= high)).mean() < 0.97
