"""Face value against look-through by country: two points and what is not known, on one scale."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import filled_table, hatched, table_view, tags
from dashboard.supplied import Supplied, country_of
from dashboard.supply_words import as_part, country_name
from dashboard.wording import as_whole, is_number, say, sentences

__all__ = ["country_panel"]

_STEPS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8)


def country_panel(supplied: Supplied, lang: str) -> Component:
    """A row a country: open point bought there, full point met at any tier, pale what is not known."""
    rows = supplied.rows
    is_rounded = supplied.shelf.audience != "internal"
    shown = rows["exposure"].dropna()
    top = float(shown.max()) if len(shown) else 1.0
    to = next((end for end in _STEPS if top <= end * 0.97), 1.0)
    items = [_row(lang, row, to, is_rounded) for _, row in rows.iterrows()]
    title = say(lang, "suppliers.by_country")
    return html.Section(
        [
            html.H2(_claim(supplied, lang)),
            html.P(_sentence(supplied, lang), className="sentence"),
            _keys(lang, top_is_cut=bool((rows["high"] > to).any()), to=to),
            html.Div([_ruler(lang, to), html.Ul(items, className="pairs")], className="dots-panel"),
            table_view(lang, _table(supplied, lang, title, is_rounded)),
        ],
        className="panel",
        id="by-country",
    )


def _claim(supplied: Supplied, lang: str) -> str:
    """The country whose look-through exceeds its face value most, where any does."""
    rows = supplied.rows.dropna(subset=["direct", "exposure"])
    if rows.empty:
        return say(lang, "suppliers.by_country")
    more = (rows["exposure"] - rows["direct"]).round(4)
    if not (more > 0.0005).any():
        return say(lang, "suppliers.claim_nothing_hidden")
    row = rows.iloc[int(more.to_numpy().argmax())]
    value = f"{100 * float(more.max()):.0f}" if more.max() >= 0.0095 else f"{100 * float(more.max()):.1f}"
    return say(
        lang,
        "suppliers.claim_hidden",
        country=country_name(lang, country_of(row["seed"]), is_said=True),
        points=value,
    )


def _sentence(supplied: Supplied, lang: str) -> str:
    parts = []
    if not supplied.firm:
        n = supplied.n
        parts.append(say(lang, "suppliers.mean_of", n=n) if n else say(lang, "suppliers.mean_hidden"))
    if supplied.firm and (supplied.rows["flag"] == "sector average").any():
        parts.append(say(lang, "suppliers.sector_average"))
    elif supplied.named is not None and not supplied.firm:
        named = as_part(lang, supplied.named, is_rounded=True)
        parts.append(say(lang, "suppliers.named", named=named))
    return sentences(lang, parts) or say(lang, "suppliers.one_firm")


def _keys(lang: str, *, top_is_cut: bool, to: float) -> Component:
    items = [
        html.Span([html.Span(className="key open"), say(lang, "suppliers.key_direct")]),
        html.Span([html.Span(className="key full"), say(lang, "suppliers.key_exposure")]),
        html.Span([html.Span(className="key pale"), say(lang, "suppliers.key_high")]),
    ]
    if top_is_cut:
        end = say(lang, "unit.percent", value=f"{100 * to:g}")
        items.append(html.Span(say(lang, "suppliers.cut", to=end), className="quiet"))
    return html.P(items, className="keys")


def _ruler(lang: str, to: float) -> Component:
    step = to / 4
    marks = [
        html.Span(say(lang, "unit.percent", value=f"{100 * step * k:g}"), style={"left": f"{25 * k}%"})
        for k in range(5)
    ]
    heads = [
        html.Span(say(lang, f"suppliers.head_{name}"), className="pair-head")
        for name in ("direct", "exposure", "high")
    ]
    return html.Div(
        [html.Span(), html.Div(marks, className="ruler"), *heads],
        className="pair-row pair-ruler",
        **tags({"aria-hidden": "true"}),
    )


def _row(lang: str, row: pd.Series, to: float, is_rounded: bool) -> Component:
    code = country_of(row["seed"])
    name = html.Span(country_name(lang, code), className="pair-name")
    if not is_number(row["exposure"]):
        return html.Li([name, html.Span(hatched(lang), className="dot-hidden")], className="pair-row")
    told = {key: as_part(lang, row[key], is_rounded=is_rounded) for key in ("direct", "exposure", "high")}
    if not is_number(row["direct"]):
        told["direct"] = say(lang, "suppliers.hidden_short")
    words = say(lang, "suppliers.row", country=country_name(lang, code), **told)
    return html.Li(
        [
            name,
            _bar(row, to, Supplied.side(row["seed"]), words),
            *[
                html.Span(
                    told[key],
                    className=f"pair-value {key}",
                    **tags({"data-head": say(lang, f"suppliers.head_{key}")}),
                )
                for key in ("direct", "exposure", "high")
            ],
        ],
        className="pair-row",
        title=words,
    )


def _bar(row: pd.Series, to: float, side: str, words: str) -> Component:
    def at(value: float) -> float:
        return 100 * min(max(value / to, 0.0), 1.0)

    direct, exposure, high = (float(row[key]) for key in ("direct", "exposure", "high"))
    parts = []
    if is_number(high):
        width = max(at(high) - at(exposure), 0.0)
        parts.append(
            html.Span(className="bar-wide", style={"left": f"{at(exposure):.2f}%", "width": f"{width:.2f}%"})
        )
    if is_number(direct):
        width = max(at(exposure) - at(direct), 0.0)
        parts.append(
            html.Span(className="bar-step", style={"left": f"{at(direct):.2f}%", "width": f"{width:.2f}%"})
        )
        parts.append(html.Span(className="bar-point open", style={"left": f"{at(direct):.2f}%"}))
    parts.append(html.Span(className="bar-point", style={"left": f"{at(exposure):.2f}%"}))
    return html.Div(parts, className=f"bar {side}".strip(), role="img", **tags({"aria-label": words}))


def _table(supplied: Supplied, lang: str, title: str, is_rounded: bool) -> Component:
    median = None if supplied.firm else supplied.summary("median").set_index("seed")
    lines: list[list[Component | str]] = []
    for _, row in supplied.rows.iterrows():
        seed = str(row["seed"])
        told: list[Component | str] = [
            as_part(lang, row[key], is_rounded=is_rounded) if is_number(row[key]) else hatched(lang)
            for key in ("direct", "exposure", "high")
        ]
        if median is not None:
            told += [
                as_part(lang, median.loc[seed, key], is_rounded=is_rounded)
                if is_number(median.loc[seed, key])
                else hatched(lang)
                for key in ("direct", "exposure")
            ]
        n = "" if supplied.firm or not is_number(row["n"]) else as_whole(row["n"])
        lines.append([country_name(lang, country_of(seed)), *told, *([n] if median is not None else [])])
    keys = ["country", "direct", "exposure", "high"]
    keys += ["median_direct", "median_exposure", "firms"] if median is not None else []
    head = [say(lang, f"suppliers.head_{key}") for key in keys]
    return filled_table(head, lines, title, numbers=tuple(range(1, len(keys))))
