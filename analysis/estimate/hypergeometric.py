"""Tails of the hypergeometric distribution, summed from the terms that count.

Every table needs them, and `scipy.stats`, which has them too, takes longer to load than most tables to make.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln

__all__ = ["at_least", "at_most"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_SMALL = 1e-17
"""A term this small against its sum changes nothing."""


def at_least(x: ArrayLike, marked: ArrayLike, drawn: ArrayLike, population: ArrayLike) -> Floats:
    """P(X >= x), X marked firms among those drawn without replacement.

    Parameters
    ----------
    x, marked, drawn, population : array-like of whole numbers
        Broadcast together; 0 <= marked, drawn <= population.
    """
    x, marked, drawn, population = _whole(x, marked, drawn, population)
    # as many of the drawn are marked as of the marked are drawn: x or more is at most drawn - x unmarked
    return at_most(drawn - x, population - marked, drawn, population)


def at_most(x: ArrayLike, marked: ArrayLike, drawn: ArrayLike, population: ArrayLike) -> Floats:
    """P(X <= x), as `at_least`.

    Terms are summed away from the mode, where each is a smaller part of the one before it; above the mode
    the other side is summed and taken from 1. About as many steps as six standard deviations.
    """
    x, marked, drawn, population = _whole(x, marked, drawn, population)
    lowest = np.maximum(0, drawn + marked - population)
    highest = np.minimum(drawn, marked)
    mode = (drawn + 1) * (marked + 1) // (population + 2)
    is_below = x <= mode
    step = np.where(is_below, -1, 1)
    k = np.clip(np.where(is_below, x, x + 1), lowest, highest)
    is_out = np.where(is_below, x < lowest, x >= highest)
    term = np.where(is_out, 0.0, _term(k, marked, drawn, population))
    total = term.copy()
    at = np.flatnonzero(term > 0)
    while at.size:
        here, m, n, big = k[at], marked[at], drawn[at], population[at]
        up = (m - here) * (n - here) / ((here + 1.0) * (big - m - n + here + 1.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            down = here * (big - m - n + here) / ((m - here + 1.0) * (n - here + 1.0))
        term[at] *= np.where(is_below[at], down, up)
        total[at] += term[at]
        k[at] += step[at]
        at = at[term[at] > _SMALL * total[at]]
    return np.clip(np.where(is_below, total, 1.0 - total), 0.0, 1.0)


def _whole(*values: ArrayLike) -> tuple[Whole, ...]:
    return tuple(np.asarray(one, dtype=np.int64) for one in np.broadcast_arrays(*values))


def _term(k: Whole, marked: Whole, drawn: Whole, population: Whole) -> Floats:
    """P(X = k) from logarithms of beta functions."""
    rest = population - marked
    log = _choose(marked, k) + _choose(rest, drawn - k) - _choose(population, drawn)
    return np.asarray(np.exp(log), dtype=np.float64)


def _choose(n: Whole, k: Whole) -> Floats:
    return np.asarray(-np.log1p(n) - betaln(n - k + 1.0, k + 1.0), dtype=np.float64)
