"""How far the model can be trusted: its events, and its discrimination and error corrected for optimism."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata

from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.firth import ascend
from analysis.pressure.fitting import Fitted
from analysis.pressure.flic import correct_intercept
from analysis.pressure.limits import profile_limits
from analysis.pressure.record import MODEL_COLUMNS
from analysis.pressure.trusting import left_out, rank_stability, refitted, slopes_test, warnings_of

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
        firms' order with those of the resamples (mean, its quantiles, mean). Resamples without both
        outcomes, or in which the model has no maximum, are left out.
    """
    n = len(y)
    picks = rng.integers(n, size=(resamples, n))
    counts = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)
    events = counts @ y
    fair = (events > 0) & (events < n)
    case = counts * weights

    def refits(sets: Floats) -> Floats:
        return ascend(X, y, weights=sets, many=len(sets))[0] if fitted is None else refitted(fitted, sets)

    b = refits(case[fair])
    solved = np.isfinite(b).all(axis=1)
    b, picks, counts = b[solved], picks[fair][solved], case[fair][solved]
    whole = refits(np.broadcast_to(np.asarray(weights, dtype=np.float64), (1, n)))
    apparent = _performance(X, y, whole, np.broadcast_to(weights, (1, n)), np.arange(n)[None])
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
    order = rank_stability(X, whole[0], b)
    ends = np.quantile(order, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    out["order"] = (float(order.mean()), float(ends[0]), float(ends[1]), float(order.mean()))
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
    rate = float(np.average(model.y, weights=model.weights))
    add("observed rate", rate, "events over firms")
    corrected = model.declared.correction.upper()
    add("intercept", model.coefficients[0], corrected)
    add("intercept firth", model.fit.coefficients[0], "Firth")
    se, held = model.fit.se, model.fitted
    units = np.eye(model.X.shape[1])[1 : 1 + len(model.terms)] @ held.lift.T
    lows, highs = profile_limits(
        held.likelihood, held.peak, held.covariance, held.fit.penalised, units, level
    )
    for i, term in enumerate(model.terms, start=1):
        kind = "Firth" if corrected == "FLIC" else f"{corrected}, limits of Firth"
        add(f"slope {term}", model.coefficients[i], f"{kind}, profile limits", lows[i - 1], highs[i - 1])
        add(f"slope {term} se", se[i], f"Firth, {model.fit.information} information")
        add(f"lowest {term}", model.lowest[i - 1], "trained range")
        add(f"highest {term}", model.highest[i - 1], "trained range")
    for i, group in enumerate(model.groups, start=1 + len(model.terms)):
        add(
            f"group {group}", model.coefficients[i], f"normal prior, sd {model.declared.prior_sd:g}, declared"
        )
    statistic, df, p = slopes_test(model)
    add("ratio test", statistic, f"penalised likelihood ratio, all slopes zero: chi2 on {df}, p = {p:.4f}")
    add("penalised log-likelihood", model.fit.penalised, "Firth")
    found = optimism_corrected(model.X, model.y, rng, level=level, fitted=held, weights=model.weights)
    for name in ("auc", "brier"):
        value, low, high, apparent = found[name]
        add(name, value, f"optimism corrected, bootstrap of {RESAMPLES}, shifted limits", low, high)
        add(f"{name} apparent", apparent, "on its own training data")
    add("stability of ranks", *_told(found["order"]))
    for stat, value, method in _by_group(model):
        add(stat, value, method)
    gap = float(np.average(expit(model.X @ model.coefficients), weights=model.weights)) - rate
    made = f"arithmetic: the {corrected} intercept makes it zero; no evidence"
    add("calibration in the large", gap, made)
    if model.events < SLOPE_EVENTS:
        add("calibration slope", nothing, f"none: fewer than {SLOPE_EVENTS} events")
    else:
        add("calibration slope", *_calibration_slope(model, rng))
    add("draws", len(model.draws), "Jeffreys posterior")
    add("draws effective", model.effective, "effective number of proposals behind the draws")
    for i, words in enumerate(warnings_of(model, lows[0], highs[0]), start=1):
        add(f"note {i}", nothing, words)
    return pd.DataFrame(rows, columns=list(MODEL_COLUMNS))


def _told(found: tuple[float, float, float, float]) -> tuple[float, str, float, float]:
    """Value, method, limits of how stable the order is."""
    value, low, high, _ = found
    return (
        value,
        "Spearman correlation of the order with those of the bootstrap, mean and quantiles",
        low,
        high,
    )


def _by_group(model: ChoiceModel) -> list[tuple[str, float, str]]:
    """Validation with each group left out in turn; nothing where there are fewer than two groups."""
    if len(set(model.apart.astype(str))) < 2:
        return []
    p, slopes = left_out(model)
    rows = [
        (f"slope without {group or 'no answer'}", slope, "refitted without the group; empty: too few events")
        for group, slope in slopes.items()
    ]
    known = np.isfinite(p)
    if known.any() and 0 < model.y[known].sum() < known.sum():
        told = f"each group left out in turn, predicted by the others; {int(known.sum())} firms"
        rows.append(("auc left out", float(area_under_curve(p[None, known], model.y[None, known])[0]), told))
        rows.append(("brier left out", float(brier_score(p[None, known], model.y[None, known])[0]), told))
    return rows


def _calibration_slope(model: ChoiceModel, rng: np.random.Generator) -> tuple[float, str]:
    """Slope of the original firms on the predictor of each resample, averaged (Harrell 1996)."""
    n = len(model.y)
    counts = np.stack([np.bincount(r, minlength=n) for r in rng.integers(n, size=(RESAMPLES, n))]).astype(
        np.float64
    )
    b = refitted(model.fitted, counts * model.weights)
    b = b[np.isfinite(b).all(axis=1)]
    scores = b @ model.X.T
    slopes = [ascend(np.c_[np.ones(n), s], model.y, penalty=0.0)[0][0, 1] for s in scores[:200]]
    return float(np.nanmean(slopes)), "bootstrap, predictor of each resample on the original firms"
