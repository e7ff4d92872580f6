"""Which cells of a one-way table may leave, so that no count under the floor can be worked out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

__all__ = [
    "AUDIENCES",
    "MINIMUM_TABLE",
    "Hidden",
    "floor_for",
    "is_dominated",
    "is_unsafe",
    "known_to",
    "protect_table",
]

AUDIENCES = ("internal", "members", "public")
"""Who a Release is for: the team that holds the microdata, the firms surveyed, everybody."""

MINIMUM_TABLE = 10
"""Firms below which nothing of a table is printed."""

_COALITION = {"members": 3, "public": 0}
"""Answers the reader is assumed to know already: a member knows its own and two more."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a protected table does not show.

    Attributes
    ----------
    options : NDArray[np.bool_]
        Shape (options,): cells hidden, primary and secondary alike.
    nets : dict[str, bool]
        Net name to whether it is hidden.
    whole : bool
        Whether nothing of the table is shown, its base included.
    """

    options: NDArray[np.bool_]
    nets: dict[str, bool]
    whole: bool


def floor_for(audience: str, minimum_frequency: int) -> int:
    """Smallest count of firms that an audience may see: minimum frequency plus answers it knows."""
    return minimum_frequency + _COALITION[audience]


def known_to(audience: str) -> int:
    """Firms whose figures a reader of an audience may know: at least one, its own."""
    return max(_COALITION[audience], 1)


def is_dominated(values: NDArray[np.float64], known: int, part: float = 0.1) -> NDArray[np.bool_]:
    """Columns of amounts whose sum would give one away to within `part` of it.

    The p% rule (Handbook on Statistical Disclosure Control, 2nd ed., 4.2.2): who knows the `known` largest
    amounts but the first takes them from the sum; what else is in it must be at least `part` of the first.

    Parameters
    ----------
    values : NDArray[np.float64]
        Shape (firms, columns), 0 or more.
    known : int
        Amounts a reader may know, at least 1.
    """
    ordered = -np.sort(-values, axis=0)
    rest = ordered[1 + known :].sum(axis=0)
    return np.asarray(rest < part * ordered[0] if len(ordered) else np.ones(values.shape[1], dtype=bool))


def is_unsafe(count: NDArray[np.int64], n: int, floor: int) -> NDArray[np.bool_]:
    """Cells whose count, or whose complement, is under the floor; nobody and everybody included.

    Nobody (0 of n) and everybody (n of n) tell the answer of each firm of a named list
    (group disclosure; Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed., 4.2.1).
    """
    return (count < floor) | (n - count < floor)


def protect_table(
    counts: NDArray[np.int64],
    n: int,
    floor: int,
    *,
    adds_up: bool,
    nets: Mapping[str, tuple[NDArray[np.bool_], int]] | None = None,
    forced: NDArray[np.bool_] | None = None,
) -> Hidden:
    """Hide unsafe cells of one table, then as many others as it takes that none can be worked out.

    Parameters
    ----------
    counts : NDArray[np.int64]
        Shape (options,): firms in each cell.
    n : int
        Firms in the table.
    floor : int
        Smallest count that may be known, see `floor_for`.
    adds_up : bool
        Whether the cells add up to n (one answer a firm) or may overlap (a multiple-response set).
    nets : mapping, optional
        Net name to (shape (options,) parts, firms in the net).
    forced : NDArray[np.bool_], optional
        Shape (options,): cells to hide whatever their count (relations with other tables).

    Returns
    -------
    Hidden
        Every hidden cell, and every sum of hidden cells that follows from what is shown, could
        hold any count in a range at least `floor` wide.

    Notes
    -----
    Secondary cells: the smallest safe cells first. Nets enter one by one, in order; one is shown only
    if the least and the greatest value of each hidden cell over all relations shown stay `floor` apart
    (the audit of the Handbook, 4.3, by linear programming).
    """
    nets = dict(nets or {})
    options = len(counts)
    if n < max(MINIMUM_TABLE, floor):
        return Hidden(np.ones(options, dtype=bool), dict.fromkeys(nets, True), True)
    hide = is_unsafe(counts, n, floor)
    if forced is not None:
        hide = hide | forced
    # In a set of overlapping options everybody may be known to tick one: then the cells shown
    # leave n - sum(shown) firms to the hidden ones, which is the relation of a table that adds up.
    order = np.argsort(counts, kind="stable")
    while hide.any() and not hide.all() and not _is_wide(counts, n, floor, hide, adds_up):
        hide[next(i for i in order if not hide[i])] = True
    hidden_nets: dict[str, bool] = {}
    shown: list[tuple[NDArray[np.bool_], int]] = []
    for name, (parts, count) in nets.items():
        safe = not bool(is_unsafe(np.array([count]), n, floor)[0])
        if safe and adds_up:
            safe = _audit(counts, n, floor, hide, [*shown, (parts, count)])
        elif safe:
            safe = not (hide & parts).any() and _differs(counts, floor, count, parts, shown)
        hidden_nets[name] = not safe
        if safe:
            shown.append((parts, count))
    return Hidden(hide, hidden_nets, False)


def _is_wide(counts: NDArray[np.int64], n: int, floor: int, hide: NDArray[np.bool_], adds_up: bool) -> bool:
    """Whether what the shown cells leave to the hidden ones is shared by two and at least the floor."""
    left = n - int(counts[~hide].sum())
    if not adds_up and left <= 0:
        return True
    return int(hide.sum()) >= 2 and left >= floor


def _differs(
    counts: NDArray[np.int64],
    floor: int,
    count: int,
    parts: NDArray[np.bool_],
    shown: list[tuple[NDArray[np.bool_], int]],
) -> bool:
    """Whether a net of overlapping options differs from all it contains, or lies in, by none or enough."""
    gaps = [count - int(c) for c in counts[parts]]
    gaps += [count - c for p, c in shown if (p <= parts).all()]
    gaps += [c - count for p, c in shown if (parts <= p).all()]
    return all(gap == 0 or gap >= floor for gap in gaps)


def _audit(
    counts: NDArray[np.int64],
    n: int,
    floor: int,
    hide: NDArray[np.bool_],
    shown: list[tuple[NDArray[np.bool_], int]],
) -> bool:
    """Whether each hidden cell keeps a range of at least `floor`, given the cells and nets shown."""
    if not hide.any():
        return True
    known = np.where(hide, 0, counts)
    rows = [hide.astype(float)] + [(hide & parts).astype(float) for parts, _ in shown]
    left = [float(n - known.sum())] + [float(count - known[parts].sum()) for parts, count in shown]
    columns = np.flatnonzero(hide)
    relations, limits = np.array(rows)[:, columns], np.array(left)
    for cell in range(len(columns)):
        aim = np.zeros(len(columns))
        aim[cell] = 1.0
        ends = [
            float(linprog(sign * aim, A_eq=relations, b_eq=limits, bounds=(0, n), method="highs").fun or 0.0)
            for sign in (1.0, -1.0)
        ]
        if -ends[1] - ends[0] < floor - 1e-6:
            return False
    return True
