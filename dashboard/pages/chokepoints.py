"""Chokepoints on the page: how far exposure falls without one supplier, and whom that touches."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.about import about_part
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.supplied import Supplied
from dashboard.supply_words import as_part, country_name
from dashboard.wording import as_whole, say

__all__ = ["chokepoint_panel"]

_SHOWN = 10


def chokepoint_panel(supplied: Supplied, lang: str) -> Component:
    """Bars of the largest drops for the country looked at; all of them with bounds in the table."""
    country = country_name(lang, supplied.country, is_said=True)
    rows = supplied.part("chokepoints")
    title = say(lang, "suppliers.chokepoints", country=country)
    if rows.empty:
        key = "chokepoints_none" if "lookthrough" in supplied.shelf.tables else "chokepoints_absent"
        return html.Section(
            [
                html.H2(title),
                html.Div(html.P(say(lang, f"suppliers.{key}", country=country)), className="state"),
            ],
            className="panel",
            id="chokepoints",
        )
    first = rows.iloc[0]
    n = int(first["n_firms"])
    claim = say(
        lang,
        "suppliers.chokepoint_claim",
        name=supplied.name(lang, str(first["party"])),
        part=as_part(lang, first["part"]),
        country=country,
    )
    sentence = say(
        lang,
        "suppliers.chokepoint_sentence_one" if n == 1 else "suppliers.chokepoint_sentence",
        n=n,
        mean=as_part(lang, first["mean_exposure"]),
        links=int(first["n_links"]),
        country=country,
    )
    largest = float(rows["drop"].max())
    return html.Section(
        [
            html.H2(claim),
            html.P(sentence, className="sentence"),
            html.Ul(
                [_bar(supplied, lang, row, largest) for _, row in rows.head(_SHOWN).iterrows()],
                className="drops",
            ),
            html.P(say(lang, "suppliers.chokepoint_note"), className="quiet"),
            table_view(lang, _table(supplied, lang, rows, title)),
            about_part(supplied.shelf, lang, "chokepoints", say(lang, "unit.firms", n=n)),
        ],
        className="panel",
        id="chokepoints",
    )


def _touched(lang: str, row: pd.Series) -> str:
    """How many firms lose something, and how many all of it."""
    if int(row["n_firms"]) == 1:
        return say(lang, "suppliers.all_cut") if int(row["cut_off"]) else ""
    words = say(lang, "suppliers.loses", firms=int(row["firms"]), n=int(row["n_firms"]))
    if int(row["cut_off"]):
        words += " · " + say(lang, "suppliers.cut_off", firms=int(row["cut_off"]))
    return words


def _bar(supplied: Supplied, lang: str, row: pd.Series, largest: float) -> Component:
    name = supplied.name(lang, str(row["party"]))
    value = f"−{_points(row['drop'])}"
    touched = _touched(lang, row)
    width = f"{100 * float(row['drop']) / largest if largest else 0:.2f}%"
    words = say(
        lang, "suppliers.drop_words", name=name, points=_points(row["drop"]), high=_points(row["high"])
    )
    return html.Li(
        [
            html.Div(
                [
                    html.Span(name, className="drop-name"),
                    html.Span(
                        country_name(lang, str(row["country"])) if row["country"] else "", className="quiet"
                    ),
                ],
                className="drop-who",
            ),
            html.Div(
                html.Span(className="drop-bar", style={"width": width}),
                className=f"drop-track {supplied.side(supplied.seed)}".strip(),
                role="img",
                **tags({"aria-label": words}),
            ),
            html.Span(value, className="drop-value"),
            html.Span(touched, className="dot-n drop-touched"),
        ],
        title=words,
    )


def _points(value: object) -> str:
    """Percentage points with as many decimals as tell chokepoints apart."""
    points = 100 * float(value)  # type: ignore[arg-type]
    return f"{points:.1f}" if points >= 9.95 else f"{points:.2f}"


def _table(supplied: Supplied, lang: str, rows: pd.DataFrame, title: str) -> Component:
    lines: list[list[Component | str]] = [
        [
            supplied.name(lang, str(row["party"])),
            country_name(lang, str(row["country"])),
            _points(row["drop"]),
            _points(row["high"]),
            as_part(lang, row["part"]),
            as_whole(row["firms"]),
            as_whole(row["cut_off"]),
            say(
                lang,
                "suppliers.hardest",
                name=supplied.name(lang, str(row["hardest_hit"])),
                drop=_points(row["largest_drop"]),
            ),
        ]
        for _, row in rows.iterrows()
    ]
    keys = ("supplier", "country", "drop", "drop_high", "part", "losers", "cut_off", "hardest_hit")
    head = [say(lang, f"suppliers.head_{key}") for key in keys]
    return filled_table(head, lines, title, numbers=(2, 3, 4, 5, 6))
