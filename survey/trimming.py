"""Weights cut at bounds, what was cut spread over the other firms so that the sum stays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Trimmed", "trim"]


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Weights of n firms inside bounds.

    Attributes
    ----------
    weight : NDArray[np.float64]
        Shape (n,); weights of zero stay zero.
    cut : NDArray[np.bool_]
        Shape (n,): firms whose weight stands at a bound.
    is_met : bool
        Whether the sum could be kept.
    """

    weight: NDArray[np.float64]
    cut: NDArray[np.bool_]
    is_met: bool


def trim(weight: NDArray[np.float64], low: float, high: float) -> Trimmed:
    """Bound weights and spread the excess in proportion to the weights not cut (Potter 1990).

    Repeated until nothing is outside. The sum cannot be kept where every weight is at its bound.

    Parameters
    ----------
    weight : NDArray[np.float64]
        Shape (n,); a negative weight is raised to the lower bound.
    low, high : float
        Bounds, in the unit of the weights.
    """
    live = weight != 0
    wanted = float(weight.sum())
    result = weight.astype(float, copy=True)
    cut = np.zeros(len(weight), dtype=bool)
    for _ in range(1000):
        outside = live & ((result < low) | (result > high))
        if not outside.any():
            break
        cut |= outside
        result = np.where(cut, np.clip(result, low, high), result)
        free = live & ~cut
        held = float(result[free].sum())
        if not held > 0:
            break
        result = np.where(free, result * ((wanted - result[cut].sum()) / held), result)
        if (result[free] <= 0).any():
            break
    result = np.where(live, np.clip(result, low, high), result)
    return Trimmed(result, cut, bool(abs(result.sum() - wanted) <= 1e-9 * abs(wanted)))
