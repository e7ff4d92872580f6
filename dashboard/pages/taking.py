"""The line of buttons that give the brief to take away, of the view the address holds."""

from dash import html
from dash.development.base_component import Component

from dashboard.briefs import forms_here
from dashboard.pages.marks import tags
from dashboard.selection import View, address
from dashboard.wording import say

__all__ = ["take_away"]


def take_away(view: View) -> Component:
    """A link for each form; `assets/take.js` shows how far it is and lets the reader stop it."""
    lang = view.lang
    there = View(lang=lang, compare=view.compare, seed=view.seed, scenario=view.scenario, stat=view.stat)
    links = [
        html.A(
            say(lang, f"take.{form}"),
            href=address(f"/brief.{form}", there),
            download="",
            **tags({"data-take": form}),
        )
        for form in forms_here()
    ]
    told = ("working", "done", "failed", "stopped", "stop", "busy")
    words = {f"data-{key}": say(lang, f"take.{key}") for key in told}
    return html.Div(
        [html.Span(say(lang, "take.title"), className="take-title"), *links, html.Span(role="status")],
        className="take",
        role="group",
        **tags({"aria-label": say(lang, "take.title"), **words}),
    )
