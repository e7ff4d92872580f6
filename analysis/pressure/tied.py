"""Ranks in which ties share the mean of their places."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["mean_ranks"]

Floats = NDArray[np.float64]


def mean_ranks(values: Floats, axis: int = -1) -> Floats:
    """Ranks from 1 along an axis; equal values share the mean of their places.

    Parameters
    ----------
    values : shape (n,) or (m, n)
    axis : int
        Along which firms stand.
    """
    if values.ndim == 1:
        return mean_ranks(values[None])[0]
    table = pd.DataFrame(values)
    return np.asarray(table.rank(axis=0 if axis == 0 else 1), dtype=np.float64)
