"""What a reader can work out of a hidden cell: its least and greatest value over all that is printed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.disclosure.linked import Linked
from analysis.disclosure.solving import least_sum

__all__ = ["Ranges", "is_wide", "ranges_of", "short_cells"]

_SLACK = 1e-6
"""Relative distance by which a linear programme may miss a level."""

_BLOCK = 3000
"""Variables solved in one call."""

_TRIES = 6
"""Tables tried before single cells are solved for."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Feasible range of hidden cells.

    Attributes
    ----------
    cells : NDArray[np.int64]
        Shape (hidden,).
    low, high : NDArray[np.float64]
        Shape (hidden,): least and greatest value over all tables that agree with what is printed.
    least, most : NDArray[np.float64]
        Shape (hidden, relations): prices of the relations at both ends (dual values).
    """

    cells: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def ranges_of(linked: Linked, hide: NDArray[np.bool_], cells: NDArray[np.int64] | None = None) -> Ranges:
    """Least and greatest value of hidden cells, by linear programming over all relations at once.

    Handbook on Statistical Disclosure Control (2nd ed., 4.3) and the manual of tau-ARGUS, "Audit": the
    feasibility interval, not table by table but over everything printed together.

    Parameters
    ----------
    linked : Linked
        The tables.
    hide : NDArray[np.bool_]
        Shape (cells,): what is not printed.
    cells : NDArray[np.int64], optional
        Hidden cells asked for; by default all.
    """
    asked = np.flatnonzero(hide) if cells is None else np.asarray(cells)
    relations = linked.relations.shape[0]
    low, high = linked.value[asked].copy(), linked.value[asked].copy()
    least, most = np.zeros((len(asked), relations)), np.zeros((len(asked), relations))
    for columns, rows, matrix in _parts(linked, hide):
        inside = np.flatnonzero(np.isin(asked, columns))
        step = max(1, _BLOCK // (2 * len(columns)))
        for start in range(0, len(inside), step):
            some = inside[start : start + step]
            spot = np.searchsorted(columns, asked[some])
            ends, prices = _solve(linked, columns, matrix, spot)
            low[some] += ends[0]
            high[some] += ends[1]
            least[np.ix_(some, rows)], most[np.ix_(some, rows)] = prices
    return Ranges(asked, low, high, least, most)


def short_cells(linked: Linked, hide: NDArray[np.bool_]) -> Ranges:
    """The ranges of those hidden cells that are narrower than they must be; none where the tables are safe.

    Other tables that agree with what is printed are looked for first: two of them that differ enough in a
    cell are proof that it is wide. What no such pair covers is solved for.
    """
    hidden = np.flatnonzero(hide)
    needy = (linked.width > 0) | (linked.up > 0) | (linked.down > 0)
    low, high = linked.value.copy(), linked.value.copy()
    rng = np.random.default_rng(len(hidden))
    for columns, _, matrix in _parts(linked, hide):
        for _ in range(_TRIES):
            open_ = columns[needy[columns] & ~_holds(linked, columns, low[columns], high[columns])]
            if not len(open_):
                break
            aim = np.where(np.isin(columns, open_), rng.uniform(0.5, 1.5, len(columns)), 0.0)
            aim *= rng.choice([-1.0, 1.0], len(columns))
            for sign in (1.0, -1.0):
                found = _programme(linked, columns, matrix, sign * aim)[0]
                low[columns] = np.minimum(low[columns], linked.value[columns] + found)
                high[columns] = np.maximum(high[columns], linked.value[columns] + found)
    left = hidden[needy[hidden] & ~_holds(linked, hidden, low[hidden], high[hidden])]
    ranges = ranges_of(linked, hide, left)
    short = ~_holds(linked, left, ranges.low, ranges.high)
    return Ranges(
        left[short], *(part[short] for part in (ranges.low, ranges.high, ranges.least, ranges.most))
    )


def is_wide(linked: Linked, ranges: Ranges) -> NDArray[np.bool_]:
    """Which of these ranges are as wide, and reach as far, as a hidden cell must; shape (hidden,)."""
    return _holds(linked, ranges.cells, ranges.low, ranges.high)


def _holds(
    linked: Linked, cells: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    slack = _SLACK * np.maximum(1.0, linked.value[cells])
    value = linked.value[cells]
    is_far = (high - value >= linked.up[cells] - slack) & (value - low >= linked.down[cells] - slack)
    return np.asarray(is_far & (high - low >= linked.width[cells] - slack))


def _parts(
    linked: Linked, hide: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], sparse.csr_array]]:
    """Hidden cells that hang together by relations: cells, relations, and the matrix of the two."""
    hidden = np.flatnonzero(hide)
    if not len(hidden):
        return []
    matrix = sparse.csr_array(linked.relations[:, hidden])
    touched = np.flatnonzero(np.diff(matrix.indptr) > 0)
    matrix = sparse.csr_array(matrix[touched, :])
    pairs = sparse.csr_array(abs(matrix).T @ abs(matrix))
    many, label = sparse.csgraph.connected_components(pairs, directed=False)
    parts = []
    for part in range(many):
        inside = np.flatnonzero(label == part)
        some = sparse.csr_array(matrix[:, inside])
        rows = np.flatnonzero(np.diff(some.indptr) > 0)
        parts.append((hidden[inside], touched[rows], sparse.csr_array(some[rows, :])))
    return parts


def _programme(
    linked: Linked, columns: NDArray[np.int64], matrix: sparse.csr_array, aim: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where `aim` is least over what hidden cells may differ by from the truth, and prices of relations."""
    copies = len(aim) // len(columns)
    blocks = matrix if copies == 1 else sparse.kron(sparse.eye_array(copies), matrix, format="csr")
    found = least_sum(
        aim,
        blocks,
        np.tile((linked.low - linked.value)[columns], copies),
        np.tile((linked.high - linked.value)[columns], copies),
    )
    if found is None:
        raise ArithmeticError("the true table does not meet its own relations")
    return found


def _solve(
    linked: Linked, columns: NDArray[np.int64], matrix: sparse.csr_array, spot: NDArray[np.int64]
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Both ends of some cells of one part, and the prices of its relations there, all in one programme."""
    many, width = len(spot), len(columns)
    aim = np.zeros((2, many, width))
    aim[0, np.arange(many), spot] = 1.0
    aim[1, np.arange(many), spot] = -1.0
    found, priced = _programme(linked, columns, matrix, aim.ravel())
    ends = found.reshape(2, many, width)[:, np.arange(many), spot]
    prices = priced.reshape(2, many, matrix.shape[0])
    return (ends[0], ends[1]), (prices[0], prices[1])
