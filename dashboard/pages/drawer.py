"""The drawer of one firm: claim, intervals, drivers, collisions, contacts, what it rests on."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from analysis import AVERAGED
from dashboard.doubt_words import drawn_words
from dashboard.given_words import path_words
from dashboard.pages.about import about_measures
from dashboard.pages.collisions import as_word, collisions_of, contacts_of, small_print
from dashboard.pages.leaving import doubts_of, leaving_of
from dashboard.pages.marks import bar_ends, interval_bar, side_sheet, signed_bar, tags, words_table
from dashboard.pages.what_if import what_if_panel
from dashboard.selection import MOST_COMPARED, View, address
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, as_interval, as_whole, is_number, say

__all__ = ["show_drawer"]

_STARTS = ("no squeeze", "average firm", "intercept")
"""Terms of the drivers that say where a firm starts, not what raises or lowers it."""


def show_drawer(shelf: Shelf, view: View) -> Component | None:
    """The drawer for the firm of a View; None where no firm is asked for or the Release holds none."""
    if not view.firm or not shelf.has_firms:
        return None
    lang = view.lang
    row = shelf.firm(view.firm)
    if row is None:
        told = [html.P(say(lang, "state.no_such_firm_do"), className="sentence")]
        return side_sheet(lang, say(lang, "state.no_such_firm", firm=view.firm), told)
    name = row["name_ja"] if lang == "ja" and row["name_ja"] else row["name"] or row["firm"]
    body = [
        html.P(
            [html.Span(str(row["firm"])), html.Span(shelf.label(lang, "sector", str(row["sector"])))],
            className="drawer-facts",
        ),
        html.P(_claim(shelf, lang, row, str(name)), className="claim"),
        *_probability(shelf, lang, row),
        _compare_button(lang, view),
        *_to_suppliers(shelf, view),
        _intervals(shelf, lang, row),
        *_channels(shelf, lang, view.firm),
        *_drivers(shelf, lang, view.firm),
        *leaving_of(shelf, view),
        html.Section(what_if_panel(shelf, view), id="what-if"),
        *collisions_of(shelf, lang, view.firm),
        *contacts_of(shelf, lang, view.firm),
        *doubts_of(shelf, lang, view.firm),
        *_evidence(shelf, lang, row),
        about_measures(shelf, lang, "pressure"),
    ]
    return side_sheet(lang, str(name), body)


def _to_suppliers(shelf: Shelf, view: View) -> list[Component]:
    """The way to the firm's suppliers, where the Release holds them."""
    if shelf.rows_of("lookthrough", view.firm).empty:
        return []
    here = View(lang=view.lang, theme=view.theme, firm=view.firm)
    return [html.P(html.A(say(view.lang, "drawer.suppliers"), href=address("/suppliers", here)))]


def _digits(shelf: Shelf, stat: str) -> int:
    return shelf.digits if stat in ("us", "cn", "squeeze") else 2


def _value(shelf: Shelf, lang: str, row: pd.Series, stat: str) -> str:
    return as_index(row[stat], _digits(shelf, stat)) if is_number(row[stat]) else say(lang, "state.missing")


def _interval(shelf: Shelf, lang: str, row: pd.Series, stat: str) -> str:
    return as_interval(
        lang,
        row[f"{stat}_low"],
        row[f"{stat}_high"],
        row[f"{stat}_level"],
        str(row[f"{stat}_method"]),
        digits=_digits(shelf, stat),
    )


def _claim(shelf: Shelf, lang: str, row: pd.Series, name: str) -> str:
    return say(
        lang,
        "claim.firm",
        name=name,
        **{stat: _value(shelf, lang, row, stat) for stat in ("us", "cn", "squeeze")},
    )


