"""Collisions and contacts of one firm: which rules touch its flows, and which of them collide."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.given_words import article_words, path_words
from dashboard.pages.given import cited, given_text
from dashboard.pages.marks import words_table
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, as_whole, catalogue, is_number, say

__all__ = ["as_word", "collisions_of", "contacts_of", "small_print"]

_MOST_ROWS = 25
_WHOLE = {"whiteSpace": "nowrap"}


def as_word(lang: str, kind: str, code: object) -> str:
    """The word of the catalogue for a code (`status.duty`), else the code itself."""
    key = f"{kind}.{code}"
    return say(lang, key) if key in catalogue(lang) else str(code)


def small_print(words: str) -> Component:
    """A line of second importance."""
    return html.P(words, className="sector-note")


def collisions_of(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """Flows under duties that collide, lethal and worst first; other pairs on the same flows folded away."""
    rows = shelf.rows_of("collisions", firm)
    if rows.empty:
        if "collisions" not in shelf.tables:
            return []
        return [html.P(say(lang, "drawer.collisions_none"), className="state")]
    order = [name for name in ("lethal", "at_stake") if name in rows]
    ordered = rows.sort_values(order, ascending=False, kind="stable")
    is_counted = (
        ordered["counted"].astype(bool) if "counted" in ordered else pd.Series(True, index=ordered.index)
    )
    counted, others = ordered[is_counted], ordered[~is_counted]
    title = say(lang, "drawer.collisions")
    parts: list[Component] = [
        html.H3(title),
        html.P(say(lang, "drawer.collisions_sentence", many=rows["flow"].nunique()), className="sentence"),
        *_by_status(shelf, lang, firm),
        _collision_table(shelf, lang, counted[:_MOST_ROWS], title),
    ]
    if len(counted) > _MOST_ROWS:
        parts.append(small_print(say(lang, "drawer.more_rows", many=len(counted) - _MOST_ROWS)))
    if len(others):
        words = say(lang, "drawer.other_pairs", many=len(others))
        table = _collision_table(shelf, lang, others[:_MOST_ROWS], words)
        parts.append(html.Details([html.Summary(words), table], className="table-view"))
    return [html.Section(parts)]


def _by_status(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """What is at stake under duties, powers used and dormant ones, apart."""
    rows = shelf.rows_of("stakes", firm)
    if rows.empty:
        return []
    head = [say(lang, f"column.{name}") for name in ("status", "channel", "flows", "at_stake")]
    table: list[list[Component | str]] = [
        [
            html.Div([html.Div(as_word(lang, "status", row["status"])), *_third_state(lang, row)]),
            html.Span(as_word(lang, "channel", row["channel"]), style=_WHOLE),
            as_whole(row["flows"]),
            as_index(row["at_stake"], 3) if is_number(row["at_stake"]) else "–",
        ]
        for _, row in rows.iterrows()
    ]
    caption = say(lang, "drawer.stakes")
    return [
        words_table(head, table, caption, numbers=(2, 3)),
        small_print(say(lang, "drawer.stakes_sentence")),
    ]


def _third_state(lang: str, row: pd.Series) -> list[Component]:
    is_third = str(row.get("sides") or "us-cn") != "us-cn"
    return [html.Div(say(lang, "drawer.third_state"), className="quiet")] if is_third else []


def _collision_table(shelf: Shelf, lang: str, rows: pd.DataFrame, caption: str) -> Component:
    table = [
        [
            _pair(shelf, lang, row),
            html.Div(_standing(lang, row)),
            _stake(row),
            html.Div(_rests_on(lang, row)),
        ]
        for _, row in rows.iterrows()
    ]
    head = [say(lang, f"column.{name}") for name in ("pair", "status", "at_stake_of", "path")]
    return words_table(head, table, caption, numbers=(2,), is_stacked=True)


def _pair(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    """The duty and where it is written, the clause that punishes it and its article, what pulls apart."""
    duty, clause = (shelf.label(lang, "instrument", str(row[end])) for end in ("duty", "clause"))
    kind = f"pair_kind.{str(row.get('kind') or '').replace(' ', '_')}"
    written, article = (article_words(lang, str(row.get(key) or "")) for key in ("duty_article", "article"))
    return html.Div(
        [
            html.Div([duty, *_ground(written)]),
            html.Div([clause, *_ground(article)]),
            html.Div(say(lang, kind), className="quiet") if kind in catalogue(lang) else None,
        ]
    )


def _ground(article: str) -> list[Component]:
    """Where it is written, after the name of the rule."""
    return [html.Span([" ", cited(article)], className="quiet")] if article else []


def _standing(lang: str, row: pd.Series) -> list[Component]:
    """Lethal or not, how far the clause goes, on which channel, and whether it binds the firm itself."""
    lines: list[Component] = [html.Strong(say(lang, "matrix.lethal"))] if bool(row.get("lethal")) else []
    lines.append(html.Div(as_word(lang, "status", row["status"])))
    lines.append(html.Div(as_word(lang, "channel", row["channel"]), className="quiet"))
    if row.get("addressed") == "no":
        lines.append(html.Div(say(lang, "drawer.not_addressed"), className="quiet"))
    return [*lines, *_third_state(lang, row)]


def _stake(row: pd.Series) -> Component:
    stake, share = (as_index(row[key], 3) if is_number(row[key]) else "–" for key in ("at_stake", "share"))
    return html.Div([html.Div(stake), html.Div(f"/ {share}", className="quiet")], style=_WHOLE)


def _rests_on(lang: str, row: pd.Series) -> list[Component]:
    """The flow, the day, and what to know before relying on it."""
    lines: list[Component] = [
        html.Div(path_words(lang, str(row["path"]))),
        html.Div(as_date(lang, str(row["as_of"])), className="quiet"),
    ]
    if row.get("meets") == "party":
        words = say(lang, "drawer.through_party", flow=str(row.get("duty_flow")))
        lines.append(html.Div(words, className="quiet"))
    told = [
        html.P([f"{say(lang, f'pair.{key}')}: ", given_text(lang, row[key])])
        for key in ("act", "addressee", "trigger")
        if row.get(key)
    ]
    told += [html.P(given_text(lang, row["warning"]))] if row.get("warning") else []
    if told:
        lines.append(html.Details([html.Summary(say(lang, "column.warning")), *told]))
    return lines


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
            as_whole(row["flows"]),
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
