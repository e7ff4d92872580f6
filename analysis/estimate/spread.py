"""Variances of all columns of a book, and of differences between them, from sums by unit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.estimate.design_arrays import Stage
from analysis.estimate.layout import Layout
from analysis.estimate.tallies import Layer, Sums, Tally

__all__ = [
    "Compared",
    "Rivals",
    "compare_sums",
    "df_of_sums",
    "rivals_of",
    "slopes",
    "variances_of_sums",
    "with_rests",
]

_NOISE = 1e-12
"""Share of the squares under which what is left of them is rounding, such as of a stratum's size."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Who is compared: all pairs of a span, then each column with the other firms of its span.

    Attributes
    ----------
    one, other : NDArray[np.intp]
        Shape (m,): two columns; from c on, the others of column - c.
    pairs : int
        How many of the m are pairs.
    """

    one: NDArray[np.intp]
    other: NDArray[np.intp]
    pairs: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What tests of one block need; the first axis of 2c holds the columns, then the rest of each.

    Attributes
    ----------
    value : NDArray[np.float64]
        Shape (2c, k): shares, or means less a common constant.
    n, base, base2 : NDArray[np.float64]
        Shape (2c,): firms, sum of weights, sum of squared weights.
    spread : NDArray[np.float64]
        Shape (2c, k): weighted mean square of a firm's distance from the value.
    difference, odds : NDArray[np.float64]
        Shape (m, k): variance of the difference; of the linearised log odds ratio (see `slopes`).
    df : NDArray[np.float64]
        Shape (m,): degrees of freedom of the two columns together.
    shared : NDArray[np.bool_]
        Shape (m,): whether the two have firms in common.
    """

    value: NDArray[np.float64]
    n: NDArray[np.float64]
    base: NDArray[np.float64]
    base2: NDArray[np.float64]
    spread: NDArray[np.float64]
    difference: NDArray[np.float64]
    odds: NDArray[np.float64]
    df: NDArray[np.float64]
    shared: NDArray[np.bool_]


def rivals_of(layout: Layout) -> Rivals:
    """The pairs of a layout, and its columns against their rests where a span has more than one column."""
    alone = np.flatnonzero(layout.rest.any(axis=1))
    one = np.concatenate([layout.pairs[:, 0], alone])
    other = np.concatenate([layout.pairs[:, 1], alone + len(layout)])
    return Rivals(one, other, len(layout.pairs))


