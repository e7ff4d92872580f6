"""Whether a sum of amounts gives one firm's amount away, and how wide its hiding must then be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey import StudyFault

__all__ = ["Amounts", "Concentration", "cell_amounts", "find_dominated", "is_dominated"]


@dataclass(frozen=True, slots=True)
class Concentration:
    """The parameters of the rules on amounts; they stay in a private file and are never printed.

    Attributes
    ----------
    p : float
        Percent: nobody may come to within p percent of a firm's amount; 0 for no such rule.
    q : float
        Percent to which everybody can guess any amount beforehand; 100 where nothing is known (p% rule).
    n, k : int, float
        The n largest amounts may not be more than k percent of the sum; n = 0 for no such rule.
    frequency : int
        Fewest firms, holdings counted once, that an amount may be the sum of.
    known : int
        Amounts a reader may know: its own, and those of its coalition.
    hides_zero : bool
        Whether a sum of nothing is hidden where firms stand behind it: it tells of each that it has none.
    """

    p: float = 0.0
    q: float = 100.0
    n: int = 0
    k: float = 100.0
    frequency: int = 3
    known: int = 1
    hides_zero: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Contributions sorted by cell and size, one row a holding in a cell.

    Attributes
    ----------
    cell : NDArray[np.int64]
        Shape (rows,), ascending.
    amount, weight : NDArray[np.float64]
        Shape (rows,): amount of one firm, largest of a cell first, and how many firms the row stands for.
    waived : NDArray[np.bool_]
        Shape (rows,): agreed that its amount may be known.
    cells : int
        Cells there are.
    """

    cell: NDArray[np.int64]
    amount: NDArray[np.float64]
    weight: NDArray[np.float64]
    waived: NDArray[np.bool_]
    cells: int


def cell_amounts(
    cell: NDArray[np.int64],
    amount: NDArray[np.float64],
    cells: int,
    *,
    holding: NDArray[np.int64] | None = None,
    weight: NDArray[np.float64] | None = None,
    waived: NDArray[np.bool_] | None = None,
) -> Amounts:
    """Contributions to cells, firms of one holding put together: who owns two firms knows both.

    Parameters
    ----------
    cell, amount : NDArray
        Shape (rows,): the cell a contribution falls into and its size, 0 or more.
    cells : int
        Cells there are, empty ones included.
    holding : NDArray[np.int64], optional
        Shape (rows,): which rows belong together; by default each row is a firm of its own.
    weight : NDArray[np.float64], optional
        Shape (rows,), 1 or more: firms a row stands for, each with this amount.
    waived : NDArray[np.bool_], optional
        Shape (rows,): a holding has waived where all its firms have.

    Raises
    ------
    StudyFault
        An amount below 0 or that is no number, or a weight below 1.
    """
    wrong = np.flatnonzero(~(amount >= 0))
    if len(wrong):
        raise StudyFault(
            f"contribution {int(wrong[0]) + 1}",
            f"{amount[wrong[0]]:g}",
            "amounts of 0 or more: the rules on amounts hold for them alone",
            "split losses from gains, or leave the firm out of this total",
        )
    weight = np.ones(len(amount)) if weight is None else np.asarray(weight, dtype=np.float64)
    light = np.flatnonzero(~(weight >= 1))
    if len(light):
        raise StudyFault(
            f"contribution {int(light[0]) + 1}",
            f"weight {weight[light[0]]:g}",
            "weights of 1 or more: firms each row stands for",
            "give the weights of the design, not their share",
        )
    waived = np.zeros(len(amount), dtype=bool) if waived is None else waived
    holding = np.arange(len(amount)) if holding is None else holding
    _, row = np.unique(cell * (int(holding.max(initial=0)) + 1) + holding, return_inverse=True)
    many = int(row.max(initial=-1)) + 1
    own = np.asarray(np.bincount(row, amount, many), dtype=np.float64)
    stood = np.bincount(row, amount * weight, many)
    heaviest = np.ones(many)
    np.maximum.at(heaviest, row, weight)
    merged = np.divide(stood, own, out=heaviest, where=own > 0)
    place = np.zeros(many, dtype=np.int64)
    place[row] = cell
    gave_up = np.ones(many, dtype=bool)
    np.logical_and.at(gave_up, row, waived)
    order = np.lexsort((-own, place))
    return Amounts(place[order], own[order], merged[order], gave_up[order], cells)


