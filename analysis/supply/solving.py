"""All tiers at once where following them one by one is slow: a linear system, and a proof of its error."""

import warnings
from collections.abc import Callable

import numpy as np
from scipy import sparse

__all__ = ["iterate", "solve_all"]

_FACTORED = 1500
"""So many live parties are solved by factors, exactly; more by iteration."""

_TURNS = 400
"""Steps of the iteration."""

_RESTARTS = 4
"""How often the iteration starts again from where it is."""

_NEAR = 1e-4
"""What lacks is brought down no further than by this for the sake of long walks."""

_WIDTH = 8
"""Columns iterated together: seven blocks of vectors are held."""


def solve_all(
    shares: sparse.csr_matrix,
    party: np.ndarray,
    source: np.ndarray,
    gain: np.ndarray,
    start: np.ndarray,
    *,
    is_stopped: bool,
    enough: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Solution of e = g + A (s + h e) with h as in `passage.follow`, on the parties that can meet a seed.

    Small systems by sparse LU; large ones by BiCGSTAB (van der Vorst, SIAM J. Sci. Stat. Comput. 13, 1992) on
    blocks of columns, each with its own coefficients, started from `start`.

    Returns
    -------
    tuple
        e, shape (parties, columns), and an upper bound of its error, of the same shape: with B the matrix
        of the system and r what the equations lack, |error| <= max|r| / (1 - rho) where rows of B add to rho
        under 1; else |error| <= max|r| t / c where t > 0 has (I - B) t >= c > 0 (B is not negative, so the
        inverse of I - B is not either; Berman and Plemmons, Nonnegative Matrices, 1979, chapter 6).
    """
    found, error = np.zeros(start.shape), np.zeros(start.shape)
    rows, wide = shares.astype(float, copy=False), source.astype(float, copy=False)
    for first in range(0, start.shape[1], _WIDTH):
        block = slice(first, first + _WIDTH)
        found[:, block], error[:, block] = _solve_block(
            rows, party, wide[:, block], gain, start[:, block].astype(float), is_stopped, enough
        )
    return found, error


def _solve_block(
    shares: sparse.csr_matrix,
    party: np.ndarray,
    source: np.ndarray,
    gain: np.ndarray,
    start: np.ndarray,
    is_stopped: bool,
    enough: float,
) -> tuple[np.ndarray, np.ndarray]:
    onward = source == 0 if is_stopped else np.ones(source.shape, dtype=bool)
    live = _live(shares, party, onward, start > 0)
    right = (shares @ source + gain[:, None]) * live

    def passed(values: np.ndarray) -> np.ndarray:
        moved = shares @ (values[party] * onward)
        moved *= live
        return np.asarray(moved)

    if int(live.any(axis=1).sum()) <= _FACTORED:
        found, steps = _factored(shares, party, onward, live, right)
    else:
        longest = float(passed(live.astype(float)).max(initial=0.0))
        short = enough * min(max(1.0 - longest, _NEAR), 1.0)  # walks of many steps make much of what lacks
        found = iterate(passed, right, start * live, short)
        steps = None
    top = 1.0 if is_stopped else np.inf
    found = np.clip(found, 0.0, top)
    lacking = np.abs(right + passed(found) - found)
    found = np.clip(right + passed(found), 0.0, top)  # one tier more never makes the largest error larger
    return found, _proof(passed, lacking.max(axis=0, initial=0.0), live, steps)


def _live(
    shares: sparse.csr_matrix, party: np.ndarray, onward: np.ndarray, reached: np.ndarray
) -> np.ndarray:
    """Parties from which a walk can meet something (parties, columns): `reached`, and who leads there."""
    linked = (shares > 0).astype(np.float32)
    live = reached
    while True:
        wider = live | (linked @ (live[party] & onward).astype(np.float32) > 0)
        if bool((wider == live).all()):
            return np.asarray(live)
        live = wider


def _factored(
    shares: sparse.csr_matrix, party: np.ndarray, onward: np.ndarray, live: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """By LU, column by column: the solution, and the number of steps a walk takes."""
    from scipy.sparse.linalg import splu

    parties = shares.shape[0]
    found, steps = np.zeros(right.shape), np.zeros(right.shape)
    for k in range(right.shape[1]):
        keep = np.flatnonzero(live[:, k])
        if not len(keep):
            continue
        on = sparse.csr_matrix(
            (onward[:, k].astype(float), (np.arange(len(party)), party)), shape=(len(party), parties)
        )
        small = (shares[keep] @ on)[:, keep]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            factors = splu(sparse.csc_matrix(sparse.identity(len(keep)) - small))
        found[keep, k] = factors.solve(right[keep, k])
        steps[keep, k] = factors.solve(np.ones(len(keep)))
    return found, steps


def iterate(
    passed: Callable[[np.ndarray], np.ndarray], right: np.ndarray, start: np.ndarray, enough: float
) -> np.ndarray:
    """Solution of x = right + passed(x), (parties, columns), until it lacks under `enough`, or no nearer.

    BiCGSTAB on all columns together, each with its own coefficients, from `start`.
    """
    best, least = start, np.inf
    found = start
    for _ in range(_RESTARTS):
        found = _turns(passed, right, found, enough / 20)
        lack = float(np.abs(right + passed(found) - found).max(initial=0.0))
        if not np.isfinite(lack) or lack >= least:
            break
        best, least = found, lack
        if lack < enough / 10:
            break
    return best


def _turns(
    passed: Callable[[np.ndarray], np.ndarray], right: np.ndarray, start: np.ndarray, enough: float
) -> np.ndarray:
    found = start.copy()
    lack = right + passed(found) - found
    shadow = lack.copy()
    way, moved = np.zeros_like(lack), np.zeros_like(lack)
    rho = alpha = omega = np.ones(right.shape[1])
    for _ in range(_TURNS):
        open_ = np.abs(lack).max(axis=0, initial=0.0) > enough
        if not open_.any():
            break
        now = _dot(shadow, lack)
        beta = _over(now, rho) * _over(alpha, omega)
        rho = now
        moved *= -omega
        way += moved
        way *= beta
        way += lack
        moved = way - passed(way)
        alpha = np.where(open_, _over(rho, _dot(shadow, moved)), 0.0)
        lack -= alpha * moved
        other = lack - passed(lack)
        omega = np.where(open_, _over(_dot(other, lack), _dot(other, other)), 0.0)
        found += alpha * way
        found += omega * lack
        other *= omega
        lack -= other
        if not np.isfinite(rho).all():
            break
    return found


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("ij,ij->j", one, other))


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.zeros_like(above, dtype=float), where=np.abs(below) > 1e-300)


def _proof(
    passed: Callable[[np.ndarray], np.ndarray],
    lacking: np.ndarray,
    live: np.ndarray,
    steps: np.ndarray | None,
) -> np.ndarray:
    """Upper bound of the error, from what the equations lack at most and how long walks are."""
    one = live.astype(float)
    sums = passed(one).max(axis=0, initial=0.0)
    if steps is None:
        plain = np.divide(1.0, 1.0 - sums, out=np.full(len(sums), np.inf), where=sums < 1.0 - 1e-6)
        if np.isfinite(plain).all():
            return one * (lacking * plain)
        steps = iterate(passed, one, one.copy(), 1e-2)
    margin = steps - passed(steps)
    least = np.where(live, margin, np.inf).min(axis=0, initial=np.inf)
    is_proved = (least > 0) & (np.where(live, steps, 1.0).min(axis=0, initial=1.0) > 0)
    factor = np.divide(1.0, least, out=np.full(len(least), np.inf), where=is_proved)
    with np.errstate(invalid="ignore"):
        bound = steps * (lacking * factor) * one
    return np.nan_to_num(np.where(lacking == 0, 0.0, bound), nan=np.inf, posinf=np.inf)
