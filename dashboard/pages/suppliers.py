"""Suppliers: face value against look-through, chokepoints, paths, concentration, of all firms or of one."""

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.pages.about import about_measures
from dashboard.pages.chokepoints import chokepoint_panel
from dashboard.pages.dependence import country_panel
from dashboard.pages.frame import surround
from dashboard.pages.held_back import held_back_state
from dashboard.pages.marks import tags
from dashboard.pages.narrowness import product_panel
from dashboard.pages.passing import passed_over
from dashboard.pages.paths import paths_panel, picture_panel
from dashboard.pages.supply_claims import supply_claim
from dashboard.pages.turning import switch, use_turning
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.supplied import Supplied, country_of, supplied_for
from dashboard.supply_words import country_name
from dashboard.wording import catalogue, say

__all__ = ["show_suppliers", "use_suppliers"]

_MOST_LISTED = 300
"""Firms in the list, those most exposed first; others are reached by their address."""


def use_suppliers(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its callbacks on an app."""
    use_turning(app, shelf, "suppliers", show_suppliers, _view)


def show_suppliers(shelf: Shelf, view: View, ground: str) -> list[Component]:
    """The whole page for a View."""
    if supplied_for(shelf, view) is None:
        empty = html.Div(html.P(say(view.lang, "suppliers.none")), className="state")
        return surround(shelf, view, "suppliers", [html.H1(say(view.lang, "page.suppliers")), empty])
    body = html.Div(_view(shelf, view, ground), id="suppliers-view")
    return surround(shelf, view, "suppliers", [body])


def _view(shelf: Shelf, view: View, ground: str) -> list[Component]:
    supplied = supplied_for(shelf, view)
    lang = view.lang
    if supplied is None:
        return []
    is_open = "lookthrough" in shelf.tables
    parts = [
        html.H1(supply_claim(supplied, lang), className="claim-of-day", id="suppliers-claim"),
        *passed_over(shelf, view, "suppliers"),
        about_measures(shelf, lang, "suppliers"),
        _controls(supplied, view) if supplied.seeds else None,
        _by_country(supplied, lang, is_open=is_open),
        paths_panel(supplied, lang, view)
        if is_open
        else held_back_state(shelf, lang, "suppliers.kept_back_title", "suppliers.kept_back"),
        picture_panel(supplied, lang, view, ground),
        product_panel(supplied, lang) if is_open else None,
        _rests_on(supplied, lang),
        _take_away(supplied, view),
    ]
    return [part for part in parts if part is not None]


def _by_country(supplied: Supplied, lang: str, *, is_open: bool) -> Component | None:
    """Countries, and chokepoints beside them where suppliers may be seen; nothing where all are hidden."""
    if supplied.rows.empty:
        return None
    parts = [country_panel(supplied, lang), *([chokepoint_panel(supplied, lang)] if is_open else [])]
    return html.Div(parts, className="two-columns even" if is_open else "one-column")


def _controls(supplied: Supplied, view: View) -> Component:
    lang = view.lang
    parts: list[Component] = []
    if len(supplied.firms) > 1:
        parts.append(_firm_list(supplied, lang))
    parts.append(_seed_switch(supplied, view))
    return html.Div(
        parts, className="turns few", role="search", **tags({"aria-label": say(lang, "suppliers.controls")})
    )


def _firm_list(supplied: Supplied, lang: str) -> Component:
    """A native list of firms, by name; where they are many, those most exposed."""
    part = supplied.part("lookthrough")
    firms = part.nlargest(_MOST_LISTED, "exposure", keep="first")["firm"].astype(str).tolist()
    if supplied.firm and supplied.firm not in firms:
        firms = [supplied.firm, *firms]
    named = sorted((supplied.name(lang, firm), firm) for firm in firms)
    label = "suppliers.firm" if len(firms) == len(supplied.firms) else "suppliers.firm_most"
    every = html.Option(
        say(lang, "suppliers.all_firms"), value="", **tags({"data-chosen": None if supplied.firm else ""})
    )
    options = [
        html.Option(name, value=firm, **tags({"data-chosen": "" if firm == supplied.firm else None}))
        for name, firm in named
    ]
    return html.Label(
        [
            html.Span(say(lang, label, many=_MOST_LISTED)),
            html.Select([every, *options], id="turn-firm", **tags({"data-turn": "firm"})),
        ],
        className="turn firm",
    )


def _seed_switch(supplied: Supplied, view: View) -> Component:
    lang = view.lang
    choices = (
        (seed, country_name(lang, country_of(seed)), address("/suppliers", view, seed=seed))
        for seed in supplied.seeds
    )
    return switch("seed", say(lang, "suppliers.seed"), choices, supplied.seed)


def _rests_on(supplied: Supplied, lang: str) -> Component:
    """How shares came about, and what the numbers can and cannot say."""
    known = catalogue(lang)
    items = []
    for method in supplied.methods:
        key = method.split(" (")[0].split(",")[0].strip().replace(" ", "_")
        items.append(known.get(f"share_method.{key}"))
    notes = [say(lang, "suppliers.note_first"), say(lang, "suppliers.note_bound"), *filter(None, items)]
    if supplied.shelf.audience != "internal":
        notes.append(say(lang, "suppliers.note_rounded"))
    return html.Section(
        [
            html.H2(say(lang, "suppliers.rests_on")),
            html.Ul([html.Li(note) for note in dict.fromkeys(notes)], className="notes"),
        ],
        className="panel",
    )


def _take_away(supplied: Supplied, view: View) -> Component:
    lang = view.lang
    here = View(lang=lang, firm=supplied.firm, seed=supplied.seed)
    names = ["exposure"]
    names += [name for name in ("paths", "chokepoints", "concentration") if name in supplied.shelf.tables]
    links = [
        html.A(
            say(lang, f"suppliers.csv_{name}"), href=address(f"/{name}.csv", here), **tags({"download": ""})
        )
        for name in names
    ]
    return html.P([part for link in links for part in (link, " ")], className="links")
