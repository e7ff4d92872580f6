"""The modelled probability that a firm with these indicators reports having had to choose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.condensing import condensed
from analysis.pressure.declared import Declared
from analysis.pressure.draws import posterior_draws
from analysis.pressure.firth import FirthFit
from analysis.pressure.fitting import Answered, Fitted, fit_declared
from analysis.pressure.noting import Note
from analysis.pressure.separating import separation_note
from analysis.pressure.usable import LEAST_EVENTS, can_pool, group_columns, usable_terms

__all__ = ["LEAST_EVENTS", "Abstained", "ChoiceModel", "Risk", "train_choice"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Abstained:
    """Why there is no model, with the firms and events that were there."""

    note: Note
    firms: int
    events: int

    @property
    def why(self) -> str:
        """The reason in words."""
        return self.note.words


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
    notes : tuple[Note, ...]
        What a reader must know of it.
    imputed : int
        Firms that lack an indicator and were imputed; `X` and `y` are without them.
    sets : tuple[Fitted, ...]
        Fits to the completed sets; none where nothing is imputed. `fitted` is that of firms that lack
        nothing, `coefficients` and `draws` are over the sets.
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
    notes: tuple[Note, ...]
    imputed: int = 0
    sets: tuple[Fitted, ...] = ()

    @property
    def trained(self) -> int:
        """Firms it was trained on, with those that were imputed."""
        return len(self.y) + self.imputed

    @property
    def own(self) -> Floats:
        """Corrected coefficients of firms that lack nothing, shape (k,)."""
        return self.fitted.fit.coefficients + self.fitted.move

    @property
    def between(self) -> Floats | None:
        """Covariance of the corrected coefficients between completed sets, shape (k, k); None without."""
        if not self.sets:
            return None
        each = np.array([fit.fit.coefficients + fit.move for fit in self.sets])
        return np.asarray(np.cov(each.T, bias=True).reshape(each.shape[1], each.shape[1]))

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
        why = Note("no_links", "no firm with both outcome and links")
        return Abstained(why if answered.any() else Note("no_answers", "no answered outcome"), 0, 0)
    scarce = min(events, n - events)
    if scarce < LEAST_EVENTS:
        code, few = ("few_events", "events") if events <= n - events else ("few_others", "non-events")
        about = (str(LEAST_EVENTS), str(scarce))
        return Abstained(Note(code, f"fewer than {LEAST_EVENTS} {few}", about), n, events)
    if not (np.ptp(x, axis=0) > 1e-9).any():
        who = " and ".join(terms)
        return Abstained(Note("constant", f"{who} the same for all firms", (who,)), n, events)
    kept, notes = usable_terms(x, y, terms)
    names: tuple[str, ...] = ()
    if groups is not None and declared.prior_sd > 0:
        graded = Note("grades_not_pooled", "groups are not pooled with grades")
        refused = can_pool(pool, y) if grades is None else graded
        notes += (refused,) if refused else ()
        names = () if refused else tuple(sorted(set(pool.astype(str))))
    X = np.c_[np.ones(n), x[:, kept], group_columns(pool, names)]
    scale = grade.astype(np.intp) if grades is not None else None
    if scale is not None:
        scale = np.unique(scale, return_inverse=True)[1]
    rows = Answered(X, y, case, scale, len(kept))
    fitted = fit_declared(rows, declared)
    held = condensed(rows, fitted.fit.coefficients[-1])
    drawn = fitted if held is rows else fit_declared(held, declared)
    used_terms = tuple(terms[i] for i in kept)
    told = separation_note(X[:, : 1 + len(kept)], y, used_terms)
    notes += fitted.notes + ((told,) if told else ())
    positive = tuple(range(1, 1 + len(kept))) if declared.is_nonnegative else ()
    posterior = posterior_draws(
        drawn.likelihood, drawn.peak, drawn.covariance, drawn.fit.penalised, rng, draws, positive
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
        notes=notes,
    )
