"""Counts from what stands beside a hidden share: errors, limits, degrees of freedom, effective numbers.

Every formula of the product is a function of two whole numbers, the firms that said yes and the firms that
answered. Both are tried, all pairs at once, and those are kept that give what is printed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.intervals import clopper_pearson, hypergeometric_limits

__all__ = ["BESIDE", "LARGEST", "invert_row", "populations_beside"]

BESIDE = ("n", "base", "count", "estimate", "se", "low", "high", "df", "deff", "n_eff", "p")
"""Numbers beside a share that can tell of its count."""

LARGEST = 500
"""Firms up to which all pairs are tried."""

_NEAR = 1e-7

_MOST = 1e6

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]


def invert_row(
    row: Mapping[str, float],
    firms: int,
    level: float = 0.95,
    populations: Sequence[int] = (),
    own: Sequence[int] = (),
) -> Pairs | None:
    """Every pair (answered, yes) that gives the numbers printed beside a share.

    Parameters
    ----------
    row : mapping
        Some of `BESIDE`, nan where not printed.
    firms : int
        Firms of the study, N.
    level : float
        Of the limits.
    populations, own : sequence of int
        Firms approached, as shown shares say (`populations_beside`): of any question, and of this one; a
        follow-up has fewer.

    Returns
    -------
    array of shape (pairs, 2), or None
        None where nothing is printed, where no formula gives what is printed, or above `LARGEST` firms.

    Notes
    -----
    Tried: base and degrees of freedom (n = df + 1) and effective number of firms; the standard error of a
    share with and without finite population (an error of 0 only where this question's population is known:
    of a census every error is 0); limits as bounds over the silent (Manski 1989), [x/C, (C - n + x)/C] of C
    concerned, where C = n / (1 - high + low); exact limits of a share of N (Buonaccorsi 1987) and of Clopper
    and Pearson (1934). A formula that fits nothing is passed over: it was not the one used.
    """
    told = {name: float(row[name]) for name in BESIDE if name in row and np.isfinite(float(row[name]))}
    if not told or not 0 < firms <= LARGEST:
        return None
    n = np.repeat(np.arange(1, firms + 1), np.arange(2, firms + 2))
    x = np.concatenate([np.arange(k + 1) for k in range(1, firms + 1)])
    pairs = np.column_stack([n, x])
    used = False
    for name in ("n", "df", "n_eff", "base"):
        if name in told:
            fits = np.isin(pairs[:, 0], _sizes(name, told[name], firms, populations))
            pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "count" in told:
        fits = pairs[:, 1] == round(told["count"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "estimate" in told:
        fits = np.abs(pairs[:, 1] / pairs[:, 0] - told["estimate"]) <= _step(told["estimate"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if told.get("se", 0.0) > 0 or ("se" in told and len(own)):
        fits = _same_error(pairs, [*own] or [0, firms, *populations], told["se"])
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    if "low" in told or "high" in told:
        wholes = list(dict.fromkeys([firms, *populations]))
        fits = _same_limits(pairs, wholes, told.get("low"), told.get("high"), level)
        pairs, used = (pairs[fits], True) if fits.any() else (pairs, used)
    return pairs if used else None


def _step(value: float) -> float:
    """Half the last decimal a share is printed with, where it has four or fewer; else next to nothing."""
    for places in range(1, 5):
        if abs(value * 10**places - round(value * 10**places)) < 1e-9:
            return 0.5 * 10.0**-places + 1e-12
    return _NEAR


def _sizes(name: str, value: float, firms: int, populations: Sequence[int]) -> NDArray[np.int64]:
    """Numbers of firms that a base, degrees of freedom or an effective number can stand for."""
    found = [value + 1.0 if name == "df" else value]
    if name == "base":  # of weights that are all alike: every firm stands for N / firms
        found += [value * firms / whole for whole in populations]
    near = [round(one) for one in found if abs(one - round(one)) < _NEAR * max(1.0, one)]
    return np.array(near, dtype=np.int64)


def populations_beside(n: Floats, share: Floats, error: Floats, low: Floats, high: Floats) -> tuple[int, ...]:
    """Firms approached, as errors and limits of shown shares say: N of 1 - n/N, or of bounds over the silent.

    Parameters
    ----------
    n, share, error, low, high : arrays
        Shape (rows,): as printed, nan where not.

    Returns
    -------
    tuple of int
        Whole numbers that fit; only those that errors tell of, where there are any: of the rest a follow-up
        has fewer.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = share * (1 - share)
        by_error = np.where((error > 0) & (spread > 0), n / (1 - error**2 * (n - 1) / spread), np.nan)
        by_limits = n / (1 - (high - low))
        by_limits = np.where(np.abs(by_limits * low - share * n) < 1e-6, by_limits, np.nan)
    for found in (by_error, by_limits):
        known = found[np.isfinite(found) & (found >= n - _NEAR) & (found < _MOST)]
        whole = np.unique(np.round(known[np.abs(known - np.round(known)) < 1e-5]))
        if len(whole):
            return tuple(int(one) for one in whole)
    return ()


