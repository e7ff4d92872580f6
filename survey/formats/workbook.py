"""An Excel workbook as the rows of its sheets: every cell that is there, and damage told."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from survey.faults import FileFault
from survey.formats.archives import check_archive

__all__ = ["ERRORS", "Sheet", "workbook_sheets"]

ERRORS = frozenset(ERROR_CODES)
"""What a cell shows whose formula failed, such as `#N/A`."""

_ROWS = 1_048_576
_COLUMNS = 16_384
_CELLS = 60_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    name : str
        As on its tab.
    hidden : bool
        Whether the workbook hides it.
    rows : tuple[tuple[int, tuple[Any, ...]], ...]
        Rows that hold anything: the number Excel shows, and the cells from column A to the last
        that is filled (None where blank; numbers, text, truth, dates as such).
    uncalculated : int
        Formulas without a stored result: their cells are blank.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    uncalculated: int = 0


class _Parser(WorkSheetParser):
    """Counts formulas whose result was never stored."""

    uncalculated = 0

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            self.uncalculated += 1
        return cell


def workbook_sheets(path: Path, names: tuple[str, ...] = ()) -> tuple[Sheet, ...]:
    """Sheets of an .xlsx or .xlsm workbook, read row by row; formulas give their stored results.

    Parameters
    ----------
    path : Path
        The workbook.
    names : tuple[str, ...]
        Sheets wanted; () for all.

    Raises
    ------
    FileFault
        The archive is damaged or made to harm (`check_archive`), XML in it declares entities, a
        row stands twice or out of order, or a sheet is larger than Excel can make one.
    """
    check_archive(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which hold no answers
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                return tuple(
                    _sheet(path, sheet) for sheet in book.worksheets if not names or sheet.title in names
                )
            finally:
                book.close()
    except FileFault:
        raise
    except MemoryError as error:
        raise FileFault(
            str(path), "a workbook too large for the memory", "a smaller one", "save the sheet as CSV"
        ) from error
    except Exception as error:  # what a broken workbook raises has no common type
        raise _told(path, error) from error


def _told(path: Path, error: BaseException) -> FileFault:
    """The fault behind what was raised, which may stand behind another."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, DefusedXmlException):
            found = f"XML that declares entities ({type(behind).__name__})"
            return FileFault(
                str(path), found, "a workbook as Excel saves it", "get the file again from its source"
            )
        if isinstance(behind, ParseError):
            return _damaged(path, f"broken or cut-off XML, line {behind.position[0]}")
        behind = behind.__cause__ or behind.__context__
    return _damaged(path, f"{type(error).__name__}: {str(error)[:120]}")


def _damaged(path: Path | str, found: str) -> FileFault:
    return FileFault(
        str(path), f"a damaged workbook ({found})", "a workbook as Excel saves it", "save it anew in Excel"
    )


def _sheet(path: Path, sheet: Any) -> Sheet:
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        rows = tuple(_rows(f"{path}, sheet {sheet.title!r}", parser))
    return Sheet(sheet.title, sheet.sheet_state != "visible", rows, parser.uncalculated)


def _rows(where: str, parser: _Parser) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with anything in them, checked for order and size."""
    last = cells = 0
    for number, found in parser.parse():
        if number <= last or number > _ROWS:
            raise _damaged(where, f"row {number:,} after row {last:,}")
        last = number
        filled = [(cell["column"], cell["value"]) for cell in found if cell["value"] not in (None, "")]
        if not filled:
            continue
        width = max(column for column, _ in filled)
        if width > _COLUMNS or len({column for column, _ in filled}) < len(filled):
            raise _damaged(where, f"row {number:,} has a cell twice, or beyond column {_COLUMNS:,}")
        cells += width
        if cells > _CELLS:
            raise FileFault(
                where, f"more than {_CELLS:,} cells", "a table of answers", "save the sheet as CSV"
            )
        row = [None] * width
        for column, value in filled:
            row[column - 1] = value
        yield number, tuple(row)
