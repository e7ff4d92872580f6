"""Stata .dta: codes with their labels, and the twenty-six reasons `.a` to `.z` kept apart."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.codebook import MissingCode
from survey.faults import FileFault, Finding
from survey.formats.moments import STATA, moment_text, place_moments
from survey.formats.reading import Reading
from survey.formats.reasons import reason_of

__all__ = ["read_dta"]

_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


def read_dta(path: Path) -> Reading:
    """Read a .dta file; extended missing values stand in the frame as `.a` to `.z`.

    Raises
    ------
    FileFault
        The file is truncated or corrupt.
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
    forms = meta.original_variable_types
    value_labels: dict[str, dict[str, str]] = {}
    missing: dict[str, tuple[MissingCode, ...]] = {}
    for name in map(str, frame.columns):
        found_labels = meta.variable_value_labels.get(name, {})
        if meta.readstat_variable_types.get(name) == "string":
            labels = {str(code): str(text) for code, text in found_labels.items()}
            frame[name] = _texts(frame[name])
        else:
            labels = {_code(code, forms.get(name)): str(text) for code, text in found_labels.items()}
            found = [str(c) for c in meta.missing_user_values.get(name, ())]
            codes = sorted(
                {"." + c for c in found if c in _LETTERS} | {c for c in labels if c.startswith(".")}
            )
            if codes:
                missing[name] = tuple(
                    MissingCode(c, c, reason_of(labels.get(c, "")), {"": labels[c]} if c in labels else {})
                    for c in codes
                )
            if found:
                column = frame[name].astype(object)
                mapped = [f".{v}" if v in _LETTERS else v for v in column]
                frame[name] = pd.Series(mapped, index=frame.index, dtype=object)
            elif frame[name].dtype == object:
                frame[name] = frame[name].astype(float)
        if labels:
            value_labels[name] = labels
    times, odd = place_moments(frame, forms, STATA, str(path))
    return Reading(
        frame=frame,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=value_labels,
        missing=missing,
        encoding=meta.file_encoding or "",
        times=times,
        findings=(*findings, *odd),
        notes={"file_label": meta.file_label} if meta.file_label else {},
    )


def _believable(path: Path) -> None:
    """Refuse rows that the file cannot hold, before any memory is asked for."""
    size = path.stat().st_size
    try:
        _, meta = pyreadstat.read_dta(str(path), metadataonly=True)
    except UnicodeError:
        return
    except Exception as error:
        if "encoding" in str(error).lower() or "convert" in str(error).lower():
            return
        raise _unreadable(path, error) from error
    rows, columns = meta.number_rows or 0, max(1, meta.number_columns or 0)
    if rows * columns > size:
        raise FileFault(
            str(path),
            f"its header claims {rows:,} rows, which {size:,} bytes cannot hold",
            "a header that fits the file",
            "the file is damaged or made to harm: get it again from its source",
        )


def _unreadable(path: Path, error: Exception | None) -> FileFault:
    return FileFault(
        str(path),
        f"cannot be read as Stata ({error}): damaged or cut off",
        "a whole .dta file",
        "get the file again, or save it anew in Stata",
    )


def _load(path: Path, findings: list[Finding]) -> tuple[pd.DataFrame, Any]:
    first: Exception | None = None
    for encoding in (None, "cp932", "cp1252"):
        try:
            frame, meta = pyreadstat.read_dta(
                str(path), user_missing=True, encoding=encoding, disable_datetime_conversion=True
            )
        except Exception as error:
            first = first or error
            said = str(error).lower()
            if "encoding" in said or "convert" in said or isinstance(error, UnicodeError):
                continue
            break
        if encoding:
            findings.append(
                Finding(
                    str(path),
                    f"text read as {encoding}",
                    "The file does not state an encoding that fits.",
                    "Look at a few labels.",
                )
            )
        _blanks(path, encoding, frame, meta)
        return frame, meta
    raise _unreadable(path, first)


def _blanks(path: Path, encoding: str | None, frame: pd.DataFrame, meta: Any) -> None:
    """Put back the `.` of whole-number columns, which the library gives as 0 after a `.a` to `.z`."""
    whole = [n for n in meta.missing_user_values if meta.readstat_variable_types.get(n, "").startswith("int")]
    if whole:
        plain, _ = pyreadstat.read_dta(
            str(path), usecols=whole, encoding=encoding, disable_datetime_conversion=True
        )
        for name in whole:
            frame[name] = frame[name].mask(plain[name].isna() & ~frame[name].isin(_LETTERS))


def _code(code: Any, form: str | None) -> str:
    """A labelled value as the code that stands in the frame: `.a` for letters, dates as dates."""
    if isinstance(code, str):
        return "." + code if code in _LETTERS else code
    return moment_text(code, form, STATA)


def _texts(column: pd.Series) -> pd.Series:
    if not isinstance(column.dtype, pd.StringDtype):
        column = column.astype("str")
    empty = column == ""
    return column.mask(empty) if empty.any() else column
