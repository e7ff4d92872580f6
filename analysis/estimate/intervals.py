"""Limits of an interval from counts or from an effective number of firms, as closed arrays."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, stdtrit

from analysis.estimate.hypergeometric import at_least, at_most

__all__ = [
    "assumption_free_bounds",
    "clopper_pearson",
    "hypergeometric_limits",
    "korn_graubard",
    "student_limits",
]

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


def assumption_free_bounds(x: ArrayLike, n: ArrayLike, population: ArrayLike) -> Limits:
    """Share of all N if the silent N - n had all said no, or all yes: [x/N, (N - n + x)/N].

    Parameters
    ----------
    x, n, population : array-like
        Counts of yes, of answers, and of firms concerned; broadcast together. (Manski 1989.)
    """
    x, n, big = (np.asarray(v, dtype=float) for v in (x, n, population))
    return x / big, (big - n + x) / big


def clopper_pearson(x: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Exact binomial limits (Clopper and Pearson 1934); x and n may be effective counts."""
    x, n = (np.asarray(v, dtype=float) for v in (x, n))
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(x <= 0, 0.0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail))
        high = np.where(x >= n, 1.0, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail))
    return low, high


def korn_graubard(
    p: ArrayLike, variance: ArrayLike, n: ArrayLike, df: ArrayLike, level: float = 0.95
) -> Limits:
    """Limits of a share on its effective n, fpc included, not truncated (Korn, Graubard 1998).

    n_eff = p(1-p)/v, n* = n_eff (t_{n-1}/t_df)^2, limits of Clopper-Pearson at n* p of n*.
    nan where p is 0 or 1, where v is 0, or where df is below 1.

    Parameters
    ----------
    p, variance, n, df : array-like
        Share, its design variance, rows of the domain, design degrees of freedom; broadcast together.
    """
    p, v, n, df = (np.asarray(a, dtype=float) for a in (p, variance, n, df))
    tail = (1 - level) / 2
    fits = (p > 0) & (p < 1) & (v > 0) & (df >= 1) & (n > 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = stdtrit(np.where(fits, n - 1, 1.0), tail) / stdtrit(np.where(fits, df, 1.0), tail)
        star = np.where(fits, p * (1 - p) / v * ratio**2, np.nan)
    low, high = clopper_pearson(star * p, star, level)
    return np.where(fits, low, np.nan), np.where(fits, high, np.nan)


def hypergeometric_limits(x: ArrayLike, n: ArrayLike, population: ArrayLike, level: float = 0.95) -> Limits:
    """Exact limits of a share of N firms from x yes among n drawn, by inverting the test.

    K stays in the set while P(X >= x | K) and P(X <= x | K) both exceed (1 - level)/2 (Buonaccorsi
    1987): 12 of 96 of 100 gives 12 to 14.

    Parameters
    ----------
    x, n, population : array-like of whole numbers
        Counts of yes, drawn, and all; broadcast together.

    Returns
    -------
    tuple of arrays
        Lowest and highest K over N.
    """
    x, n, big = np.broadcast_arrays(*(np.asarray(v, dtype=np.int64) for v in (x, n, population)))
    shape = x.shape
    cases, back = np.unique(np.column_stack([x.ravel(), n.ravel(), big.ravel()]), axis=0, return_inverse=True)
    xs, ns, bigs = cases.T
    tail = (1 - level) / 2
    floor, ceiling = xs, bigs - (ns - xs)
    # smallest K with P(X >= x | K) > tail: the probability rises with K
    low, top = floor.copy(), ceiling.copy()
    while (low < top).any():
        middle = (low + top) // 2
        enough = at_least(xs, middle, ns, bigs) > tail
        top = np.where(enough, middle, top)
        low = np.where(enough, low, np.minimum(middle + 1, top))
    # largest K with P(X <= x | K) > tail: the probability falls with K
    bottom, high = floor.copy(), ceiling.copy()
    while (bottom < high).any():
        middle = (bottom + high + 1) // 2
        enough = at_most(xs, middle, ns, bigs) > tail
        bottom = np.where(enough, middle, bottom)
        high = np.where(enough, high, np.maximum(middle - 1, bottom))
    scale = np.maximum(bigs, 1)
    back = back.reshape(-1)
    return (low / scale)[back].reshape(shape), (high / scale)[back].reshape(shape)


def student_limits(value: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> Limits:
    """value -/+ t_df x se; nan where df is below 1."""
    value, se, df = (np.asarray(v, dtype=float) for v in (value, se, df))
    t = np.where(df >= 1, stdtrit(np.maximum(df, 1.0), (1 + level) / 2), np.nan)
    return value - t * se, value + t * se
