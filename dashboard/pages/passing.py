"""What of the address fits nothing in the Release, said above what is shown instead."""

from dash import html
from dash.development.base_component import Component

from dashboard.pages.frame import PAGES
from dashboard.passed_over import kept_parts, parts_passed_over
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["passed_over"]


def passed_over(shelf: Shelf, view: View, page: str) -> list[Component]:
    """A note with a line for each part passed over, and the address without them; nothing where all fits."""
    lang, passed = view.lang, parts_passed_over(shelf, view, page)
    if not passed:
        return []
    lines = [
        html.Li(say(lang, "address.line", part=say(lang, f"address.part_{part}"), words=words))
        for part, words in passed.items()
    ]
    without = address(dict(PAGES)[page], kept_parts(view, passed, shelf))
    return [
        html.Div(
            [
                html.P(say(lang, "address.passed_over")),
                html.Ul(lines),
                html.P(html.A(say(lang, "address.without"), href=without)),
            ],
            className="state passed-over",
            role="status",
        )
    ]
