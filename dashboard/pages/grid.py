"""The grid of firms: its columns, and its rows a block at a time, filtered and ordered by the server."""

from dataclasses import replace
from typing import Any

import dash
import dash_ag_grid as dag
from dash import Input, Output, State, html
from dash.development.base_component import Component

from dashboard.pages.comparison import MEASURES
from dashboard.pages.marks import tags
from dashboard.pages.passing import passed_over
from dashboard.selection import View, filter_firms, grid_rows, order_firms, read_address
from dashboard.shelf import Shelf
from dashboard.wording import catalogue, say

__all__ = ["firm_grid", "rows_asked", "shown_words", "use_grid"]

_WIDE, _NARROW = (130, 250), (84, 142)
"""Least width in pixels of a column: with a number and a small bar, with the wide one."""


_BLOCK, _MOST_ROWS = 100, 500
"""Rows asked for at once, and the most that are handed out."""


def use_grid(app: dash.Dash, shelf: Shelf) -> None:
    """Register the callbacks of the grid on an app."""

    @app.callback(Output("shown", "children"), Input("asked-filter", "data"), prevent_initial_call=True)
    def shown(search: str | None) -> Any:
        return shown_words(shelf, read_address(search)) if shelf.has_firms else dash.no_update

    @app.callback(
        Output("grid", "getRowsResponse"),
        Input("grid", "getRowsRequest"),
        State("asked-filter", "data"),
        State("_pages_location", "search"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, changed: str | None, search: str | None) -> Any:
        if not asked or not shelf.has_firms:
            return dash.no_update
        return rows_asked(shelf, read_address(search if changed is None else changed), asked)

    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "refill"),
        Output("grid", "className"),
        Input("shown", "children"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "sorted"),
        Output("asked-filter", "data"),
        Input("grid", "columnState"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "chosen"),
        Output("grid", "selectedRows"),
        Input("grid", "getRowsResponse"),
        prevent_initial_call=True,
    )


def rows_asked(shelf: Shelf, view: View, asked: dict[str, Any]) -> dict[str, Any]:
    """One block of rows of the grid: those that fit the View, in the order asked for, and how many fit.

    Parameters
    ----------
    asked : dict
        `startRow`, `endRow`, and `sortModel`: a list of `colId` and `sort` (asc or desc).
    """
    first = next(iter(asked.get("sortModel") or ()), None)
    wanted = ("-" if first["sort"] == "desc" else "") + str(first["colId"]) if first else ""
    view = replace(view, sort=wanted)
    found = order_firms(filter_firms(shelf.firms, view, shelf.searched), view)
    start = max(int(asked.get("startRow") or 0), 0)
    stop = min(int(asked.get("endRow") or _BLOCK), start + _MOST_ROWS)
    return {"rowData": grid_rows(found.iloc[start:stop], view, tuple(MEASURES)), "rowCount": len(found)}


def shown_words(shelf: Shelf, view: View) -> list[Component]:
    """How many firms fit the filters, of how many; and what of the filters fits nothing."""
    fit = len(filter_firms(shelf.firms, view, shelf.searched))
    words = say(view.lang, "pressure.shown", shown=fit, n=len(shelf.firms))
    return [*passed_over(shelf, view, "pressure"), html.P(words, className="quiet")]


def _ordered(columns: list[dict[str, Any]], view: View) -> list[dict[str, Any]]:
    """Columns with the order the View asks for."""
    name, turned = view.sort.removeprefix("-"), "desc" if view.sort.startswith("-") else "asc"
    return [{**one, "sort": turned} if one["field"] == name else one for one in columns]


def _columns(shelf: Shelf, lang: str, is_narrow: bool) -> list[dict[str, Any]]:
    p_name = "column.p_choose_transported" if shelf.is_transported else "column.p_choose"
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": say(lang, "column.firm"),
            "cellRenderer": "CrossFirm",
            "width": 132 if is_narrow else 230,
            "minWidth": 132 if is_narrow else 150,
            "pinned": "left",
        }
    ]
    for stat in ("squeeze", "p_choose", "us", "cn") if is_narrow else tuple(MEASURES):
        columns.append(
            {
                "field": stat,
                "headerName": say(lang, p_name if stat == "p_choose" else f"column.{stat}"),
                "cellRenderer": "CrossInterval",
                "cellRendererParams": {
                    "side": MEASURES[stat],
                    "missing": say(lang, "state.missing"),
                    "to": 1 if stat == "p_choose" else shelf.scale,
                    "digits": 2 if stat == "p_choose" else shelf.digits,
                    "plain": is_narrow and stat != "p_choose",
                },
                "flex": 2 if stat == "p_choose" else 1,
                "minWidth": (_NARROW if is_narrow else _WIDE)[stat == "p_choose"],
                "sortingOrder": ["desc", "asc", None],
            }
        )
    columns.append(
        {
            "field": "tier",
            "sortingOrder": ["asc", "desc", None],
            "headerName": say(lang, "column.tier"),
            "minWidth": 64 if is_narrow else 90,
            "maxWidth": 110,
            "type": "rightAligned",
        }
    )
    return columns


def firm_grid(shelf: Shelf, view: View, is_narrow: bool) -> Component:
    """The grid for a View; its rows are asked for once it stands."""
    words = {
        key.removeprefix("grid."): text
        for key, text in catalogue(view.lang).items()
        if key.startswith("grid.")
    }
    return html.Div(
        dag.AgGrid(
            id="grid",
            columnDefs=_ordered(_columns(shelf, view.lang, is_narrow), view),
            rowModelType="infinite",
            getRowId="params.data.firm",
            selectedRows=[{"firm": view.firm}] if view.firm else [],
            defaultColDef={
                "sortable": True,
                "resizable": True,
                "suppressMovable": True,
                "wrapHeaderText": True,
            },
            dashGridOptions={
                "cacheBlockSize": _BLOCK,
                "maxBlocksInCache": 20,
                "rowHeight": 52 if is_narrow else 40,
                "headerHeight": 48,
                "suppressCellFocus": False,
                "animateRows": False,
                "ensureDomOrder": True,
                "suppressColumnVirtualisation": True,
                "suppressContentVisibilityAuto": True,  # below the window its heads would stay hidden
                "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
                "localeText": words,
                "tabToNextCell": {"function": "leaveByTab(params)"},
            },
            className="firm-grid",
            style={"height": "100%", "width": "100%"},
        ),
        className="grid-room",
        role="region",
        **tags({"aria-label": say(view.lang, "pressure.grid")}),
    )
