"""What each choice of open thresholds makes of the flows that hang on them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.atoms import Patterns, patterns_of, worst_stakes
from analysis.pressure.channels import STATS, Reach, reach_of
from analysis.pressure.crossing import Crossing, crossings_of, with_crossings
from analysis.pressure.day import Day
from analysis.pressure.flowkeys import FlowKeys
from analysis.pressure.thresholds import OpenThreshold, chosen_points

__all__ = ["Choices", "choices_of", "put_choices"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choices:
    """m flows under each of w choices, in the order of `thresholds.chosen_points`.

    Attributes
    ----------
    thresholds : tuple[OpenThreshold, ...]
    at : shape (m,) int
        Which of all flows, rising.
    weight : shape (w, 3, m)
        us and cn severity, and stake per unit of share before substitutability is taken off.
    patterns : tuple of w Patterns
        Of the m flows; none where no other parameter is open.
    crossing : tuple of w Crossing
        Its flows are places in `at`.
    moves : shape (3, m) bool
        Whether the choice makes a difference, by stat.
    """

    thresholds: tuple[OpenThreshold, ...]
    at: Places
    weight: Floats
    patterns: tuple[Patterns, ...]
    crossing: tuple[Crossing, ...]
    moves: NDArray[np.bool_]

    def part(self, keep: NDArray[np.bool_], place: Places) -> "Choices | None":
        """The same of some of all flows, given as a mask, with their new places."""
        mine = keep[self.at]
        if not mine.any():
            return None
        return replace(_narrowed(self, mine), at=place[self.at[mine]])


def choices_of(reach: Reach, keys: FlowKeys, now: Day, *, has_patterns: bool) -> Choices | None:
    """Lay out beside `reach` what a day under every choice tells of its flows.

    Parameters
    ----------
    reach : Reach
        Of the same day.
    keys : FlowKeys
        Of its flows.
    now : Day
    has_patterns : bool
        Whether other parameters are open too.
    """
    variants = now.variants
    if variants is None:
        return None
    hangs = set(variants.firms)
    is_mine = np.array([firm in hangs for firm in reach.firms], dtype=bool)
    firms = [firm for firm in reach.firms if firm in hangs]
    flows = now.flows[now.flows["firm"].isin(firms)]
    at = np.flatnonzero(is_mine[reach.firm])
    if not at.size:
        return None
    own = keys[at]
    weights, patterns, crossing = [], [], []
    for one in variants.each:
        weight = reach_of(flows, one.contacts, one.collisions, firms, reach.across).weight
        weights.append(np.vstack([weight[:2], worst_stakes(own, one.collisions)]))
        crossing.append(crossings_of(own, one.cuts, one.collisions))
        if has_patterns:
            patterns.append(patterns_of(own, one.contacts, one.collisions))
    weight = np.stack(weights)
    moves = (weight != weight[:1]).any(axis=0) | _differ(crossing, len(at))
    for other in patterns[1:]:
        for s in range(len(STATS)):
            was, now_ = (p.holds[s][p.at[s]] for p in (patterns[0], other))
            moves[s] |= (was != now_).any(axis=1)
    every = Choices(variants.thresholds, at, weight, tuple(patterns), tuple(crossing), moves)
    mine = moves.any(axis=0)
    return _narrowed(every, mine) if mine.any() else None


def _differ(crossing: list[Crossing], many: int) -> NDArray[np.bool_]:
    """Whether the rows of a flow are not the same under every choice, shape (3, many)."""
    columns = ("flow", "stat", "atom", "cut", "is_above", "name")
    tables = [pd.DataFrame({name: getattr(one, name) for name in columns}) for one in crossing]
    rows = pd.concat([table.drop_duplicates() for table in tables], ignore_index=True)
    count = rows.groupby(list(columns))["flow"].transform("size") if len(rows) else pd.Series(dtype=int)
    made = np.zeros((len(STATS), many), dtype=bool)
    odd = rows[(count < len(crossing)).to_numpy(dtype=bool)]
    made[odd["stat"].to_numpy(dtype=np.int64), odd["flow"].to_numpy(dtype=np.int64)] = True
    return made


def _narrowed(choices: Choices, mine: NDArray[np.bool_]) -> Choices:
    """Some of its m flows, given as a mask."""
    number = np.cumsum(mine) - 1
    crossing = []
    for one in choices.crossing:
        own = mine[one.flow]
        crossing.append(
            Crossing(
                number[one.flow[own]],
                one.stat[own],
                one.atom[own],
                one.cut[own],
                one.is_above[own],
                one.name[own],
            )
        )
    return Choices(
        choices.thresholds,
        choices.at[mine],
        choices.weight[:, :, mine],
        tuple(Patterns(one.at[:, mine], one.holds) for one in choices.patterns),
        tuple(crossing),
        choices.moves[:, mine],
    )


def put_choices(
    made: Floats,
    choices: Choices,
    which: tuple[Places, Places],
    stat: int,
    values: Floats,
    keys: Mapping[str, int],
    first: int,
    last: int,
) -> Floats:
    """Weights of flows in draws `first` to `last`, with those of the points that each draw chooses.

    Parameters
    ----------
    made : shape (a, draws) or (a, 1)
    choices : Choices
    which : pair of int arrays
        Which of its m flows, and their places among the a flows.
    stat : int
        Place in `STATS`.
    values : shape (ATOMS, draws)
        As `atom_values`.
    keys : mapping of str to int
        Of the sources.

    Returns
    -------
    shape (a, draws); as it was where the choice makes no difference to any of the flows
    """
    moves = choices.moves[stat, which[0]]
    inside, place = (part[moves] for part in which)
    if not inside.size:
        return made
    made = np.repeat(made, last - first, axis=1) if made.shape[1] == 1 else made.copy()
    picked = chosen_points(choices.thresholds, keys["thresholds"], first, last)
    for choice in np.unique(picked):
        draws = np.flatnonzero(picked == choice)
        if choices.patterns:
            patterns = choices.patterns[choice]
            part = patterns.weights(values, stat)[patterns.at[stat, inside]]
        else:
            part = choices.weight[choice, stat, inside][:, None]
        rows = choices.crossing[choice]
        mine = np.flatnonzero((rows.stat == stat) & np.isin(rows.flow, inside))
        at = np.searchsorted(inside, rows.flow[mine])
        part = with_crossings(part, rows, (mine, at), values, keys["bands"], first, last)
        made[np.ix_(place, draws)] = part[:, draws] if part.shape[1] > 1 else part
    return made
