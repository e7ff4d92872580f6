"""Sums of replicate weights over cells, all replicates in one sparse product."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

__all__ = ["sum_replicates"]

Array = NDArray[np.float64]


def sum_replicates(
    weights: Array, rows: NDArray[np.intp], cells: NDArray[np.intp], many: int, each: Array | None = None
) -> Array:
    """Sums of replicate weights over cells, all replicates at once.

    Parameters
    ----------
    weights : NDArray[np.float64]
        Shape (n, R); by rows, as `create_replicates` lays them.
    rows : NDArray[np.intp]
        Shape (entries,): rows that are counted, rising; a row may stand several times.
    cells : NDArray[np.intp]
        Shape (entries, e): the cells an entry counts in, `many` for none.
    each : NDArray[np.float64] or None
        Shape (entries,): what a weight is multiplied with; None for 1.

    Returns
    -------
    NDArray[np.float64]
        Shape (many, R).
    """
    kept = cells < many
    is_full = bool(kept.all())
    ends = np.arange(len(rows) + 1) * cells.shape[1]
    if not is_full:
        ends = np.concatenate([[0], np.cumsum(np.count_nonzero(kept, axis=1))])
    everywhere = np.arange(len(weights) + 1)
    is_each = len(rows) == len(weights) and bool((rows == everywhere[:-1]).all())
    starts = ends if is_each else ends[np.searchsorted(rows, everywhere)]
    places = cells.ravel() if is_full else cells[kept]
    amount = np.ones(len(places)) if each is None else np.broadcast_to(each[:, None], cells.shape)[kept]
    add = csc_array((amount, places, starts), shape=(many, len(weights)))
    return np.asarray(add @ weights)
