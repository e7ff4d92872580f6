"""The cheapest set of cells to hide so that none that must be hidden can be worked out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.disclosure.bounding import Ranges, short_cells
from analysis.disclosure.detouring import hide_by_detours, show_again
from analysis.disclosure.linked import Linked

__all__ = ["LARGEST_EXACT", "Suppression", "suppress"]

LARGEST_EXACT = 1500
"""Cells up to which the cheapest set is found; beyond it a heuristic, which the result names."""

_ROUNDS = 40
"""Times the programme is sharpened before the heuristic takes over."""

_PLAIN = 8
"""Of these, how many before its inequalities are taken at larger sets, which takes longer and tells more."""

_NODES = 20_000
"""Branches of one programme; counted, not timed, so that the same tables give the same cells."""

Unions = Callable[[NDArray[np.bool_]], list[tuple[NDArray[np.int64], float, float]]]


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """Which cells are hidden, and how that was found.

    Attributes
    ----------
    hide : NDArray[np.bool_]
        Shape (cells,): primary and secondary alike.
    method : str
        `exact`: no cheaper set protects these tables; `heuristic`: none is claimed.
    cost : float
        What hiding them costs, beyond cells that had to be hidden.
    bound : float
        Least cost any set can have; equals `cost` where exact, 0 where nothing is known.
    rounds : int
        Programmes solved.
    """

    hide: NDArray[np.bool_]
    method: str
    cost: float
    bound: float
    rounds: int


def suppress(linked: Linked, unions: Unions | None = None, *, largest: int = LARGEST_EXACT) -> Suppression:
    """Hide what must be hidden and, at least cost, what would give it away.

    Fischetti and Salazar-Gonzalez (Management Science 47:1008, 2001): a mixed-integer programme over which
    cells are hidden, sharpened by one inequality for each cell a reader could still work out (the prices of
    the reader's own linear programme), until the audit over all relations finds none.

    Parameters
    ----------
    linked : Linked
        The tables, with their primary cells and what each cell needs if hidden.
    unions : callable, optional
        Hidden cells to unions of them that need protection of their own, each with its level and width:
        singletons, one firm in several cells.
    largest : int
        Cells up to which the programme is exact.

    Returns
    -------
    Suppression
        Every hidden cell keeps its width and its levels over all relations; the same input, the same cells.
    """
    many = len(linked.value)
    at_start = linked.primary
    asked: set[tuple[int, ...]] = set()
    while True:
        found = _exact(linked) if len(linked.value) <= largest else _heuristic(linked, 0.0, 0)
        new = [] if unions is None else unions(found.hide[:many])
        new = [entry for entry in new if tuple(entry[0].tolist()) not in asked]
        if not new:
            extra = found.hide[:many] & ~at_start
            cost = float(linked.cost[:many][extra].sum())
            return Suppression(found.hide[:many], found.method, cost, found.bound, found.rounds)
        for cells, level, width in new:
            asked.add(tuple(cells.tolist()))
            linked = linked.with_union(cells, level, width)


def _exact(linked: Linked) -> Suppression:
    """The programme, sharpened until the audit is content."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not linked.primary.any():
        return Suppression(linked.primary.copy(), "exact", 0.0, 0.0, 0)
    price = linked.cost + 1e-6 * (1 + np.arange(len(linked.cost)) / len(linked.cost))
    matrix, least = _known_inequalities(linked)
    bounds = Bounds(linked.primary.astype(float), 1.0 - linked.fixed)
    bound, last = 0.0, None
    for rounds in range(1, _ROUNDS + 1):
        solved = milp(
            price,
            constraints=LinearConstraint(matrix, least, np.inf),
            bounds=bounds,
            integrality=np.ones(len(price), dtype=np.int64),
            options={"node_limit": _NODES, "mip_rel_gap": 1e-9},
        )
        if solved.x is None or solved.status != 0:
            break
        hide = solved.x > 0.5
        bound = _cost(linked, hide)
        short = short_cells(linked, hide)
        if not len(short.cells):
            return Suppression(hide, "exact", bound, bound, rounds)
        cuts = [matrix, _sharper(linked, short)]
        if rounds > _PLAIN:
            last = hide_by_detours(linked, hide)
            cuts.append(_sharper(linked, _largest_short(linked, hide, last)))
        matrix = sparse.vstack(cuts, format="csr")
        least = np.zeros(matrix.shape[0])
    return _heuristic(linked, bound, _ROUNDS, last)


def _cost(linked: Linked, hide: NDArray[np.bool_]) -> float:
    """What is hidden beyond what must be."""
    return float(linked.cost[hide & ~linked.primary].sum())


def _largest_short(linked: Linked, hide: NDArray[np.bool_], safe: NDArray[np.bool_]) -> Ranges:
    """Cells that stay too narrow even if as much of a safe set is hidden too as leaves any of them so.

    What a larger set does not protect no part of it does: its inequalities forbid all of these at once.
    """
    hide = hide.copy()
    short = short_cells(linked, hide)
    for cell in np.flatnonzero(safe & ~hide):
        hide[cell] = True
        after = short_cells(linked, hide)
        hide[cell] = bool(len(after.cells))
        short = after if len(after.cells) else short
    return short


def _heuristic(
    linked: Linked, bound: float, rounds: int, last: NDArray[np.bool_] | None = None
) -> Suppression:
    """Detours; where the programme came near (`last`), those from there, without what proves needless."""
    hide = hide_by_detours(linked) if last is None else show_again(linked, last)
    cost = _cost(linked, hide)
    return Suppression(hide, "heuristic", cost, min(bound, cost), rounds)


def _known_inequalities(linked: Linked) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """What holds for every safe set, seen from single relations: shape (rows, cells), each row at least 0.

    In each relation of a hidden cell the other hidden ones must leave it its width and levels; where the
    total is printed, the hidden parts, none of which is under its least value, must come to its width;
    where a cell is hidden, so is what follows it.
    """
    many = len(linked.value)
    relations = linked.relations.tocoo()
    order = np.lexsort((relations.col, relations.row))
    row, column, sign = relations.row[order], relations.col[order], relations.data[order]
    start = np.searchsorted(row, np.arange(linked.relations.shape[0] + 1))
    size = np.diff(start)[row]
    target = np.repeat(np.arange(len(row)), size)
    other = np.arange(len(target)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start[row], size)
    is_self = other == target
    above, below = linked.high - linked.value, linked.value - linked.low
    # moving the target up by one needs the others to move by -sign(other)/sign(target)
    turn = -sign[other] / sign[target]
    upward = np.where(turn > 0, above[column[other]], below[column[other]])
    downward = np.where(turn > 0, below[column[other]], above[column[other]])
    parts = []
    is_whole = sign > 0
    pinned = np.where(is_whole[other], np.inf, below[column[other]])
    for need, room, asks in (
        (linked.width, upward + downward, np.ones(len(row), dtype=bool)),
        (linked.width, pinned, ~is_whole),
        (linked.up, upward, np.ones(len(row), dtype=bool)),
        (linked.down, downward, np.ones(len(row), dtype=bool)),
    ):
        wanted = need[column]
        entry = np.minimum(room, wanted[target])
        alone = np.minimum(below[column], wanted) if room is pinned else 0.0
        entry = np.where(is_self, (alone - wanted)[target], entry)
        keep = asks & (wanted > 0)
        spot = np.cumsum(keep) - 1
        chosen = keep[target] & (entry != 0)
        parts.append(
            sparse.csr_array(
                (entry[chosen], (spot[target[chosen]], column[other[chosen]])), shape=(int(keep.sum()), many)
            )
        )
    pairs = linked.follows
    parts.append(
        sparse.csr_array(
            (np.tile([-1.0, 1.0], len(pairs)), (np.repeat(np.arange(len(pairs)), 2), pairs.ravel())),
            shape=(len(pairs), many),
        )
    )
    matrix = sparse.csr_array(sparse.vstack(parts))
    return matrix, np.zeros(matrix.shape[0])


def _sharper(linked: Linked, short: Ranges) -> sparse.csr_array:
    """For each cell that is too narrow, what must be hidden with it: shape (rows, cells), at least 0.

    With prices g of the relations, t = e - R'g bounds how far the cell can move by what the hidden cells
    can: any g gives an inequality that every safe set meets, those of the reader's optimum one that this
    set does not.
    """
    above, below = linked.high - linked.value, linked.value - linked.low
    unit = np.zeros((len(short.cells), len(linked.value)))
    unit[np.arange(len(short.cells)), short.cells] = 1.0
    reach = []
    for sign, prices in ((1.0, short.most), (-1.0, short.least)):
        turn = sign * unit + prices @ linked.relations
        turn[np.abs(turn) < 1e-9] = 0.0
        reach.append(np.maximum(turn, 0) * above + np.maximum(-turn, 0) * below)
    value = linked.value[short.cells]
    rows = []
    for need, room, has in (
        (linked.width, reach[0] + reach[1], short.high - short.low),
        (linked.up, reach[0], short.high - value),
        (linked.down, reach[1], value - short.low),
    ):
        wanted = need[short.cells]
        keep = (wanted > 0) & (has < wanted - 1e-7 * np.maximum(1.0, value))
        entry = np.minimum(room, wanted[:, None]) - unit * wanted[:, None]
        rows.append(entry[keep])
    return sparse.csr_array(np.concatenate(rows))
