"""What is lost of each firm's dependence when one supplier is taken out: exact, without solving anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from analysis.supply.solving import iterate

__all__ = ["Removals", "Walks", "removal_bounds", "removals", "walks_to"]

_TIERS = 150
"""Tiers added one by one before the equations are solved another way."""

_ENOUGH = 1e-14
"""A tier that adds no more than this, beside the largest so far, is the last."""

_NEARLY = 1e-13
"""What the equations may lack, beside the largest right side, where they are not solved tier by tier."""


@dataclass(frozen=True, slots=True)
class Walks:
    """Walks up the chain of named suppliers to one seed.

    Attributes
    ----------
    live : numpy.ndarray
        Parties from which some walk meets the seed; all shapes below count these.
    onward : scipy.sparse.csr_matrix
        M = A diag(1 - s) P, shape (live, live): share of a party's inputs from another that is no seed.
    met : scipy.sparse.csc_matrix
        A diag(s) P, shape (live, parties): share bought from a party's sites that are the seed.
    exposure : numpy.ndarray
        e = N d, shape (live,), with N = (I - M)^-1 and d the row sums of `met` and of what else counts.
    """

    live: np.ndarray
    onward: sparse.csr_matrix
    met: sparse.csc_matrix
    exposure: np.ndarray

    def solve(self, right: np.ndarray, *, is_adjoint: bool = False) -> np.ndarray:
        """N right, or N' right: shape (live, columns)."""
        return _solve(self.onward.T.tocsr() if is_adjoint else self.onward, right)


@dataclass(frozen=True, slots=True)
class Removals:
    """Some parties taken out, one at a time.

    Attributes
    ----------
    party : numpy.ndarray
        Shape (block,), who is taken out.
    drop : numpy.ndarray
        Shape (live, block), fall of each live party's exposure; nan where it is the one taken out.
    """

    party: np.ndarray
    drop: np.ndarray


def walks_to(
    shares: sparse.csr_matrix, party: np.ndarray, stop: np.ndarray, gain: np.ndarray | None = None
) -> Walks:
    """Walks that end where they first meet a seed.

    Parameters
    ----------
    shares : scipy.sparse.csr_matrix
        A, shape (parties, nodes): share of a party's inputs from a node; rows add to 1 at most.
    party : numpy.ndarray
        Shape (nodes,), the party whose inputs a node uses.
    stop : numpy.ndarray
        s, shape (nodes,): whether a node is of the seed.
    gain : numpy.ndarray, optional
        Shape (parties,): share that counts as met at once (the unnamed rest, for the outer bound).
    """
    parties = shares.shape[0]
    rows = np.arange(len(party))
    free = sparse.csr_matrix(((~stop).astype(float), (rows, party)), shape=(len(party), parties))
    hit = sparse.csr_matrix((stop.astype(float), (rows, party)), shape=(len(party), parties))
    onward, met = (shares @ free).tocsr(), (shares @ hit).tocsr()
    direct = np.asarray(met.sum(axis=1)).ravel() + (0.0 if gain is None else gain)
    live = np.flatnonzero(_reaches(onward, direct > 0))
    onward = onward[live][:, live].tocsr()
    onward.eliminate_zeros()
    exposure = _solve(onward, direct[live, None])[:, 0]
    return Walks(live, onward, met[live].tocsc(), np.minimum(exposure, 1.0))


def removal_bounds(walks: Walks, weight: np.ndarray) -> np.ndarray:
    """No less than the weighted sum of drops at the others, for every party at once, shape (parties,).

    One solve with the transposed equations: the drop is N b_j + N_j (e_j - (N b_j)_j) / N_jj, and N_jj is 1
    at least; it is 1, and the bound exact, where no walk comes back to j.

    Parameters
    ----------
    weight : numpy.ndarray
        Shape (live,), weight of each live party.
    """
    reached = walks.solve(weight[:, None], is_adjoint=True)[:, 0]
    bound = np.asarray(walks.met.T @ reached).ravel()
    bound[walks.live] += (reached - weight) * walks.exposure
    return bound


def removals(walks: Walks, taken: np.ndarray, *, block: int = 4) -> Iterator[Removals]:
    """Drops when each of some parties is taken out and nobody takes its place.

    Parameters
    ----------
    taken : numpy.ndarray
        Numbers of parties.
    block : int
        Parties taken out at once, one a column.

    Notes
    -----
    Taking j out sets a column of M, and j's part b_j of d, to zero: a change of rank one. With N from before,
    e' = e - N b_j - e'_j (N - I)_j and e'_j = (e_j - (N b_j)_j) / N_jj (Sherman and Morrison, Annals of
    Mathematical Statistics 21, 1950), so the drop is N b_j + N_j (e_j - (N b_j)_j) / N_jj.
    """
    place = np.full(walks.met.shape[1], -1)
    place[walks.live] = np.arange(len(walks.live))
    for start in range(0, len(taken), block):
        some = taken[start : start + block]
        at = place[some]
        inside = np.flatnonzero(at >= 0)
        direct = walks.met[:, some]
        sells = np.flatnonzero(np.diff(direct.indptr))
        drop = np.zeros((len(walks.live), len(some)))
        unit = np.zeros((len(walks.live), len(inside)))
        unit[at[inside], np.arange(len(inside))] = 1.0
        right = np.hstack([unit, direct[:, sells].toarray()])
        solved = walks.solve(right)
        visits = solved[:, : len(inside)]
        drop[:, sells] = solved[:, len(inside) :]
        own = visits[at[inside], np.arange(len(inside))]
        left = walks.exposure[at[inside]] - drop[at[inside], inside]
        drop[:, inside] += visits * (left / own)
        drop = np.minimum(drop, walks.exposure[:, None])
        drop[at[inside], inside] = np.nan
        yield Removals(some, drop)


def _reaches(onward: sparse.csr_matrix, there: np.ndarray) -> np.ndarray:
    linked = (onward > 0).astype(np.int32)
    new = there
    while new.any():
        new = (linked @ new.astype(np.int32) > 0) & ~there
        there = there | new
    return there


def _solve(onward: sparse.csr_matrix, right: np.ndarray) -> np.ndarray:
    """X of X = right + M X: the series, tier by tier; where it is slow, BiCGSTAB, and LU if that fails."""
    total, term = right.copy(), right
    largest = float(right.max(initial=0.0))
    for _ in range(_TIERS):
        term = onward @ term
        added = float(term.max(initial=0.0))
        total += term
        largest = max(largest, added)
        if added <= _ENOUGH * largest:
            return total
    scale = max(float(np.abs(right).max(initial=0.0)), 1e-300)
    found = iterate(lambda values: onward @ values, right, total, _NEARLY * scale)
    if not np.abs(right + onward @ found - found).max(initial=0.0) <= _NEARLY * scale:
        found = splu(sparse.identity(onward.shape[0], format="csc") - onward.tocsc()).solve(right)
    return np.maximum(found, 0.0)
