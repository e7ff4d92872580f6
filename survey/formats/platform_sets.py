"""Answers of LimeSurvey, KoboToolbox and REDCap without their questionnaire: what their headings tell."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.coding import code_column
from survey.faults import Finding
from survey.formats.reading import Reading

__all__ = ["with_platform_sets"]

_LIMESURVEY = {"submitdate", "lastpage"}
_KOBO = {"_uuid", "_submission_time", "meta/instanceID", "formhub/uuid", "KEY"}
_FORM, _EVENT = "redcap_repeat_instrument", "redcap_event_name"
_PART = re.compile(r"(?P<question>.+)\[(?P<option>[^\[\]]+)\]")


def with_platform_sets(reading: Reading, where: str = "") -> Reading:
    """A table with the sets that a platform's headings tell; any other table unchanged.

    LimeSurvey heads the options of multiple choice `q[a]`, `q[b]` and ticks them with `Y`. Kobo
    writes `q/a`, `q/b` with 1 and 0 beside a column `q` that lists the ticks, which is set aside.
    REDCap writes `q___a`, `q___b` with 1 and 0, or Checked and Unchecked; rows that repeat a form or
    an event are told in a finding, which names the file `where`.
    """
    names = {str(column) for column in reading.frame.columns}
    reading = replace(reading, findings=(*reading.findings, *_repeats(reading.frame, where)))
    if names >= _LIMESURVEY:
        found = tuple(_by_brackets(reading.frame))
    elif names & _KOBO:
        found = tuple(_by_slashes(reading.frame))
    else:
        found = tuple(_by_underscores(reading.frame))
    return replace(reading, codebook=Codebook(found)) if found else reading


def _by_brackets(frame: pd.DataFrame) -> Iterator[Question]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for column in map(str, frame.columns):
        part = _PART.fullmatch(column)
        if part and not part["option"].endswith("comment") and part["option"] != "other":
            groups.setdefault(part["question"], []).append((part["option"], column))
    for name, options in groups.items():
        values = {code for _, column in options for code in code_column(frame[column]).found}
        if len(options) > 1 and "Y" in values and values <= {"Y", "N"}:
            yield _set(name, options, "Y")


def _by_slashes(frame: pd.DataFrame) -> Iterator[Question]:
    names = {str(column) for column in frame.columns}
    groups: dict[str, list[tuple[str, str]]] = {}
    for column in map(str, frame.columns):
        parent, _, option = column.rpartition("/")
        if parent in names:
            groups.setdefault(parent, []).append((option, column))
    for name, options in groups.items():
        values = {code for _, column in options for code in code_column(frame[column]).found}
        for ticks in ({"0", "1"}, {"TRUE", "FALSE"}, {"True", "False"}):
            if values and values <= ticks:
                yield _set(name, options, max(ticks))
                yield Question(f"{name}.text", "text", (name,), role="set_aside", concept=f"{name}.text")


def _by_underscores(frame: pd.DataFrame) -> Iterator[Question]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for column in map(str, frame.columns):
        stem, mark, option = column.partition("___")
        if stem and mark and option and "___" not in option.lstrip("_"):
            code = re.sub(r"^_(?=\d)", "-", option)
            groups.setdefault(stem, []).append((code, column))
    for name, options in groups.items():
        values = {code for _, column in options for code in code_column(frame[column]).found}
        for ticks, counted in (({"0", "1"}, "1"), ({"Checked", "Unchecked"}, "Checked")):
            if len(options) > 1 and values and values <= ticks and name not in frame.columns:
                yield _set(name, options, counted)


def _repeats(frame: pd.DataFrame, where: str) -> Iterator[Finding]:
    """Rows of REDCap that stand for no firm of their own."""
    if _FORM in frame.columns:
        again = code_column(frame[_FORM])
        many = int((again.index >= 0).sum())
        if many:
            yield Finding(
                where,
                f"{many} of {len(frame)} rows repeat a form ({', '.join(again.found[:5])})",
                "They count as firms of their own.",
                f"Keep one row a firm: a cleaning rule `drop` where answered({_FORM}).",
            )
    if _EVENT in frame.columns:
        events = code_column(frame[_EVENT]).found
        if len(events) > 1:
            shown = ", ".join(events[:5]) + (" ..." if len(events) > 5 else "")
            first = frame[_EVENT].dropna().iloc[0]
            yield Finding(
                where,
                f"rows of {len(events)} events ({shown})",
                "A firm has a row for each event and counts as often.",
                f'Keep one event: a cleaning rule `drop` where {_EVENT} != "{first}".',
            )


def _set(name: str, options: list[tuple[str, str]], counted: str) -> Question:
    choices = tuple(Choice(option, {}, column) for option, column in options)
    columns = tuple(column for _, column in options)
    return Question(name, "multiple", columns, {}, choices, counted=counted, concept=name)
