"""Weights moved as little as possible so that weighted totals of given columns come out as known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DISTANCES", "Calibrated", "calibrate", "post_stratify"]

DISTANCES = ("linear", "raking", "logit")
"""`linear`: GREG, weights may fall below zero. `raking`: never below zero. `logit`: inside bounds."""

_Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What calibrating n firms to p totals ended in.

    Attributes
    ----------
    weight : NDArray[np.float64]
        Shape (n,).
    misses : NDArray[np.float64]
        Shape (p,): reached minus wanted totals.
    rounds : int
        Newton steps.
    is_met : bool
        Whether every total is met within the tolerance.
    """

    weight: NDArray[np.float64]
    misses: NDArray[np.float64]
    rounds: int
    is_met: bool


def calibrate(
    weight: NDArray[np.float64],
    columns: NDArray[np.float64],
    totals: NDArray[np.float64],
    *,
    distance: str = "linear",
    bounds: tuple[float, float] = (0.3, 3.0),
    tolerance: float = 1e-11,
    rounds: int = 100,
) -> Calibrated:
    """Calibration estimators of Deville and Sarndal (1992), w = d F(x'lambda), by Newton's method.

    F is 1 + u (linear, the GREG), exp u (raking), or their case 6 (logit), which keeps the ratio
    of new to old weight inside `bounds`. Columns may depend on each other, as the indicators of two
    margins do. Nothing is raised: totals that cannot be met come back with `is_met` false.

    Parameters
    ----------
    weight : NDArray[np.float64]
        Shape (n,), not negative.
    columns : NDArray[np.float64]
        Shape (n, p).
    totals : NDArray[np.float64]
        Shape (p,): weighted totals wanted.
    distance : str
        One of `DISTANCES`.
    bounds : tuple[float, float]
        Smallest and largest ratio, below and above 1; for `logit` only.
    tolerance : float
        Largest miss, as a share of the size of the total (sum of weighted absolute values).
    """
    curve = _curve(distance, bounds)
    size = np.maximum(weight @ np.abs(columns), np.abs(totals))
    size = np.where(size > 0, size, 1.0)
    x = columns / size
    wanted = totals / size
    slopes = np.zeros(x.shape[1])
    factor, change = curve(np.zeros(len(weight)))
    off = wanted - (weight * factor) @ x
    done = 0
    while np.abs(off).max(initial=0.0) > tolerance and done < rounds:
        done += 1
        matrix = x.T @ ((weight * change)[:, None] * x)
        step = np.linalg.pinv(matrix, rcond=1e-13, hermitian=True) @ off
        for _ in range(30):
            factor, change = curve(x @ (slopes + step))
            left = wanted - (weight * factor) @ x
            if np.isfinite(left).all() and np.abs(left).sum() < np.abs(off).sum():
                break
            step = step / 2
        else:
            factor, change = curve(x @ slopes)
            break
        slopes, off = slopes + step, left
    met = bool(np.abs(off).max(initial=0.0) <= tolerance)
    return Calibrated(weight * factor, -off * size, done, met)


def post_stratify(
    weight: NDArray[np.float64], codes: NDArray[np.int64], totals: NDArray[np.float64]
) -> Calibrated:
    """Weights scaled within each group to its known total (Holt and Smith 1979).

    Parameters
    ----------
    weight, codes : NDArray
        Shape (n,): weights, and group of each firm from 0.
    totals : NDArray[np.float64]
        Shape (groups,): totals wanted; a group without firms of positive weight is missed.
    """
    held = np.bincount(codes, weights=weight, minlength=len(totals))
    factor = np.divide(totals, held, out=np.zeros(len(totals)), where=held > 0)
    misses = np.where(held > 0, 0.0, -totals)
    return Calibrated(weight * factor[codes], misses, 1, not misses.any())


def _curve(distance: str, bounds: tuple[float, float]) -> Callable[[NDArray[np.float64]], _Curve]:
    """F and its derivative."""
    if distance == "linear":
        return lambda u: (1.0 + u, np.ones_like(u))
    if distance == "raking":
        return _exponential
    low, high = bounds
    scale = (high - low) / ((1 - low) * (high - 1))

    def logit(u: NDArray[np.float64]) -> _Curve:
        grown = np.exp(np.clip(scale * u, -250.0, 250.0))
        below = (high - 1) + (1 - low) * grown
        value = (low * (high - 1) + high * (1 - low) * grown) / below
        slope = (high - low) * scale * (1 - low) * (high - 1) * grown / below**2
        return value, slope

    return logit


def _exponential(u: NDArray[np.float64]) -> _Curve:
    value = np.exp(np.clip(u, -500.0, 500.0))
    return value, value