def _probability(shelf: Shelf, lang: str, row: pd.Series) -> list[Component]:
    flag = str(row["p_choose_flag"])
    if not is_number(row["p_choose"]):
        return [html.P(say(lang, "state.abstained", why=_why(lang, flag)), className="state")]
    n = as_whole(row["p_choose_n"]) if is_number(row["p_choose_n"]) else "–"
    parts: list[Component] = [
        html.P(
            say(
                lang,
                "claim.firm_p",
                p=as_index(row["p_choose"]),
                interval=_interval(shelf, lang, row, "p_choose"),
                n=n,
            )
        )
    ]
    if is_number(row["rank_low"]) and is_number(row["tier"]):
        parts.append(
            html.P(
                say(
                    lang,
                    "claim.firm_rank",
                    low=as_whole(row["rank_low"]),
                    high=as_whole(row["rank_high"]),
                    n=int(shelf.firms["rank_low"].notna().sum()),
                    tier=f"{row['tier']:g}",
                )
            )
        )
    for word in filter(None, (part.strip() for part in flag.split(";"))):
        sentence = shelf.transported(lang) if word == "transported" else as_word(lang, "flag", word)
        parts.append(html.P(sentence, className="note"))
    return parts


def _why(lang: str, flag: str) -> str:
    words = [as_word(lang, "flag", part.strip()) for part in flag.split(";") if part.strip()]
    return ("；" if lang == "ja" else "; ").join(words) or say(lang, "state.missing")


def _compare_button(lang: str, view: View) -> Component:
    if view.firm in view.compare:
        words, act = say(lang, "pressure.compare_remove"), "uncompare"
    elif len(view.compare) >= MOST_COMPARED:
        return html.P(say(lang, "pressure.compare_full"), className="note")
    else:
        words, act = say(lang, "pressure.compare_add"), "compare"
    return html.Button(words, type="button", **tags({"data-act": act, "data-value": view.firm}))


