"""The chance that a unit of inputs, followed up the chain, first meets a seed: solved as a linear system."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

__all__ = ["first_passage"]

_STEPS = 200
"""Tiers tried one by one before the whole system is solved at once."""

_ENOUGH = 1e-13
"""What deeper tiers may still add when the series is cut."""


def first_passage(
    shares: sparse.csr_matrix,
    party: np.ndarray,
    stop: np.ndarray,
    gain: np.ndarray,
    tiers: int | None,
) -> tuple[np.ndarray, list[int | None], np.ndarray]:
    """Least solution of y = s + (1 - s)(g + A y), e = g + A y, for a block of seeds s.

    Parameters
    ----------
    shares : scipy.sparse.csr_matrix
        A, shape (parties, nodes): share of a party's inputs that comes from a node; rows add to 1 at most.
    party : numpy.ndarray
        Shape (nodes,), the party whose inputs a node uses.
    stop : numpy.ndarray
        s, shape (nodes, seeds), 0 or 1: where the walk ends.
    gain : numpy.ndarray
        g, shape (parties,): share that counts as met at once (the unnamed rest, for the outer bound).
    tiers : int or None
        K tiers of the series, or None for all.

    Returns
    -------
    tuple
        e, shape (parties, seeds); the tiers looked through per seed (None where the system was
        solved at once); and an upper bound of what deeper tiers add, shape (parties, seeds):
        the mass of walks still under way that could meet the seed, which is at most
        rho^(K+1)/(1-rho) with rho the largest row sum of A~.

    Notes
    -----
    Neumann series for (I - A~) y = s, A~ = diag(1 - s) A (Leontief series with absorption; Kemeny and
    Snell, Finite Markov Chains, 1960, chapter 3). Rows may add to 1: walks that can never meet a seed are
    left out, so the least solution is found, and where the series is slow a sparse LU solve replaces it.
    """
    width = stop.shape[1]
    lift = gain[:, None]
    free = 1.0 - stop
    live = _live(shares, party, stop, gain)
    named = np.asarray(shares.sum(axis=1)).ravel()
    value = stop
    under_way = free * live[party] * np.minimum(named + gain, 1.0)[party][:, None]
    left = shares @ under_way
    reached: list[int | None] = [None] * width
    last = _STEPS if tiers is None else tiers
    step = 1
    while True:
        done = left.max(axis=0, initial=0.0) < _ENOUGH
        for k in np.flatnonzero(done).tolist():
            if reached[k] is None:
                reached[k] = step
        if step >= last or bool(done.all()):
            break
        value = stop + free * (lift + shares @ value)[party]
        under_way = free * live[party] * left[party]
        left = shares @ under_way
        step += 1
    exposure = lift + shares @ value
    if tiers is not None:
        return exposure, [tiers] * width, left
    for k in range(width):
        if reached[k] is None:
            exposure[:, k], left[:, k] = _solve(shares, party, stop[:, k], gain, live[:, k])
    return exposure, reached, left


def _live(shares: sparse.csr_matrix, party: np.ndarray, stop: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Parties from which a walk can meet the seed (or the unnamed rest), shape (parties, seeds)."""
    linked = (shares > 0).astype(float)
    free = 1.0 - stop
    live = (linked @ stop > 0) | (gain[:, None] > 0)
    while True:
        wider = live | (linked @ (free * live[party]) > 0)
        if bool((wider == live).all()):
            return live
        live = wider


def _solve(
    shares: sparse.csr_matrix, party: np.ndarray, stop: np.ndarray, gain: np.ndarray, live: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One seed, all tiers at once, on the parties that can meet it; with the error of the equations."""
    parties = shares.shape[0]
    onward = sparse.csr_matrix((1.0 - stop, (np.arange(len(party)), party)), shape=(len(party), parties))
    step = shares @ onward
    right = gain + shares @ stop
    keep = np.flatnonzero(live)
    small = step[keep][:, keep]
    solved = splu(sparse.csc_matrix(sparse.identity(len(keep)) - small)).solve(right[keep])
    exposure = np.zeros(parties)
    exposure[keep] = np.clip(solved, 0.0, 1.0)
    return exposure, np.abs(exposure - (right + step @ exposure)) * live
