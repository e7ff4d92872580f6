"""Parties awaiting judgement: names that may be listed, and parties that listed owners may hold."""

from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import Cell, command_line, filled_table
from dashboard.ruled import Ruled
from dashboard.wording import as_index, is_number, say

__all__ = ["awaiting_panel"]

_MOST = 200


def awaiting_panel(ruled: Ruled, lang: str) -> Component | None:
    """The queue, the most probable first; nothing for other audiences than the internal one."""
    if ruled.shelf.audience != "internal" or "collisions" not in ruled.shelf.tables:
        return None
    table = ruled.shelf.tables.get("rule_awaiting")
    if table is None or table.empty:
        parts: list[Component] = [html.Div(html.P(say(lang, "awaiting.none")), className="state")]
        return _panel(say(lang, "awaiting.title"), [*parts, _how(lang)])
    lines: list[list[Component | str | Cell]] = []
    for _, row in table[:_MOST].iterrows():
        name = str((row["name_ja"] if lang == "ja" else "") or row["name"] or row["party"])
        lines.append(
            [
                [{"e": "span", "t": name}, {"e": "span", "t": str(row["party"]), "c": "rule-id"}],
                say(lang, f"awaiting.why_{row['why_here']}"),
                [
                    {"e": "span", "t": ruled.name(lang, str(row["list"]))},
                    {"e": "span", "t": str(row["matched_name"]), "c": "quiet"},
                ],
                as_index(row["estimate"]) if is_number(row["estimate"]) else "–",
                {"e": "span", "t": str(row["reason"]), "l": "en"},
            ]
        )
    head = [say(lang, f"awaiting.head_{key}") for key in ("party", "why", "list", "size", "reason")]
    title = say(lang, "awaiting.claim", many=len(table))
    more = say(lang, "pair.more", shown=_MOST, all=len(table)) if len(table) > _MOST else ""
    return _panel(
        title,
        [
            html.P(say(lang, "awaiting.sentence"), className="sentence"),
            html.Div(filled_table(head, lines, title, numbers=(3,)), className="awaiting"),
            *([html.P(more, className="quiet")] if more else []),
            _how(lang),
        ],
    )


def _how(lang: str) -> Component:
    return html.P(
        [say(lang, "awaiting.how"), " ", command_line("crosspressure match STUDY --judge review.csv")],
        className="quiet",
    )


def _panel(title: str, parts: list[Component]) -> Component:
    return html.Section([html.H2(title), *parts], className="panel", id="awaiting")
