"""Logistic regression with the Jeffreys penalty (Firth), which stays finite when events are few."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.likelihood import Terms, climb

__all__ = ["FirthFit", "Logits", "ascend", "fit_firth", "fit_logits", "logits", "penalised_terms"]

Floats = NDArray[np.float64]

EXACT = 4_000_000
"""Numbers up to which second derivatives of the penalty are worked out too; beyond it hardly matters."""


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
class Logits:
    """Penalised likelihoods of logits on the same columns; a `Likelihood`.

    `l* = sum w (y eta - log(1 + e^eta)) + penalty log det I - 0.5 sum ridge b^2`, `I = X' W X` over the
    `leading` columns.

    Attributes
    ----------
    X : shape (n, k)
    y, weights : shape (1 or m, n)
        Of one problem, or of m.
    penalty : float
        0.5 for Firth, 0 for maximum likelihood.
    ridge : shape (k,)
        Precision of a normal prior on each coefficient; 0 for none.
    leading : int
        Columns with the Jeffreys prior, the first ones; the others have `ridge`.
    """

    X: Floats
    y: Floats
    weights: Floats
    penalty: float
    ridge: Floats
    leading: int

    @property
    def rows(self) -> Floats:
        """The columns."""
        return self.X

    def at(self, b: Floats, which: NDArray[np.int64]) -> Terms:
        """Terms at b of the problems `which`; see `Likelihood`."""
        X, q = self.X, self.leading
        n, k = X.shape
        y = self.y if len(self.y) == 1 else self.y[which]
        w = self.weights if len(self.weights) == 1 else self.weights[which]
        eta, p = _curve(b, X)
        v = w * p * (1.0 - p)
        first = X[:, :q]
        lead_pairs = (first[:, :, None] * first[:, None, :]).reshape(n, q * q)
        information = (v @ lead_pairs).reshape(-1, q, q)
        inverse, logdet, sound = _inverted(information)
        hat = v * (inverse.reshape(-1, q * q) @ lead_pairs.T)
        value = np.sum(w * (y * eta - np.logaddexp(0.0, eta)), axis=1)
        value = np.where(sound, value + self.penalty * logdet, -np.inf) - 0.5 * (b**2) @ self.ridge
        score = (w * (y - p) + 2.0 * self.penalty * hat * (0.5 - p)) @ X - b * self.ridge
        pairs = lead_pairs if q == k else (X[:, :, None] * X[:, None, :]).reshape(n, k * k)
        curvature = ((v * (1.0 + 2.0 * self.penalty * hat)) @ pairs).reshape(-1, k, k)
        if self.penalty and (n + len(b)) * k * q * q <= EXACT:
            bent = _bend(X, v, p, inverse, pairs, lead_pairs)
            exact = (v @ pairs).reshape(-1, k, k) - self.penalty * bent
            is_convex = sound & (np.linalg.eigvalsh(_scaled(exact))[:, 0] > 1e-4)
            curvature = np.where(is_convex[:, None, None], exact, curvature)
        if self.ridge.any():
            curvature = curvature + np.diag(self.ridge)
        return Terms(value, score, curvature, hat, p)

    def value(self, b: Floats) -> Floats:
        """Value alone of m coefficient vectors."""
        q = self.leading
        first = self.X[:, :q]
        eta, p = _curve(b, self.X)
        v = self.weights * p * (1.0 - p)
        lead_pairs = (first[:, :, None] * first[:, None, :]).reshape(len(first), q * q)
        _, logdet, sound = _inverted((v @ lead_pairs).reshape(-1, q, q))
        value = np.sum(self.weights * (self.y * eta - np.logaddexp(0.0, eta)), axis=1)
        return np.where(sound, value + self.penalty * logdet, -np.inf) - 0.5 * (b**2) @ self.ridge


def _curve(b: Floats, X: Floats) -> tuple[Floats, Floats]:
    eta = b @ X.T
    return eta, 1.0 / (1.0 + np.exp(-np.clip(eta, -700.0, 700.0)))


def _scaled(matrices: Floats) -> Floats:
    """Symmetric matrices brought to a unit diagonal (where it is positive)."""
    scale = np.sqrt(np.maximum(np.einsum("mii->mi", matrices), 1e-300))
    return matrices / (scale[:, :, None] * scale[:, None, :])


def _inverted(information: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Inverse, log determinant, and whether there is one, of m matrices."""
    scale = np.sqrt(np.maximum(np.einsum("mii->mi", information), 1e-300))
    unit = information / (scale[:, :, None] * scale[:, None, :])
    det = np.linalg.det(unit)
    sound = det > 1e-13
    unit = np.where(sound[:, None, None], unit, np.eye(information.shape[1]))
    inverse = np.linalg.inv(unit) / (scale[:, :, None] * scale[:, None, :])
    logdet = np.log(np.where(sound, det, 1.0)) + 2.0 * np.log(scale).sum(axis=1)
    return inverse, np.where(sound, logdet, 0.0), sound


