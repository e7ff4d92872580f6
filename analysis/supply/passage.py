"""What a unit meets on its way up the chain, tier by tier: one block of columns, and a bound on the rest."""

import numpy as np
from scipy import sparse

from analysis.supply.meeting import met_directly
from analysis.supply.solving import solve_all

__all__ = ["first_passage", "follow", "mass_left"]

_STEPS = 400
"""Tiers followed one by one before the whole system is solved at once."""

_PATIENCE = 60
"""The most tiers worth following: a solution of all at once costs about as much."""

_LOOK = 4
"""Every so many tiers it is seen how much the last one added."""


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
        float32 halves memory and time, for ranking only.
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
        As `follow`.

    Notes
    -----
    Neumann series for (I - A~) y = s, A~ = diag(1 - s) A (Leontief series with absorption; Kemeny and
    Snell, Finite Markov Chains, 1960, chapter 3). Rows may add to 1: walks that can never meet a seed are
    left out, so the least solution is found.
    """
    return follow(shares, party, stop, gain, tiers, is_stopped=True)


def follow(
    shares: sparse.csr_matrix,
    party: np.ndarray,
    source: np.ndarray,
    gain: np.ndarray,
    tiers: int | None,
    *,
    is_stopped: bool,
    mass: np.ndarray | None = None,
) -> tuple[np.ndarray, list[int | None], np.ndarray]:
    """Sum of the series e = g + A y, y = s + h (g + A y), with h = 0 where a walk is stopped, else 1.

    Parameters
    ----------
    shares, party, gain, tiers
        As `first_passage`.
    source : numpy.ndarray
        s, shape (nodes, columns), 0 to 1: what a visit of a node counts.
    is_stopped : bool
        Whether a walk ends where s is above 0 (first passage), or goes on (total requirements).
    mass : numpy.ndarray, optional
        `mass_left(shares, party, tiers)`, where the caller has it from another block.

    Returns
    -------
    tuple
        e, shape (parties, columns); the tiers looked through per column (None where the system was solved at
        once); and an upper bound of what deeper tiers add (or of the error of the solution), of the same
        shape, read-only: the mass of walks still under way, at most rho^(K+1)/(1-rho) with rho the
        largest sum of a row.
    """
    width = source.shape[1]
    sums = np.asarray(shares.sum(axis=1)).ravel()
    rho = min(float(sums.max(initial=0.0)), 1.0)
    beyond = 1.0 if is_stopped else 1.0 / max(1.0 - rho, 1e-300)  # unless stopped, every tier may count
    met = np.flatnonzero(source.ravel())
    counts = source.ravel()[met].astype(shares.dtype)
    lift = None if not gain.any() else gain.astype(shares.dtype)[:, None]
    enough = _enough(shares, width)
    visit = source
    left = np.minimum(sums + gain, 1.0) if mass is None else mass
    step, before = 0, 1.0
    while True:
        step += 1
        found = met_directly(shares, source) if step == 1 else shares @ visit
        if lift is not None:
            found += lift
        if mass is None:
            left = shares @ left[party]
        if tiers is not None:
            if step == tiers:
                return found, [tiers] * width, _per_column(left * beyond, width)
        else:
            most = float(left.max(initial=0.0)) * beyond
            if most < enough:
                return found, [step] * width, _per_column(left * beyond, width)
            if step % _LOOK == 0:
                last = _added(found, visit, party, met, 0.0 if is_stopped else counts)
                if not last.any():
                    return found, [step] * width, _per_column(np.zeros(len(found)), width)
                bound = last * rho / (1.0 - rho) if rho < 1.0 else np.full(width, np.inf)
                if float(bound.max(initial=0.0)) < enough:
                    return found, [step] * width, np.minimum((left * beyond)[:, None], bound[None, :])
                rate = (float(last.max()) / before) ** (1 / _LOOK) if step > _LOOK else 0.0
                before = float(last.max())
                if step >= _STEPS or _is_slow(rate, before, rho, enough, step):
                    break
        visit = _visits(found, party, met, counts, is_stopped)
    found, error = solve_all(shares, party, source, gain, found, is_stopped=is_stopped, enough=enough)
    return found, [None] * width, error


def mass_left(shares: sparse.csr_matrix, party: np.ndarray, tiers: int, gain: np.ndarray) -> np.ndarray:
    """Share of each party's inputs still under way after some tiers, whatever it met: shape (parties,).

    A to the power K, times the named shares: no seed can gain more from deeper tiers.
    """
    left = np.minimum(np.asarray(shares.sum(axis=1)).ravel() + gain, 1.0)
    for _ in range(tiers):
        left = shares @ left[party]
    return np.asarray(left)


def _visits(
    found: np.ndarray, party: np.ndarray, met: np.ndarray, counts: np.ndarray, is_stopped: bool
) -> np.ndarray:
    """Values of the nodes from those of the parties; writes into `found` where there is a node a party."""
    parties = len(found)
    if not _is_aligned(party, parties):
        visit = found[party]
    elif len(party) == parties:
        visit = found
    else:
        visit = np.concatenate([found, found[party[parties:]]])
    flat = visit.reshape(-1)
    if is_stopped:
        flat[met] = counts
    else:
        flat[met] += counts
    return visit


def _added(
    found: np.ndarray, visit: np.ndarray, party: np.ndarray, met: np.ndarray, counts: np.ndarray | float
) -> np.ndarray:
    """The most the last tier added, per column, where walks go on; `visit` is used up.

    `counts` is what `visit` holds above the tiers at the places `met`, or 0 where walks end there.
    """
    if _is_aligned(party, len(found)):
        change = visit[: len(found)]
        np.subtract(found, change, out=change)
    else:
        change = np.subtract(found[party], visit, out=visit)
    inside = met < change.size
    flat = change.reshape(-1)
    if isinstance(counts, np.ndarray):
        flat[met[inside]] += counts[inside]
    else:
        flat[met[inside]] = counts
    return np.asarray(change.max(axis=0, initial=0.0), dtype=float)


def _is_aligned(party: np.ndarray, parties: int) -> bool:
    """Whether the first nodes are the parties, in their order."""
    return len(party) >= parties and bool((party[:parties] == np.arange(parties)).all())


def _is_slow(rate: float, last: float, rho: float, enough: float, step: int) -> bool:
    """Whether the series would take too many tiers at the rate it goes."""
    if rho >= 1.0 or rate <= 0.0:
        return step >= _PATIENCE
    if rate >= 1.0:
        return step >= _PATIENCE // 2
    more = (np.log(enough * (1.0 - rho)) - np.log(last)) / np.log(rate)
    return bool(step + more > _PATIENCE)


def _per_column(bound: np.ndarray, width: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(bound)[:, None], (len(bound), width))


def _enough(shares: sparse.csr_matrix, width: int) -> float:
    """What deeper tiers may still add: 1e-13 where tiers are cheap, 1e-10 else, 1e-6 in single precision."""
    if shares.dtype == np.float32:
        return 1e-6
    return 1e-13 if shares.nnz * width < 10_000_000 else 1e-10
