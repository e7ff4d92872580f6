"""What a scenario changes, in words: which rule or link, from what to what, by which clause and source."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen
from dashboard.given_words import article_words
from dashboard.own import OWN
from dashboard.pages.change_words import cell_words, done_words, named_in, what_words
from dashboard.pages.given import given_text
from dashboard.pages.marks import filled_table, table_view
from dashboard.selection import View
from dashboard.wording import say

__all__ = ["changes_panel"]

_SHOWN, _CELLS = 4, 3


def changes_panel(found: Foreseen, view: View) -> Component:
    """The scenario in its own words, what it assumes, and each change with clause and source."""
    lang, rows = view.lang, found.part("scenario_changes")
    told = [_told(found, lang, dict(row)) for row in rows.to_dict(orient="records")]
    groups: dict[str, list[dict[str, str]]] = {}
    for one in told:
        groups.setdefault(one["change"], []).append(one)
    about, source = found.words(lang, "about"), found.told("source")
    assumes = [part for part in found.words(lang, "assumes").split("\n") if part]
    title = say(lang, "scenarios.changes", many=len(groups)) if groups else say(lang, "scenarios.no_changes")
    shown = list(groups.values())[:_SHOWN]
    parts: list[Component | None] = [
        html.H2(title),
        html.P(about, className="sentence") if about else None,
        _parts(found, lang),
        html.Ul([_item(lang, one) for one in shown], className="changes") if shown else None,
        _more(lang, len(groups) - _SHOWN),
        *([html.H3(say(lang, "scenarios.assumes"))] if assumes else []),
        html.Ul([html.Li(part) for part in assumes], className="notes") if assumes else None,
        _source(lang, source) if source else None,
        table_view(lang, _table(lang, told), words=say(lang, "scenarios.changes_table")) if told else None,
    ]
    return html.Section([part for part in parts if part is not None], className="panel", id="changes")


def _source(lang: str, source: str) -> Component:
    """What the scenario rests on: the words of the page, and the source as it is cited."""
    before, _, after = say(lang, "scenarios.source", source="\0").partition("\0")
    told = _joined(lang, source.split("; "), say(lang, "scenarios.between_sources"))
    return html.P([before, *told, after], className="quiet")


def _joined(lang: str, given: list[str], between: str) -> list[Component | str]:
    """Texts beside each other, each in the language of the page or marked as English."""
    return [part for one in given for part in (between, given_text(lang, one))][1:]


def _parts(found: Foreseen, lang: str) -> Component | None:
    """Names of the scenarios that this one puts together."""
    names = [one for one in found.told("parts").split("|") if one in found.scenarios]
    if not names:
        return None
    joined = say(lang, "scenarios.and").join(found.words(lang, "title", name) for name in names)
    return html.P(say(lang, "scenarios.together", parts=joined))


def _more(lang: str, many: int) -> Component | None:
    return html.P(say(lang, "scenarios.more_changes", many=many), className="quiet") if many > 0 else None


def _told(found: Foreseen, lang: str, row: dict[Any, Any]) -> dict[str, str]:
    """One changed cell in words."""
    before, after = cell_words(found, lang, row)
    none = say(lang, "scenarios.nothing")
    return {
        "change": f"{row['part']} {row['change']}",
        "do": done_words(lang, row),
        "what": what_words(lang, row),
        "name": named_in(found, lang, row),
        "key": str(row["key"]),
        "is_changed": "yes" if before else "",
        "is_there": "yes" if after else "",
        "before": before or none,
        "after": after or none,
        "clause": article_words(lang, str(row["clause"] or "")),
        "source": _source_words(found, lang, str(row["source"] or "")),
        "why": str(row["why"] or ""),
    }


def _source_words(found: Foreseen, lang: str, source: str) -> str:
    """A source as it is cited; a scenario by its title."""
    named = source.removeprefix("scenario ")
    if named == source:
        return source
    if named not in found.scenarios:
        if found.scenario != OWN:
            return source
        named = OWN
    return say(lang, "scenarios.by_scenario", title=found.words(lang, "title", named))


def _item(lang: str, cells: list[dict[str, str]]) -> Component:
    """One change: what is done, to what, and the first of its cells."""
    first = cells[0]
    names = list(dict.fromkeys(cell["name"] for cell in cells))
    name = (
        names[0] if len(names) == 1 else say(lang, "scenarios.and_more", name=names[0], many=len(names) - 1)
    )
    ground = list(dict.fromkeys(cell[key] for cell in cells for key in ("clause", "source") if cell[key]))
    ordered = sorted(cells, key=lambda cell: not cell["is_there"])
    alike = {(cell["what"], cell["before"], cell["after"]): cell for cell in reversed(ordered)}
    shown = [cell for cell in ordered if alike[cell["what"], cell["before"], cell["after"]] is cell]
    lines = [
        html.Div(
            [
                html.Span(cell["what"], className="quiet"),
                *([html.Span([cell["before"], " →"], className="was")] if cell["is_changed"] else []),
                html.Span(cell["after"], className="is"),
            ],
            className="change-ends",
        )
        for cell in shown[:_CELLS]
    ]
    more = len(shown) - _CELLS
    return html.Li(
        [
            html.Div([html.Span(first["do"], className="quiet"), html.Span(name)], className="change"),
            *lines,
            html.Div(say(lang, "scenarios.more_cells", many=more), className="quiet") if more > 0 else None,
            html.Div(_joined(lang, ground[:_CELLS], " · "), className="quiet") if ground else None,
            html.Div(given_text(lang, first["why"]), className="quiet") if first["why"] else None,
        ]
    )


def _table(lang: str, told: list[dict[str, str]]) -> Component:
    keys = ("name", "do", "what", "before", "after", "clause", "source")
    head = [say(lang, f"scenarios.head_{key}") for key in keys]
    lines: list[list[Component | str]] = [
        [given_text(lang, one[key]) if key == "source" else one[key] for key in keys] for one in told
    ]
    return filled_table(head, lines, say(lang, "scenarios.changes_table"))
