"""Counts that are changed: what a reader is told holds, and no printed count tells of too few firms."""

import numpy as np
import pytest

from analysis.disclosure.changing import changing_for, changing_said


@pytest.mark.parametrize("way", ["round", "cell-key"])
@pytest.mark.parametrize("floor", [3, 5, 8])
def test_every_true_count_lies_in_what_is_told_and_a_safe_one_is_among_them(way: str, floor: int) -> None:
    changing = changing_for(way, floor)
    assert changing is not None
    rng = np.random.default_rng(floor)
    true = np.repeat(np.arange(101.0), 40)
    printed = changing.capped(changing.changed(true, rng.random(len(true))), np.full(len(true), 100.0))
    low, high = changing.between(printed, 100.0)
    assert ((low <= true) & (true <= high)).all()
    assert (printed[true == 0] == 0).all()
    # no printed count leaves counts under the floor alone, nor complements
    assert (high >= floor).all()
    assert (100.0 - low >= floor).all()
    assert (high - low >= floor).all()
    assert changing_said(changing.said()) == changing


@pytest.mark.parametrize("way", ["round", "cell-key"])
def test_a_change_is_right_on_average_and_as_variable_as_is_said(way: str) -> None:
    changing = changing_for(way, 5)
    assert changing is not None
    rng = np.random.default_rng(1)
    true = np.tile(np.arange(30.0, 36.0), 20_000)
    gap = changing.changed(true, rng.random(len(true))) - true
    assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(len(gap))
    assert gap.var() == pytest.approx(changing.variance, rel=0.03)
    away = changing.likely(0.9)
    assert (np.abs(gap) <= away).mean() >= 0.9 - 0.005


def test_hiding_changes_nothing() -> None:
    assert changing_for("suppress", 5) is None
    assert changing_said({"rule": "none"}) is None
    assert changing_said({"protect": "suppress"}) is None
