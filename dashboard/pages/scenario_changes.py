"""What a scenario changes, in words: which rule or link, from what to what, by which clause and source."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen
from dashboard.pages.collisions import as_word
from dashboard.pages.marks import filled_table, table_view
from dashboard.selection import View
from dashboard.wording import say

__all__ = ["changes_panel"]

_SHOWN = 6


def changes_panel(found: Foreseen, view: View) -> Component:
    """The scenario in its own words, what it assumes, and each change with clause and source."""
    lang, rows = view.lang, found.part("scenario_changes")
    about, source = found.words(lang, "about"), found.told("source")
    told = [_told(found, lang, row) for row in rows.to_dict(orient="records")]
    parts: list[Component | None] = [
        html.H2(
            say(lang, "scenarios.changes", many=len(told)) if told else say(lang, "scenarios.no_changes")
        ),
        html.P(about, className="sentence") if about else None,
        _parts(found, lang),
        html.Ul([_item(lang, one) for one in told[:_SHOWN]], className="changes") if told else None,
        html.P(say(lang, "scenarios.more_changes", many=len(told) - _SHOWN), className="quiet")
        if len(told) > _SHOWN
        else None,
        html.P(say(lang, "scenarios.source", source=source), className="quiet") if source else None,
        table_view(lang, _table(lang, told), words=say(lang, "scenarios.changes_table")) if told else None,
    ]
    return html.Section([part for part in parts if part is not None], className="panel", id="changes")


def _parts(found: Foreseen, lang: str) -> Component | None:
    """Names of the scenarios that this one puts together."""
    names = [one for one in found.told("parts").split("|") if one in found.scenarios]
    if not names:
        return None
    joined = say(lang, "scenarios.and").join(found.words(lang, "title", name) for name in names)
    return html.P(say(lang, "scenarios.together", parts=joined))


def _told(found: Foreseen, lang: str, row: Mapping[Any, Any]) -> dict[str, str]:
    """One change in words."""
    instrument = str(row.get("instrument") or "")
    name = found.shelf.label(lang, "instrument", instrument) if instrument else str(row["key"])
    none = say(lang, "scenarios.nothing")
    return {
        "what": as_word(lang, "scenario_table", row["table"]),
        "name": name,
        "key": str(row["key"]),
        "before": str(row["before"] or "") or none,
        "after": str(row["after"] or "") or none,
        "clause": str(row.get("clause") or ""),
        "source": str(row.get("source") or ""),
    }


def _item(lang: str, told: dict[str, str]) -> Component:
    ground = " · ".join(filter(None, (told["clause"], told["source"])))
    return html.Li(
        [
            html.Div(
                [html.Span(told["what"], className="quiet"), html.Span(told["name"])], className="change"
            ),
            html.Div(
                [
                    html.Span(told["before"], className="was"),
                    html.Span("→", className="quiet"),
                    html.Span(told["after"], className="is"),
                ],
                className="change-ends",
            ),
            html.Div(ground, className="quiet") if ground else None,
        ]
    )


def _table(lang: str, told: list[dict[str, str]]) -> Component:
    keys = ("name", "what", "key", "before", "after", "clause", "source")
    head = [say(lang, f"scenarios.head_{key}") for key in keys]
    lines = [[one[key] for key in keys] for one in told]
    return filled_table(head, lines, say(lang, "scenarios.changes_table"))
