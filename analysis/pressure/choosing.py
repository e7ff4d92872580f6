"""The model of choice trained on the wave of a study, and read for firms of a day."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import compile_design
from analysis.pressure.assemble import Measured
from analysis.pressure.channels import STATS
from analysis.pressure.choice import Abstained, ChoiceModel, Risk, train_choice
from analysis.pressure.completing import Lacking, over_sets
from analysis.pressure.designed import case_weights
from analysis.pressure.knowing import imputed_firms, outcome_note
from analysis.pressure.noting import Note
from analysis.pressure.outcome import firm_ids, grades_given, groups_given
from analysis.pressure.predicting import predict_choice
from analysis.pressure.settings import PressureSettings
from survey import Study, Wave, design_frame

__all__ = ["risk_of", "train_on"]

Floats = NDArray[np.float64]


def train_on(
    study: Study,
    wave: Wave,
    chose: Floats,
    measured: Floats,
    settings: PressureSettings,
    rng: np.random.Generator,
    is_known: NDArray[np.bool_],
) -> "ChoiceModel | Abstained":
    """Train on firms that answered, with what `[pressure]` declares.

    Those that lack an indicator are imputed (`over_sets`) as `impute` says (`imputed_firms`).

    Parameters
    ----------
    study, wave : Study, Wave
    chose : shape (n,)
        1, 0, or nan where not answered.
    measured : shape (3, n)
        us, cn, squeeze on the day of fieldwork; nan where missing.
    settings : PressureSettings
    rng : numpy.random.Generator
    is_known : shape (n,)
        From `known_firms`.

    Raises
    ------
    Fault
        Grades, groups or design at fault.
    """
    if not settings.outcome:
        return Abstained(Note("no_outcome", "no outcome in the survey"), 0, 0)
    declared = settings.choice
    x = np.stack([measured[STATS.index(term)] for term in declared.slopes], axis=1)
    weights, basis = _weights(study, wave, chose, x, settings)
    grades = grades_given(wave, study, settings)
    if grades is not None:
        chose = np.where(np.isfinite(grades), chose, np.nan)
    pool = groups_given(wave, study, settings.pool, "pool")
    apart = groups_given(wave, study, settings.by[0] if settings.by else "", "by")
    model = train_choice(
        x,
        chose,
        rng,
        terms=declared.slopes,
        draws=settings.draws,
        declared=declared,
        weights=weights,
        grades=grades,
        groups=pool,
        apart=apart,
    )
    if isinstance(model, Abstained):
        return model
    none = np.full(len(chose), "", dtype=object)
    lacks = np.isnan(x).any(axis=1)
    taken, said = imputed_firms(chose, lacks, is_known, settings.impute)
    firms = Lacking(
        firm_ids(wave, study),
        x,
        declared.slopes,
        np.where(lacks & ~taken, np.nan, chose),
        np.ones(len(chose)) if weights is None else weights,
        grades,
        none if pool is None else pool,
        none if apart is None else apart,
    )
    model = over_sets(model, firms, seed=settings.seed, sets=settings.imputations, draws=settings.draws)
    return replace(model, notes=(basis, *model.notes, *said, *outcome_note(chose)))


def risk_of(
    model: "ChoiceModel | Abstained",
    measured: Measured,
    doubt: Floats,
    settings: PressureSettings,
    is_respondent: NDArray[np.bool_],
    groups: NDArray[np.object_] | None = None,
) -> Risk:
    """Risk of each of n firms; of firms outside the survey only inside the trained range.

    Parameters
    ----------
    model : ChoiceModel or Abstained
    measured : Measured
    doubt : shape (3, draws, n)
        us, cn, squeeze over what is in doubt about them.
    settings : PressureSettings
    is_respondent : shape (n,)
    groups : shape (n,), optional
        Of the firms, for a model that pools groups.
    """
    n = measured.point.shape[1]
    if isinstance(model, Abstained):
        empty = np.full(n, np.nan)
        draws = np.full((settings.draws, n), np.nan)
        return Risk(empty, draws, empty, empty, empty, empty, empty, np.zeros(n, dtype=bool))
    at = [STATS.index(term) for term in model.terms]
    risk = predict_choice(
        model, measured.point[at].T, np.moveaxis(doubt[at], 0, 2), settings.level, groups=groups
    )
    out = risk.is_outside & ~is_respondent
    for value in (risk.eta, risk.p, risk.low50, risk.high50, risk.low, risk.high):
        value[out] = np.nan
    risk.draws[:, out] = np.nan
    return risk


def _weights(
    study: Study, wave: Wave, chose: Floats, x: Floats, settings: PressureSettings
) -> tuple[Floats | None, Note]:
    """Case weights, None for equal ones, and what kind of inference that is."""
    design = study.design
    is_drawn = design.selection == "probability" and bool(design.weight or design.strata or design.clusters)
    if settings.weights == "none" or (settings.weights != "design" and not is_drawn):
        is_list = design.selection != "probability"
        why = "no random sample" if is_list else "no weights are used"
        told = f"model-based: {why}; about firms like these, whoever was asked"
        return None, Note("model_based" if is_list else "no_weights", told)
    used = np.isfinite(chose) & np.isfinite(x).all(axis=1)
    unweighted = Note(
        "no_weights", "model-based: no weights are used; about firms like these, whoever was asked"
    )
    if min(np.nansum(chose[used]), np.sum(chose[used] == 0)) < 1:
        return None, unweighted
    design_columns = design_frame(wave, design)
    arrays = compile_design(design_columns, replace(design, target="mechanism"))
    moving = np.ptp(x[used], axis=0) > 1e-9
    if not moving.any():
        return None, unweighted
    first = x[:, [int(np.flatnonzero(moving)[0])]]
    weights, effect = case_weights(first, chose, arrays)
    lacks = np.isfinite(chose) & ~used & (arrays.weight > 0)
    weights = np.where(lacks, arrays.weight * (weights[used].sum() / arrays.weight[used].sum()), weights)
    told = f"design-based: survey weights over a design effect of {effect:.2f}"
    return weights, Note("design_based", told, (f"{effect:.2f}",))
