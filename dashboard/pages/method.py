"""Method and quality: how the numbers came about, what is hidden and why, what printed figures say."""

from typing import Any

import dash
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.pages.about import about_part
from dashboard.pages.audit import audit_sections
from dashboard.pages.frame import add_page, surround, waiting
from dashboard.pages.marks import tags
from dashboard.pages.model_report import report_model
from dashboard.pages.origins import origin_sections
from dashboard.pages.passing import passed_over
from dashboard.pages.quality import quality_sections
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["show_method", "use_method"]

_FILES = ("sources", "versions")
_OF_FIRMS = ("response", "bases", "weights")


def use_method(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its one callback on an app."""

    def shell(**asked: str) -> Component:
        lang = read_address(f"lang={asked.get('lang', '')}").lang
        return waiting("method", lang, dcc.Store(id="ground"))

    add_page("method", shell, _title)

    @app.callback(
        Output("method-page", "children"), Input("ground", "data"), State("_pages_location", "search")
    )
    def content(ground: dict[str, Any] | None, search: str | None) -> Any:
        if not ground:
            return dash.no_update
        return show_method(shelf, read_address(search), str(ground.get("ground")))


def _title(**_: str) -> str:
    search = str(dash.ctx.inputs.get("_pages_location.search") or "")
    lang = read_address(search).lang
    return f"{say(lang, 'page.method')} · {say(lang, 'frame.product')}"


def _model(shelf: Shelf, lang: str, ground: str) -> list[tuple[str, list[Component]]]:
    """The section on the model, none where the Release has nothing to say of it."""
    parts = report_model(shelf, lang, ground)
    return [("model", parts)] if parts else []


def _known(shelf: Shelf, lang: str, key: str) -> list[Component]:
    """How the numbers of a section are known; nothing under one that holds files and versions alone."""
    if key in _FILES:
        return []
    firms = shelf.manifest.get("firms")
    n = say(lang, "unit.firms", n=firms) if key in _OF_FIRMS and firms else say(lang, "about.n_beside")
    return [about_part(shelf, lang, key, n)]


def show_method(shelf: Shelf, view: View, ground: str = "light") -> list[Component]:
    """The whole page for a View: a list of its sections, then each as far as the Release holds it."""
    lang = view.lang
    sections = [
        *quality_sections(shelf, lang),
        *_model(shelf, lang, ground),
        *audit_sections(shelf, lang),
        *origin_sections(shelf, lang),
    ]
    contents = html.Nav(
        html.Ul([html.Li(html.A(say(lang, f"method_page.{key}"), href=f"#{key}")) for key, _ in sections]),
        className="contents",
        **tags({"aria-label": say(lang, "method_page.contents")}),
    )
    body = [
        html.H1(say(lang, "method_page.title")),
        *passed_over(shelf, view, "method"),
        html.P(
            say(lang, "method_page.lead", audience=say(lang, f"audience.{shelf.audience}")),
            className="sentence",
        ),
        contents,
        *[
            html.Section(
                [
                    html.H2(say(lang, f"method_page.{key}"), id=key, tabIndex="-1"),
                    *parts,
                    *_known(shelf, lang, key),
                ],
                className="panel chapter",
            )
            for key, parts in sections
        ],
    ]
    return surround(shelf, view, "method", body)
