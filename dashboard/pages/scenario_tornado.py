"""What the numbers hang on: each open parameter moved alone, as bars and as a table with the top tier."""

from html import escape
from typing import Any, cast

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.figures.tornado import Bar, draw_tornado
from dashboard.foreseen import MEASURED, Foreseen
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.scenario_words import as_difference, digits_under, ends_words, is_certain
from dashboard.selection import View
from dashboard.theme import chart_config
from dashboard.wording import as_index, as_whole, say

__all__ = ["tornado_panel"]


def tornado_panel(found: Foreseen, view: View, ground: str) -> Component | None:
    """Bars of the measure looked at, the widest first; nothing where the Release has none."""
    lang, table = view.lang, found.shelf.tables.get("tornado")
    if table is None or table.empty:
        return None
    rows = table[table["stat"] == found.stat].dropna(subset=["estimate"])
    if rows.empty:
        return None
    digits = digits_under(float(rows[["before", "after"]].max(axis=None)))
    reach = rows["estimate"].abs().groupby(rows["parameter"]).max()
    order = reach.sort_values(ascending=False, kind="stable")
    moved = [str(name) for name in order.index[order >= 0.5 * 10**-digits]]
    measure = say(lang, f"scenarios.measure_{found.stat}")
    standing, n = float(rows.iloc[0]["before"]), int(rows.iloc[0]["n"])
    title = say(lang, "scenarios.tornado_none", measure=measure)
    if moved:
        first = _name(found, lang, moved[0])
        title = say(lang, "scenarios.tornado_claim", measure=measure, parameter=first)
    sentence = say(lang, "scenarios.tornado_sentence", n=n, value=as_index(standing, digits))
    still = [_name(found, lang, str(name)) for name in order.index[order < 0.5 * 10**-digits]]
    parts: list[Component] = [html.H2(title), html.P(sentence, className="sentence")]
    if moved:
        shown = rows[rows["parameter"].isin(moved)]
        place = {name: number for number, name in enumerate(moved)}
        shown = shown.sort_values("parameter", key=lambda names: names.map(place), kind="stable")
        bars = [_bar(found, lang, row, digits) for _, row in shown.iterrows()]
        figure = draw_tornado(bars, standing, ground=ground, side=MEASURED.get(found.stat, "both"))
        parts.append(
            html.Div(
                dcc.Graph(
                    id="tornado",
                    figure=figure,
                    config=cast(Any, chart_config(lang)),
                    responsive=True,
                ),
                role="img",
                style={"height": f"{figure['layout']['height']}px"},
                **tags({"aria-label": f"{title}. {sentence}"}),
            )
        )
    if still:
        parts.append(
            html.P(
                say(lang, "scenarios.tornado_still", names=say(lang, "scenarios.open_comma").join(still)),
                className="quiet",
            )
        )
    parts.append(html.P(say(lang, "scenarios.tornado_note"), className="quiet"))
    parts.append(table_view(lang, _table(found, lang, rows, table, title, digits)))
    return html.Section(parts, className="panel", id="tornado-panel")


def _name(found: Foreseen, lang: str, parameter: str) -> str:
    """A parameter in words; of a date the rule it is of."""
    if parameter.startswith("date "):
        return say(lang, "scenarios.open_date", rule=found.rule(lang, parameter.removeprefix("date ")))
    return say(lang, f"scenarios.open_{parameter}")


def _setting(lang: str, row: pd.Series, key: str) -> str:
    """A value of a parameter: a number, or one of its words."""
    word = str(row[key])
    if word in ("largest", "mean", "in force", "not in force"):
        return say(lang, f"scenarios.set_{word.replace(' ', '_')}")
    return word


def _interval(lang: str, row: pd.Series, digits: int) -> str:
    if is_certain(row["low"], row["high"]):
        return say(lang, "scenarios.certain")
    return ends_words(lang, row["low"], row["high"], digits)


def _bar(found: Foreseen, lang: str, row: pd.Series, digits: int) -> Bar:
    name = escape(_name(found, lang, str(row["parameter"])), quote=False)
    before = float(row["before"])
    turned = f"{_setting(lang, row, 'standing')} → {_setting(lang, row, 'setting')}"
    told = {"value": as_difference(row["estimate"], digits), "interval": _interval(lang, row, digits)}
    words = f"{name}<br>{escape(turned, quote=False)}<br>{say(lang, 'bar.with', **told)}"
    low, high = (before + float(row[end]) for end in ("low", "high"))
    return Bar(name, str(row["end"]), float(row["after"]), low, high, words)


def _table(
    found: Foreseen, lang: str, rows: pd.DataFrame, table: pd.DataFrame, caption: str, digits: int
) -> Component:
    tops = table[table["stat"] == "top_tier"].set_index(["parameter", "end"])
    lines: list[list[Component | str]] = []
    for _, row in rows.iterrows():
        top = tops.loc[(row["parameter"], row["end"])]
        came, went = (len(str(top[key]).split(";")) if top[key] else 0 for key in ("entered", "left"))
        lines.append(
            [
                _name(found, lang, str(row["parameter"])),
                f"{_setting(lang, row, 'standing')} → {_setting(lang, row, 'setting')}",
                as_index(row["after"], digits),
                as_difference(row["estimate"], digits),
                _interval(lang, row, digits),
                say(lang, "scenarios.top_moves", n=int(top["after"]), came=came, went=went),
                as_whole(row["n"]),
            ]
        )
    keys = ("parameter", "setting", "after", "difference", "interval", "top", "n")
    head = [say(lang, f"scenarios.head_{key}") for key in keys]
    return filled_table(head, lines, caption, numbers=(2, 3, 6))
