"""Logistic regression with the Jeffreys penalty (Firth), which stays finite when events are few."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["FirthFit", "Terms", "ascend", "fit_firth", "penalised_terms"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
"""Newton decrement (standardised step, free of units) at which an ascent has converged."""

STEPS = 200
HALVINGS = 40
REACH = 5.0
"""Largest move of any firm's linear predictor in one step."""


@dataclass(frozen=True, slots=True)
class FirthFit:
    """A fitted Firth model of n firms and k coefficients (intercept first).

    Attributes
    ----------
    coefficients : shape (k,)
    covariance : shape (k, k)
        Inverse of the information named in `information`.
    penalised : float
        l*(b) = l(b) + 0.5 log det I(b) at the estimate.
    hat : shape (n,)
        Hat diagonals h, which sum to k.
    fitted : shape (n,)
        Probabilities p.
    information : str
        `plain` X'WX (as brglm2) or `augmented` X' diag(1 + h) W X (as logistf from 1.24.1).
    iterations : int
    """

    coefficients: Floats
    covariance: Floats
    penalised: float
    hat: Floats
    fitted: Floats
    information: str
    iterations: int

    @property
    def se(self) -> Floats:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True, slots=True)
class Terms:
    """Value (m,), score (m, k), hat (m, n), fitted (m, n) at m coefficient vectors.

    `curvature` (m, k, k) is the augmented information `X' diag(1 + 2 penalty h) W X`: steps are made by it.
    """

    value: Floats
    score: Floats
    curvature: Floats
    hat: Floats
    fitted: Floats


def penalised_terms(
    b: Floats, X: Floats, y: Floats, weights: Floats | float = 1.0, penalty: float = 0.5
) -> Terms:
    """Penalised log-likelihood and its derivatives at m coefficient vectors at once.

    `l* = sum w (y eta - log(1 + e^eta)) + penalty log det I`, `I = X' W X`, score
    `sum (w (y - p) + 2 penalty h (0.5 - p)) x` (Firth 1993; Heinze and Schemper 2002).

    Parameters
    ----------
    b : shape (m, k)
    X : shape (n, k)
    y : shape (n,) or (m, n)
        0 or 1.
    weights : shape (n,) or (m, n), or one number
        Frequency weights.
    penalty : float
        0.5 for Firth, 0 for maximum likelihood.

    Returns
    -------
    Terms
        `value` is -inf where the information is singular.
    """
    k = X.shape[1]
    eta = b @ X.T
    p = 1.0 / (1.0 + np.exp(-np.clip(eta, -700.0, 700.0)))
    w = np.broadcast_to(np.asarray(weights, dtype=np.float64), eta.shape)
    v = w * p * (1.0 - p)
    products = (X[:, :, None] * X[:, None, :]).reshape(len(X), k * k)
    information = (v @ products).reshape(-1, k, k)
    sign, logdet = np.linalg.slogdet(information)
    scale = np.sqrt(np.maximum(np.einsum("mii->mi", information), 1e-300))
    unit = information / (scale[:, :, None] * scale[:, None, :])
    sound = (sign > 0) & (np.linalg.det(unit) > 1e-13)
    unit = np.where(sound[:, None, None], unit, np.eye(k))
    inverse = np.linalg.inv(unit) / (scale[:, :, None] * scale[:, None, :])
    hat = v * (inverse.reshape(-1, k * k) @ products.T)
    likelihood = np.sum(w * (y * eta - np.logaddexp(0.0, eta)), axis=1)
    value = np.where(sound, likelihood + penalty * np.where(sound, logdet, 0.0), -np.inf)
    score = (w * (y - p) + 2.0 * penalty * hat * (0.5 - p)) @ X
    curvature = ((v * (1.0 + 2.0 * penalty * hat)) @ products).reshape(-1, k, k)
    return Terms(value, score, curvature, hat, p)


