"""What would take a firm out of the top tier, and what makes the doubt about it, for the drawer."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.doubt_words import ask_next_words, share_words, source_words
from dashboard.pages.collisions import as_word, small_print
from dashboard.pages.marks import bar_ends, interval_bar, table_view, words_table
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_whole, is_number, say, sentences

__all__ = ["ask_next_of_all", "doubts_of", "leaving_of"]


def leaving_of(shelf: Shelf, view: View) -> list[Component]:
    """The smallest change of each kind that takes the firm out of the top tier, as a table with intervals.

    Nothing for a firm of another tier, or where the Release holds no such table.
    """
    lang = view.lang
    rows = shelf.rows_of("leaving", view.firm)
    if rows.empty:
        return []
    title = say(lang, "leaving.title")
    told = rows[rows["flag"].fillna("") == ""]
    if told.empty:
        words = as_word(lang, "flag", str(rows["flag"].iloc[0]))
        return [html.Section([html.H3(title), html.P(words, className="state")])]
    lines: list[list[Component | str]] = []
    for one in told.to_dict(orient="records"):
        lines.append(
            [
                html.Div(_change(shelf, view, one)),
                say(
                    lang,
                    "what_if.change",
                    before=as_index(one["squeeze_before"], 3),
                    after=as_index(one["squeeze_after"], 3),
                ),
                _limits(lang, one),
                say(lang, "what_if.change", before=f"{one['tier_before']:g}", after=f"{one['tier_after']:g}"),
            ]
        )
    head = [say(lang, f"leaving.head_{key}") for key in ("change", "squeeze", "difference", "tier")]
    first = _words(shelf, lang, told.to_dict(orient="records")[0])
    n = int(told["n"].iloc[0])
    return [
        html.Section(
            [
                html.H3(title),
                html.P(say(lang, "leaving.sentence", change=first, n=n), className="sentence"),
                words_table(head, lines, title, numbers=(1, 2, 3), is_stacked=True),
                small_print(say(lang, "leaving.note")),
            ]
        )
    ]


def _words(shelf: Shelf, lang: str, row: Mapping[Any, Any]) -> str:
    """One change in words: its kind, what it is about, from what to what."""
    kind, name = str(row["kind"]), str(row["input"])
    if kind in ("licence", "suspension"):
        name = shelf.label(lang, "instrument", name)
    else:
        name = shelf.party(lang, str(row["party"]) or name)
    ends = {key: as_index(row[key], 3) if is_number(row[key]) else "–" for key in ("from", "to")}
    return say(
        lang, f"leaving.kind_{kind}", name=name, channel=as_word(lang, "channel", row["channel"]), **ends
    )


def _change(shelf: Shelf, view: View, row: Mapping[Any, Any]) -> list[Component | str]:
    words = _words(shelf, view.lang, row)
    parts: list[Component | str] = [words]
    if is_number(row["size"]):
        size = as_index(row["size"], 3)
        parts.append(html.Div(say(view.lang, "leaving.size", size=size), className="quiet"))
    if row["kind"] == "flow" and shelf.has_what_if:
        there = View(
            lang=view.lang,
            theme=view.theme,
            firm=view.firm,
            compare=view.compare,
            flow=str(row["input"]),
            share="0",
        )
        parts.append(html.Div(html.A(say(view.lang, "leaving.try"), href=address("/pressure", there))))
    return parts


def _limits(lang: str, row: Mapping[Any, Any]) -> Component | str:
    """The difference of p_choose or squeeze, and under it its limits or that no draw moves it."""
    if not (is_number(row["low"]) and is_number(row["high"])):
        return say(lang, "interval.none")
    ends = [f"{float(row[end]):+.3f}".replace("-", "−") for end in ("low", "high")]
    value = f"{float(row['estimate']):+.3f}".replace("-", "−")
    if ends[0] == ends[1]:
        words = say(lang, "scenarios.exact")
    else:
        words = say(lang, "scenarios.ends", low=ends[0], high=ends[1])
    return html.Div([value, small_print(words)])


def ask_next_of_all(shelf: Shelf, lang: str) -> list[Component]:
    """What to ask next over all firms, in two sentences; nothing where no shares of doubt are held."""
    words = ask_next_words(lang, shelf.tables["doubts"]) if "doubts" in shelf.tables else ()
    return [html.P(sentences(lang, words), className="sentence", id="ask-next")] if words else []


def doubts_of(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """Which source makes how much of the doubt about a firm, and what to ask next."""
    rows = shelf.rows_of("doubts", firm)
    words = ask_next_words(lang, rows, firm) if len(rows) else ()
    if not words:
        return []
    stat = next(stat for stat in ("p_choose", "squeeze", "us", "cn") if (rows["stat"] == stat).any())
    mine = rows[rows["stat"] == stat].sort_values("estimate", ascending=False, kind="stable")
    items = []
    for one in mine.to_dict(orient="records"):
        label, share = source_words(lang, one["source"]), share_words(lang, one["estimate"])
        bar = interval_bar(one["estimate"], one["low"], one["high"], f"{label} {share}")
        line = html.Div([html.Span(label), html.Span(share, className="number")], className="sector-line")
        items.append(html.Li([line, small_print(_share_limits(lang, one)), bar]))
    title = say(lang, "leaving.doubts")
    head = [say(lang, f"leaving.head_{key}") for key in ("figure", "source", "share", "interval", "n")]
    table = [
        [
            say(lang, f"doubt.figure_{one['stat']}"),
            source_words(lang, one["source"]),
            share_words(lang, one["estimate"]),
            _share_limits(lang, one),
            as_whole(one["n"]),
        ]
        for one in rows.to_dict(orient="records")
    ]
    return [
        html.Section(
            [
                html.H3(title),
                html.P(sentences(lang, words), className="sentence"),
                html.Ul(items, className="sectors"),
                bar_ends(share_words(lang, 0.0), share_words(lang, 1.0)),
                table_view(lang, words_table(head, table, title, numbers=(2, 4))),
            ]
        )
    ]


def _share_limits(lang: str, row: Mapping[Any, Any]) -> str:
    """Limits of a share of variance; one that follows exactly from the draws has none, and says so."""
    if not (is_number(row["low"]) and is_number(row["high"])):
        return say(lang, "leaving.exact")
    low, high = (share_words(lang, float(row[end])) for end in ("low", "high"))
    return say(lang, "scenarios.ends", low=low, high=high)
