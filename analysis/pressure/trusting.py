"""What a reader must know before trusting the model: tests, each group left out in turn, stability, notes."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, expit

from analysis.pressure.choice import ChoiceModel
from analysis.pressure.fitting import Fitted
from analysis.pressure.flic import correct_intercept
from analysis.pressure.likelihood import climb
from analysis.pressure.limits import profile_limits
from analysis.pressure.noting import Note
from analysis.pressure.tied import mean_ranks
from analysis.pressure.usable import LEAST_EVENTS

__all__ = [
    "FEW_EVENTS",
    "Apart",
    "Shown",
    "left_out",
    "notes_of",
    "rank_stability",
    "refitted",
    "slopes_test",
]

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
    return np.asarray(_peaks(fitted, weights) @ fitted.lift)


def rank_stability(X: Floats, b: Floats, refits: Floats) -> Floats:
    """Spearman correlation of the firms' order with that of each refit, shape (m,).

    Parameters
    ----------
    X : shape (n, k)
    b, refits : shapes (k,), (m, k)
    """
    usual, others = mean_ranks(X @ b), mean_ranks(refits @ X.T)
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
    return statistic, slopes, float(chdtrc(slopes, statistic))


@dataclass(frozen=True, slots=True)
class Apart:
    """Each group left out in turn, g groups of n firms.

    Attributes
    ----------
    p : shape (n,)
        Probability of each firm from a model that has not seen its group; nan where the other groups have
        too few events or others.
    groups : tuple[str, ...]
        "" are the firms without an answer.
    slope, low, high : shape (g,)
        First slope without the group, with profile limits; nan where there is no model.
    """

    p: Floats
    groups: tuple[str, ...]
    slope: Floats
    low: Floats
    high: Floats


def left_out(model: ChoiceModel, level: float = 0.90) -> Apart:
    """The model fitted without each group in turn, its first slope, and what it says of the group.

    Parameters
    ----------
    model : ChoiceModel
        With groups in `apart`.
    level : float
        Of the limits.
    """
    groups = tuple(sorted(set(model.apart.astype(str))))
    away = model.apart.astype(str)[None] == np.array(groups, dtype=object)[:, None]
    weights = np.where(away, 0.0, model.weights)
    events, others = (~away) @ model.y, (~away) @ (1.0 - model.y)
    fair = np.minimum(events, others) >= LEAST_EVENTS
    p = np.full(len(model.y), np.nan)
    found = np.full((3, len(groups)), np.nan)
    if not fair.any():
        return Apart(p, groups, *found)
    peaks = _peaks(model.fitted, weights[fair])
    b = peaks @ model.fitted.lift
    offset = b[:, 1:] @ model.X[:, 1:].T
    solved = np.isfinite(offset).all(axis=1)
    at = np.flatnonzero(fair)[solved]
    intercept = correct_intercept(offset[solved], model.y, weights[at])
    told = expit(intercept[:, None] + offset[solved])
    for place, row, peak in zip(at, told, peaks[solved], strict=True):
        p[away[place]] = row[away[place]]
        found[:, place] = _first_slope(model, weights[place], peak, level)
    return Apart(p, groups, *found)


def _first_slope(model: ChoiceModel, weights: Floats, peak: Floats, level: float) -> tuple[float, ...]:
    """First slope and profile limits under other case weights; no limits where slopes may not be negative."""
    held = model.fitted
    unit = held.lift[:, 1]
    point = float(peak @ unit)
    if model.declared.is_nonnegative:
        return point, float("nan"), float("nan")
    likelihood: Any = replace(held.likelihood, weights=weights[None])  # type: ignore[type-var]
    terms = likelihood.at(peak[None], np.zeros(1, dtype=np.int64))
    covariance = np.linalg.inv(terms.curvature[0])
    low, high = profile_limits(likelihood, peak, covariance, float(terms.value[0]), unit[None], level)
    return point, float(low[0]), float(high[0])


@dataclass(frozen=True, slots=True)
class Shown:
    """What notes hang on: limits of the first slope, of AUC and Brier score, and the observed rate."""

    slope: tuple[float, float]
    auc: tuple[float, float]
    brier: tuple[float, float]
    rate: float


def notes_of(model: ChoiceModel, shown: Shown) -> tuple[Note, ...]:
    """What the model cannot carry, and how it was made; the gravest first."""
    notes = []
    scarce = int(min(model.events, len(model.y) - model.events))
    if scarce < FEW_EVENTS:
        told = (
            f"{scarce} firms of the rarer answer carry one line and little more: "
            "read the interval, not the point"
        )
        notes.append(Note("little", told, (str(scarce),)))
    first = model.terms[0]
    if shown.slope[0] <= 0.0 <= shown.slope[1]:
        told = f"the limits of the slope of {first} hold zero: these answers do not show that it matters"
        notes.append(Note("holds_zero", told, (first,)))
    if shown.auc[0] <= 0.5:
        told = "the limits of the AUC hold one half: the model may tell firms apart no better than a coin"
        notes.append(Note("auc_holds_half", told))
    idle = shown.rate * (1.0 - shown.rate)
    if shown.brier[1] >= idle:
        told = (
            f"the limits of the Brier score hold {idle:.3f}, that of giving each firm the same rate: "
            "the model may predict no better than that"
        )
        notes.append(Note("no_better", told, (f"{idle:.3f}",)))
    told = (
        "one person of a firm may have answered both how easily its flows could be replaced and whether it "
        "had to choose: part of the relation may be theirs and not the firm's"
    )
    notes += [*model.notes, Note("one_respondent", told)]
    return tuple(notes)


def _peaks(fitted: Fitted, weights: Floats) -> Floats:
    """Tops of the likelihood under m sets of case weights, shape (m, p), nan where there is none."""
    likelihood: Any = replace(fitted.likelihood, weights=weights)  # type: ignore[type-var]
    start = np.tile(fitted.peak, (len(weights), 1))
    return np.asarray(climb(likelihood, start)[0])