def ascend(
    X: Floats,
    y: Floats,
    *,
    weights: Floats | float = 1.0,
    penalty: float = 0.5,
    start: Floats | None = None,
    free: Floats | None = None,
    many: int = 1,
) -> tuple[Floats, Terms, NDArray[np.int64]]:
    """Maximise the penalised likelihood for m problems at once, each along its own free directions.

    Newton steps on the augmented information with step halving; a problem has converged when its
    standardised step is below 1e-10. A problem that cannot be solved comes back as nan.

    Parameters
    ----------
    X : shape (n, k)
    y : shape (n,) or (m, n)
    weights : shape (n,) or (m, n), or one number
    penalty : float
        0.5 for Firth, 0 for maximum likelihood.
    start : shape (m, k), optional
        Where to begin; with `free`, also the point the free directions leave from.
    free : shape (m, k, q), optional
        Directions that may move; all of them if None.
    many : int
        m, where `start` is None.

    Returns
    -------
    coefficients (m, k), terms there, iterations (m,)
    """
    k = X.shape[1]
    b = np.zeros((many, k)) if start is None else np.array(start, dtype=np.float64)
    m = len(b)
    weights = np.broadcast_to(np.asarray(weights, dtype=np.float64), (m, len(X)))
    y = np.broadcast_to(np.asarray(y, dtype=np.float64), (m, len(X)))
    spent = np.zeros(m, dtype=np.int64)
    terms = penalised_terms(b, X, y, weights, penalty)
    if free is not None and free.shape[2] == 0:
        return b, terms, spent
    live = np.isfinite(terms.value)
    done = np.zeros(m, dtype=bool)
    for _ in range(STEPS):
        at = np.flatnonzero(live & ~done)
        if not at.size:
            break
        score, curvature = terms.score[at], terms.curvature[at]
        if free is None:
            step = np.linalg.solve(curvature, score[:, :, None])[:, :, 0]
        else:
            F = free[at]
            inner = np.einsum("mki,mkl,mlj->mij", F, curvature, F)
            gradient = np.einsum("mki,mk->mi", F, score)
            step = np.einsum("mki,mi->mk", F, np.linalg.solve(inner, gradient[:, :, None])[:, :, 0])
        decrement = np.sqrt(np.maximum(np.einsum("mk,mk->m", step, score), 0.0))
        arrived = decrement <= TOLERANCE
        done[at[arrived]] = True
        at, step = at[~arrived], step[~arrived]
        if not at.size:
            continue
        step *= np.minimum(1.0, REACH / np.maximum(np.abs(step @ X.T).max(axis=1), 1e-300))[:, None]
        spent[at] += 1
        waiting = np.arange(len(at))
        for _ in range(HALVINGS):
            who = at[waiting]
            trial = penalised_terms(b[who] + step[waiting], X, y[who], weights[who], penalty)
            slack = 1e-12 * (1.0 + np.abs(terms.value[who]))
            better = trial.value >= terms.value[who] - slack
            moved = who[better]
            b[moved] += step[waiting[better]]
            for name in ("value", "score", "curvature", "hat", "fitted"):
                getattr(terms, name)[moved] = getattr(trial, name)[better]
            waiting = waiting[~better]
            if not waiting.size:
                break
            step[waiting] *= 0.5
        done[at[waiting]] = True
    b[~(live & done)] = np.nan
    return b, terms, spent


def fit_firth(
    X: Floats,
    y: Floats,
    *,
    information: Literal["plain", "augmented"] = "plain",
    weights: Floats | float = 1.0,
) -> FirthFit:
    """Fit a logit by Firth's penalised likelihood.

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,)
        0 or 1.
    information : str
        Which information the covariance inverts: `plain` (brglm2) or `augmented` (logistf >= 1.24.1).
    weights : shape (n,) or one number
        Frequency weights.

    Returns
    -------
    FirthFit

    Raises
    ------
    ValueError
        Columns of X are collinear, y is not 0/1, or the ascent did not arrive.

    Source: Firth, Biometrika 80, 1993; Heinze and Schemper, Statistics in Medicine 21, 2002.
    """
    if information not in ("plain", "augmented"):
        raise ValueError(f"information is {information!r}; it must be 'plain' or 'augmented'")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y must hold 0 and 1 only")
    b, terms, spent = ascend(X, y, weights=weights)
    if not np.isfinite(b).all():
        raise ValueError("the penalised likelihood has no maximum here: columns of X are collinear")
    v = terms.fitted[0] * (1.0 - terms.fitted[0]) * weights
    if information == "augmented":
        v = v * (1.0 + terms.hat[0])
    return FirthFit(
        coefficients=b[0],
        covariance=np.linalg.inv((X * v[:, None]).T @ X),
        penalised=float(terms.value[0]),
        hat=terms.hat[0],
        fitted=terms.fitted[0],
        information=information,
        iterations=int(spent[0]),
    )
