"""The links as one sparse matrix: a party a row, a node a column, checked that nothing grows on the way."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from analysis.supply.seeds import Sites
from survey import QuestionFault

__all__ = ["Network", "closed_circle", "network_of", "place_columns"]

_OVER = 1e-6
"""What rounding may add to a sum of shares; more is a fault."""

_LEAK = 1e-12
"""A row that adds to 1 less this or more leaves nothing unnamed."""


@dataclass(frozen=True, slots=True)
class Network:
    """Shares of one side as a matrix, and who owns its columns.

    Attributes
    ----------
    shares : scipy.sparse.csr_matrix
        Shape (parties, columns): share of the party's inputs (or sales) at a node. The first columns are
        the parties in their order, each its first node; the further nodes of a party follow.
    owner : numpy.ndarray
        Shape (columns,), the party a column leads on to; `arange` where every party has one node.
    column : numpy.ndarray
        Shape (nodes,), the column of each node of the `Sites`.
    """

    shares: sparse.csr_matrix
    owner: np.ndarray
    column: np.ndarray

    def spread(self, nodes: np.ndarray) -> np.ndarray:
        """Values by node, shape (nodes, ...), as values by column; 0 where a column is no node."""
        made = np.zeros((len(self.owner), *nodes.shape[1:]), dtype=nodes.dtype)
        made[self.column] = nodes
        return made

    def unnamed(self) -> np.ndarray:
        """The share of each party that no link names, shape (parties,)."""
        return np.clip(1.0 - np.asarray(self.shares.sum(axis=1)).ravel(), 0.0, 1.0)


def network_of(sites: Sites, weights: np.ndarray | None = None, *, side: str = "inputs") -> Network:
    """The matrix of some sites; links between the same two ends are one cell.

    Parameters
    ----------
    sites : Sites
        Nodes and links.
    weights : numpy.ndarray, optional
        Shape (links,), instead of the shares (such as shares times confidence).
    side : str
        What shares are shares of, for the message.

    Raises
    ------
    QuestionFault
        Shares of one party that add to more than 1, with its links.
    """
    parties, links = len(sites.names), sites.share if weights is None else weights
    column, owner = place_columns(sites.party, parties)
    small: type = np.int32 if max(len(owner), len(links)) < 2**31 else np.int64
    cells: Any = (sites.buyer.astype(small, copy=False), column.astype(small)[sites.node])
    shares: sparse.csr_matrix = sparse.csr_matrix((links, cells), shape=(parties, len(owner)))
    sums = np.asarray(shares.sum(axis=1)).ravel()
    over = np.flatnonzero(sums > 1 + _OVER)
    if len(over):
        rows = np.flatnonzero(sites.buyer == over[0])
        named = ", ".join(str(r + 1) for r in rows[:5]) + (f" and {len(rows) - 5} more" * (len(rows) > 5))
        raise QuestionFault(
            f"{sites.names[over[0]]!r}, links {named}",
            f"shares that add to {sums[over[0]]:.6g}",
            f"shares of one party's {side} that add to 1 at most",
            f"correct the shares, or the total of its {side}",
        )
    high = np.flatnonzero(sums > 1)
    if len(high):
        factor = np.ones(parties)
        factor[high] = 1 / sums[high]
        shares.data *= np.repeat(factor, np.diff(shares.indptr))
    return Network(shares, owner, column)


def place_columns(party: np.ndarray, parties: int) -> tuple[np.ndarray, np.ndarray]:
    """Column of each node and owner of each column: the parties first, their further nodes after them.

    Returns
    -------
    tuple
        Shape (nodes,) and shape (parties + further nodes,).
    """
    _, first = np.unique(party, return_index=True)
    further = np.ones(len(party), dtype=bool)
    further[first] = False
    column = party.astype(np.int64).copy()
    column[further] = parties + np.arange(int(further.sum()))
    return column, np.concatenate([np.arange(parties), party[further]]).astype(np.int64)


def closed_circle(network: Network) -> np.ndarray:
    """Parties of one circle with a gain of 1: they buy everything from each other, so nothing ever leaves.

    Total requirements of such a circle have no end; first passage through it has.

    Returns
    -------
    numpy.ndarray
        Rows of the parties of the first such circle; empty where there is none.
    """
    from scipy.sparse.csgraph import connected_components

    sums = np.asarray(network.shares.sum(axis=1)).ravel()
    full = np.flatnonzero(sums >= 1 - _LEAK)
    if not len(full):
        return full
    shares = network.shares.tocoo()
    ends = network.owner[shares.col]
    real = shares.data > 0
    step = sparse.csr_matrix(
        (np.ones(int(real.sum()), dtype=np.int8), (shares.row[real], ends[real])), shape=(len(sums),) * 2
    )
    count, group = connected_components(step, connection="strong")
    leaves = np.zeros(count, dtype=bool)
    leaves[group[sums < 1 - _LEAK]] = True
    leaves[group[shares.row[real]][group[shares.row[real]] != group[ends[real]]]] = True
    closed = np.flatnonzero(~leaves[group])
    return closed[group[closed] == group[closed[0]]] if len(closed) else closed
