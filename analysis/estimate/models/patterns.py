"""Distinct rows of a model: firms with equal answers are computed once, with their weights summed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["Patterns", "patterns_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patterns:
    """m distinct rows of n.

    Attributes
    ----------
    x, y, weight : shapes (m, k), (m,), (m,)
    place : shape (n,)
        Where each row is among the distinct ones.
    first : shape (m,)
        A row of each.
    """

    x: Floats
    y: Floats
    weight: Floats
    place: NDArray[np.intp]
    first: NDArray[np.intp]

    def sums(self, values: Floats) -> Floats:
        """Sums (m, R) of values (n, R) over equal rows."""
        n = len(self.place)
        if len(self.first) == n:
            return values
        gather = csr_array((np.ones(n), (self.place, np.arange(n))), shape=(len(self.first), n))
        return np.asarray(gather @ values)


def patterns_of(x: Floats, y: Floats, weight: Floats) -> Patterns:
    """Distinct pairs of columns (n, k) and outcome (n,); all rows, in order, where most are distinct."""
    n = len(y)
    place = np.zeros(n, dtype=np.intp)
    for column in (y, *x.T[1:]):
        codes, known = pd.factorize(column)
        both, distinct = pd.factorize(place * len(known) + codes)
        place = both.astype(np.intp)
        if len(distinct) > n / 2:
            every = np.arange(n, dtype=np.intp)
            return Patterns(x, y, weight, every, every)
    many = int(place.max()) + 1
    first = np.zeros(many, dtype=np.intp)
    first[place[::-1]] = np.arange(n)[::-1]
    summed = np.asarray(np.bincount(place, weights=weight, minlength=many), dtype=float)
    return Patterns(x[first], y[first], summed, place, first)
