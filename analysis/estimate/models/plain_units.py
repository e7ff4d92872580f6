"""What a model says in plain units: expected answers at each level, and how far they lie apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.estimate.models.coefficients import with_doubt
from analysis.estimate.models.doubt import influence_covariance, refit_covariance
from analysis.estimate.models.fitting import Fit
from analysis.estimate.models.likelihood import expit
from analysis.estimate.models.predictors import Term
from analysis.estimate.record import Estimate

__all__ = ["margins"]

Floats = NDArray[np.float64]

_STEP = 1e-30


@dataclass(frozen=True, slots=True)
class _Average:
    """A weighted mean over firms of expected answers, in J categories.

    `value` (J,); `each` (m, J): its part of every distinct row; `pull` (J, p): its derivatives by the
    parameters; `refitted` (R, J): its value in each replicate.
    """

    value: Floats
    each: Floats
    pull: Floats
    refitted: Floats | None


def margins(fit: Fit) -> tuple[Estimate, ...]:
    """Expected answers and average differences, in shares, counts or the outcome's own unit.

    `stat` is `predicted`: the mean expected answer if every firm gave this level of a question of one
    choice, all else as it is; or `margin`: that less the same for the reference level (one choice),
    for not giving the answer (several choices, yes and no), or the mean slope for one more unit (a
    number). The weighted mean runs over the firms of the model (Graubard and Korn 1999); a margin of
    0.1 of a share is ten percentage points. Errors by the delta method, which here counts the chance
    in coefficients, in who was drawn, and that both hang together; replicates: computed anew in each.
    Intervals: t; of predicted shares t on the logit scale, which stays within 0 and 1.
    """
    rows: list[Estimate] = []
    for term in fit.firms.matrix.terms:
        if term.kind == "number":
            rows += _rows(fit, term, "", "margin", _slope(fit, term.columns[0]))
        elif term.kind == "ticks":
            for code, column in zip(term.codes, term.columns, strict=True):
                apart = _difference(_at(fit, {column: 1.0}), _at(fit, {column: 0.0}))
                rows += _rows(fit, term, code, "margin", apart)
        else:
            against = _at(fit, dict.fromkeys(term.columns, 0.0))
            levels = {term.reference: against}
            for code, column in zip(term.codes, term.columns, strict=True):
                levels[code] = _at(fit, {**dict.fromkeys(term.columns, 0.0), column: 1.0})
            for code, there in levels.items():
                rows += _rows(fit, term, code, "predicted", there)
            for code in term.codes:
                rows += _rows(fit, term, code, "margin", _difference(levels[code], against))
    return tuple(rows)


def _at(fit: Fit, changed: dict[int, float]) -> _Average:
    """Mean expected answer with some columns set to a value for all firms."""
    model, solved = fit.solved.model, fit.solved
    columns = _columns(fit).copy()
    for column, value in changed.items():
        columns[:, column] = value
    weight = solved.patterns.weight
    each = model.foretold(solved.parameters, columns)
    value = weight @ each / weight.sum()
    pull = model.foretold_gradient(solved.parameters, columns, weight) / weight.sum()
    refitted = _refitted(fit, lambda t: model.foretold(t, columns))
    return _Average(value, each, pull, refitted)


def _slope(fit: Fit, column: int) -> _Average:
    """Mean derivative along one column; its derivatives by complex steps, which lose no digits."""
    model, solved = fit.solved.model, fit.solved
    columns, weight, t = _columns(fit), solved.patterns.weight, solved.parameters
    each = model.slopes(t, columns, column)
    value = weight @ each / weight.sum()
    pull = np.empty((each.shape[1], len(t)))
    for i in range(len(t)):
        step = _STEP * max(1.0, abs(t[i]))
        moved = t.astype(complex)
        moved[i] += 1j * step
        pull[:, i] = (weight @ model.slopes(moved, columns, column)).imag / step / weight.sum()
    refitted = _refitted(fit, lambda t: model.slopes(t, columns, column))
    return _Average(value, each, pull, refitted)


def _refitted(fit: Fit, expected: Callable[[Floats], Floats]) -> Floats | None:
    """Shape (R, J): weighted means of what is expected under each refit; nan where there is none."""
    if fit.solved.refits is None:
        return None
    means = np.full((len(fit.solved.refits), fit.solved.model.categories), np.nan)
    for r, (t, w) in enumerate(zip(fit.solved.refits, _replicate_weights(fit).T, strict=True)):
        if np.isfinite(t).all():
            with np.errstate(over="ignore", invalid="ignore"):
                means[r] = w @ expected(t) / w.sum()
    return means


def _difference(one: _Average, other: _Average) -> _Average:
    refitted = None
    if one.refitted is not None and other.refitted is not None:
        refitted = one.refitted - other.refitted
    return _Average(one.value - other.value, one.each - other.each, one.pull - other.pull, refitted)


def _rows(fit: Fit, term: Term, code: str, stat: str, average: _Average) -> list[Estimate]:
    variance = np.diag(_covariance(fit, average))
    options = fit.firms.codes or (fit.template.option,)
    rows = []
    for option, value, spread in zip(options, average.value, variance, strict=True):
        blank = replace(fit.template, option=option, by=term.question, group=code, stat=stat)
        row = with_doubt(blank, float(value), float(spread))
        if stat == "predicted":
            row = replace(row, p=float("nan"))
            if fit.family not in ("gaussian", "poisson"):
                row = _within_one(row)
        rows.append(row)
    return rows


def _covariance(fit: Fit, average: _Average) -> Floats:
    """Covariance (J, J): parameters and the draw of firms together."""
    solved = fit.solved
    arrays = fit.arrays
    if arrays.replicates is not None and average.refitted is not None:
        return refit_covariance(average.refitted, average.value, arrays.replicates)
    total = fit.weight.sum()
    own = (average.each - average.value)[solved.patterns.place] * (fit.weight / total)[:, None]
    moves = solved.influence[fit.firms.used] @ average.pull.T if solved.influence is not None else 0.0
    if solved.is_census or solved.is_silent:
        both = own + moves
        return np.asarray(solved.left * (both.T @ both))
    influence = np.zeros((len(arrays), len(average.value)))
    influence[fit.firms.used] = own + moves
    return influence_covariance(influence, arrays)


def _within_one(row: Estimate) -> Estimate:
    """Limits of a share by t on the logit scale."""
    p, df = row.estimate, row.df
    if row.method != "t" or not df >= 1 or not 0 < p < 1:
        return row
    reach = float(stdtrit(df, 0.5 + row.level / 2)) * row.se / (p * (1 - p))
    middle = np.log(p / (1 - p))
    return replace(row, low=float(expit(middle - reach)), high=float(expit(middle + reach)), method="logit t")


def _columns(fit: Fit) -> Floats:
    """Shape (m, k): model matrix of the distinct rows."""
    return fit.firms.matrix.columns[fit.solved.patterns.first]


def _replicate_weights(fit: Fit) -> Floats:
    """Shape (m, R): replicate weights of the distinct rows."""
    replicates = fit.arrays.replicates
    if replicates is None:
        return np.zeros((len(fit.solved.patterns.first), 0))
    return fit.solved.patterns.sums(replicates.weights[fit.firms.used])
