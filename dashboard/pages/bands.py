"""Pressure without firms: how many fall into each band, for readers who may see no firm row."""

from dash import html
from dash.development.base_component import Component

from dashboard.claims import band_claim, is_hidden
from dashboard.pages.about import about_bands
from dashboard.pages.grid_table import csv_link
from dashboard.pages.held_back import held_back_state
from dashboard.pages.marks import bar_ends, hatched, interval_bar, table_view, words_table
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.wording import as_interval, as_share, as_whole, say

__all__ = ["band_tables"]

_SIDES = {"squeeze": "both", "us": "us", "cn": "cn"}


def band_tables(shelf: Shelf, lang: str) -> Component:
    """The state `no firm rows`, and one dot-and-interval list for squeeze, us and cn each."""
    lists = [_one(shelf, lang, name, side) for name, side in _SIDES.items()]
    held = [part for part in lists if part is not None]
    return html.Div(
        [
            _why_no_firms(shelf, lang, has_bands=bool(held)),
            html.Div(held, className="bands"),
            csv_link(View(lang=lang)) if held else None,
        ]
    )


def _why_no_firms(shelf: Shelf, lang: str, *, has_bands: bool) -> Component:
    if not has_bands:
        return html.Div(html.P(say(lang, "state.no_pressure")), className="state")
    title, why = "state.no_firm_rows", "state.no_firm_rows_why"
    return held_back_state(shelf, lang, title, why, say(lang, "state.bands_below"))


def _one(shelf: Shelf, lang: str, name: str, side: str) -> Component | None:
    question = f"pressure.{name}"
    rows = shelf.shares(question)
    if rows.empty:
        return None
    title = say(lang, f"bands.{name}")
    claim, n = band_claim(shelf, lang, name, rows)
    order = {option: place for place, option in enumerate(shelf.options(question))}
    ordered = rows.assign(place=rows["option"].map(order)).sort_values("place", kind="stable")
    items: list[Component] = []
    table: list[list[Component | str]] = []
    for _, row in ordered.iterrows():
        label = shelf.label(lang, question, str(row["option"]))
        if is_hidden(row):
            items.append(html.Li([html.Span(label, className="band-name"), hatched(lang)]))
            table.append([label, hatched(lang), "", ""])
            continue
        count = int(row["n"])
        value = as_share(lang, row["estimate"], count)
        interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=count)
        items.append(
            html.Li(
                [
                    html.Span(label, className="band-name"),
                    interval_bar(
                        row["estimate"],
                        row["low"],
                        row["high"],
                        say(lang, "bar.said", what=label, value=value, interval=interval),
                        side=side,
                    ),
                    html.Span(value, className="band-value"),
                ]
            )
        )
        table.append([label, value, interval, as_whole(count)])
    head = [say(lang, f"column.{key}") for key in ("band", "value", "interval", "n")]
    return html.Section(
        [
            html.H3(claim),
            html.P(say(lang, "bands.sentence", n=n), className="sentence") if n is not None else None,
            html.Ul(items, className="band-list"),
            html.Div(
                bar_ends(*(say(lang, "unit.percent", value=end) for end in (0, 100))), className="band-ends"
            ),
            table_view(lang, words_table(head, table, title, numbers=(1, 3))),
            about_bands(shelf, lang, ordered),
        ],
        className="panel",
    )
