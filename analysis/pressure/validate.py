"""The validation report: what the model rests on, how well it does, what is not said of it, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.limits import profile_limits
from analysis.pressure.noting import Note
from analysis.pressure.optimism import (
    area_under_curve,
    brier_score,
    optimism_corrected,
    resampled,
    resamples_for,
)
from analysis.pressure.record import MODEL_COLUMNS
from analysis.pressure.together import combined_limits
from analysis.pressure.trusting import Shown, left_out, notes_of, refitted, slopes_test
from analysis.pressure.usable import LEAST_EVENTS

__all__ = ["SLOPE_EVENTS", "Report", "judge_model"]

Floats = NDArray[np.float64]

SLOPE_EVENTS = 50
"""Events under which no calibration slope is given."""

_NOTHING = float("nan")


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of `MODEL_COLUMNS` as they are put together: n firms, limits at `level`."""

    n: int
    level: float
    rows: list[tuple[str, int, float, float, float, float, str, str]] = field(default_factory=list)

    def add(
        self,
        stat: str,
        value: float,
        method: str,
        low: float = _NOTHING,
        high: float = _NOTHING,
        *,
        n: int | None = None,
        why: str = "",
    ) -> None:
        """One figure; `why` is the code of a note where the figure is none, or is one."""
        level = self.level if np.isfinite(low) or np.isfinite(high) else _NOTHING
        many = self.n if n is None else n
        self.rows.append((stat, many, float(value), float(low), float(high), level, method, why))

    def left(self, stat: str, note: Note) -> None:
        """A figure that is not given, and why."""
        self.add(stat, _NOTHING, f"none: {note.words}", why=note.why)

    def noted(self, notes: tuple[Note, ...]) -> None:
        """Rows `note 1`, `note 2` .."""
        for i, note in enumerate(notes, start=1):
            self.add(f"note {i}", _NOTHING, note.words, why=note.why)

    def table(self) -> pd.DataFrame:
        """All of it."""
        return pd.DataFrame(self.rows, columns=list(MODEL_COLUMNS))


