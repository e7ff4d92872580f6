"""`codebook.toml`: what completes or overrides what a survey file says of its questions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.codebook import KINDS, ROLES, Choice, Codebook, MissingCode, Question
from survey.coding import code_text
from survey.faults import StudyFault, nearest
from survey.missing import REASONS
from survey.toml_file import parse_toml, read_toml

__all__ = ["CODEBOOK_SCHEMA", "overlay_codebook"]

CODEBOOK_SCHEMA = 1
"""Version of the layout of `codebook.toml`."""

_TOP = ("schema", "languages", "questions")
_QUESTION = tuple(
    "kind label columns choices missing counted asked_if nets role concept unit version break".split()  # noqa: SIM905
)
_CHOICE = ("code", "label", "column", "low", "high")
_MISSING = ("code", "low", "high", "reason", "label")
_NET = ("codes", "label")
_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?|")


class _Place:
    """Where in the file we are, for messages."""

    def __init__(self, path: Path, lines: Mapping[str, int], key: str) -> None:
        self.path, self.lines, self.key = path, lines, key

    def at(self, key: str) -> "_Place":
        return _Place(self.path, self.lines, f"{self.key}.{key}" if self.key else key)

    def fault(self, found: str, expected: str, do: str) -> StudyFault:
        at = self.key
        while at and at not in self.lines:
            at = at.rpartition(".")[0]
        line = f", line {self.lines[at]}" if at else ""
        return StudyFault(f"{self.path}{line}, key {self.key}", found, expected, do)

    def only(self, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                raise self.at(key).fault(
                    f"unknown key {key!r}", "one of: " + ", ".join(known), nearest(key, known)
                )

    def word(self, table: Mapping[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
        value = table.get(key, default)
        if value not in known:
            raise self.at(key).fault(f"{value!r}", "one of: " + ", ".join(known), nearest(str(value), known))
        return value

    def text(self, table: Mapping[str, Any], key: str, default: str) -> str:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.at(key).fault(f"{value!r}", "text in quotes", f'write  {key} = "..."')
        return code_text(value)

    def label(self, value: Any) -> dict[str, str]:
        if isinstance(value, str):
            return {"": value} if value else {}
        if isinstance(value, dict) and all(
            isinstance(v, str) and _LANG.fullmatch(k) for k, v in value.items()
        ):
            return dict(value)
        raise self.fault(
            f"{value!r}", "a text for each language", 'write  label = { en = "...", ja = "..." }'
        )

    def tables(self, table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.at(key).fault(
                f"{value!r}"[:80], "a list of { ... }", f'write  {key} = [ {{ code = "1" }} ]'
            )
        return value

    def codes(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or any(
            isinstance(v, bool) or not isinstance(v, str | int | float) for v in value
        ):
            raise self.fault(f"{value!r}"[:80], "a list of codes or names", 'write  ["1", "2"]')
        return tuple(code_text(v) for v in value)


def overlay_codebook(found: Codebook, path: Path, columns: tuple[str, ...], *, text: str = "") -> Codebook:
    """Complete or override a codebook by a `codebook.toml`.

    A question that the file knows is changed key by key; a new one must name its columns, which
    then are no questions of their own. Questions that `codebook.toml` does not name stay as they are.

    Parameters
    ----------
    found : Codebook
        What the survey file says.
    path : Path
        The `codebook.toml`.
    columns : tuple[str, ...]
        Columns of the survey file.
    text : str
        Its content, where it does not stand in a file of its own.

    Raises
    ------
    FileFault
        The file cannot be read.
    StudyFault
        Broken TOML, an unknown key, word or column (the nearest are suggested).
    """
    table, lines = parse_toml(text, path) if text else read_toml(path)
    place = _Place(path, lines, "")
    place.only(table, _TOP)
    if table.get("schema") != CODEBOOK_SCHEMA:
        raise place.at("schema").fault(
            f"{table.get('schema')!r}", f"schema = {CODEBOOK_SCHEMA}", "write it as the first line"
        )
    entries = table.get("questions", {})
    if not isinstance(entries, dict):
        raise place.at("questions").fault(
            f"{entries!r}"[:80], "tables [questions.ID]", "write  [questions.q1]"
        )
    known = {q.id: q for q in found.questions}
    taken: dict[str, str] = {}
    changed: dict[str, Question] = {}
    for name, entry in entries.items():
        here = place.at(f"questions.{name}")
        if not isinstance(entry, dict):
            raise here.fault(
                f"{entry!r}"[:80], f"a table [questions.{name}]", "write its keys below that line"
            )
        here.only(entry, _QUESTION)
        question = _question(here, name, entry, known.get(name), columns)
        changed[name] = question
        for column in question.columns:
            if column in taken:
                raise here.at("columns").fault(
                    f"column {column!r} belongs to question {taken[column]!r}",
                    "each column in one question",
                    "remove one",
                )
            taken[column] = name
    languages = place.at("languages").codes(table.get("languages", []))
    return Codebook(
        tuple(_in_order(found, changed, taken)), languages or _languages(changed) or found.languages
    )


def _in_order(found: Codebook, changed: dict[str, Question], taken: dict[str, str]) -> Iterator[Question]:
    """Old and new questions, each at the place of its first column in the file."""
    done: set[str] = set()
    for old in found.questions:
        owners = dict.fromkeys(taken[c] for c in old.columns if c in taken)
        for owner in owners:
            if owner not in done:
                done.add(owner)
                yield changed[owner]
        if not owners:
            yield old


def _languages(changed: Mapping[str, Question]) -> tuple[str, ...]:
    labels = [q.label for q in changed.values()] + [c.label for q in changed.values() for c in q.choices]
    return tuple(dict.fromkeys(lang for label in labels for lang in label if lang))


def _question(
    here: _Place, name: str, entry: Mapping[str, Any], old: Question | None, columns: tuple[str, ...]
) -> Question:
    named = (
        here.at("columns").codes(entry["columns"])
        if "columns" in entry
        else (old.columns if old else (name,))
    )
    for column in named:
        if column not in columns:
            place = here.at("columns") if "columns" in entry else here
            raise place.fault(
                f"no column {column!r} in the file", "a column of the file", nearest(column, columns)
            )
    base = old or Question(name, "multiple" if len(named) > 1 else "text", named, concept=name)
    kind = here.word(entry, "kind", KINDS, base.kind)
    if len(named) != 1 and kind != "multiple":
        raise here.at("columns").fault(
            f"{len(named)} columns for a question of kind {kind!r}",
            "one column, or kind multiple",
            "name one column",
        )
    question = replace(
        base,
        columns=named,
        kind=kind,
        label=here.at("label").label(entry["label"]) if "label" in entry else base.label,
        choices=_choices(here, entry, named) if "choices" in entry else base.choices,
        missing=_missing(here, entry) if "missing" in entry else base.missing,
        counted=here.text(entry, "counted", base.counted),
        asked_if=here.text(entry, "asked_if", base.asked_if),
        role=here.word(entry, "role", ROLES, base.role),
        concept=here.text(entry, "concept", base.concept or name),
        unit=here.text(entry, "unit", base.unit),
        version=here.text(entry, "version", base.version),
        break_reason=here.at("break").label(entry["break"]) if "break" in entry else base.break_reason,
    )
    if "nets" in entry:
        question = _with_nets(here.at("nets"), question, entry["nets"])
    if kind == "binary" and not question.counted:
        listed = [c.code for c in question.choices]
        likely = [c for c in ("1", "TRUE", "True", "true", "yes", "Yes") if c in listed or not listed]
        if not likely:
            raise here.fault(
                "a binary question without counted", "the code that counts as yes", 'write  counted = "1"'
            )
        question = replace(question, counted=likely[0])
    return question


def _choices(here: _Place, entry: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    place = here.at("choices")
    for item in here.tables(entry, "choices"):
        place.only(item, _CHOICE)
        column = place.text(item, "column", "")
        code = place.text(item, "code", column)
        if not code:
            raise place.fault(
                f"{item!r}"[:80], "a choice with its code", 'write  { code = "1", label = "..." }'
            )
        if column and column not in columns:
            raise place.fault(
                f"no column {column!r} in this question", "one of its columns", nearest(column, columns)
            )
        if code in {c.code for c in choices}:
            raise place.fault(f"code {code!r} twice", "each code once", "remove one")
        choices.append(
            Choice(
                code,
                place.label(item.get("label", "")),
                column,
                _bound(place, item, "low"),
                _bound(place, item, "high"),
            )
        )
    return tuple(choices)


def _bound(place: _Place, item: Mapping[str, Any], key: str) -> float | None:
    value = item.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.fault(f"{key} = {value!r}", "a number", f"write  {key} = 10")
    return float(value)


def _missing(here: _Place, entry: Mapping[str, Any]) -> tuple[MissingCode, ...]:
    codes: list[MissingCode] = []
    place = here.at("missing")
    for item in here.tables(entry, "missing"):
        place.only(item, _MISSING)
        ends: list[float | str] = []
        for end in (item.get("code", item.get("low")), item.get("code", item.get("high"))):
            if isinstance(end, bool) or not isinstance(end, str | int | float):
                do = 'write  { code = 99, reason = "refused" }'
                raise place.fault(f"{item!r}"[:80], "a code, or low and high", do)
            ends.append(end if isinstance(end, str) else float(end))
        reason = place.word(item, "reason", tuple(REASONS), "no_answer")
        codes.append(MissingCode(ends[0], ends[1], reason, place.label(item.get("label", ""))))
    return tuple(codes)


def _with_nets(place: _Place, question: Question, nets: Any) -> Question:
    if not isinstance(nets, dict):
        raise place.fault(f"{nets!r}"[:80], "nets by name", 'write  nets = { top2 = ["4", "5"] }')
    codes: dict[str, tuple[str, ...]] = {}
    labels: dict[str, Mapping[str, str]] = {}
    known = tuple(c.code for c in question.choices)
    for net, value in nets.items():
        here = place.at(net)
        if isinstance(value, dict):
            here.only(value, _NET)
            labels[net] = here.label(value.get("label", ""))
            value = value.get("codes")
        codes[net] = here.codes(value)
        for code in codes[net]:
            if known and code not in known:
                raise here.fault(
                    f"no code {code!r} in question {question.id!r}",
                    "codes of its choices",
                    nearest(code, known),
                )
    return replace(question, nets=codes, net_labels=labels)
