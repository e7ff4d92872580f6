"""LimeSurvey: the questionnaire of an .lss in all its languages, and the answers of an .lsa."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd

from survey.codebook import Codebook, Question
from survey.faults import FileFault, Finding
from survey.formats.archives import check_archive, read_member
from survey.formats.lss_columns import Column
from survey.formats.lss_structure import lss_columns, lss_languages, lss_questions
from survey.formats.rankings import with_rankings
from survey.formats.reading import Reading
from survey.formats.xml_file import read_xml, xml_root

__all__ = ["read_lsa", "read_lss"]

_DATES = ("submitdate", "startdate", "datestamp")
_ASIDE = ("token", "lastpage", "seed", "ipaddr", "refurl")
_SCALE = re.compile(r"(\d+X\d+X\d+.*|Q\d+_S\d+)-[01]")
_PLAIN = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class _Structure:
    """A questionnaire: its codebook, the columns of its answers, and what was odd."""

    codebook: Codebook
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]
    notes: Mapping[str, str] = field(default_factory=dict)


def read_lss(path: Path) -> Reading:
    """A questionnaire without answers: no rows, its columns as LimeSurvey heads them (`Q5[SQ001]`).

    Raises
    ------
    FileFault
        Broken XML, or another LimeSurvey document than a survey.
    """
    made = _structure(read_xml(path), str(path))
    return Reading(
        frame=pd.DataFrame({column.name: pd.Series(dtype=object) for column in made.columns}),
        codebook=made.codebook,
        aliases={column.name: column.others for column in made.columns},
        ids={column.name: column.fields[0] for column in made.columns},
        findings=made.findings,
        notes=made.notes,
    )


def read_lsa(path: Path) -> Reading:
    """A survey archive: questionnaire and answers; columns bear the headings of LimeSurvey's own export.

    A question that was not shown is NULL in the archive and missing here; one that was shown and
    left blank is an empty text.

    Raises
    ------
    FileFault
        A damaged or harmful archive, no questionnaire in it, or answers to other questions.
    """
    names = [member.filename for member in check_archive(path)]
    surveys = [name for name in names if name.endswith(".lss")]
    answers = [name for name in names if name.endswith("_responses.lsr")]
    if len(surveys) != 1 or len(answers) > 1:
        raise FileFault(
            str(path),
            f"{len(surveys)} questionnaires (.lss) and {len(answers)} files of answers (.lsr)",
            "an archive of one survey",
            "export the survey archive (.lsa) again",
        )
    made = _structure(xml_root(read_member(path, surveys[0]), f"{path}, {surveys[0]}"), str(path))
    findings = list(made.findings)
    if not answers:
        raise FileFault(
            str(path),
            "a survey archive without answers",
            "an archive of an active survey",
            "activate the survey, or give its .lss as instrument of the answers",
        )
    root = xml_root(read_member(path, answers[0]), f"{path}, {answers[0]}")
    frame = _answers(root, f"{path}, {answers[0]}", made)
    if "submitdate" in frame.columns and frame["submitdate"].isna().any():
        many = int(frame["submitdate"].isna().sum())
        findings.append(
            Finding(
                str(path),
                f"{many} of {len(frame)} answers were never submitted (submitdate is blank)",
                "They are read as they are.",
                "Leave them out with --where 'answered(submitdate)' or a cleaning rule.",
            )
        )
    own = [Question(c, "date", (c,), concept=c) for c in _DATES if c in frame.columns]
    own += [Question(c, "text", (c,), role="set_aside", concept=c) for c in _ASIDE if c in frame.columns]
    own += [Question("id", "text", ("id",), role="id", concept="id")] if "id" in frame.columns else []
    told, absent = _told(made.codebook.questions, frame)
    if absent:
        shown = ", ".join(absent[:5]) + (" ..." if len(absent) > 5 else "")
        found = f"{len(absent)} questions have columns that are not among the answers ({shown})"
        findings.append(Finding(str(path), found, "What is not there is left out.", ""))
    return Reading(
        frame=frame,
        codebook=Codebook((*own, *told), made.codebook.languages),
        findings=tuple(findings),
        notes=made.notes,
    )


def _told(questions: Iterable[Question], frame: pd.DataFrame) -> tuple[list[Question], list[str]]:
    """Questions on the columns that are there, and ids of those that lack some."""
    told: list[Question] = []
    absent: list[str] = []
    for question in questions:
        columns = tuple(c for c in question.columns if c in frame.columns)
        if len(columns) < len(question.columns):
            absent.append(question.id)
        choices = tuple(c for c in question.choices if not c.column or c.column in columns)
        if columns:
            told.append(replace(question, columns=columns, choices=choices))
    return told, absent


def _structure(root: Element, where: str) -> _Structure:
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if kind != "Survey":
        raise FileFault(
            where,
            f"a LimeSurvey document of type {kind or 'unknown'!r}",
            "a survey (.lss), or a survey archive (.lsa)",
            "export the survey structure",
        )
    questions, unread = lss_questions(root)
    columns = lss_columns(root)
    languages = lss_languages(root)
    findings = []
    if unread:
        findings.append(
            Finding(
                where,
                f"the routing of {len(unread)} questions cannot be read ({', '.join(unread[:5])})",
                "These questions count as asked of all.",
                "Write asked_if for them in codebook.toml.",
            )
        )
    titles = {
        row.findtext("surveyls_language") or "": (row.findtext("surveyls_title") or "").strip()
        for row in root.findall("surveys_languagesettings/rows/row")
    }
    notes = {f"title_{lang}" if lang else "title": text for lang, text in titles.items() if text}
    return _Structure(Codebook(with_rankings(questions), languages or ("",)), columns, tuple(findings), notes)


def _rows(root: Element) -> Iterator[dict[str, str]]:
    for row in root.findall("responses/rows/row"):
        yield {_field(cell.tag): cell.text or "" for cell in row}


def _field(tag: str) -> str:
    """Name of a column of answers: `_` before a digit and `-` for `#` keep XML legal there."""
    tag = tag[1:] if tag[:1] == "_" and tag[1:2].isdigit() else tag
    return tag.replace("-", "#") if _SCALE.fullmatch(tag) else tag


def _answers(root: Element, where: str, made: _Structure) -> pd.DataFrame:
    rows = list(_rows(root))
    stated = [(f.text or "").strip() for f in root.findall("responses/fields/fieldname")]
    fields = list(dict.fromkeys([*stated, *(name for row in rows[:1] for name in row)]))
    names = {field: column.name for column in made.columns for field in column.fields}
    known = set(fields)
    for row in rows:
        if not known.issuperset(row):
            strange = sorted(set(row) - known)[0]
            raise FileFault(
                where, f"a column {strange!r} that is not declared", "declared columns", "export it again"
            )
    if not rows:
        raise FileFault(where, "no answers", "one for each firm", "export an active survey")
    if made.columns and not known & set(names):
        raise FileFault(
            where,
            "not one column of the answers belongs to the questionnaire",
            "answers and questionnaire of one survey",
            "export the survey archive again",
        )
    kinds = {c: q.kind for q in made.codebook.questions for c in q.columns}
    columns: dict[str, pd.Series] = {}
    for name in fields:
        heading = names.get(name, name)
        cells = pd.Series([row.get(name) for row in rows], dtype=object)
        columns[heading] = _typed(cells, "date" if name in _DATES else kinds.get(heading, "text"))
    return pd.DataFrame(columns)


def _typed(cells: pd.Series, kind: str) -> pd.Series:
    """Numbers and dates where the questionnaire says so and every cell is one; else text."""
    filled = cells.where(cells.map(lambda cell: bool(cell and cell.strip())), None)
    if kind == "number":
        numbers = pd.to_numeric(filled, errors="coerce")
        if numbers.notna().equals(filled.notna()):
            return numbers.astype(np.float64)
    if kind == "date":
        dates = pd.to_datetime(filled, format=_PLAIN, errors="coerce")
        if dates.notna().equals(filled.notna()):
            return dates.astype("datetime64[us]")
    return cells.astype("str")
