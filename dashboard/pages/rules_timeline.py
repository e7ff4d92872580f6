"""The timeline of rules: a day to choose, and every rule as a strip of what it was, is and will be."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.figures.timeline import FIRST_YEARS, Track, place_bars, track_of
from dashboard.given_words import reason_words
from dashboard.pages.collisions import as_word
from dashboard.pages.marks import Cell, filled_table, tags
from dashboard.ruled import SIDES, STATE_FILTERS, Ruled
from dashboard.selection import View, address
from dashboard.wording import as_date, say

__all__ = ["timeline_panel", "when_words"]


_WIDTHS = ("40%", "20%", "40%")


def timeline_panel(ruled: Ruled, lang: str) -> Component:
    """The day, the filters, what changes on that day, and the strips; a name opens the card of its rule."""
    track = track_of(ruled.intervals, ruled.view.span, ruled.day)
    rows = ruled.shown
    title = say(lang, "rules.timeline")
    head = [say(lang, f"rules.head_{name}") for name in ("rule", "state", "time")]
    body: list[Component | None] = [
        html.H2(title),
        html.P(say(lang, "rules.timeline_sentence"), className="sentence"),
        _controls(ruled, lang, track),
        _on_this_day(ruled, lang),
        _keys(lang),
        html.P(say(lang, "rules.shown", shown=len(rows), all=len(ruled.instruments)), className="quiet")
        if len(rows) < len(ruled.instruments)
        else None,
        html.Div(
            filled_table(head, _lines(ruled, lang, rows, track), title, widths=_WIDTHS, is_one_stop=True),
            className="timeline",
        )
        if len(rows)
        else html.Div(html.P(say(lang, "rules.none_shown")), className="state"),
    ]
    return html.Section([part for part in body if part is not None], className="panel", id="timeline")


def _controls(ruled: Ruled, lang: str, track: Track) -> Component:
    view, day = ruled.view, ruled.day.isoformat()
    before, after = ruled.neighbours
    told = {
        "day": day,
        "first": track.first.isoformat(),
        "last": track.last.isoformat(),
        "field": say(lang, "rules.day"),
        "slider": say(lang, "rules.slider"),
        "how": say(lang, "rules.day_how"),
        "wrong": say(lang, "rules.day_wrong"),
    }
    steps = [
        _turn(lang, view, "day", to, say(lang, f"rules.{key}", day=as_date(lang, to))) if to else None
        for key, to in (
            ("before", before),
            ("own_day", ruled.own_day if ruled.own_day != day else ""),
            ("after", after),
        )
    ]
    counts = [("", len(ruled.instruments)), *[(state, ruled.counts[state]) for state in STATE_FILTERS]]
    states = [
        _turn(lang, view, "state", value, say(lang, f"rules.filter_{value or 'all'}", many=many))
        for value, many in counts
        if many
    ]
    sides = [
        _turn(lang, view, "side", value, say(lang, f"rules.side_{value or 'all'}")) for value in ("", *SIDES)
    ]
    spans = [
        _turn(
            lang,
            view,
            "span",
            "" if value == "recent" else value,
            say(lang, f"rules.span_{value}", year=str(year)),
        )
        for value, year in FIRST_YEARS.items()
    ]
    return html.Div(
        [
            html.Div(className="day-field", **tags({"data-day": json.dumps(told, ensure_ascii=False)})),
            html.Div([step for step in steps if step is not None], className="day-steps"),
            _group(say(lang, "rules.by_state"), states),
            _group(say(lang, "rules.by_side"), sides),
            _group(say(lang, "rules.by_span"), spans),
        ],
        className="rule-turns",
        role="search",
        **tags({"aria-label": say(lang, "rules.controls")}),
    )


def _turn(lang: str, view: View, part: str, value: str, words: str) -> Component:
    is_chosen = part != "day" and getattr(view, part) == value
    return html.A(
        words,
        href=address("/rules", view, **{part: value}),
        className="chosen" if is_chosen else None,
        **tags(
            {
                "aria-current": "true" if is_chosen else None,
                "data-turn": part,
                "data-part": part,
                "data-value": value,
            }
        ),
    )


def _group(label: str, items: list[Component]) -> Component:
    return html.Div(
        [html.Span(label, className="switch-label"), html.Div(items, className="rules")],
        className="turn bases",
        role="group",
        **tags({"aria-label": label}),
    )


def _on_this_day(ruled: Ruled, lang: str) -> Component:
    """What begins or ends on the day itself; else when the next change is known."""
    changed = ruled.instruments[ruled.instruments["changes"]]
    if changed.empty:
        _, after = ruled.neighbours
        key = "rules.no_change" if after else "rules.no_more"
        words = say(lang, key, day=as_date(lang, after)) if after else say(lang, key)
        return html.P(words, className="sentence", role="status")
    items: list[Component | str] = [say(lang, "rules.on_this_day")]
    for _, row in changed.iterrows():
        name = ruled.name(lang, str(row["id"]))
        state = as_word(lang, "rule_state", row["state"])
        items += [_card_link(ruled, str(row["id"]), name), f" ({state}) "]
    return html.P(items, className="sentence", role="status")


def _card_link(ruled: Ruled, instrument: str, words: str) -> Component:
    return html.A(
        words,
        href=address("/rules", ruled.view, instrument=instrument),
        **tags({"data-turn": "instrument", "data-part": "instrument", "data-value": instrument}),
    )


def _keys(lang: str) -> Component:
    kinds = [("us", "side_us"), ("cn", "side_cn"), ("other", "side_other")]
    items = [
        html.Span([html.Span(className=f"key strip-key {kind}"), say(lang, f"rules.{key}")])
        for kind, key in kinds
    ]
    items += [
        html.Span([html.Span(className=f"key strip-key other {kind}"), say(lang, f"rules.key_{kind}")])
        for kind in ("suspended", "not_started", "uncertain")
    ]
    return html.P(items, className="keys")


def _lines(ruled: Ruled, lang: str, rows: pd.DataFrame, track: Track) -> list[Cell | list[Cell | str]]:
    bars = place_bars(ruled.intervals, track)
    at = track.at(ruled.day)
    lines: list[Cell | list[Cell | str]] = []
    for side, mine in rows.groupby("side", sort=False):
        name = {"e": "span", "t": say(lang, f"rules.side_many_{side}", many=len(mine)), "c": "group-name"}
        ticks = {"e": "strip", "c": "years", "ticks": track.ticks(), "day": at}
        lines.append({"group": [name, ticks]})
        for row in mine.to_dict(orient="records"):
            lines.append(_line(ruled, lang, row, bars.get(str(row["id"]), []), at))
    return lines


def _line(
    ruled: Ruled, lang: str, row: Mapping[Any, Any], bars: list[tuple[float, float, str]], at: float
) -> list[Cell | str]:
    name, instrument = ruled.name(lang, str(row["id"])), str(row["id"])
    state = as_word(lang, "rule_state", row["state"])
    when = when_words(lang, row)
    if row["warning"] and row["state"] in ("in_force", "partly"):
        open_dates = reason_words(lang, str(row["warning"])).words
        when = say(lang, "rules.between").join([when, open_dates])
    return [
        [
            {
                "e": "a",
                "t": name,
                "h": address("/rules", ruled.view, instrument=instrument),
                "turn": "instrument",
                "v": instrument,
            },
            {"e": "span", "t": instrument, "c": "rule-id"},
        ],
        [
            {"e": "span", "t": state, "c": f"rule-state {row['state']}"},
            {"e": "span", "t": when, "c": "quiet"},
        ],
        {
            "e": "strip",
            "c": str(row["side"]),
            "bars": bars,
            "day": at,
            "t": say(lang, "rules.strip", rule=name, state=state, when=when),
        },
    ]


def when_words(lang: str, row: Mapping[Any, Any] | pd.Series) -> str:
    """Since when a rule is as it is, and when that may change: words beside its state."""
    since, after = (as_date(lang, str(row[end] or "")) for end in ("since", "next"))
    then = str(row["then"])
    if row["state"] == "ended":
        return say(lang, "rules.until", day=as_date(lang, str(row["until"]))) if row["until"] else ""
    parts = [say(lang, "rules.since", day=since)] if since and row["state"] != "not_started" else []
    if after:
        parts.append(say(lang, f"rules.next_{then or 'ended'}", day=after))
    elif row["state"] == "not_started":
        parts.append(say(lang, "rules.no_day"))
    return say(lang, "rules.between").join(parts)
