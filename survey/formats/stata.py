"""Stata .dta: codes with their labels, and the twenty-six reasons `.a` to `.z` kept apart."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.codebook import MissingCode
from survey.coding import code_text
from survey.faults import FileFault, Finding
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
    findings: list[Finding] = []
    frame, meta = _load(path, findings)
    value_labels: dict[str, dict[str, str]] = {}
    missing: dict[str, tuple[MissingCode, ...]] = {}
    for name in frame.columns:
        labels = {code_text(c): str(t) for c, t in meta.variable_value_labels.get(name, {}).items()}
        if meta.readstat_variable_types.get(name) != "string":
            labels = {("." + c if c in _LETTERS else c): t for c, t in labels.items()}
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
        elif isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = frame[name].mask(frame[name] == "")
        if frame[name].dtype == object and not meta.missing_user_values.get(name):
            frame[name] = _plain(frame[name])
        if labels:
            value_labels[name] = labels
    return Reading(
        frame=frame,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=value_labels,
        missing=missing,
        encoding=meta.file_encoding or "",
        findings=tuple(findings),
        notes={"file_label": meta.file_label} if meta.file_label else {},
    )


def _load(path: Path, findings: list[Finding]) -> tuple[pd.DataFrame, Any]:
    first: Exception | None = None
    for encoding in (None, "cp932", "cp1252"):
        try:
            frame, meta = pyreadstat.read_dta(str(path), user_missing=True, encoding=encoding)
        except OverflowError:
            frame, meta = pyreadstat.read_dta(
                str(path), user_missing=True, encoding=encoding, disable_datetime_conversion=True
            )
            findings.append(
                Finding(
                    str(path),
                    "dates beyond the calendar",
                    "They are kept as numbers.",
                    "Mend them in the source.",
                )
            )
        except Exception as error:
            first = first or error
            if "encoding" in str(error).lower() or isinstance(error, UnicodeError):
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
        return frame, meta
    raise FileFault(
        str(path), f"cannot be read as Stata ({first})", "a whole .dta file", "save it anew in Stata"
    )


def _plain(column: pd.Series) -> pd.Series:
    """Whole numbers with blanks as floats, dates as datetimes, anything else as text."""
    if all(isinstance(v, int | float) for v in pd.unique(column.dropna())):
        return column.astype(float)
    try:
        return pd.to_datetime(column).astype("datetime64[us]")
    except (ValueError, TypeError, OverflowError):
        return column.map(str, na_action="ignore").astype("str")
