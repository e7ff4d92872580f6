"""Thresholds of rules that are left open: the points a study declares for each, and their chances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.draws import keyed_uniforms
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS
from survey import Study, StudyFault, nearest

__all__ = ["MOST_CHOICES", "OpenThreshold", "chosen_points", "open_thresholds", "with_points"]

Places = NDArray[np.int64]

MOST_CHOICES = 64
"""Most combinations of points: for each of them rules meet the flows that hang on them once."""

_KEYS = ("threshold", "weights", "field", "branch", "was")
_LIGHTENS = ("exception", "review", "risk")
_NEAR = 1e-12


@dataclass(frozen=True, slots=True)
class OpenThreshold:
    """One threshold that nobody knows for sure.

    Attributes
    ----------
    instrument, branch, field : str
        Which tests of the catalogue it stands in; branch "" for every branch.
    was : float
        The value that stands there, which points of indicators are made with.
    at : tuple[float, ...]
        Values it may have, rising; `was` is one of them.
    chance : tuple[float, ...]
        Of each, adding up to 1.
    """

    instrument: str
    branch: str
    field: str
    was: float
    at: tuple[float, ...]
    chance: tuple[float, ...]

    @property
    def name(self) -> str:
        """What its draws belong to, and what it is called in `doubts`."""
        branch = f" {self.branch}" if self.branch else ""
        return f"{self.instrument}{branch} {self.field} {self.was:g}"

    @property
    def standing(self) -> int:
        """Place of `was` among the values."""
        return int(np.argmin(np.abs(np.array(self.at) - self.was)))

    def tests(self, catalogue: Catalogue) -> "pd.Series[bool]":
        """Rows of the gates that hold it as it stands; none where a scenario has set it already."""
        stands = pd.to_numeric(catalogue.gates["value"].where(self._asks(catalogue)), errors="coerce")
        return (stands - self.was).abs() <= _NEAR

    def _asks(self, catalogue: Catalogue) -> "pd.Series[bool]":
        gates = catalogue.gates
        mine = (gates["instrument"] == self.instrument) & (gates["field"] == self.field)
        mine &= ~gates["gate"].isin(_LIGHTENS)
        return mine & (gates["branch"] == self.branch) if self.branch else mine


def with_points(catalogue: Catalogue, threshold: OpenThreshold, point: int) -> Catalogue:
    """The catalogue with one threshold at one of its points."""
    gates = catalogue.gates
    value = gates["value"].mask(threshold.tests(catalogue), f"{threshold.at[point]:.12g}")
    return replace(catalogue, gates=gates.assign(value=value))


def chosen_points(thresholds: Sequence[OpenThreshold], key: int, first: int, last: int) -> Places:
    """Which combination of points draws `first` to `last` take, shape (last - first,).

    Combinations count through the points of the last threshold first. A threshold's draws belong to its name.
    """
    made = np.zeros(last - first, dtype=np.int64)
    for one in thresholds:
        named = pd.util.hash_array(np.array([one.name], dtype=object))
        u = keyed_uniforms(key, named, first, last)[:, 0]
        ends = np.cumsum(one.chance)[:-1]
        made = made * len(one.at) + np.searchsorted(ends, u, side="right")
    return made


def open_thresholds(study: Study, catalogue: Catalogue) -> tuple[OpenThreshold, ...]:
    """Thresholds that `[pressure.open]` of a study leaves open, in the order it names them.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
        Of the study.

    Raises
    ------
    StudyFault
        An instrument without a threshold, several of which it is not said which, values that do not rise or
        do not hold the one that stands, weights that do not fit, too many combinations.
    """
    said = study.section("pressure").get("open")
    if not isinstance(said, Mapping):
        return ()
    found = [_read(study, catalogue, str(name), told) for name, told in said.items() if _is_rule(told)]
    many = prod(len(one.at) for one in found)
    if many > MOST_CHOICES:
        raise StudyFault(
            study.place("pressure.open"),
            f"{many} combinations of {len(found)} open thresholds",
            f"{MOST_CHOICES} at most",
            "name fewer points, or fewer thresholds",
        )
    return tuple(found)


def _is_rule(told: object) -> bool:
    """Whether an entry of `[pressure.open]` is about a rule: a table, where a parameter has three numbers."""
    return isinstance(told, Mapping)


def _read(study: Study, catalogue: Catalogue, name: str, told: Mapping[str, object]) -> OpenThreshold:
    where = f"pressure.open.{name}"
    for key in told:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"{where}.{key}"), repr(key), "one of: " + ", ".join(_KEYS), nearest(key, _KEYS)
            )
    gates = catalogue.gates
    asked = gates[gates["field"].isin(BOUND_FIELDS) & ~gates["gate"].isin(_LIGHTENS)]
    with_one = tuple(asked["instrument"].unique())
    if name not in with_one:
        raise StudyFault(
            study.place(where), f"{name!r}, a rule without a threshold", "one of: " + ", ".join(with_one),
            nearest(name, with_one),
        )  # fmt: skip
    mine = asked[asked["instrument"] == name]
    for key in ("field", "branch"):
        word = told.get(key)
        if word is not None:
            known = tuple(mine[key].unique())
            if word not in known:
                raise StudyFault(
                    study.place(f"{where}.{key}"), repr(word), "one of: " + ", ".join(map(repr, known)),
                    nearest(str(word), known),
                )  # fmt: skip
            mine = mine[mine[key] == word]
    stands = pd.to_numeric(mine["value"])
    was = told.get("was")
    if was is not None:
        near = stands.isna()
        if isinstance(was, (int, float)) and not isinstance(was, bool):
            near = (stands - was).abs() <= _NEAR
        if not near.any():
            there = ", ".join(f"{value:g}" for value in sorted(stands.unique()))
            raise StudyFault(
                study.place(f"{where}.was"), repr(was), f"what stands there: {there}", "correct it"
            )
        mine, stands = mine[near], stands[near]
    if len(mine.assign(value=stands)[["field", "value"]].drop_duplicates()) > 1:
        rows = zip(mine["branch"], mine["field"], stands, strict=True)
        each = "; ".join(f"{branch} {field} {value:g}".strip() for branch, field, value in rows)
        raise StudyFault(
            study.place(where), f"several thresholds: {each}", "one of them", "say  field, branch or was"
        )
    at = _points(study, where, told, float(stands.iloc[0]))
    return OpenThreshold(
        name,
        str(told.get("branch", "")),
        str(mine["field"].iloc[0]),
        float(stands.iloc[0]),
        at,
        _chances(study, where, told, len(at)),
    )


def _points(study: Study, where: str, told: Mapping[str, object], stands: float) -> tuple[float, ...]:
    said, place = told.get("threshold"), study.place(f"{where}.threshold")
    values = tuple(said) if isinstance(said, (list, tuple)) else ()
    rising = all(_is_number(value) and 0.0 <= value < np.inf for value in values)
    if len(values) < 2 or not rising or any(b <= a for a, b in pairwise(values)):
        do = f"write  threshold = [{stands:g}, {2 * stands or 0.1:g}]"
        raise StudyFault(place, repr(said), "the values it may have: two or more numbers, rising", do)
    if min(abs(value - stands) for value in values) > _NEAR:
        each = ", ".join(f"{value:g}" for value in values)
        raise StudyFault(
            place, each, f"{stands:g} among them: it stands in the catalogue, and points are made with it",
            "add it, or change the catalogue with [rules] own",
        )  # fmt: skip
    return tuple(float(value) for value in values)


def _chances(study: Study, where: str, told: Mapping[str, object], many: int) -> tuple[float, ...]:
    said = told.get("weights", [1] * many)
    values = tuple(said) if isinstance(said, (list, tuple)) else ()
    if len(values) != many or not all(_is_number(value) and 0.0 < value < np.inf for value in values):
        raise StudyFault(
            study.place(f"{where}.weights"), repr(said), f"{many} numbers above 0, one a value of threshold",
            "write  weights = [" + ", ".join(["1"] * many) + "], or leave it out",
        )  # fmt: skip
    whole = float(sum(values))
    return tuple(float(value) / whole for value in values)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
