"""Limits against published check values, closed forms, and exact coverage."""

import numpy as np
import pytest
from scipy.stats import binomtest, hypergeom

from analysis.estimate.intervals import (
    assumption_free_bounds,
    clopper_pearson,
    hypergeometric_limits,
    korn_graubard,
    student_limits,
)


def test_korn_graubard_check_values():
    """12 of 96 of 100, with and without fpc (R survey 4.1.1, svyciprop method beta)."""
    p = 12 / 96
    whole = p * (1 - p) / 95
    low, high = korn_graubard(p, [0.04 * whole, whole], 96, 95)
    assert low == pytest.approx([0.1119573, 0.0660267], abs=5e-8)
    assert high == pytest.approx([0.1389751, 0.2086985], abs=5e-8)


def test_korn_graubard_is_undefined_without_doubt_or_df():
    low, high = korn_graubard([0.0, 1.0, 0.5, 0.5], [0.0, 0.0, 0.0, 0.01], 20, [10, 10, 10, 0])
    assert np.isnan(low).all() and np.isnan(high).all()


def test_hypergeometric_headline():
    """12 of 96 of 100: 12 to 14, with the tail probabilities of method_sources 8."""
    assert [float(v) for v in hypergeometric_limits(12, 96, 100)] == [0.12, 0.14]
    assert hypergeom.cdf(12, 100, 14, 96) == pytest.approx(0.0931, abs=5e-5)
    assert hypergeom.cdf(12, 100, 15, 96) == pytest.approx(0.0102, abs=5e-5)


@pytest.mark.parametrize(
    ("n", "population", "level"), [(7, 19, 0.95), (18, 19, 0.9), (30, 50, 0.5), (1, 9, 0.95)]
)
def test_hypergeometric_limits_are_the_inverted_test(n, population, level):
    """Against the definition, every x and every K one by one."""
    x = np.arange(n + 1)
    low, high = hypergeometric_limits(x, n, population, level)
    for i in x:
        kept = [
            k
            for k in range(i, population - (n - i) + 1)
            if hypergeom.sf(i - 1, population, k, n) > (1 - level) / 2
            and hypergeom.cdf(i, population, k, n) > (1 - level) / 2
        ]
        assert (low[i] * population, high[i] * population) == pytest.approx((min(kept), max(kept)))


@pytest.mark.parametrize(("n", "population"), [(40, 60), (96, 100), (12, 300)])
def test_hypergeometric_limits_cover_exactly(n, population):
    """Coverage summed over all outcomes, for every possible truth, is at least its level."""
    x = np.arange(n + 1)
    low, high = hypergeometric_limits(x, n, population)
    truth = np.arange(population + 1)
    inside = (low[:, None] * population <= truth + 1e-9) & (high[:, None] * population >= truth - 1e-9)
    chance = hypergeom.pmf(x[:, None], population, truth, n)
    coverage = (chance * inside).sum(axis=0)
    assert coverage.min() >= 0.95
    assert coverage.mean() < 0.999


def test_clopper_pearson_is_scipys_exact_interval():
    for x, n in ((0, 11), (3, 11), (11, 11), (250, 1000)):
        ours = [float(v) for v in clopper_pearson(x, n, 0.9)]
        assert ours == pytest.approx(list(binomtest(x, n).proportion_ci(0.9, "exact")), rel=1e-9, abs=1e-12)


def test_bounds_and_t():
    assert [float(v) for v in assumption_free_bounds(44, 74, 100)] == [0.44, 0.70]
    low, high = student_limits([1.0, 1.0], [0.5, 0.5], [10, 0])
    assert high[0] == pytest.approx(1 + 0.5 * 2.2281388519649385, rel=1e-9)
    assert np.isnan(low[1]) and np.isnan(high[1])


def test_korn_graubard_covers_in_a_stratified_draw():
    """400 seeded draws of 60 + 20 from 600 + 100 firms: coverage of 95 percent limits."""
    draws, sizes, took = 400, np.array([600, 100]), np.array([60, 20])
    rng = np.random.default_rng(4)
    shares = sizes / sizes.sum()
    yes = np.array([90, 40])
    truth = yes.sum() / sizes.sum()
    x = np.column_stack([rng.hypergeometric(yes[h], sizes[h] - yes[h], took[h], draws) for h in (0, 1)])
    p_h = x / took
    p = p_h @ shares
    variance = (p_h * (1 - p_h) / (took - 1) * (1 - took / sizes)) @ shares**2
    low, high = korn_graubard(p, variance, took.sum(), took.sum() - 2)
    coverage = ((low <= truth) & (truth <= high)).mean()
    assert 0.93 <= coverage <= 0.995
