"""The value of one cell of a workbook, from its kind, its style and what its XML holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.datetime import ISO_DURATION, from_excel, from_ISO8601

from survey.faults import FileFault
from survey.formats.shown_numbers import NumberFormat
from survey.formats.workbook_texts import plain_text

__all__ = ["ERRORS", "CellValues", "Cells"]

ERRORS = frozenset(ERROR_CODES)
"""What a cell shows whose formula failed, such as `#N/A`."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?", re.ASCII)
_INFINITE = float("inf")
_SHORT = 64
"""Letters of a shared text that is not counted for each cell: cells are counted."""
_KNOWN = 100_000
"""Numbers and dates kept by their text, since answers repeat."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What the cells of every sheet of a workbook point to.

    Attributes
    ----------
    main : str
        Namespace of its sheets, with the closing brace.
    texts : Sequence[str]
        Shared texts, by number.
    dates : Mapping[int, str]
        Style to `date` or `duration`; a style that is not here is no date.
    epoch : datetime.datetime
        Day zero of its dates.
    formats : Mapping[int, NumberFormat]
        Style to its number format, where numbers are wanted as they are shown; else empty.
    """

    main: str
    texts: Sequence[str]
    dates: Mapping[int, str]
    epoch: datetime
    formats: Mapping[int, NumberFormat] = field(default_factory=dict)


class CellValues:
    """Values of the cells of one sheet.

    Parameters
    ----------
    cells : Cells
        What its cells point to.
    fault : Callable[[str], FileFault]
        The fault of the cell that is read, from what was found.
    spend : Callable[[str], None]
        Told each text that stands in its own cell.
    show : Callable[[str], None]
        Told each shared text of some length that a cell shows.
    """

    def __init__(
        self,
        cells: Cells,
        fault: Callable[[str], FileFault],
        spend: Callable[[str], None],
        show: Callable[[str], None],
    ) -> None:
        self.cells = cells
        self.fault = fault
        self.spend = spend
        self.show = show
        self.known: dict[str, Any] = {}
        self.styles: dict[str | None, str] = {}

    def value(self, kind: str, written: str, style: str | None, valued: bool) -> Any:
        """The value of a cell that holds `written`."""
        if kind == "n":
            shown = self.styles.get(style)
            if shown is None:
                shown = self.styles[style] = self.cells.dates.get(self._whole(style or "0"), "")
            value = self.known.get(written + shown)
            value = self.number(written, shown) if value is None else value
            form = None if shown or not self.cells.formats else self.cells.formats.get(int(style or "0"))
            return value if form is None else form.text(written)
        if kind == "s":
            at = self._whole(written)
            if at >= len(self.cells.texts):
                raise self.fault(f"a cell shows text {at:,} of {len(self.cells.texts):,}")
            text = self.cells.texts[at]
            if len(text) > _SHORT:
                self.show(text)
            return text
        if kind == "inlineStr" and valued:
            raise self.fault("a cell with its text in the place of a number")
        if kind in ("str", "inlineStr"):
            self.spend(written)
            return plain_text(written)
        if kind == "b" and written in ("0", "1", "true", "false"):
            return written in ("1", "true")
        if kind == "e":
            return written
        if kind == "d":
            return self._moment(written)
        raise self.fault(f"a cell of kind {kind[:20]!r} that holds {written[:20]!r}")

    def number(self, written: str, shown: str = "") -> Any:
        """A number as written (whole where it has neither a point nor an exponent), or its date."""
        value: Any
        if written.isdigit() and written.isascii() and len(written) < 300:
            value = int(written)
        elif _NUMBER.fullmatch(plain := written.strip()) and len(plain) < 300:
            value = int(plain) if plain.lstrip("+-").isdigit() else float(plain)
            if value in (_INFINITE, -_INFINITE):
                raise self.fault(f"a number written {written[:20]!r}")
        else:
            raise self.fault(f"a number written {written[:20]!r}")
        if len(self.known) >= _KNOWN:
            self.known.clear()
        if shown:
            value = self._date(value, shown)
        self.known[written + shown] = value
        return value

    def _whole(self, written: str) -> int:
        """A number that points to something, 0 or more."""
        plain = written.strip()
        if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
            raise self.fault(f"a cell that points to {written[:20]!r}")
        return int(plain)

    def _date(self, value: float, shown: str) -> datetime | time | timedelta | str:
        """The moment that a serial number stands for; `#VALUE!` where no calendar has it, as Excel shows."""
        try:
            found: Any = from_excel(value, self.cells.epoch, timedelta=shown == "duration")
        except (OverflowError, ValueError):
            return "#VALUE!"
        moment: datetime | time | timedelta = found
        return moment

    def _moment(self, written: str) -> date | time | timedelta:
        """A date, time or duration as ISO 8601 writes it."""
        plain = written.strip().removesuffix("Z")
        try:
            if plain.startswith("P"):
                if not ISO_DURATION.fullmatch(plain):
                    raise ValueError(plain)
                duration: timedelta = from_ISO8601(plain)
                return duration
            if "T" in plain:
                return datetime.fromisoformat(plain)
            return time.fromisoformat(plain) if ":" in plain else date.fromisoformat(plain)
        except (ValueError, TypeError) as error:
            raise self.fault(f"a date written {written[:30]!r}") from error
