"""A page whose parts turn with its controls: registered, filled at first, turned in place by links."""

from collections.abc import Callable, Iterable
from typing import Any

import dash
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.pages.frame import add_page, waiting
from dashboard.pages.marks import tags
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["Show", "chooser", "switch", "use_turning"]

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

    add_page(name, shell, title)

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


def chooser(
    part: str, label: str, options: Iterable[tuple[str, str]], chosen: str, clears: str = ""
) -> Component:
    """A native list that turns the page: the keyboard and a screen reader know it, nothing is fetched.

    Parameters
    ----------
    part : str
        What of the View it chooses.
    label : str
        What the choice is about.
    options : iterable of (value, words)
    chosen : str
        The value that is chosen now.
    clears : str
        Parts of the View that a choice clears, with commas between them.
    """
    return html.Label(
        [
            html.Span(label),
            html.Select(
                [
                    html.Option(
                        words,
                        value=value,
                        selected=value == chosen,
                        **tags({"data-chosen": "" if value == chosen else None}),
                    )
                    for value, words in options
                ],
                id=f"turn-{part}",
                **tags({"data-turn": part, "data-clears": clears or None}),
            ),
        ],
        className=f"turn {part}",
    )


def switch(part: str, label: str, choices: Iterable[tuple[str, str, str]], chosen: str) -> Component:
    """Links of which one is chosen, and that turn the page in place.

    Parameters
    ----------
    part : str
        What of the View they choose.
    label : str
        What the choice is about.
    choices : iterable of (value, words, address)
    chosen : str
        The value that is chosen now.
    """
    items = [
        html.A(
            words,
            href=address,
            className="chosen" if value == chosen else None,
            **tags(
                {
                    "aria-current": "true" if value == chosen else None,
                    "data-turn": part,
                    "data-part": part,
                    "data-value": value,
                }
            ),
        )
        for value, words, address in choices
    ]
    return html.Div(
        [html.Span(label, className="switch-label"), html.Div(items, className="rules")],
        className="turn bases",
        role="group",
        **tags({"aria-label": label}),
    )
