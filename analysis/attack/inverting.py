"""Counts from what stands beside a hidden share: errors, limits, degrees of freedom, effective numbers.

Every formula of the product is a function of two whole numbers, the firms that said yes and the firms that
answered. Both are tried, all pairs at once, and those are kept that give what is printed.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.intervals import clopper_pearson, hypergeometric_limits

__all__ = ["BESIDE", "LARGEST", "invert_row"]

BESIDE = ("n", "base", "count", "estimate", "se", "low", "high", "df", "deff", "n_eff", "p")
"""Numbers beside a share that can tell of its count."""

LARGEST = 500
"""Firms up to which all pairs are tried."""

_NEAR = 1e-7

Pairs = NDArray[np.int64]


def invert_row(row: Mapping[str, float], firms: int, level: float = 0.95) -> Pairs | None:
    """Every pair (answered, yes) that gives the numbers printed beside a share.

    Parameters
    ----------
    row : mapping
        Some of `BESIDE`, nan where not printed.
    firms : int
        Firms of the study, N.
    level : float
        Of the limits.

    Returns
    -------
    array of shape (pairs, 2), or None
        None where nothing is printed, where no formula gives what is printed, or above `LARGEST` firms.

    Notes
    -----
    Tried: base and degrees of freedom (n = df + 1) and effective number of firms; the standard error of a
    share with and without finite population; limits as bounds over the silent (Manski 1989), exact limits of
    a share of N (Buonaccorsi 1987) and of Clopper and Pearson (1934). A formula that fits nothing is passed
    over: it was not the one used.
    """
    told = {name: float(row[name]) for name in BESIDE if name in row and np.isfinite(float(row[name]))}
    if not told or not 0 < firms <= LARGEST:
        return None
    n = np.repeat(np.arange(1, firms + 1), np.arange(2, firms + 2))
    x = np.concatenate([np.arange(k + 1) for k in range(1, firms + 1)])
    pairs = np.column_stack([n, x])
    used = False
    for name in ("n", "base", "df", "n_eff"):
        if name in told and abs(told[name] - round(told[name])) < _NEAR:
            fits = pairs[:, 0] == round(told[name]) + (1 if name == "df" else 0)
            pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "count" in told:
        fits = pairs[:, 1] == round(told["count"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "estimate" in told:
        fits = np.abs(pairs[:, 1] / pairs[:, 0] - told["estimate"]) <= _step(told["estimate"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if told.get("se", 0.0) > 0:
        fits = _same_error(pairs, firms, told["se"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "low" in told or "high" in told:
        fits = _same_limits(pairs, firms, told.get("low"), told.get("high"), level)
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    return pairs if used else None


def _step(value: float) -> float:
    """Half the last decimal a share is printed with, where it has four or fewer; else next to nothing."""
    for places in range(1, 5):
        if abs(value * 10**places - round(value * 10**places)) < 1e-9:
            return 0.5 * 10.0**-places + 1e-12
    return _NEAR


def _same_error(pairs: Pairs, firms: int, error: float) -> NDArray[np.bool_]:
    n, p = pairs[:, 0].astype(float), pairs[:, 1] / pairs[:, 0]
    fits = np.zeros(len(pairs), dtype=bool)
    for less in (1.0, 0.0):
        for part in (1.0, 1.0 - n / firms):
            with np.errstate(divide="ignore", invalid="ignore"):
                fits |= np.abs(np.sqrt(p * (1 - p) / (n - less) * part) - error) < _NEAR * max(error, 1e-3)
    return fits


def _same_limits(
    pairs: Pairs, firms: int, low: float | None, high: float | None, level: float
) -> NDArray[np.bool_]:
    n, x = pairs[:, 0], pairs[:, 1]

    def match(ends: tuple[NDArray[np.float64], NDArray[np.float64]]) -> NDArray[np.bool_]:
        fits = np.ones(len(pairs), dtype=bool)
        for printed, end in ((low, ends[0]), (high, ends[1])):
            if printed is not None:
                fits &= np.abs(end - printed) < _NEAR
        return fits

    found = [match((x / n, x / n))]
    for concerned in _wholes(low, high, firms):
        free = np.where(n <= concerned, x / concerned, np.nan)
        over = np.where(n <= concerned, (concerned - n + x) / concerned, np.nan)
        found.append(match((np.minimum(free, x / n), np.maximum(over, x / n))))
    found.append(match(clopper_pearson(x, n, level)))
    # a census has no doubt, so limits of N are tried only on pairs that hold between them
    near = np.flatnonzero(
        (n < firms) & (x / n >= (low if low is not None else 0.0) - 1 / firms)
        & (x / n <= (high if high is not None else 1.0) + 1 / firms)
    )  # fmt: skip
    if len(near) and all(end is None or abs(end * firms - round(end * firms)) < 1e-6 for end in (low, high)):
        part = np.zeros(len(pairs), dtype=bool)
        ends = hypergeometric_limits(x[near], n[near], np.full(len(near), firms), level)
        fits = np.ones(len(near), dtype=bool)
        for printed, end in ((low, ends[0]), (high, ends[1])):
            if printed is not None:
                fits &= np.abs(end - printed) < _NEAR
        part[near[fits]] = True
        found.append(part)
    return np.logical_or.reduce(found)


def _wholes(low: float | None, high: float | None, firms: int) -> list[int]:
    """Numbers of firms concerned of whom the limits are whole counts: the least, and all firms."""
    ends = [end for end in (low, high) if end is not None]
    sizes = np.arange(1, firms + 1)
    whole = np.ones(len(sizes), dtype=bool)
    for end in ends:
        whole &= np.abs(end * sizes - np.round(end * sizes)) < 1e-6
    fits = [int(size) for size in sizes[whole]]
    return list(dict.fromkeys([*fits[:1], *[size for size in fits if size == firms]]))
