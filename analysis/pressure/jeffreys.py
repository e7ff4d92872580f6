"""The likelihood of logits with their priors: Jeffreys for the leading columns, normal for others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.likelihood import Terms

__all__ = ["Logits", "logits"]

Floats = NDArray[np.float64]

EXACT = 4_000_000
"""Numbers up to which second derivatives of the penalty are worked out too; beyond it hardly matters."""


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
    pairs, lead_pairs, triples : shapes (n, k * k), (n, q * q), (n, k * q * q)
        Products of columns, q of them leading; no triples where these would be too many.
    """

    X: Floats
    y: Floats
    weights: Floats
    penalty: float
    ridge: Floats
    leading: int
    pairs: Floats
    lead_pairs: Floats
    triples: Floats

    @property
    def rows(self) -> Floats:
        """The columns."""
        return self.X

    def at(self, b: Floats, which: NDArray[np.int64]) -> Terms:
        """Terms at b of the problems `which`; see `Likelihood`."""
        X, q = self.X, self.leading
        k = X.shape[1]
        y = self.y if len(self.y) == 1 else self.y[which]
        w = self.weights if len(self.weights) == 1 else self.weights[which]
        eta, p = _curve(b, X)
        v = w * p * (1.0 - p)
        information = (v @ self.lead_pairs).reshape(-1, q, q)
        inverse, logdet, sound = _inverted(information)
        hat = v * (inverse.reshape(-1, q * q) @ self.lead_pairs.T)
        value = np.sum(w * (y * eta - np.logaddexp(0.0, eta)), axis=1)
        value = np.where(sound, value + self.penalty * logdet, -np.inf) - 0.5 * (b**2) @ self.ridge
        score = (w * (y - p) + 2.0 * self.penalty * hat * (0.5 - p)) @ X - b * self.ridge
        if self.penalty and self.triples.size and len(b) * k * q * q <= EXACT:
            bent = _bend(v, p, inverse, self.pairs, self.lead_pairs, self.triples)
            curvature = (v @ self.pairs).reshape(-1, k, k) - self.penalty * bent
            is_convex = sound & _are_convex(curvature)
        else:
            curvature, is_convex = np.empty((len(b), k, k)), np.zeros(len(b), dtype=bool)
        if not is_convex.all():
            bluntly = ((v * (1.0 + 2.0 * self.penalty * hat)) @ self.pairs).reshape(-1, k, k)
            curvature = np.where(is_convex[:, None, None], curvature, bluntly)
        if self.ridge.any():
            curvature = curvature + np.diag(self.ridge)
        return Terms(value, score, curvature, hat, p)

    def value(self, b: Floats) -> Floats:
        """Value alone of m coefficient vectors."""
        q = self.leading
        eta, p = _curve(b, self.X)
        v = self.weights * p * (1.0 - p)
        _, logdet, sound = _inverted((v @ self.lead_pairs).reshape(-1, q, q))
        value = np.sum(self.weights * (self.y * eta - np.logaddexp(0.0, eta)), axis=1)
        return np.where(sound, value + self.penalty * logdet, -np.inf) - 0.5 * (b**2) @ self.ridge


def _curve(b: Floats, X: Floats) -> tuple[Floats, Floats]:
    eta = b @ X.T
    return eta, 1.0 / (1.0 + np.exp(-np.clip(eta, -700.0, 700.0)))


def _are_convex(matrices: Floats) -> NDArray[np.bool_]:
    """Which of m symmetric matrices are soundly positive definite, shape (m,)."""
    scale = np.sqrt(np.maximum(np.einsum("mii->mi", matrices), 1e-300))
    unit = matrices / (scale[:, :, None] * scale[:, None, :])
    try:
        np.linalg.cholesky(unit - 1e-4 * np.eye(unit.shape[1]))
    except np.linalg.LinAlgError:
        return np.linalg.eigvalsh(unit)[:, 0] > 1e-4
    return np.ones(len(unit), dtype=bool)


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


def _bend(v: Floats, p: Floats, inverse: Floats, pairs: Floats, lead: Floats, triples: Floats) -> Floats:
    """Second derivatives of log det I, shape (m, k, k).

    `tr(I^-1 I_rs) - tr(I^-1 I_r I^-1 I_s)`, with `I_r = X' diag(v (1 - 2p) x_r) X`.
    """
    q = inverse.shape[1]
    k = triples.shape[1] // (q * q)
    spread = inverse.reshape(-1, q * q) @ lead.T
    straight = ((v * (1.0 - 6.0 * p * (1.0 - p)) * spread) @ pairs).reshape(-1, k, k)
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
    columns, q = np.asarray(X, dtype=np.float64), leading or k
    pairs = (columns[:, :, None] * columns[:, None, :]).reshape(n, k * k)
    lead = pairs if q == k else pairs.reshape(n, k, k)[:, :q, :q].reshape(n, q * q)
    triples = np.empty((0, k * q * q))
    if penalty and n * k * q * q <= EXACT:
        triples = (columns[:, :, None] * lead[:, None, :]).reshape(n, k * q * q)
    return Logits(columns, many, case, penalty, flat, q, pairs, lead, triples)
