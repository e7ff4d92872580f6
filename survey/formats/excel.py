"""Excel workbooks: the sheet that holds the answers, its header found, each cell as what it is."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import MissingCode
from survey.coding import NUMBER, code_text
from survey.faults import FileFault, Finding, nearest
from survey.formats.cell_values import ERRORS
from survey.formats.reading import Reading
from survey.formats.workbook import Sheet, workbook_sheets

__all__ = ["read_xlsx", "sheet_reading"]

_ABOVE = 50
_ENOUGH = 0.6
_BLANKS = ("NA", "N/A")
_KINDS = {
    int: "number",
    float: "number",
    str: "text",
    bool: "truth",
    datetime: "date",
    date: "date",
    timedelta: "duration",
}


def read_xlsx(path: Path, sheet: str = "") -> Reading:
    """Read one sheet of a workbook.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm workbook.
    sheet : str
        Its name; "" for the visible sheet with the most cells that is no repeat of another (the others are
        told in a finding).

    Raises
    ------
    FileFault
        A damaged or harmful workbook, no sheet of this name, no table, or two columns of one name.
    """
    sheets = workbook_sheets(path)
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
    reading = sheet_reading(f"{path}, sheet {chosen.name!r}", chosen)
    others = [s.name + (" (hidden)" if s.hidden else "") for s in sheets if s is not chosen and s.rows]
    findings = list(reading.findings)
    if others and not sheet:
        findings.insert(
            0,
            Finding(
                str(path),
                f"{len(others) + 1} sheets hold cells; {chosen.name!r} was read",
                f"Not read: {', '.join(others[:8])}.",
                'If another one holds the answers, name it:  sheet = "..."  under [[waves]].',
            ),
        )
    return Reading(
        frame=reading.frame,
        missing=reading.missing,
        times=reading.times,
        findings=tuple(findings),
        notes={**reading.notes, "sheet": chosen.name},
    )


def _is_repeat(sheet: Sheet) -> bool:
    """Whether a sheet holds the repeats of another one, as forms of KoboToolbox and ODK give them."""
    heads = set(sheet.rows[0][1])
    return bool(heads & {"_parent_index", "PARENT_KEY"})


def sheet_reading(where: str, sheet: Sheet) -> Reading:
    """A sheet as a table; titles above its header become a note, blank rows a finding.

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
    frame: dict[str, pd.Series] = {}
    missing: dict[str, tuple[MissingCode, ...]] = {}
    times: set[str] = set()
    for position, name in names.items():
        cells = [row[position] if position < len(row) else None for _, row in body]
        place = f"{where}, column {name!r}"
        frame[name], codes = _column(place, cells, findings)
        if codes:
            missing[name] = codes
        if frame[name].dtype != object and any(isinstance(cell, time) for cell in cells):
            times.add(name)
    above = [" ".join(code_text(cell) for cell in row if cell is not None) for _, row in sheet.rows[:at]]
    if above:
        findings.append(
            Finding(
                where,
                f"the header was taken to be row {sheet.rows[at][0]}",
                f"What stands above it is kept as a note: {above[0][:60]!r}.",
                "",
            )
        )
    return Reading(
        frame=pd.DataFrame(frame),
        missing=missing,
        times=frozenset(times),
        findings=tuple(findings),
        notes={"above_header": "\n".join(above)} if above else {},
    )


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


def _column(
    where: str, cells: list[Any], findings: list[Finding]
) -> tuple[pd.Series, tuple[MissingCode, ...]]:
    """Cells as numbers, dates, truth or text; errors and `NA` among numbers as codes for no answer."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if not kinds:
        return pd.Series(np.full(len(cells), np.nan)), ()
    if kinds <= {datetime, date}:
        return pd.Series(pd.to_datetime(pd.Series(cells, dtype=object)).astype("datetime64[us]")), ()
    if kinds == {bool}:
        truth = pd.Series(cells, dtype=object)
        return (truth if truth.isna().any() else truth.astype(bool)), ()
    if kinds <= {int, float}:
        return _numbers(cells), ()
    texts = {cell for cell in cells if isinstance(cell, str)}
    codes = tuple(MissingCode(t, t, "no_answer") for t in sorted(texts & {*ERRORS, *_BLANKS}))
    if texts & ERRORS:
        failed = sum(cell in ERRORS for cell in cells if isinstance(cell, str))
        findings.append(
            Finding(
                where,
                f"{failed} cells show an error such as {sorted(texts & ERRORS)[0]}",
                "They count as no answer.",
                "Mend the formulas in Excel.",
            )
        )
    if kinds == {str}:
        return pd.Series(cells, dtype="str"), tuple(code for code in codes if code.low in ERRORS)
    if kinds <= {int, float, str}:
        plain = {text for text in texts if NUMBER.fullmatch(text.strip())}
        if plain:
            typed = sum(cell in plain for cell in cells if isinstance(cell, str))
            findings.append(
                Finding(where, f"{typed} numbers stand as text", "They were read as numbers.", "")
            )
            cells = [float(cell) if isinstance(cell, str) and cell in plain else cell for cell in cells]
        return (_numbers(cells), ()) if texts == plain else (pd.Series(cells, dtype=object), codes)
    if kinds != {time}:
        said = ", ".join(sorted({_KINDS.get(kind, kind.__name__) for kind in kinds}))
        findings.append(
            Finding(where, f"cells of several kinds ({said})", "All were read as text.", "Mend the column.")
        )
    return pd.Series([_text(cell) for cell in cells], dtype="str"), tuple(c for c in codes if c.low in ERRORS)


def _numbers(cells: list[Any]) -> pd.Series:
    numbers = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    whole = None not in cells and bool((numbers == np.floor(numbers)).all()) and np.abs(numbers).max() < 2**53
    return pd.Series(numbers.astype(np.int64) if whole else numbers)


def _text(cell: Any) -> str | None:
    """A cell of a column of several kinds, as text."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.isoformat(sep=" ")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return code_text(cell)
