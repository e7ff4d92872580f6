"""How good the answers are: response, bases and leaks, cleaning, weights, what is hidden."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.asked import BASE_RULES, question_ids
from dashboard.command.ledger_words import reason_in, rule_in
from dashboard.pages.agreement import show_agreement
from dashboard.pages.disclosed import show_disclosure
from dashboard.pages.given import given_text
from dashboard.pages.marks import filled_table, folded_rows, hatched
from dashboard.shelf import Shelf
from dashboard.wording import as_number, as_whole, beside, is_number, say

__all__ = ["quality_sections"]

_STATES = ("answered", "answered_not_routed", "not_asked", "no_answer", "do_not_know", "refused", "withheld")


def quality_sections(shelf: Shelf, lang: str) -> list[tuple[str, list[Component]]]:
    """Key and content of each section, those without anything to say left out."""
    found = [
        ("response", _response(shelf, lang)),
        ("bases", _bases(shelf, lang)),
        ("cleaning", _cleaning(shelf, lang)),
        ("weights", _weights(shelf, lang)),
        ("agreement", show_agreement(shelf, lang)),
        ("disclosure", show_disclosure(shelf, lang)),
    ]
    return [(key, parts) for key, parts in found if parts]


def _p(text: str) -> Component:
    return html.P(text, className="said")


def _records(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    table = shelf.tables.get(name)
    if table is None:
        return []
    return [{str(key): value for key, value in row.items()} for row in table.to_dict(orient="records")]


def _response(shelf: Shelf, lang: str) -> list[Component]:
    """How many answered each question; with the reasons of the others where the Release holds them."""
    firms = shelf.manifest.get("firms")
    names = question_ids(shelf)
    if not names or not firms:
        return []
    states: dict[str, dict[str, int]] = {}
    for row in _records(shelf, "response"):
        states.setdefault(str(row["question"]), {})[str(row["stat"])] = int(row["estimate"])
    used = [state for state in _STATES if any(state in of for of in states.values())]
    lines: list[list[Component | str]] = []
    for name in names:
        label = shelf.label(lang, name)
        if states:
            lines.append([label, *[as_whole(states.get(name, {}).get(state, 0)) for state in used]])
            continue
        known = shelf.shares(name, base_rule="answered")["n"].dropna()
        lines.append([label, as_whole(known.max()) if len(known) else hatched(lang)])
    heads = [say(lang, f"response_state.{state}") for state in (used if states else ["answered"])]
    head = [say(lang, "survey.question"), *heads]
    title = say(lang, "method_page.response")
    said = [_p(say(lang, "method_page.response_text", firms=firms, questions=len(names)))]
    if not states:
        said.append(_p(say(lang, "method_page.response_less")))
    return [*said, folded_rows(lang, head, lines, title, numbers=tuple(range(1, len(head))))]


def _bases(shelf: Shelf, lang: str) -> list[Component]:
    """The three base rules in words, and every question where they differ or firms leaked."""
    leaks = [
        (r["question"], int(r["estimate"]))
        for r in _records(shelf, "response")
        if r["stat"] == "answered_not_routed"
    ]
    rules = html.Dl(
        [
            part
            for rule in BASE_RULES
            for part in (
                html.Dt(say(lang, f"base_rule.{rule}")),
                html.Dd(say(lang, f"base_meaning.{rule}")),
            )
        ],
        className="rules-explained",
    )
    parts: list[Component] = [_p(say(lang, "method_page.bases_text")), rules]
    if leaks:
        words = [
            html.Li(
                say(lang, "method_page.leak_one", question=shelf.label(lang, name))
                if many == 1
                else say(lang, "method_page.leak", question=shelf.label(lang, name), leak=many)
            )
            for name, many in leaks
        ]
        parts += [html.H3(say(lang, "method_page.leaks")), html.Ul(words, className="notes")]
    return parts


def _cleaning(shelf: Shelf, lang: str) -> list[Component]:
    rows = _records(shelf, "cleaning")
    if "cleaning" not in shelf.tables:
        return []
    if not rows:
        return [_p(say(lang, "method_page.cleaning_none"))]
    is_full = any(row["question"] or row["reason"] for row in rows)
    lines: list[list[Component | str]] = []
    for row in rows:
        rule, why = str(row["rule"]), reason_in(lang, str(row["rule"]), str(row["reason"]))
        cells: Component | str = f"{int(row['estimate'])}" if is_number(row["estimate"]) else hatched(lang)
        given = [given_text(lang, text) for text in (why, row["who"])]
        name = str(row["question"])
        label = shelf.label(lang, name)
        more = [label if label != name else html.Code(name), *given] if is_full else []
        lines.append([rule_in(lang, rule), cells, *more])
    keys = ["rule", "cells", *(["question", "reason", "who"] if is_full else [])]
    head = [say(lang, f"cleaning.{key}") for key in keys]
    title = say(lang, "method_page.cleaning")
    return [
        _p(say(lang, "method_page.cleaning_text", rows=int(rows[0]["n"]))),
        filled_table(head, lines, title, numbers=(1,)),
    ]


def _weights(shelf: Shelf, lang: str) -> list[Component]:
    design = shelf.manifest.get("design") or {}
    if not design:
        return []
    told = str(design.get("weighted", "none"))
    said = [
        _p(say(lang, f"weights.{told if told in ('none', 'file') else 'made'}")),
        _p(say(lang, f"target.{design.get('target', 'mechanism')}")),
    ]
    rows = _records(shelf, "weighting")
    if not rows:
        return [*said]
    whole = [r for r in rows if not r["margin"]]
    facts = [
        [say(lang, f"weighting.{r['stat'].replace(' ', '_')}"), as_number(r["estimate"], "")] for r in whole
    ]
    title = say(lang, "method_page.weights")
    parts: list[Component] = [
        *said,
        filled_table([say(lang, "weighting.what"), say(lang, "column.value")], facts, title, numbers=(1,)),
    ]
    met: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["margin"]:
            met.setdefault((row["margin"], row["category"]), {"n": row["n"], "source": row["source"]})[
                row["stat"]
            ] = row["estimate"]
    lines: list[list[Component | str]] = []
    for (margin, category), of in met.items():
        totals = [as_number(of[stat], "") for stat in ("wanted", "before", "after")]
        name = beside(lang, shelf.label(lang, margin), shelf.label(lang, margin, category))
        lines.append([name, as_whole(of["n"]), *totals, str(of["source"])])
    heads = [
        say(lang, f"weighting.{key}") for key in ("margin", "firms", "wanted", "before", "after", "source")
    ]
    return [*parts, folded_rows(lang, heads, lines, title, numbers=(1, 2, 3, 4))] if lines else parts
