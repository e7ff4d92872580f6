"""XLSForm, as KoboToolbox, ODK and SurveyCTO field it: its questions, choices, routing, in all languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.coding import code_text
from survey.faults import FileFault, Finding
from survey.formats.gate_reading import Asked, read_gate
from survey.formats.languages import language_code
from survey.formats.offered_reasons import without_reasons
from survey.formats.rankings import with_rankings
from survey.formats.reading import Reading
from survey.formats.workbook import workbook_sheets
from survey.formats.xlsform_sheets import choices_of_file, headed_rows, listed_choices, wording_of

__all__ = ["is_xlsform", "read_xlsform"]

_SHEETS = ("survey", "choices", "external_choices", "settings")
_KINDS = {
    **dict.fromkeys(("integer", "int", "decimal", "range"), "number"),
    **dict.fromkeys(("date", "datetime", "start", "end", "today"), "date"),
}
_ASIDE = {
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "simserial",
    "subscriberid",
    "audit",
    "start-geopoint",
}
_ASIDE |= {"image", "audio", "video", "file", "geopoint", "geotrace", "geoshape", "background-audio"}
_SILENT = {"note", "calculate", "xml-external", "csv-external", "background-geopoint"}
_TEXT = {"text", "string", "barcode", "time", "hidden", "acknowledge"}
_SELECT = re.compile(
    r"(?P<how>select[_ ]one|select1|select[_ ]multiple|rank)(?P<file>_from_file)?(?:_external)?"
    r"\s+(?P<list>\S.*?)(?P<other>\s+or[_ ]other)?"
)
_GROUP = re.compile(r"(begin|end)[_ ](group|repeat)")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row of the sheet `survey` that has an answer."""

    name: str
    type: str
    label: Mapping[str, str]
    path: tuple[str, ...]
    gates: tuple[str, ...]
    repeat: str = ""
    parameters: str = ""

    @property
    def select(self) -> "re.Match[str] | None":
        """The parts of a type that offers choices."""
        return _SELECT.fullmatch(self.type) or _SELECT.fullmatch(self.type.lower())


@dataclass(slots=True)
class _Made:
    """What is known of the form so far."""

    questions: list[Question] = field(default_factory=list)
    gates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, tuple[str, str]] = field(default_factory=dict)
    apart: dict[str, str] = field(default_factory=dict)
    odd: dict[str, list[str]] = field(default_factory=dict)


def is_xlsform(path: Path) -> bool:
    """Whether a workbook has a sheet `survey` with the columns `type` and `name`."""
    try:
        sheets = workbook_sheets(path, ("survey",), most=1)
    except FileFault:
        return False
    return any({"type", "name"} <= set(headed_rows(sheet)[0]) for sheet in sheets)


