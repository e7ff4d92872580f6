"""The modelled probability that a firm with these indicators reports having had to choose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.draws import jeffreys_draws
from analysis.pressure.firth import FirthFit, fit_firth
from analysis.pressure.flic import correct_intercept
from analysis.pressure.limits import linear_predictor_interval

__all__ = ["LEAST_EVENTS", "Abstained", "ChoiceModel", "Risk", "predict_choice", "train_choice"]

Floats = NDArray[np.float64]

LEAST_EVENTS = 5
"""Events, and non-events, below which there is no model; and the number of them a slope needs."""


@dataclass(frozen=True, slots=True)
class Abstained:
    """Why there is no model, in words, with the firms and events that were there."""

    why: str
    firms: int
    events: int


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    """A model frozen at calibration; scenarios never refit it.

    Attributes
    ----------
    X, y : shapes (n, k), (n,)
        What it was trained on; first column ones.
    terms : tuple[str, ...]
        Names of the slopes, in declared order.
    candidates : int
        Every term looked at, kept or not.
    fit : FirthFit
    shift : float
        FLIC intercept less Firth intercept; added to the point, to limits and to draws alike.
    coefficients : shape (k,)
        Firth slopes with the FLIC intercept.
    draws : shape (d, k)
        Jeffreys posterior, shifted.
    effective : float
        Effective number of proposals behind the draws.
    lowest, highest : shape (k - 1,)
        Range of each indicator it was trained on.
    """

    X: Floats
    y: Floats
    terms: tuple[str, ...]
    candidates: int
    fit: FirthFit
    shift: float
    coefficients: Floats
    draws: Floats
    effective: float
    lowest: Floats
    highest: Floats

    @property
    def events(self) -> int:
        """Firms that had to choose."""
        return int(self.y.sum())


@dataclass(frozen=True, slots=True)
class Risk:
    """Predicted risk of m firms: logit `eta` and its draws (d, m); `p`, 50% and outer limits, shapes (m,)."""

    eta: Floats
    draws: Floats
    p: Floats
    low50: Floats
    high50: Floats
    low: Floats
    high: Floats
    is_outside: NDArray[np.bool_]


def train_choice(
    indicators: Floats,
    chose: Floats,
    rng: np.random.Generator,
    *,
    terms: tuple[str, ...] = ("squeeze",),
    draws: int = 2000,
) -> "ChoiceModel | Abstained":
    """Train the model on firms that answered the outcome, at the day of fieldwork.

    Firth's logit on the declared terms, in their order, as many as `min(events, non-events) / 5`
    allow; FLIC intercept. Firms are taken in an order of their values, so that the order of rows
    changes nothing.

    Parameters
    ----------
    indicators : shape (n, terms)
        nan where missing; a firm with a missing indicator is not used.
    chose : shape (n,)
        1, 0, or nan where not answered.
    rng : numpy.random.Generator
    terms : names of the columns of `indicators`
    draws : int

    Returns
    -------
    ChoiceModel or Abstained
    """
    indicators = np.asarray(indicators, dtype=np.float64).reshape(len(chose), len(terms))
    answered = np.isfinite(chose)
    used = answered & np.isfinite(indicators).all(axis=1)
    x, y = indicators[used], np.asarray(chose, dtype=np.float64)[used]
    order = np.lexsort((y, *x.T[::-1]))
    x, y = x[order], y[order]
    n, events = len(y), int(y.sum())
    if not n:
        why = "no answered outcome" if not answered.any() else "no firm with both outcome and links"
        return Abstained(why, 0, 0)
    scarce = min(events, n - events)
    if scarce < LEAST_EVENTS:
        side = "events" if events <= n - events else "non-events"
        return Abstained(f"fewer than {LEAST_EVENTS} {side}", n, events)
    moves = np.ptp(x, axis=0) > 1e-9
    kept = np.flatnonzero(moves)[: scarce // LEAST_EVENTS]
    if not moves.any():
        return Abstained(f"{' and '.join(terms)} the same for all firms", n, events)
    X = np.c_[np.ones(n), x[:, kept]]
    fit = fit_firth(X, y)
    intercept = float(correct_intercept((X[:, 1:] @ fit.coefficients[1:])[None], y)[0])
    shift = intercept - fit.coefficients[0]
    move = np.r_[shift, np.zeros(len(kept))]
    posterior = jeffreys_draws(X, y, rng, draws)
    return ChoiceModel(
        X=X,
        y=y,
        terms=tuple(terms[i] for i in kept),
        candidates=len(terms),
        fit=fit,
        shift=shift,
        coefficients=fit.coefficients + move,
        draws=posterior.coefficients + move,
        effective=posterior.effective,
        lowest=X[:, 1:].min(axis=0),
        highest=X[:, 1:].max(axis=0),
    )


def predict_choice(
    model: ChoiceModel, indicators: Floats, doubt: Floats | None = None, level: float = 0.90
) -> Risk:
    """Predict the mean risk of firms with these indicators, with its doubt.

    Limits profile the linear predictor at the firm (model doubt) and are shifted by the same
    amount as the FLIC intercept, so they always contain the point. Where the indicators are in
    doubt themselves, each limit is moved outwards by what that doubt adds to the same quantile of
    the draws, on the logit scale.

    Parameters
    ----------
    model : ChoiceModel
    indicators : shape (m, terms)
        nan where missing.
    doubt : shape (d, m, terms), optional
        Draws of the indicators, on the same draws as the coefficients.
    level : float

    Returns
    -------
    Risk
        nan where an indicator is missing; `is_outside` where one lies outside the trained range.
    """
    m = len(indicators)
    indicators = np.asarray(indicators, dtype=np.float64).reshape(m, len(model.terms))
    known = np.isfinite(indicators).all(axis=1)
    x = indicators[known]
    x_new = np.c_[np.ones(len(x)), x]
    eta = np.full(m, np.nan)
    eta[known] = x_new @ model.coefficients
    only_model = model.draws @ x_new.T
    both = only_model
    if doubt is not None:
        moved = np.asarray(doubt, dtype=np.float64)[:, known, :]
        both = model.draws[:, :1] + np.einsum("dk,dmk->dm", model.draws[:, 1:], moved)
    draws = np.full((len(model.draws), m), np.nan)
    draws[:, known] = both
    limits = {}
    for name, width in (("50", 0.50), ("", level)):
        low, high = linear_predictor_interval(model.X, model.y, x_new, width)
        ends = [(1.0 - width) / 2.0, (1.0 + width) / 2.0]
        plain, wide = np.quantile(only_model, ends, axis=0), np.quantile(both, ends, axis=0)
        limits[f"low{name}"] = low + model.shift - np.maximum(0.0, plain[0] - wide[0])
        limits[f"high{name}"] = high + model.shift + np.maximum(0.0, wide[1] - plain[1])
    limits["low"] = np.minimum(limits["low"], limits["low50"])
    limits["high"] = np.maximum(limits["high"], limits["high50"])
    filled = {name: np.full(m, np.nan) for name in limits}
    for name, value in limits.items():
        filled[name][known] = expit(value)
    outside = np.zeros(m, dtype=bool)
    outside[known] = ((x < model.lowest - 1e-12) | (x > model.highest + 1e-12)).any(axis=1)
    return Risk(eta=eta, draws=draws, p=expit(eta), is_outside=outside, **filled)
