"""The limit of one linear combination of coefficients: Newton on both conditions at once, else a search."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.likelihood import Likelihood, climb

__all__ = ["limits_of"]

Floats = NDArray[np.float64]

JOINT = 30
"""Most steps of Newton on height and slopes at once; it takes four to seven."""

STRIDE = 8.0
"""Largest move of any firm's linear predictor in one such step."""

SEARCH = 80
"""Most steps of the search that stands in for it; it takes four to six."""


def limits_of(
    likelihood: Likelihood, contrasts: Floats, b_hat: Floats, covariance: Floats, top: float, need: float
) -> tuple[Floats, Floats]:
    """Both ends of `{ c'b : 2 (top - l*(b)) <= need, l* at its highest given c'b }` for m combinations.

    At an end the score is a multiple of c and the value is `top - need / 2`; both conditions are solved
    at once (Venzon and Moolgavkar, Applied Statistics 37, 1988). Where that does not arrive, the end is
    searched along the signed root of the profile, inside a bracket.

    Parameters
    ----------
    likelihood : Likelihood
        Of one problem.
    contrasts : shape (m, k)
        No row all zero.
    b_hat, covariance : shapes (k,), (k, k)
        Where l* is `top`, and about how uncertain that is.
    need : float
        Quantile of chi-squared on one degree of freedom.

    Returns
    -------
    low, high : shape (m,) each
    """
    m = len(contrasts)
    both = np.r_[contrasts, contrasts]
    sign = np.r_[-np.ones(m), np.ones(m)]
    ends = _at_once(likelihood, both, sign, b_hat, top - need / 2.0)
    left = np.flatnonzero(np.isnan(ends))
    if left.size:
        ends[left] = _searched(
            likelihood, both[left], sign[left], b_hat, covariance, top, float(np.sqrt(need))
        )
    return ends[:m], ends[m:]


def _at_once(likelihood: Likelihood, c: Floats, sign: Floats, b_hat: Floats, target: float) -> Floats:
    """Ends found by Newton on both conditions, nan where it did not arrive; shape (m,)."""
    centre = c @ b_hat
    here = np.broadcast_to(b_hat, c.shape).copy()
    ends = np.full(len(c), np.nan)
    live = np.arange(len(c))
    close = 1e-10 * (1.0 + abs(target))
    for _ in range(JOINT):
        terms = likelihood.at(here[live], np.zeros(len(live), dtype=np.int64))
        pair = np.stack([terms.score, c[live]], axis=2)
        with np.errstate(all="ignore"):
            moved = np.linalg.solve(terms.curvature, pair)
            inner = pair.swapaxes(1, 2) @ moved
            above = terms.value - target
            width = 2.0 * above + inner[:, 0, 0]
            along = sign[live] * np.sqrt(width / inner[:, 1, 1])
            across = inner[:, 0, 0] - inner[:, 0, 1] ** 2 / inner[:, 1, 1]
        step = moved[:, :, 0] + along[:, None] * moved[:, :, 1]
        value = np.sum(c[live] * here[live], axis=1)
        arrived = (np.abs(above) < close) & (across < 1e-16) & (sign[live] * (value - centre[live]) > 0)
        ends[live[arrived]] = value[arrived]
        going = np.isfinite(terms.value) & np.isfinite(step).all(axis=1) & ~arrived
        live, step = live[going], step[going]
        if not live.size:
            break
        reach = np.abs(step @ likelihood.rows.T).max(axis=1) / STRIDE
        here[live] += step / np.maximum(1.0, reach)[:, None]
    return ends


def _searched(
    likelihood: Likelihood, c: Floats, sign: Floats, b_hat: Floats, covariance: Floats, top: float, z: float
) -> Floats:
    """Ends by Newton on the signed root of the profile, nearly linear in the end, inside a bracket."""
    ridge, direction, free, se = _directions(c, covariance)
    centre = c @ b_hat
    near, far = np.zeros(len(c)), np.full(len(c), np.inf)  # distance from the estimate, bracketed
    t = z * se
    b = b_hat + (sign * t)[:, None] * ridge
    live = np.arange(len(c))
    for _ in range(SEARCH):
        if not live.size:
            break
        start = b[live]
        dead = ~np.isfinite(likelihood.value(start))
        start[dead] = b_hat + (sign * t)[live[dead], None] * direction[live[dead]]
        solved, terms, _ = climb(likelihood, start, free[live])
        lost = np.any(np.isnan(solved), axis=1)
        root = np.sqrt(np.maximum(2.0 * (top - terms.value), 0.0))
        root[lost] = np.inf
        slope = -sign[live] * np.einsum("mk,mk->m", terms.score, direction[live]) / np.maximum(root, 1e-12)
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
        moved = (sign[live] * (trial - t[live]))[keep]
        live = live[keep]
        b[live] = np.where(
            lost[keep][:, None],
            b_hat + (sign[live] * trial[keep])[:, None] * ridge[live],
            b[live] + moved[:, None] * direction[live],
        )
        t[live] = trial[keep]
    return centre + sign * t


def _directions(c: Floats, covariance: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of m combinations: a way along the ridge (m, k), one that moves a pivot alone (m, k), those that
    leave the combination as it is (m, k, k - 1), and the standard error (m,).
    """
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
    return (c @ covariance) / (se**2)[:, None], direction, free, se
