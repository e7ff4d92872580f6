"""Articulation points against taking each node out and counting what is left."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.supply.narrow.cutting import cut_network


def by_hand(one: np.ndarray, other: np.ndarray, nodes: int) -> tuple[list[int], list[int]]:
    """Take each node out; count the pieces of its part and what is outside the largest."""
    links = sparse.csr_matrix((np.ones(len(one)), (one, other)), shape=(nodes, nodes))
    _, part = connected_components(links, directed=False)
    pieces, off = [], []
    for node in range(nodes):
        mates = np.flatnonzero((part == part[node]) & (np.arange(nodes) != node))
        if not len(mates):
            pieces.append(0)
            off.append(0)
            continue
        many, found = connected_components(links[mates][:, mates], directed=False)
        pieces.append(many)
        off.append(len(mates) - int(np.bincount(found).max()))
    return pieces, off


def test_chain_star_and_ring() -> None:
    chain = cut_network(np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]), 5)
    assert chain.pieces.tolist() == [1, 2, 2, 2, 1] and chain.cut_off.tolist() == [0, 1, 2, 1, 0]
    star = cut_network(np.zeros(4, int), np.arange(1, 5), 5)
    assert star.pieces.tolist() == [4, 1, 1, 1, 1] and star.cut_off.tolist() == [3, 0, 0, 0, 0]
    ring = cut_network(np.arange(5), (np.arange(5) + 1) % 5, 6)
    assert ring.pieces.tolist() == [1] * 5 + [0] and ring.part.tolist() == [5] * 5 + [1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.floats(0.3, 2.0))
def test_any_network(seed: int, nodes: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, nodes, (2, int(nodes * density)))
    cuts = cut_network(one, other, nodes)
    pieces, off = by_hand(one, other, nodes)
    assert cuts.pieces.tolist() == pieces
    assert cuts.cut_off.tolist() == off


def test_a_chain_of_a_hundred_thousand_links() -> None:
    """No recursion, and no step a node: the deepest tree there is."""
    cuts = cut_network(np.arange(100_000), np.arange(1, 100_001), 100_001)
    assert (cuts.pieces[1:-1] == 2).all()
    assert cuts.cut_off.max() == 50_000 and cuts.cut_off[10] == 10
