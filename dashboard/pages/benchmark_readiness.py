"""Readiness of all firms on an internal Release: controls, the index and its robustness, who is exposed."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.about import about_part
from dashboard.pages.headlines import claim_with_interval
from dashboard.pages.marks import interval_bar, tags, words_table
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_interval, as_share, as_whole, is_number, say

__all__ = ["readiness_panel"]

_MOST = 100
"""Firms in the table; all are in the file beside it."""


def readiness_panel(shelf: Shelf, view: View) -> list[Component]:
    """The section; nothing where the Release holds no readiness of firms."""
    if not {"readiness", "readiness_firms"} <= set(shelf.tables):
        return []
    lang = view.lang
    table = shelf.tables["readiness"]
    mine = table[table["by"] == ""]
    return [
        html.Section(
            [
                html.H2(_claim(shelf, mine, lang), className="claim-of-day"),
                html.H3(say(lang, "readiness.controls")),
                html.P(say(lang, "readiness.controls_note"), className="sentence"),
                _controls(mine, lang),
                html.H3(say(lang, "readiness.index", how=say(lang, f"readiness.how_{_how(shelf)}"))),
                *[html.P(words, className="sentence") for words in _index_words(mine, lang)],
                html.H3(say(lang, "readiness.firms")),
                *_firms(shelf, view),
                about_part(shelf, lang, "readiness", _many(mine, lang)),
                _take_away(view),
            ],
            className="panel readiness",
            id="readiness",
        )
    ]


def _how(shelf: Shelf) -> str:
    form = shelf.tables["readiness_form"]
    return str(form["aggregation"].iloc[0]) if len(form) else "mean"


def _row(mine: pd.DataFrame, stat: str) -> dict[str, Any] | None:
    rows = mine[mine["stat"] == stat]
    return None if rows.empty else {str(k): v for k, v in rows.iloc[0].items()}


def _claim(shelf: Shelf, mine: pd.DataFrame, lang: str) -> list[Component | str]:
    row = _row(mine, "exposed_not_ready")
    if row is None or not is_number(row["estimate"]):
        return [say(lang, "readiness.claim_none")]
    cuts = shelf.tables["readiness_firms"]
    joint = cuts[cuts["stat"] == "exposed_not_ready"]
    counts = {end: int(joint[end].sum()) for end in ("estimate", "low", "high")}
    cut = {name: _row(mine, f"cut_{name}") for name in ("exposed", "ready")}
    second = say(
        lang,
        "readiness.claim_second",
        **{name: "–" if found is None else f"{found['estimate']:g}" for name, found in cut.items()},
        low=counts["low"],
        high=counts["high"],
    )
    first = say(lang, "readiness.claim", count=counts["estimate"], n=int(row["n"]))
    return claim_with_interval(first, second)


def _controls(mine: pd.DataFrame, lang: str) -> Component:
    """One line a control: how many have it, with interval and n."""
    lines = []
    for row in mine[mine["stat"] == "in_place"].to_dict(orient="records"):
        n, name = int(row["n"]), say(lang, f"control.{row['control']}")
        share = as_share(lang, float(row["estimate"]), n)
        ends = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
        lines.append(
            html.Li(
                [
                    html.Span(
                        [name, html.Span(f"n = {as_whole(n)}", className="quiet")], className="stand-name"
                    ),
                    interval_bar(row["estimate"], row["low"], row["high"], f"{name}: {share}, {ends}"),
                    html.Span(share, className="stand-place"),
                    html.Span(ends, className="stand-own"),
                ],
                className="stand-row",
            )
        )
    return html.Div(html.Ul(lines, className="stand-list"), className="stands")


def _many(mine: pd.DataFrame, lang: str) -> str:
    known = mine["n"].dropna()
    return say(lang, "unit.firms", n=int(known.max())) if len(known) else "–"


def _index_words(mine: pd.DataFrame, lang: str) -> list[str]:
    row, ready = _row(mine, "index"), _row(mine, "ready")
    said = []
    if row is not None and is_number(row["estimate"]):
        limits = (row["low"], row["high"], row["level"], str(row["method"]))
        words = {"value": as_index(float(row["estimate"])), "ends": as_interval(lang, *limits)}
        said.append(say(lang, "readiness.index_words", n=int(row["n"]), **words))
    if ready is not None and is_number(ready["estimate"]):
        n = int(ready["n"])
        ends = as_interval(lang, ready["low"], ready["high"], ready["level"], str(ready["method"]), n=n)
        share = as_share(lang, float(ready["estimate"]), n)
        said.append(say(lang, "readiness.ready_words", share=share, n=n, ends=ends))
    shifts = {
        key: _row(mine, f"rank_shift_{key}") for key in ("weights", "aggregation", "normalisation", "all")
    }
    if all(shift is not None for shift in shifts.values()):
        moved = {key: f"{float(shift['estimate']):.1f}" for key, shift in shifts.items() if shift}
        n = next(int(shift["n"]) for shift in shifts.values() if shift)
        said.append(say(lang, "readiness.robust", n=n, **moved))
    return said


def _firms(shelf: Shelf, view: View) -> list[Component]:
    """Firms that are, or could be, exposed and not ready; each leads to its drawer."""
    lang = view.lang
    table = shelf.tables["readiness_firms"]
    wide = table.pivot(index="firm", columns="stat", values=["estimate", "low", "high"])
    joint = "exposed_not_ready"
    found = wide[wide[("high", joint)] > 0]
    order = found[("low", joint)] + found[("estimate", joint)]
    found = found.loc[order.sort_values(ascending=False, kind="stable").index]
    if found.empty:
        return [html.P(say(lang, "readiness.firms_none"), className="sentence")]
    rows: list[list[Component | str]] = []
    for firm, row in found.head(_MOST).iterrows():
        known = shelf.firm(str(firm))
        name = "" if known is None else str(known["name_ja" if lang == "ja" else "name"] or known["name"])
        squeeze = "–" if known is None or not is_number(known["squeeze"]) else _range(known, "squeeze")
        sure = (
            "sure" if row[("low", joint)] > 0 else ("likely" if row[("estimate", joint)] > 0 else "possible")
        )
        link = html.A(f"{firm} {name}".strip(), href=address("/pressure", View(lang=lang, firm=str(firm))))
        over = [as_index(float(row[(end, "index_over_choices")])) for end in ("low", "high")]
        rows.append(
            [
                link,
                squeeze,
                as_index(float(row[("estimate", "index")])),
                f"{over[0]}–{over[1]}",
                say(lang, f"readiness.{sure}"),
            ]
        )
    head = [say(lang, f"readiness.head_{key}") for key in ("firm", "squeeze", "index", "over", "sure")]
    words = say(lang, "readiness.firms_note")
    if len(found) > _MOST:
        words = f"{words} {say(lang, 'readiness.firms_more', shown=_MOST, many=len(found))}"
    note = html.P(words, className="sentence")
    return [note, words_table(head, rows, say(lang, "readiness.firms"), numbers=(1, 2, 3))]


def _range(row: "pd.Series", stat: str) -> str:
    low, high = (as_index(float(row[f"{stat}_{end}"]), 3) for end in ("low", "high"))
    value = as_index(float(row[stat]), 3)
    return value if low == high else f"{value} ({low}–{high})"


def _take_away(view: View) -> Component:
    links = [
        html.A(
            say(view.lang, f"readiness.csv_{name}"),
            href=address(f"/{name}.csv", View(lang=view.lang)),
            **tags({"download": ""}),
        )
        for name in ("readiness", "readiness_firms")
    ]
    return html.P([part for link in links for part in (link, " ")], className="links")
