"""Raking: what can be met is met, what cannot says which category and by how much."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.calibration import calibrate, post_stratify
from survey.raking import least_misses, rake
from survey.response import class_factors, propensity_groups
from survey.trimming import trim


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(20, 300))
def test_margins_of_some_weights_are_always_met(seed, margins, n):
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, rng.integers(1, 6), n) for _ in range(margins)]
    codes = [np.unique(c, return_inverse=True)[1] for c in codes]
    base, other = rng.uniform(0.5, 2, n), rng.uniform(0.5, 2, n)
    totals = [np.bincount(c, weights=other) for c in codes]
    raked = rake(base, codes, totals)
    assert raked.is_met
    for code, total in zip(codes, totals, strict=True):
        np.testing.assert_allclose(np.bincount(code, weights=raked.weight), total, rtol=1e-8)
    # the ratio is a product of one factor a category: log ratio lies in the span of the indicators
    ratio = np.log(raked.weight / base)
    span = np.hstack([np.eye(int(c.max()) + 1)[c] for c in codes])
    left = ratio - span @ np.linalg.lstsq(span, ratio, rcond=None)[0]
    assert np.abs(left).max() < 1e-7


def test_cells_beyond_a_table_are_found_by_sorting():
    rng = np.random.default_rng(7)
    codes = [rng.integers(0, 90, 500) for _ in range(5)]
    codes = [np.unique(c, return_inverse=True)[1] for c in codes]
    base = rng.uniform(1, 2, 500)
    totals = [np.bincount(c, weights=base * rng.uniform(0.9, 1.1)) for c in codes]
    totals = [t * (500 / t.sum()) for t in totals]
    raked = rake(base, codes, totals)
    assert raked.is_met
    np.testing.assert_allclose(np.bincount(codes[4], weights=raked.weight), totals[4], rtol=1e-9)


def test_a_category_nobody_holds_is_named_with_its_amount():
    raked = rake(np.ones(4), [np.array([0, 0, 1, 1])], [np.array([2.0, 2.0, 3.0])])
    assert not raked.is_met
    assert raked.worst == (0, 2, -3.0)


def test_margins_that_contradict_each_other_say_by_how_much():
    # both questions split the firms the same way, so their totals must be the same
    same = np.array([0, 0, 1, 1])
    totals = [np.array([3.0, 1.0]), np.array([2.0, 2.0])]
    raked = rake(np.ones(4), [same, same], totals, rounds=50)
    assert not raked.is_met
    assert abs(raked.worst[2]) == 1.0
    least = least_misses(np.ones(4), [same, same], totals)
    assert sum(float(np.abs(m).sum()) for m in least) == 2.0


def test_margins_met_only_by_zero_weights_can_be_met_in_principle():
    # category 1 of the second margin is wanted in full by firms of category 1 of the first
    first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    totals = [np.array([2.0, 2.0]), np.array([4.0, 0.0])]
    assert not any(m.any() for m in least_misses(np.ones(4), [first, second], totals))


def test_bounded_weights_stay_inside_their_bounds():
    rng = np.random.default_rng(3)
    base = rng.uniform(1, 3, 200)
    columns = np.column_stack([np.ones(200), rng.normal(size=200)])
    totals = base @ columns + np.array([0.0, 110.0])
    free = calibrate(base, columns, totals)
    held = calibrate(base, columns, totals, distance="logit", bounds=(0.6, 1.6))
    assert (free.weight / base).max() > 1.6
    assert held.is_met
    assert 0.6 <= (held.weight / base).min() <= (held.weight / base).max() <= 1.6


def test_totals_out_of_reach_of_bounds_are_missed_not_raised():
    base = np.ones(50)
    columns = np.ones((50, 1))
    found = calibrate(base, columns, np.array([100.0]), distance="logit", bounds=(0.5, 1.5))
    assert not found.is_met
    assert -50 <= found.misses[0] <= -24.9


def test_a_group_without_firms_is_missed_by_its_total():
    found = post_stratify(np.ones(2), np.array([0, 0]), np.array([5.0, 7.0]))
    assert not found.is_met
    assert found.misses.tolist() == [0.0, -7.0]
    assert found.weight.tolist() == [2.5, 2.5]


def test_trimming_keeps_the_sum_and_the_bounds():
    weight = np.array([1.0, 1.0, 1.0, 1.0, 16.0])
    cut = trim(weight, 0.5, 8.0)
    assert cut.is_met
    assert cut.weight.tolist() == [3.0, 3.0, 3.0, 3.0, 8.0]
    assert cut.cut.tolist() == [False] * 4 + [True]


def test_trimming_that_cannot_keep_the_sum_says_so():
    assert not trim(np.array([1.0, 1.0, 10.0]), 0.5, 2.0).is_met


def test_class_factors_are_approached_over_answered():
    classes = np.array([0, 0, 0, 1, 1, 2])
    answered = np.array([True, False, False, True, True, False])
    assert class_factors(np.ones(6), classes, answered).tolist() == [3.0, 1.0, np.inf]


def test_propensity_groups_keep_equal_firms_together():
    chance = np.array([0.1, 0.1, 0.1, 0.5, 0.9, 0.9])
    assert propensity_groups(chance, 3).tolist() == [0, 0, 0, 1, 2, 2]
