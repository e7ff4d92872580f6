"""Whom a scenario burdens and whom it relieves, by group: counts of firms with the interval of each count."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen
from dashboard.pages.marks import words_table
from dashboard.selection import View
from dashboard.wording import as_index, as_whole, is_number, say

__all__ = ["winners_panel"]


def winners_panel(found: Foreseen, view: View) -> Component | None:
    """A row for all firms and one a group, of the measure looked at; nothing where the Release holds none."""
    lang, rows = view.lang, found.part("scenario_winners")
    if rows.empty:
        return None
    by = found.by
    rows = rows[(rows["stat"] == found.stat) & rows["by"].isin(["", by])]
    whole = rows[rows["by"] == ""]
    if whole.empty:
        return None
    first = whole.iloc[0]
    lines: list[list[Component | str]] = []
    for one in rows.to_dict(orient="records"):
        name = (
            found.shelf.label(lang, by, str(one["group"])) if one["by"] else say(lang, "scenarios.every_firm")
        )
        counts = [_count(lang, one, key) for key in ("burdened", "relieved")]
        lines.append([name, *counts, as_whole(one["unmoved"]), as_whole(one["n"])])
    words = {key: int(first[key]) for key in ("burdened", "relieved", "n")}
    is_moved = words["burdened"] or words["relieved"]
    title = say(lang, "scenarios.winners_claim" if is_moved else "scenarios.winners_none", **words)
    head = [say(lang, f"scenarios.head_{key}") for key in ("group", "burdened", "relieved", "unmoved", "n")]
    level = say(lang, "unit.per_level", level=f"{100 * float(first['level']):g}")
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.winners_sentence", level=level), className="sentence"),
            words_table(head, lines, title, numbers=(1, 2, 3, 4)),
        ],
        className="panel",
        id="winners",
    )


def _count(lang: str, row: dict[Any, Any], key: str) -> Component | str:
    """How many firms, between which numbers, and by how much on average."""
    low, high = int(row[f"{key}_low"]), int(row[f"{key}_high"])
    parts = [as_whole(row[key])]
    if low != high:
        parts[0] += f" ({say(lang, 'scenarios.ends', low=low, high=high)})"
    if is_number(row[f"{key}_mean"]) and row[key]:
        mean = as_index(abs(float(row[f"{key}_mean"])), 3)
        parts.append(say(lang, "scenarios.winners_mean", value=mean))
    return html.Div([html.Div(parts[0]), *[html.Div(part, className="quiet") for part in parts[1:]]])
