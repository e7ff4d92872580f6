"""Tables that share firms as one set of cells and one set of sums, so that they are protected together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from survey import StudyFault

__all__ = ["Axis", "Crossed", "Keys", "Linked", "cross_tables"]


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One axis of a table: its codes, and which firms each holds.

    Attributes
    ----------
    name : str
        What it is: a question, a break.
    codes : tuple[str, ...]
        Codes and nets of codes.
    members : NDArray[np.bool_]
        Shape (firms, codes).
    sums : tuple[tuple[str, tuple[str, ...]], ...]
        Relations: a code, or "" for all firms, and the codes it is the sum of.
    """

    name: str
    codes: tuple[str, ...]
    members: NDArray[np.bool_]
    sums: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """What each cell stands for.

    Attributes
    ----------
    labels : tuple[tuple[str, str], ...]
        Pairs (axis, code); the first is ("", ""), summed over.
    cells : NDArray[np.int64]
        Shape (cells, 3): places in `labels`, ascending, 0 where fewer than three axes count.
    """

    labels: tuple[tuple[str, str], ...]
    cells: NDArray[np.int64]

    def place(self, *pairs: tuple[str, str]) -> int:
        """Which cell stands for these (axis, code) pairs.

        Raises
        ------
        ValueError
            No table has it.
        """
        asked = [self.labels.index(pair) for pair in pairs]
        wanted = np.sort([0] * (3 - len(asked)) + asked)
        found = np.flatnonzero((self.cells == wanted).all(axis=1))
        if not len(found):
            raise ValueError(pairs)
        return int(found[0])

    def said(self, cell: int) -> str:
        """A cell in words, for messages."""
        if cell >= len(self.cells):
            return "a sum of cells"
        pairs = [self.labels[i] for i in self.cells[cell] if i]
        return " & ".join(f"{axis} = {code}" for axis, code in pairs) or "all firms"


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Linked tables as they were counted, before any rule.

    Attributes
    ----------
    keys : Keys
        What each cell is.
    value : NDArray[np.float64]
        Shape (cells,): firms, or the sum of their amounts.
    relations : sparse.csr_array
        Shape (relations, cells): 1 for a total, -1 for each of its parts.
    member : sparse.csr_array
        Shape (firms, cells): 1 where a firm is behind a cell.
    """

    keys: Keys
    value: NDArray[np.float64]
    relations: sparse.csr_array
    member: sparse.csr_array


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Cells of linked tables, the relations a reader knows, and what each needs if it is hidden.

    Attributes
    ----------
    keys : Keys
        What each cell is.
    value : NDArray[np.float64]
        Shape (cells,), 0 or more.
    relations : sparse.csr_array
        Shape (relations, cells): `relations @ value` is 0.
    low, high : NDArray[np.float64]
        Shape (cells,): what a reader knows of a cell before anything is printed.
    cost : NDArray[np.float64]
        Shape (cells,): information lost if the cell is hidden.
    primary, fixed : NDArray[np.bool_]
        Shape (cells,): cells that must be hidden; cells that are printed whatever comes.
    width : NDArray[np.float64]
        Shape (cells,): least distance between the least and the greatest value of the cell if it is hidden.
    up, down : NDArray[np.float64]
        Shape (cells,): protection levels above and below its value (amounts; 0 for counts).
    follows : NDArray[np.int64]
        Shape (pairs, 2): where the first cell is hidden, so is the second.
    """

    keys: Keys
    value: NDArray[np.float64]
    relations: sparse.csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    cost: NDArray[np.float64]
    primary: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    width: NDArray[np.float64]
    up: NDArray[np.float64]
    down: NDArray[np.float64]
    follows: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    def __post_init__(self) -> None:
        """Refuse what no table can be: negative cells, sums that do not add up."""
        below = np.flatnonzero(self.value < 0)
        if len(below):
            raise StudyFault(
                self.keys.said(int(below[0])),
                f"{self.value[below[0]]:g}",
                "0 or more: the rules on amounts hold for contributions of 0 or more",
                "split losses from gains, or shift the amounts, before they are tabulated",
            )
        gap = self.relations @ self.value
        wrong = np.flatnonzero(np.abs(gap) > 1e-6 * max(1.0, float(self.value.max(initial=0))))
        if len(wrong):
            row = self.relations[[wrong[0]], :].tocoo()
            raise StudyFault(
                self.keys.said(int(row.col[np.argmax(row.data)])),
                f"a total that differs from the sum of its parts by {abs(gap[wrong[0]]):g}",
                "totals that add up",
                "make the total from its parts, or take the relation out",
            )
        both = np.flatnonzero(self.primary & self.fixed)
        if len(both):
            raise StudyFault(
                self.keys.said(int(both[0])),
                "a cell that must be hidden and must be printed",
                "one of the two",
                "do not print this total, or release no table it is part of",
            )

    def with_union(self, cells: NDArray[np.int64], level: float, width: float) -> "Linked":
        """The same tables and one more cell, never printed: the sum of some, which needs levels too.

        Virtual cells of the tau-ARGUS manual ("Audit"): where all hidden cells of a relation belong to a
        few, each of them takes its own away, and what is left must still be protected.
        """
        many = len(self.value)
        row = sparse.csr_array(
            (np.r_[-np.ones(len(cells)), 1.0], (np.zeros(len(cells) + 1, dtype=int), np.r_[cells, many])),
            shape=(1, many + 1),
        )
        wider = sparse.hstack([self.relations, sparse.csr_array((self.relations.shape[0], 1))])
        more = {
            "value": self.value[cells].sum(), "low": self.low[cells].sum(), "high": self.high[cells].sum(),
            "cost": 0.0, "primary": True, "fixed": False, "width": width, "up": level, "down": level,
        }  # fmt: skip
        longer: dict[str, Any] = {name: np.append(getattr(self, name), extra) for name, extra in more.items()}
        return replace(self, **longer, relations=sparse.csr_array(sparse.vstack([wider, row])))


