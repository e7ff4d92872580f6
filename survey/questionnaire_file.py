"""`instrument.toml` with the `codebook.toml` beside it: read, and checked before it goes out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.codebook import Codebook, Question
from survey.codebook_file import overlay_codebook
from survey.codebook_writing import codebook_text
from survey.expression import parse_expression
from survey.expression_tree import names_in
from survey.faults import FileFault, StudyFault, nearest
from survey.paths import near_path
from survey.questionnaire import Distribution, Instrument, Item, Section, Sum
from survey.toml_file import read_toml

__all__ = ["INSTRUMENT_SCHEMA", "instrument_text", "load_instrument"]

INSTRUMENT_SCHEMA = 1
"""Version of the layout of `instrument.toml`."""

_TOP: tuple[str, ...] = ("schema", "id", "version", "title", "note", "languages", "sections", "items")
_TOP += ("distributions", "sums", "hints", "limits", "units", "questions")
_TABLE = re.compile(r"^\[\[?\s*([\w-]+)")
_SECTION = ("id", "title", "note", "questions", "office")
_ITEM = ("item", "us", "cn", "label")
_DISTRIBUTION = ("id", "values", "probabilities", "label")
_SUM = ("questions", "total")
_LIMIT = ("low", "high")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_CODE = re.compile(r"[A-Za-z0-9]{1,5}")
_TICK = re.compile(r"[A-Za-z0-9]{1,20}")
_RESERVED = ("LANG", "SID", "SAVEDID", "TOKEN", "QID", "GID", "SGQ", "self", "that", "this", "time")


def load_instrument(folder: Path | str) -> Instrument:
    """Read the questionnaire of a folder: `instrument.toml` and the `codebook.toml` beside it.

    An `instrument.toml` that holds the `[questions]` itself stands alone.

    Raises
    ------
    FileFault
        No such folder or file.
    StudyFault
        A broken file; a question in no section or in two, or asked before what routes it; two
        sides with other options; a wording that a language lacks; a name that a survey platform
        would change (names are letters and digits, begin with a letter, 20 at most; codes are
        letters and digits, 5 at most, ticks 20).
    """
    folder = Path(folder)
    path = folder / "instrument.toml" if folder.is_dir() else folder
    if not path.is_file():
        do = "name the folder that holds instrument.toml" if folder.is_dir() else near_path(folder)
        raise FileFault(str(path), "no such file", "an instrument.toml with a codebook.toml beside it", do)
    table, lines = read_toml(path)
    check = _Check(path, lines)
    check.only(table, _TOP, "")
    if table.get("schema") != INSTRUMENT_SCHEMA:
        raise check.fault("schema", repr(table.get("schema")), f"schema = {INSTRUMENT_SCHEMA}", "write it")
    sections = check.tables(table, "sections", _SECTION)
    limits = check.words(table, "limits")
    for name, limit in limits.items():
        check.only(limit, _LIMIT, f"limits.{name}")
    made = Instrument(
        str(table.get("id", path.parent.name)),
        str(table.get("version", "1")),
        check.words(table, "title"),
        check.words(table, "note"),
        _codebook(path) if "questions" in table else _codebook(path.with_name("codebook.toml")),
        tuple(
            Section(
                str(t.get("id", "")),
                t.get("title", {}),
                tuple(t.get("questions", ())),
                t.get("note", {}),
                bool(t.get("office", False)),
            )
            for t in sections
        ),
        tuple(
            Item(t.get("item", ""), t.get("us", ""), t.get("cn", ""), t.get("label", {}))
            for t in check.tables(table, "items", _ITEM)
        ),
        tuple(
            Distribution(
                t.get("id", ""),
                tuple(t.get("values", ())),
                tuple(t.get("probabilities", ())),
                t.get("label", {}),
            )
            for t in check.tables(table, "distributions", _DISTRIBUTION)
        ),
        tuple(
            Sum(tuple(t.get("questions", ())), float(t.get("total", 100)))
            for t in check.tables(table, "sums", _SUM)
        ),
        check.words(table, "hints"),
        {name: (limit.get("low"), limit.get("high")) for name, limit in limits.items()},
        check.words(table, "units"),
    )
    check.whole(made)
    order = tuple(made.codebook.question(name) for s in made.sections for name in s.questions)
    return replace(made, codebook=replace(made.codebook, questions=order))


def instrument_text(path: Path) -> str:
    """The questionnaire as one `instrument.toml` that stands alone, its questions in it.

    Raises
    ------
    FileFault, StudyFault
        As `load_instrument`.
    """
    made = load_instrument(path)
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    if "questions" in read_toml(path)[0]:
        return text
    schema, languages, questions = codebook_text(made.codebook).split("\n", 2)
    head, _, rest = text.partition(f"schema = {INSTRUMENT_SCHEMA}\n")
    return f"{head}{schema}\n{languages}\n{rest}{questions}"


def _codebook(path: Path) -> Codebook:
    """A codebook that stands by itself: its columns are those it names."""
    table, _ = read_toml(path)
    entries = table.get("questions", {})
    entries = entries if isinstance(entries, dict) else {}
    columns: list[str] = []
    for name, entry in entries.items():
        own = entry.get("columns", [name]) if isinstance(entry, dict) else [name]
        columns += [str(column) for column in own] if isinstance(own, list) else [name]
    bare = Codebook(tuple(Question(c, "text", (c,), concept=c) for c in dict.fromkeys(columns)))
    return overlay_codebook(bare, path, tuple(dict.fromkeys(columns)), text=_questions(path))


def _questions(path: Path) -> str:
    """The part of a file that a codebook holds, each line where it stands."""
    kept: list[str] = []
    inside = ""
    for line in path.read_bytes().decode("utf-8-sig").splitlines():
        heading = _TABLE.match(line)
        inside = heading[1] if heading else inside
        own = inside == "questions" or (not inside and re.match(r"(schema|languages)\s*=", line))
        kept.append(line if own else "")
    return "\n".join(kept)


class _Check:
    """What must hold before a questionnaire goes out."""

    def __init__(self, path: Path, lines: Mapping[str, int]) -> None:
        self.path, self.lines = path, lines

    def fault(self, key: str, found: str, expected: str, do: str) -> StudyFault:
        line = f", line {self.lines[key]}" if key in self.lines else ""
        return StudyFault(f"{self.path}{line}, key {key}", found, expected, do)

    def only(self, table: Mapping[str, Any], known: tuple[str, ...], at: str) -> None:
        for key in table:
            if key not in known:
                where = f"{at}.{key}" if at else key
                raise self.fault(where, f"unknown key {key!r}", ", ".join(known), nearest(key, known))

    def words(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, repr(value)[:80], "a table", f'write  {key} = {{ en = "...", ja = "..." }}')
        return value

    def tables(self, table: Mapping[str, Any], key: str, known: tuple[str, ...]) -> list[dict[str, Any]]:
        rows = table.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.fault(key, repr(rows)[:80], f"tables [[{key}]]", f"write  [[{key}]]")
        for i, row in enumerate(rows):
            self.only(row, known, f"{key}.{i}")
        return rows

    def whole(self, made: Instrument) -> None:
        ids = made.codebook.ids()
        named = [("sections", name) for s in made.sections for name in s.questions]
        named += [("items", name) for i in made.items for name in (i.us, i.cn)]
        named += [("distributions", n) for d in made.distributions for n in (*d.values, *d.probabilities)]
        named += [("sums", name) for s in made.sums for name in s.questions]
        named += [("hints", name) for name in made.hints] + [("limits", name) for name in made.limits]
        for key, name in named:
            if name not in ids:
                raise self.fault(key, f"no question {name!r}", "one of codebook.toml", nearest(name, ids))
        seen: set[str] = set()
        for section in made.sections:
            for name in section.questions:
                if name in seen:
                    raise self.fault("sections", f"{name!r} twice", "each question once", "remove one")
                self.question(made, made.codebook.question(name), seen)
                seen.add(name)
        for name in ids:
            if name not in seen:
                raise self.fault("sections", f"{name!r} in none", "each question in a section", "add it")
        for item in made.items:
            us, cn = made.codebook.question(item.us), made.codebook.question(item.cn)
            if (us.kind, _options(us), us.unit) != (cn.kind, _options(cn), cn.unit):
                found = f"{item.us!r} and {item.cn!r} differ"
                raise self.fault("items", found, "the same kind, options and unit a side", "make them alike")

    def question(self, made: Instrument, question: Question, before: set[str]) -> None:
        key = f"questions.{question.id}"
        names = [question.id] if question.is_dichotomies else [question.id, *question.columns]
        codes = _TICK if question.is_dichotomies else _CODE
        for name in names:
            if not _NAME.fullmatch(name) or name in _RESERVED:
                do = "use letters and digits, 20 at most, and begin with a letter"
                raise self.fault(key, f"the name {name!r}", "a name that no platform changes", do)
        for choice in question.choices:
            if not codes.fullmatch(choice.code) or choice.code in _RESERVED:
                expected = "letters and digits, which no platform changes"
                raise self.fault(key, f"the code {choice.code!r}", expected, "rename it")
        alike = {c.code.casefold(): c.code for c in question.choices}
        for choice in question.choices:
            if alike[choice.code.casefold()] != choice.code:
                found = f"the codes {choice.code!r} and {alike[choice.code.casefold()]!r}"
                raise self.fault(key, found, "codes that differ in more than case", "rename one")
        labels = [question.label, *[c.label for c in question.choices]]
        for lang in made.codebook.languages:
            if not all(label.get(lang) for label in labels):
                raise self.fault(key, f"a wording without {lang!r}", "all languages", "translate it")
        if question.asked_if:
            tree = parse_expression(question.asked_if, f"asked_if of question {question.id!r}")
            late = [name.id for name in names_in(tree) if name.id not in before]
            if late:
                found = f"asked_if names {late[0]!r}, which is not asked before"
                raise self.fault(key, found, "questions asked earlier", "move it behind them")


def _options(question: Question) -> list[tuple[Any, ...]]:
    return [(c.code, dict(c.label), c.low, c.high) for c in question.choices]
