"""What changed from one wave to the next: each answer that was asked alike, its difference and interval."""

from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.asked import asked_for
from dashboard.pages.about import about_part
from dashboard.pages.marks import bar_ends, interval_bar, table_view, words_table
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.trend import Trend
from dashboard.wording import as_points, as_whole, is_number, say

__all__ = ["changed_panel"]

_MOST = 6
_FINE = 200
"""Firms from which a difference has a decimal, as shares have."""

_TABLES = ("changes", "published_changes")


@dataclass(frozen=True, slots=True)
class _Change:
    """One answer and its last change, as `Trend.changes` tells it."""

    label: str
    href: str
    told: dict[str, Any]

    @property
    def is_alike(self) -> bool:
        return self.told["flag"] != "break"

    @property
    def is_felt(self) -> bool:
        return self.told["flag"] == "change"


def changed_panel(shelf: Shelf, view: View) -> Component:
    """The answers that two waves asked alike, the changed ones first; else why none can be compared."""
    lang, kind = view.lang, "panel one-column"
    found = _found(shelf, view)
    alike = sorted((one for one in found if one.is_alike), key=lambda one: not one.is_felt)
    title = html.H2(_claim(lang, found, alike))
    if not alike:
        why = "state.no_change" if not found else "changed.none_alike"
        words = say(lang, why, many=len(found)) if found else say(lang, why)
        return html.Section([title, html.P(words, className="quiet")], className=kind, id="what-changed")
    sentence = say(lang, "changed.sentence")
    others = len(found) - len(alike)
    if others:
        sentence += say(lang, "changed.others" if others > 1 else "changed.others_one", many=others)
    ends = [abs(float(one.told[end])) for one in alike for end in ("low", "high", "estimate")]
    to = max([0.1, *(end for end in ends if end == end)])
    to = next((one for one in (0.1, 0.2, 0.3, 0.5) if to <= one), 1.0)
    points = f"{100 * to:.0f}"
    body: list[Component] = [
        title,
        html.P(sentence, className="sentence"),
        html.Ul([_row(lang, one, to) for one in alike[:_MOST]], className="sectors"),
        bar_ends(*(say(lang, "unit.points", value=sign + points) for sign in ("−", "+"))),
        table_view(lang, _table(lang, alike)),
        about_part(shelf, lang, "waves", say(lang, "about.n_beside")),
    ]
    return html.Section(body, className=kind, id="what-changed")


def _found(shelf: Shelf, view: View) -> list[_Change]:
    """Every answer with a change on record, questions and answers in the order of the tables."""
    keys: dict[tuple[str, str], None] = {}
    for name in _TABLES:
        table = shelf.tables.get(name)
        if table is None:
            continue
        keys |= dict.fromkeys(zip(table["question"].astype(str), table["option"].astype(str), strict=True))
    plain = View(lang=view.lang, theme=view.theme)
    found = []
    for question, option in keys:
        asked = asked_for(shelf, View(lang=view.lang, question=question))
        if asked is None or asked.question != question:
            continue
        told = Trend(asked, option).changes()
        if told:
            words = shelf.label(view.lang, question), shelf.label(view.lang, question, option)
            label = say(view.lang, "changed.label", question=words[0], option=words[1])
            href = address("/survey", plain, question=question, option=option)
            found.append(_Change(label, href, told[-1]))
    return found


def _claim(lang: str, found: list[_Change], alike: list[_Change]) -> str:
    felt = sum(one.is_felt for one in alike)
    if not alike:
        return say(lang, "changed.title")
    if felt:
        return say(lang, "changed.claim", felt=felt, many=len(alike))
    return say(lang, "changed.claim_none" if len(alike) > 1 else "changed.claim_none_of_one", many=len(alike))


def _difference(lang: str, one: _Change) -> tuple[str, str]:
    """The difference in points, and the words of its interval."""
    told = one.told
    sizes = [float(told[key]) for key in ("from_base", "to_base", "n") if is_number(told.get(key))]
    digits = 1 if sizes and min(sizes) >= _FINE else 0
    value = say(lang, "unit.points", value=as_points(float(told["estimate"]), digits))
    if not is_number(told["low"]):
        return value, say(lang, "changed.counted")
    level = say(lang, "unit.per_level", level=f"{100 * float(told['level']):g}")
    low, high = (as_points(float(told[end]), digits) for end in ("low", "high"))
    words = say(lang, "changed.interval", level=level, low=low, high=high)
    if one.is_felt:
        return value, words
    smallest = f"{100 * float(told['smallest']):.0f}"
    return value, words + say(lang, "changed.not_seen", smallest=smallest)


def _firms(one: _Change) -> str:
    """Firms behind the difference: those of both waves, or of each where they are not the same."""
    ends, n = [one.told.get(key) for key in ("from_base", "to_base")], [one.told.get("n")]
    known = [float(end) for end in (ends if all(map(is_number, ends)) else n) if end is not None]
    return " → ".join(as_whole(end) for end in known if is_number(end)) or "–"


def _row(lang: str, one: _Change, to: float) -> Component:
    told = one.told
    value, words = _difference(lang, one)
    whose = say(lang, "trend.own" if told["is_own"] else "trend.printed")
    waves = say(lang, "changed.waves", whose=whose, first=told["from_wave"], second=told["to_wave"])
    name = html.A(one.label, href=one.href, className="sector-name")
    return html.Li(
        [
            html.Div([name, html.Span(value, className="sector-value")], className="sector-line"),
            interval_bar(
                float(told["estimate"]),
                float(told["low"]),
                float(told["high"]),
                say(lang, "bar.said", what=one.label, value=value, interval=words),
                from_=-to,
                to=to,
            ),
            html.P(f"{waves} · n = {_firms(one)} · {words}", className="sector-note"),
        ]
    )


def _table(lang: str, alike: list[_Change]) -> Component:
    rows: list[list[Component | str]] = []
    for one in alike:
        value, words = _difference(lang, one)
        waves = f"{one.told['from_wave']} → {one.told['to_wave']}"
        rows.append([one.label, waves, value, words, _firms(one)])
    keys = ("audit.answer", "changed.head_waves", "audit.difference", "column.interval", "column.n")
    head = [say(lang, key) for key in keys]
    return words_table(head, rows, say(lang, "changed.title"), numbers=(2, 4))
