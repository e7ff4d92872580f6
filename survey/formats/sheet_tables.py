"""Where the table of a workbook stands: the sheet that holds it, its header, its named columns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from survey.coding import NUMBER, code_text
from survey.faults import FileFault, Finding, nearest
from survey.formats.workbook import Sheet

__all__ = ["SheetTable", "choose_sheet", "find_table"]

_ABOVE = 50
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A header and the rows under it.

    Attributes
    ----------
    names : dict[int, str]
        Position (0 for column A) to name of each column that has a name or an answer.
    body : tuple[tuple[int, tuple[Any, ...]], ...]
        Rows under the header, as `Sheet.rows`.
    above : tuple[str, ...]
        What stands above the header, one text a row.
    findings : tuple[Finding, ...]
        What is odd about the table.
    """

    names: dict[int, str]
    body: tuple[tuple[int, tuple[Any, ...]], ...]
    above: tuple[str, ...]
    findings: tuple[Finding, ...]

    def cells(self, position: int) -> list[Any]:
        """The cells of one column, None where blank."""
        return [row[position] if position < len(row) else None for _, row in self.body]


def choose_sheet(path: Path, sheet: str, sheets: tuple[Sheet, ...]) -> tuple[Sheet, tuple[Finding, ...]]:
    """The sheet of a name, or the visible one with the most cells that is no repeat of another.

    Parameters
    ----------
    path : Path
        The workbook, for faults.
    sheet : str
        Its name; "" for none, and then the other sheets are told in a finding.

    Raises
    ------
    FileFault
        No sheet of this name, or no table.
    """
    names = [s.name for s in sheets]
    if sheet and sheet not in names:
        raise FileFault(str(path), f"no sheet {sheet!r}", "a sheet of the workbook", nearest(sheet, names))
    tables = [s for s in sheets if (s.name == sheet if sheet else not s.hidden) and len(s.rows) > 1]
    if not tables:
        found = (
            f"sheet {sheet!r} without a table" if sheet else "a workbook without a table on a visible sheet"
        )
        raise FileFault(str(path), found, "a header and one row for each firm", "export the survey again")
    chosen = max(tables, key=lambda s: (not _is_repeat(s), sum(len(row) for _, row in s.rows)))
    others = [s.name + (" (hidden)" if s.hidden else "") for s in sheets if s is not chosen and s.rows]
    if not others or sheet:
        return chosen, ()
    return chosen, (
        Finding(
            str(path),
            f"{len(others) + 1} sheets hold cells; {chosen.name!r} was read",
            f"Not read: {', '.join(others[:8])}.",
            'If another one holds the answers, name it:  sheet = "..."  under [[waves]].',
        ),
    )


def find_table(where: str, sheet: Sheet) -> SheetTable:
    """The table of a sheet; titles above its header, blank rows and formulas without a result are findings.

    Raises
    ------
    FileFault
        No rows under the header, or two columns of one name.
    """
    findings: list[Finding] = []
    at = _header_row(sheet)
    names = _names(where, sheet, at, findings)
    body = sheet.rows[at + 1 :]
    if not body:
        raise FileFault(where, "a header and no rows", "one row for each firm", "export the survey again")
    _gaps(where, sheet.rows[at:], findings)
    if sheet.uncalculated:
        findings.append(
            Finding(
                where,
                f"{sheet.uncalculated} formulas without a stored result",
                "Their cells are blank here.",
                "Open the workbook in Excel, save it, and read it again.",
            )
        )
    above = tuple(" ".join(code_text(cell) for cell in row if cell is not None) for _, row in sheet.rows[:at])
    if above:
        findings.append(
            Finding(
                where,
                f"the header was taken to be row {sheet.rows[at][0]}",
                f"What stands above it is kept as a note: {above[0][:60]!r}.",
                "",
            )
        )
    return SheetTable(names, body, above, tuple(findings))


def _is_repeat(sheet: Sheet) -> bool:
    """Whether a sheet holds the repeats of another one, as forms of KoboToolbox and ODK give them."""
    heads = set(sheet.rows[0][1])
    return bool(heads & {"_parent_index", "PARENT_KEY"})


def _header_row(sheet: Sheet) -> int:
    """The first row about as wide as the table, of texts unlike each other."""
    filled = [[cell for cell in row if cell is not None] for _, row in sheet.rows[:_ABOVE]]
    width = sorted(len(cells) for cells in filled)[len(filled) // 2]
    for at, cells in enumerate(filled[:-1] or filled):
        texts = [cell for cell in cells if isinstance(cell, str) and not NUMBER.fullmatch(cell)]
        if len(cells) >= _ENOUGH * width and len(texts) >= _ENOUGH * len(cells):
            return at
    return 0


def _names(where: str, sheet: Sheet, at: int, findings: list[Finding]) -> dict[int, str]:
    """Position to name of each column that has a name or an answer."""
    header = sheet.rows[at][1]
    filled = {i for _, row in sheet.rows[at + 1 :] for i, cell in enumerate(row) if cell is not None}
    names: dict[int, str] = {}
    unnamed: list[int] = []
    for position in range(max(len(header), max(filled, default=-1) + 1)):
        name = code_text(header[position]) if position < len(header) and header[position] is not None else ""
        if name.strip():
            names[position] = name.strip()
        elif position in filled:
            names[position] = f"column {position + 1}"
            unnamed.append(position + 1)
    if unnamed:
        findings.append(
            Finding(
                where,
                f"columns without a name: {unnamed[:5]}",
                "They are called `column 1` and so on.",
                "Name them.",
            )
        )
    listed = list(names.values())
    if len(set(listed)) < len(listed):
        twice = sorted({name for name in listed if listed.count(name) > 1})
        raise FileFault(
            f"{where}, row {sheet.rows[at][0]}",
            f"two columns called {twice[0]!r}",
            "one name for each column",
            "rename one of them",
        )
    return names


def _gaps(where: str, rows: tuple[tuple[int, tuple[Any, ...]], ...], findings: list[Finding]) -> None:
    """A finding where blank rows stand among the answers."""
    numbers = np.array([number for number, _ in rows])
    gaps = np.flatnonzero(np.diff(numbers) > 1)
    if len(gaps):
        blank = int((np.diff(numbers)[gaps] - 1).sum())
        findings.append(
            Finding(
                where,
                f"{blank} blank rows among the answers (the first is row {numbers[gaps[0]] + 1})",
                "They are no firms and were left out.",
                "If something below them is no answer, such as a total, take it out.",
            )
        )