def _bend(X: Floats, v: Floats, p: Floats, inverse: Floats, pairs: Floats, lead: Floats) -> Floats:
    """Second derivatives of log det I, shape (m, k, k).

    `tr(I^-1 I_rs) - tr(I^-1 I_r I^-1 I_s)`, with `I_r = X' diag(v (1 - 2p) x_r) X`.

    Parameters
    ----------
    pairs, lead : shapes (n, k * k), (n, q * q)
        Products of all columns, and of the leading ones.
    """
    n, k = X.shape
    q = inverse.shape[1]
    spread = inverse.reshape(-1, q * q) @ lead.T
    straight = ((v * (1.0 - 6.0 * p * (1.0 - p)) * spread) @ pairs).reshape(-1, k, k)
    triples = (X[:, :, None] * lead[:, None, :]).reshape(n, k * q * q)
    turned = inverse[:, None] @ ((v * (1.0 - 2.0 * p)) @ triples).reshape(-1, k, q, q)
    across = turned.reshape(-1, k, q * q) @ turned.swapaxes(2, 3).reshape(-1, k, q * q).swapaxes(1, 2)
    return straight - across


def logits(
    X: Floats,
    y: Floats,
    *,
    weights: Floats | float = 1.0,
    penalty: float = 0.5,
    ridge: Floats | None = None,
    leading: int | None = None,
) -> Logits:
    """Likelihoods of logits; shapes as `Logits`, where one row stands for a vector and for a number.

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,) or (m, n)
        0 or 1.
    weights : shape (n,) or (m, n), or one number
        Case weights: 2 is as good as the row twice.
    penalty : float
        0.5 for Firth, 0 for maximum likelihood.
    ridge : shape (k,), optional
        Precisions of normal priors of the columns after the `leading` ones.
    leading : int, optional
        Columns with the Jeffreys prior; all if None.
    """
    n, k = X.shape
    many = np.atleast_2d(np.asarray(y, dtype=np.float64))
    case = np.asarray(weights, dtype=np.float64)
    case = np.full((1, n), float(case)) if case.ndim == 0 else np.atleast_2d(case)
    flat = np.zeros(k) if ridge is None else np.asarray(ridge, dtype=np.float64)
    return Logits(np.asarray(X, dtype=np.float64), many, case, penalty, flat, leading or k)


def penalised_terms(
    b: Floats, X: Floats, y: Floats, weights: Floats | float = 1.0, penalty: float = 0.5
) -> Terms:
    """Penalised log-likelihood and its derivatives at m coefficient vectors at once.

    `l* = sum w (y eta - log(1 + e^eta)) + penalty log det I`, `I = X' W X`, score
    `sum (w (y - p) + 2 penalty h (0.5 - p)) x` (Firth 1993; Heinze and Schemper 2002).

    Parameters
    ----------
    b : shape (m, k)
    X, y, weights, penalty
        As `logits`.

    Returns
    -------
    Terms
        `value` is -inf where the information is singular.
    """
    return logits(X, y, weights=weights, penalty=penalty).at(b, np.arange(len(b)))


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
    """Maximise the penalised likelihood of m logits on the same columns at once; see `climb`.

    Parameters
    ----------
    X, y, weights, penalty
        As `logits`.
    start : shape (m, k), optional
        Where to begin; zeros if None.
    free : shape (m, k, q), optional
        Directions that may move; all of them if None.
    many : int
        m, where `start` is None.

    Returns
    -------
    coefficients (m, k), nan where there is no maximum, terms there, iterations (m,)
    """
    begin = np.zeros((many, X.shape[1])) if start is None else start
    return climb(logits(X, y, weights=weights, penalty=penalty), begin, free)


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
        Case weights.

    Returns
    -------
    FirthFit

    Raises
    ------
    ValueError
        Columns of X are collinear, y is not 0/1, or the ascent did not arrive.

    Source: Firth, Biometrika 80, 1993; Heinze and Schemper, Statistics in Medicine 21, 2002.
    """
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y must hold 0 and 1 only")
    return fit_logits(logits(X, y, weights=weights), information=information)


def fit_logits(
    likelihood: Logits, *, information: Literal["plain", "augmented"] = "plain", free: Floats | None = None
) -> FirthFit:
    """Fit one logit with its priors; see `fit_firth`.

    Parameters
    ----------
    likelihood : Logits
        Of one problem.
    information : str
    free : shape (k, q), optional
        Directions that may move; the covariance is that of all directions.

    Raises
    ------
    ValueError
        As `fit_firth`.
    """
    if information not in ("plain", "augmented"):
        raise ValueError(f"information is {information!r}; it must be 'plain' or 'augmented'")
    X = likelihood.X
    b, terms, spent = climb(likelihood, np.zeros((1, X.shape[1])), None if free is None else free[None])
    if not np.isfinite(b).all():
        raise ValueError("the penalised likelihood has no maximum here: columns of X are collinear")
    v = terms.fitted[0] * (1.0 - terms.fitted[0]) * likelihood.weights[0]
    if information == "augmented":
        v = v * (1.0 + np.divide(terms.hat[0], likelihood.weights[0], out=np.zeros(len(v)), where=v > 0))
    return FirthFit(
        coefficients=b[0],
        covariance=np.linalg.inv((X * v[:, None]).T @ X + np.diag(likelihood.ridge)),
        penalised=float(terms.value[0]),
        hat=terms.hat[0],
        fitted=terms.fitted[0],
        information=information,
        iterations=int(spent[0]),
    )
