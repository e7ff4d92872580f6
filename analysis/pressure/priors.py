"""Open parameters of the rules, each with the prior its study declares, drawn once for all firms."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.draws import keyed_uniforms
from analysis.rules.outcomes import SEVERITY
from survey import Study, StudyFault, nearest

__all__ = ["LEVELS", "PARAMETERS", "Prior", "level_of", "open_priors", "parameter_draws", "standing_values"]

Floats = NDArray[np.float64]

LEVELS = ("none", "notify", "licence", "prohibited")
"""Degrees of hardness, each of one severity; `review` weighs as `notify`."""

PARAMETERS = ("dormant", *LEVELS[1:])
"""Parameters that may be left open: the weight of dormant powers, and the severity of each degree."""

_LEVEL = {
    "notify": 1,
    "review": 1,
    "licence": 2,
    "prohibited_unless_rebutted": 3,
    "prohibited": 3,
}


@dataclass(frozen=True, slots=True)
class Prior:
    """A triangular prior: lowest, likeliest and highest value of a parameter, 0 to 1."""

    low: float
    middle: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Values at probabilities u, of the same shape."""
        wide = self.high - self.low
        if wide <= 0.0:
            return np.full(u.shape, self.middle)
        left, right = self.middle - self.low, self.high - self.middle
        below = self.low + np.sqrt(u * wide * left)
        above = self.high - np.sqrt((1.0 - u) * wide * right)
        return np.where(u * wide < left, below, above)


def level_of(outcomes: pd.Series) -> NDArray[np.int64]:
    """Place in `LEVELS` of outcomes, 0 of those that weigh nothing; shape as given."""
    codes, words = pd.factorize(outcomes)
    known = np.array([_LEVEL.get(str(word), 0) for word in words], dtype=np.int64)
    return known[codes] if len(words) else np.zeros(len(outcomes), dtype=np.int64)


def standing_values(dormant: float) -> dict[str, float]:
    """Each of `PARAMETERS` as points are made with it."""
    return {"dormant": dormant, **{word: float(SEVERITY[word]) for word in LEVELS[1:]}}


def open_priors(study: Study, said: object, dormant: float) -> Mapping[str, Prior]:
    """`[pressure.open]` of a study: parameter to its prior; none where nothing is declared.

    Entries that are tables are about thresholds of rules and are read by `thresholds.open_thresholds`.

    Parameters
    ----------
    study : Study
    said : object
        What the section holds; None where it is not there.
    dormant : float
        Weight that points are made with.

    Raises
    ------
    StudyFault
        A parameter nobody knows, or values that are not three from 0 to 1, rising, the value that points are
        made with in the middle.
    """
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise StudyFault(
            study.place("pressure.open"), repr(said), "a table", "write  open = { dormant = [0, 0.25, 0.5] }"
        )
    standing, found = standing_values(dormant), {}
    for name, values in said.items():
        if isinstance(values, Mapping):
            continue
        where = study.place(f"pressure.open.{name}")
        if name not in PARAMETERS:
            known = "one of: " + ", ".join(PARAMETERS)
            raise StudyFault(where, f"unknown parameter {name!r}", known, nearest(str(name), PARAMETERS))
        if not _is_rising(values):
            do = f"write  {name} = [0, {standing[name]:g}, 1]"
            raise StudyFault(where, repr(values), "lowest, likeliest and highest value, from 0 to 1", do)
        low, middle, high = (float(value) for value in values)
        if abs(middle - standing[name]) > 1e-12:
            raise StudyFault(
                where,
                f"{middle:g} in the middle",
                f"{standing[name]:g}, which points are made with",
                "correct one of the two" if name == "dormant" else "correct the value in the middle",
            )
        found[str(name)] = Prior(low, middle, high)
    return found


def _is_rising(values: object) -> bool:
    if not isinstance(values, (list, tuple)) or len(values) != 3:
        return False
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return False
    return 0.0 <= values[0] <= values[1] <= values[2] <= 1.0


def parameter_draws(
    priors: Mapping[str, Prior], dormant: float, key: int, first: int, last: int
) -> dict[str, Floats]:
    """Draws `first` to `last` of each of `PARAMETERS`, shape (last - first,); others stay as they are.

    A stricter degree never weighs less than a lighter one in the same draw.
    """
    made = {}
    for name, value in standing_values(dormant).items():
        made[name] = np.full(last - first, value)
        if name in priors:
            named = pd.util.hash_array(np.array([name], dtype=object))
            made[name] = priors[name].quantile(keyed_uniforms(key, named, first, last)[:, 0])
    for lighter, stricter in pairwise(LEVELS[1:]):
        made[stricter] = np.maximum(made[stricter], made[lighter])
    return made
