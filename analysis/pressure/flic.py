"""Intercept corrections that undo the pull of Firth predictions towards one half."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.firth import ascend, fit_firth

__all__ = ["FlacFit", "correct_intercept", "fit_flac"]

Floats = NDArray[np.float64]


def correct_intercept(offset: Floats, y: Floats, weights: Floats | float = 1.0) -> Floats:
    """Maximum likelihood intercept given `x'b` without it (FLIC), for m problems at once.

    Solves `sum w expit(a + offset) = sum w y`, so that the mean predicted probability equals the
    observed share (Puhr, Heinze, Nold, Lusa, Geroldinger, Statistics in Medicine 36, 2017).

    Parameters
    ----------
    offset : shape (m, n)
        Linear predictor without its intercept.
    y : shape (n,) or (m, n)
        0 or 1; neither all 0 nor all 1.
    weights : shape (n,) or (m, n), or one number

    Returns
    -------
    a : shape (m,)

    Raises
    ------
    ValueError
        All of y is 0, or all is 1: the intercept is infinite.
    """
    offset = np.atleast_2d(offset)
    w = np.broadcast_to(np.asarray(weights, dtype=np.float64), offset.shape)
    events, total = np.sum(w * y, axis=1), np.sum(w, axis=1)
    if np.any(events <= 0) or np.any(events >= total):
        raise ValueError("the intercept is infinite: nobody, or everybody, has the event")
    base = np.log(events / (total - events))
    low, high = base - offset.max(axis=1) - 1.0, base - offset.min(axis=1) + 1.0
    a = np.clip(base - np.sum(w * offset, axis=1) / total, low, high)
    for _ in range(200):
        p = 1.0 / (1.0 + np.exp(-np.clip(a[:, None] + offset, -700.0, 700.0)))
        gap = events - np.sum(w * p, axis=1)
        low, high = np.where(gap > 0, a, low), np.where(gap > 0, high, a)
        curve = np.maximum(np.sum(w * p * (1.0 - p), axis=1), 1e-300)
        trial = a + gap / curve
        trial = np.where((trial > low) & (trial < high), trial, 0.5 * (low + high))
        if np.all(np.abs(trial - a) <= 4e-16 * (1.0 + np.abs(a))) or np.all(np.abs(gap) <= 1e-15 * total):
            break
        a = trial
    return a


@dataclass(frozen=True, slots=True)
class FlacFit:
    """FLAC: coefficients (k,), the coefficient of the added-rows indicator, fitted p at g = 0 (n,)."""

    coefficients: Floats
    added: float
    fitted: Floats


def fit_flac(X: Floats, y: Floats, weights: Floats | float = 1.0) -> FlacFit:
    """Firth's logit with added covariate.

    Rows three times: (y, weight 1, g = 0), (y, weight h/2, g = 1), (1 - y, weight h/2, g = 1);
    maximum likelihood on x and g; predictions at g = 0 (Puhr and others 2017).

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,)
    weights : shape (n,) or one number
        Case weights; they take the place of the 1.

    Raises
    ------
    ValueError
        As `fit_firth`.
    """
    hat = fit_firth(X, y, weights=weights).hat
    n = len(y)
    g = np.r_[np.zeros(n), np.ones(2 * n)]
    tall = np.c_[np.vstack([X, X, X]), g]
    case = np.r_[np.broadcast_to(np.asarray(weights, dtype=np.float64), (n,)), hat / 2.0, hat / 2.0]
    b, _, _ = ascend(tall, np.r_[y, y, 1.0 - y], weights=case, penalty=0.0)
    if not np.isfinite(b).all():
        raise ValueError("FLAC has no maximum here")
    p = 1.0 / (1.0 + np.exp(-(X @ b[0, :-1])))
    return FlacFit(b[0, :-1], float(b[0, -1]), p)
