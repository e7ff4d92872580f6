"""The drawer of one firm: claim, intervals, drivers, collisions, contacts, what it rests on."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import interval_bar, signed_bar, words_table
from dashboard.selection import MOST_COMPARED, View
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, as_interval, catalogue, is_number, say

__all__ = ["show_drawer"]

_MOST_ROWS = 25


def show_drawer(shelf: Shelf, view: View) -> Component | None:
    """The drawer for the firm of a View; None where no firm is asked for or the Release holds none."""
    if not view.firm or not shelf.has_firms:
        return None
    lang = view.lang
    row = shelf.firm(view.firm)
    if row is None:
        return _aside(lang, say(lang, "state.no_such_firm", firm=view.firm), [])
    name = row["name_ja"] if lang == "ja" and row["name_ja"] else row["name"] or row["firm"]
    body = [
        html.P(
            [html.Span(str(row["firm"])), html.Span(shelf.label(lang, "sector", str(row["sector"])))],
            className="drawer-facts",
        ),
        html.P(_claim(lang, row, str(name)), className="claim"),
        *_probability(shelf, lang, row),
        _compare_button(lang, view),
        _intervals(lang, row),
        *_drivers(shelf, lang, view.firm),
        *_collisions(shelf, lang, view.firm),
        *_contacts(shelf, lang, view.firm),
        *_evidence(shelf, lang, row),
    ]
    return _aside(lang, str(name), body)


def _aside(lang: str, title: str, body: list[Component]) -> Component:
    return html.Aside(
        [
            html.Div(
                [
                    html.H2(title, id="drawer-title", tabIndex="-1"),
                    html.Button(say(lang, "drawer.close"), type="button", **{"data-act": "close"}),
                ],
                className="drawer-head",
            ),
            *body,
        ],
        className="drawer",
        **{"aria-labelledby": "drawer-title"},
    )


def _value(lang: str, row: pd.Series, stat: str) -> str:
    return as_index(row[stat]) if is_number(row[stat]) else say(lang, "state.missing")


def _interval(lang: str, row: pd.Series, stat: str) -> str:
    return as_interval(
        lang, row[f"{stat}_low"], row[f"{stat}_high"], row[f"{stat}_level"], str(row[f"{stat}_method"])
    )


def _claim(lang: str, row: pd.Series, name: str) -> str:
    return say(
        lang, "claim.firm", name=name, **{stat: _value(lang, row, stat) for stat in ("us", "cn", "squeeze")}
    )


def _probability(shelf: Shelf, lang: str, row: pd.Series) -> list[Component]:
    flag = str(row["p_choose_flag"])
    if not is_number(row["p_choose"]):
        return [
            html.P(say(lang, "state.abstained", why=flag or say(lang, "state.missing")), className="state")
        ]
    n = f"{row['p_choose_n']:.0f}" if is_number(row["p_choose_n"]) else "–"
    parts = [
        html.P(
            say(
                lang,
                "claim.firm_p",
                p=as_index(row["p_choose"]),
                interval=_interval(lang, row, "p_choose"),
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
                    low=f"{row['rank_low']:.0f}",
                    high=f"{row['rank_high']:.0f}",
                    n=int(shelf.firms["rank_low"].notna().sum()),
                    tier=f"{row['tier']:g}",
                )
            )
        )
    if "transported" in flag:
        parts.append(html.P(shelf.transported(lang), className="note"))
    return parts


def _compare_button(lang: str, view: View) -> Component:
    if view.firm in view.compare:
        words, act = say(lang, "pressure.compare_remove"), "uncompare"
    elif len(view.compare) >= MOST_COMPARED:
        return html.P(say(lang, "pressure.compare_full"), className="note")
    else:
        words, act = say(lang, "pressure.compare_add"), "compare"
    return html.Button(words, type="button", **{"data-act": act, "data-value": view.firm})


def _intervals(lang: str, row: pd.Series) -> Component:
    sides = {"us": "us", "cn": "cn", "squeeze": "both", "p_choose": "both", "p_top10": ""}
    items = []
    for stat, side in sides.items():
        if not is_number(row[stat]):
            continue
        label = say(lang, f"stat.{stat}")
        has_interval = is_number(row[f"{stat}_low"])
        words = _interval(lang, row, stat) if has_interval else ""
        items.append(
            html.Li(
                [
                    html.Div(
                        [html.Span(label), html.Span(as_index(row[stat]), className="number")],
                        className="sector-line",
                    ),
                    interval_bar(
                        row[stat],
                        row[f"{stat}_low"],
                        row[f"{stat}_high"],
                        f"{label} {as_index(row[stat])}. {words}",
                        side=side,
                        low50=row[f"{stat}_low50"],
                        high50=row[f"{stat}_high50"],
                    ),
                    html.P(words, className="sector-note") if words else None,
                ]
            )
        )
    return html.Section([html.H3(say(lang, "drawer.intervals")), html.Ul(items, className="sectors")])


def _term(lang: str, term: str) -> str:
    key = f"term.{term}"
    return say(lang, key) if key in catalogue(lang) else term


def _drivers(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    rows = shelf.rows_of("drivers", firm)
    if rows.empty:
        return []
    ordered = rows.reindex(rows["estimate"].abs().sort_values(ascending=False, kind="stable").index)[
        :_MOST_ROWS
    ]
    largest = float(ordered["estimate"].abs().max())
    items = []
    for _, row in ordered.iterrows():
        label, value = _term(lang, str(row["term"])), float(row["estimate"])
        items.append(
            html.Li(
                [
                    html.Div(
                        [html.Span(label), html.Span(f"{value:+.2f}", className="number")],
                        className="sector-line",
                    ),
                    signed_bar(value, largest, f"{label} {value:+.2f}"),
                    html.P(str(row["evidence"] or ""), className="sector-note"),
                ]
            )
        )
    return [
        html.Section(
            [
                html.H3(say(lang, "drawer.drivers")),
                html.P(say(lang, "drawer.drivers_sentence", many=len(items)), className="sentence"),
                html.Ul(items, className="sectors"),
            ]
        )
    ]


def _coded(lang: str, kind: str, code: object) -> str:
    key = f"{kind}.{code}"
    return say(lang, key) if key in catalogue(lang) else str(code)


def _collisions(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    rows = shelf.rows_of("collisions", firm)
    if rows.empty:
        if "collisions" not in shelf.tables:
            return []
        return [html.P(say(lang, "drawer.collisions_none"), className="state")]
    ordered = rows.sort_values("at_stake", ascending=False, kind="stable")
    shown = ordered[:_MOST_ROWS]
    head = [
        say(lang, f"column.{name}")
        for name in ("duty", "clause", "status", "channel", "share", "at_stake", "path", "date")
    ]
    table = [
        [
            shelf.label(lang, "instrument", str(row["duty"])),
            shelf.label(lang, "instrument", str(row["clause"])),
            _coded(lang, "status", row["status"]),
            _coded(lang, "channel", row["channel"]),
            as_index(row["share"]) if is_number(row["share"]) else "",
            as_index(row["at_stake"]) if is_number(row["at_stake"]) else "",
            html.Span([str(row["path"]), html.Br(), html.Small(str(row["warning"]))])
            if row["warning"]
            else str(row["path"]),
            as_date(lang, str(row["as_of"])),
        ]
        for _, row in shown.iterrows()
    ]
    title = say(lang, "drawer.collisions")
    parts = [
        html.H3(title),
        html.P(say(lang, "drawer.collisions_sentence", many=rows["flow"].nunique()), className="sentence"),
        words_table(head, table, title, numbers=(4, 5)),
    ]
    if len(ordered) > len(shown):
        parts.append(html.P(say(lang, "drawer.more_rows", many=len(ordered) - len(shown)), className="note"))
    return [html.Section(parts)]


def _contacts(shelf: Shelf, lang: str, firm: str) -> list[Component]:
    rows = shelf.contacts_of(firm)
    if rows.empty:
        return []
    head = [say(lang, f"column.{name}") for name in ("instrument", "side", "outcome", "flows")]
    table = [
        [
            shelf.label(lang, "instrument", str(row["instrument"])),
            _coded(lang, "side", row["side"]),
            _coded(lang, "outcome", row["outcome"]),
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
    if is_number(row["p_choose_n"]):
        lines.append(
            say(
                lang,
                "drawer.evidence_model",
                method=row["p_choose_method"] or "–",
                n=f"{row['p_choose_n']:.0f}",
            )
        )
    return [html.Section([html.H3(say(lang, "drawer.evidence")), html.Ul([html.Li(line) for line in lines])])]
