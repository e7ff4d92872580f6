"""Tails of the hypergeometric distribution against fractions and against scipy's own."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import hypergeom

from analysis.estimate.hypergeometric import at_least, at_most


def test_every_small_case_is_the_sum_of_its_fractions():
    cases = [
        (x, marked, drawn, big)
        for big in (1, 2, 7, 12)
        for drawn in range(big + 1)
        for marked in range(big + 1)
        for x in range(-1, drawn + 2)
    ]
    exact = [
        float(
            sum(
                (Fraction(comb(m, k) * comb(big - m, n - k), comb(big, n)) for k in range(min(x, n) + 1)),
                Fraction(0),
            )
        )
        for x, m, n, big in cases
    ]
    x, *rest = np.array(cases).T
    np.testing.assert_allclose(at_most(x, *rest), exact, atol=1e-13)
    above = at_least(x + 1, *rest)
    np.testing.assert_allclose(above, 1 - np.array(exact), atol=1e-13)


@pytest.mark.parametrize(("largest", "within"), [(100, 1e-12), (3_000, 1e-10), (200_000, 1e-8)])
def test_tails_are_those_of_scipy(largest: int, within: float):
    rng = np.random.default_rng(largest)
    big = rng.integers(1, largest + 1, 500)
    drawn, marked = ((rng.random(500) * (big + 1)).astype(int) for _ in range(2))
    middle = drawn * marked / big
    sd = np.sqrt(middle * (1 - marked / big) * (big - drawn) / np.maximum(big - 1, 1))
    x = np.clip(np.round(middle + 2.5 * sd * rng.standard_normal(500)).astype(int), -1, drawn + 1)
    np.testing.assert_allclose(
        at_most(x, marked, drawn, big), hypergeom.cdf(x, big, marked, drawn), atol=within
    )
    np.testing.assert_allclose(
        at_least(x, marked, drawn, big), hypergeom.sf(x - 1, big, marked, drawn), atol=within
    )
