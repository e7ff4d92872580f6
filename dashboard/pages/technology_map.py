"""What to protect, source or compete with on each side, and homes side by side, as two tables."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import filled_table, table_view
from dashboard.ruled import Ruled
from dashboard.wording import is_number, say

__all__ = ["show_map"]

_ORDER = ("protect", "both", "source", "compete", "")
_SIDES = ("us", "cn")
_HOMES = ("", "JP", "KR", "TW", "EU")
_SURE = 0.95
"""Share of draws in the same quadrant below which a technology is marked."""


def show_map(ruled: Ruled, lang: str) -> list[Component]:
    """The quadrants of the firms of the study, and every home under them; nothing where there is no map."""
    table = ruled.shelf.tables.get("technology_map")
    if table is None or table.empty:
        return []
    own = table[table["home"] == ""]
    high = f"{100 * float(table['high'].iloc[0]):.0f}"
    title = say(lang, "technologies.map_title")
    lines = [
        [
            say(lang, f"quadrants.{word or 'unknown'}"),
            *[_named(ruled, lang, own, side, word) for side in _SIDES],
        ]
        for word in _ORDER
    ]
    head = [say(lang, "technologies.head_quadrant"), *[say(lang, f"rules.side_{side}") for side in _SIDES]]
    words = say(lang, "technologies.by_home", many=table["technology"].nunique())
    return [
        html.H3(title),
        html.P(say(lang, "technologies.map_rule", high=high), className="sentence"),
        html.Div(filled_table(head, lines, title, widths=("22%", "39%", "39%")), className="quadrants"),
        table_view(lang, _homes(ruled, lang, table, words), words=words),
        html.P(say(lang, "technologies.by_home_note"), className="quiet"),
        *(
            [html.P(say(lang, "technologies.by_activities_note"), className="quiet")]
            if _has_any(table)
            else []
        ),
    ]


def _has_any(table: pd.DataFrame) -> bool:
    """Whether any technology is borne by activities."""
    columns = [name for name in ("dependence_by", "indispensability_by") if name in table]
    return bool((table[columns] == "activities").any(axis=None)) if columns else False


def _named(ruled: Ruled, lang: str, own: pd.DataFrame, side: str, word: str) -> str:
    """Technologies of a quadrant, most dependent first; marked where draws put it elsewhere too."""
    rows = own[(own["side"] == side) & (own["quadrant"] == word)]
    by = "dependence" if word in ("source", "") else "indispensability"
    rows = rows.sort_values(by, ascending=False, kind="stable")
    between = "／" if lang == "ja" else "; "
    names = [
        ruled.technology(lang, str(row["technology"]))
        + (say(lang, "technologies.open") if is_number(row["estimate"]) and row["estimate"] < _SURE else "")
        for row in rows.to_dict(orient="records")
    ]
    return between.join(names) or "–"


def _homes(ruled: Ruled, lang: str, table: pd.DataFrame, caption: str) -> Component:
    """One row a technology and side, a column a home: dependence, indispensability, quadrant, n."""
    rows: Mapping[Any, Mapping[Any, Any]] = {
        (row["technology"], row["side"], row["home"]): row for row in table.to_dict(orient="records")
    }
    lines = [
        [
            ruled.technology(lang, str(tag)),
            say(lang, f"rules.side_{side}"),
            *[_cell(lang, rows.get((tag, side, home))) for home in _HOMES],
        ]
        for tag in dict.fromkeys(table["technology"])
        for side in _SIDES
    ]
    head = [say(lang, "technologies.head_technology"), say(lang, "technologies.head_side")]
    head += [say(lang, f"homes.{home or 'study'}") for home in _HOMES]
    return filled_table(head, lines, caption)


def _cell(lang: str, row: Mapping[Any, Any] | None) -> str:
    """Dependence and indispensability with their limits, the quadrant, and who stands behind them."""
    if row is None:
        return "–"
    parts = [
        say(lang, f"technologies.cell_{name}", value=_range(lang, row, name) + _by(lang, row, name))
        for name in ("dependence", "indispensability")
    ]
    word = say(lang, f"quadrants.{row['quadrant'] or 'unknown'}")
    behind = say(
        lang,
        "technologies.cell_n",
        needers=int(row["needers"]),
        holders=int(row["holders"]),
        customers=int(row["customers"]),
    )
    return ("。" if lang == "ja" else "; ").join([word, *parts, behind])


def _by(lang: str, row: Mapping[Any, Any], name: str) -> str:
    """Whether activities make it what it is."""
    return say(lang, "technologies.by_activities") if row.get(f"{name}_by") == "activities" else ""


def _range(lang: str, row: Mapping[Any, Any], name: str) -> str:
    if not is_number(row[name]):
        return say(lang, "technologies.not_known")
    low, at, high = (100 * float(row[key]) for key in (f"{name}_low", name, f"{name}_high"))
    return say(lang, "technologies.range", at=f"{at:.0f}", low=f"{low:.0f}", high=f"{high:.0f}")
