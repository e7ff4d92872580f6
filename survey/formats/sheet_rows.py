"""One sheet of a workbook, row by row: each cell's stored value, and damage told by its row."""

from contextlib import suppress
from typing import Any, BinaryIO

from survey.faults import FileFault
from survey.formats.cell_values import Cells, CellValues
from survey.formats.xml_stream import Budget, stream_xml

__all__ = ["read_rows"]

_ROWS = 1_048_576
_COLUMNS = 16_384


class _Enough(Exception):
    """As many rows as were wanted."""


def read_rows(
    source: BinaryIO, where: str, cells: Cells, budget: Budget, most: int | None = None
) -> tuple[tuple[tuple[int, tuple[Any, ...]], ...], int]:
    """Rows that hold anything, as (number, cells from column A to the last filled), and formulas unanswered.

    Parameters
    ----------
    source : BinaryIO
        The XML of a sheet.
    where : str
        What faults name.
    cells : Cells
        Shared texts, styles and epoch of the workbook.
    budget : Budget
        What may still be read; lessened by what was.
    most : int or None
        Rows after which reading ends; None for all.

    Raises
    ------
    FileFault
        Damaged XML, a row or cell twice or out of order, a cell whose value is none of its kind, a
        sheet larger than Excel can make one, or a budget that is spent.
    """
    reader = _Rows(where, cells, budget, most)
    with suppress(_Enough):
        stream_xml(source, where, *reader.handlers())
    budget.elements -= reader.count
    return tuple(reader.rows), reader.unanswered


class _Rows:
    """The rows so far, and the value of one cell from what its XML says."""

    def __init__(self, where: str, cells: Cells, budget: Budget, most: int | None) -> None:
        self.where = where
        self.main = cells.main
        self.values = CellValues(cells, self._fault, self._spend, self._show)
        self.budget = budget
        self.most = most
        self.rows: list[tuple[int, tuple[Any, ...]]] = []
        self.unanswered = 0
        self.number = 0
        self.count = 0
        self.columns: dict[str, int] = {}

    def handlers(self) -> tuple[Any, Any, Any]:
        """Functions for `stream_xml`; closures, since a workbook has millions of cells."""
        main = self.main
        c, v, row, inline, t, phonetic, f = (main + n for n in ("c", "v", "row", "is", "t", "rPh", "f"))
        row_is = self._begin_row
        cell_is = self.values.value
        column_of = self._column
        number_of = self.values.number
        known = self.values.known
        most = self.budget.elements
        columns = self.columns
        texts: list[str] = []
        held: list[Any] = []
        cell: dict[str, str] | None = None
        in_row = collecting = in_text = silent = formula = valued = False
        digits = ""
        last = count = width = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal cell, in_row, collecting, in_text, silent, formula, valued, digits, width, last, count
            count += 1
            if count > most:
                raise self._too_large()
            if name == c:
                if cell is not None or not in_row:
                    raise self._fault("a cell outside a row, or inside a cell")
                cell = attributes
                formula = valued = in_text = silent = False
                texts.clear()
            elif name == v:
                if valued or collecting:
                    raise self._fault("a cell with two values")
                collecting = valued = cell is not None
            elif name == row:
                if in_row:
                    raise self._fault("a row inside a row")
                in_row = True
                last = 0
                held.clear()
                row_is(attributes.get("r"))
                digits = str(self.number)
                width = -len(digits)
            elif name == inline:
                in_text = cell is not None
            elif name == t:
                collecting = in_text and not silent
            elif name == phonetic:
                silent = True
            elif name == f:
                formula = True
            elif count == 1 and name != main + "worksheet":
                raise self._fault("no sheet in its XML")

        def end(name: str) -> None:
            nonlocal cell, in_row, collecting, in_text, silent, last
            if name in (v, t):
                collecting = False
            elif name == c:
                at = cell or {}
                cell = None
                place = at.get("r")
                if place is None:
                    last += 1
                elif place.endswith(digits):
                    letters = place[:width]
                    last = columns.get(letters) or column_of(letters, place)
                else:
                    raise self._fault(f"cell {place!r} in row {digits}")
                kind = at.get("t", "n")
                written = texts[0] if len(texts) == 1 else "".join(texts)
                if not written:
                    self.unanswered += formula and kind != "str"
                    return
                if kind == "n" and "s" not in at:
                    value = known.get(written)
                    if value is None:
                        value = number_of(written)
                else:
                    value = cell_is(kind, written, at.get("s"), valued)
                    if value is None or value == "":
                        return
                blank = last - 1 - len(held)
                if blank >= 0:
                    if blank:
                        held.extend([None] * blank)
                    held.append(value)
                elif last > _COLUMNS or held[last - 1] is not None:
                    raise self._fault(f"cell {place!r} stands twice")
                else:
                    held[last - 1] = value
            elif name == row:
                in_row = False
                self.count = count
                if held:
                    self._keep(tuple(held))
            elif name == phonetic:
                silent = False
            elif name == inline:
                in_text = False

        def text(characters: str) -> None:
            if collecting:
                texts.append(characters)

        return start, end, text

    def _begin_row(self, number: str | None) -> None:
        """The number of the row that begins."""
        last = self.number
        if number is None:
            self.number += 1
        elif number.isascii() and number.isdigit() and len(number) < 9:
            self.number = int(number)
        else:
            raise self._fault(f"a row numbered {number[:20]!r}")
        if self.number <= last or self.number > _ROWS:
            raise _damaged(self.where, f"row {self.number:,} after row {last:,}")

    def _keep(self, held: tuple[Any, ...]) -> None:
        """A row that is whole."""
        if len(held) > _COLUMNS:
            raise self._fault(f"a cell beyond column {_COLUMNS:,}")
        self.budget.cells -= len(held)
        if self.budget.cells < 0:
            raise self._too_large()
        self.rows.append((self.number, held))
        if self.most is not None and len(self.rows) >= self.most:
            raise _Enough

    def _column(self, letters: str, place: str) -> int:
        """Number of a column by its letters, 1 for A."""
        found = 0
        if 0 < len(letters) <= 3 and letters.isascii() and letters.isalpha():
            for letter in letters.upper():
                found = found * 26 + ord(letter) - 64
        if not 0 < found <= _COLUMNS:
            raise self._fault(f"a cell at {place[:20]!r}, beyond column {_COLUMNS:,}")
        self.columns[letters] = found
        return found

    def _spend(self, text: str) -> None:
        """Count a text that stands in a cell of its own."""
        self.budget.text -= text.__sizeof__()
        if self.budget.text < 0:
            raise self._too_large()

    def _show(self, text: str) -> None:
        """Count a shared text once more: the column it comes into holds it for each cell."""
        self.budget.shown -= len(text)
        if self.budget.shown < 0:
            raise self._too_large()

    def _fault(self, found: str) -> FileFault:
        return _damaged(f"{self.where}, row {self.number:,}", found)

    def _too_large(self) -> FileFault:
        return FileFault(
            f"{self.where}, row {self.number:,}",
            "a sheet too large to be read as a workbook",
            "a table of answers",
            "save the sheet as CSV (UTF-8)",
        )


def _damaged(where: str, found: str) -> FileFault:
    return FileFault(
        where, f"a damaged workbook ({found})", "a workbook as Excel saves it", "save it anew in Excel"
    )
