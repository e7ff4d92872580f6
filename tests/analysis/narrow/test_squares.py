"""Squared shares by hand, and bounds that hold whatever the unnamed rest turns out to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.supply.narrow.squares import squared_shares


def test_by_hand() -> None:
    found = squared_shares(
        np.array([0, 0, 0, 1, 2]),
        np.array([0, 1, 0, 1, -1]),
        np.array([1.0, 2.0, 1.0, 5.0, 3.0]),
        np.array([1.0, 0.0, 0.0, 0.0]),
        2,
    )
    assert found.hhi[:2] == pytest.approx([0.5, 1.0]) and np.isnan(found.hhi[2:]).all()
    assert found.low == pytest.approx([8 / 25, 1.0, 0.0, 0.0])
    assert found.high == pytest.approx([(9 + 4) / 25, 1.0, 1.0, 1.0])
    assert found.largest.tolist() == [0, 1, -1, -1]  # two of one size: the first
    assert found.share[:2] == pytest.approx([0.5, 1.0])
    assert found.share_low == pytest.approx([0.4, 1, 0, 0]) and found.share_high == pytest.approx(
        [0.6, 1, 1, 1]
    )
    assert found.members.tolist() == [2, 1, 0, 0] and found.named.tolist() == [4, 5, 0, 0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 3.0))
def test_bounds_hold_for_any_rest(seed: int, rest: float) -> None:
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(size=5)
    member = rng.integers(0, 4, 5)
    found = squared_shares(np.zeros(5, int), member, amount, np.array([rest]), 4)
    told = np.bincount(member, amount, minlength=9)
    told += rest * rng.dirichlet(np.full(9, 0.3))
    true = ((told / told.sum()) ** 2).sum()
    assert found.low[0] - 1e-12 <= true <= found.high[0] + 1e-12
    named = np.bincount(member, amount)
    assert found.hhi[0] == pytest.approx(((named / named.sum()) ** 2).sum())
    assert found.low[0] - 1e-12 <= found.hhi[0] <= found.high[0] + 1e-12