def read_xlsform(path: Path) -> Reading:
    """A questionnaire without answers: no rows, its columns as an export of values heads them.

    `select_multiple` is a set with a column `question/choice` for each choice, `rank` one with a
    column `question[1]`, `question[2]` for each rank; exports that give them as one text are split.
    Choices of a file (`select_one_from_file`) are read where the file lies beside the form.
    Questions of a repeat stand in tables of their own, and are named with it.

    Raises
    ------
    FileFault
        A damaged workbook, no sheet `survey` with `type` and `name`, or two questions of one name.
    """
    sheets = {sheet.name: sheet for sheet in workbook_sheets(path, _SHEETS)}
    if "survey" not in sheets:
        raise FileFault(str(path), "no sheet 'survey'", "an XLSForm", "give the form itself")
    heads, rows = headed_rows(sheets["survey"])
    if not {"type", "name"} <= set(heads):
        raise FileFault(
            f"{path}, sheet 'survey'", "no columns `type` and `name`", "an XLSForm", "give the form itself"
        )
    choices = listed_choices(sheets.get("choices")) | listed_choices(sheets.get("external_choices"))
    made = _Made()
    for asked in _asked(rows):
        select = asked.select
        if select and select["file"]:
            choices[select["list"]] = choices_of_file(path, select["list"], asked.parameters)
        _add(made, asked, choices)
    names = [q.id for q in made.questions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileFault(
            f"{path}, sheet 'survey'", f"two questions called {twice[0]!r}", "one of each name", "rename one"
        )
    _, settings = headed_rows(sheets["settings"]) if "settings" in sheets else ({}, [])
    setting = settings[0] if settings else {}
    first = language_code(code_text(setting.get("default_language", "") or ""))
    languages = tuple(dict.fromkeys(lang for q in made.questions for lang in q.label if lang))
    languages = tuple(sorted(languages, key=lambda lang: lang != first))
    notes = {"title": code_text(setting["form_title"])} if setting.get("form_title") else {}
    questions = _routed(made)
    columns = [column for question in questions for column in question.columns]
    return Reading(
        frame=pd.DataFrame({column: pd.Series(dtype=object) for column in columns}),
        codebook=Codebook(with_rankings(questions), languages or ("",)),
        aliases=made.aliases,
        lists=made.lists,
        apart=made.apart,
        findings=tuple(_findings(str(path), made)),
        notes=notes,
    )


def _asked(rows: list[dict[str, Any]]) -> Iterator[_Asked]:
    """Rows with answers, each with the groups it is in and all gates before it."""
    open_groups: list[tuple[str, str, bool]] = []
    for row in rows:
        type_ = " ".join(code_text(row.get("type", "")).split())
        name = code_text(row.get("name", "")).strip()
        gate = code_text(row.get("relevant", row.get("relevance", ""))).strip()
        group = _GROUP.match(type_.lower())
        if group and group[1] == "begin":
            open_groups.append((name, gate, group[2] == "repeat"))
        elif group:
            del open_groups[-1:]
        elif type_ and name and type_.lower() not in _SILENT:
            gates = tuple(g for g in (*(g for _, g, _ in open_groups), gate) if g)
            path = tuple(n for n, _, _ in open_groups if n)
            repeat = next((n or "repeat" for n, _, again in reversed(open_groups) if again), "")
            parameters = code_text(row.get("parameters", ""))
            yield _Asked(name, type_, wording_of(row), path, gates, repeat, parameters)


def _add(made: _Made, asked: _Asked, lists: Mapping[str, tuple[Choice, ...]]) -> None:
    """One more question, with the names its columns may bear."""
    label, select = asked.label, asked.select
    name = asked.name if asked.name not in made.gates else "/".join((*asked.path, asked.name))
    base = Question(name, "text", (name,), label, concept=name)
    if select:
        choices = lists.get(select["list"], ())
        if not choices:
            made.odd.setdefault("file" if select["file"] else "list", []).append(name)
        if select["other"]:
            choices = (*choices, Choice("other", {"en": "Other"} if "en" in label else {}))
            other = replace(base, id=f"{name}_other", columns=(f"{name}_other",), label={})
            _take(made, asked, other, _paths(asked, f"{asked.name}_other"))
        if "multiple" in select["how"] and choices:
            ticks = tuple(replace(c, column=f"{name}/{c.code}") for c in choices)
            columns = tuple(c.column for c in ticks)
            base = replace(base, kind="multiple", columns=columns, choices=ticks, counted="1")
            made.lists[name] = (name, " ")
            for tick in ticks:
                made.aliases[tick.column] = _of_option(asked, tick)
        elif select["how"].lower() == "rank" and choices:
            ranks = tuple(f"{name}[{place + 1}]" for place in range(len(choices)))
            base = replace(base, kind="multiple", columns=ranks, choices=choices)
            made.lists[name] = (name, " ")
        elif "multiple" not in select["how"] and select["how"].lower() != "rank":
            base = without_reasons(replace(base, kind="single", choices=choices))
    else:
        known = asked.type.lower().split()[0]
        base = replace(
            base, kind=_KINDS.get(known, "text"), role="set_aside" if known in _ASIDE else "question"
        )
        if known not in _KINDS and known not in _ASIDE and known not in _TEXT:
            made.odd.setdefault("type", []).append(f"{name}: {known}")
    _take(made, asked, base, (*_paths(asked, asked.name), *(text for text in label.values() if text != name)))


def _take(made: _Made, asked: _Asked, question: Question, names: tuple[str, ...]) -> None:
    """Keep a question with its gates, the repeat it stands in, and other names of its column."""
    made.questions.append(question)
    made.gates[question.id] = asked.gates
    made.aliases[question.id] = tuple(n for n in names if n != question.id)
    if asked.repeat:
        made.apart[question.id] = asked.repeat
        made.odd.setdefault("repeated", []).append(question.id)


def _paths(asked: _Asked, name: str) -> tuple[str, ...]:
    """Names with the groups before them: Kobo writes `group/name`, ODK Central `group-name`."""
    if not asked.path:
        return ()
    return tuple(sign.join((*asked.path, name)) for sign in ("/", "-", "."))


def _of_option(asked: _Asked, tick: Choice) -> tuple[str, ...]:
    """Other names of the column of one choice."""
    option, name = tick.code, asked.name
    found = [f"{path}/{option}" for path in _paths(asked, name)]
    found += [f"{name}{sign}{option}" for sign in ("_", ".", ":", "-") if (sign, option) != ("_", "other")]
    found += [f"{path}.{option}" for path in _paths(asked, name)]
    found += [f"{said}/{text}" for said in asked.label.values() for text in (*tick.label.values(), option)]
    return tuple(found)


def _routed(made: _Made) -> tuple[Question, ...]:
    """Questions with their routing as expressions."""
    names = {q.id: Asked(q, "") for q in made.questions}
    routed: list[Question] = []
    for question in made.questions:
        parts = [read_gate(gate, names.get) for gate in made.gates[question.id]]
        if None in parts:
            made.odd.setdefault("gate", []).append(question.id)
            parts = []
        routed.append(replace(question, asked_if=" and ".join(part for part in dict.fromkeys(parts) if part)))
    return tuple(routed)


_SAID = {
    "repeated": (
        "questions are asked repeatedly",
        "They stand in a table of their own, with a row for each time.",
        "Read that table as a study of its own: --sheet, or its file.",
    ),
    "file": (
        "questions take their choices from a file that does not lie beside the form",
        "Their codes have no labels.",
        "Put the file (CSV) beside the form.",
    ),
    "list": ("questions name a list of choices that is not there", "Their codes have no labels.", ""),
    "type": ("questions are of a type that is not known", "They are read as text.", ""),
    "gate": (
        "questions have routing that cannot be read",
        "They count as asked of all.",
        "Write asked_if for them in codebook.toml.",
    ),
}


def _findings(where: str, made: _Made) -> Iterator[Finding]:
    for key, names in made.odd.items():
        found, meaning, do = _SAID[key]
        shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
        yield Finding(where, f"{len(names)} {found} ({shown})", meaning, do)
