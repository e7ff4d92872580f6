"""Technologies between the sides: what the firms buy from each, against how much each buys of them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.about import about_part
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.pages.technology_map import show_map
from dashboard.ruled import Ruled
from dashboard.wording import as_amount, as_whole, is_number, say, sentences

__all__ = ["technology_panel"]

_STATS = ("leads_to", "missed")
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
            html.P(sentences(lang, notes), className="sentence"),
            _keys(lang),
            html.Div(
                [_head(lang), html.Ul([_row(ruled, lang, rows, tag) for tag in order], className="sides")],
                className="sides-panel",
            ),
            html.P(_held_words(table, lang), className="quiet"),
            table_view(lang, _table(ruled, lang, rows, order, title)),
            about_part(ruled.shelf, lang, "technologies", say(lang, "about.n_beside")),
            *show_map(ruled, lang),
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
    """The technology the firms depend on most, of those that several firms buy: as its strip says."""
    rows = table[(table["stat"] == "leads_to") & (table["n"] >= _FEW)]
    if rows.empty or not float(rows["estimate"].max()):
        return say(lang, "technologies.title")
    row = rows.nlargest(1, "estimate", keep="first").iloc[0]
    part, low, high = (
        say(lang, "unit.percent", value=f"{100 * float(row[key]):.0f}") for key in ("estimate", "low", "high")
    )
    level = say(lang, "unit.per_level", level=f"{100 * float(row['level']):g}")
    return say(
        lang,
        "technologies.claim",
        technology=ruled.technology(lang, str(row["technology"])),
        part=part,
        side=say(lang, f"technologies.side_{row['side']}"),
        n=int(row["n"]),
        interval=say(lang, "scenarios.interval", low=low, high=high, level=level),
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
    """Who stands behind both bars, and why there is none."""
    found = {side: _cell(rows, tag, side, stat) for side in ("us", "cn")}
    counts = {side: 0 if row is None else int(row["n"]) for side, row in found.items()}
    if not any(counts.values()):
        return say(lang, f"technologies.nothing_{stat}")
    words = say(lang, f"technologies.n_{stat}", **counts)
    known = [row for row in found.values() if row is not None and is_number(row["estimate"])]
    return words if known else say(lang, "technologies.no_other", words=words)


def _bar(lang: str, rows: _Cells, tag: str, side: str, stat: str) -> Component | None:
    row = _cell(rows, tag, side, stat)
    if row is None or not is_number(row["estimate"]):
        return None
    part = float(row["estimate"])
    digits = 0 if part >= 0.0095 or part == 0 else 1
    words = say(lang, "unit.percent", value=f"{100 * part:.{digits}f}")
    style = {"width": f"{100 * part:.1f}%"}
    flows = say(lang, "technologies.flows", flows=int(row["flows"]))
    limits = "–".join(f"{100 * float(row[end]):.{digits}f}" for end in ("low", "high"))
    return html.Div(
        [
            html.Span(html.Span(className=f"side-fill {side}", style=style), className="side-track"),
            html.Span(words, className="side-value"),
            html.Span(limits, className="quiet side-flows"),
        ],
        className="side-bar",
        title=say(
            lang,
            "bar.said",
            what=say(lang, f"rules.side_{side}"),
            value=say(lang, "bar.with", value=words, interval=limits),
            interval=flows,
        ),
    )


def _held_words(table: pd.DataFrame, lang: str) -> str:
    """For how many technologies links do not tell how hard the firms are to do without."""
    sides = table.loc[table["stat"] == "missed"]
    lost = sides.loc[sides["estimate"].isna(), "technology"].nunique()
    return say(lang, "technologies.held_unknown", many=lost) if lost else say(lang, "technologies.held_known")


def _table(ruled: Ruled, lang: str, rows: _Cells, order: list[str], title: str) -> Component:
    lines = []
    for tag in order:
        for side in ("us", "cn"):
            every = ("comes_from", "leads_to", "goes_to", "held", "missed", "of_inputs")
            cells = {stat: _cell(rows, tag, side, stat) for stat in every}
            told = {stat: _told(lang, row) for stat, row in cells.items()}
            bought, sold = cells["comes_from"], cells["goes_to"]
            lines.append(
                [
                    ruled.technology(lang, tag),
                    say(lang, f"rules.side_{side}"),
                    told["comes_from"],
                    told["leads_to"],
                    "–" if bought is None else as_whole(bought["n"]),
                    "–" if bought is None else as_amount(lang, float(bought["value"])),
                    told["goes_to"],
                    "–" if sold is None else as_whole(sold["n"]),
                    "–" if sold is None else as_whole(sold["customers"]),
                    told["held"],
                    told["missed"],
                    told["of_inputs"],
                ]
            )
    keys = (
        "technology",
        "side",
        "comes_from",
        "leads_to",
        "buyers",
        "bought",
        "goes_to",
        "sellers",
        "customers",
        "held",
        "missed",
        "of_inputs",
    )
    head = [say(lang, f"technologies.head_{key}") for key in keys]
    return filled_table(head, lines, title, numbers=tuple(range(2, len(keys))))


def _told(lang: str, row: Mapping[Any, Any] | None) -> str:
    """A part of a whole with its limits, a dash where it is not known."""
    if row is None or not is_number(row["estimate"]):
        return "–"
    at, low, high = (f"{100 * float(row[key]):.1f}" for key in ("estimate", "low", "high"))
    return say(lang, "technologies.range", at=at, low=low, high=high)


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
