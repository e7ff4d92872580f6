"""Factors that let firms that answered stand for those approached that did not, for one wave."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_column, code_text
from survey.design import Design
from survey.design_columns import design_frame
from survey.faults import DesignFault, Finding, nearest
from survey.read import read_wave
from survey.response import class_factors, propensity, propensity_groups
from survey.routing import select
from survey.study import Study
from survey.wave import Wave
from survey.weights_settings import ResponseSettings

__all__ = ["response_factors"]


def response_factors(
    wave: Wave, study: Study, asked: ResponseSettings, base: NDArray[np.float64], stop: bool
) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Factor of each of the n firms of a wave: 0 for one that did not answer.

    With a list, each firm approached counts once; within the wave, with its base weight. A column `wave`
    of the list that names waves of the study tells apart whom each wave approached.

    Parameters
    ----------
    base : NDArray[np.float64]
        Shape (n,): base weights.
    stop : bool
        Whether firms that are not on the list are a fault; else they get the overall factor.

    Raises
    ------
    DesignFault
        A column that does not exist, an id twice on the list, a class in which nobody answered,
        predictors that separate those who answered from those who did not.
    """
    found: list[Finding] = []
    if asked.list is None:
        answered = np.asarray(select(wave, asked.answered, where=study.place("weights.response.answered")))
        approached, weight = wave, base
        place = np.arange(len(wave))
    else:
        approached = _of_wave(read_wave(asked.list), wave.name, study, asked.list)
        weight = np.ones(len(approached))
        place, answered, found = _matched(wave, study, asked, approached, stop)
        found = [*approached.findings, *found]
    if not answered.any():
        raise DesignFault(
            study.place("weights.response"),
            "no firm that answered",
            "firms that answered",
            "mend the setting",
        )
    factors = _factors(study, asked, approached, weight, answered)
    overall = float(weight.sum() / weight[answered].sum())
    own = np.where(place >= 0, np.where(answered, factors, 0.0)[np.maximum(place, 0)], overall)
    return own, tuple(found)


def _of_wave(approached: Wave, name: str, study: Study, file: Path) -> Wave:
    """Firms approached for the wave `name`, where a column `wave` of the list tells waves apart."""
    if "wave" not in approached.frame.columns:
        return approached
    told = np.array([code_text(v) for v in approached.frame["wave"]], dtype=object)
    named = set(told) & {source.name for source in study.waves}
    if not named:
        return approached
    if name not in named:
        raise DesignFault(
            f"{file}, column wave",
            f"no firm approached for wave {name!r}",
            "the firms approached for every wave that is weighed",
            "add them, or name the waves to weigh under waves in [weights]",
        )
    return replace(approached, frame=approached.frame[told == name].reset_index(drop=True))


def _matched(
    wave: Wave, study: Study, asked: ResponseSettings, approached: Wave, stop: bool
) -> tuple[NDArray[np.int64], NDArray[np.bool_], list[Finding]]:
    """Place of each firm on the list (-1 where it is not), and who on the list answered."""
    where = f"{asked.list}, firms approached"
    listed = pd.Index(design_frame(approached, Design(id=asked.id or study.design.id))["id"])
    if not listed.is_unique:
        twice = str(listed[listed.duplicated()][0])
        raise DesignFault(where, f"id {twice!r} twice", "each firm once", "keep one of its rows")
    ids = pd.Index(design_frame(wave, Design(id=study.design.id))["id"])
    place = listed.get_indexer(ids).astype(np.int64)
    answered = np.zeros(len(listed), dtype=bool)
    answered[place[place >= 0]] = True
    lost = ids[place < 0]
    if not len(lost):
        return place, answered, []
    said = f"{len(lost)} firms that answered are not on it ({', '.join(map(str, lost[:5]))})"
    if stop or len(lost) == len(ids):
        raise DesignFault(where, said, "every firm of the wave on the list", "add them, or correct their ids")
    return (
        place,
        answered,
        [
            Finding(
                where, said, "They get the factor of all firms together.", "Add them, or correct their ids."
            )
        ],
    )


def _factors(
    study: Study,
    asked: ResponseSettings,
    approached: Wave,
    weight: NDArray[np.float64],
    answered: NDArray[np.bool_],
) -> NDArray[np.float64]:
    if asked.classes:
        classes, names = _classes(study, approached, asked.classes)
    else:
        chance = propensity(_predictors(study, approached, asked.predictors), answered)
        if np.isnan(chance).any():
            raise DesignFault(
                study.place("weights.response.predictors"),
                "predictors that tell exactly, for some firms, who answered",
                "predictors under which every firm might have answered and might not",
                "leave one out, or use classes",
            )
        if not asked.groups:
            return np.asarray(1.0 / chance)
        classes = propensity_groups(chance, asked.groups)
        names = [f"propensity group {g + 1}" for g in range(int(classes.max()) + 1)]
    factors = class_factors(weight, classes, answered)
    for empty in np.flatnonzero(np.isinf(factors))[:1]:
        many = int((classes == empty).sum())
        raise DesignFault(
            study.place("weights.response"),
            f"nobody answered in class {names[empty]!r}, of {many} firms approached",
            "at least one firm that answered in each class",
            "merge it with its nearest class",
        )
    return factors[classes]


def _column(study: Study, approached: Wave, name: str, key: str) -> pd.Series:
    if name not in approached.frame.columns:
        known = [str(c) for c in approached.frame.columns]
        raise DesignFault(
            study.place(f"weights.response.{key}"),
            f"no column {name!r} in {approached.origin.path}",
            "a column of the firms approached",
            nearest(name, known),
        )
    return approached.frame[name]


def _classes(study: Study, approached: Wave, names: tuple[str, ...]) -> tuple[NDArray[np.int64], list[str]]:
    """Class of each firm approached, and its name; a blank is a class of its own."""
    texts = []
    for name in names:
        coded = code_column(_column(study, approached, name, "classes"))
        texts.append(np.append(np.array(coded.found, dtype=object), "(blank)")[coded.index])
    joined = pd.Series(texts[0])
    for more in texts[1:]:
        joined = joined + " * " + pd.Series(more)
    codes, found = pd.factorize(joined, sort=True)
    return codes.astype(np.int64), [str(f) for f in found]


def _predictors(study: Study, approached: Wave, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Intercept, numbers (blanks at their mean, with an indicator) and indicators of codes."""
    columns = [np.ones(len(approached))]
    for name in names:
        raw = _column(study, approached, name, "predictors")
        coded = code_column(raw)
        blank = coded.index < 0
        if pd.api.types.is_numeric_dtype(raw.dtype) and not blank.all():
            columns.append(np.where(blank, np.nanmean(coded.number), coded.number))
        else:
            columns += [(coded.index == i).astype(float) for i in range(1, len(coded.found))]
        if blank.any():
            columns.append(blank.astype(float))
    return np.column_stack(columns)
