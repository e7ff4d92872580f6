"""Firms whose loss would break the network apart: articulation points, in one walk over the links."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, depth_first_order

__all__ = ["Cuts", "cut_network"]


@dataclass(frozen=True, slots=True)
class Cuts:
    """What falls apart when one node is taken out of an undirected network.

    Attributes
    ----------
    pieces : numpy.ndarray
        Shape (nodes,): pieces the node's part of the network falls into; 2 or more at an articulation
        point, 1 elsewhere, 0 for a node without links.
    cut_off : numpy.ndarray
        Shape (nodes,): nodes outside the largest of these pieces, 0 where nothing falls apart.
    part : numpy.ndarray
        Shape (nodes,): nodes in its part of the network, itself included.
    """

    pieces: np.ndarray
    cut_off: np.ndarray
    part: np.ndarray


def cut_network(one: np.ndarray, other: np.ndarray, nodes: int) -> Cuts:
    """Articulation points of the links `one`-`other`, whatever their direction; links to itself are no links.

    Notes
    -----
    Hopcroft and Tarjan (Communications of the ACM 16(6), 1973): in a depth-first tree a node v is cut from
    the rest below it by each child from whose branch no link leads above v. The walk is scipy's; a
    branch is a run of numbers in its order, so the highest link out of it is a least value over a run,
    found by doubling. Linear in links, with a factor log2 of nodes in the nodes.
    """
    kept = one != other
    ends = np.concatenate([one[kept], other[kept]]), np.concatenate([other[kept], one[kept]])
    links = sparse.csr_matrix((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(nodes, nodes))
    links.data[:] = 1
    many, part = connected_components(links, directed=False)
    size = np.bincount(part, minlength=many)
    before, parent = _walk(links, part, many)
    end = before + _branch_sizes(parent)
    order = np.argsort(before)
    low = np.empty(nodes, dtype=np.int64)
    low[order] = _least_over(_highest_links(links, before)[order], before[order], end[order])
    child = np.flatnonzero(parent >= 0)
    above = parent[child]
    is_top = parent[above] < 0
    cuts = (low[child] >= before[above]) | is_top
    branch = (end - before)[child[cuts]]
    below = np.bincount(above[cuts], minlength=nodes)
    taken = np.bincount(above[cuts], branch, minlength=nodes).astype(np.int64)
    largest = np.zeros(nodes, dtype=np.int64)
    np.maximum.at(largest, above[cuts], branch)
    rest = size[part] - 1 - taken
    return Cuts(below + (rest > 0), size[part] - 1 - np.maximum(largest, rest), size[part])


def _walk(links: sparse.csr_matrix, part: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Place of each node in a depth-first order, and its parent (-1 at the top of each part).

    One further node leads to one node of each part, so that one walk sees all.
    """
    nodes = len(part)
    tops = np.unique(part, return_index=True)[1]
    lead = sparse.csr_matrix(
        (np.ones(many, dtype=np.int8), (np.zeros(many, dtype=np.int64), tops)), shape=(1, nodes)
    )
    whole = sparse.vstack([links, lead], format="csr")
    whole.resize(nodes + 1, nodes + 1)
    order, parent = depth_first_order(whole, nodes, directed=True)
    before = np.empty(nodes + 1, dtype=np.int64)
    before[order] = np.arange(nodes + 1)
    parent = parent[:nodes].astype(np.int64)
    return before[:nodes] - 1, np.where(parent == nodes, -1, parent)


def _branch_sizes(parent: np.ndarray) -> np.ndarray:
    """Nodes in the branch of each node, itself included: counts within 1, 2, 4 ... generations."""
    size = np.ones(len(parent), dtype=np.int64)
    ahead = parent.copy()
    while True:
        here = np.flatnonzero(ahead >= 0)
        if not len(here):
            return size
        size = size + np.bincount(ahead[here], size[here], minlength=len(parent)).astype(np.int64)
        ahead[here] = ahead[ahead[here]]


def _highest_links(links: sparse.csr_matrix, before: np.ndarray) -> np.ndarray:
    """Least place among a node and those it has a link with."""
    least = before.copy()
    filled = np.flatnonzero(np.diff(links.indptr))
    if len(filled):
        near = np.minimum.reduceat(before[links.indices], links.indptr[filled])
        least[filled] = np.minimum(least[filled], near)
    return least


def _least_over(values: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Least value of each run `first` to `end` - 1, from the least of runs of 1, 2, 4 ... values."""
    width = np.floor(np.log2(end - first)).astype(int)
    answer = np.empty(len(first), dtype=np.int64)
    run = values
    for power in range(int(width.max(initial=0)) + 1):
        mine = np.flatnonzero(width == power)
        answer[mine] = np.minimum(run[first[mine]], run[end[mine] - (1 << power)])
        if len(run) > 1 << power:
            run = np.minimum(run[: -(1 << power)], run[1 << power :])
    return answer
