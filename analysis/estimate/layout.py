"""Columns of a book of tables: all firms and every group of every break side by side, and who is compared."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.breaks import Break, break_of
from analysis.estimate.compiled import arrays_of
from analysis.estimate.design_arrays import DesignArrays
from survey import Design, QuestionFault, Wave, select

__all__ = ["Layout", "lay_out"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The c columns of a book over n rows: all firms first, then break by break.

    Attributes
    ----------
    wave, arrays, level : Wave, DesignArrays, float
        What is tabulated, its compiled design, the confidence level.
    by, group : tuple[str, ...]
        Break and group of each column; "" for all firms.
    span : NDArray[np.intp]
        Shape (c,): columns of one span are compared with each other; -1 for all firms.
    member, perhaps : NDArray[np.bool_]
        Shape (rows, c): firms in a column that have a weight; firms in it, or whose group is unknown.
    held : NDArray[np.bool_]
        Shape (rows, c): firms in a column, with a weight or without.
    codes : NDArray[np.intp]
        Shape (breaks + 1, rows): the one column of a firm in each break, c where it is in none;
        of no use where breaks overlap.
    widths : tuple[int, ...]
        Columns of all firms (1) and of each break.
    overlaps : bool
        Whether firms may be in several groups of one break, so that `codes` does not tell all.
    is_whole : bool
        Whether the first column is every firm of the wave.
    pairs : NDArray[np.intp]
        Shape (pairs, 2): columns that are compared, the earlier first.
    rest : NDArray[np.bool_]
        Shape (c, c): which columns make up the other firms of a column's span.
    """

    wave: Wave
    arrays: DesignArrays
    level: float
    by: tuple[str, ...]
    group: tuple[str, ...]
    span: NDArray[np.intp]
    member: NDArray[np.bool_]
    perhaps: NDArray[np.bool_]
    held: NDArray[np.bool_]
    codes: NDArray[np.intp]
    widths: tuple[int, ...]
    overlaps: bool
    is_whole: bool
    pairs: NDArray[np.intp]
    rest: NDArray[np.bool_]
    counted: dict[tuple[str, bytes], NDArray[np.float64]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __len__(self) -> int:
        return len(self.by)

    def count(self, which: str, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Shape (c,): firms of `rows` in each column of `member`, `perhaps` or `held`; remembered."""
        key = (which, rows.tobytes())
        if key not in self.counted:
            table: NDArray[np.bool_] = getattr(self, which)
            self.counted[key] = np.count_nonzero(table if rows.all() else table[rows], axis=0).astype(float)
        return self.counted[key]


def lay_out(
    wave: Wave, design: Design, by: Sequence[str] | str = (), where: str = "", level: float = 0.95
) -> Layout:
    """Compile the design, the part of the firms and the breaks once for a whole book.

    Raises
    ------
    QuestionFault
        Unknown question or expression; a break that is no question of codes; a level outside (0, 1).
    DesignFault
        See `compile_design`.
    """
    if not 0 < level < 1:
        raise QuestionFault("level", f"{level:g}", "a number between 0 and 1", "0.95 is usual")
    arrays = arrays_of(wave, design)
    everybody = np.ones(len(wave), dtype=bool)
    inside, perhaps = everybody, everybody
    if where:
        inside = np.asarray(select(wave, where, where="where"), dtype=bool)
        perhaps = ~np.asarray(select(wave, f"not ({where})", where="where"), dtype=bool)
    breaks = [break_of(wave, name) for name in dict.fromkeys((by,) if isinstance(by, str) else by)]
    held = _within(inside, [one.member for one in breaks])
    is_known = perhaps is inside and all(one.perhaps is one.member for one in breaks)
    doubt = held if is_known else _within(perhaps, [one.perhaps for one in breaks])
    weighs = arrays.weight != 0
    member = held if weighs.all() else held & weighs[:, None]
    names = ["", *(one.by for one in breaks for _ in one.groups)]
    groups = ["", *(group for one in breaks for group in one.groups)]
    span = _spans(breaks)
    codes, overlaps = _codes(member, breaks)
    same = (span[:, None] == span) & (span >= 0)
    pairs = np.argwhere(np.triu(same, 1))
    rest = same & ~np.eye(len(span), dtype=bool)
    return Layout(
        wave, arrays, level, tuple(names), tuple(groups), span, member, doubt, held, codes,
        (1, *(len(one.groups) for one in breaks)), overlaps, not where, pairs, rest,
    )  # fmt: skip


def _within(part: NDArray[np.bool_], tables: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """A part of the firms, and that part of each table, side by side."""
    side = np.empty((len(part), 1 + sum(table.shape[1] for table in tables)), dtype=bool)
    side[:, 0], start = part, 1
    for table in tables:
        np.logical_and(part[:, None], table, out=side[:, start : start + table.shape[1]])
        start += table.shape[1]
    return side


def _spans(breaks: Sequence[Break]) -> NDArray[np.intp]:
    """Spans of all columns, numbered through."""
    spans, start = [np.array([-1])], 0
    for one in breaks:
        spans.append(one.span + start)
        start += int(one.span.max(initial=-1)) + 1
    return np.concatenate(spans).astype(np.intp)


def _codes(member: NDArray[np.bool_], breaks: Sequence[Break]) -> tuple[NDArray[np.intp], bool]:
    """The one column of each firm in each break, and whether there are firms with more than one."""
    rows, many = member.shape
    codes = np.full((len(breaks) + 1, rows), many, dtype=np.intp)
    codes[0, member[:, 0]] = 0
    start, overlaps = 1, False
    for at, one in enumerate(breaks, start=1):
        width = len(one.groups)
        part = member[:, start : start + width].astype(np.float32)
        inside, place = (part @ np.column_stack([np.ones(width), np.arange(width)]).astype(np.float32)).T
        overlaps |= bool(inside.max(initial=0) > 1)
        codes[at] = np.where(inside > 0, place.astype(np.intp) + start, many)
        start += width
    return codes, overlaps
