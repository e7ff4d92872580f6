"""Rules: what is in force on a day, the card of each, where two collide, technologies between the sides."""

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.pages.about import about_measures
from dashboard.pages.frame import surround
from dashboard.pages.marks import tags
from dashboard.pages.passing import passed_over
from dashboard.pages.rules_awaiting import awaiting_panel
from dashboard.pages.rules_card import show_card
from dashboard.pages.rules_matrix import matrix_panel
from dashboard.pages.rules_pair import pair_panel
from dashboard.pages.rules_technologies import technology_panel
from dashboard.pages.rules_timeline import timeline_panel
from dashboard.pages.turning import use_turning
from dashboard.ruled import Ruled, ruled_for
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_date, say

__all__ = ["show_rules", "use_rules"]


def use_rules(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its callbacks on an app."""
    use_turning(app, shelf, "rules", show_rules, _view)


def show_rules(shelf: Shelf, view: View, ground: str) -> list[Component]:
    """The whole page for a View."""
    if ruled_for(shelf, view) is None:
        empty = html.Div(html.P(say(view.lang, "rules.none")), className="state")
        return surround(shelf, view, "rules", [html.H1(say(view.lang, "page.rules")), empty])
    return surround(shelf, view, "rules", [html.Div(_view(shelf, view, ground), id="rules-view")])


def _view(shelf: Shelf, view: View, ground: str) -> list[Component]:
    ruled = ruled_for(shelf, view)
    if ruled is None:
        return []
    lang = view.lang
    parts = [
        html.H1(_claim(ruled, lang), className="claim-of-day", id="rules-claim"),
        *passed_over(shelf, view, "rules"),
        about_measures(shelf, lang, "rules"),
        html.P(
            [_advice(ruled, lang), " ", html.A(say(lang, "rules.notice_more"), href="#notice")], role="note"
        ),
        timeline_panel(ruled, lang),
        matrix_panel(ruled, lang),
        pair_panel(ruled, lang),
        technology_panel(ruled, lang),
        awaiting_panel(ruled, lang),
        _rests_on(ruled, lang),
        _take_away(ruled, view),
        show_card(ruled, lang),
    ]
    return [part for part in parts if part is not None]


def _claim(ruled: Ruled, lang: str) -> list[Component | str]:
    """How many rules are in force on the day, whose they are, how many are suspended or still to come."""
    counts = ruled.counts
    running = ruled.instruments[ruled.instruments["state"].isin(["in_force", "partly"])]
    sides = running["side"].value_counts()
    first = say(
        lang,
        "rules.claim",
        running=counts["in_force"],
        all=len(ruled.instruments),
        day=as_date(lang, ruled.day.isoformat()),
    )
    second = say(
        lang,
        "rules.claim_rest",
        us=int(sides.get("us", 0)),
        cn=int(sides.get("cn", 0)),
        other=int(sides.get("other", 0)),
        suspended=counts["suspended"],
        coming=counts["not_started"],
    )
    return [first, html.Span(second, className="claim-interval")]


def _advice(ruled: Ruled, lang: str) -> str:
    """That this is no legal advice, and how old the lists are; the whole notice stands in the foot."""
    told = ruled.shelf.manifest.get("notice") or {}
    ages = [one["age"] for one in told.get("lists", ()) if one.get("age") is not None]
    if not ages:
        return say(lang, "rules.notice_nobody")
    key = "rules.notice_old" if max(ages) > int(told.get("limit", 30)) else "rules.notice_fresh"
    return say(lang, key, age=max(ages), limit=told.get("limit", 30))


def _rests_on(ruled: Ruled, lang: str) -> Component:
    """What the page is made of, and what it is not."""
    notes = [say(lang, f"rules.{key}") for key in ("note_catalogue", "note_counsel", "note_codes")]
    return html.Section(
        [
            html.H2(say(lang, "rules.rests_on")),
            html.Ul([html.Li(note) for note in notes], className="notes"),
        ],
        className="panel",
    )


def _take_away(ruled: Ruled, view: View) -> Component:
    lang = view.lang
    here = View(lang=lang, day=view.day, side=view.side, state=view.state)
    files = [("instruments", here), ("rule_intervals", View(lang=lang)), ("rule_tests", View(lang=lang))]
    files += [
        (name, View(lang=lang, pair=ruled.pair if name == "collisions" else ""))
        for name in ("rule_pairs", "collision_matrix", "collisions", "technology_sides", "technology_map")
        if name in ruled.shelf.tables
    ]
    links = [
        html.A(say(lang, f"rules.csv_{name}"), href=address(f"/{name}.csv", asked), **tags({"download": ""}))
        for name, asked in files
    ]
    return html.P([part for link in links for part in (link, " ")], className="links")
