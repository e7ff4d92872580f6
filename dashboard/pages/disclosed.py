"""The disclosure log in plain words: what is hidden or changed, by which rules, and what that costs."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import filled_table, folded_rows
from dashboard.shelf import Shelf
from dashboard.withheld import as_way, as_why
from dashboard.wording import as_whole, beside, say

__all__ = ["show_disclosure"]

_REASONS = ("shown", "small table", "few firms", "all but few firms", "gate or table", "worked out")
_HIDING = ("count", "complement", "none_or_all", "derived", "gates", "holdings")
_ALWAYS = ("beside", "groups", "amounts", "models", "editions")


def show_disclosure(shelf: Shelf, lang: str) -> list[Component]:
    """What is hidden or changed and why; nothing about which cell was hidden for which reason.

    An internal Release hides nothing and says what its readers do not see, for which reasons, and what that
    loses beside other ways.
    """
    if shelf.audience == "internal":
        return [_p(say(lang, "method_page.disclosure_internal")), *_costs(shelf, lang)]
    rule = shelf.manifest.get("disclosure") or {}
    words = {key: rule.get(key, "–") for key in ("floor", "smallest_table", "cells", "hidden_cells")}
    way = {"round": "rounded", "cell-key": "moved"}.get(str(rule.get("protect", "")), "")
    left = {key: words[key] for key in ("cells", "hidden_cells")}
    if way:
        told = say(lang, f"foot.{way}", reach=rule.get("reach", "–"))
        parts = [_p(told), _p(say(lang, "disclosure.left", **left))]
    else:
        parts = [
            _p(say(lang, "method_page.disclosure_text", **words)),
            _p(say(lang, "method_page.disclosure_why")),
        ]
    items = [html.Li(say(lang, f"disclosure.{key}")) for key in (*(() if way else _HIDING), *_ALWAYS)]
    parts += [html.H3(say(lang, "disclosure.rules")), html.Ul(items, className="notes")]
    parts += _tried(shelf, lang)
    rows = [row for row in _records(shelf, "hidden") if row["estimate"] > 0]
    if rows:
        lines: list[list[Component | str]] = [
            [shelf.label(lang, str(r["question"])), as_whole(r["estimate"]), as_whole(r["n"])] for r in rows
        ]
        head = [say(lang, "survey.question"), say(lang, "method_page.hidden"), say(lang, "method_page.cells")]
        parts.append(folded_rows(lang, head, lines, say(lang, "method_page.disclosure"), numbers=(1, 2)))
    return parts


def _tried(shelf: Shelf, lang: str) -> list[Component]:
    """What the attack on this Release found."""
    tried = shelf.manifest.get("attacked")
    if tried == "not attacked":
        return [_p(say(lang, "frame.not_attacked"))]
    if not isinstance(tried, dict):
        return []
    counts = {key: str(tried[key]) for key in ("earlier", "recovered", "bounded", "open")}
    return [_p(say(lang, "method_page.attacked", **counts))]


def _costs(shelf: Shelf, lang: str) -> list[Component]:
    """For each audience: cells by reason, what each way loses, and cells by question."""
    table = shelf.tables.get("utility")
    if table is None or not len(table):
        return []
    parts: list[Component] = []
    for audience, own in table.groupby("audience", sort=False):
        name = say(lang, f"audience.{audience}")
        counts = own[(own["stat"] == "cells") & (own["question"] == "")].set_index("why")["n"]
        total, shown = int(counts.sum()), int(counts.get("shown", 0))
        share = _percent(lang, (total - shown) / total if total else 0.0)
        lines: list[list[Component | str]] = [
            [as_why(lang, why), as_whole(counts[why]), _percent(lang, int(counts[why]) / total)]
            for why in _REASONS
            if why in counts
        ]
        head = [say(lang, f"disclosure.{key}") for key in ("why", "cells", "share")]
        caption = say(lang, "disclosure.by_reason", audience=name)
        parts += [
            html.H3(say(lang, "disclosure.cost_of", audience=name)),
            _p(say(lang, "disclosure.cost", hidden=total - shown, cells=total, share=share)),
            filled_table(head, lines, caption, numbers=(1, 2)),
            *_ways(own, lang, name),
            *_by_question(shelf, own, lang, name),
        ]
    return parts


def _ways(own: pd.DataFrame, lang: str, name: str) -> list[Component]:
    """What each way loses, as two measures side by side."""
    rows = own[own["stat"].isin(["moved", "distance"])]
    wide = rows.pivot_table(index="method", columns="stat", values="estimate", sort=False)
    if wide.empty:
        return []
    lines: list[list[Component | str]] = [
        [as_way(lang, str(how)), _percent(lang, float(row["moved"])), f"{float(row['distance']):.3f}"]
        for how, row in wide.iterrows()
    ]
    head = [say(lang, f"disclosure.{key}") for key in ("way", "moved", "distance")]
    n = {stat: int(rows[rows["stat"] == stat]["n"].iloc[0]) for stat in ("moved", "distance")}
    return [
        _p(say(lang, "disclosure.lost", cells=n["moved"], tables=n["distance"])),
        filled_table(head, lines, say(lang, "disclosure.by_way", audience=name), numbers=(1, 2)),
    ]


def _by_question(shelf: Shelf, own: pd.DataFrame, lang: str, name: str) -> list[Component]:
    """Hidden cells of each question and break, with their reasons."""
    rows = own[(own["stat"] == "cells") & (own["question"] != "")]
    lines: list[list[Component | str]] = []
    for (question, by), part in rows.groupby(["question", "by"], sort=False):
        counts = part.set_index("why")["n"]
        hidden = int(counts.drop("shown", errors="ignore").sum())
        if not hidden:
            continue
        why = [
            beside(lang, as_why(lang, word), as_whole(counts[word]))
            for word in _REASONS[1:]
            if word in counts
        ]
        label = shelf.label(lang, str(question))
        label = f"{label} × {shelf.label(lang, str(by))}" if by else label
        lines.append([label, as_whole(hidden), as_whole(counts.sum()), say(lang, "audit.listed").join(why)])
    if not lines:
        return []
    head = [
        say(lang, "survey.question"),
        say(lang, "method_page.hidden"),
        say(lang, "method_page.cells"),
        say(lang, "disclosure.why"),
    ]
    caption = say(lang, "disclosure.by_question", audience=name)
    return [folded_rows(lang, head, lines, caption, numbers=(1, 2))]


def _percent(lang: str, share: float) -> str:
    return say(lang, "unit.percent", value=f"{100 * share:.1f}")


def _p(text: str) -> Component:
    return html.P(text, className="said")


def _records(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    table = shelf.tables.get(name)
    if table is None:
        return []
    return [{str(key): value for key, value in row.items()} for row in table.to_dict(orient="records")]