def judge_model(
    model: "ChoiceModel | Abstained",
    rng: np.random.Generator,
    *,
    level: float = 0.90,
    declared: int = 1,
    parameters: Mapping[str, float] | None = None,
) -> Report:
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
    Report
        Calibration in the large is given and called arithmetic: the FLIC
        intercept makes it so. No calibration slope under 50 events. A figure that is not given has no
        estimate, and `why` holds the code of the reason.
    """
    n = model.firms if isinstance(model, Abstained) else len(model.y)
    report = Report(n, level)
    for name, value in (parameters or {}).items():
        report.add(f"parameter {name}", value, "parameter of the run")
    report.add("firms", n, "answered the outcome and have the indicator")
    if isinstance(model, ChoiceModel) and model.sets:
        many = len(model.sets)
        told = f"answered the outcome and lack an indicator: imputed in {many} sets, beside the firms above"
        report.add("firms imputed", model.imputed, told, n=model.trained)
        report.add("imputations", many, "completed sets")
    report.add("events", model.events, "count")
    report.add("non-events", n - model.events, "count")
    if isinstance(model, Abstained):
        for stat in ("p_choose", "auc", "brier", "calibration slope"):
            report.left(stat, model.note)
        return report
    report.add("candidates", model.candidates, "terms looked at, kept or not")
    report.add(
        "slopes", len(model.terms), f"of {declared} declared; at least 5 events and 5 non-events a slope"
    )
    rate = float(np.average(model.y, weights=model.weights))
    report.add("observed rate", rate, "events over firms")
    slope = _coefficients(report, model)
    held = model.fitted
    statistic, df, p = slopes_test(model)
    told = f"penalised likelihood ratio, all slopes zero: chi2 on {df}"
    report.add("ratio test", statistic, told)
    report.add("ratio test p", p, told)
    report.add("penalised log-likelihood", model.fit.penalised, "Firth")
    found = optimism_corrected(model.X, model.y, rng, level=level, fitted=held, weights=model.weights)
    for name in ("auc", "brier"):
        value, low, high, apparent = found[name]
        told = f"optimism corrected, bootstrap of {resamples_for(n)}, shifted limits"
        report.add(name, value, told, low, high)
        report.add(f"{name} apparent", apparent, "on its own training data")
    report.add("brier of the rate", rate * (1.0 - rate), "each firm given the observed rate: no model at all")
    mean, low, high, _ = found["order"]
    told = "Spearman correlation of the order with those of the bootstrap, mean, and quantiles that hold it"
    report.add("stability of ranks", mean, told, low, high)
    _by_group(report, model, rng)
    gap = float(np.average(expit(model.X @ model.own), weights=model.weights)) - rate
    corrected = model.declared.correction.upper()
    made = f"arithmetic: the {corrected} intercept makes it zero; no evidence"
    report.add("calibration in the large", gap, made, why=Note("arithmetic", made, (corrected,)).why)
    if model.events < SLOPE_EVENTS:
        about = (str(SLOPE_EVENTS),)
        few = Note("few_slope_events", f"fewer than {SLOPE_EVENTS} events", about)
        report.left("calibration slope", few)
    else:
        _calibration_slope(report, model, rng)
    report.add("draws", len(model.draws), "Jeffreys posterior")
    report.add("draws effective", model.effective, "effective number of proposals behind the draws")
    report.noted(notes_of(model, Shown(slope, found["auc"][1:3], found["brier"][1:3], rate)))
    return report


def _coefficients(report: Report, model: ChoiceModel) -> tuple[float, float]:
    """Intercepts, slopes and groups; limits of the first slope are handed back."""
    corrected = model.declared.correction.upper()
    report.add("intercept", model.coefficients[0], corrected)
    report.add("intercept firth", model.fit.coefficients[0], "Firth")
    se, held = model.fit.se, model.fitted
    units = np.eye(model.X.shape[1])[1 : 1 + len(model.terms)] @ held.lift.T
    if model.sets:
        asked = np.eye(model.X.shape[1])[1 : 1 + len(model.terms)]
        lows, highs = (ends[0] for ends in combined_limits(model.sets, asked, (report.level,)))
    else:
        lows, highs = profile_limits(
            held.likelihood, held.peak, held.covariance, held.fit.penalised, units, report.level
        )
    for i, term in enumerate(model.terms, start=1):
        kind = "Firth" if corrected == "FLIC" else f"{corrected}, limits of Firth"
        said = (
            f"{kind}, combined profiles of {len(model.sets)} sets"
            if model.sets
            else f"{kind}, profile limits"
        )
        report.add(f"slope {term}", model.coefficients[i], said, lows[i - 1], highs[i - 1])
        report.add(f"slope {term} se", se[i], f"Firth, {model.fit.information} information")
        report.add(f"lowest {term}", model.lowest[i - 1], "trained range")
        report.add(f"highest {term}", model.highest[i - 1], "trained range")
    for i, group in enumerate(model.groups, start=1 + len(model.terms)):
        told = f"normal prior, sd {model.declared.prior_sd:g}, declared"
        report.add(f"group {group}", model.coefficients[i], told)
    return float(lows[0]), float(highs[0])


def _by_group(report: Report, model: ChoiceModel, rng: np.random.Generator) -> None:
    """Validation with each group left out in turn, predicted by the others."""
    if len(set(model.apart.astype(str))) < 2:
        why = Note("one_group", "there are not two groups of firms to leave out in turn")
        report.left("auc left out", why)
        report.left("brier left out", why)
        return
    found = left_out(model, report.level)
    few = Note(
        "few_group_events", f"fewer than {LEAST_EVENTS} events without the group", (str(LEAST_EVENTS),)
    )
    for group, slope, low, high in zip(found.groups, found.slope, found.low, found.high, strict=True):
        stat = f"slope without {group or 'no answer'}"
        if np.isfinite(slope):
            report.add(stat, slope, "refitted without the group, profile limits", low, high)
        else:
            report.left(stat, few)
    known = np.isfinite(found.p)
    y, p = model.y[known], found.p[known]
    if not known.any() or not 0 < y.sum() < known.sum():
        report.left("auc left out", few)
        report.left("brier left out", few)
        return
    told = "each group left out in turn, predicted by the others; bootstrap limits"
    parts = [
        (area_under_curve(p[picks], y[picks]), brier_score(p[picks], y[picks]))
        for picks in resampled(len(y), rng)
    ]
    tails = [(1.0 - report.level) / 2.0, (1.0 + report.level) / 2.0]
    for name, score, drawn in zip(
        ("auc left out", "brier left out"),
        (area_under_curve, brier_score),
        zip(*parts, strict=True),
        strict=True,
    ):
        point = float(score(p[None], y[None])[0])
        low, high = np.nanquantile(np.concatenate(drawn), tails)
        report.add(name, point, told, min(float(low), point), max(float(high), point), n=int(known.sum()))


def _calibration_slope(report: Report, model: ChoiceModel, rng: np.random.Generator) -> None:
    """Slope of the original firms on the predictor of each resample, averaged (Harrell 1996)."""
    n = len(model.y)
    parts: list[Floats] = []
    for picks in resampled(n, rng, 200):
        counts = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)
        b = refitted(model.fitted, counts * model.weights)
        scores = b[np.isfinite(b).all(axis=1)] @ model.X.T
        parts.append(_slopes_on(scores, model.y))
    slopes = np.concatenate(parts)
    mean = float(np.nanmean(slopes))
    low, high = np.nanquantile(slopes, [(1.0 - report.level) / 2.0, (1.0 + report.level) / 2.0])
    told = "bootstrap, predictor of each resample on the original firms, mean and quantiles"
    report.add("calibration slope", mean, told, min(float(low), mean), max(float(high), mean))


def _slopes_on(scores: Floats, y: Floats) -> Floats:
    """Maximum likelihood slope of y on each of m scores, with an intercept: shape (m,) of (m, n)."""
    a, b = np.zeros((len(scores), 1)), np.ones((len(scores), 1))
    for _ in range(25):
        p = expit(a + b * scores)
        v, gap = p * (1.0 - p), y - p
        one, two, three = (np.sum(v * scores**k, axis=1, keepdims=True) for k in (0, 1, 2))
        first, second = np.sum(gap, axis=1, keepdims=True), np.sum(gap * scores, axis=1, keepdims=True)
        whole = np.maximum(one * three - two**2, 1e-300)
        up, along = (three * first - two * second) / whole, (one * second - two * first) / whole
        a, b = a + np.clip(up, -2.0, 2.0), b + np.clip(along, -2.0, 2.0)
        if max(np.abs(up).max(), np.abs(along).max()) < 1e-10:
            break
    return b[:, 0]
