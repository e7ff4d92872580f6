"""An Excel workbook as the rows of its sheets: every cell that is there, and damage told."""

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from survey.faults import FileFault
from survey.formats.archives import BROKEN, check_archive
from survey.formats.cell_values import Cells
from survey.formats.sheet_rows import read_rows
from survey.formats.shown_numbers import number_formats
from survey.formats.workbook_parts import (
    Part,
    date_styles,
    related_parts,
    style_codes,
    workbook_contents,
)
from survey.formats.workbook_texts import shared_texts
from survey.formats.xml_stream import Budget
from survey.room import room_share

__all__ = ["Sheet", "workbook_sheets"]

_ELEMENTS = 1_800_000
_TEXT = 128 * 1024 * 1024
_CELLS = 20_000_000
"""Elements, bytes of text and cells of one workbook: what 20 seconds and 1 GiB can hold."""
_SHOWN = 1 << 29
"""Bytes of all cells that show shared texts: each gets its own when the column is made."""

_BOOK = "xl/workbook.xml"


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


def workbook_sheets(
    path: Path, names: tuple[str, ...] = (), most: int | None = None, *, is_shown: bool = False
) -> tuple[Sheet, ...]:
    """Sheets of an .xlsx or .xlsm workbook, read row by row; formulas give their stored results.

    Parameters
    ----------
    path : Path
        The workbook.
    names : tuple[str, ...]
        Sheets wanted; () for all.
    most : int or None
        Filled rows wanted of each; None for all.
    is_shown : bool
        Whether numbers are wanted as text, with the decimals their cells show (`ShownNumber`).

    Raises
    ------
    FileFault
        The archive is damaged or made to harm (`check_archive`), XML in it declares entities, a
        part that is listed is not there, a row or cell stands twice or out of order, or the
        workbook is larger than can be read in good time (as CSV it can).
    """
    members = {member.filename for member in check_archive(path)}
    share = room_share()
    budget = Budget(int(_ELEMENTS * share), int(_TEXT * share), int(_CELLS * share), int(_SHOWN * share))
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_Package(path, archive, members, budget).sheets(names, most, is_shown))
    except BROKEN as error:
        raise FileFault(
            str(path), f"a damaged or cut-off archive ({error})", "a whole file", "get the file again"
        ) from error
    except MemoryError as error:
        raise FileFault(
            str(path), "a workbook too large for the memory", "a smaller one", "save the sheet as CSV"
        ) from error


@dataclass(frozen=True, slots=True)
class _Package:
    """A workbook's archive, open."""

    path: Path
    archive: zipfile.ZipFile
    members: set[str]
    budget: Budget

    def sheets(self, names: tuple[str, ...], most: int | None, is_shown: bool) -> Iterator[Sheet]:
        """The sheets wanted, one after another."""
        book = self._book()
        with self._open(book) as (source, where):
            contents = workbook_contents(source, where, self.budget)
        parts = self._relations(book)
        styles = self._of_kind(parts, "styles")
        codes: tuple[str, ...] = ()
        if styles:
            with self._open(styles) as (source, where):
                codes = style_codes(source, where, contents.main, self.budget)
        shared = self._of_kind(parts, "sharedStrings")
        texts: list[str] = []
        if shared:
            with self._open(shared) as (source, where):
                texts = shared_texts(source, where, contents.main, self.budget)
        formats = number_formats(codes) if is_shown else {}
        cells = Cells(contents.main, texts, date_styles(codes), contents.epoch, formats)
        for name, hidden, relation in contents.sheets:
            part = parts.get(relation, Part("", ""))
            if (names and name not in names) or part.kind not in ("worksheet", ""):
                continue
            where = f"{self.path}, sheet {name!r}"
            if part.member not in self.members:
                raise FileFault(
                    where,
                    f"a damaged workbook (it lists this sheet, and does not hold {part.member or 'it'!r})",
                    "a workbook as Excel saves it",
                    "get the file again",
                )
            with self.archive.open(part.member) as member:
                rows, unanswered = read_rows(cast(BinaryIO, member), where, cells, self.budget, most)
            yield Sheet(name, hidden, rows, unanswered)

    def _book(self) -> str:
        """Name of the workbook part."""
        book = self._of_kind(self._relations(""), "officeDocument")
        return book if book in self.members else _BOOK

    def _relations(self, member: str) -> dict[str, Part]:
        folder, name = posixpath.split(member)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self.members:
            return {}
        with self._open(listed) as (source, where):
            return related_parts(source, where, folder, self.budget)

    def _of_kind(self, parts: dict[str, Part], kind: str) -> str:
        """Member of the first relation of a kind; "" where there is none."""
        return next((part.member for part in parts.values() if part.kind == kind), "")

    @contextmanager
    def _open(self, member: str) -> Iterator[tuple[BinaryIO, str]]:
        """A part's bytes, and the name faults give it."""
        where = f"{self.path}, member {member!r}"
        if member not in self.members:
            raise FileFault(
                where,
                "a damaged workbook (this part of it is not there)",
                "a workbook as Excel saves it",
                "get the file again",
            )
        with self.archive.open(member) as source:
            yield cast(BinaryIO, source), where