def find_dominated(found: Amounts, rule: Concentration) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Cells that must be hidden, and how far above their sum a reader must be kept; both shape (cells,).

    Handbook on Statistical Disclosure Control (2nd ed., 4.2.2) and the manual of tau-ARGUS, amounts
    x1 >= x2 >= ..., sum X. Unsafe: fewer than `frequency` firms; (n, k): x1 + ... + xn > (k/100) X; p%:
    X - x1 - x2 < (p/100) x1, and with a coalition without all of x2, ... that it knows; (p, q): p/q in place
    of p/100. All strict. Upper levels U: (100/k)(x1 + ... + xn) - X, and (p/100) x1 - (X - x1 - x2); 0 where
    too few firms alone make a cell unsafe, for then only its exact sum must stay unknown. A firm that
    waived is no longer the one protected (the largest that did not is), but still one of those who know.
    A row that stands for w firms is w amounts.
    """
    first = np.searchsorted(found.cell, np.arange(found.cells + 1))
    total = np.bincount(found.cell, found.amount * found.weight, found.cells)
    rows = np.bincount(found.cell, minlength=found.cells)
    firms = np.bincount(found.cell, found.weight * (found.amount > 0), found.cells)
    before = np.cumsum(found.weight) - found.weight
    before -= before[np.minimum(first[found.cell], max(len(before) - 1, 0))] if len(before) else 0.0
    guarded = np.bincount(found.cell, ~found.waived, found.cells) > 0
    unsafe = guarded & (total > 0) & (firms < rule.frequency)
    if rule.hides_zero:
        unsafe |= guarded & (total == 0) & (rows > 0)
    level = np.zeros(found.cells)
    if rule.n:
        largest = _largest(found, before, float(rule.n))
        is_over = guarded & (largest > rule.k / 100 * total * (1 + 1e-12))
        level = np.where(is_over, np.maximum(level, 100 / rule.k * largest - total), level)
        unsafe |= is_over
    if rule.p > 0:
        target, others = _target(found, before, first, rule.known)
        margin = rule.p / rule.q * target - (total - target - others)
        is_over = guarded & (margin > 1e-12 * np.maximum(total, 1.0))
        level = np.where(is_over, np.maximum(level, margin), level)
        unsafe |= is_over
    return unsafe, level


def _largest(found: Amounts, before: NDArray[np.float64], many: float) -> NDArray[np.float64]:
    """Sum of the `many` largest amounts of each cell, a row of weight w counting as w of them."""
    taken = np.clip(many - before, 0.0, found.weight)
    return np.asarray(np.bincount(found.cell, found.amount * taken, found.cells))


def _target(
    found: Amounts, before: NDArray[np.float64], first: NDArray[np.int64], known: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The largest amount that is protected in each cell, and what a coalition knows of the others."""
    rows = np.arange(len(found.cell))
    spot = np.full(found.cells, len(found.cell))
    np.minimum.at(spot, found.cell[~found.waived], rows[~found.waived])
    there = spot < np.minimum(first[1:], len(found.cell)) if len(found.cell) else np.zeros(found.cells, bool)
    at = np.where(there, spot, 0)
    if not len(found.cell):
        return np.zeros(found.cells), np.zeros(found.cells)
    target = np.where(there, found.amount[at], 0.0)
    # the coalition knows the largest others: one more amount is taken where the target is among them
    among = _largest(found, before, known + 1.0) - target
    without = _largest(found, before, float(known))
    is_among = there & (before[at] <= known)
    partly = np.clip(known + 1.0 - before[at], 0.0, 1.0)
    others = np.where(is_among & (partly >= 1.0), among, without)
    return target, others


def is_dominated(
    values: NDArray[np.float64],
    rule: Concentration,
    *,
    holding: NDArray[np.int64] | None = None,
    waived: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Columns of amounts whose sum is unsafe under the rules on amounts; shape (columns,).

    Parameters
    ----------
    values : NDArray[np.float64]
        Shape (firms, columns), 0 or more.
    rule : Concentration
        The parameters.
    holding, waived : NDArray, optional
        Shape (firms,): see `cell_amounts`.
    """
    firms, columns = values.shape
    row, cell = np.repeat(np.arange(firms), columns), np.tile(np.arange(columns), firms)
    own = row if holding is None else holding[row]
    merged = cell_amounts(
        cell, values.ravel(), columns, holding=own, waived=None if waived is None else waived[row]
    )
    return find_dominated(merged, rule)[0]
