"""What a file without a codebook seems to ask: a question for each column or set of columns."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.coding import Coded, code_column, code_order
from survey.design import Design
from survey.formats.reading import Reading, ResponseSet

__all__ = ["FEW", "describe_reading", "with_roles"]

FEW = 30
"""Unlabelled text with at most this many values, some of them repeated, is a closed question."""

_CATEGORIES = 100
_FREE = 10
_BITS = {"0", "1"}
_TRUTHS = {"true", "false"}


def describe_reading(reading: Reading) -> Codebook:
    """A codebook from what the file itself says.

    Kinds: a set is `multiple`; labels make `single` (unless many more than 10 other numbers
    stand beside the labelled ones: a `number` with special values); dates `date`; 0/1 or
    TRUE/FALSE without labels `binary`; other numbers `number`, however few; text with few
    repeated values `single` with the codes as found; other text `text`. Columns of a set are no
    questions of their own. Questions of the reading's own codebook are taken as they are.
    """
    own = reading.codebook or Codebook(())
    told = {column: question for question in own.questions for column in question.columns}
    taken = {column: entry for entry in reading.sets for column in entry.columns}
    done: set[str] = set()
    names = {str(c) for c in reading.frame.columns}
    questions: list[Question] = []
    for column in map(str, reading.frame.columns):
        entry = taken.get(column)
        if column in told:
            if told[column].id not in done:
                done.add(told[column].id)
                questions.append(told[column])
        elif entry is None:
            question = _column(reading, column)
            if column in own.ids():  # a set's ticks as one text, beside a column for each option
                question = replace(question, id=f"{column}.text", kind="text", choices=(), role="set_aside")
            questions.append(question)
        elif entry.name not in done:
            done.add(entry.name)
            questions.append(_set(reading, entry, names))
    spoken = tuple(lang for lang in (reading.language, *reading.translations) if lang)
    return Codebook(tuple(questions), own.languages if own.questions or not spoken else spoken)


def with_roles(codebook: Codebook, columns: tuple[str, ...], design: Design) -> Codebook:
    """The codebook with the roles of design columns: these are no questions; strata are, for groups."""
    roles = {design.weight: "weight"} | dict.fromkeys(design.clusters, "design")
    roles |= {p: "design" for p in design.population if isinstance(p, str)}
    roles |= {c: "replicate" for c in columns for p in design.replicates if c == p or fnmatchcase(c, p)}
    roles |= {design.weight: "weight", design.id: "id"}
    return replace(
        codebook,
        questions=tuple(
            replace(q, role=roles[q.id]) if q.id and q.id in roles else q for q in codebook.questions
        ),
    )


def _wording(reading: Reading, column: str) -> dict[str, str]:
    """Language to what the file calls a column."""
    said = {reading.language: reading.labels.get(column, "")}
    said |= {lang: told.labels.get(column, "") for lang, told in reading.translations.items()}
    return {lang: text for lang, text in said.items() if text}


def _labels(reading: Reading, column: str) -> dict[str, dict[str, str]]:
    """Code text to language to label, in the order of the file."""
    found = {c: {reading.language: text} for c, text in reading.value_labels.get(column, {}).items()}
    for lang, told in reading.translations.items():
        for code, text in told.value_labels.get(column, {}).items():
            found.setdefault(code, {})[lang] = text
    return {code: {lang: text for lang, text in label.items() if text} for code, label in found.items()}


def _choices(labels: Mapping[str, Mapping[str, str]], missing: tuple[MissingCode, ...]) -> tuple[Choice, ...]:
    """Choices of the labelled codes that stand for answers."""
    codes = list(labels)
    column = pd.Series(codes, dtype="str")
    answers = set(code_column(column, missing).found)
    if all(code.lstrip("-").replace(".", "", 1).isdigit() for code in codes):
        codes = code_order(codes)
    return tuple(Choice(code, labels[code]) for code in codes if code in answers)


def _set(reading: Reading, entry: ResponseSet, names: set[str]) -> Question:
    missing: list[MissingCode] = []
    for column in entry.columns:
        missing += [m for m in reading.missing.get(column, ()) if m not in missing]
    if entry.counted:
        choices = tuple(Choice(column, _wording(reading, column), column=column) for column in entry.columns)
    else:
        labels: dict[str, dict[str, str]] = {}
        found: set[str] = set()
        for column in entry.columns:
            labels |= {k: v for k, v in _labels(reading, column).items() if k not in labels}
            found |= set(code_column(reading.frame[column], tuple(missing)).found)
        labels |= {code: {} for code in code_order(list(found - set(labels)))}
        choices = _choices(labels, tuple(missing))
    name = "$" + entry.name if entry.name in names else entry.name
    return Question(
        id=name,
        kind="multiple",
        columns=entry.columns,
        label={reading.language: entry.label} if entry.label else {},
        choices=choices,
        missing=tuple(missing),
        counted=entry.counted,
        concept=name,
    )


def _column(reading: Reading, name: str) -> Question:
    missing = reading.missing.get(name, ())
    kind, codes, counted = _kind(reading, name, missing)
    labels: dict[str, dict[str, str]] = {code: {} for code in codes} | _labels(reading, name)
    choices = _choices(labels, missing) if kind in ("single", "binary") else ()
    return Question(
        id=name,
        kind=kind,
        columns=(name,),
        label=_wording(reading, name),
        choices=choices,
        missing=missing,
        counted=counted,
        concept=name,
    )


def _kind(reading: Reading, name: str, missing: tuple[MissingCode, ...]) -> tuple[str, list[str], str]:
    """Kind of a column, codes to list beyond the labelled ones, and the value that counts."""
    column = reading.frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date", [], ""
    if name in reading.times:
        return "text", [], ""
    labels = _labels(reading, name)
    if not labels and pd.api.types.is_numeric_dtype(column) and column.nunique() > len(_BITS):
        return "number", [], ""
    coded = code_column(pd.Series(column.unique(), dtype=column.dtype), missing)
    labelled = len(code_column(pd.Series(list(labels), dtype="str"), missing).found)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return ("single", [], "") if len(labels) <= _CATEGORIES else ("text", [], "")
    unlabelled = len(set(coded.found) - set(labels))
    if labelled and not (_all_numbers(column, coded) and unlabelled > max(_FREE, labelled)):
        return "single", [], ""
    folded = {code.casefold() for code in coded.found}
    if folded and folded <= _TRUTHS:
        counted = next((c for c in coded.found if c.casefold() == "true"), "")
        return "binary", list(coded.found), counted or _true_like(coded.found[0])
    if set(coded.found) <= _BITS and "0" in coded.found:
        return "binary", ["0", "1"], "1"
    if _all_numbers(column, coded):
        return "number", [], ""
    if 0 < len(coded.found) <= FEW and len(coded.found) < (code_column(column, missing).index >= 0).sum():
        return "single", list(coded.found), ""
    return "text", [], ""


def _all_numbers(column: pd.Series, coded: Coded) -> bool:
    """Whether every answer is a number (text columns hold codes, even where these are digits)."""
    if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
        return True
    return bool(column.dtype == object and not np.isnan(coded.number[coded.index >= 0]).any())


def _true_like(false: str) -> str:
    """The word for true in the spelling of the word for false."""
    true = "true"
    if re.fullmatch("[A-Z]+", false):
        return true.upper()
    return true.capitalize() if false[:1].isupper() else true