def cross_tables(tables: Sequence[Sequence[Axis]], amounts: NDArray[np.float64] | None = None) -> Crossed:
    """Cells, values and relations of linked tables of up to three axes, totals included.

    Parameters
    ----------
    tables : sequence of sequence of Axis
        Each table by its axes; cells that stand for the same firms are one cell, whatever table they are in.
    amounts : NDArray[np.float64], optional
        Shape (firms,), 0 or more; by default firms are counted.

    Raises
    ------
    StudyFault
        A table of more than three axes.
    """
    for axes in tables:
        if not 1 <= len(axes) <= 3:
            raise StudyFault(
                " x ".join(axis.name for axis in axes),
                f"a table of {len(axes)} axes",
                "one to three axes",
                "break it down by fewer questions",
            )
    pairs = [(axis.name, code) for axes in tables for axis in axes for code in axis.codes]
    labels = (("", ""), *dict.fromkeys(pairs))
    number = {pair: i for i, pair in enumerate(labels)}
    triples, members = [], []
    for axes in tables:
        codes = [np.array([0, *(number[axis.name, code] for code in axis.codes)]) for axis in axes]
        codes += [np.zeros(1, dtype=np.int64)] * (3 - len(axes))
        grid = np.stack(np.meshgrid(*codes, indexing="ij"), axis=-1)
        triples.append(np.sort(grid.reshape(-1, 3), axis=1))
        members.append(_members(axes))
    cells, first, at = np.unique(np.concatenate(triples), axis=0, return_index=True, return_inverse=True)
    member = sparse.csr_array(sparse.hstack(members, format="csc")[:, first])
    firms = np.ones(member.shape[0]) if amounts is None else np.asarray(amounts, dtype=np.float64)
    ends = np.cumsum([len(part) for part in triples])[:-1]
    return Crossed(
        Keys(labels, cells), member.T @ firms, _sums(tables, np.split(at.ravel(), ends), len(cells)), member
    )


def _sums(
    tables: Sequence[Sequence[Axis]], places: Sequence[NDArray[np.int64]], many: int
) -> sparse.csr_array:
    """Every relation once: shape (relations, cells), 1 for the total and -1 for its parts."""
    found: list[NDArray[np.int64]] = []
    for axes, place in zip(tables, places, strict=True):
        block = place.reshape([len(axis.codes) + 1 for axis in axes])
        for number, axis in enumerate(axes):
            spots = {code: i for i, code in enumerate(("", *axis.codes))}
            for whole, parts in axis.sums:
                total = np.take(block, [spots[whole]], axis=number)
                part = np.take(block, [spots[code] for code in parts], axis=number)
                lines = np.moveaxis(np.concatenate([total, part], axis=number), number, -1)
                found.append(lines.reshape(-1, len(parts) + 1))
    longest = max((lines.shape[1] for lines in found), default=1)
    padded = [np.pad(lines, ((0, 0), (0, longest - lines.shape[1])), constant_values=-1) for lines in found]
    rows = np.concatenate(padded) if padded else np.empty((0, longest), dtype=np.int64)
    rows = np.unique(np.column_stack([rows[:, :1], np.sort(rows[:, 1:], axis=1)]), axis=0)
    where, column = np.nonzero(rows >= 0)
    sign = np.where(column == 0, 1.0, -1.0)
    return sparse.csr_array((sign, (where, rows[where, column])), shape=(len(rows), many))


def _members(axes: Sequence[Axis]) -> sparse.csc_array:
    """Shape (firms, cells of the table): which firms are in each cell, sums over an axis at place 0."""
    block = np.ones((len(axes[0].members), 1), dtype=np.float64)
    for axis in axes:
        full = np.concatenate([np.ones((len(axis.members), 1)), axis.members], axis=1)
        block = (block[:, :, None] * full[:, None, :]).reshape(len(block), -1)
    return sparse.csc_array(block)
