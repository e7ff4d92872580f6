"""SPSS .sav and .zsav: codes with their labels, missing codes and multiple-response sets."""

from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.codebook import MissingCode
from survey.coding import code_text
from survey.faults import FileFault, Finding
from survey.formats.bytecode import Bytecode, check_cases
from survey.formats.moments import SPSS, moment_text, place_moments
from survey.formats.mrsets import read_response_sets
from survey.formats.reading import Reading, ResponseSet
from survey.formats.reasons import reason_of
from survey.formats.soundness import Extent, check_dictionary
from survey.formats.zsav import check_blocks

__all__ = ["missing_codes", "read_sav"]


def read_sav(path: Path) -> Reading:
    """Read a .sav or .zsav file with values, not labels, and user-missing codes kept.

    Raises
    ------
    FileFault
        The file is encrypted, truncated, corrupt, or its header claims more cases than it can hold.
    """
    extent = _believable(path)
    findings: list[Finding] = []
    encoding = _dictionary(path, findings, extent.encodings)
    frame, meta = _cases(path, encoding, findings, extent.encodings)
    if extent.cases >= 0 and extent.cases != len(frame):
        raise FileFault(
            str(path),
            f"{len(frame)} cases of {extent.cases} that the header states",
            "a whole file",
            "get the file again",
        )
    if extent.cases < 0:
        findings.append(_unstated(path, len(frame)))
    if any(not isinstance(name, str) or not name.strip() for name in frame.columns):
        raise _unreadable(path, ValueError("a column without a name"))
    _blanks(frame)
    forms = meta.original_variable_types
    times, odd = place_moments(frame, forms, SPSS, str(path))
    labels = {name: text.strip() for name, text in meta.column_names_to_labels.items() if text}
    value_labels = {
        name: {_code(code, forms.get(name)): str(text) for code, text in found.items()}
        for name, found in meta.variable_value_labels.items()
    }
    missing = {
        name: missing_codes(_ranges(ranges, forms.get(name)), value_labels.get(name, {}))
        for name, ranges in meta.missing_ranges.items()
    }
    return Reading(
        frame=frame,
        labels=labels,
        value_labels=value_labels,
        missing=missing,
        sets=_sets(path, meta, frame, findings),
        times=times,
        encoding=meta.file_encoding or encoding or "",
        findings=(*findings, *odd),
        notes=_notes(meta),
    )


def _claims(path: Path, cases: int, size: int) -> FileFault:
    return FileFault(
        str(path),
        f"its header claims {cases:,} cases, which {size:,} bytes cannot hold",
        "a header that fits the file",
        "the file is damaged or made to harm: get it again from its source",
    )


def _believable(path: Path) -> Extent:
    """Refuse encrypted files, damaged dictionaries and impossible headers before any memory is asked for."""
    with path.open("rb") as file:
        head = file.read(20)
    if head[8:20] == b"ENCRYPTEDSAV":
        raise FileFault(
            str(path),
            "an encrypted SPSS file",
            "a .sav without a password",
            "save it in SPSS without encryption",
        )
    extent = check_dictionary(path)
    room, row = extent.size - extent.start, extent.elements * 8
    if extent.compression == 2:
        check_blocks(path, extent)
    elif extent.compression == 1:
        if extent.cases * extent.elements > room:
            raise _claims(path, extent.cases, extent.size)
        told = Bytecode()
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            told.feed(memoryview(data)[extent.start :])
        check_cases(path, extent, told)
    elif extent.compression == 0:
        if extent.cases * row > room:
            raise _claims(path, extent.cases, extent.size)
        if (extent.cases >= 0 and room - extent.cases * row >= row) or (extent.cases < 0 and room % row):
            raise FileFault(
                str(path),
                f"{room:,} bytes of cases, {row:,} each, of {extent.cases:,} cases that the header states",
                "as many cases as stated, each whole",
                "get the file again",
            )
    return extent


def _unstated(path: Path, cases: int) -> Finding:
    return Finding(
        str(path),
        "its header does not state how many cases there are",
        f"{cases} were read; a cut between two cases could not be seen.",
        "Compare the number of cases with the source.",
    )


def _unreadable(path: Path, error: Exception) -> FileFault:
    return FileFault(
        str(path),
        f"cannot be read as SPSS ({error})",
        "a whole .sav file",
        "get the file again, or save it anew in SPSS",
    )


def _dictionary(path: Path, findings: list[Finding], encodings: tuple[str | None, ...]) -> str | None:
    """Encoding that reads the dictionary (None: the file's own)."""
    first: Exception | None = None
    for encoding in encodings:
        try:
            pyreadstat.read_sav(str(path), metadataonly=True, encoding=encoding)
        except Exception as error:
            first = first or error
            if "encoding" not in str(error).lower() and not isinstance(error, UnicodeError):
                break
            continue
        if encoding:
            findings.append(_guessed(path, encoding))
        return encoding
    raise _unreadable(path, first or ValueError("unknown"))


