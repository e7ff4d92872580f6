"""Answers of LimeSurvey and KoboToolbox without their questionnaire: the sets their headings tell."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.coding import code_column
from survey.formats.reading import Reading

__all__ = ["with_platform_sets"]

_LIMESURVEY = {"submitdate", "lastpage"}
_KOBO = {"_uuid", "_submission_time", "meta/instanceID", "formhub/uuid", "KEY"}
_PART = re.compile(r"(?P<question>.+)\[(?P<option>[^\[\]]+)\]")


def with_platform_sets(reading: Reading) -> Reading:
    """A table with the sets that LimeSurvey's and Kobo's headings tell; any other table unchanged.

    LimeSurvey heads the options of multiple choice `q[a]`, `q[b]` and ticks them with `Y`. Kobo
    writes `q/a`, `q/b` with 1 and 0 beside a column `q` that lists the ticks, which is set aside.
    """
    names = {str(column) for column in reading.frame.columns}
    if names >= _LIMESURVEY:
        found = tuple(_by_brackets(reading.frame))
    elif names & _KOBO:
        found = tuple(_by_slashes(reading.frame))
    else:
        return reading
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


def _set(name: str, options: list[tuple[str, str]], counted: str) -> Question:
    choices = tuple(Choice(option, {}, column) for option, column in options)
    columns = tuple(column for _, column in options)
    return Question(name, "multiple", columns, {}, choices, counted=counted, concept=name)
