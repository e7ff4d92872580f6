"""Firms compared side by side: at most 15, each measure with its intervals."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import interval_bar, tags, words_table
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_index, is_number, say

__all__ = ["MEASURES", "compare_firms"]

MEASURES = {"us": "us", "cn": "cn", "squeeze": "both", "p_choose": "both"}
"""Measures of the grid and of the comparison, to the side whose colour they take."""


def compare_firms(shelf: Shelf, view: View) -> list[Component]:
    """The firms of the View side by side, in the order chosen; empty where none is."""
    if not shelf.has_firms or not view.compare:
        return []
    lang = view.lang
    chosen = [(firm, row) for firm in view.compare if (row := shelf.firm(firm)) is not None]
    if not chosen:
        return []

    def cell(row: pd.Series, stat: str, side: str) -> Component | str:
        if not is_number(row[stat]):
            return say(lang, "state.missing")
        low, low50, high50, high = (row[f"{stat}{end}"] for end in ("_low", "_low50", "_high50", "_high"))
        digits, to = (2, 1.0) if stat == "p_choose" else (shelf.digits, shelf.scale)
        words = f"{as_index(row[stat], digits)} ({as_index(low, digits)}–{as_index(high, digits)})"
        return html.Div(
            [
                interval_bar(row[stat], low, high, words, side=side, low50=low50, high50=high50, to=to),
                html.Span(words),
            ],
            className="cell-interval",
        )

    rows = [
        [
            html.A(
                f"{firm} {row['name_ja' if lang == 'ja' else 'name']}",
                href=address("/pressure", view, firm=firm),
                **tags({"data-firm": firm}),
            ),
            *[cell(row, stat, side) for stat, side in MEASURES.items()],
            html.Button(
                "×",
                type="button",
                title=say(lang, "pressure.compare_remove"),
                **tags(
                    {
                        "data-act": "uncompare",
                        "data-value": firm,
                        "aria-label": say(lang, "pressure.compare_remove"),
                    }
                ),
            ),
        ]
        for firm, row in chosen
    ]
    names = ("firm", *MEASURES)
    if shelf.is_transported:
        names = (*names[:-1], "p_choose_transported")
    head = [*[say(lang, f"column.{name}") for name in names], ""]
    title = say(lang, "pressure.compare", many=len(chosen))
    return [
        html.H2(title),
        html.P(
            [
                html.A(
                    say(lang, "pressure.compare_quadrant"),
                    href=address("/", view, firm="", q="", sector="", tier=""),
                ),
                " ",
                html.Button(
                    say(lang, "pressure.compare_clear"),
                    type="button",
                    className="link",
                    **tags({"data-act": "uncompare-all"}),
                ),
            ]
        ),
        words_table(head, rows, title),
    ]
