"""Limits over several imputations: the profiles of all of them made into one distribution."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.pressure.firth import fit_firth
from analysis.pressure.jeffreys import logits
from analysis.pressure.likelihood import Likelihood, climb
from analysis.pressure.limits import profile_limits

__all__ = ["Combined", "combine_profiles", "combined_interval", "profile_share"]

Floats = NDArray[np.float64]

STEPS = 200


@dataclass(frozen=True, slots=True)
class Combined:
    """A combination of coefficients over imputations: mean of the estimates, lower and upper limit."""

    estimate: float
    low: float
    high: float


def profile_share(likelihood: Likelihood, peak: Floats, top: float, contrast: Floats, at: Floats) -> Floats:
    """Distribution that a profile stands for, at m values of `c'b`: Phi of its signed root.

    One combination for all values, or one for each.

    Parameters
    ----------
    likelihood : Likelihood
        Of one problem.
    peak : shape (k,)
        Its top, of value `top`.
    contrast : shape (k,) or (m, k)
    at : shape (m,)

    Returns
    -------
    shape (m,), rising from 0 to 1 and one half at the estimate
    """
    k, rows = len(peak), np.arange(len(at))
    contrasts = np.broadcast_to(contrast, (len(at), k))
    pivot = np.argmax(np.abs(contrasts), axis=1)
    others = np.argsort(np.arange(k)[None] == pivot[:, None], axis=1, kind="stable")[:, : k - 1]
    size = contrasts[rows, pivot]
    free = np.zeros((len(at), k, k - 1))
    free[rows[:, None], others, np.arange(k - 1)[None]] = 1.0
    free[rows, pivot] -= np.take_along_axis(contrasts, others, axis=1) / size[:, None]
    gap = at - contrasts @ peak
    start = np.tile(peak, (len(at), 1))
    start[rows, pivot] += gap / size
    found, terms, _ = climb(likelihood, start, free)
    fall = np.sqrt(np.maximum(2.0 * (top - terms.value), 0.0))
    fall[np.isnan(found).any(axis=1)] = np.inf
    return np.asarray(ndtr(np.sign(gap) * fall))


def combine_profiles(
    parts: Sequence[tuple[Likelihood, Floats, Floats, float]], contrast: Floats, level: float = 0.95
) -> Combined:
    """Combined likelihood profiles: limits where the mean of the profiles' distributions has its tails.

    Each imputation's profile stands for the distribution `Phi(sign * root of 2 (l*_max - l*))`; their mean
    is inverted at `(1 - level) / 2` and at `(1 + level) / 2` (Heinze, Ploner and Beyea, Statistics in
    Medicine 32, 2013; `CLIP.confint` of logistf). With equal imputations these are the profile's limits.

    Parameters
    ----------
    parts : sequence
        Of each imputation: likelihood, top (k,), covariance (k, k), value there.
    contrast : shape (k,)
    level : float

    Raises
    ------
    ValueError
        No imputation.
    """
    if not parts:
        raise ValueError("no imputation; give at least one")
    points = np.array([contrast @ peak for _, peak, _, _ in parts])
    ends = [
        profile_limits(likelihood, peak, covariance, top, contrast[None], level)
        for likelihood, peak, covariance, top in parts
    ]
    lows, highs = np.array([end[0][0] for end in ends]), np.array([end[1][0] for end in ends])

    def mean(at: Floats) -> Floats:
        shares = [profile_share(like, peak, top, contrast, at) for like, peak, _, top in parts]
        return np.asarray(np.mean(shares, axis=0))

    tails = np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    # the mean's limit lies between the least and the greatest of the imputations' own
    below, above = np.array([lows.min(), highs.min()]), np.array([lows.max(), highs.max()])
    for _ in range(STEPS):
        middle = 0.5 * (below + above)
        if np.all(above - below <= 1e-11 * (1.0 + np.abs(middle))):
            break
        is_short = mean(middle) < tails
        below, above = np.where(is_short, middle, below), np.where(is_short, above, middle)
    low, high = 0.5 * (below + above)
    return Combined(float(points.mean()), float(low), float(high))


def combined_interval(
    imputations: Sequence[tuple[Floats, Floats]],
    contrast: Floats,
    level: float = 0.95,
    weights: Floats | float = 1.0,
) -> Combined:
    """`combine_profiles` of Firth logits, one to each completed data set.

    The model that imputes must hold the outcome among its predictors, else slopes shrink.

    Parameters
    ----------
    imputations : sequence of (X, y)
        Shapes (n, k), (n,), of each completed data set.
    contrast : shape (k,)
    level : float
    weights : shape (n,) or one number

    Raises
    ------
    ValueError
        As `fit_firth`, and no imputation.
    """
    parts = []
    for X, y in imputations:
        fit = fit_firth(X, y, weights=weights)
        parts.append((logits(X, y, weights=weights), fit.coefficients, fit.covariance, fit.penalised))
    return combine_profiles(parts, np.asarray(contrast, dtype=np.float64), level)
