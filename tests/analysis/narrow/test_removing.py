"""Drops by one change of rank one against solving the whole network again without the party."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.supply.narrow.removing import removal_bounds, removals, walks_to


def network(seed: int, parties: int, links: int, most: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares (parties, nodes), party of each node, and a seed; some parties have two nodes."""
    rng = np.random.default_rng(seed)
    owner = np.concatenate([np.arange(parties), rng.integers(0, parties, parties // 3 + 1)])
    shares = np.zeros((parties, len(owner)))
    np.add.at(
        shares, (rng.integers(0, parties, links), rng.integers(0, len(owner), links)), rng.random(links)
    )
    shares[np.arange(parties)[:, None] == owner[None, :]] = 0
    sums = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, sums, out=shares, where=sums > 0) * rng.uniform(0.2, most, (parties, 1))
    return shares, owner, rng.random(len(owner)) < 0.25


def dense(shares: np.ndarray, owner: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """First-passage exposure by a dense least-squares solve of the least solution."""
    parties = len(shares)
    onto = np.zeros((len(owner), parties))
    onto[np.arange(len(owner)), owner] = ~stop
    exposure = np.zeros(parties)
    step, direct = shares @ onto, shares @ stop
    for _ in range(60):  # reachability first: the least solution where walks can go round for ever
        exposure = (direct + step @ exposure > 0).astype(float)
    keep = np.flatnonzero(exposure > 0)
    exposure[keep] = np.linalg.solve(np.eye(len(keep)) - step[np.ix_(keep, keep)], direct[keep])
    return exposure


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 25), st.sampled_from([0.7, 0.95, 1.0]))
def test_same_as_solving_again(seed: int, parties: int, most: float) -> None:
    shares, owner, stop = network(seed, parties, 4 * parties, most)
    walks = walks_to(sparse.csr_matrix(shares), owner, stop)
    whole = dense(shares, owner, stop)
    np.testing.assert_allclose(walks.exposure, whole[walks.live], atol=1e-10)
    weight = np.full(len(walks.live), 1.0 / parties)
    bound = removal_bounds(walks, weight)
    for part in removals(walks, np.arange(parties), block=7):
        for k, gone in enumerate(part.party):
            less = shares.copy()
            less[:, owner == gone] = 0
            less[gone] = 0
            told = (whole - dense(less, owner, stop))[walks.live]
            others = walks.live != gone
            np.testing.assert_allclose(part.drop[others, k], told[others], atol=1e-10)
            assert np.isnan(part.drop[~others, k]).all()
            assert weight[others] @ told[others] <= bound[gone] + 1e-10


def test_chain_and_star_by_hand() -> None:
    """0 buys 0.5 of 1, 1 buys 0.4 of 2, 2 buys 0.2 of the seed 3; and 0 buys 0.1 of 3 itself."""
    shares = np.zeros((4, 4))
    shares[0, 1], shares[1, 2], shares[2, 3], shares[0, 3] = 0.5, 0.4, 0.2, 0.1
    walks = walks_to(sparse.csr_matrix(shares), np.arange(4), np.array([False, False, False, True]))
    assert walks.live.tolist() == [0, 1, 2]
    found = {
        int(j): part.drop[:, k] for part in removals(walks, np.arange(4)) for k, j in enumerate(part.party)
    }
    assert found[1] == pytest.approx([0.04, np.nan, 0], nan_ok=True)
    assert found[2] == pytest.approx([0.04, 0.08, np.nan], nan_ok=True)
    assert found[3] == pytest.approx([0.14, 0.08, 0.2])
    assert removal_bounds(walks, np.ones(3)) == pytest.approx([0, 0.04, 0.12, 0.42])


def test_slow_series_are_solved_another_way() -> None:
    """A ring that hands on all but a millionth each time: 150 tiers are not enough."""
    n = 50
    shares = np.zeros((n + 1, n + 1))
    shares[np.arange(n), (np.arange(n) + 1) % n] = 1 - 1e-6
    shares[np.arange(n), n] = 1e-6
    stop = np.arange(n + 1) == n
    walks = walks_to(sparse.csr_matrix(shares), np.arange(n + 1), stop)
    np.testing.assert_allclose(walks.exposure, 1.0, atol=1e-9)
    part = next(removals(walks, np.array([10])))
    keeps = 1 - (1 - 1e-6) ** ((10 - np.arange(n)) % n)  # what is met before 10
    others = np.arange(n) != 10
    np.testing.assert_allclose(part.drop[others, 0], 1 - keeps[others], atol=1e-8)


def test_the_unnamed_rest_counts_as_met() -> None:
    shares = np.array([[0.0, 0.6], [0.0, 0.0]])
    walks = walks_to(sparse.csr_matrix(shares), np.arange(2), np.array([False, False]), np.array([0.4, 1.0]))
    assert walks.exposure.tolist() == pytest.approx([1.0, 1.0])
