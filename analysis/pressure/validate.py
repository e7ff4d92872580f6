"""How far the model can be trusted: its events, and its discrimination and error corrected for optimism."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata

from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.firth import ascend
from analysis.pressure.flic import correct_intercept
from analysis.pressure.limits import coefficient_interval
from analysis.pressure.record import MODEL_COLUMNS

__all__ = ["SLOPE_EVENTS", "area_under_curve", "brier_score", "model_rows", "optimism_corrected"]

Floats = NDArray[np.float64]

RESAMPLES = 500
"""Bootstrap samples of the correction for optimism."""

SLOPE_EVENTS = 50
"""Events below which no calibration slope is given."""


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
    ranks = rankdata(score, axis=1)
    pairs = events * others
    wins = np.sum(ranks * y, axis=1) - events * (events + 1) / 2.0
    return np.divide(wins, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def brier_score(p: Floats, y: Floats) -> Floats:
    """Mean squared difference of probability and event, shape (m,), for arrays of shape (m, n)."""
    return np.mean((p - y) ** 2, axis=1)


def optimism_corrected(
    X: Floats, y: Floats, rng: np.random.Generator, *, level: float = 0.90, resamples: int = RESAMPLES
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

    Returns
    -------
    dict
        `auc` and `brier` to (corrected, low, high, apparent). Resamples without both outcomes, or in
        which the model has no maximum, are left out.
    """
    n = len(y)
    picks = rng.integers(n, size=(resamples, n))
    counts = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)
    events = counts @ y
    fair = (events > 0) & (events < n)
    b, _, _ = ascend(X, y, weights=counts[fair], many=int(fair.sum()))
    solved = np.isfinite(b).all(axis=1)
    b, picks, counts = b[solved], picks[fair][solved], counts[fair][solved]
    whole, _, _ = ascend(X, y)
    apparent = _performance(X, y, whole, np.ones((1, n)), np.arange(n)[None])
    inside = _performance(X, y, b, counts, picks)
    outside = _performance(X, y, b, counts, np.broadcast_to(np.arange(n), picks.shape))
    out = {}
    for name in ("auc", "brier"):
        optimism = float(np.mean(inside[name] - outside[name]))
        ends = np.quantile(inside[name], [(1.0 - level) / 2.0, (1.0 + level) / 2.0]) - optimism
        point = float(apparent[name][0])
        corrected = point - optimism
        low, high = min(float(ends[0]), corrected), max(float(ends[1]), corrected)
        out[name] = (corrected, max(0.0, low), min(1.0, high), point)
    return out


def _performance(
    X: Floats, y: Floats, b: Floats, counts: Floats, rows: NDArray[np.int64]
) -> dict[str, Floats]:
    """AUC and Brier score of each fitted model, FLIC included, on the rows named."""
    offset = b[:, 1:] @ X[:, 1:].T
    intercept = correct_intercept(offset, y, counts)
    p = expit(intercept[:, None] + offset)
    p, seen = np.take_along_axis(p, rows, axis=1), y[rows]
    return {"auc": area_under_curve(p, seen), "brier": brier_score(p, seen)}


def model_rows(
    model: "ChoiceModel | Abstained",
    rng: np.random.Generator,
    *,
    level: float = 0.90,
    declared: int = 1,
    parameters: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Everything a reader needs to judge the model, one row a figure.

    Parameters
    ----------
    model : ChoiceModel or Abstained
    rng : numpy.random.Generator
    level : float
    declared : int
        Slopes declared.
    parameters : mapping, optional
        Named parameters of the run, printed with the rest.

    Returns
    -------
    pandas.DataFrame
        Columns `MODEL_COLUMNS`. Calibration in the large is given and called arithmetic: the FLIC
        intercept makes it so. No calibration slope under 50 events.
    """
    rows: list[tuple[str, int, float, float, float, str]] = []
    nothing = float("nan")

    def add(stat: str, value: float, method: str, low: float = nothing, high: float = nothing) -> None:
        rows.append((stat, n, float(value), float(low), float(high), method))

    n = model.firms if isinstance(model, Abstained) else len(model.y)
    for name, value in (parameters or {}).items():
        add(f"parameter {name}", value, "parameter of the run")
    if isinstance(model, Abstained):
        add("firms", n, "answered the outcome and have the indicator")
        add("events", model.events, "count")
        add("p_choose", nothing, f"none: {model.why}")
        return pd.DataFrame(rows, columns=list(MODEL_COLUMNS))
    add("firms", n, "answered the outcome and have the indicator")
    add("events", model.events, "count")
    add("candidates", model.candidates, "terms looked at, kept or not")
    add("slopes", len(model.terms), f"of {declared} declared; at least 5 events and 5 non-events a slope")
    add("observed rate", float(np.mean(model.y)), "events over firms")
    add("intercept", model.coefficients[0], "FLIC")
    add("intercept firth", model.fit.coefficients[0], "Firth")
    se = model.fit.se
    for i, term in enumerate(model.terms, start=1):
        low, high = coefficient_interval(model.X, model.y, i, level)
        add(f"slope {term}", model.coefficients[i], "Firth, profile limits", low, high)
        add(f"slope {term} se", se[i], f"Firth, {model.fit.information} information")
        add(f"lowest {term}", model.lowest[i - 1], "trained range")
        add(f"highest {term}", model.highest[i - 1], "trained range")
    add("penalised log-likelihood", model.fit.penalised, "Firth")
    for name, (value, low, high, apparent) in optimism_corrected(model.X, model.y, rng, level=level).items():
        add(name, value, f"optimism corrected, bootstrap of {RESAMPLES}, shifted limits", low, high)
        add(f"{name} apparent", apparent, "on its own training data")
    gap = float(np.mean(expit(model.X @ model.coefficients)) - np.mean(model.y))
    add("calibration in the large", gap, "arithmetic: the FLIC intercept makes it zero; no evidence")
    if model.events < SLOPE_EVENTS:
        add("calibration slope", nothing, f"none: fewer than {SLOPE_EVENTS} events")
    else:
        add("calibration slope", *_calibration_slope(model, rng))
    add("draws", len(model.draws), "Jeffreys posterior")
    add("draws effective", model.effective, "effective number of proposals behind the draws")
    return pd.DataFrame(rows, columns=list(MODEL_COLUMNS))


def _calibration_slope(model: ChoiceModel, rng: np.random.Generator) -> tuple[float, str]:
    """Slope of the original firms on the predictor of each resample, averaged (Harrell 1996)."""
    n = len(model.y)
    counts = np.stack([np.bincount(r, minlength=n) for r in rng.integers(n, size=(RESAMPLES, n))]).astype(
        np.float64
    )
    b, _, _ = ascend(model.X, model.y, weights=counts, many=RESAMPLES)
    b = b[np.isfinite(b).all(axis=1)]
    scores = b @ model.X.T
    slopes = [ascend(np.c_[np.ones(n), s], model.y, penalty=0.0)[0][0, 1] for s in scores[:200]]
    return float(np.nanmean(slopes)), "bootstrap, predictor of each resample on the original firms"