def _intervals(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    sides = {"us": "us", "cn": "cn", "squeeze": "both", "p_choose": "both", "p_top10": ""}
    items = []
    for stat, side in sides.items():
        if not is_number(row[stat]):
            continue
        is_carried = "transported" in str(row[f"{stat}_flag"])
        label = say(
            lang, "column.p_choose_transported" if stat == "p_choose" and is_carried else f"stat.{stat}"
        )
        value = _value(shelf, lang, row, stat)
        to = shelf.scale if stat in ("us", "cn", "squeeze") else 1.0
        words = [_interval(shelf, lang, row, stat)] if is_number(row[f"{stat}_low"]) else []
        if is_number(row.get(f"{stat}_outer_high")):
            low, high = (
                as_index(row[f"{stat}_outer_{end}"], _digits(shelf, stat)) for end in ("low", "high")
            )
            ends = tuple(as_index(row[f"{stat}_{end}"], _digits(shelf, stat)) for end in ("low", "high"))
            if (low, high) != ends:
                words.append(say(lang, "drawer.outer", low=low, high=high))
        bar = interval_bar(
            row[stat],
            row[f"{stat}_low"],
            row[f"{stat}_high"],
            f"{label} {value}. {'; '.join(words)}",
            side=side,
            low50=row[f"{stat}_low50"],
            high50=row[f"{stat}_high50"],
            to=to,
        )
        items.append(html.Li([_line(label, value), bar, bar_ends("0", f"{to:g}"), *map(small_print, words)]))
    return html.Section([html.H3(say(lang, "drawer.intervals")), html.Ul(items, className="sectors")])


def _line(label: str, value: str) -> Component:
    return html.Div([html.Span(label), html.Span(value, className="number")], className="sector-line")


def _channels(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """Each measure by channel, as a small table; nothing where the Release does not hold it."""
    rows = shelf.rows_of("channels", firm)
    if rows.empty:
        return []
    values = dict(zip(rows["stat"], rows["estimate"], strict=True))
    names = list(dict.fromkeys(stat.split("_", 1)[1] for stat in values if "_" in stat))
    sides = ("us", "cn", "squeeze")

    def cell(key: str) -> str:
        return (
            as_index(values[key], shelf.digits) if is_number(values.get(key)) else say(lang, "state.missing")
        )

    table = [[as_word(lang, "channel", name), *[cell(f"{side}_{name}") for side in sides]] for name in names]
    head = [say(lang, f"column.{key}") for key in ("channel", *sides)]
    title = say(lang, "drawer.channels")
    return [html.Section([html.H3(title), words_table(head, table, title, numbers=(1, 2, 3))])]


def _drivers(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    """What each collision adds: on the log odds, with its part of squeeze; without a model, squeeze alone."""
    rows = shelf.rows_of("drivers", firm)
    if rows.empty:
        return []
    parts = {
        (row["term"], row["evidence"]): row["estimate"]
        for _, row in rows[rows["stat"] == "squeeze"].iterrows()
    }
    start = rows[(rows["stat"] == "logit") & rows["term"].isin(_STARTS)]
    terms = rows[(rows["stat"] == "logit") & ~rows["term"].isin(_STARTS)]
    is_modelled = len(start) > 0
    shown = terms if is_modelled else rows[rows["stat"] == "squeeze"]
    order = shown["estimate"].abs().sort_values(ascending=False, kind="stable").index
    largest = float(shown["estimate"].abs().max()) if len(shown) else 0.0
    items = []
    for _, row in shown.loc[order].iterrows():
        label, value = _term(shelf, lang, str(row["term"])), _signed(row["estimate"], 2 if is_modelled else 3)
        part = parts.get((row["term"], row["evidence"])) if is_modelled else None
        notes = [path_words(lang, str(row["evidence"] or ""))]
        if is_number(part):
            notes.append(say(lang, "drawer.part", value=as_index(float(part or 0.0), 3)))
        bar = signed_bar(float(row["estimate"]), largest, f"{label} {value}")
        items.append(html.Li([_line(label, value), bar, small_print(" · ".join(filter(None, notes)))]))
    base = _signed(start.iloc[0]["estimate"], 2) if is_modelled else ""
    words = (
        say(lang, "drawer.drivers_logit", base=base) if is_modelled else say(lang, "drawer.drivers_squeeze")
    )
    sentence = html.P(words, className="sentence")
    return [
        html.Section([html.H3(say(lang, "drawer.drivers")), sentence, html.Ul(items, className="sectors")])
    ]


def _term(shelf: Shelf, lang: str, term: str) -> str:
    """A driver in words: the two rules of a collision by their names, all else by its word."""
    duty, crossed, clause = term.partition(" x ")
    if not crossed:
        return as_word(lang, "term", term)
    return " × ".join(shelf.label(lang, "instrument", rule) for rule in (duty, clause))


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _evidence(shelf: Shelf, lang: str, row: pd.Series) -> list[Component]:
    manifest = shelf.manifest
    lines = [
        say(lang, "drawer.evidence_squeeze"),
        say(
            lang,
            "drawer.evidence_links",
            as_of=as_date(lang, str(manifest.get("as_of") or "")),
            wave=manifest.get("wave", ""),
        ),
    ]
    how, sources = drawn_words(lang, str(row["squeeze_method"]))
    if how == AVERAGED:
        lines.append(say(lang, "drawer.evidence_averaged"))
    elif sources:
        lines.append(say(lang, "drawer.evidence_drawn", sources=sources))
    if is_number(row["p_choose_n"]):
        how, sources = drawn_words(lang, str(row["p_choose_method"] or "–"))
        told = as_word(lang, "method", how)
        lines.append(
            say(
                lang,
                "drawer.evidence_model",
                method=say(lang, "doubt.drawn", how=told, sources=sources) if sources else told,
                n=as_whole(row["p_choose_n"]),
            )
        )
    found = {stat: shelf.model(stat) for stat in ("events", "firms", "auc")}
    events, firms, auc = found["events"], found["firms"], found["auc"]
    if events is not None and firms is not None and auc is not None and is_number(auc["low"]):
        words = {
            key: as_index(auc[end]) for key, end in (("auc", "estimate"), ("low", "low"), ("high", "high"))
        }
        lines.append(
            say(
                lang,
                "drawer.model",
                events=as_whole(events["estimate"]),
                n=as_whole(firms["estimate"]),
                **words,
            )
        )
    return [html.Section([html.H3(say(lang, "drawer.evidence")), html.Ul([html.Li(line) for line in lines])])]
