"""What firms say of rules against what their flows say, on the page Method: one row a question."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import words_table
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, as_whole, beside, is_number, say

__all__ = ["show_agreement"]

_WIDE = {"display": "inline-block", "minWidth": "11em"}
_WHOLE = {"whiteSpace": "nowrap"}

_COUNTS = ("both", "answer only", "ledger only", "neither")


def show_agreement(shelf: Shelf, lang: str) -> list[Component]:
    """A sentence and a table; nothing where the Release holds no such answers."""
    table = shelf.tables.get("agreement")
    if table is None or table.empty:
        return []
    keys = ["says", "question", "option"]
    groups = [rows.set_index("stat") for _, rows in table.groupby(keys, sort=False)]
    head = [
        say(lang, f"agreement.head_{name}")
        for name in ("answer", "figure", "n", "counts", "agree", "kappa", "auc")
    ]
    lines = [_line(shelf, lang, rows) for rows in groups]
    title = say(lang, "agreement.title")
    return [
        html.P(
            say(lang, "agreement.sentence", day=as_date(lang, str(table["as_of"].iloc[0]))), className="said"
        ),
        words_table(head, lines, title, numbers=(2,)),
        html.P(say(lang, "agreement.note"), className="quiet"),
    ]


def _line(shelf: Shelf, lang: str, rows: pd.DataFrame) -> list[Component | str]:
    first = rows.iloc[0]
    question, option = str(first["question"]), str(first["option"])
    label = beside(lang, shelf.label(lang, question), shelf.label(lang, question, option))
    of = rows[["n", "estimate", "low", "high"]].to_dict(orient="index")
    counts = " / ".join(as_whole(of[name]["estimate"]) for name in _COUNTS)
    return [
        html.Span(label, style=_WIDE),
        html.Span(say(lang, f"column.{first['says']}"), style=_WHOLE),
        as_whole(of["agree"]["n"]),
        counts,
        html.Span(_percent(lang, of["agree"]), style=_WHOLE),
        html.Span(_index(lang, of["kappa"]), style=_WHOLE),
        html.Span(_index(lang, of["auc"]), style=_WHOLE),
    ]


def _percent(lang: str, row: dict[Any, Any]) -> str:
    if not is_number(row["estimate"]):
        return say(lang, "technologies.not_known")
    at, low, high = (f"{100 * float(row[key]):.0f}" for key in ("estimate", "low", "high"))
    return say(lang, "technologies.range", at=at, low=low, high=high)


def _index(lang: str, row: dict[Any, Any]) -> str:
    """A figure from 0 to 1 with its limits; a dash where it cannot be told."""
    if not is_number(row["estimate"]):
        return "–"
    at, low, high = (as_index(float(row[key]), 2) for key in ("estimate", "low", "high"))
    return say(lang, "agreement.range", at=at, low=low, high=high)
