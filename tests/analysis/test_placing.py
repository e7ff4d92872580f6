"""One firm's tier with another figure is that of the whole order worked out anew."""

import numpy as np
import pytest

from analysis.pressure.jointly import joint_bands
from analysis.pressure.placing import field_of, tiers_after
from analysis.pressure.ranks import rank_intervals

LEAST = 0.1


def tiers_by_hand(points: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """The highest firm that one of the tier is surely above opens the next, with all below it."""
    tier = np.ones(len(points), dtype=int)
    while True:
        last = np.flatnonzero(tier == tier.max())
        beaten = (lower[last][:, None] - upper[last][None] > LEAST + 1e-12).any(axis=0)
        if not beaten.any():
            return tier
        tier[last[points[last] <= points[last][beaten].max()]] += 1


@pytest.mark.parametrize("seed", range(25))
def test_a_firm_stands_where_the_whole_order_anew_puts_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, draws = int(rng.integers(3, 30)), 200
    theta = 3.0 * rng.normal(size=n)
    drawn = theta + rng.normal(size=(draws, n)) * rng.uniform(0.05, 0.6, size=n) + rng.normal(size=(draws, 1))
    if seed % 2:  # firms that are the same in all
        theta[0], drawn[:, 0] = theta[-1], drawn[:, -1]
    order = rank_intervals(theta, drawn, 0.9, least=LEAST)
    field = field_of(theta, order.bands, LEAST)
    np.testing.assert_array_equal(tiers_by_hand(theta, field.lower, field.upper), order.tier)
    at = rng.integers(n, size=12)
    moved = 3.0 * rng.normal(size=12)
    fresh = moved + 0.2 * rng.normal(size=(draws, 12)) + drawn[:, :1] - drawn[:, :1].mean()
    found = tiers_after(field, at, moved, fresh)
    for case, place in enumerate(at):
        points, lower, upper = theta.copy(), field.lower.copy(), field.upper.copy()
        points[place] = moved[case]
        lower[[place]], upper[[place]] = order.bands.ends(moved[[case]], fresh[:, [case]])
        assert found[case] == tiers_by_hand(points, lower, upper)[place]


def test_one_tier_where_nothing_is_sure() -> None:
    rng = np.random.default_rng(1)
    bands = joint_bands(np.zeros(6), rng.normal(size=(200, 6)), 0.9)
    field = field_of(np.zeros(6), bands, LEAST)
    assert tiers_after(field, np.array([2]), np.array([-50.0]), rng.normal(size=(200, 1)))[0] == 2
