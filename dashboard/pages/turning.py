"""A page whose parts turn with its controls: registered, filled at first, and turned without a new page."""

from collections.abc import Callable
from typing import Any

import dash
from dash import Input, Output, State, dcc
from dash.development.base_component import Component

from dashboard.pages.frame import waiting
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["Show", "use_turning"]

Show = Callable[[Shelf, View, str], Any]
"""What makes components of a Release, a View and a ground (light or dark)."""


def use_turning(app: dash.Dash, shelf: Shelf, name: str, show: Show, turn: Show) -> None:
    """Register the page `/name` and its callbacks on an app.

    Parameters
    ----------
    name : str
        Name of the page: its path, its catalogue key, the head of its ids.
    show, turn : Show
        The whole page; and the children of the part of it with the id `name-view`, for another View.
    """

    def shell(**asked: str) -> Component:
        stores = [dcc.Store(id=key) for key in ("ground", f"asked-{name}")]
        return waiting(name, read_address(f"lang={asked.get('lang', '')}").lang, *stores)

    def title(**_: str) -> str:
        search = str(dash.ctx.inputs.get("_pages_location.search") or "")
        lang = read_address(search).lang
        return f"{say(lang, f'page.{name}')} · {say(lang, 'frame.product')}"

    dash.register_page(f"dashboard.pages.{name}", path=f"/{name}", layout=shell, title=title)

    @app.callback(
        Output(f"{name}-page", "children"), Input("ground", "data"), State("_pages_location", "search")
    )
    def content(ground: dict[str, Any] | None, search: str | None) -> Any:
        if not ground:
            return dash.no_update
        return show(shelf, read_address(search), str(ground.get("ground")))

    @app.callback(
        Output(f"{name}-view", "children"),
        Input(f"asked-{name}", "data"),
        State("ground", "data"),
        prevent_initial_call=True,
    )
    def turned(search: str | None, ground: dict[str, Any] | None) -> Any:
        return turn(shelf, read_address(search), str((ground or {}).get("ground")))

    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "turned"),
        Output(f"{name}-view", "className"),
        Input(f"{name}-view", "children"),
    )
