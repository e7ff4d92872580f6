"""Words of a text that stay on one line: dates, ids of lists and rules, ranges, numbers with their unit."""

import re

from dash import html
from dash.development.base_component import Component

__all__ = ["hold_together"]

_WHOLE = re.compile(
    r"""\d{4}年\d{1,2}月\d{1,2}日(?:時点)?                   # 2026年1月15日
    |\d{1,2}\ [A-Z][a-z]{2,8}\ \d{4}                       # 15 January 2026
    |\b[A-Z]{2}(?:-[A-Z0-9]+)+\b                           # US-1260H
    |\(?\d+\ days\b|\d+日前                                # 5 days
    |[−+]?\d+(?:\.\d+)?[～〜][−+]?\d+(?:\.\d+)?""",
    re.VERBOSE,
)


def hold_together(words: str) -> list[Component | str]:
    """A text in which no line ends inside a date, an id or a range."""
    parts: list[Component | str] = []
    at = 0
    for found in _WHOLE.finditer(words):
        parts += [words[at : found.start()], html.Span(found.group(), className="whole")]
        at = found.end()
    return [part for part in (*parts, words[at:]) if part]
