"""The cells a scenario changes, in words: intervals, tests, lists, new rules and links."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dashboard.foreseen import Foreseen
from dashboard.given_words import reason_words
from dashboard.pages.collisions import as_word
from dashboard.supply_words import country_name
from dashboard.wording import as_date, catalogue, say

__all__ = ["cell_words", "done_words", "named_in", "what_words"]

_INTERVAL = re.compile(r"^(\w+) (open|\d{4}-\d\d-\d\d) to (open|\d{4}-\d\d-\d\d)$")
_LISTED = re.compile(r"^(\S+) (open|\d{4}-\d\d-\d\d) to (open|\d{4}-\d\d-\d\d)$")
_TEST = re.compile(r"^(\w+): (\w+) (\w+) (.*?)(?: -> (.*))?$")
_SHARES = ("_content", "_through", "stake", "growth")
_COUNTRIES = ("seller_country", "buyer_country", "origin", "person_country")
_MOST = 6


def named_in(found: Foreseen, lang: str, row: Mapping[str, Any]) -> str:
    """What a changed cell is about: the rule's name, the party's, or links."""
    table, key = str(row["table"]), str(row["key"])
    if table == "links":
        return say(lang, "scenario_table.links")
    if table == "listings":
        return found.party(lang, key)
    instrument = str(row.get("instrument") or key.split(" ")[0])
    return found.rule(lang, instrument) if instrument else key


def done_words(lang: str, row: Mapping[str, Any]) -> str:
    """What is done: put in force, suspended, moved ..."""
    return _word(lang, f"scenario_do.{row['do']}")


def what_words(lang: str, row: Mapping[str, Any]) -> str:
    """Which cell it is: its dates, a test by the fact it asks for, its place on a list."""
    table, column, key = str(row["table"]), str(row["column"]), str(row["key"])
    if table == "gates" and column != "test":
        field = as_word(lang, "rule_field", key.split(" ")[-1])
        return say(lang, "scenarios.of_field", field=field, column=_word(lang, f"scenario_cell.{column}"))
    cell, branch = _word(lang, f"scenario_cell.{table}_{column}"), key.partition(" ")[2]
    if table == "in_force" and branch:
        return say(lang, "scenarios.of_branch", cell=cell, branch=reason_words(lang, branch).words)
    return cell


def cell_words(found: Foreseen, lang: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """The cell before and after; "" where it was not there, or is no longer."""
    before, after = str(row["before"] or ""), str(row["after"] or "")
    table, column = str(row["table"]), str(row["column"])
    if table == "in_force":
        return _intervals(lang, before, after)
    if table == "listings":
        return _listed(found, lang, before), _listed(found, lang, after)
    if table == "gates":
        field = str(row["key"]).split(" ")[-1]
        if column == "test":
            return _test(found, lang, before), _test(found, lang, after)
        if column == "operator":
            return tuple(_operator(lang, word) for word in (before, after))  # type: ignore[return-value]
        return _widened(found, lang, field, before, after)
    if table == "instruments" and column == "instrument":
        return "", found.rule(lang, str(row["key"]))
    if table == "instruments" and column == "side":
        return tuple(as_word(lang, "side", word) for word in (before, after))  # type: ignore[return-value]
    if table == "collisions":
        parts = str(row["key"]).split(" ")
        clause = found.rule(lang, parts[1]) if len(parts) > 1 else ""
        return before, say(lang, "scenarios.clause", clause=clause, status=as_word(lang, "status", after))
    if table == "aligned":
        return before, found.rule(lang, after)
    return before, after


def _word(lang: str, key: str) -> str:
    """The word of a key, or what stands after its dot."""
    return catalogue(lang).get(key) or key.partition(".")[2]


def _ends(lang: str, first: str, last: str) -> str:
    if first == "open" and last == "open":
        return ""
    if last == "open":
        return say(lang, "scenarios.since", day=as_date(lang, first))
    if first == "open":
        return say(lang, "scenarios.until", day=as_date(lang, last))
    return say(lang, "scenarios.from_until", first=as_date(lang, first), last=as_date(lang, last))


def _intervals(lang: str, before: str, after: str) -> tuple[str, str]:
    """The intervals that differ; all that both cells share is left out."""
    was, now = ([part for part in cell.split("; ") if part] for cell in (before, after))

    def said(mine: list[str], others: list[str]) -> str:
        words = []
        for part in _run_on([one for one in mine if one not in others] or mine[-1:]):
            found = _INTERVAL.match(part)
            if found is None:
                words.append(part)
                continue
            state = _word(lang, f"scenario_state.{found[1]}")
            words.append(f"{state} {_ends(lang, found[2], found[3])}".strip())
        return say(lang, "scenarios.then").join(words)

    return said(was, now), said(now, was)


def _run_on(parts: list[str]) -> list[str]:
    """Intervals of one state that follow each other without a gap, told as one."""
    told: list[str] = []
    for part in parts:
        last, found = _INTERVAL.match(told[-1]) if told else None, _INTERVAL.match(part)
        if last and found and last[1] == found[1] and found[2] in (last[3], _next_day(last[3])):
            told[-1] = f"{last[1]} {last[2]} to {found[3]}"
        else:
            told.append(part)
    return told


def _next_day(day: str) -> str:
    return "" if day == "open" else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _listed(found: Foreseen, lang: str, cell: str) -> str:
    told = _LISTED.match(cell)
    if told is None:
        return cell
    return f"{found.shelf.label(lang, 'instrument', told[1])} {_ends(lang, told[2], told[3])}".strip()


def _operator(lang: str, operator: str) -> str:
    words = catalogue(lang).get(f"operator.{operator}", operator)
    return words.replace("{field}", "").replace("{value}", "…").strip() if "{" in words else words


def _values(found: Foreseen, lang: str, field: str, cell: str) -> str:
    values = [_value(found, lang, field, value) for value in cell.split("|") if value]
    shown = say(lang, "scenarios.listed").join(values[:_MOST])
    return shown + (
        say(lang, "scenarios.more_values", many=len(values) - _MOST) if len(values) > _MOST else ""
    )


def _widened(found: Foreseen, lang: str, field: str, before: str, after: str) -> tuple[str, str]:
    """Both cells; of a longer list what it adds."""
    was, now = before.split("|"), after.split("|")
    told = _values(found, lang, field, before)
    if len(was) < len(now) and set(was) <= set(now):
        more = "|".join(value for value in now if value not in was)
        return told, say(lang, "scenarios.adds", values=_values(found, lang, field, more))
    return told, _values(found, lang, field, after)


def _value(found: Foreseen, lang: str, field: str, value: str) -> str:
    if field in _COUNTRIES:
        return country_name(lang, value)
    if field == "technology":
        return reason_words(lang, found.technology(lang, value)).words
    if field == "flow_kind":
        return catalogue(lang).get(f"flow_kind.{value.replace('-', '_')}", value)
    if field.endswith("_lists"):
        return found.rule(lang, value)
    if field.endswith(_SHARES):
        try:
            return say(lang, "unit.percent", value=f"{100 * float(value):g}")
        except ValueError:
            return value
    return reason_words(lang, value).words


def _test(found: Foreseen, lang: str, cell: str) -> str:
    told = _TEST.match(cell)
    if told is None:
        return cell
    _, field, operator, value, outcome = told.groups()
    name, shown = as_word(lang, "rule_field", field), _values(found, lang, field, value)
    words = catalogue(lang).get(f"operator.{operator}", "{field} " + operator + " {value}")
    said = words.replace("{field}", name).replace("{value}", shown)
    return f"{said} → {as_word(lang, 'outcome', outcome)}" if outcome else said
