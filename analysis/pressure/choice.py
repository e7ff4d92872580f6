"""The modelled probability that a firm with these indicators reports having had to choose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.declared import Declared
from analysis.pressure.draws import posterior_draws
from analysis.pressure.firth import FirthFit
from analysis.pressure.fitting import Answered, Fitted, fit_declared
from analysis.pressure.limits import profile_limits
from analysis.pressure.separating import separation_words
from analysis.pressure.usable import LEAST_EVENTS, can_pool, group_columns, usable_terms

__all__ = ["LEAST_EVENTS", "Abstained", "ChoiceModel", "Risk", "predict_choice", "train_choice"]

Floats = NDArray[np.float64]


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
        What it was trained on; first column ones, then slopes, then 0/1 columns of pooled groups.
    weights : shape (n,)
        Case weights.
    terms : tuple[str, ...]
        Names of the slopes, in declared order.
    candidates : int
        Every term looked at, kept or not.
    fitted : Fitted
        Likelihood, top, and the correction to the observed rate.
    coefficients : shape (k,)
        Slopes with the corrected intercept (FLIC), or FLAC's.
    draws : shape (d, k)
        Jeffreys posterior, moved by the same amount.
    effective : float
        Effective number of proposals behind the draws.
    lowest, highest : shape (slopes,)
        Range of each indicator it was trained on.
    declared : Declared
    groups : tuple[str, ...]
        Pooled groups; none where groups are not pooled.
    apart : shape (n,)
        Group of each firm that is left out in turn; "" where there are none.
    words : tuple[str, ...]
        What a reader must know of it.
    """

    X: Floats
    y: Floats
    weights: Floats
    terms: tuple[str, ...]
    candidates: int
    fitted: Fitted
    coefficients: Floats
    draws: Floats
    effective: float
    lowest: Floats
    highest: Floats
    declared: Declared
    groups: tuple[str, ...]
    apart: NDArray[np.object_]
    words: tuple[str, ...]

    @property
    def fit(self) -> FirthFit:
        """Estimates before the correction."""
        return self.fitted.fit

    def slope(self, term: str) -> float:
        """Slope of a term, 0 where it has none."""
        return float(self.coefficients[1 + self.terms.index(term)]) if term in self.terms else 0.0

    @property
    def shift(self) -> float:
        """Corrected intercept less Firth intercept, added to point, limits and draws alike."""
        return float(self.fitted.move[0])

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
    declared: Declared | None = None,
    weights: Floats | None = None,
    grades: Floats | None = None,
    groups: NDArray[np.object_] | None = None,
    apart: NDArray[np.object_] | None = None,
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
    declared : Declared, optional
        Information, correction, signs, prior of groups.
    weights : shape (n,), optional
        Case weights.
    grades : shape (n,), optional
        Grade of each firm, 0 for the lowest; those that chose are the higher grades.
    groups : shape (n,), optional
        Group of each firm, pooled with the declared prior where there are events enough.
    apart : shape (n,), optional
        Group of each firm that validation leaves out in turn.

    Returns
    -------
    ChoiceModel or Abstained
    """
    declared = declared or Declared(slopes=terms)
    indicators = np.asarray(indicators, dtype=np.float64).reshape(len(chose), len(terms))
    answered = np.isfinite(chose)
    used = answered & np.isfinite(indicators).all(axis=1)
    nothing = np.zeros(len(chose))
    case = nothing + 1.0 if weights is None else np.asarray(weights, dtype=np.float64)
    used &= case > 0
    grade = nothing if grades is None else np.asarray(grades, dtype=np.float64)
    pool = np.full(len(chose), "", dtype=object) if groups is None else groups
    side = np.full(len(chose), "", dtype=object) if apart is None else apart
    x, y = indicators[used], np.asarray(chose, dtype=np.float64)[used]
    labels = [np.unique(g[used].astype(str), return_inverse=True)[1] for g in (pool, side)]
    order = np.lexsort((*labels, case[used], grade[used], y, *x.T[::-1]))
    x, y = x[order], y[order]
    case, grade = case[used][order], grade[used][order]
    pool, side = pool[used][order], side[used][order]
    n, events = len(y), int(y.sum())
    if not n:
        why = "no answered outcome" if not answered.any() else "no firm with both outcome and links"
        return Abstained(why, 0, 0)
    scarce = min(events, n - events)
    if scarce < LEAST_EVENTS:
        few = "events" if events <= n - events else "non-events"
        return Abstained(f"fewer than {LEAST_EVENTS} {few}", n, events)
    if not (np.ptp(x, axis=0) > 1e-9).any():
        return Abstained(f"{' and '.join(terms)} the same for all firms", n, events)
    kept, words = usable_terms(x, y, terms)
    names: tuple[str, ...] = ()
    if groups is not None and declared.prior_sd > 0:
        refused = can_pool(pool, y) if grades is None else "groups are not pooled with grades"
        words += (refused,) if refused else ()
        names = () if refused else tuple(sorted(set(pool.astype(str))))
    X = np.c_[np.ones(n), x[:, kept], group_columns(pool, names)]
    scale = grade.astype(np.intp) if grades is not None else None
    if scale is not None:
        scale = np.unique(scale, return_inverse=True)[1]
    fitted = fit_declared(Answered(X, y, case, scale, len(kept)), declared)
    used_terms = tuple(terms[i] for i in kept)
    told = separation_words(X[:, : 1 + len(kept)], y, used_terms)
    words += fitted.words + ((told,) if told else ())
    positive = tuple(range(1, 1 + len(kept))) if declared.is_nonnegative else ()
    posterior = posterior_draws(
        fitted.likelihood, fitted.peak, fitted.covariance, fitted.fit.penalised, rng, draws, positive
    )
    return ChoiceModel(
        X=X,
        y=y,
        weights=case,
        terms=used_terms,
        candidates=max(len(terms), declared.candidates),
        fitted=fitted,
        coefficients=fitted.fit.coefficients + fitted.move,
        draws=posterior.coefficients @ fitted.lift + fitted.move,
        effective=posterior.effective,
        lowest=x[:, kept].min(axis=0),
        highest=x[:, kept].max(axis=0),
        declared=declared,
        groups=names,
        apart=side,
        words=words,
    )


def predict_choice(
    model: ChoiceModel,
    indicators: Floats,
    doubt: Floats | None = None,
    level: float = 0.90,
    *,
    groups: NDArray[np.object_] | None = None,
) -> Risk:
    """Predict the mean risk of firms with these indicators, with its doubt.

    Limits profile the linear predictor at the firm (model doubt) and are shifted by the same
    amount as the FLIC intercept, so they always contain the point. Where the indicators are in
    doubt themselves, each limit is moved outwards by what that doubt adds to the same quantile of
    the draws, on the logit scale. Where slopes may not be negative the limits are quantiles of the draws:
    at the edge of what is allowed the profile has not the distribution its limits need.

    Parameters
    ----------
    model : ChoiceModel
    indicators : shape (m, terms)
        nan where missing.
    doubt : shape (d, m, terms), optional
        Draws of the indicators, on the same draws as the coefficients.
    level : float
    groups : shape (m,), optional
        Groups of the firms, for a model that pools groups; one it does not know is like the mean of all.

    Returns
    -------
    Risk
        nan where an indicator is missing; `is_outside` where one lies outside the trained range.
    """
    m = len(indicators)
    indicators = np.asarray(indicators, dtype=np.float64).reshape(m, len(model.terms))
    known = np.isfinite(indicators).all(axis=1)
    x = indicators[known]
    own = np.zeros((len(x), len(model.groups)))
    if groups is not None:
        own = group_columns(groups[known], model.groups)
    x_new = np.c_[np.ones(len(x)), x, own]
    eta = np.full(m, np.nan)
    eta[known] = x_new @ model.coefficients
    only_model = model.draws @ x_new.T
    both = only_model
    if doubt is not None:
        moved = np.asarray(doubt, dtype=np.float64)[:, known, :]
        slopes = 1 + len(model.terms)
        both = model.draws[:, :1] + np.einsum("dk,dmk->dm", model.draws[:, 1:slopes], moved)
        both += model.draws[:, slopes:] @ own.T
    draws = np.full((len(model.draws), m), np.nan)
    draws[:, known] = both
    limits = {}
    for name, width in (("50", 0.50), ("", level)):
        ends = [(1.0 - width) / 2.0, (1.0 + width) / 2.0]
        plain, wide = np.quantile(only_model, ends, axis=0), np.quantile(both, ends, axis=0)
        low, high = _model_limits(model, x_new, width, plain, eta[known])
        limits[f"low{name}"] = low - np.maximum(0.0, plain[0] - wide[0])
        limits[f"high{name}"] = high + np.maximum(0.0, wide[1] - plain[1])
    limits["low"] = np.minimum(limits["low"], limits["low50"])
    limits["high"] = np.maximum(limits["high"], limits["high50"])
    filled = {name: np.full(m, np.nan) for name in limits}
    for name, value in limits.items():
        filled[name][known] = expit(value)
    outside = np.zeros(m, dtype=bool)
    outside[known] = ((x < model.lowest - 1e-12) | (x > model.highest + 1e-12)).any(axis=1)
    return Risk(eta=eta, draws=draws, p=expit(eta), is_outside=outside, **filled)


def _model_limits(
    model: ChoiceModel, x_new: Floats, width: float, quantiles: Floats, point: Floats
) -> tuple[Floats, Floats]:
    """Limits of the linear predictor of m firms for doubt about coefficients alone."""
    if model.declared.is_nonnegative:
        return np.minimum(quantiles[0], point), np.maximum(quantiles[1], point)
    held = model.fitted
    low, high = profile_limits(
        held.likelihood, held.peak, held.covariance, held.fit.penalised, x_new @ held.lift.T, width
    )
    moved = x_new @ held.move
    return low + moved, high + moved
