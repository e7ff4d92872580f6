"""Pressure: the filter line, the grid of firms, the comparison, the drawer of one firm."""

import json
from typing import Any

import dash
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.claims import pressure_claim
from dashboard.pages.about import about_measures
from dashboard.pages.bands import band_tables
from dashboard.pages.comparison import compare_firms
from dashboard.pages.drawer import show_drawer
from dashboard.pages.frame import add_page, surround, waiting
from dashboard.pages.grid import firm_grid, shown_words, use_grid
from dashboard.pages.grid_table import folded_grid, use_grid_table
from dashboard.pages.headlines import claim_with_interval
from dashboard.pages.leaving import ask_next_of_all
from dashboard.pages.marks import tags
from dashboard.pages.passing import passed_over
from dashboard.pages.turning import chooser
from dashboard.pages.what_if import use_what_if
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.wording import say, sentences

__all__ = ["show_pressure", "use_pressure"]


_ASKED = ("asked-filter", "asked-firm", "asked-compare", "asked-order", "asked-flow", "asked-turn")
"""Parts of the address that turn a part of the page."""


def use_pressure(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its callbacks on an app."""

    def shell(**asked: str) -> Component:
        stores = [dcc.Store(id=name) for name in ("ground", *_ASKED)]
        return waiting("pressure", read_address(f"lang={asked.get('lang', '')}").lang, *stores)

    add_page("pressure", shell, _title)

    @app.callback(
        Output("pressure-page", "children"), Input("ground", "data"), State("_pages_location", "search")
    )
    def content(ground: dict[str, Any] | None, search: str | None) -> Any:
        if not ground:
            return dash.no_update
        return show_pressure(shelf, read_address(search), is_narrow=bool(ground.get("narrow")))

    use_grid(app, shelf)
    use_grid_table(app, shelf)

    @app.callback(Output("drawer", "children"), Input("asked-firm", "data"), prevent_initial_call=True)
    def drawer(search: str | None) -> Any:
        return show_drawer(shelf, read_address(search))

    use_what_if(app, shelf)

    @app.callback(Output("compared", "children"), Input("asked-compare", "data"), prevent_initial_call=True)
    def compared(search: str | None) -> Any:
        return compare_firms(shelf, read_address(search))

    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "settle"),
        Output("drawer", "className"),
        Input("drawer", "children"),
        Input("compared", "children"),
    )


def _title(**_: str) -> str:
    search = str(dash.ctx.inputs.get("_pages_location.search") or "")
    lang = read_address(search).lang
    return f"{say(lang, 'page.pressure')} · {say(lang, 'frame.product')}"


def show_pressure(shelf: Shelf, view: View, *, is_narrow: bool = False) -> list[Component]:
    """The whole page for a View; without firm rows the banded tables stand in the grid's place."""
    lang = view.lang
    head = html.H1(claim_with_interval(*pressure_claim(shelf, lang)))
    if not shelf.has_firms:
        return surround(
            shelf, view, "pressure", [head, *passed_over(shelf, view, "pressure"), band_tables(shelf, lang)]
        )
    notes = [
        say(lang, "pressure.hint"),
        say(lang, "pressure.tiers_note"),
        say(lang, "pressure.scale_note", to=f"{shelf.scale:g}"),
    ]
    if shelf.is_transported:
        notes.append(shelf.transported(lang))
    body = [
        head,
        html.P(sentences(lang, notes), className="sentence"),
        _filters(shelf, view),
        html.Div(compare_firms(shelf, view), id="compared", className="compared"),
        html.Div(shown_words(shelf, view), id="shown", role="status"),
        firm_grid(shelf, view, is_narrow),
        folded_grid(shelf, view),
        about_measures(shelf, lang, "pressure"),
        *ask_next_of_all(shelf, lang),
        html.Div(show_drawer(shelf, view), id="drawer"),
    ]
    return surround(shelf, view, "pressure", body)


def _filters(shelf: Shelf, view: View) -> Component:
    lang = view.lang
    sectors = sorted(shelf.firms["sector"].dropna().astype(str).unique())
    tiers = [f"{tier:g}" for tier in sorted(shelf.firms["tier"].dropna().unique())]
    search = {
        "part": "q",
        "label": say(lang, "pressure.search"),
        "hint": say(lang, "pressure.search_hint"),
        "value": view.q,
    }
    of_sectors = [(sector, shelf.label(lang, "sector", sector)) for sector in sectors]
    of_tiers = [(tier, say(lang, "pressure.tier_label", tier=tier)) for tier in tiers]
    every_sector, every_tier = (("", say(lang, f"pressure.every_{part}")) for part in ("sector", "tier"))
    return html.Div(
        [
            html.Div(**tags({"data-search": json.dumps(search, ensure_ascii=False)})),
            chooser("sector", say(lang, "pressure.sector"), [every_sector, *of_sectors], view.sector),
            chooser("tier", say(lang, "pressure.tier"), [every_tier, *of_tiers], view.tier),
            html.Button(say(lang, "pressure.clear"), type="button", **tags({"data-act": "clear"})),
        ],
        className="filters",
        role="search",
        **tags({"aria-label": say(lang, "pressure.filters")}),
    )
