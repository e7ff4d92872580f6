"""Answers tidied by named rules, each change written down so that it can be shown and undone."""

import re
import unicodedata
from dataclasses import replace

import pandas as pd

from survey.codebook import Question
from survey.coding import NUMBER, code_text
from survey.design import Design
from survey.design_columns import weight_column
from survey.exclusive import clashing_ticks, exclusive_options
from survey.faults import Finding
from survey.ledger import Change, Ledger
from survey.routing import answers_to
from survey.wave import Wave

__all__ = ["CLEANING_RULES", "clean_wave"]

CLEANING_RULES = {
    "trim_text": "spaces (full-width ones too) around a text are taken off; a text of spaces is a blank",
    "narrow_digits": "full-width digits and signs in numbers and codes become half-width, １２ is 12",
    "thousands": "commas between groups of three digits in a number are taken out, 1,200 is 1200",
}
"""Every rule that changes an answer, in the order they run; nothing else is ever changed."""

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


def clean_wave(wave: Wave) -> tuple[Wave, Ledger]:
    """Tidy the answers of a wave, and say what was done.

    Rules are those of `CLEANING_RULES`. Firms that ticked an exclusive option ("none of these")
    beside others are not changed: a finding of the wave names them.

    Returns
    -------
    tuple[Wave, Ledger]
        A new wave (the old one is untouched), and the changes in order: rule, column, rows
        (from 0), texts before and after, reason.

    Raises
    ------
    DesignFault
        A column of weights with missing, negative or only zero weights.
    """
    frame = wave.frame.copy(deep=False)
    changes: list[Change] = []
    for question in wave.codebook.questions:
        for name in question.columns:
            if name in frame.columns and _is_text(frame[name]):
                column, made = _tidied(frame[name], question, name)
                if made:
                    frame[name] = column
                    changes += made
    cleaned = replace(wave, frame=frame)
    for question in wave.codebook.questions:
        if question.role == "weight":
            weight_column(cleaned, question.columns[0], Design(weight=question.columns[0]))
    return replace(cleaned, findings=(*wave.findings, *_clashes(cleaned))), Ledger(tuple(changes))


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype) or column.dtype == object


def _tidied(column: pd.Series, question: Question, name: str) -> tuple[pd.Series, list[Change]]:
    """One column through all rules, each looked at value by value and not row by row."""
    changes: list[Change] = []
    known = {c.code for c in question.choices}
    for rule, reason in CLEANING_RULES.items():
        swap: dict[str, str | None] = {}
        for value in pd.unique(column.dropna()):
            if isinstance(value, str):
                new = _by_rule(rule, value, question, known)
                if new != value:
                    swap[value] = new or None
        if swap:
            hit = column.isin(list(swap))
            before = column[hit]
            after = before.map(swap)
            places = tuple(int(i) for i in hit.to_numpy().nonzero()[0])
            texts = tuple("" if pd.isna(v) else str(v) for v in after)
            changes.append(Change(rule, name, places, tuple(map(str, before)), texts, reason))
            column = column.mask(hit, after)
    if changes and question.kind == "number":
        column = _numbers(column)
    return column, changes


def _by_rule(rule: str, value: str, question: Question, known: set[str]) -> str:
    if rule == "trim_text":
        return value.strip()
    if rule == "narrow_digits":
        narrow = unicodedata.normalize("NFKC", value)
        if question.kind == "number":
            return narrow if NUMBER.fullmatch(narrow) or _THOUSANDS.fullmatch(narrow) else value
        return narrow if value not in known and narrow in known else value
    if question.kind == "number" and _THOUSANDS.fullmatch(value):
        return value.replace(",", "")
    return value


def _numbers(column: pd.Series) -> pd.Series:
    """A column of a number question as floats, unless texts that are no numbers are left."""
    texts = column.dropna().map(code_text)
    if texts.map(lambda t: bool(NUMBER.fullmatch(t))).all():
        return pd.to_numeric(column, errors="coerce").astype(float)
    return column


def _clashes(wave: Wave) -> list[Finding]:
    findings: list[Finding] = []
    for question in wave.codebook.questions:
        exclusive = exclusive_options(question)
        if not exclusive:
            continue
        rows = clashing_ticks(answers_to(wave, question.id), exclusive).nonzero()[0]
        if len(rows):
            shown = ", ".join(str(r + 1) for r in rows[:5]) + (" ..." if len(rows) > 5 else "")
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"{len(rows)} firms ticked {', '.join(exclusive)} and another option (rows {shown})",
                    "Both ticks are counted.",
                    "Ask these firms, or decide which tick stands.",
                )
            )
    return findings
