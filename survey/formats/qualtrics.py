"""Qualtrics .qsf: the questions of a survey, on the columns its exports of answers have."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from survey.codebook import Codebook, Question
from survey.faults import FileFault, Finding
from survey.formats.encodings import decode
from survey.formats.qualtrics_logic import display_expression
from survey.formats.qualtrics_questions import Drawn, as_table, language_of
from survey.formats.reading import Reading

__all__ = ["read_qsf"]


def read_qsf(path: Path) -> Reading:
    """The instrument in a .qsf file: questions, recoded values, languages, display logic.

    Questions in the trash are left out. Multiple answers make a set of a column for each option,
    one set a statement in a matrix; side-by-side questions are matrices beside each other. Columns
    bear the names of both old and new exports, and their import ids.

    Raises
    ------
    FileFault
        Broken or cut-off JSON, or JSON that is no Qualtrics survey.
    """
    text, encoding, findings = decode(path)
    try:
        survey = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"{path}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise FileFault(place, "broken or cut-off JSON", "a whole .qsf file", "export it again") from error
    elements = survey.get("SurveyElements") if isinstance(survey, dict) else None
    if not isinstance(elements, list):
        raise FileFault(str(path), "JSON without SurveyElements", "a Qualtrics .qsf file", "export it again")
    entry = as_table(survey.get("SurveyEntry"))
    lang = language_of(entry.get("SurveyLanguage")) or "en"
    payloads = {
        str(e.get("PrimaryAttribute")): as_table(e.get("Payload"))
        for e in elements
        if isinstance(e, dict) and e.get("Element") == "SQ"
    }
    drawn = Drawn(lang)
    for id_ in _order(elements, payloads):
        drawn.draw(id_, payloads[id_])
    questions, lost = _routed(drawn)
    found = [*findings, *_unread(path, elements, payloads, lost)]
    frame = pd.DataFrame({c: pd.Series(dtype="str") for q in questions for c in q.columns})
    langs = tuple(dict.fromkeys([lang, *(g for q in questions for g in q.label if g)]))
    return Reading(
        frame=frame,
        encoding=encoding,
        findings=tuple(found),
        notes={"title": str(entry["SurveyName"])} if entry.get("SurveyName") else {},
        codebook=Codebook(questions, langs),
        aliases=drawn.aliases,
        lists=drawn.lists,
    )


def _unread(
    path: Path, elements: list[Any], payloads: Mapping[str, Any], lost: list[str]
) -> Iterator[Finding]:
    """Findings for routing that is not taken over."""
    blocks = [
        as_table(e)
        for element in elements
        if isinstance(element, dict) and element.get("Element") == "BL"
        for block in as_table(element.get("Payload")).values()
        for e in as_table(as_table(block).get("BlockElements")).values()
    ]
    skips = [str(e.get("QuestionID")) for e in blocks if e.get("SkipLogic")]
    flow = json.dumps([as_table(e).get("Payload") for e in elements if as_table(e).get("Element") == "FL"])
    branches = ["the survey flow"] if '"Type": "Branch"' in flow else []
    rows = [
        str(p.get("DataExportTag") or id_)
        for id_, p in payloads.items()
        if any(as_table(c).get("DisplayLogic") for c in as_table(p.get("Choices")).values())
    ]
    tags = [str(payloads.get(id_, {}).get("DataExportTag") or id_) for id_ in skips]
    for what, where in (
        ("display logic of questions", lost),
        ("display logic of single choices", rows),
        ("skip logic", tags),
        ("branches", branches),
    ):
        if where:
            shown = ", ".join(where[:5]) + (" ..." if len(where) > 5 else "")
            yield Finding(
                str(path),
                f"{what} not read: {shown}",
                "Silence and not asked look alike there.",
                "Write asked_if in codebook.toml for the questions it governs.",
            )


def _order(elements: list[Any], payloads: Mapping[str, Any]) -> list[str]:
    """Ids of questions in the order of the blocks, those of the trash left out."""
    ordered: list[str] = []
    trash: set[str] = set()
    for element in elements:
        if not isinstance(element, dict) or element.get("Element") != "BL":
            continue
        for block in map(as_table, as_table(element.get("Payload")).values()):
            ids = [
                str(as_table(e).get("QuestionID", "")) for e in as_table(block.get("BlockElements")).values()
            ]
            if block.get("Type") == "Trash":
                trash |= set(ids)
            else:
                ordered += ids
    ordered += [id_ for id_ in payloads if id_ not in trash]
    return [id_ for id_ in dict.fromkeys(ordered) if id_ in payloads]


def _routed(drawn: Drawn) -> tuple[tuple[Question, ...], list[str]]:
    """Questions with their display logic as routing, and the ids of those whose logic is not read."""
    routing: dict[str, str] = {}
    lost: list[str] = []
    for id_, logic in drawn.logic.items():
        expression = display_expression(logic, drawn.locators)
        for question in drawn.of.get(id_, []):
            if expression:
                routing[question.id] = expression
            else:
                lost.append(question.id)
    questions = {q.id: replace(q, asked_if=routing.get(q.id, "")) for q in drawn.questions}
    return tuple(questions.values()), lost
