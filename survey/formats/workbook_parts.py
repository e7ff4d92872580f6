"""What a workbook says of itself: its sheets and where they lie, its calendar, which styles are dates."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from survey.faults import FileFault
from survey.formats.xml_stream import Budget, stream_xml

__all__ = ["Contents", "Part", "date_styles", "related_parts", "style_codes", "workbook_contents"]

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
"""Namespace of workbooks, and of those saved as strict."""

_FORMAT = 256
_FORMATS = 65_536


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the package that another points to.

    Attributes
    ----------
    kind : str
        Last word of its type, such as `worksheet`.
    member : str
        Its name in the archive.
    """

    kind: str
    member: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the workbook part lists.

    Attributes
    ----------
    main : str
        Namespace of its sheets, with the closing brace.
    sheets : tuple[tuple[str, bool, str], ...]
        Name, whether it is hidden, and id of its relation, of each sheet in order.
    epoch : datetime.datetime
        Day zero of its dates.
    """

    main: str
    sheets: tuple[tuple[str, bool, str], ...]
    epoch: datetime


def related_parts(source: BinaryIO, where: str, folder: str, budget: Budget) -> dict[str, Part]:
    """Relations of one part by their id; targets outside the archive are left out.

    Raises
    ------
    FileFault
        Damaged XML, or a budget that is spent.
    """
    found: dict[str, Part] = {}

    def start(name: str, at: dict[str, str]) -> None:
        _spend(budget, where)
        target = at.get("Target", "")
        if name.endswith("}Relationship") and target and at.get("TargetMode") != "External":
            member = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[at.get("Id", "")] = Part(at.get("Type", "").rpartition("/")[2], member)

    stream_xml(source, where, start)
    return found


def workbook_contents(source: BinaryIO, where: str, budget: Budget) -> Contents:
    """Sheets and calendar of a workbook.

    Raises
    ------
    FileFault
        Damaged XML, no workbook in it, two sheets of one name, or a budget that is spent.
    """
    main = ""
    sheets: list[tuple[str, bool, str]] = []
    epoch = WINDOWS_EPOCH

    def start(name: str, at: dict[str, str]) -> None:
        nonlocal main, epoch
        _spend(budget, where)
        if not main:
            main = next((m for m in _MAIN if name == m + "workbook"), "")
            if not main:
                raise _damaged(where, "no workbook in its XML")
        elif name == main + "sheet":
            relation = next((value for key, value in at.items() if key.endswith("relationships}id")), "")
            sheets.append((at.get("name", ""), at.get("state", "visible") != "visible", relation))
        elif name == main + "workbookPr" and at.get("date1904") in ("1", "true"):
            epoch = MAC_EPOCH

    stream_xml(source, where, start)
    names = [name.casefold() for name, _, _ in sheets]
    if len(set(names)) < len(names):
        raise _damaged(where, "two sheets of one name")
    return Contents(main, tuple(sheets), epoch)


def style_codes(source: BinaryIO, where: str, main: str, budget: Budget) -> tuple[str, ...]:
    """The number format of each cell style, in order, as its code such as `0.00%`.

    Raises
    ------
    FileFault
        Damaged XML, formats longer or more than Excel can hold, or a budget that is spent.
    """
    own: dict[int, str] = {}
    used: list[int] = []
    in_cells = False

    def start(name: str, at: dict[str, str]) -> None:
        nonlocal in_cells
        _spend(budget, where)
        if name == main + "numFmt":
            code = at.get("formatCode", "")
            if len(code) > _FORMAT or len(own) >= _FORMATS:
                raise _damaged(where, "number formats longer or more than Excel can hold")
            own[_id(at)] = code
        elif name == main + "cellXfs":
            in_cells = True
        elif name == main + "xf" and in_cells:
            used.append(_id(at))

    def end(name: str) -> None:
        nonlocal in_cells
        if name == main + "cellXfs":
            in_cells = False

    def _id(at: dict[str, str]) -> int:
        text = at.get("numFmtId", "0")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise _damaged(where, f"a number format numbered {text[:20]!r}")
        return int(text)

    stream_xml(source, where, start, end)
    codes = {number: own.get(number, builtin_format_code(number)) for number in set(used)}
    return tuple(codes[number] for number in used)


def date_styles(codes: Sequence[str]) -> dict[int, str]:
    """Number of each cell style that shows a date or time (`date`) or a duration (`duration`)."""
    shown = {
        code: "duration" if is_timedelta_format(code) else "date"
        for code in set(codes)
        if is_date_format(code)
    }
    return {style: shown[code] for style, code in enumerate(codes) if code in shown}


def _spend(budget: Budget, where: str) -> None:
    budget.elements -= 1
    if budget.elements < 0:
        raise FileFault(
            where, "a workbook too large to be read", "a table of answers", "save the sheet as CSV (UTF-8)"
        )


def _damaged(where: str, found: str) -> FileFault:
    return FileFault(
        where, f"a damaged workbook ({found})", "a workbook as Excel saves it", "save it anew in Excel"
    )
