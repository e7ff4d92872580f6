"""A day met once for each choice of points of open thresholds, as far as flows hang on the choice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
import pandas as pd

from analysis.pressure.straddling import content_cuts
from analysis.pressure.thresholds import OpenThreshold, with_points
from analysis.rules.catalogue import Catalogue
from analysis.rules.collide import collisions
from analysis.rules.reach import contact

__all__ = ["Variant", "Variants", "variants_of"]


@dataclass(frozen=True, slots=True)
class Variant:
    """What touches the flows of some firms under one choice: frames as those of `Day`."""

    contacts: pd.DataFrame
    collisions: pd.DataFrame
    cuts: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Variants:
    """Firms of which some flow hangs on an open threshold, under every choice of points.

    Attributes
    ----------
    thresholds : tuple[OpenThreshold, ...]
        Those on which any flow hangs.
    each : tuple[Variant, ...]
        In the order of `thresholds.chosen_points`.
    firms : tuple[str, ...]
    """

    thresholds: tuple[OpenThreshold, ...]
    each: tuple[Variant, ...]
    firms: tuple[str, ...]

    def through(self, change: Callable[[Variant], Variant], firms: tuple[str, ...]) -> "Variants":
        """The same with every frame changed alike, of other firms."""
        return replace(self, each=tuple(change(one) for one in self.each), firms=firms)


def variants_of(
    thresholds: tuple[OpenThreshold, ...],
    contacts: pd.DataFrame,
    flows: pd.DataFrame,
    catalogue: Catalogue,
    day: date,
    dormant: float,
) -> Variants | None:
    """Meet the rules that have an open threshold again, once for each of its points.

    Instruments are asked apart from each other, so each asks for its own points alone; what they collide with
    is found for each combination. Flows whose content nobody knows hang on no threshold and are not asked.

    Parameters
    ----------
    thresholds : tuple of OpenThreshold
    contacts, flows : pandas.DataFrame
        From `contact` (without outcome `none`) and `flows_of`.
    catalogue : Catalogue
    day : datetime.date
    dormant : float

    Returns
    -------
    Variants or None
        None where no flow hangs on any.
    """
    open_ = tuple(one for one in thresholds if one.tests(catalogue).any())
    asked: dict[str, _Asked] = {}
    for name in dict.fromkeys(one.instrument for one in open_):
        own = tuple(one for one in open_ if one.instrument == name)
        asked[name] = _ask(own, contacts[contacts["instrument"] == name], flows, catalogue, day)
    open_ = tuple(one for one in open_ if asked[one.instrument].firms)
    if not open_:
        return None
    asked = {name: asked[name] for name in dict.fromkeys(one.instrument for one in open_)}
    firms = sorted(set().union(*(found.firms for found in asked.values())))
    mine = flows[flows["firm"].isin(firms)]
    rest = contacts[contacts["firm"].isin(firms) & ~contacts["instrument"].isin(list(asked))]
    each = []
    for points in product(*(range(len(one.at)) for one in open_)):
        rules, parts = catalogue, [rest]
        for one, point in zip(open_, points, strict=True):
            rules = with_points(rules, one, point)
        for name, found in asked.items():
            own_points = tuple(p for one, p in zip(open_, points, strict=True) if one.instrument == name)
            parts.append(found.tables[own_points][found.tables[own_points]["firm"].isin(firms)])
        touched = pd.concat(parts, ignore_index=True)
        met = collisions(touched, mine, rules, day, dormant)
        each.append(Variant(touched, met, content_cuts(touched, mine, rules)))
    return Variants(open_, tuple(each), tuple(firms))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Contacts of one instrument for each combination of its own points, and firms of which they differ."""

    tables: dict[tuple[int, ...], pd.DataFrame]
    firms: frozenset[str]


def _ask(
    own: tuple[OpenThreshold, ...],
    stands: pd.DataFrame,
    flows: pd.DataFrame,
    catalogue: Catalogue,
    day: date,
) -> _Asked:
    known = np.zeros(len(flows), dtype=bool)
    for one in own:
        column = f"{one.field}_low" if f"{one.field}_low" in flows else one.field
        known |= flows[column].notna().to_numpy()
    hangs = flows[known]
    if hangs.empty:
        return _Asked({}, frozenset())
    keys = pd.MultiIndex.from_frame(hangs[["firm", "flow"]])
    other = stands[~pd.MultiIndex.from_frame(stands[["firm", "flow"]]).isin(keys)]
    tables = {}
    for points in product(*(range(len(one.at)) for one in own)):
        rules = catalogue
        for one, point in zip(own, points, strict=True):
            rules = with_points(rules, one, point)
        tables[points] = pd.concat(
            [other, contact(hangs, rules, day, only={own[0].instrument})], ignore_index=True
        )
    return _Asked(tables, frozenset().union(*(_moved(table, stands) for table in tables.values())))


def _moved(table: pd.DataFrame, stands: pd.DataFrame) -> frozenset[str]:
    """Firms with a flow whose contact is another one, or hangs on where in its band a content lies."""
    said = ["firm", "flow", "side", "outcome", "worst"]
    both = pd.concat([table[said], stands[said]])
    moved = both[~both.duplicated(keep=False) | (both["outcome"] == "between")]
    return frozenset(moved["firm"].astype("str"))
