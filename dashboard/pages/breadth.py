"""The breadth curve on the page: what is at stake as the list of controlled items widens step by step."""

from html import escape
from typing import Any, cast

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.figures.breadth import Step, draw_breadth
from dashboard.foreseen import MEASURED, Foreseen, top_of
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.scenario_words import digits_under
from dashboard.selection import View
from dashboard.theme import chart_config
from dashboard.wording import as_index, as_interval, as_whole, is_number, say

__all__ = ["breadth_panel"]


def breadth_panel(found: Foreseen, view: View, ground: str) -> Component | None:
    """The curve of the measure looked at, with its sentence and table; nothing where none is held."""
    lang = view.lang
    rows, stat = found.curve, found.stat
    known = rows[rows["after"].map(is_number)] if len(rows) else rows
    if len(known) < 2:
        return None
    first, last = known.iloc[0], known.iloc[-1]
    measure = say(lang, f"scenarios.measure_{stat}")
    digits = digits_under(top_of(known))
    words = {"first": as_index(first["after"], digits), "last": as_index(last["after"], digits)}
    claim = say(lang, "scenarios.breadth_claim", measure=measure, **words)
    title = found.words(lang, "title", str(last["scenario"]))
    sentence = say(lang, "scenarios.breadth_sentence", title=title, n=int(last["n"]), steps=len(known))
    return html.Section(
        [
            html.H2(claim),
            html.P(sentence, className="sentence"),
            html.Div(
                dcc.Graph(
                    id="breadth",
                    figure=draw_breadth(
                        [_step(lang, row, digits) for _, row in known.iterrows()],
                        ground=ground,
                        side=MEASURED.get(stat, ""),
                    ),
                    config=cast(Any, chart_config(lang)),
                    responsive=True,
                ),
                role="img",
                className="waves",
                **tags({"aria-label": f"{claim}. {sentence}"}),
            ),
            html.Ol(
                [html.Li(_item(lang, row)) for _, row in known.iterrows()],
                className="steps",
            ),
            table_view(lang, _table(lang, rows, claim, digits)),
        ],
        className="panel",
        id="breadth-panel",
    )


def _label(lang: str, row: pd.Series) -> str:
    return str(row.get(lang) or row.get("en") or row["step"])


def _item(lang: str, row: pd.Series) -> list[Component]:
    return [html.Span(str(int(row["step"])), className="step"), html.Span(_label(lang, row))]


def _limits(row: pd.Series) -> tuple[float, float]:
    """Limits of the difference, laid from the value before any step."""
    return float(row["before"]) + float(row["low"]), float(row["before"]) + float(row["high"])


def _words(lang: str, row: pd.Series, digits: int) -> str:
    low, high = _limits(row)
    return as_interval(lang, low, high, row["level"], str(row["method"]), digits=digits)


def _step(lang: str, row: pd.Series, digits: int) -> Step:
    low, high = _limits(row)
    label, value = _label(lang, row), float(row["after"])
    words = f"{escape(label, quote=False)}<br>{as_index(value, digits)}<br>{_words(lang, row, digits)}"
    return Step(str(int(row["step"])), value, low, high, words)


def _table(lang: str, rows: pd.DataFrame, caption: str, digits: int) -> Component:
    lines: list[list[Component | str]] = [
        [
            str(int(row["step"])),
            _label(lang, row),
            as_index(row["after"], digits) if is_number(row["after"]) else "–",
            _words(lang, row, digits),
            as_whole(row["n"]) if is_number(row["n"]) else "–",
        ]
        for _, row in rows.iterrows()
    ]
    keys = ("step", "list", "value", "interval", "n")
    head = [say(lang, f"scenarios.head_{key}") for key in keys]
    return filled_table(head, lines, caption, numbers=(0, 2, 4))
