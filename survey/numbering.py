"""Codes 0, 1, ... without gaps for numbers that repeat, and for pairs of them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["dense_codes", "pair_codes", "units_in_strata"]

_SPARSE = 32  # a table this many times as long as the column is still faster than sorting

Codes = NDArray[np.int64]


def dense_codes(values: NDArray[Any]) -> Codes:
    """Shape (n,): codes of n finite numbers, in their order; whole numbers that lie close are not sorted."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    low, high = values.min(), values.max()
    if high - low < _SPARSE * len(values) + 1000:
        shifted = values - low if low else values
        near = shifted.astype(np.int64, copy=False)
        if values.dtype.kind in "iu" or bool((near == shifted).all()):
            there = np.bincount(near) > 0
            return near if there.all() else (np.cumsum(there) - 1)[near]
    places, _ = pd.factorize(values, sort=True)
    return places.astype(np.int64)


def pair_codes(outer: Codes, inner: Codes) -> Codes:
    """Shape (n,): codes of the pairs of two code columns, in order."""
    return dense_codes(outer * (int(inner.max(initial=0)) + 1) + inner)


def units_in_strata(unit: Codes, stratum: Codes) -> Codes:
    """Shape (strata,): units that lie in each; codes without gaps, units nested in strata."""
    of_unit = np.zeros(int(unit.max(initial=-1)) + 1, dtype=np.int64)
    of_unit[unit] = stratum
    return np.bincount(of_unit)