def _same_error(pairs: Pairs, wholes: Sequence[int], error: float) -> NDArray[np.bool_]:
    """Pairs of this standard error; 0 stands for no finite population."""
    n, p = pairs[:, 0].astype(float), pairs[:, 1] / pairs[:, 0]
    fits = np.zeros(len(pairs), dtype=bool)
    for less in (1.0, 0.0):
        for whole in wholes:
            part = np.clip(1.0 - n / whole, 0.0, 1.0) if whole else 1.0
            with np.errstate(divide="ignore", invalid="ignore"):
                same = np.abs(np.sqrt(p * (1 - p) / (n - less) * part) - error) < _NEAR * max(error, 1e-3)
            fits |= same & ((n <= whole) | (whole == 0))
    return fits


def _same_limits(
    pairs: Pairs, wholes: Sequence[int], low: float | None, high: float | None, level: float
) -> NDArray[np.bool_]:
    n, x = pairs[:, 0], pairs[:, 1]

    def match(ends: tuple[Floats, Floats]) -> NDArray[np.bool_]:
        fits = np.ones(len(pairs), dtype=bool)
        for printed, end in ((low, ends[0]), (high, ends[1])):
            if printed is not None:
                fits &= np.abs(end - printed) < _NEAR
        return fits

    found = [match((x / n, x / n))]
    if low is not None and high is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            concerned = n / (1 - (high - low))
            is_whole = np.abs(concerned - np.round(concerned)) < 1e-6
            found.append(is_whole & (np.abs(concerned * low - x) < 1e-6))
    else:
        for size in _concerned(low, high, wholes):
            free = np.where(n <= size, x / size, np.nan)
            over = np.where(n <= size, (size - n + x) / size, np.nan)
            found.append(match((np.minimum(free, x / n), np.maximum(over, x / n))))
    found.append(match(clopper_pearson(x, n, level)))
    for whole in wholes:
        # a census has no doubt, so limits of N are tried only on pairs that hold between them
        near = np.flatnonzero(
            (n < whole) & (x / n >= (low if low is not None else 0.0) - 1 / whole)
            & (x / n <= (high if high is not None else 1.0) + 1 / whole)
        )  # fmt: skip
        if len(near) and all(
            end is None or abs(end * whole - round(end * whole)) < 1e-6 for end in (low, high)
        ):
            part = np.zeros(len(pairs), dtype=bool)
            ends = hypergeometric_limits(x[near], n[near], np.full(len(near), whole), level)
            fits = np.ones(len(near), dtype=bool)
            for printed, end in ((low, ends[0]), (high, ends[1])):
                if printed is not None:
                    fits &= np.abs(end - printed) < _NEAR
            part[near[fits]] = True
            found.append(part)
    return np.logical_or.reduce(found)


def _concerned(low: float | None, high: float | None, wholes: Sequence[int]) -> list[int]:
    """Numbers of firms concerned of whom one limit is a whole count: the least, and all firms."""
    ends = [end for end in (low, high) if end is not None]
    sizes = np.arange(1, max(wholes) + 1)
    whole = np.ones(len(sizes), dtype=bool)
    for end in ends:
        whole &= np.abs(end * sizes - np.round(end * sizes)) < 1e-6
    fits = [int(size) for size in sizes[whole]]
    return list(dict.fromkeys([*fits[:1], *[size for size in fits if size in wholes]]))
