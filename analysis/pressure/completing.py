"""The model over several completed sets: points averaged, draws pooled, limits from combined profiles."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.choice import ChoiceModel
from analysis.pressure.condensing import condensed
from analysis.pressure.draws import posterior_draws
from analysis.pressure.filling import filled_sets
from analysis.pressure.fitting import Answered, Fitted, fit_declared
from analysis.pressure.flic import correct_intercept
from analysis.pressure.noting import Note
from analysis.pressure.usable import group_columns

__all__ = ["Lacking", "over_sets"]

Floats = NDArray[np.float64]

_KEY = 0x73657473


@dataclass(frozen=True, slots=True)
class Lacking:
    """n firms of the survey as the model is given them, those that lack an indicator among them.

    Attributes
    ----------
    ids : tuple[str, ...]
    indicators : shape (n, terms)
        nan where missing.
    terms : tuple[str, ...]
        Names of its columns.
    chose : shape (n,)
        1, 0, or nan where not answered.
    weights : shape (n,)
        Case weights; 0 for firms that are not used.
    grades : shape (n,) or None
    groups, apart : shape (n,)
        Pooled group, and group of firms like each other; "" where there is none.
    """

    ids: tuple[str, ...]
    indicators: Floats
    terms: tuple[str, ...]
    chose: Floats
    weights: Floats
    grades: Floats | None
    groups: NDArray[np.object_]
    apart: NDArray[np.object_]


def over_sets(model: ChoiceModel, firms: Lacking, *, seed: int, sets: int, draws: int) -> ChoiceModel:
    """The model with firms that answered the outcome and lack an indicator, imputed in several sets.

    Terms, trained range, and what validates the model stay those of firms that have all indicators: an
    imputed indicator is no evidence. Coefficients are the mean over the sets, with the intercept that makes
    the mean probability over all sets the observed rate; draws are those of each set in equal number. Where
    no firm lacks an indicator the model is handed back as it is. Where more lack it than have it nothing is
    imputed, and a note says so.

    Parameters
    ----------
    model : ChoiceModel
        Trained on the firms that have all indicators.
    firms : Lacking
    seed : int
    sets : int
    draws : int
    """
    at = [firms.terms.index(term) for term in model.terms]
    used = np.isfinite(firms.chose) & (firms.weights > 0)
    x = firms.indicators[used]
    many = int(np.isnan(x).any(axis=1).sum())
    if not many:
        return model
    if many > len(model.y):
        told = f"{many} firms lack an indicator, {len(model.y)} have it: too many to impute; left out"
        note = Note("not_imputed", told, (str(many), str(len(model.y))))
        return replace(model, notes=(*model.notes, note))
    y, case = firms.chose[used], firms.weights[used]
    pool = firms.groups[used]
    scale = None if firms.grades is None else np.unique(firms.grades[used], return_inverse=True)[1].ravel()
    outcome = y if scale is None else scale.astype(np.float64)
    known = ~np.isnan(x).any(axis=1)
    if not np.isin(outcome, outcome[known]).all():
        told = f"{many} firms lack an indicator and no firm of the same outcome has it: left out"
        return replace(model, notes=(*model.notes, Note("no_donors", told, (str(many),))))
    ids = tuple(np.array(firms.ids, dtype=object)[used])
    made = filled_sets(x, outcome, firms.apart[used], ids, seed, sets)[:, :, at]
    rng = np.random.default_rng([seed, _KEY])
    own = group_columns(pool, model.groups)
    positive = tuple(range(1, 1 + len(at))) if model.declared.is_nonnegative else ()
    fits, parts, offsets, effective = [], [], [], 0.0
    for s, values in enumerate(made):
        order = np.lexsort((pool.astype(str), case, outcome, *values.T[::-1]))
        X = np.c_[np.ones(len(y)), values, own][order]
        places = None if scale is None else scale[order].astype(np.intp)
        rows = condensed(Answered(X, y[order], case[order], places, len(at)), model.fit.coefficients[-1])
        fit = fit_declared(rows, model.declared)
        number = len(range(s, draws, sets))
        drawn = posterior_draws(
            fit.likelihood, fit.peak, fit.covariance, fit.fit.penalised, rng, number, positive
        )
        fits.append(fit)
        parts.append(drawn.coefficients @ fit.lift + fit.move)
        offsets.append((rows.X[:, 1:], rows.y, rows.weights))
        effective += drawn.effective
    mean = np.mean([fit.fit.coefficients + fit.move for fit in fits], axis=0)
    up = np.zeros(len(mean))
    if model.declared.correction == "flic":
        columns, answers, weights = (np.concatenate(rows) for rows in zip(*offsets, strict=True))
        up[0] = correct_intercept((columns @ mean[1:])[None], answers, weights)[0] - mean[0]
    told = (
        f"{many} firms that answered lack an indicator: imputed in {sets} sets from firms of the same "
        "outcome; what validates the model is about those that have it"
    )
    return replace(
        model,
        coefficients=mean + up,
        draws=(np.concatenate(parts) + up)[rng.permutation(draws)],
        effective=effective,
        imputed=many,
        sets=tuple(_moved(fit, up) for fit in fits),
        notes=(*model.notes, Note("imputed", told, (str(many), str(sets)))),
    )


def _moved(fit: Fitted, up: Floats) -> Fitted:
    return replace(fit, move=fit.move + up)
