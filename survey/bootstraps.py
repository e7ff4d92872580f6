"""Bootstrap multipliers of sampled units: which were drawn again, and what that makes of their weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["finite_copies", "halved", "kept_factors", "redraws", "rescaled_factors"]

_AT_ONCE, _NEAR = 500_000, 60_000
_STRIP = 256

Numbers = NDArray[np.float64]
Codes = NDArray[np.intp]


def redraws(
    stratum: Codes, taken: Codes, drawn: Codes, replicates: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """How often each unit is drawn, with replacement within its stratum.

    Parameters
    ----------
    stratum : NDArray[np.intp]
        Shape (units,): stratum of a unit.
    taken, drawn : NDArray[np.intp]
        Shape (strata,): units there are in the sample, draws in each replicate (0 for none; else the
        same in strata of the same size).

    Returns
    -------
    NDArray[np.uint8]
        Shape (units, replicates).
    """
    order, sizes = _by_size(stratum, np.where(drawn > 0, taken, 0))
    counts = np.zeros((replicates, len(stratum)), dtype=np.uint8)
    begin = int(sizes[0][1]) if len(sizes) and sizes[0][0] == 0 else 0
    for n, many in sizes[1:] if begin else sizes:
        m = int(drawn[stratum[order[begin]]])
        # few strata and replicates at a time: their sums stay in the nearest cache
        wide = min(many // n, max(1, _NEAR // n))
        step = max(1, _NEAR // (wide * n))
        for left in range(begin, begin + many, wide * n):
            right = min(left + wide * n, begin + many)
            alike = (right - left) // n
            kind = np.uint16 if step * alike * n <= 1 << 16 else np.int64
            shift: NDArray[Any] = (np.arange(step * alike) * n).astype(kind).reshape(step, alike, 1)
            for first in range(0, replicates, step):
                rows = min(step, replicates - first)
                hits: NDArray[Any] = rng.integers(0, n, size=(rows, alike, m), dtype=kind)
                if rows * alike > 1:
                    hits += shift[:rows]
                found = np.bincount(hits.ravel(), minlength=rows * alike * n)
                # more than 255 of n draws: a chance below 1e-500
                counts[first : first + rows, left:right] = found.reshape(rows, -1)
        begin += many
    return _turned(counts, order)


def finite_copies(
    stratum: Codes, taken: Codes, population: Numbers, replicates: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """How often each unit is drawn, without replacement, from copies that fill its stratum up to N.

    Units repeat in random order until there are N of them, then n are drawn (Canty and Davison 1999;
    Gross 1980). Where N is not known: with replacement.

    Parameters
    ----------
    stratum, taken : NDArray[np.intp]
        As in `redraws`.
    population : NDArray[np.float64]
        Shape (strata,): N, inf where unknown.
    """
    open_ended = np.isinf(population)
    counts = redraws(stratum, taken, np.where(open_ended, taken, 0), replicates, rng)
    order, start = _by_stratum(stratum, taken)
    for h in np.flatnonzero(~open_ended):
        n, whole = int(taken[h]), int(population[h])
        copies = np.full(n, whole // n, dtype=np.int64)
        copies[rng.permutation(n)[: whole % n]] += 1
        places = order[start[h] : start[h] + n]
        if n == whole:
            counts[places] = 1
            continue
        found = rng.multivariate_hypergeometric(copies, n, size=replicates, method="marginals")
        counts[places] = found.T
    return counts


def halved(stratum: Codes, taken: Codes, replicates: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which units stay when half of each stratum, rounded down, is drawn without replacement.

    Shape (units, replicates); a unit alone in its stratum stays.
    """
    order, sizes = _by_size(stratum, taken)
    kept = np.ones((replicates, len(stratum)), dtype=np.uint8)
    begin = 0
    for n, many in sizes:
        step = max(1, _AT_ONCE // many)
        for first in range(0, replicates if n > 1 else 0, step):
            rows = min(step, replicates - first)
            keys = rng.random((rows, many // n, n), dtype=np.float32)
            lowest = np.argpartition(keys, n // 2 - 1, axis=2)[:, :, : n // 2]
            stays = np.zeros(keys.shape, dtype=np.uint8)
            np.put_along_axis(stays, lowest, 1, axis=2)
            kept[first : first + rows, begin : begin + many] = stays.reshape(rows, many)
        begin += many
    return _turned(kept, order).view(bool)


def rescaled_factors(
    counts: NDArray[np.uint8],
    stratum: Codes,
    taken: Codes,
    drawn: Codes,
    population: Numbers,
    weight: Numbers | float = 1.0,
) -> Numbers:
    """Multipliers 1 - lam + lam (n/m) r of units drawn r times (Rao and Wu 1988; Rao, Wu and Yue 1992).

    lam = sqrt(m (1 - f) / (n - 1)) with m draws from n units of N, f = n/N. Without f and with
    m = n - 1 that is r n/(n - 1), the `subbootstrap` of R `survey`. A unit alone keeps the factor 1.

    Parameters
    ----------
    weight : NDArray[np.float64] or float
        Shape (units,): what the multipliers are multiplied with.

    Returns
    -------
    NDArray[np.float64]
        Shape (units, replicates).
    """
    n, m = taken.astype(float), drawn.astype(float)
    left = np.where(np.isinf(population), 1.0, 1.0 - n / population)
    free = (m > 0) & (n > 1)
    lam = np.sqrt(np.divide(m * left, n - 1, out=np.zeros_like(n), where=free))
    rise = np.divide(lam * n, m, out=np.zeros_like(n), where=free)
    slope, floor = rise[stratum] * weight, (1.0 - lam)[stratum] * weight
    factors = np.empty(counts.shape)
    for first in range(0, len(counts), _STRIP):
        strip = slice(first, first + _STRIP)
        np.multiply(counts[strip], slope[strip, None], out=factors[strip])
        factors[strip] += floor[strip, None]
    return factors


def kept_factors(
    kept: list[NDArray[np.bool_]],
    unit: list[Codes],
    stratum: list[Codes],
    taken: list[Codes],
    population: list[Numbers],
) -> Numbers:
    """Multipliers of rows from the units kept at each stage (Preston 2009).

    1 + sum over stages s of [product over earlier stages of sqrt(n/n*) kept] x (-lam + lam (n/n*) kept),
    lam = sqrt(F n* (1 - f) / (n - n*)), F the product of earlier sampling fractions, n* = floor(n/2).
    A unit alone in its stratum is taken as certain: it stays, as it is, and its parts are drawn.

    Parameters
    ----------
    kept : list of NDArray[np.bool_]
        For each stage, shape (units, replicates).
    unit : list of NDArray[np.intp]
        For each stage, shape (rows,): unit of a row.
    stratum, taken, population : lists
        For each stage, as in `redraws` and `finite_copies`.

    Returns
    -------
    NDArray[np.float64]
        Shape (rows, replicates).
    """
    rows, replicates = len(unit[0]), kept[0].shape[1]
    total = np.ones((rows, replicates))
    carried: Numbers | None = None
    fraction = np.ones(rows)
    for s, stays in enumerate(kept):
        n, at = taken[s].astype(float), stratum[s][unit[s]]
        half = np.floor(n / 2)
        lone = n < 2
        f = np.where(np.isinf(population[s]), 0.0, n / population[s])
        lam = np.sqrt(np.divide(half * (1 - f), n - half, out=np.zeros_like(n), where=~lone)[at] * fraction)
        rise = np.divide(n, half, out=np.ones_like(n), where=~lone)[at]
        inside = stays[unit[s]]
        term = lam[:, None] * (rise[:, None] * inside - 1.0)
        total += term if carried is None else carried * term
        if s + 1 < len(kept):
            step = np.sqrt(rise)[:, None] * inside
            carried = step if carried is None else carried * step
            fraction = fraction * f[at]
    return total


def _by_stratum(stratum: Codes, taken: Codes) -> tuple[Codes, Codes]:
    """Units sorted by stratum, and where each stratum begins."""
    return np.argsort(stratum, kind="stable"), np.concatenate([[0], np.cumsum(taken)[:-1]]).astype(np.intp)


def _by_size(stratum: Codes, taken: Codes) -> tuple[Codes, list[tuple[int, int]]]:
    """Units sorted by the size of their stratum, then by stratum; each size with its number of units."""
    size = taken[stratum]
    sizes, many = np.unique(size, return_counts=True)
    return np.lexsort((stratum, size)), list(zip(sizes.tolist(), many.tolist(), strict=True))


def _turned(counts: NDArray[np.uint8], order: Codes) -> NDArray[np.uint8]:
    """The transpose, strip by strip, its rows at the places in `order`."""
    out = np.empty(counts.shape[::-1], dtype=counts.dtype)
    for first in range(0, counts.shape[1], _STRIP):
        out[order[first : first + _STRIP]] = counts[:, first : first + _STRIP].T
    return out
