"""Confidence limits and tests from the profile of the penalised likelihood, for many firms at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri

from analysis.pressure.firth import fit_firth, fit_logits
from analysis.pressure.jeffreys import logits
from analysis.pressure.likelihood import Likelihood
from analysis.pressure.searching import limits_of

__all__ = [
    "RatioTest",
    "coefficient_interval",
    "linear_predictor_interval",
    "profile_interval",
    "profile_limits",
    "ratio_test",
]

Floats = NDArray[np.float64]

BLOCK = 4_000_000
"""Numbers (problems x firms) held at once."""


@dataclass(frozen=True, slots=True)
class RatioTest:
    """Penalised likelihood ratio test: twice the fall of l*, its degrees of freedom, p."""

    statistic: float
    df: int
    p: float


def profile_limits(
    likelihood: Likelihood, b_hat: Floats, covariance: Floats, top: float, contrasts: Floats, level: float
) -> tuple[Floats, Floats]:
    """Profile interval of m linear combinations `c'b` under any penalised likelihood.

    Combinations that are the same are searched once.

    Parameters
    ----------
    likelihood : Likelihood
        Of one problem.
    b_hat, covariance : shapes (k,), (k, k)
        Its top and the doubt about it.
    top : float
        Its value there.
    contrasts : shape (m, k)
        No row may be all zero.
    level : float
        Between 0 and 1.

    Returns
    -------
    low, high : shape (m,) each

    Raises
    ------
    ValueError
        A level that is none.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}; it must lie between 0 and 1")
    contrasts = np.atleast_2d(np.asarray(contrasts, dtype=np.float64))
    if not len(contrasts):
        return np.empty(0), np.empty(0)
    unique, back = np.unique(contrasts, axis=0, return_inverse=True)
    back = np.ravel(back)
    need = float(ndtri(0.5 + level / 2.0) ** 2)  # quantile of chi-squared on 1
    rows = max(1, BLOCK // max(1, len(likelihood.rows)))
    parts = [
        limits_of(likelihood, unique[i : i + rows], b_hat, covariance, top, need)
        for i in range(0, len(unique), rows)
    ]
    low, high = (np.concatenate(side) for side in zip(*parts, strict=True))
    return low[back], high[back]


def profile_interval(
    X: Floats, y: Floats, contrasts: Floats, level: float = 0.95, weights: Floats | float = 1.0
) -> tuple[Floats, Floats]:
    """Profile penalised likelihood interval of m linear combinations `c'b` of a Firth logit.

    `{ g : 2 [ l*(b_hat) - max over c'b = g of l*(b) ] <= chi2_1(level) }`, with the determinant of
    the full information at every step (Heinze and Ploner 2003; logistf).

    Parameters
    ----------
    X : shape (n, k)
    y : shape (n,)
        0 or 1.
    contrasts : shape (m, k)
        No row may be all zero.
    level : float
        Between 0 and 1.
    weights : shape (n,) or one number
        Case weights.

    Returns
    -------
    low, high : shape (m,) each

    Raises
    ------
    ValueError
        As `fit_firth` and `profile_limits`.
    """
    fit = fit_firth(X, y, weights=weights)
    likelihood = logits(X, y, weights=weights)
    return profile_limits(likelihood, fit.coefficients, fit.covariance, fit.penalised, contrasts, level)


def linear_predictor_interval(
    X: Floats, y: Floats, x_new: Floats, level: float = 0.95, weights: Floats | float = 1.0
) -> tuple[Floats, Floats]:
    """Profile interval of the linear predictor of m firms: `centre x at the firm`.

    The profile of the intercept once the columns are centred at the firm is the profile of `x'b`.
    Firms with equal x are computed once.

    Parameters
    ----------
    X : shape (n, k)
        Rows the model is fitted to.
    y : shape (n,)
    x_new : shape (m, k)
        Firms to predict, with the same columns as X (intercept 1 included).
    level : float
    weights : shape (n,) or one number
        Case weights.

    Returns
    -------
    low, high : shape (m,) each, logit scale
    """
    return profile_interval(X, y, x_new, level, weights)


def coefficient_interval(
    X: Floats, y: Floats, column: int, level: float = 0.95, weights: Floats | float = 1.0
) -> tuple[float, float]:
    """Profile interval of one coefficient, as logistf reports it."""
    unit = np.zeros((1, X.shape[1]))
    unit[0, column] = 1.0
    low, high = profile_interval(X, y, unit, level, weights)
    return float(low[0]), float(high[0])


def ratio_test(X: Floats, y: Floats, columns: Sequence[int], weights: Floats | float = 1.0) -> RatioTest:
    """Penalised likelihood ratio test that the coefficients of some columns are zero.

    Both likelihoods are penalised by the determinant of the information of **all** columns, as in
    `logistf` (Heinze and Schemper 2002): the restricted one holds the tested coefficients at zero.

    Parameters
    ----------
    X : shape (n, k)
    y : shape (n,)
        0 or 1.
    columns : sequence of int
        Columns tested; at least one.
    weights : shape (n,) or one number
        Case weights.

    Raises
    ------
    ValueError
        No column, or as `fit_firth`.
    """
    tested = sorted(set(columns))
    if not tested:
        raise ValueError("no column is tested; name at least one")
    likelihood = logits(X, y, weights=weights)
    whole = fit_firth(X, y, weights=weights)
    free = np.delete(np.eye(X.shape[1]), tested, axis=1)
    held = fit_logits(likelihood, free=free) if free.shape[1] else None
    below = float(likelihood.value(np.zeros((1, X.shape[1])))[0]) if held is None else held.penalised
    statistic = max(0.0, 2.0 * (whole.penalised - below))
    return RatioTest(statistic, len(tested), float(chdtrc(len(tested), statistic)))
