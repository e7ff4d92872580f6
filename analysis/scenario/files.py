"""A scenario from its TOML file, every key held against what it may be."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.scenario.kinds import KINDS, PAIR_KEYS, TEST_KEYS
from analysis.scenario.record import Change, Scenario, Step
from survey import FileFault, StudyFault, data_folder, nearest, parse_toml, read_toml

__all__ = ["SCENARIO_KEYS", "load_scenario", "ready_scenarios", "scenario_of"]

SCENARIO_KEYS: Mapping[str, str] = {
    "schema": "1",
    "id": "name, in tables and addresses",
    "title": "by language",
    "about": "what it asks, by language",
    "assumptions": "what no source says, by language",
    "sources": "what the changes rest on",
    "change": "one change",
    "step": "further changes, step by step",
}
"""Keys of a file."""

_LANGUAGES = ("en", "ja")
_SIGNED = {"why": "text", "source": "text"}
_STEP = ("title", "change")


def ready_scenarios() -> tuple[Scenario, ...]:
    """Scenarios that travel with the product (`data/scenarios`), in the order of their file names."""
    return tuple(load_scenario(path) for path in sorted((data_folder() / "scenarios").glob("*.toml")))


def load_scenario(source: Path | str) -> Scenario:
    """Read a scenario: a file, or the id of one that travels with the product.

    Raises
    ------
    FileFault
        No such file and no such id.
    StudyFault
        Broken TOML, an unknown key or word (the nearest are suggested), a value of another kind, an interval
        that ends before it starts, a change without a key it needs; with file, line and key.
    """
    path = Path(source)
    if not path.is_file():
        ready = data_folder() / "scenarios"
        names = {found.stem: found for found in sorted(ready.glob("*.toml"))}
        if str(source) not in names:
            raise FileFault(
                str(source),
                "no such file, and no ready scenario of that name",
                "a scenario file (.toml), or one of: " + ", ".join(names),
                nearest(str(source), tuple(names)),
            )
        path = names[str(source)]
    return _scenario(*read_toml(path), path)


def scenario_of(text: str, where: str) -> Scenario:
    """Read a scenario from text such as a file holds.

    Parameters
    ----------
    text : str
    where : str
        What the text is called, for messages.

    Raises
    ------
    StudyFault
        As `load_scenario`.
    """
    return _scenario(*parse_toml(text.replace("\r\n", "\n"), Path(where)), Path(where))


def _scenario(content: Mapping[str, Any], lines: Mapping[str, int], path: Path) -> Scenario:
    reader = _Reader(path, lines)
    reader.known("", content, tuple(SCENARIO_KEYS))
    if content.get("schema") != 1:
        raise reader.fault("schema", repr(content.get("schema")), "schema 1", "write  schema = 1")
    name = reader.value("", "id", content.get("id"), "text")
    title = reader.value("", "title", content.get("title"), "titles")
    about = reader.value("", "about", content["about"], "titles") if "about" in content else {}
    told = content.get("assumptions", [])
    if not isinstance(told, list):
        raise reader.fault(
            "assumptions", repr(told), "a list", "write  assumptions = [{ en = ..., ja = ... }]"
        )
    assumptions = tuple(reader.value("", "assumptions", one, "titles") for one in told)
    sources = reader.value("", "sources", content.get("sources", []), "texts", may_be_none=True)
    changes = reader.changes("change", content.get("change", []), name, 0)
    steps, number = [], len(changes)
    for place, step in enumerate(reader.tables("step", content.get("step", []))):
        at = f"step.{place}"
        reader.known(at, step, _STEP)
        more = reader.changes(f"{at}.change", step.get("change", []), name, number)
        if not more:
            raise reader.fault(at, "a step without changes", "one change or more", "add  [[step.change]]")
        steps.append(Step(reader.value(at, "title", step.get("title"), "titles"), more))
        number += len(more)
    if not number:
        raise reader.fault("change", "nothing changes", "one change or more", "add  [[change]]")
    return Scenario(name, title, about, assumptions, tuple(sources), changes, tuple(steps), path)


class _Reader:
    """Checks values of one file and says where what is wrong stands."""

    def __init__(self, path: Path, lines: Mapping[str, int]) -> None:
        self.path, self.lines = path, lines

    def fault(self, key: str, found: str, expected: str, do: str) -> StudyFault:
        """A fault at a dotted key, or at the line of the nearest key above it."""
        parts = key.split(".")
        above = [".".join(parts[:many]) for many in range(len(parts), 0, -1)]
        line = next((self.lines[name] for name in above if name in self.lines), None)
        shown = ".".join(str(int(part) + 1) if part.isdecimal() else part for part in parts)
        where = f"{self.path}, line {line}, key {shown}" if line else f"{self.path}, key {shown}"
        return StudyFault(where, found, expected, do)

    def known(self, at: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        """No key but these."""
        for key in table:
            if key not in keys:
                raise self.fault(
                    f"{at}.{key}".lstrip("."),
                    f"unknown key {key!r}",
                    "one of: " + ", ".join(keys),
                    nearest(key, keys),
                )

    def tables(self, at: str, given: Any) -> list[dict[str, Any]]:
        """A list of tables."""
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self.fault(at, repr(given)[:60], f"tables [[{at.split('.')[-1]}]]", "write one for each")
        return given

    def changes(self, at: str, given: Any, scenario: str, before: int) -> tuple[Change, ...]:
        """Changes at a dotted key, numbered after those before them."""
        found = []
        for place, table in enumerate(self.tables(at, given)):
            here = f"{at}.{place}"
            word = str(table.get("do", ""))
            if word not in KINDS:
                raise self.fault(
                    f"{here}.do",
                    repr(word) if word else "nothing",
                    "one of: " + ", ".join(KINDS),
                    nearest(word, tuple(KINDS)),
                )
            kind = KINDS[word]
            keys = {**kind.needs, **kind.may, **_SIGNED}
            self.known(here, table, ("do", *keys))
            for key in kind.needs:
                if key not in table:
                    raise self.fault(
                        here, f"{word} without {key}", f"{key}: {_said(keys[key])}", f"write  {key} = ..."
                    )
            values = {key: self.value(here, key, table[key], keys[key]) for key in table if key != "do"}
            if "from" in values and "to" in values and values["to"] < values["from"]:
                raise self.fault(
                    f"{here}.to",
                    f"an interval that ends before it starts: {values['from']} to {values['to']}",
                    "a last day not before the first",
                    "correct the dates",
                )
            found.append(Change(before + place + 1, word, values, scenario, self.path, here, self.lines))
        return tuple(found)

    def value(self, at: str, key: str, given: Any, kind: str, *, may_be_none: bool = False) -> Any:
        """The value of a key, if it is of its kind."""
        dotted = f"{at}.{key}".lstrip(".")
        if kind in ("tests", "pairs"):
            return self._rows(dotted, given, TEST_KEYS if kind == "tests" else PAIR_KEYS)
        if not _fits(given, kind) and not (may_be_none and given == []):
            found = "nothing" if given is None else str(given) if isinstance(given, date) else repr(given)
            do = nearest(given, kind.split("|")) if "|" in kind and isinstance(given, str) else "correct it"
            raise self.fault(dotted, found, _said(kind), do)
        return given

    def _rows(self, at: str, given: Any, keys: Mapping[str, str]) -> list[dict[str, Any]]:
        rows = self.tables(at, given)
        for place, row in enumerate(rows):
            self.known(f"{at}.{place}", row, tuple(keys))
            for key, value in row.items():
                self.value(f"{at}.{place}", key, value, keys[key])
        return rows


def _fits(given: Any, kind: str) -> bool:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if kind == "text or number":
        return number or _fits(given, "text")
    if kind == "text":
        return isinstance(given, str) and bool(given.strip())
    if kind == "texts":
        many = [given] if isinstance(given, str) else given
        return isinstance(many, list) and bool(many) and all(_fits(one, "text") for one in many)
    if kind == "date":
        return isinstance(given, date) and not isinstance(given, datetime) and given > date.min
    if kind == "number":
        return number and abs(given) <= sys.float_info.max
    if kind == "share":
        return number and 0.0 <= given <= 1.0
    if kind == "titles":
        return (
            isinstance(given, dict)
            and set(given) <= set(_LANGUAGES)
            and "en" in given
            and all(_fits(one, "text") for one in given.values())
        )
    return given in kind.split("|")


def _said(kind: str) -> str:
    return {
        "text": "a text",
        "text or number": "a text or a number",
        "texts": "a text, or a list of texts",
        "date": "a date such as 2026-01-15, without quotes",
        "number": "a number",
        "share": "a share from 0 to 1",
        "titles": 'a text by language: { en = "...", ja = "..." }',
    }.get(kind, "one of: " + ", ".join(kind.split("|")))
