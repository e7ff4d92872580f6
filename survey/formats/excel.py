"""Excel workbooks: the sheet that holds the answers, its header found, each cell as what it is."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import MissingCode
from survey.coding import NUMBER, code_text
from survey.faults import Finding
from survey.formats.cell_values import ERRORS
from survey.formats.reading import Reading
from survey.formats.sheet_tables import choose_sheet, find_table
from survey.formats.workbook import Sheet, workbook_sheets

__all__ = ["read_xlsx", "sheet_reading"]

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
    chosen, others = choose_sheet(path, sheet, workbook_sheets(path))
    reading = sheet_reading(f"{path}, sheet {chosen.name!r}", chosen)
    return Reading(
        frame=reading.frame,
        missing=reading.missing,
        times=reading.times,
        findings=(*others, *reading.findings),
        notes={**reading.notes, "sheet": chosen.name},
    )


def sheet_reading(where: str, sheet: Sheet) -> Reading:
    """A sheet as a table; titles above its header become a note, blank rows a finding.

    Raises
    ------
    FileFault
        No rows under the header, or two columns of one name.
    """
    table = find_table(where, sheet)
    findings = list(table.findings)
    frame: dict[str, pd.Series] = {}
    missing: dict[str, tuple[MissingCode, ...]] = {}
    times: set[str] = set()
    for position, name in table.names.items():
        cells = table.cells(position)
        place = f"{where}, column {name!r}"
        frame[name], codes = _column(place, cells, findings)
        if codes:
            missing[name] = codes
        if frame[name].dtype != object and any(isinstance(cell, time) for cell in cells):
            times.add(name)
    return Reading(
        frame=pd.DataFrame(frame),
        missing=missing,
        times=frozenset(times),
        findings=tuple(findings),
        notes={"above_header": "\n".join(table.above)} if table.above else {},
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
