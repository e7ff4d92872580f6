"""Linked tables with the rules put on them: counts of firms, and sums of their amounts."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.concentration import Concentration, cell_amounts, find_dominated
from analysis.disclosure.linked import Axis, Crossed, Linked, cross_tables
from survey import StudyFault, nearest

__all__ = ["COSTS", "amount_tables", "count_tables", "is_unsafe"]

COSTS = ("counts", "cells", "log")
"""Information lost with a cell: what it holds, 1, or the logarithm of 1 and what it holds."""

_SOME = 1e-3
"""Part of an amount by which its exact value must stay open where too few firms alone make it unsafe."""

Unions = Callable[[NDArray[np.bool_]], list[tuple[NDArray[np.int64], float, float]]]


def is_unsafe(count: NDArray[np.int64], n: int, floor: int) -> NDArray[np.bool_]:
    """Cells whose count, or whose complement, is under the floor; nobody and everybody included.

    Nobody (0 of n) and everybody (n of n) tell the answer of each firm of a named list
    (group disclosure; Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed., 4.2.1).
    """
    return (count < floor) | (n - count < floor)


def count_tables(tables: Sequence[Sequence[Axis]], floor: int, *, cost: str = "counts") -> Linked:
    """Counts of firms in linked tables, each with what may be known of it.

    A cell must be hidden where it, or what it leaves of any total it is directly part of, is under the
    floor, nobody and everybody included. Hidden cells keep a range as wide as the floor, so that hidden cells
    whose sum is known hold the floor together. The number of all firms is always printed.

    Raises
    ------
    StudyFault
        A cost that does not exist, or fewer firms than the floor.
    """
    crossed = cross_tables(tables)
    value, many = crossed.value, len(crossed.value)
    firms = float(crossed.member.shape[0])
    fixed = np.zeros(many, dtype=bool)
    fixed[crossed.keys.place()] = True
    if firms < 2 * floor:
        raise StudyFault(
            "the tables", f"{int(firms)} firms", f"{2 * floor} or more: two cells over the floor of {floor}",
            "release no table of so few firms",
        )  # fmt: skip
    primary = (value < floor) | (_complement(crossed) < floor)
    wide = np.full(many, float(floor))
    return Linked(
        crossed.keys, value, crossed.relations, np.zeros(many), np.full(many, firms), _costs(value, cost),
        primary & ~fixed, fixed, wide, np.zeros(many),np.zeros(many),
    )  # fmt: skip


def amount_tables(
    tables: Sequence[Sequence[Axis]],
    amounts: NDArray[np.float64],
    rule: Concentration,
    *,
    holding: NDArray[np.int64] | None = None,
    weight: NDArray[np.float64] | None = None,
    waived: NDArray[np.bool_] | None = None,
    cost: str = "counts",
) -> tuple[Linked, Unions]:
    """Sums of amounts in linked tables under the rules on amounts, and the unions that need protection.

    Parameters
    ----------
    amounts : NDArray[np.float64]
        Shape (firms,), 0 or more.
    holding, weight, waived : NDArray, optional
        Shape (firms,): see `cell_amounts`.

    Returns
    -------
    tuple
        The tables with levels as the rules ask; and, for `suppress`, which unions of hidden cells of one
        relation would give a firm away if only their sum were known (two singletons; one firm in all).

    Raises
    ------
    StudyFault
        A negative amount, or a total of all firms that is itself unsafe: then no table can be printed.
    """
    weights = np.ones(len(amounts)) if weight is None else weight
    crossed = cross_tables(tables, amounts * weights)
    pairs = crossed.member.tocoo()
    own = {
        name: None if part is None else part[pairs.row]
        for name, part in (("holding", holding), ("weight", weight), ("waived", waived))
    }
    if holding is None:
        own["holding"] = pairs.row.astype(np.int64)
    many = len(crossed.value)
    primary, level = find_dominated(cell_amounts(pairs.col, amounts[pairs.row], many, **own), rule)  # type: ignore[arg-type]
    everything = float(crossed.value[crossed.keys.place()])
    fixed = np.zeros(many, dtype=bool)
    fixed[crossed.keys.place()] = True
    if primary[crossed.keys.place()]:
        raise StudyFault(
            "all firms", "a sum that gives one firm away", "a total that may be printed",
            "release no table of this amount",
        )  # fmt: skip
    width = np.where(primary, np.maximum(_SOME * crossed.value, 1e-6 * everything), 0.0)
    level = np.where(primary, level, 0.0)
    linked = Linked(
        crossed.keys, crossed.value, crossed.relations, np.zeros(many), np.full(many, everything),
        _costs(crossed.value, cost), primary, fixed, width, level,
        np.minimum(level, crossed.value),
    )  # fmt: skip

    def unions(hide: NDArray[np.bool_]) -> list[tuple[NDArray[np.int64], float, float]]:
        """Hidden parts of each relation whose total is printed, where their sum gives a firm away."""
        relations = crossed.relations
        is_part = relations < 0
        known = np.flatnonzero((relations > 0).astype(float) @ hide.astype(float) == 0)
        groups = [is_part.indices[is_part.indptr[row] : is_part.indptr[row + 1]] for row in known]
        groups = [np.sort(group[hide[group]]) for group in groups]
        groups = [group for group in groups if len(group) > 1]
        if not groups:
            return []
        members = crossed.member.tocsc()
        found: list[tuple[NDArray[np.int64], float, float]] = []
        rows = [np.flatnonzero(members[:, group].sum(axis=1)) for group in groups]
        cell = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        row = np.concatenate(rows)
        merged = cell_amounts(
            cell, amounts[row], len(rows),
            holding=row if holding is None else holding[row],
            weight=None if weight is None else weight[row],
            waived=None if waived is None else waived[row],
        )  # fmt: skip
        unsafe, asked = find_dominated(merged, rule)
        for i in np.flatnonzero(unsafe):
            total = float(crossed.value[groups[i]].sum())
            found.append((groups[i].astype(np.int64), float(min(asked[i], total)), _SOME * total))
        return found

    return linked, unions


def _complement(crossed: Crossed) -> NDArray[np.float64]:
    """What each cell leaves of the smallest total it is part of; infinite where it is part of none."""
    relations = crossed.relations.tocoo()
    total = np.zeros(crossed.relations.shape[0])
    whole = relations.data > 0
    total[relations.row[whole]] = crossed.value[relations.col[whole]]
    left = np.full(len(crossed.value), np.inf)
    part = ~whole
    np.minimum.at(left, relations.col[part], total[relations.row[part]] - crossed.value[relations.col[part]])
    return left


def _costs(value: NDArray[np.float64], cost: str) -> NDArray[np.float64]:
    if cost not in COSTS:
        raise StudyFault("the cost of a cell", repr(cost), f"one of {', '.join(COSTS)}", nearest(cost, COSTS))
    if cost == "cells":
        return np.ones(len(value))
    return value.copy() if cost == "counts" else np.log1p(value)
