"""Every cell of a book estimated again in every replicate: answers summed once for all replicates."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bundles import sums_in_columns
from analysis.estimate.items import Item
from analysis.estimate.layout import Layout
from analysis.estimate.replicates import Replicates, replicate_variance
from analysis.estimate.spread import Compared, Rivals, slopes, with_rests
from analysis.estimate.tallies import Tally

__all__ = ["compare_refits", "sums_of_item", "variances_of_refits"]

Array = NDArray[np.float64]


def sums_of_item(item: Item, layout: Layout, weights: Array) -> tuple[Array, Array]:
    """Sums above and below the line in each replicate, of shape (c, k, R) and (c, R).

    For layouts without overlaps, where a firm is in one group of a break.
    """
    member, ticks = item.base.member, item.base.ticks
    base_rows = np.flatnonzero(member)
    if item.values is not None:
        top = sums_in_columns(layout, weights, base_rows, each=item.values[base_rows])
        return top, sums_in_columns(layout, weights, base_rows)[:, 0]
    rows, option = np.nonzero(ticks)
    top = sums_in_columns(layout, weights, rows, option, ticks.shape[1])
    if len(rows) == len(base_rows) and (rows == base_rows).all():
        return top, top.sum(axis=1)
    return top, sums_in_columns(layout, weights, base_rows)[:, 0]


def variances_of_refits(top: Array, base: Array, found: Tally, layout: Layout) -> Array:
    """Design variances of the values, shape (c, k), nan on an empty base."""
    c, k = found.value.shape
    variance = replicate_variance(
        _thetas(top, base).reshape(c * k, -1).T, (found.value + found.centre).reshape(-1), _replicates(layout)
    )
    return variance.reshape(c, k)


def compare_refits(
    top: Array, base: Array, found: Tally, layout: Layout, rivals: Rivals, df: Array
) -> Compared:
    """What tests of one block need, every difference taken anew in each replicate.

    Parameters
    ----------
    df : NDArray[np.float64]
        Shape (m,): degrees of freedom of the two columns together.
    """
    add = layout.rest.astype(float)
    c, k, many = top.shape
    top = np.concatenate([top, (add @ top.reshape(c, -1)).reshape(c, k, many)])
    theta = _thetas(top, np.concatenate([base, add @ base]))
    whole = with_rests(found.whole, layout.rest)
    total = whole.base[0][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(total != 0, whole.top[0] / total, np.nan)
        spread = np.clip(np.where(total != 0, whole.second[0] / total - value**2, np.nan), 0.0, None)
    theta = theta - found.centre
    one, other = rivals.one, rivals.other
    steep = slopes(value)
    bent = theta * steep[:, :, None]
    difference = _variance(theta[one] - theta[other], value[one] - value[other], layout)
    odds = _variance(bent[one] - bent[other], value[one] * steep[one] - value[other] * steep[other], layout)
    n = whole.count[0]
    tiny = 1e-12 * (
        spread[one] / np.maximum(n[one], 1)[:, None] + spread[other] / np.maximum(n[other], 1)[:, None]
    )
    return Compared(
        value, n, whole.base[0], whole.base2[0], spread, np.where(difference <= tiny, 0.0, difference), odds,
        df, np.zeros(len(one), dtype=bool),
    )  # fmt: skip


def _thetas(top: Array, base: Array) -> Array:
    """Estimates of each replicate, nan where its base is empty."""
    below = base[:, None, :]
    return np.divide(top, below, out=np.full(top.shape, np.nan), where=below != 0)


def _variance(theta: Array, full: Array, layout: Layout) -> Array:
    m, k = full.shape
    return replicate_variance(theta.reshape(m * k, -1).T, full.reshape(-1), _replicates(layout)).reshape(m, k)


def _replicates(layout: Layout) -> Replicates:
    """The replicates of a layout that has some."""
    if layout.arrays.replicates is None:
        raise ValueError("a layout without replicates")
    return layout.arrays.replicates
