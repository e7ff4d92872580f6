"""Stata .dta: codes with their labels, and the twenty-six reasons `.a` to `.z` kept apart."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.codebook import MissingCode
from survey.faults import FileFault, Finding
from survey.formats.carried import recoded
from survey.formats.encodings import encoding_of
from survey.formats.moments import STATA, moment_text, place_moments
from survey.formats.reading import Reading, Translation
from survey.formats.reasons import reason_of
from survey.formats.stata_languages import label_languages
from survey.formats.stata_long import long_text_bytes
from survey.room import check_room

__all__ = ["read_dta"]

_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


def read_dta(path: Path) -> Reading:
    """Read a .dta file; extended missing values stand in the frame as `.a` to `.z`.

    Labels of all languages of `label language` are read, that in use first.

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
    language, others, guessed = label_languages(path, meta.value_labels)
    value_labels = _coded(meta.variable_value_labels, forms)
    translations = {
        lang: Translation(told.labels, _coded(told.value_labels, forms)) for lang, told in others.items()
    }
    said = {language: value_labels} | {lang: told.value_labels for lang, told in translations.items()}
    missing: dict[str, tuple[MissingCode, ...]] = {}
    for name in map(str, frame.columns):
        if meta.readstat_variable_types.get(name) == "string":
            frame[name] = _texts(frame[name])
            continue
        found = [str(c) for c in meta.missing_user_values.get(name, ()) if c in _LETTERS]
        labels = {lang: by_name.get(name, {}) for lang, by_name in said.items()}
        codes = {"." + c for c in found} | {c for text in labels.values() for c in text if c[:1] == "."}
        if codes:
            missing[name] = tuple(_reason(code, labels) for code in sorted(codes))
        if found:
            frame[name] = recoded(frame[name], [(letter, "." + letter) for letter in found])
        elif frame[name].dtype == object:
            frame[name] = frame[name].astype(float)
    times, odd = place_moments(frame, forms, STATA, str(path))
    return Reading(
        frame=frame,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=value_labels,
        missing=missing,
        encoding=meta.file_encoding or "",
        times=times,
        findings=(*findings, *guessed, *odd),
        notes=_notes(meta),
        language=language,
        translations=translations,
    )


def _coded(labels: Mapping[str, Mapping[Any, str]], forms: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Value labels of each column by the code that stands in the frame."""
    return {
        name: {_code(code, forms.get(name)): str(text) for code, text in found.items()}
        for name, found in labels.items()
        if found
    }


def _reason(code: str, labels: Mapping[str, Mapping[str, str]]) -> MissingCode:
    """A letter with its labels in all languages, and the reason that the first of them tells."""
    label = {lang: found[code] for lang, found in labels.items() if found.get(code)}
    reasons = [reason_of(text) for text in label.values()]
    return MissingCode(code, code, next((r for r in reasons if r != "no_answer"), "no_answer"), label)


def _notes(meta: Any) -> dict[str, str]:
    notes = {"file_label": meta.file_label} if meta.file_label else {}
    lines = [line.rstrip() for line in meta.notes or [] if line.strip()]
    return notes | ({"documents": "\n".join(lines)} if lines else {})


def _believable(path: Path) -> None:
    """Refuse rows that the file cannot hold, before any memory is asked for."""
    size = path.stat().st_size
    check_room(str(path), long_text_bytes(path), size)
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
    for encoding in _encodings(path):
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


def _encodings(path: Path) -> tuple[str | None, ...]:
    """Encodings to try (None: what the library takes), after that which fits the labels best.

    Releases before 118 do not state theirs, and the library takes them for cp1252.
    """
    usual = (None, "cp932", "cp1252")
    with path.open("rb") as file:
        if file.read(1) == b"<":
            return usual
    try:
        _, meta = pyreadstat.read_dta(str(path), metadataonly=True, encoding="latin1")
    except Exception:
        return usual
    texts = [t for found in meta.value_labels.values() for t in found.values()]
    texts += [t for t in meta.column_labels if t]
    said = "\n".join(map(str, texts)).encode("latin1", "ignore")
    best, _ = encoding_of(said, str(path)) if not said.isascii() else ("", [])
    return (best.replace("_", "-"), *usual) if best not in ("", "cp1252") else usual


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