def _guessed(path: Path, encoding: str) -> Finding:
    return Finding(
        str(path),
        f"text read as {encoding}",
        "The encoding the file states does not fit.",
        "Look at a few labels.",
    )


def _cases(
    path: Path, encoding: str | None, findings: list[Finding], encodings: tuple[str | None, ...]
) -> tuple[pd.DataFrame, Any]:
    for tried in dict.fromkeys((encoding, *(e for e in encodings if e))):
        try:
            frame, meta = pyreadstat.read_sav(
                str(path), user_missing=True, encoding=tried, disable_datetime_conversion=True
            )
        except MemoryError as error:
            raise _unreadable(path, error) from error
        except Exception as error:
            if "encoding" in str(error).lower() or isinstance(error, UnicodeError):
                continue
            raise _unreadable(path, error) from error
        if tried != encoding and tried:
            findings.append(_guessed(path, tried))
        return frame, meta
    raise _unreadable(path, ValueError("no encoding fits its text"))


def _blanks(frame: pd.DataFrame) -> None:
    """`''` into blanks, columns of nothing into numbers."""
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.StringDtype):
            empty = column == ""
            if empty.any():
                frame[name] = column.mask(empty)
        elif column.dtype == object:
            frame[name] = column.mask(column == "").astype("str")


def _code(code: Any, form: str | None) -> str:
    """A labelled value as the code that stands in the frame: dates as dates."""
    return code if isinstance(code, str) else moment_text(code, form, SPSS)


def _ranges(ranges: list[Any], form: str | None) -> list[Any]:
    """Missing ranges with ends as they stand in the frame."""
    if not SPSS.unit(form):
        return ranges
    return [{end: _code(entry[end], form) for end in ("lo", "hi")} for entry in ranges]


def missing_codes(ranges: list[Any], labels: Mapping[str, str]) -> tuple[MissingCode, ...]:
    """User-missing codes and ranges with the reason their label tells.

    Parameters
    ----------
    ranges : list
        Entries `{"lo": .., "hi": ..}` or single codes.
    labels : Mapping[str, str]
        Code text to label; labelled codes inside a range get an entry of their own, before it.
    """
    codes: list[MissingCode] = []
    for entry in ranges:
        low, high = (entry["lo"], entry["hi"]) if isinstance(entry, dict) else (entry, entry)
        if low == high or isinstance(low, str) or isinstance(high, str):
            low, high = (v if isinstance(v, str) else float(v) for v in (low, high))
            label = labels.get(code_text(low), "")
            codes.append(MissingCode(low, high, reason_of(label), {"": label} if label else {}))
            continue
        for code, label in labels.items():
            try:
                number = float(code)
            except ValueError:
                continue
            if low <= number <= high:
                codes.append(MissingCode(number, number, reason_of(label), {"": label}))
        codes.append(MissingCode(float(low), float(high), "no_answer"))
    return tuple(codes)


def _sets(path: Path, meta: Any, frame: pd.DataFrame, findings: list[Finding]) -> tuple[ResponseSet, ...]:
    sets = [
        ResponseSet(
            name.lstrip("$"),
            (found.get("label") or "").strip(),
            tuple(found["variable_list"]),
            code_text(found["counted_value"]) if found.get("is_dichotomy") else "",
        )
        for name, found in (meta.mr_sets or {}).items()
    ]
    if not sets:
        try:
            sets = list(read_response_sets(path))
        except FileFault:
            sets = []
    kept: list[ResponseSet] = []
    for entry in sets:
        columns = tuple(c for c in entry.columns if c in frame.columns)
        if len(columns) < len(entry.columns):
            lost = ", ".join(c for c in entry.columns if c not in frame.columns)
            findings.append(
                Finding(
                    f"{path}, set {entry.name}",
                    f"names columns that are not there: {lost}",
                    "They are left out.",
                    "",
                )
            )
        if columns:
            kept.append(ResponseSet(entry.name, entry.label, columns, entry.counted))
    return tuple(kept)


def _notes(meta: Any) -> dict[str, str]:
    notes: dict[str, str] = {}
    if meta.file_label:
        notes["file_label"] = meta.file_label.strip()
    lines = [line.rstrip() for line in meta.notes or [] if line.strip()]
    if lines:
        notes["documents"] = "\n".join(lines)
    if meta.creation_time:
        notes["created"] = meta.creation_time.isoformat(sep=" ")
    return notes