def slopes(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Change of the log odds with the share, 1/(p(1-p)); 0 where a share of 0 or 1 has none."""
    steep = share * (1 - share)
    return np.divide(1.0, steep, out=np.zeros_like(steep), where=steep > 0)


def variances_of_sums(found: Tally, layers: tuple[Layer, ...]) -> NDArray[np.float64]:
    """Design variances of the values, shape (c, k), all stages: those of `taylor_variance`."""
    variance = np.zeros(found.value.shape)
    noise = np.zeros(found.value.shape)
    for sums, layer in zip(found.layers, layers, strict=False):
        factors = _stage(layer).factors()
        if factors.any():
            squares, totals = _scores(sums, found.value, found.base, _stage(layer).is_rows)
            raw, between = _sum_of_squares(squares, totals, layer, factors)
            variance += raw - between
            noise += raw
    return np.where(variance <= _NOISE * noise, 0.0, variance)


def df_of_sums(found: Tally, layers: tuple[Layer, ...]) -> NDArray[np.float64]:
    """Shape (c,): first-stage units met minus strata met, as `DesignArrays.df`."""
    return _df(found.layers[0].count, layers[0])


def compare_sums(
    found: Tally, layers: tuple[Layer, ...], rivals: Rivals, rest: NDArray[np.bool_]
) -> Compared:
    """Variances of all differences between columns without firms in common.

    Tests ask whether a difference is more than chance, which fpc has no part in (Cochran 1977, 2.14):
    first-stage units count as drawn with replacement; a stratum with one unit adds nothing.
    """
    layer, stage = layers[0], _stage(layers[0])
    sums = with_rests(found.layers[0], rest)
    whole = with_rests(found.whole, rest)
    base, k = whole.base[0], found.value.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(base[:, None] != 0, whole.top[0] / base[:, None], np.nan)
        spread = np.where(base[:, None] != 0, whole.second[0] / base[:, None] - value**2, np.nan)
    factors = np.where(stage.taken > 1, stage.taken / np.maximum(stage.taken - 1, 1), 0.0)
    squares, totals = _scores(sums, value, base, stage.is_rows)
    raw, between = _sum_of_squares(squares, totals, layer, factors)
    variance = np.where(raw - between <= _NOISE * raw, 0.0, raw - between)
    one, other = rivals.one, rivals.other
    common = np.zeros((len(one), k))
    if len(stage.taken) > 1 or not stage.is_rows:
        common -= _cross(_by_stratum(totals, layer), factors / stage.taken, one, other)
    if not stage.is_rows:
        common += _cross(totals, factors[layer.stratum], one, other)
    first, second = variance[one], variance[other]
    difference = np.clip(first + second - 2 * common, 0.0, None)
    a, b = slopes(value[one]), slopes(value[other])
    odds = np.clip(a**2 * first + b**2 * second - 2 * a * b * common, 0.0, None)
    floor = _NOISE * (first + second)
    together = sums.count[:, one] + sums.count[:, other]
    return Compared(
        value, whole.count[0], base, whole.base2[0], np.clip(spread, 0.0, None),
        np.where(difference <= floor, 0.0, difference), odds, _df(together, layer),
        np.zeros(len(one), dtype=bool),
    )  # fmt: skip


def _stage(layer: Layer) -> Stage:
    """The stage of a layer that has one."""
    if layer.stage is None:
        raise ValueError("a layer over all rows has no stage")
    return layer.stage


def _scores(
    sums: Sums, value: NDArray[np.float64], base: NDArray[np.float64], is_rows: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums of squared scores, and of scores w (y - R) / sum of w, by part, column and option."""
    whole = np.where(base != 0, base, 1.0)[:, None]
    mean = np.where(base[:, None] != 0, value, 0.0)
    totals = (sums.top - mean * sums.base[:, :, None]) / whole
    if not is_rows:
        return totals**2, totals
    squares = (sums.top2 - 2 * mean * sums.cross + mean**2 * sums.base2[:, :, None]) / whole**2
    return np.clip(squares, 0.0, None), totals


def _sum_of_squares(
    squares: NDArray[np.float64], totals: NDArray[np.float64], layer: Layer, factors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum of factor x squares, and what the means of the strata take from it; each of shape (c, k)."""
    raw = np.tensordot(factors[layer.stratum], squares, axes=1)
    taken = _stage(layer).taken
    between = np.tensordot(factors / taken, _by_stratum(totals, layer) ** 2, axes=1)
    return raw, between


def _by_stratum(totals: NDArray[np.float64], layer: Layer) -> NDArray[np.float64]:
    """Sums of parts over strata, shape (strata, c, k)."""
    strata = len(_stage(layer).taken)
    if _stage(layer).is_rows:
        return totals
    if strata == 1:
        return totals.sum(axis=0, keepdims=True)
    gather = csr_array(
        (np.ones(layer.parts), (layer.stratum, np.arange(layer.parts))), shape=(strata, layer.parts)
    )
    return np.asarray(gather @ totals.reshape(layer.parts, -1)).reshape(strata, *totals.shape[1:])


def _cross(
    totals: NDArray[np.float64], factors: NDArray[np.float64], one: NDArray[np.intp], other: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Sum of factor x product of two columns, shape (m, k), one option at a time."""
    found = np.empty((len(one), totals.shape[2]))
    for option in range(totals.shape[2]):
        part = totals[:, :, option]
        found[:, option] = ((part * factors[:, None]).T @ part)[one, other]
    return found


def with_rests(sums: Sums, rest: NDArray[np.bool_]) -> Sums:
    """Sums of the columns, then of the rest of each; groups have no firms in common."""
    add = rest.astype(float)

    def both(values: NDArray[np.float64]) -> NDArray[np.float64]:
        if not values.size:
            return values
        others = values @ add if values.ndim == 2 else add @ values
        return np.concatenate([values, others], axis=1)

    return Sums(*(both(getattr(sums, name)) for name in Sums.__slots__))


def _df(count: NDArray[np.float64], layer: Layer) -> NDArray[np.float64]:
    """Units met minus strata met, of columns of shape (parts, columns) with so many firms."""
    if _stage(layer).is_rows:
        return count.sum(axis=0) - (count > 0).sum(axis=0)
    met = (count > 0).astype(float)
    strata = _by_stratum(met[:, :, None], layer)[:, :, 0] > 0
    return met.sum(axis=0) - strata.sum(axis=0)
