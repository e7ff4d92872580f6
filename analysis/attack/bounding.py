"""The least and the greatest value of every unknown count, over all published, by linear programming."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.attack.programming import Matrix, least_violated, solve_fractions, solve_whole
from analysis.attack.relating import Relation, System

__all__ = ["bound_counts", "holding_relations"]

_NEAR = 1e-6
_ROUNDS = 60

Floats = NDArray[np.float64]


def holding_relations(system: System) -> list[Relation]:
    """The relations that can hold together: those that what was read contradicts are given up.

    First the certain ones by themselves, which two sources may contradict; then the supposed ones beside
    them: those contradicted by single numbers, then, of each cluster without a solution, those that the least
    sum of violations needs (of the softest cost least). A supposition never moves a certain relation.
    """
    certain = _agreeing([r for r in system.relations if not r.soft], system, 0)
    supposed = [r for r in system.relations if r.soft]
    if not supposed:
        return certain
    return _agreeing([*certain, *supposed], system, len(certain))


def _agreeing(relations: list[Relation], system: System, held: int) -> list[Relation]:
    """Relations without those that must be given up; the first `held` never are."""
    kept = []
    for at, relation in enumerate(relations):
        lowest, highest = _reach(relation, system.low, system.high)
        if at < held or (lowest <= relation.high + _NEAR and highest >= relation.low - _NEAR):
            kept.append(relation)
    if not kept:
        return kept
    matrix, low, high = _matrix(kept, len(system.keys))
    least, most, clash = _tightened(matrix, (low, high), system)
    open_ones = np.flatnonzero((most - least > _NEAR) | clash)
    for rows, inside in _clusters(matrix[:, open_ones]):
        columns = open_ones[inside]
        if len(rows) < 2 and not clash[columns].any():
            continue
        if clash[columns].any():  # all that hangs together there, what is known included
            rows = np.flatnonzero(np.asarray((abs(matrix[:, columns]) > 0).sum(axis=1)).ravel())
            columns = np.unique(matrix[rows].indices)
        part, lows, highs = _left(matrix, (low, high), rows, columns, (system.low, system.high))
        box = list(zip(system.low[columns], system.high[columns], strict=True))
        if solve_fractions(np.zeros(len(columns)), (part, lows, highs), box) is not None:
            continue
        price = np.array([4.0 ** (5 - kept[i].soft) for i in rows])
        free = rows >= held
        over = least_violated((part, lows, highs), box, price, free) & free
        low[rows[over]], high[rows[over]] = -np.inf, np.inf
    return [r for r, a, b in zip(kept, low, high, strict=True) if np.isfinite(a) or np.isfinite(b)]


def bound_counts(
    system: System, relations: list[Relation], wanted: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Least and greatest whole number of each unknown that agrees with all limits and relations.

    Parameters
    ----------
    system : System
    relations : list of Relation
        As `holding_relations`.
    wanted : NDArray[np.bool_]
        Shape (unknowns,): those whose ends are sought; the others keep what follows from one relation at a
        time.

    Returns
    -------
    tuple of arrays
        Shape (unknowns,): ends. Relations are first used one by one until nothing moves, which is exact
        where an unknown stands in one relation; two programmes are solved for each other one (scipy, HiGHS):
        linear ones, and in whole numbers where sums are weighted or only some numbers are left of a count.
    """
    matrix, low, high = _matrix(relations, len(system.keys))
    least, most, _ = _tightened(matrix, (low, high), system)
    open_ones = np.flatnonzero(most - least > _NEAR)
    if not wanted[open_ones].any():
        return least, most
    for rows, columns in _clusters(matrix[:, open_ones]):
        if len(rows) < 2:
            continue
        columns = open_ones[columns]
        part = _left(matrix, (low, high), rows, columns, (least, most))
        uses = np.asarray((abs(part[0]) > 0).sum(axis=0)).ravel()
        place, value = system.values
        inside = np.isin(place, columns)
        left = np.searchsorted(columns, place[inside]), value[inside]
        sought = np.flatnonzero(wanted[columns] & ((uses > 1) | np.isin(np.arange(len(columns)), left[0])))
        is_whole = len(left[0]) > 0 or bool((abs(part[0].data) != 1).any())
        solve = partial(solve_whole, left=left) if is_whole else solve_fractions
        least[columns], most[columns] = _ends(part, least[columns], most[columns], sought, solve)
    return least, most


