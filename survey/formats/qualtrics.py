"""Qualtrics .qsf: the questions of a survey, on the columns its exports of answers have."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from survey.codebook import Codebook
from survey.faults import FileFault, Finding
from survey.formats.encodings import decode
from survey.formats.qualtrics_questions import Drawn, as_table, language_of
from survey.formats.qualtrics_routing import Asking, asked_by
from survey.formats.reading import Reading

__all__ = ["read_qsf"]

_LARGEST = 32 * 1024 * 1024
"""Largest file, in bytes: what JSON says in two signs takes up to 72 bytes of memory."""


def read_qsf(path: Path) -> Reading:
    """The instrument in a .qsf file: questions, recoded values, languages, routing.

    Questions in the trash are left out. Multiple answers make a set of a column for each option,
    one set a statement in a matrix; side-by-side questions are matrices beside each other. Columns
    bear the names of both old and new exports, and their import ids.

    Raises
    ------
    FileFault
        Broken or cut-off JSON, or JSON that is no Qualtrics survey.
    """
    if path.stat().st_size > _LARGEST:
        found = f"a .qsf file of {path.stat().st_size:,} bytes"
        raise FileFault(str(path), found, f"at most {_LARGEST:,} bytes", "export the survey alone")
    text, encoding, findings = decode(path)
    try:
        survey = json.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits too
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
    singles = frozenset(id_ for id_, made in drawn.of.items() if [q.kind for q in made] == ["single"])
    try:
        asking = asked_by(elements, drawn.logic, drawn.locators, singles)
    except RecursionError as error:
        expected = "branches and conditions a person could write"
        raise FileFault(str(path), "a survey flow nested without end", expected, "export it again") from error
    routing = {q.id: said for id_, said in asking.asked_if.items() for q in drawn.of.get(id_, [])}
    questions = tuple({q.id: replace(q, asked_if=routing.get(q.id, "")) for q in drawn.questions}.values())
    frame = pd.DataFrame({c: pd.Series(dtype="str") for q in questions for c in q.columns})
    langs = tuple(dict.fromkeys([lang, *(g for q in questions for g in q.label if g)]))
    return Reading(
        frame=frame,
        encoding=encoding,
        findings=(*findings, *_unread(path, payloads, asking)),
        notes={"title": str(entry["SurveyName"])} if entry.get("SurveyName") else {},
        codebook=Codebook(questions, langs),
        aliases=drawn.aliases,
        lists=drawn.lists,
    )


def _unread(path: Path, payloads: Mapping[str, Any], asking: Asking) -> Iterator[Finding]:
    """Findings for routing that is not taken over."""
    rows = [
        id_
        for id_, p in payloads.items()
        if any(as_table(c).get("DisplayLogic") for c in as_table(p.get("Choices")).values())
    ]
    for what, where in {**asking.unread, "display logic of single choices": rows}.items():
        tags = [str(payloads[id_].get("DataExportTag") or id_) for id_ in where if id_ in payloads]
        if tags:
            shown = ", ".join(tags[:5]) + (" ..." if len(tags) > 5 else "")
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
