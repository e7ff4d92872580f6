"""Ratios and totals of many columns at once: value, weighted base, scores and design variance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.taylor import taylor_variance

__all__ = ["Columns", "ratio_columns", "total_columns"]


_ROUNDING = 1e-26


@dataclass(frozen=True, slots=True)
class Columns:
    """Estimates of k columns.

    Attributes
    ----------
    value, base, variance : NDArray[np.float64]
        Shape (k,): the estimate (nan on an empty base), its weighted base, its design variance.
    scores : NDArray[np.float64]
        Shape (rows, k): weighted linearised values.
    """

    value: NDArray[np.float64]
    base: NDArray[np.float64]
    variance: NDArray[np.float64]
    scores: NDArray[np.float64]


def ratio_columns(tops: NDArray[np.float64], bottoms: NDArray[np.float64], arrays: DesignArrays) -> Columns:
    """Weighted sum of `tops` over weighted sum of `bottoms`; shares and means have bottoms 0 or 1.

    Scores w (y - R x) / sum w x (Cochran 1977, 6.3; Woodruff 1971).

    Parameters
    ----------
    tops, bottoms : NDArray[np.float64]
        Shape (rows, k), 0 outside the base of a column.
    """
    w = arrays.weight
    base = w @ bottoms
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(base != 0, (w @ tops) / base, np.nan)
        scores = w[:, None] * (tops - bottoms * value) / base
        scores = np.where(base != 0, scores, 0.0)
        if arrays.replicates is None:
            variance = taylor_variance(scores, arrays)
        else:
            many = arrays.replicates.weights.T
            variance = replicate_variance((many @ tops) / (many @ bottoms), value, arrays.replicates)
    return Columns(value, base, np.where(base != 0, _without_noise(variance, value), np.nan), scores)


def total_columns(tops: NDArray[np.float64], inside: NDArray[np.float64], arrays: DesignArrays) -> Columns:
    """Weighted sums of `tops`, missing values omitted and nothing rescaled.

    Parameters
    ----------
    tops, inside : NDArray[np.float64]
        Shape (rows, k): values, 0 outside the base; 1 inside the base, else 0.
    """
    w = arrays.weight
    value = w @ tops
    scores = w[:, None] * tops
    if arrays.replicates is None:
        variance = taylor_variance(scores, arrays)
    else:
        variance = replicate_variance(arrays.replicates.weights.T @ tops, value, arrays.replicates)
    return Columns(value, w @ inside, _without_noise(variance, value), scores)


def _without_noise(variance: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero where a standard error is below 1e-13 of its value: rounding, such as of a stratum's size."""
    return np.where(variance <= _ROUNDING * value**2, 0.0, variance)
