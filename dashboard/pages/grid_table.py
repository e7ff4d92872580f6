"""The grid of firms as a plain table and as a file: the same filters, the same order."""

from typing import Any

import dash
from dash import Input, Output, State, html
from dash.development.base_component import Component

from dashboard.pages.comparison import MEASURES
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.pressed import pressed_firms
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_whole, is_number, say

__all__ = ["csv_link", "folded_grid", "use_grid_table"]

_MOST = 200
"""Rows of the table on the page; the file holds all."""


def use_grid_table(app: dash.Dash, shelf: Shelf) -> None:
    """Register the callback by which table and file follow filters and order."""

    @app.callback(
        Output("grid-rows", "children"),
        Output("grid-file", "children"),
        Input("asked-filter", "data"),
        Input("asked-order", "data"),
        State("_pages_location", "search"),
        prevent_initial_call=True,
    )
    def follow(filtered: str | None, ordered: str | None, search: str | None) -> Any:
        if not shelf.has_firms:
            return dash.no_update, dash.no_update
        by_order = "asked-order.data" in dash.ctx.triggered_prop_ids
        asked = ordered if by_order else filtered
        view = read_address(search if asked is None else asked)
        return _rows(shelf, view), csv_link(view)


def folded_grid(shelf: Shelf, view: View) -> Component:
    """The table behind the grid, folded, and the link to the file."""
    return html.Div(
        [
            table_view(view.lang, html.Div(_rows(shelf, view), id="grid-rows")),
            html.Div(csv_link(view), id="grid-file"),
        ],
        className="grid-table",
    )


def csv_link(view: View) -> Component:
    """The link to the file, which holds the firms (or bands) that the address asks for."""
    asked = View(lang=view.lang, q=view.q, sector=view.sector, tier=view.tier, sort=view.sort)
    words, href = say(view.lang, "pressure.csv"), address("/pressure.csv", asked)
    return html.P(html.A(words, href=href, **tags({"download": ""})), className="links")


def _rows(shelf: Shelf, view: View) -> list[Component]:
    lang = view.lang
    found = pressed_firms(shelf, view)
    shown = found.iloc[:_MOST].to_dict(orient="records")
    if not shown:
        return [html.P(say(lang, "pressure.none_fit"), className="quiet")]
    names = ("firm", "sector", *MEASURES)
    if shelf.is_transported:
        names = (*names[:-1], "p_choose_transported")
    head = [say(lang, f"column.{name}") for name in (*names, "rank", "tier")]
    lines = [_line(shelf, lang, {str(key): value for key, value in row.items()}) for row in shown]
    table = filled_table(head, lines, say(lang, "pressure.caption"), numbers=(2, 3, 4, 5, 6, 7))
    if len(found) <= _MOST:
        return [table]
    more = say(lang, "pressure.first_rows", shown=_MOST, n=len(found))
    return [html.P(more, className="quiet"), table]


def _line(shelf: Shelf, lang: str, row: dict[str, Any]) -> list[str]:
    """Firm, sector, each measure with its interval, rank interval, tier."""
    missing = say(lang, "state.missing")

    def measure(stat: str) -> str:
        digits = 2 if stat == "p_choose" else shelf.digits
        value, low, high = (row[f"{stat}{end}"] for end in ("", "_low", "_high"))
        if not is_number(value):
            return missing
        if not (is_number(low) and is_number(high)):
            return as_index(value, digits)
        return f"{as_index(value, digits)} ({as_index(low, digits)}–{as_index(high, digits)})"

    name = shelf.party(lang, str(row["firm"]))
    has_rank = is_number(row["rank_low"]) and is_number(row["rank_high"])
    rank = f"{as_whole(row['rank_low'])}–{as_whole(row['rank_high'])}" if has_rank else missing
    return [
        f"{row['firm']} {name}" if name != str(row["firm"]) else name,
        shelf.label(lang, "sector", str(row["sector"])) if isinstance(row["sector"], str) else "",
        *[measure(stat) for stat in MEASURES],
        rank,
        f"{row['tier']:g}" if is_number(row["tier"]) else missing,
    ]
