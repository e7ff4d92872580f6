"""Rank sets, tiers and the top tenth: by hand, by properties, and by coverage in small worlds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pressure.ranks import rank_intervals, tiers_of, top_share


def noisy(theta: np.ndarray, sd: float, seed: int, draws: int = 1000) -> np.ndarray:
    return theta + sd * np.random.default_rng(seed).normal(size=(draws, len(theta)))


def test_far_apart_groups_by_hand() -> None:
    theta = np.array([0.0, 10.0, 10.5, 0.2, np.nan, 20.0])
    order = rank_intervals(theta, noisy(np.nan_to_num(theta), 0.5, 1), 0.90)
    np.testing.assert_array_equal(order.low, [4, 2, 2, 4, 0, 1])
    np.testing.assert_array_equal(order.high, [5, 3, 3, 5, 0, 1])
    np.testing.assert_array_equal(order.tier, [3, 2, 2, 3, 0, 1])
    assert order.separated == 8


def test_nothing_separates_one_tier() -> None:
    theta = np.linspace(0, 0.1, 30)
    order = rank_intervals(theta, noisy(theta, 1.0, 2))
    assert (order.low == 1).all() and (order.high == 30).all() and (order.tier == 1).all()


def test_twins_are_never_ordered() -> None:
    theta = np.array([1.0, 1.0, 3.0])
    draws = noisy(theta, 0.01, 3)
    draws[:, 1] = draws[:, 0]
    order = rank_intervals(theta, draws)
    np.testing.assert_array_equal(order.low, [2, 2, 1])
    np.testing.assert_array_equal(order.high, [3, 3, 1])


def test_without_doubt_the_order_is_the_order() -> None:
    theta = np.array([0.3, 0.1, 0.3, 0.0])
    order = rank_intervals(theta, np.tile(theta, (500, 1)))
    np.testing.assert_array_equal(order.low, [1, 3, 1, 4])
    np.testing.assert_array_equal(order.high, [2, 3, 2, 4])


def test_a_difference_nobody_would_act_on_makes_no_order() -> None:
    theta = np.array([0.300, 0.305, 0.400])
    order = rank_intervals(theta, np.tile(theta, (500, 1)), least=0.01)
    np.testing.assert_array_equal(order.low, [2, 2, 1])
    np.testing.assert_array_equal(order.high, [3, 3, 1])


def test_one_sure_slope_does_not_make_a_league_table() -> None:
    """Where only the slope is in doubt all signs are known at once; sets stay wide, tiers few."""
    rng = np.random.default_rng(4)
    x = np.sort(rng.random(100))
    slope = 4.0 + rng.normal(size=(1000, 1))
    every = rank_intervals(4.0 * x, slope * x, 0.90)
    some = rank_intervals(4.0 * x, slope * x, 0.90, least=np.log(1.1))
    assert every.tier.max() == 100 and some.tier.max() < 40
    assert (some.low <= every.low).all() and (some.high >= every.high).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.floats(0.05, 3), st.integers(0, 10_000))
def test_sets_hold_their_rank_and_follow_their_firm(n: int, sd: float, seed: int) -> None:
    theta = np.random.default_rng(seed).normal(size=n)
    draws = noisy(theta, sd, seed + 1, 300)
    order = rank_intervals(theta, draws)
    rank = np.argsort(np.argsort(-theta)) + 1
    assert ((order.low <= rank) & (rank <= order.high)).all()
    turn = np.random.default_rng(seed + 2).permutation(n)
    turned = rank_intervals(theta[turn], draws[:, turn])
    np.testing.assert_array_equal(turned.low, order.low[turn])
    np.testing.assert_array_equal(turned.high, order.high[turn])
    np.testing.assert_array_equal(turned.tier, order.tier[turn])
    # tiers follow the estimates
    assert (np.diff(order.tier[np.argsort(-theta)]) >= 0).all()


def test_joint_sets_hold_at_their_level() -> None:
    """All true ranks of a world at once, in 300 worlds of 8 firms; Monte Carlo error 1.7 points."""
    rng = np.random.default_rng(9)
    truth = np.array([0.0, 0.0, 0.5, 1.0, 1.0, 2.0, 3.0, 4.0])
    first = 1 + (truth[None] > truth[:, None] + 1e-9).sum(axis=1)
    last = 8 - (truth[None] < truth[:, None] - 1e-9).sum(axis=1)
    held = []
    for _ in range(300):
        estimate = truth + 0.5 * rng.normal(size=8)
        order = rank_intervals(estimate, estimate + 0.5 * rng.normal(size=(400, 8)), 0.90)
        held.append(((order.low <= first) & (last <= order.high)).all())
    assert np.mean(held) > 0.90 - 3 * 0.017


def test_tiers_by_hand() -> None:
    np.testing.assert_array_equal(tiers_of(np.array([2, 9, 9, 9])), [1, 1, 2, 2])
    np.testing.assert_array_equal(tiers_of(np.array([9, 2, 9, 9, 9])), [1, 1, 2, 2, 2])
    np.testing.assert_array_equal(tiers_of(np.array([1, 2, 3, 4])), [1, 2, 3, 4])


def test_top_tenth() -> None:
    draws = np.tile(np.arange(20.0), (50, 1))
    draws[25:, 0] = 100.0
    np.testing.assert_allclose(top_share(draws), [0.5, *np.zeros(17), 0.5, 1.0])
    tied = np.tile([1.0, 1.0, 1.0, 0.0, np.nan], (4, 1))
    np.testing.assert_allclose(top_share(tied, 0.5), [2 / 3, 2 / 3, 2 / 3, 0.0, np.nan])
    np.testing.assert_allclose(top_share(np.random.default_rng(1).normal(size=(300, 37))).sum(), 4.0)
