"""Renames and mergers of firms as people decided them: an append-only file, read and checked."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.faults import FileFault, Finding, StudyFault, nearest
from survey.formats.encodings import decode

__all__ = ["DECISION_COLUMNS", "DECISION_KINDS", "Decisions", "no_decisions", "read_decisions"]

DECISION_COLUMNS = ("from", "to", "kind", "date", "who", "why")
"""Columns of the file, in this order."""

DECISION_KINDS = ("rename", "merger", "withdrawn")
"""rename: the same firm under another id. merger: absorbed by another firm, which goes on.
withdrawn: an earlier line of the same `from` and `to` holds no longer."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided.

    Attributes
    ----------
    path : str
        File; "" where there is none.
    table : pandas.DataFrame
        All lines as text, withdrawn ones too: `DECISION_COLUMNS` and `line` (int).
    last_id : Mapping[str, str]
        Each id that was renamed, to the last id of its firm.
    merged_into : Mapping[str, str]
        Last id of each absorbed firm, to the last id of the firm that absorbed it.
    """

    path: str
    table: pd.DataFrame
    last_id: Mapping[str, str] = field(default_factory=dict)
    merged_into: Mapping[str, str] = field(default_factory=dict)

    def last_ids(self, ids: NDArray[np.object_]) -> NDArray[np.object_]:
        """The last id of the firm behind each id, same shape."""
        if not self.last_id:
            return ids
        column = pd.Series(ids, dtype=object)
        return column.map(self.last_id).fillna(column).to_numpy(dtype=object)

    def check_against(self, wave: str, ids: NDArray[np.object_]) -> None:
        """Refuse a rename of two ids that answer side by side, for these are two firms.

        Raises
        ------
        StudyFault
            Two ids of one wave that lead to one firm.
        """
        here = pd.Series(ids, dtype=object)
        last = pd.Series(self.last_ids(ids), dtype=object)
        twice = last.duplicated(keep=False)
        if twice.any():
            firm = str(last[twice].iloc[0])
            own = ", ".join(map(str, here[last == firm]))
            raise StudyFault(
                f"{self.path}, firm {firm!r}",
                f"the ids {own} are one firm by a rename, and stand side by side in wave {wave}",
                "one row for a firm in each wave",
                "say merger where one absorbed the other, or withdraw the rename by a new line",
            )

    def unmet(self, known: NDArray[np.str_]) -> tuple[Finding, ...]:
        """A finding for ids decided upon that stand in no wave (`known`: sorted ids of all waves)."""
        seen = set(known.tolist())
        firms = {self.last_id[s] for s in self.last_id if s in seen}
        sources = dict.fromkeys((*self.last_id, *self.merged_into))
        lost = [s for s in sources if s not in seen and self.last_id.get(s, s) not in firms]
        if not lost:
            return ()
        shown = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
        return (
            Finding(
                self.path,
                f"{len(lost)} ids stand in no wave ({shown})",
                "These decisions change nothing.",
                nearest(lost[0], [str(k) for k in known[:2000]]).capitalize(),
            ),
        )


def no_decisions() -> Decisions:
    """No renames and no mergers."""
    return Decisions("", pd.DataFrame({name: [] for name in (*DECISION_COLUMNS, "line")}))


def read_decisions(path: Path) -> Decisions:
    """Read renames and mergers; every line is checked alone and against the lines above it.

    Parameters
    ----------
    path : Path
        CSV with the columns `DECISION_COLUMNS`; dates as 2024-04-01, of the decision, never earlier
        than that of the line above (new decisions are appended).

    Raises
    ------
    FileFault
        Not readable as CSV, or other columns.
    StudyFault
        A blank cell, an unknown kind, a date out of order; a firm that becomes itself or, over
        several lines, itself again; a second fate for one firm; two firms renamed into one; a
        withdrawal of what was not decided.
    """
    text, _, _ = decode(path)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or tuple(cell.strip() for cell in rows[0]) != DECISION_COLUMNS:
        raise FileFault(
            f"{path}, line 1",
            ",".join(rows[0]) if rows else "an empty file",
            "the columns " + ",".join(DECISION_COLUMNS),
            "write them as the first line",
        )
    kept: list[dict[str, str | int]] = []
    standing: dict[str, tuple[str, str]] = {}
    latest = date.min
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        line = _line(path, number, cells)
        latest = _in_order(path, number, line["date"], latest)
        _stand(f"{path}, line {number}", line, standing)
        kept.append({**line, "line": number})
    renamed = {old: new for old, (kind, new) in standing.items() if kind == "rename"}
    last = {old: _end(old, renamed) for old in renamed}
    merged = {
        last.get(old, old): last.get(new, new) for old, (kind, new) in standing.items() if kind == "merger"
    }
    return Decisions(str(path), pd.DataFrame(kept, columns=[*DECISION_COLUMNS, "line"]), last, merged)


def _line(path: Path, number: int, cells: list[str]) -> dict[str, str]:
    where = f"{path}, line {number}"
    if len(cells) != len(DECISION_COLUMNS):
        raise StudyFault(
            where, f"{len(cells)} cells", f"{len(DECISION_COLUMNS)} cells", "quote texts with commas"
        )
    line = {name: cell.strip() for name, cell in zip(DECISION_COLUMNS, cells, strict=True)}
    for name, cell in line.items():
        if not cell:
            raise StudyFault(
                f"{where}, {name}",
                "nothing",
                "a decision names " + ", ".join(DECISION_COLUMNS),
                f"fill in {name}",
            )
    if line["kind"] not in DECISION_KINDS:
        raise StudyFault(
            f"{where}, kind",
            repr(line["kind"]),
            "one of: " + ", ".join(DECISION_KINDS),
            nearest(line["kind"], DECISION_KINDS),
        )
    if line["from"] == line["to"]:
        raise StudyFault(
            where, f"{line['from']!r} becomes itself", "two different ids", "correct one of them"
        )
    return line


def _in_order(path: Path, number: int, said: str, latest: date) -> date:
    where = f"{path}, line {number}, date"
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise StudyFault(where, repr(said), "a date such as 2024-04-01", "write year-month-day") from None
    if day < latest:
        raise StudyFault(
            where,
            f"{said} below a line of {latest}",
            "lines in the order they were decided",
            "append new decisions at the end; never insert or change a line",
        )
    return day


def _stand(where: str, line: Mapping[str, str], standing: dict[str, tuple[str, str]]) -> None:
    """Add a line to what stands, or refuse it."""
    old, new, kind = line["from"], line["to"], line["kind"]
    fate = standing.get(old)
    if kind == "withdrawn":
        if fate is None or fate[1] != new:
            raise StudyFault(
                where,
                f"{old!r} to {new!r} was not decided above",
                "a decision that stands",
                "name its from and to",
            )
        del standing[old]
        return
    if fate is not None:
        raise StudyFault(
            where,
            f"{old!r} has a {fate[0]} to {fate[1]!r} already",
            "one fate for each id",
            f"withdraw it first: {old},{fate[1]},withdrawn,...",
        )
    before = next((o for o, (k, n) in standing.items() if kind == k == "rename" and n == new), "")
    if before:
        raise StudyFault(
            where,
            f"{old!r} and {before!r} are both renamed to {new!r}",
            "one firm behind a rename",
            "say merger for the one that was absorbed",
        )
    steps = {o: n for o, (_, n) in standing.items()}
    if _end(new, steps) == old:
        raise StudyFault(
            where,
            f"{new!r} leads back to {old!r}",
            "a line of ids without a circle",
            "withdraw the earlier decision first",
        )
    standing[old] = (kind, new)


def _end(start: str, steps: Mapping[str, str]) -> str:
    """Where a chain of steps ends; `steps` has no circle."""
    while start in steps:
        start = steps[start]
    return start
