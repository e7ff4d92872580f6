"""Several breaks summed as one: a firm is added once to a joint cell of them, and margins are taken after."""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.layout import Layout
from analysis.estimate.replicate_sums import sum_replicates

__all__ = ["sums_in_columns"]

Array = NDArray[np.float64]

_ROOM = 1_500_000
"""Bytes of joint sums in a bundle, so that they stay in the processor's cache. Wider bundles add less often,
and miss the cache."""


def sums_in_columns(
    layout: Layout,
    weights: Array,
    rows: NDArray[np.intp],
    option: NDArray[np.intp] | None = None,
    k: int = 1,
    each: Array | None = None,
) -> Array:
    """Sums of replicate weights in every column of a book whose breaks do not overlap.

    Parameters
    ----------
    layout : Layout
        The columns, in breaks of which a firm is in one group at most.
    weights : NDArray[np.float64]
        Shape (n, R), rows in sequence.
    rows : NDArray[np.intp]
        Shape (entries,): rows that are counted, rising; a row may stand several times.
    option : NDArray[np.intp] or None
        Shape (entries,): which of the `k` sums of a column an entry is added to.
    each : NDArray[np.float64] or None
        Shape (entries,): what a weight is multiplied with; None for 1.

    Returns
    -------
    NDArray[np.float64]
        Shape (c, k, R).
    """
    many, replicates = len(layout), weights.shape[1]
    inside = layout.codes[0, rows] < many
    if not inside.all():
        rows = rows[inside]
        option = None if option is None else option[inside]
        each = None if each is None else each[inside]
    local, sizes = _within(layout, rows)
    bundles = _bundled(sizes, _ROOM // (8 * max(k * replicates, 1)))
    cells = np.empty((len(rows), len(bundles)), dtype=np.intp)
    starts = [0]
    for at, bundle in enumerate(bundles):
        joint = np.zeros(len(rows), dtype=np.intp)
        for one in bundle:
            joint = joint * sizes[one] + local[one]
        cells[:, at] = joint * k + starts[-1] if option is None else joint * k + option + starts[-1]
        starts.append(starts[-1] + prod(sizes[one] for one in bundle) * k)
    added = sum_replicates(weights, rows, cells, starts[-1], each)
    found = np.empty((many, k, replicates))
    ends = np.cumsum(layout.widths)
    for at, bundle in enumerate(bundles):
        block = added[starts[at] : starts[at + 1]].reshape(*(sizes[one] for one in bundle), k, replicates)
        axes = range(len(bundle))
        if at == 0:
            found[0] = block.sum(axis=tuple(axes))
        for axis, one in enumerate(bundle):
            margin = block.sum(axis=tuple(a for a in axes if a != axis))
            found[ends[one] : ends[one + 1]] = margin[: layout.widths[one + 1]]
    return found


def _within(layout: Layout, rows: NDArray[np.intp]) -> tuple[list[NDArray[np.intp]], list[int]]:
    """Group of each entry within each break (the last one for none), and how many groups that makes."""
    local, sizes, start = [], [], 1
    for codes, width in zip(layout.codes[1:], layout.widths[1:], strict=True):
        group = np.minimum(codes[rows] - start, width)
        local.append(group)
        sizes.append(max(int(group.max(initial=0)) + 1, width))
        start += width
    return local, sizes


def _bundled(sizes: Sequence[int], room: int) -> list[list[int]]:
    """Breaks put together while the product of their sizes stays within `room`; at least one bundle."""
    bundles: list[list[int]] = [[]]
    for one, size in enumerate(sizes):
        if bundles[-1] and prod(sizes[b] for b in bundles[-1]) * size > room:
            bundles.append([])
        bundles[-1].append(one)
    return bundles
