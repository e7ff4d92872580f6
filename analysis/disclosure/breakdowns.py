"""Which cells of a question by several breaks may leave: all of its tables protected together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.linked import Axis, Linked
from analysis.disclosure.oneway import Hidden
from analysis.disclosure.problems import count_tables
from analysis.disclosure.suppressing import suppress

__all__ = ["Broken", "protect_breaks"]

_ASKED = " q"
"""Name of the axis of the question; no break has it."""

_NONE = " "
"""Code of firms that no group holds; never printed, but what is left when all groups are taken away."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What a question broken down does not show.

    Attributes
    ----------
    hidden : Hidden
        Cells over all firms, those added for the sake of the breaks included.
    groups : dict[str, dict[str, NDArray[np.bool_]]]
        Break to group to shape (options and nets,): cells hidden, in the order given.
    method : str
        `exact` or `heuristic`; empty where all is hidden.
    """

    hidden: Hidden
    groups: dict[str, dict[str, NDArray[np.bool_]]]
    method: str


def protect_breaks(
    ticks: NDArray[np.bool_],
    nets: Mapping[str, NDArray[np.bool_]],
    parts: Mapping[str, NDArray[np.bool_]],
    breaks: Mapping[str, Mapping[str, NDArray[np.bool_]]],
    floor: int,
    *,
    adds_up: bool,
    hidden: Hidden,
    forced: Mapping[tuple[str, str], NDArray[np.bool_]] | None = None,
) -> Broken:
    """Hide cells of one question by all breaks at once, at least cost.

    Parameters
    ----------
    ticks : NDArray[np.bool_]
        Shape (firms, options): who answered, and what.
    nets, parts : mapping
        Net name to shape (firms,) who is in it, and to shape (options,) what it is made of.
    breaks : mapping
        Break to group to shape (firms,): who is in it; a firm is in one group of a break or in none.
    floor : int
        Smallest count that may be known.
    adds_up : bool
        Whether each firm gave one answer; else each option is a table of its own, of those who ticked it and
        those who did not, and nets are shown over all firms only.
    hidden : Hidden
        What the table over all firms hides already.
    forced : mapping, optional
        (break, group) to shape (options and nets,): cells to hide whatever their count; where it is all of
        them, the number of firms of the group too.
    """
    firms, options = ticks.shape
    everything = {
        by: {group: np.ones(options + len(nets), dtype=bool) for group in groups}
        for by, groups in breaks.items()
    }
    if hidden.whole or firms < max(MINIMUM_TABLE, 2 * floor):
        return Broken(replace(hidden, options=np.ones(options, dtype=bool), whole=True), everything, "")
    if not any(breaks.values()):
        return Broken(hidden, everything, "")
    named = tuple(str(i) for i in range(options))
    if adds_up:
        codes = (*named, *nets)
        member = np.column_stack([ticks, *nets.values()]) if nets else ticks
        sums = [("", named)]
        sums += [(net, tuple(np.array(named)[parts[net]])) for net in nets if parts[net].any()]
        asked = [Axis(_ASKED, codes, member, tuple(sums))]
    else:
        codes = named
        asked = [
            Axis(f"{_ASKED}{i}", (named[i], f"not {i}"), np.column_stack([ticks[:, i], ~ticks[:, i]]),
                 (("", (named[i], f"not {i}")),))
            for i in range(options)
        ]  # fmt: skip
    others = [_break_axis(by, groups, firms) for by, groups in breaks.items()]
    linked = count_tables([[one, other] for one in asked for other in others], floor)
    is_other = np.array([code.startswith("not ") for _, code in linked.keys.labels])
    cost = np.where(is_other[linked.keys.cells].any(axis=1), 0.0, linked.cost)
    over_all = np.r_[hidden.options, list(hidden.nets.values())] if adds_up else hidden.options
    places = {code: linked.keys.place((axis.name, code)) for axis in asked for code in axis.codes}
    primary = linked.primary.copy()
    primary[[places[code] for code in codes]] |= over_all.astype(bool)
    inner, whole = _inner_and_group(linked, len(asked))
    primary[whole[linked.value[whole] < MINIMUM_TABLE]] = True
    for (by, group), cells in (forced or {}).items():
        spots = [linked.keys.place((_axis_of(asked, code), code), (by, group)) for code in codes]
        primary[spots] |= cells[: len(codes)]
        primary[linked.keys.place((by, group))] |= bool(cells.all())
    linked = replace(
        linked, primary=primary & ~linked.fixed, cost=cost, follows=np.column_stack([whole, inner])
    )
    found = suppress(linked)
    for by, groups in breaks.items():
        for group in groups:
            spots = [linked.keys.place((_axis_of(asked, code), code), (by, group)) for code in codes]
            everything[by][group][: len(codes)] = found.hide[spots]
    seen = found.hide[[places[code] for code in codes]]
    shown_nets = dict(zip(nets, seen[options:].tolist(), strict=True)) if adds_up else dict(hidden.nets)
    return Broken(Hidden(seen[:options], shown_nets, False), everything, found.method)


def _break_axis(by: str, groups: Mapping[str, NDArray[np.bool_]], firms: int) -> Axis:
    """The groups of a break, and those in none where there are any."""
    member = np.column_stack(list(groups.values())) if groups else np.zeros((firms, 0), dtype=bool)
    rest = ~member.any(axis=1)
    codes = tuple(groups)
    if rest.any():
        codes, member = (*codes, _NONE), np.column_stack([member, rest])
    return Axis(by, codes, member, (("", codes),))


def _axis_of(asked: list[Axis], code: str) -> str:
    return asked[0].name if len(asked) == 1 and code in asked[0].codes else f"{_ASKED}{code}"


def _inner_and_group(linked: Linked, many: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each cell of two axes, and the cell of its group: where that is hidden, every row that prints it is."""
    cells, labels = linked.keys.cells, linked.keys.labels
    asked = {f"{_ASKED}{i}" for i in range(many)} | {_ASKED}
    is_asked = np.array([axis in asked for axis, _ in labels])
    used = cells > 0
    inner = np.flatnonzero(used.sum(axis=1) == 2)
    group = np.where(is_asked[cells[inner, 1]], cells[inner, 2], cells[inner, 1])
    alone = np.flatnonzero((used.sum(axis=1) == 1) & ~is_asked[cells[:, 2]])
    where = np.zeros(len(labels), dtype=np.int64)
    where[cells[alone, 2]] = alone
    return inner, where[group]
