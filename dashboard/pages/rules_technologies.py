"""Technologies between the sides: what the firms buy from each, against how much each buys of them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.ruled import Ruled
from dashboard.wording import as_amount, is_number, say

__all__ = ["technology_panel"]

_STATS = ("comes_from", "goes_to")
_FEW = 5

_Cells = Mapping[tuple[str, str, str], Mapping[Any, Any]]
"""Rows of `technology_sides` by technology, side and stat."""


def technology_panel(ruled: Ruled, lang: str) -> Component | None:
    """Strips of dependence and of indispensability by technology; without flows the technologies alone."""
    title = say(lang, "technologies.title")
    if "technologies" not in ruled.shelf.tables:
        return None
    table = ruled.shelf.tables.get("technology_sides")
    if table is not None:
        table = table[table["home"] == ""]
    if table is None:
        words = say(lang, "technologies.kept_back")
        key = "technologies.none" if ruled.shelf.audience == "internal" else ""
        return html.Section(
            [
                html.H2(title),
                html.P(say(lang, key) if key else words, className="sentence"),
                _catalogue_view(ruled, lang, title, is_open=False),
            ],
            className="panel",
            id="technologies",
        )
    rows = {(r["technology"], r["side"], r["stat"]): r for r in table.to_dict(orient="records")}
    order = _order(table)
    notes = [say(lang, "technologies.sentence")]
    if (table["method"] == "flows counted alike").any():
        notes.append(say(lang, "technologies.by_count"))
    return html.Section(
        [
            html.H2(_claim(ruled, lang, table)),
            html.P(("" if lang == "ja" else " ").join(notes), className="sentence"),
            _keys(lang),
            html.Div(
                [_head(lang), html.Ul([_row(ruled, lang, rows, tag) for tag in order], className="sides")],
                className="sides-panel",
            ),
            html.P(_held_words(table, lang), className="quiet"),
            table_view(lang, _table(ruled, lang, rows, order, title)),
            _catalogue_view(ruled, lang, title, is_open=False),
        ],
        className="panel",
        id="technologies",
    )


def _order(table: pd.DataFrame) -> list[str]:
    """Technologies whose larger part lies with a side come first."""
    shown = table[table["stat"].isin(_STATS)]
    most = shown.groupby("technology")["estimate"].max()
    return [str(tag) for tag in most.sort_values(ascending=False, kind="stable").index]


def _claim(ruled: Ruled, lang: str, table: pd.DataFrame) -> str:
    """The technology the firms depend on most, of those that several firms buy."""
    rows = table[(table["stat"] == "comes_from") & (table["n"] >= _FEW)]
    if rows.empty or not float(rows["estimate"].max()):
        return say(lang, "technologies.title")
    row = rows.nlargest(1, "estimate", keep="first").iloc[0]
    part = say(lang, "unit.percent", value=f"{100 * float(row['estimate']):.0f}")
    return say(
        lang,
        "technologies.claim",
        technology=ruled.technology(lang, str(row["technology"])),
        part=part,
        side=say(lang, f"technologies.side_{row['side']}"),
        n=int(row["n"]),
    )


def _keys(lang: str) -> Component:
    items = [
        html.Span([html.Span(className=f"key {side}"), say(lang, f"rules.side_{side}")])
        for side in ("us", "cn")
    ]
    return html.P(items, className="keys")


def _head(lang: str) -> Component:
    words = [say(lang, f"technologies.head_{key}") for key in ("technology", *_STATS)]
    return html.Div(
        [html.Span(word) for word in words], className="side-row side-head", **tags({"aria-hidden": "true"})
    )


def _row(ruled: Ruled, lang: str, rows: _Cells, tag: str) -> Component:
    parts: list[Component] = [html.Span(ruled.technology(lang, tag), className="side-name")]
    for stat in _STATS:
        bars = [_bar(lang, rows, tag, side, stat) for side in ("us", "cn")]
        parts.append(
            html.Div(
                [*bars, html.Span(_n_words(lang, rows, tag, stat), className="quiet")],
                className="side-bars",
                **tags({"data-head": say(lang, f"technologies.head_{stat}")}),
            )
        )
    return html.Li(parts, className="side-row")


def _cell(rows: _Cells, tag: str, side: str, stat: str) -> Mapping[Any, Any] | None:
    return rows.get((tag, side, stat))


def _n_words(lang: str, rows: _Cells, tag: str, stat: str) -> str:
    row = _cell(rows, tag, "us", stat)
    if row is None:
        row = _cell(rows, tag, "cn", stat)
    if row is None:
        return say(lang, f"technologies.nothing_{stat}")
    return say(lang, f"technologies.n_{stat}", n=int(row["n"]))


def _bar(lang: str, rows: _Cells, tag: str, side: str, stat: str) -> Component | None:
    row = _cell(rows, tag, side, stat)
    if row is None or not is_number(row["estimate"]):
        return None
    part = float(row["estimate"])
    words = say(
        lang,
        "unit.percent",
        value=f"{100 * part:.0f}" if part >= 0.0095 or part == 0 else f"{100 * part:.1f}",
    )
    style = {"width": f"{100 * part:.1f}%"}
    flows = say(lang, "technologies.flows", flows=int(row["flows"]))
    return html.Div(
        [
            html.Span(html.Span(className=f"side-fill {side}", style=style), className="side-track"),
            html.Span(words, className="side-value"),
            html.Span(flows, className="quiet side-flows"),
        ],
        className="side-bar",
        title=f"{say(lang, f'rules.side_{side}')}: {words}, {flows}",
    )


def _held_words(table: pd.DataFrame, lang: str) -> str:
    """Whether links tell how hard the firms are to do without."""
    held = table[table["stat"] == "held"]
    if held.empty or not held["estimate"].notna().any():
        return say(lang, "technologies.held_unknown")
    return say(lang, "technologies.held_known")


def _table(ruled: Ruled, lang: str, rows: _Cells, order: list[str], title: str) -> Component:
    lines = []
    for tag in order:
        for side in ("us", "cn"):
            cells = {stat: _cell(rows, tag, side, stat) for stat in (*_STATS, "held", "of_inputs")}
            told = {
                stat: say(lang, "unit.percent", value=f"{100 * float(row['estimate']):.1f}")
                if row is not None and is_number(row["estimate"])
                else "–"
                for stat, row in cells.items()
            }
            bought, sold = cells["comes_from"], cells["goes_to"]
            lines.append(
                [
                    ruled.technology(lang, tag),
                    say(lang, f"rules.side_{side}"),
                    told["comes_from"],
                    "–" if bought is None else str(int(bought["n"])),
                    "–" if bought is None else as_amount(lang, float(bought["value"])),
                    told["goes_to"],
                    "–" if sold is None else str(int(sold["n"])),
                    "–" if sold is None else str(int(sold["customers"])),
                    told["held"],
                    told["of_inputs"],
                ]
            )
    keys = (
        "technology",
        "side",
        "comes_from",
        "buyers",
        "bought",
        "goes_to",
        "sellers",
        "customers",
        "held",
        "of_inputs",
    )
    head = [say(lang, f"technologies.head_{key}") for key in keys]
    return filled_table(head, lines, title, numbers=tuple(range(2, len(keys))))


def _catalogue_view(ruled: Ruled, lang: str, title: str, *, is_open: bool) -> Component:
    """Technologies of the catalogue, with codes that are indicative."""
    table = ruled.shelf.tables["technologies"]
    lines = [
        [
            str(row[lang] or row["en"]),
            str(row["hs_chapters"]).replace("|", ", "),
            str(row["hs_codes"]).replace("|", ", "),
            str(row["eccn"]).replace("|", ", "),
        ]
        for _, row in table.iterrows()
    ]
    head = [say(lang, f"technologies.head_{key}") for key in ("technology", "chapters", "codes", "eccn")]
    words = say(lang, "technologies.catalogue", many=len(table))
    return table_view(lang, filled_table(head, lines, words), words=words, is_open=is_open)
