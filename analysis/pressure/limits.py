"""Confidence limits from the profile of the penalised likelihood, for many firms at once."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.pressure.firth import ascend, fit_firth, penalised_terms

__all__ = ["coefficient_interval", "linear_predictor_interval", "profile_interval"]

Floats = NDArray[np.float64]

SEARCH = 80
"""Most steps of the search for one limit; it takes four to six."""

BLOCK = 4_000_000
"""Numbers (problems x firms) held at once."""


def profile_interval(X: Floats, y: Floats, contrasts: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Profile penalised likelihood interval of m linear combinations `c'b`.

    `{ g : 2 [ l*(b_hat) - max over c'b = g of l*(b) ] <= chi2_1(level) }`, with the determinant of
    the full information at every step (Heinze and Ploner 2003; logistf). Each limit is searched by
    Newton on the signed root, which is nearly linear in g, inside a bracket.

    Parameters
    ----------
    X : shape (n, k)
    y : shape (n,)
        0 or 1.
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
        As `fit_firth`.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}; it must lie between 0 and 1")
    fit = fit_firth(X, y)
    contrasts = np.atleast_2d(np.asarray(contrasts, dtype=np.float64))
    unique, back = np.unique(contrasts, axis=0, return_inverse=True)
    back = np.ravel(back)
    rows = max(1, BLOCK // max(1, len(X)))
    parts = [
        _both_limits(X, y, unique[i : i + rows], fit.coefficients, fit.covariance, fit.penalised, level)
        for i in range(0, len(unique), rows)
    ]
    low, high = (np.concatenate(side) for side in zip(*parts, strict=True))
    return low[back], high[back]


def _both_limits(
    X: Floats, y: Floats, c: Floats, b_hat: Floats, covariance: Floats, top: float, level: float
) -> tuple[Floats, Floats]:
    m, k = c.shape
    pivot = np.argmax(np.abs(c), axis=1)
    each = np.arange(m)
    direction = np.zeros((m, k))
    direction[each, pivot] = 1.0 / c[each, pivot]
    others = np.array([[i for i in range(k) if i != j] for j in range(k)], dtype=np.int64).reshape(k, k - 1)[
        pivot
    ]
    free = np.zeros((m, k, k - 1))
    columns = np.broadcast_to(np.arange(k - 1), others.shape)
    free[each[:, None], others, columns] = 1.0
    free[each[:, None], pivot[:, None], columns] -= c[each[:, None], others] / c[each, pivot][:, None]
    se = np.sqrt(np.einsum("mk,kl,ml->m", c, covariance, c))
    # start along the ridge of the normal approximation: b_hat + t * covariance c / (c' covariance c)
    ridge = (c @ covariance) / (se**2)[:, None]
    sides = [_one_limit(X, y, c, b_hat, ridge, direction, free, se, top, level, sign) for sign in (-1.0, 1.0)]
    return sides[0], sides[1]


def _one_limit(
    X: Floats,
    y: Floats,
    c: Floats,
    b_hat: Floats,
    ridge: Floats,
    direction: Floats,
    free: Floats,
    se: Floats,
    top: float,
    level: float,
    sign: float,
) -> Floats:
    """The limit on one side: signed root of the profile equal to the root of the chi-squared quantile."""
    z = float(np.sqrt(chi2.ppf(level, 1)))
    centre = c @ b_hat
    near, far = np.zeros(len(c)), np.full(len(c), np.inf)  # distance from the estimate, bracketed
    t = z * se
    b = b_hat + sign * t[:, None] * ridge
    live = np.arange(len(c))
    for _ in range(SEARCH):
        if not live.size:
            break
        start = b[live]
        dead = ~np.isfinite(penalised_terms(start, X, y).value)
        start[dead] = b_hat + sign * t[live[dead], None] * direction[live[dead]]
        solved, terms, _ = ascend(X, y, start=start, free=free[live])
        lost = np.any(np.isnan(solved), axis=1)
        root = np.sqrt(np.maximum(2.0 * (top - terms.value), 0.0))
        root[lost] = np.inf
        slope = -sign * np.einsum("mk,mk->m", terms.score, direction[live]) / np.maximum(root, 1e-12)
        inside = root < z
        near[live] = np.where(inside, t[live], near[live])
        far[live] = np.where(inside, far[live], t[live])
        with np.errstate(divide="ignore", invalid="ignore"):
            trial = t[live] + (z - root) / slope
        beyond = ~np.isfinite(trial) | (trial <= near[live]) | (trial >= far[live])
        middle = np.where(np.isfinite(far[live]), 0.5 * (near[live] + far[live]), 2.0 * t[live])
        trial = np.where(beyond, middle, trial)
        b[live] = np.where(lost[:, None], b_hat, solved)
        arrived = np.abs(root - z) < 1e-10
        tight = (far[live] - near[live]) < 1e-13 * (1.0 + far[live])
        keep = ~(arrived | tight)
        moved = (trial - t[live])[keep]
        live = live[keep]
        b[live] = np.where(
            lost[keep][:, None],
            b_hat + sign * trial[keep][:, None] * ridge[live],
            b[live] + sign * moved[:, None] * direction[live],
        )
        t[live] = trial[keep]
    return centre + sign * t


def linear_predictor_interval(
    X: Floats, y: Floats, x_new: Floats, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Profile interval of the linear predictor of m firms.

    Profiling `x'b` is profiling the intercept after centring X at the firm, because the penalised
    likelihood does not depend on the parametrisation. Firms with equal x are computed once.

    Parameters
    ----------
    X : shape (n, k)
        Rows the model is fitted to.
    y : shape (n,)
    x_new : shape (m, k)
        Firms to predict, with the same columns as X (intercept 1 included).
    level : float

    Returns
    -------
    low, high : shape (m,) each, logit scale
    """
    return profile_interval(X, y, x_new, level)


def coefficient_interval(X: Floats, y: Floats, column: int, level: float = 0.95) -> tuple[float, float]:
    """Profile interval of one coefficient, as logistf reports it."""
    unit = np.zeros((1, X.shape[1]))
    unit[0, column] = 1.0
    low, high = profile_interval(X, y, unit, level)
    return float(low[0]), float(high[0])
