"""What a reader must know before trusting the model: tests, each group left out in turn, stability, words."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2, rankdata

from analysis.pressure.choice import ChoiceModel
from analysis.pressure.fitting import Fitted
from analysis.pressure.flic import correct_intercept
from analysis.pressure.likelihood import climb
from analysis.pressure.usable import LEAST_EVENTS

__all__ = ["FEW_EVENTS", "left_out", "rank_stability", "refitted", "slopes_test", "warnings_of"]

Floats = NDArray[np.float64]

FEW_EVENTS = 20
"""Events under which the model is said to carry little."""


def refitted(fitted: Fitted, weights: Floats) -> Floats:
    """Coefficients of the k columns, refitted under m sets of case weights; shape (m, k), nan where none.

    Parameters
    ----------
    fitted : Fitted
    weights : shape (m, n)
    """
    likelihood: Any = replace(fitted.likelihood, weights=weights)  # type: ignore[type-var]
    start = np.tile(fitted.peak, (len(weights), 1))
    return np.asarray(climb(likelihood, start)[0] @ fitted.lift)


def rank_stability(X: Floats, b: Floats, refits: Floats) -> Floats:
    """Spearman correlation of the firms' order with that of each refit, shape (m,).

    Parameters
    ----------
    X : shape (n, k)
    b, refits : shapes (k,), (m, k)
    """
    usual, others = rankdata(X @ b), rankdata(refits @ X.T, axis=1)
    usual, others = usual - usual.mean(), others - others.mean(axis=1, keepdims=True)
    size = np.sqrt((usual**2).sum() * (others**2).sum(axis=1))
    return np.divide(others @ usual, size, out=np.zeros(len(others)), where=size > 0)


def slopes_test(model: ChoiceModel) -> tuple[float, int, float]:
    """Penalised likelihood ratio test that all slopes are zero: statistic, degrees of freedom, p.

    The restricted likelihood keeps the penalty of all columns (Heinze and Schemper 2002).
    """
    fitted, slopes = model.fitted, len(model.terms)
    tested = (fitted.lift[:, 1 : 1 + slopes] != 0).any(axis=1)
    free = np.eye(len(fitted.peak))[:, ~tested]
    start = np.where(tested, 0.0, fitted.peak)
    _, terms, _ = climb(fitted.likelihood, start[None], free[None])
    statistic = max(0.0, 2.0 * (fitted.fit.penalised - float(terms.value[0])))
    return statistic, slopes, float(chi2.sf(statistic, slopes))


def left_out(model: ChoiceModel) -> tuple[Floats, dict[str, float]]:
    """Probability of each firm from a model that has not seen its group, and first slopes by group left out.

    Parameters
    ----------
    model : ChoiceModel
        With groups in `apart`.

    Returns
    -------
    p : shape (n,)
        nan where the other groups have too few events or others.
    slopes : dict
        Group to the first slope without it; nan where there is no model.
    """
    groups = sorted(set(model.apart.astype(str)))
    away = model.apart.astype(str)[None] == np.array(groups, dtype=object)[:, None]
    weights = np.where(away, 0.0, model.weights)
    events, others = (~away) @ model.y, (~away) @ (1.0 - model.y)
    fair = np.minimum(events, others) >= LEAST_EVENTS
    p, slopes = np.full(len(model.y), np.nan), dict.fromkeys(groups, float("nan"))
    if not fair.any():
        return p, slopes
    b = refitted(model.fitted, weights[fair])
    offset = b[:, 1:] @ model.X[:, 1:].T
    solved = np.isfinite(offset).all(axis=1)
    names = np.array(groups, dtype=object)[fair][solved]
    intercept = correct_intercept(offset[solved], model.y, weights[fair][solved])
    told = expit(intercept[:, None] + offset[solved])
    for name, row, is_away, slope in zip(names, told, away[fair][solved], b[solved][:, 1], strict=True):
        p[is_away] = row[is_away]
        slopes[str(name)] = float(slope)
    return p, slopes


def warnings_of(model: ChoiceModel, low: float, high: float) -> tuple[str, ...]:
    """Sentences on what the model cannot carry.

    Parameters
    ----------
    model : ChoiceModel
    low, high : float
        Limits of the first slope.
    """
    words = list(model.words)
    scarce = int(min(model.events, len(model.y) - model.events))
    if scarce < FEW_EVENTS:
        words.append(
            f"{scarce} firms of the rarer answer carry one line and little more: "
            "read the interval, not the point"
        )
    if low <= 0.0 <= high:
        words.append(
            f"the limits of the slope of {model.terms[0]} hold zero: "
            "these answers do not show that it matters"
        )
    return tuple(words)