def _ends(
    part: Matrix, least: Floats, most: Floats, sought: NDArray[np.int64], solve: Callable[..., Floats | None]
) -> tuple[Floats, Floats]:
    """Limits of the unknowns of one cluster, those sought moved to where programmes end.

    A limit that any solution so far reaches needs no programme of its own: it is the end.
    """
    box = list(zip(least, most, strict=True))
    lowest, highest = np.full(len(least), np.inf), np.full(len(least), -np.inf)
    new_least, new_most = least.copy(), most.copy()
    for at in sought:
        is_solved = True
        for sign in (1.0, -1.0):
            if lowest[at] <= least[at] + _NEAR if sign > 0 else highest[at] >= most[at] - _NEAR:
                continue
            aim = np.zeros(len(least))
            aim[at] = sign
            found = solve(aim, part, box)
            is_solved = is_solved and found is not None
            if found is not None:
                lowest, highest = np.minimum(lowest, found), np.maximum(highest, found)
        if is_solved:
            new_least[at] = np.ceil(lowest[at] - _NEAR) + 0.0
            new_most[at] = np.floor(highest[at] + _NEAR)
    return new_least, new_most


def _left(
    matrix: csr_array,
    ends: tuple[Floats, Floats],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    box: tuple[Floats, Floats],
) -> Matrix:
    """Some rows for some columns, with what the other columns add, at their one value, taken off the ends."""
    others = np.ones(matrix.shape[1], dtype=bool)
    others[columns] = False
    fixed = np.where(others & (box[0] == box[1]), box[0], 0.0)
    known = matrix[rows] @ fixed
    part = matrix[rows][:, columns]
    return part, ends[0][rows] - known, ends[1][rows] - known


def _reach(relation: Relation, low: Floats, high: Floats) -> tuple[float, float]:
    """Least and greatest the sum of a relation can be, each unknown by itself."""
    at, weight = list(relation.at), np.array(relation.weight)
    a, b = weight * low[at], weight * high[at]
    return float(np.minimum(a, b).sum()), float(np.maximum(a, b).sum())


def _matrix(relations: list[Relation], unknowns: int) -> Matrix:
    sizes = [len(r.at) for r in relations]
    rows = np.repeat(np.arange(len(relations)), sizes)
    columns = np.array([at for r in relations for at in r.at], dtype=np.int64)
    weights = np.array([w for r in relations for w in r.weight], dtype=float)
    matrix = csr_array((weights, (rows, columns)), shape=(len(relations), unknowns))
    return matrix, np.array([r.low for r in relations]), np.array([r.high for r in relations])


def _clusters(matrix: csr_array) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows and columns of each part of the matrix that has nothing to do with the rest; no empty rows."""
    matrix = csr_array(matrix)
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    if not len(filled):
        return []
    linked = (abs(matrix).T @ abs(matrix)).tocsr()
    _, of_column = connected_components(linked, directed=False)
    of_row = of_column[matrix.indices[matrix.indptr[filled]]]
    return [
        (filled[of_row == cluster], np.flatnonzero(of_column == cluster)) for cluster in np.unique(of_row)
    ]


def _tightened(
    matrix: csr_array, ends: tuple[Floats, Floats], system: System
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Limits of each unknown after each relation was used by itself, over and over, in whole numbers.

    The last: unknowns of which two relations want different things; they keep the limits they had.
    """
    low, high = _snapped(system.low.copy(), system.high.copy(), system.values)
    clash = np.zeros(len(low), dtype=bool)
    if not matrix.shape[0]:
        return low, high, clash
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns, weight = matrix.indices, matrix.data
    for _ in range(_ROUNDS):
        a, b = weight * low[columns], weight * high[columns]
        least, most = np.minimum(a, b), np.maximum(a, b)
        least_sum = np.bincount(rows, least, matrix.shape[0])
        most_sum = np.bincount(rows, most, matrix.shape[0])
        # what is left for one unknown when the others are at their ends
        top = ends[1][rows] - (least_sum[rows] - least)
        bottom = ends[0][rows] - (most_sum[rows] - most)
        with np.errstate(invalid="ignore"):
            above = np.where(weight > 0, top, bottom) / weight
            below = np.where(weight > 0, bottom, top) / weight
        new_high, new_low = high.copy(), low.copy()
        np.minimum.at(new_high, columns, np.floor(above + _NEAR))
        np.maximum.at(new_low, columns, np.ceil(below - _NEAR) + 0.0)
        new_low, new_high = _snapped(new_low, new_high, system.values)
        bad = new_low > new_high
        clash |= bad
        new_low[bad], new_high[bad] = low[bad], high[bad]
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    return low, high, clash


def _snapped(low: Floats, high: Floats, values: tuple[NDArray[np.int64], Floats]) -> tuple[Floats, Floats]:
    """Limits moved in to the numbers that are left; those with none between them stay as they are."""
    place, value = values
    if not len(place):
        return low, high
    within = (value >= low[place] - _NEAR) & (value <= high[place] + _NEAR)
    least, most = np.full(len(low), np.inf), np.full(len(low), -np.inf)
    np.minimum.at(least, place[within], value[within])
    np.maximum.at(most, place[within], value[within])
    return np.where(np.isfinite(least), least, low), np.where(np.isfinite(most), most, high)
