"""A wave as SPSS can hold it: its names, three missing codes or a range, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.codebook_writing import codebook_text
from survey.coding import code_text
from survey.faults import Finding
from survey.formats.carried import Carried, recoded
from survey.formats.fitting import SPSS_NAMES, fitted_names
from survey.formats.holding import is_mixed, numeric_code, plain_column, reasons_in
from survey.formats.spss_write import LABEL_BREAK, LABEL_BYTES, VALUE_LABEL_BYTES
from survey.wave import Wave

__all__ = ["held_by_spss"]

_SPARE = range(-9001, -9999, -1)
"""Numbers for missing codes that are texts among numbers, such as Stata's `.a`."""
_TEXT = 8
"""Bytes that SPSS compares of a missing text."""


def held_by_spss(wave: Wave, is_synthetic: bool) -> tuple[pd.DataFrame, Codebook, Carried, list[Finding]]:
    """The frame and codebook under names of SPSS, what else must travel, and what SPSS cannot say.

    Raises
    ------
    FileFault
        An infinite number.
    """
    names = fitted_names([str(c) for c in wave.frame.columns], SPSS_NAMES)
    by_column = {column: q for q in wave.codebook.questions for column in q.columns}
    columns: dict[str, pd.Series] = {}
    codes: dict[str, tuple[tuple[float, str], ...]] = {}
    for original, name in names.items():
        question = by_column.get(original)
        column = plain_column(wave.frame[original], question, f"column {original}")
        if is_mixed(column):
            pairs = _spares(column, question.missing if question else ())
            column = recoded(column, [(text, spare) for spare, text in pairs])
            codes[name] = tuple(pairs)
        columns[name] = column
    frame = pd.DataFrame(columns)
    ids = fitted_names(
        [q.id.lstrip("$") for q in wave.codebook.questions if q.kind == "multiple"], SPSS_NAMES
    )
    lost: list[str] = []
    questions = tuple(_fitted(q, frame, names, codes, ids, lost) for q in wave.codebook.questions)
    carried = Carried(
        codebook=codebook_text(wave.codebook),
        columns=tuple(names),
        names={name: original for original, name in names.items() if name != original},
        codes=codes,
        is_synthetic=is_synthetic,
    )
    findings = [*_said(lost), *_cut(wave.codebook)]
    return frame, Codebook(questions, wave.codebook.languages), carried, findings


def _said(lost: Sequence[str]) -> list[Finding]:
    if not lost:
        return []
    shown = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
    return [
        Finding(
            f"questions {shown}",
            "more missing codes than SPSS has room for (three, or a range and one; texts of 8 bytes)",
            "The others stand as plain codes in SPSS; reading the file here gives all of them back.",
            "In SPSS, leave them out by hand.",
        )
    ]


def _cut(codebook: Codebook) -> list[Finding]:
    """A finding where SPSS shows only the beginning of wordings, all languages in one label."""
    long = [q.id for q in codebook.questions if _bytes(q.label) > LABEL_BYTES]
    long += [
        f"{q.id} option {c.code}"
        for q in codebook.questions
        for c in q.choices
        if _bytes(c.label) > (LABEL_BYTES if c.column else VALUE_LABEL_BYTES)
    ]
    if not long:
        return []
    shown = ", ".join(long[:5]) + (" ..." if len(long) > 5 else "")
    return [
        Finding(
            f"questions {shown}",
            f"wordings of more than {LABEL_BYTES} bytes, or {VALUE_LABEL_BYTES} for an option",
            "SPSS shows their beginning; reading the file here gives them whole.",
            "",
        )
    ]


def _bytes(label: Mapping[str, str]) -> int:
    return len(LABEL_BREAK.join(dict.fromkeys(t for t in label.values() if t)).encode("utf-8"))


def _spares(column: pd.Series, missing: tuple[MissingCode, ...]) -> list[tuple[float, str]]:
    """A number that is not in use for each missing text of a mixed column."""
    numbers = {float(v) for v in pd.unique(column.dropna()) if not isinstance(v, str)}
    free = (float(v) for v in _SPARE if v not in numbers)
    return [(next(free), str(s.value)) for s in reasons_in(column, missing) if isinstance(s.value, str)]


def _fitted(
    question: Question,
    frame: pd.DataFrame,
    names: dict[str, str],
    codes: dict[str, tuple[tuple[float, str], ...]],
    ids: dict[str, str],
    lost: list[str],
) -> Question:
    """The question under names of SPSS, without what its columns cannot say."""
    columns = tuple(names[c] for c in question.columns)
    numeric = all(pd.api.types.is_numeric_dtype(frame[c]) for c in columns)
    choices = tuple(
        replace(c, column=names.get(c.column, c.column))
        for c in question.choices
        if question.is_dichotomies or not numeric or numeric_code(c.code)
    )
    spare = {text: value for c in columns for value, text in codes.get(c, ())}
    missing = [
        replace(m, low=spare[str(m.low)], high=spare[str(m.low)]) if str(m.low) in spare else m
        for m in question.missing
    ]
    kept = _numbers(frame, columns, missing, choices) if numeric else _texts(missing)
    if kept is None:
        kept = [m for m in missing if m.low == m.high and not isinstance(m.low, str)][:3]
    if not all(any(_covers(k, m) for k in kept) for m in missing):
        lost.append(question.id)
    name = ids[question.id.lstrip("$")] if question.kind == "multiple" else columns[0]
    return replace(question, id=name, columns=columns, choices=choices, missing=tuple(kept))


def _covers(kept: MissingCode, code: MissingCode) -> bool:
    if isinstance(kept.low, str) or isinstance(code.low, str):
        return code_text(kept.low) == code_text(code.low) and code_text(kept.high) == code_text(code.high)
    return float(kept.low) <= float(code.low) and float(code.high) <= float(kept.high)


def _texts(missing: Sequence[MissingCode]) -> list[MissingCode]:
    """The first three missing texts that SPSS can tell."""
    short = [m for m in missing if m.low == m.high and len(code_text(m.low).encode("utf-8")) <= _TEXT]
    return [replace(m, low=code_text(m.low), high=code_text(m.high)) for m in short][:3]


def _numbers(
    frame: pd.DataFrame, columns: Sequence[str], missing: Sequence[MissingCode], choices: Sequence[Choice]
) -> list[MissingCode] | None:
    """Missing numbers within SPSS's room, in a range and a code if need be; None if they do not fit."""
    spans = [m for m in missing if not isinstance(m.low, str) and not isinstance(m.high, str)]
    ranges = [m for m in spans if m.low != m.high]
    singles = [m for m in spans if m.low == m.high and not any(_covers(r, m) for r in ranges)]
    if len(ranges) <= 1 and len(singles) <= (1 if ranges else 3):
        return spans
    order = sorted(spans, key=lambda m: (float(m.low), float(m.high)))
    found = np.unique(np.concatenate([frame[c].dropna().to_numpy(float) for c in columns]))
    answers = [v for v in found if not any(float(m.low) <= v <= float(m.high) for m in spans)]
    answers += [float(c.code) for c in choices if numeric_code(c.code)]
    for inside, alone in ((order, []), (order[1:], order[:1]), (order[:-1], order[-1:])):
        low = min(float(m.low) for m in inside)
        high = max(float(m.high) for m in inside)
        if any(m.low != m.high for m in alone) or any(low <= v <= high for v in answers):
            continue
        labelled = [m for m in inside if m.low == m.high]
        return [*labelled, MissingCode(low, high, "no_answer"), *alone]
    return None
