"""Collisions and contacts of one firm: which rules touch its flows, and which of them collide."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import words_table
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, catalogue, is_number, say

__all__ = ["as_word", "collisions_of", "contacts_of", "small_print"]

_MOST_ROWS = 25


def as_word(lang: str, kind: str, code: object) -> str:
    """The word of the catalogue for a code (`status.duty`), else the code itself."""
    key = f"{kind}.{code}"
    return say(lang, key) if key in catalogue(lang) else str(code)


def small_print(words: str) -> Component:
    """A line of second importance."""
    return html.P(words, className="sector-note")


def collisions_of(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """Flows under duties that collide, worst pair first; other pairs on the same flows folded away."""
    rows = shelf.rows_of("collisions", firm)
    if rows.empty:
        if "collisions" not in shelf.tables:
            return []
        return [html.P(say(lang, "drawer.collisions_none"), className="state")]
    ordered = rows.sort_values("at_stake", ascending=False, kind="stable")
    is_counted = (
        ordered["counted"].astype(bool) if "counted" in ordered else pd.Series(True, index=ordered.index)
    )
    counted, others = ordered[is_counted], ordered[~is_counted]
    title = say(lang, "drawer.collisions")
    parts: list[Component] = [
        html.H3(title),
        html.P(say(lang, "drawer.collisions_sentence", many=rows["flow"].nunique()), className="sentence"),
        _collision_table(shelf, lang, counted[:_MOST_ROWS], title),
    ]
    if len(counted) > _MOST_ROWS:
        parts.append(small_print(say(lang, "drawer.more_rows", many=len(counted) - _MOST_ROWS)))
    if len(others):
        words = say(lang, "drawer.other_pairs", many=len(others))
        table = _collision_table(shelf, lang, others[:_MOST_ROWS], words)
        parts.append(html.Details([html.Summary(words), table], className="table-view"))
    return [html.Section(parts)]


def _collision_table(shelf: Shelf, lang: str, rows: pd.DataFrame, caption: str) -> Component:
    def cells(row: pd.Series) -> list[Component | str]:
        duty, clause = (shelf.label(lang, "instrument", str(row[end])) for end in ("duty", "clause"))
        notes = [str(row[key]) for key in ("trigger", "addressee", "warning") if row.get(key)]
        stake, share = (
            as_index(row[key], 3) if is_number(row[key]) else "–" for key in ("at_stake", "share")
        )
        status, channel = as_word(lang, "status", row["status"]), as_word(lang, "channel", row["channel"])
        path = [
            html.Div(str(row["path"])),
            html.Div(as_date(lang, str(row["as_of"])), className="quiet"),
            html.Details([html.Summary(say(lang, "column.warning")), *[html.P(note) for note in notes]])
            if notes
            else None,
        ]
        return [
            html.Div([html.Div(duty), html.Div(f"{clause} {row.get('article') or ''}".strip())]),
            html.Div([html.Div(status), html.Div(channel, className="quiet")]),
            html.Div([html.Div(stake), html.Div(f"/ {share}", className="quiet")]),
            html.Div(path),
        ]

    table = [cells(row) for _, row in rows.iterrows()]
    head = [say(lang, f"column.{name}") for name in ("pair", "status", "at_stake_of", "path")]
    return words_table(head, table, caption, numbers=(2,))


def contacts_of(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """Rules that touch a firm's flows, with the number of flows each."""
    rows = shelf.contacts_of(firm)
    if rows.empty:
        return []
    head = [say(lang, f"column.{name}") for name in ("instrument", "side", "outcome", "flows")]
    table = [
        [
            shelf.label(lang, "instrument", str(row["instrument"])),
            as_word(lang, "side", row["side"]),
            as_word(lang, "outcome", row["outcome"]),
            str(row["flows"]),
        ]
        for _, row in rows[:_MOST_ROWS].iterrows()
    ]
    title = say(lang, "drawer.contacts")
    return [
        html.Section(
            [
                html.H3(title),
                html.P(
                    say(
                        lang,
                        "drawer.contacts_sentence",
                        many=int(rows["flows"].sum()),
                        instruments=rows["instrument"].nunique(),
                    ),
                    className="sentence",
                ),
                words_table(head, table, title, numbers=(3,)),
            ]
        )
    ]
