"""Discrimination and error of the model, corrected for having been judged on its own training data."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.firth import ascend
from analysis.pressure.fitting import Fitted
from analysis.pressure.flic import correct_intercept
from analysis.pressure.tied import mean_ranks
from analysis.pressure.trusting import rank_stability, refitted

__all__ = ["RESAMPLES", "area_under_curve", "brier_score", "optimism_corrected", "resampled", "resamples_for"]

Floats = NDArray[np.float64]

RESAMPLES = 500
"""Bootstrap samples of the correction for optimism; fewer where firms are many."""

LEAST_RESAMPLES = 50
WORK = 1_000_000
"""Firms times resamples, beyond which there are fewer resamples."""

BLOCK = 4_000_000
"""Firms times resamples held at once."""


def area_under_curve(score: Floats, y: Floats) -> Floats:
    """Probability that a firm with the event scores above one without; ties count half.

    Parameters
    ----------
    score, y : shape (m, n)

    Returns
    -------
    shape (m,); nan where all or none have the event
    """
    events = y.sum(axis=1)
    others = y.shape[1] - events
    ranks = mean_ranks(score)
    pairs = events * others
    wins = np.sum(ranks * y, axis=1) - events * (events + 1) / 2.0
    return np.divide(wins, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def brier_score(p: Floats, y: Floats) -> Floats:
    """Mean squared difference of probability and event, shape (m,), for arrays of shape (m, n)."""
    return np.mean((p - y) ** 2, axis=1)


def optimism_corrected(
    X: Floats,
    y: Floats,
    rng: np.random.Generator,
    *,
    level: float = 0.90,
    resamples: int = RESAMPLES,
    fitted: Fitted | None = None,
    weights: Floats | float = 1.0,
) -> dict[str, tuple[float, float, float, float]]:
    """AUC and Brier score of Firth with FLIC, corrected for having been judged on their own training data.

    Harrell's bootstrap: refit in each resample, take performance there less performance on the
    original firms, subtract the mean difference from the apparent value (Harrell, Lee, Mark,
    Statistics in Medicine 15, 1996). Intervals: bootstrap quantiles of the apparent value, shifted by
    the optimism (Noma, Shinozaki, Iba, Teramukai, Furukawa, Statistics in Medicine 40, 2021).

    Parameters
    ----------
    X : shape (n, k)
    y : shape (n,)
    rng : numpy.random.Generator
    level : float
    resamples : int
    fitted : Fitted, optional
        The model as declared; Firth's logit of X where there is none.
    weights : shape (n,) or one number
        Case weights.

    Returns
    -------
    dict
        `auc` and `brier` to (corrected, low, high, apparent), `order` to the Spearman correlation of the
        firms' order with those of the resamples (mean, its quantiles moved to hold it, mean). Resamples
        without both outcomes, or in which the model has no maximum, are left out.
    """
    n = len(y)
    found: dict[str, list[Floats]] = {name: [] for name in ("auc", "brier", "auc out", "brier out", "order")}
    whole = _refits(X, y, fitted, np.broadcast_to(np.asarray(weights, dtype=np.float64), (1, n)))
    apparent = _performance(X, y, whole, np.broadcast_to(weights, (1, n)), np.arange(n)[None])
    for picks in resampled(n, rng, resamples):
        counts = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)
        events = counts @ y
        fair = (events > 0) & (events < n)
        case = counts * weights
        b = _refits(X, y, fitted, case[fair])
        solved = np.isfinite(b).all(axis=1)
        b, picks, counts = b[solved], picks[fair][solved], case[fair][solved]
        inside = _performance(X, y, b, counts, picks)
        outside = _performance(X, y, b, counts, np.broadcast_to(np.arange(n), picks.shape))
        for name in ("auc", "brier"):
            found[name].append(inside[name])
            found[f"{name} out"].append(outside[name])
        found["order"].append(rank_stability(X, whole[0], b))
    values = {name: np.concatenate(parts) for name, parts in found.items()}
    out = {}
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    for name in ("auc", "brier"):
        optimism = float(np.mean(values[name] - values[f"{name} out"]))
        ends = np.quantile(values[name], tails) - optimism
        point = float(apparent[name][0])
        corrected = point - optimism
        low, high = min(float(ends[0]), corrected), max(float(ends[1]), corrected)
        out[name] = (corrected, max(0.0, low), min(1.0, high), point)
    mean, ends = float(values["order"].mean()), np.quantile(values["order"], tails)
    out["order"] = (mean, min(float(ends[0]), mean), max(float(ends[1]), mean), mean)
    return out


def resampled(n: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Rows of n firms drawn anew with replacement, in blocks of shape (some resamples, n).

    Beyond 2,000 firms there are fewer resamples, down to 50: optimism is next to nothing there.
    """
    many = resamples_for(n, resamples)
    rows = max(1, BLOCK // n)
    for first in range(0, many, rows):
        yield rng.integers(n, size=(min(rows, many - first), n))


def resamples_for(n: int, resamples: int = RESAMPLES) -> int:
    """How many resamples n firms get."""
    return min(resamples, max(LEAST_RESAMPLES, WORK // n))


def _refits(X: Floats, y: Floats, fitted: Fitted | None, sets: Floats) -> Floats:
    """Coefficients under m sets of case weights, shape (m, k)."""
    return ascend(X, y, weights=sets, many=len(sets))[0] if fitted is None else refitted(fitted, sets)


def _performance(
    X: Floats, y: Floats, b: Floats, counts: Floats, rows: NDArray[np.int64]
) -> dict[str, Floats]:
    """AUC and Brier score of each fitted model, FLIC included, on the rows named."""
    offset = b[:, 1:] @ X[:, 1:].T
    intercept = correct_intercept(offset, y, counts)
    p = expit(intercept[:, None] + offset)
    p, seen = np.take_along_axis(p, rows, axis=1), y[rows]
    return {"auc": area_under_curve(p, seen), "brier": brier_score(p, seen)}
