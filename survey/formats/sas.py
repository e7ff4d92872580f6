"""SAS tables (.sas7bdat): special missing values kept apart, rows counted against the header."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.faults import FileFault, Finding
from survey.formats.carried import recoded
from survey.formats.moments import SAS, place_moments
from survey.formats.reading import Reading
from survey.formats.sas_formats import BARE, own_formats
from survey.formats.special import SPECIAL, special_codes
from survey.room import check_room

__all__ = ["read_sas"]

_HEADER = 288
_COMPRESSED = (b"SASYZCRL", b"SASYZCR2")
_RATIO = 1400
"""Most bytes of a row that one byte of a compressed table can stand for."""
_ENCODINGS = (None, "utf-8", "cp932", "cp1252")


def read_sas(path: Path) -> Reading:
    """Read a .sas7bdat table; special missing values stand in the frame as `.A` to `.Z` and `._`.

    Numbers with a format of dates or times become these. Formats of the user live in a catalogue
    beside the table: the reading names them, their labels are not here.

    Raises
    ------
    FileFault
        The file is encrypted, truncated or corrupt, or states more rows than it can hold.
    """
    _believable(path)
    findings: list[Finding] = []
    frame, meta = _load(path, findings)
    if meta.number_rows != len(frame):
        raise FileFault(
            str(path),
            f"{len(frame)} rows of {meta.number_rows} that the header states",
            "a whole file",
            "get the file again",
        )
    if any(not isinstance(name, str) or not name.strip() for name in frame.columns):
        raise _unreadable(path, ValueError("a column without a name"))
    marked = meta.missing_user_values
    for name in map(str, frame.columns):
        column = frame[name]
        if name in marked and meta.readstat_variable_types.get(name) != "string":
            frame[name] = _special(column)
        elif isinstance(column.dtype, pd.StringDtype):
            empty = column == ""
            frame[name] = column.mask(empty) if empty.any() else column
        elif column.dtype == object:
            frame[name] = column.mask(column == "").astype("str")
    missing = special_codes(frame)
    forms = meta.original_variable_types
    own = own_formats(forms)
    times, odd = place_moments(frame, forms, SAS, str(path))
    return Reading(
        frame=frame,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        missing=missing,
        times=times,
        encoding=meta.file_encoding or "",
        findings=(*findings, *odd),
        notes=_notes(meta, len(frame)) | ({BARE: ", ".join(map(" ".join, own.items()))} if own else {}),
        formats=own,
    )


def _believable(path: Path) -> None:
    """Refuse what is cut off within its header, and rows that the file cannot hold, before reading."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(65_536)
    wide = head[32:33] == b"3"
    align = 4 if head[35:36] == b"3" else 0
    order = "little" if head[37:38] == b"\x01" else "big"
    if len(head) < _HEADER:
        raise FileFault(str(path), f"only {size} bytes", "a whole .sas7bdat file", "get the file again")

    def number(at: int, many: int) -> int:
        return int.from_bytes(head[at : at + many], order)  # type: ignore[arg-type]

    first, page = number(196 + align, 4), number(200 + align, 4)
    pages = number(204 + align, 8 if wide else 4)
    if not first or not page or first + pages * page > size:
        raise FileFault(
            str(path),
            f"its header states {pages:,} pages of {page:,} bytes, the file has {size:,} bytes",
            "a whole .sas7bdat file",
            "it is cut off or damaged: get the file again",
        )
    try:
        _, meta = pyreadstat.read_sas7bdat(str(path), metadataonly=True)
    except Exception as error:
        if _is_encoding(error):
            return
        raise _unreadable(path, error) from error
    rows, columns = meta.number_rows or 0, max(1, meta.number_columns or 0)
    width = max(columns, sum(meta.variable_storage_width.values()))
    compressed = any(mark in head for mark in _COMPRESSED)
    if rows * width > size * (_RATIO if compressed else 1):
        raise FileFault(
            str(path),
            f"its header claims {rows:,} rows, which {size:,} bytes cannot hold",
            "a header that fits the file",
            "the file is damaged or made to harm: get it again from its source",
        )
    check_room(str(path), rows * max(width, 8 * columns), size)


def _load(path: Path, findings: list[Finding]) -> tuple[pd.DataFrame, Any]:
    first: Exception | None = None
    for encoding in _ENCODINGS:
        try:
            frame, meta = pyreadstat.read_sas7bdat(
                str(path), user_missing=True, encoding=encoding, disable_datetime_conversion=True
            )
        except Exception as error:
            first = first or error
            if not _is_encoding(error):
                break
            continue
        if encoding:
            findings.append(
                Finding(
                    str(path),
                    f"text read as {encoding}",
                    "The encoding the file states does not fit.",
                    "Look at some texts.",
                )
            )
        return frame, meta
    raise _unreadable(path, first or ValueError("unknown"))


def _is_encoding(error: Exception) -> bool:
    said = str(error).lower()
    return isinstance(error, UnicodeError) or "encoding" in said or "convert" in said


def _unreadable(path: Path, error: Exception) -> FileFault:
    return FileFault(
        str(path),
        f"a SAS table that cannot be read ({error}): encrypted, damaged or cut off",
        "a whole .sas7bdat file without a password",
        "get the file again, or save it anew in SAS",
    )


def _special(column: pd.Series) -> pd.Series:
    """A column of numbers with letters among them: the letters as codes."""
    found = [code[1] for code in SPECIAL if (column == code[1]).any()]
    return recoded(column, [(letter, "." + letter) for letter in found])


def _notes(meta: Any, rows: int) -> dict[str, str]:
    notes = {"verified": f"{rows} rows, as many as the header states; pages carry no checksum"}
    if meta.file_label:
        notes["file_label"] = meta.file_label.strip()
    if meta.table_name:
        notes["table"] = meta.table_name
    own = {n: f for n, f in meta.original_variable_types.items() if f and not SAS.unit(f)}
    if own:
        notes["formats"] = ", ".join(f"{name} {form}" for name, form in own.items())
    if meta.creation_time:
        notes["created"] = meta.creation_time.isoformat(sep=" ")
    return notes
