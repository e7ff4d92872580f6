"""Firms compared side by side: at most 15, each measure with its intervals."""

from collections.abc import Callable

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.compared import chances_of, density_of
from dashboard.doubt_words import sources_words
from dashboard.pages.marks import interval_bar, tags, words_table
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_interval, is_number, say, sentences

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
        value, ends = as_index(row[stat], digits), (as_index(low, digits), as_index(high, digits))
        told = as_interval(lang, low, high, row[f"{stat}_level"], str(row[f"{stat}_method"]), digits=digits)
        said = say(lang, "bar.of_it", value=value, interval=told)
        bar = interval_bar(row[stat], low, high, said, side=side, low50=low50, high50=high50, to=to)
        return html.Div(
            [
                bar,
                html.Span(value if ends[0] == ends[1] else f"{value} ({ends[0]}–{ends[1]})"),
            ],
            className="cell-interval",
        )

    chances, high, over = chances_of(shelf, [firm for firm, _ in chosen])

    def chance(firm: str) -> str:
        value = chances.get(firm, float("nan"))
        return as_index(value) if is_number(value) else say(lang, "state.missing")

    everybody: list[Component | str] = [say(lang, "pressure.all_firms", n=len(shelf.firms))]
    everybody += [_density(shelf, lang, stat, side) for stat, side in MEASURES.items()]
    rows = [
        [*everybody, "", ""],
        *_firm_rows(lang, view, chosen, cell, chance),
    ]
    names = ("firm", *MEASURES)
    if shelf.is_transported:
        names = (*names[:-1], "p_choose_transported")
    head = [*[say(lang, f"column.{name}") for name in names], say(lang, "pressure.both_high"), ""]
    title = say(lang, "pressure.compare", many=len(chosen))
    told = {"us": as_index(high[0], 3), "cn": as_index(high[1], 3)}
    words = [say(lang, "pressure.compare_narrow")]
    if chances:
        words.append(say(lang, "pressure.both_high_note", **told))
    if chances and over:
        words.append(say(lang, "pressure.both_high_over", sources=sources_words(lang, over)))
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
        words_table(head, rows, title, numbers=(5,)),
        html.P(sentences(lang, words), className="quiet"),
    ]


def _density(shelf: Shelf, lang: str, stat: str, side: str) -> Component:
    """Where all firms lie on the scale of the bars under it, darker where there are more; median in words."""
    to = 1.0 if stat == "p_choose" else shelf.scale
    shades, middle = density_of(shelf, stat, to)
    marks = [
        html.Span(
            style={
                "left": f"{100 * k / len(shades):.2f}%",
                "width": f"{100 / len(shades):.2f}%",
                "opacity": f"{shade:.2f}",
            }
        )
        for k, shade in enumerate(shades)
        if shade
    ]
    words = say(lang, "pressure.middle", value=as_index(middle, 3)) if is_number(middle) else ""
    return html.Div(
        [
            html.Div(marks, className=f"density {side}", role="img", **tags({"aria-label": words})),
            html.Span(words),
        ],
        className="cell-interval",
    )


def _firm_rows(
    lang: str,
    view: View,
    chosen: list[tuple[str, pd.Series]],
    cell: Callable[[pd.Series, str, str], Component | str],
    chance: Callable[[str], str],
) -> list[list[Component | str]]:
    """A row a firm: name, its measures, the chance that both reaches are high, the way out."""
    return [
        [
            html.A(
                f"{firm} {row['name_ja' if lang == 'ja' else 'name']}",
                href=address("/pressure", view, firm=firm),
                **tags({"data-firm": firm}),
            ),
            *[cell(row, stat, side) for stat, side in MEASURES.items()],
            chance(firm),
            html.Button(
                say(lang, "pressure.compare_out"),
                type="button",
                className="link",
                **tags(
                    {
                        "data-act": "uncompare",
                        "data-value": firm,
                        "aria-label": f"{say(lang, 'pressure.compare_out')}: {firm}",
                    }
                ),
            ),
        ]
        for firm, row in chosen
    ]
