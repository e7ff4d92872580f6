"""A .sav written so that nothing is lost: labels, missing codes, sets, and a pinned time of creation."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from survey.codebook import Codebook, MissingCode, Question
from survey.faults import FileFault, QuestionFault
from survey.formats.attributes import add_attributes
from survey.formats.carried import CARRIED, Carried, sealed
from survey.formats.mrsets import add_response_sets, pin_creation
from survey.formats.reading import ResponseSet
from survey.formats.spss import read_sav
from survey.formats.zsav_write import deflate_cases

__all__ = ["LABEL_BREAK", "LABEL_BYTES", "VALUE_LABEL_BYTES", "write_sav"]

LABEL_BREAK = " | "
"""Stands between the wordings of two languages in one label of a .sav, which has room for one text."""

LABEL_BYTES = 252
"""Bytes of the label of a variable that are written."""
VALUE_LABEL_BYTES = 120
"""Bytes of the label of a value that are written."""
_DISCRETE = 3
_MEASURES = {"single": "nominal", "multiple": "nominal", "binary": "nominal", "number": "scale"}


def write_sav(
    path: Path,
    frame: pd.DataFrame,
    codebook: Codebook,
    *,
    created: datetime,
    file_label: str = "",
    notes: Sequence[str] = (),
    carried: Carried | None = None,
) -> None:
    """Write a wave as SPSS .sav, or .zsav where the path says so; the same input gives the same bytes.

    Labels of several languages stand in one text, joined by `LABEL_BREAK`; a `codebook.toml`
    beside the file carries them apart and whole. Multiple-response sets go into the MRSETS
    record of the dictionary, which SPSS reads.

    Parameters
    ----------
    path : Path
        File to write; written whole or not at all.
    frame : pandas.DataFrame
        Shape (n, columns) of raw codes: numbers or text, missing codes included, blanks as nan.
    codebook : Codebook
        What the codes mean; every column of a question stands in the frame.
    created : datetime
        Time of creation in the header.
    file_label : str
        Label of the file, at most 64 bytes.
    notes : Sequence[str]
        Lines of the document record, at most 80 bytes each.
    carried : Carried or None
        What SPSS has no place for; it travels in an attribute of the file, and reading gives it back.

    Raises
    ------
    QuestionFault
        More missing codes than SPSS has room for (three, or a range and one), or a column that
        is not in the frame.
    FileFault
        A name or text that SPSS cannot hold.
    """
    described = _Described(frame, codebook)
    part = path.with_name(f".{path.name}.part")
    try:
        pyreadstat.write_sav(
            described.plain(),
            str(part),
            file_label=file_label,
            note=list(notes) or None,
            column_labels=described.labels,
            variable_value_labels=dict(described.value_labels),
            missing_ranges=described.missing,
            variable_measure=described.measures,
            variable_format=described.formats,
            row_compress=True,
        )
        add_response_sets(part, described.sets)
        if carried is not None:
            add_attributes(part, CARRIED, sealed(carried, read_sav(part), codebook).text(), carried.names)
        pin_creation(part, created)
        if path.suffix.lower() == ".zsav":
            deflate_cases(part)
        os.replace(part, path)
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError, UnicodeError) as error:
        raise FileFault(
            str(path),
            f"SPSS cannot hold this ({error})",
            "names and texts within SPSS's limits",
            "shorten them",
        ) from error
    finally:
        part.unlink(missing_ok=True)


class _Described:
    """What the writing library wants to know of each column, gathered from the codebook."""

    def __init__(self, frame: pd.DataFrame, codebook: Codebook) -> None:
        self.frame = frame
        self.labels: dict[str, str | None] = {}
        self.value_labels: dict[str, Any] = {}
        self.missing: dict[str, list[Any]] = {}
        self.measures: dict[str, str] = {}
        self.formats: dict[str, str] = {}
        self.sets: list[ResponseSet] = []
        for question in codebook.questions:
            self._add(question)

    def _add(self, question: Question) -> None:
        if question.kind == "multiple":
            label = _joined(question.label, LABEL_BYTES)
            self.sets.append(ResponseSet(question.id.lstrip("$"), label, question.columns, question.counted))
        for column in question.columns:
            if column not in self.frame.columns:
                raise QuestionFault(
                    f"question {question.id!r}",
                    f"no column {column!r}",
                    "a column of the frame",
                    "add the column",
                )
            numeric = pd.api.types.is_numeric_dtype(self.frame[column])
            option = next((c for c in question.choices if c.column == column), None)
            label = _joined(option.label if option else question.label, LABEL_BYTES)
            if label:
                self.labels[column] = label
            labels = {} if question.is_dichotomies else {c.code: c.label for c in question.choices}
            texts = {_value(code, numeric): _joined(text, VALUE_LABEL_BYTES) for code, text in labels.items()}
            for code in question.missing:
                if code.low == code.high and code.label:
                    texts[_value(code.low, numeric)] = _joined(code.label, VALUE_LABEL_BYTES)
            texts = {value: text for value, text in texts.items() if text}
            if texts:
                self.value_labels[column] = texts
            if question.missing:
                self.missing[column] = _missing(question, numeric)
            self.measures[column] = _MEASURES.get(question.kind, "unknown")
            if numeric:
                filled = self.frame[column].dropna()
                self.formats[column] = "F8.0" if (filled % 1 == 0).all() else "F12.4"

    def plain(self) -> pd.DataFrame:
        """The frame with numbers as floats and blanks of text columns as empty texts."""
        columns = {}
        for name in self.frame.columns:
            column = self.frame[name]
            numeric = pd.api.types.is_numeric_dtype(column)
            if not pd.api.types.is_datetime64_any_dtype(column):
                column = column.astype(float) if numeric else column.astype("str").fillna("")
            columns[str(name)] = column
        return pd.DataFrame(columns)


def _value(code: Any, numeric: bool) -> Any:
    return float(code) if numeric else str(code)


def _joined(label: Mapping[str, str], most: int) -> str:
    """Wordings of all languages in one text of at most `most` bytes."""
    text = LABEL_BREAK.join(dict.fromkeys(t for t in label.values() if t))
    if len(text.encode("utf-8")) <= most:
        return text
    return text.encode("utf-8")[: most - 3].decode("utf-8", "ignore") + "…"


def _missing(question: Question, numeric: bool) -> list[Any]:
    """Missing codes as the library wants them, within what SPSS has room for."""
    single = [_value(m.low, numeric) for m in question.missing if m.low == m.high]
    ranges = [m for m in question.missing if m.low != m.high]
    single = [v for v in single if not _within(v, ranges)]
    if len(ranges) > 1 or len(single) > (1 if ranges else _DISCRETE) or (ranges and not numeric):
        raise QuestionFault(
            f"question {question.id!r}",
            f"{len(single)} missing codes and {len(ranges)} ranges",
            "at most three codes, or one range and one code, as SPSS has room for",
            "use fewer codes, or write another format",
        )
    return [*({"lo": float(m.low), "hi": float(m.high)} for m in ranges), *single]


def _within(value: Any, ranges: list[MissingCode]) -> bool:
    return not isinstance(value, str) and any(float(m.low) <= value <= float(m.high) for m in ranges)
