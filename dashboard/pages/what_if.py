"""What if, for one firm: three sliders, and what they make of its figures, with intervals."""

import json
import math
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, html
from dash.development.base_component import Component

from dashboard.doubt_words import drawn_words
from dashboard.given_words import path_words
from dashboard.pages.collisions import as_word, small_print
from dashboard.pages.marks import bar_ends, interval_bar, tags, words_table
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf
from dashboard.turned import Turned, turned_for
from dashboard.wording import as_date, as_index, as_whole, is_number, say

__all__ = ["TURNS", "use_what_if", "what_if_panel", "what_if_result"]

TURNS = ("substitutability", "share", "dormant")
"""Parts of the address that the sliders turn."""

_SIDES = {"squeeze": "both", "p_choose": "both", "us": "us", "cn": "cn"}
_STEP = 0.05
_PUT = "{put}"
"""Stands in words of a slider for the value it is put to, as only the browser knows it."""

_MOST_FLOWS = 40


def use_what_if(app: dash.Dash, shelf: Shelf) -> None:
    """Register the callbacks of the panel on an app; both answer nothing where the Release keeps no flows."""

    @app.callback(Output("what-if", "children"), Input("asked-flow", "data"), prevent_initial_call=True)
    def panel(search: str | None) -> Any:
        return what_if_panel(shelf, read_address(search))

    @app.callback(
        Output("what-if-result", "children"), Input("asked-turn", "data"), prevent_initial_call=True
    )
    def result(search: str | None) -> Any:
        return what_if_result(shelf, read_address(search))

    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "turned"),
        Output("what-if", "className"),
        Input("what-if", "children"),
    )


def what_if_panel(shelf: Shelf, view: View) -> list[Component]:
    """Heading, choice of a flow, sliders and result; nothing where the Release keeps no flows at stake."""
    found = turned_for(shelf, view)
    if found is None:
        return []
    lang = view.lang
    sliders = [slider for name in TURNS if (slider := _slider(found, lang, name)) is not None]
    return [
        html.H3(say(lang, "what_if.title")),
        html.P(say(lang, "what_if.sentence"), className="sentence"),
        _flows(found, lang),
        html.Div(sliders, className="sliders"),
        *_choose(found, lang),
        html.Button(say(lang, "what_if.reset"), type="button", **tags({"data-act": "reset-what-if"})),
        html.Div(what_if_result(shelf, view), id="what-if-result", role="status"),
        *_frozen(found, lang),
    ]


def _flows(found: Turned, lang: str) -> Component:
    """The flow that the first two sliders turn, the largest stake first."""
    shown = found.flows.head(_MOST_FLOWS)
    options = [
        html.Option(
            say(lang, "what_if.every_flow", many=len(found.flows)),
            value="",
            **tags({"data-chosen": "" if not found.turn.flow else None}),
        )
    ]
    for row in shown.to_dict(orient="records"):
        words = say(
            lang,
            "what_if.flow_option",
            path=path_words(lang, str(row["path"])),
            channel=as_word(lang, "channel", row["channel"]),
            at_stake=as_index(row["at_stake"], 3),
        )
        chosen = "" if row["flow"] == found.turn.flow else None
        options.append(html.Option(words, value=str(row["flow"]), **tags({"data-chosen": chosen})))
    select = html.Select(
        options, id="turn-flow", **tags({"data-turn": "flow", "data-clears": "substitutability,share"})
    )
    return html.Label([html.Span(say(lang, "what_if.flow")), select], className="turn flow")


def _choose(found: Turned, lang: str) -> list[Component]:
    """What is only turned of one flow, said while all of them are chosen."""
    if found.turn.flow:
        return []
    is_one = math.isfinite(found.substitutability)
    return [small_print(say(lang, "what_if.choose" if is_one else "what_if.differs"))]


def _base(found: Turned, name: str) -> float | None:
    """Where a slider stands while nothing is turned; None where it is not shown."""
    if name == "dormant":
        return round(found.model.dormant, 4) if found.has_dormant else None
    if name == "share":
        return round(float(found.flow["share"]), 4) if found.flow is not None else None
    return round(found.substitutability, 4) if math.isfinite(found.substitutability) else None


def _slider(found: Turned, lang: str, name: str) -> Component | None:
    """One slider as `assets/sliders.js` builds it; None where there is nothing to turn."""
    base = _base(found, name)
    if base is None:
        return None
    turned = getattr(found.turn, name)
    most = 1.0
    if name == "share" and found.flow is not None:
        most = math.ceil(float(found.flow["room"]) * 1000 - 1e-6) / 1000
    stands = say(lang, "what_if.stands", value=as_index(base, 3))
    told = {
        "part": name,
        "label": say(lang, f"what_if.{name}"),
        "value": base if turned is None else turned,
        "rest": base,
        "most": most,
        "step": _STEP if most > 0.5 else max(round(most / 20, 3), 0.001),
        "ends": [as_index(end, 2 if most == 1.0 else 3) for end in (0.0, most)],
        "stands": stands,
        "moved": say(lang, "what_if.change", before=stands, after=_PUT),
        "said": say(lang, "what_if.said", value=_PUT, stands=stands),
    }
    data = json.dumps(told, ensure_ascii=False)
    return html.Div(id=f"what-if-{name}", className="slider", **tags({"data-slider": data}))


def what_if_result(shelf: Shelf, view: View) -> list[Component]:
    """Each figure before and after with the interval of its difference, as bars and as a table."""
    found = turned_for(shelf, view)
    if found is None:
        return []
    lang = view.lang
    odd = [html.P(say(lang, "what_if.odd"), className="note")] if found.is_odd else []
    if found.turn.is_none:
        return [*odd, html.P(say(lang, "what_if.nothing"), className="state")]
    rows = [found.effect(stat) for stat in _SIDES]
    items = [html.Li(_row(shelf, lang, row)) for row in rows]
    keys = ("measure", "before", "after", "interval", "difference", "interval_difference", "n")
    head = [say(lang, f"what_if.head_{key}") for key in keys]
    title = say(lang, "what_if.table")
    table = words_table(head, [_cells(lang, row) for row in rows], title, numbers=(1, 2, 4, 6))
    here = View(lang=lang, firm=view.firm, flow=view.flow, **{name: getattr(view, name) for name in TURNS})
    link = html.A(say(lang, "what_if.csv"), href=address("/what_if.csv", here), **tags({"download": ""}))
    return [
        *odd,
        small_print(_turned(found, lang)),
        html.P(_sentence(lang, found), className="claim"),
        *_over(found, lang),
        html.Ul(items, className="sectors"),
        html.Details([html.Summary(say(lang, "quadrant.table")), table], className="table-view"),
        html.P(link, className="links"),
    ]


def _turned(found: Turned, lang: str) -> str:
    """What is turned, from where it stands to where it is put."""
    lines = []
    for name in TURNS:
        put, base = getattr(found.turn, name), _base(found, name)
        if put is not None:
            before = say(lang, "state.missing") if base is None else as_index(base, 3)
            change = say(lang, "what_if.change", before=before, after=as_index(put, 3))
            lines.append(f"{say(lang, f'what_if.{name}')} {change}")
    return " · ".join(lines)


def _sentence(lang: str, found: Turned) -> str:
    """What comes of it, in one sentence: of p_choose where there is one, else of squeeze."""
    row = found.effect("p_choose")
    stat = "p_choose" if is_number(row["after"]) else "squeeze"
    row = found.effect(stat)
    digits = _digits(stat)
    change = round(float(row["estimate"]), digits)
    key = "moves" if change else "stays"
    return say(
        lang,
        f"what_if.{key}_{stat}",
        before=as_index(row["before"], digits),
        after=as_index(row["after"], digits),
        interval=_limits(lang, row, digits),
        n=int(row["n"]),
    )


def _over(found: Turned, lang: str) -> list[Component]:
    """Which sources of doubt limits were drawn over; of p_choose where there is one, else of squeeze."""
    stat = "p_choose" if is_number(found.effect("p_choose")["after"]) else "squeeze"
    _, sources = drawn_words(lang, str(found.effect(stat)["method"]))
    return [small_print(say(lang, "what_if.over", sources=sources))] if sources else []


def _digits(stat: str) -> int:
    return 2 if stat == "p_choose" else 3


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def _limits(lang: str, row: pd.Series, digits: int) -> str:
    """Limits of the difference in words."""
    if not (is_number(row["low"]) and is_number(row["high"])):
        return say(lang, "interval.none")
    low, high = _signed(row["low"], digits), _signed(row["high"], digits)
    if low == high:
        return say(lang, "scenarios.certain")
    level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
    return say(lang, "scenarios.interval", low=low, high=high, level=level)


def _row(shelf: Shelf, lang: str, row: pd.Series) -> list[Component]:
    stat = str(row["stat"])
    label, digits = say(lang, f"stat.{stat}"), _digits(stat)
    if not is_number(row["after"]):
        words = [as_word(lang, "flag", word) for word in str(row["flag"]).split("; ") if word]
        return [_line(label, say(lang, "state.missing")), small_print("; ".join(words))]
    before, after = (as_index(row[end], digits) for end in ("before", "after"))
    told = say(lang, "what_if.change", before=before, after=after)
    difference = f"{_signed(row['estimate'], digits)} · {_limits(lang, row, digits)}"
    to = 1.0 if stat == "p_choose" else max(shelf.scale, float(row["after_high"]))
    bar = interval_bar(
        row["after"],
        row["after_low"],
        row["after_high"],
        say(lang, "bar.said", what=label, value=told, interval=difference),
        side=_SIDES[stat],
        low50=row["after_low50"],
        high50=row["after_high50"],
        to=to,
        was=row["before"],
    )
    parts = [_line(label, told), bar, bar_ends("0", f"{to:g}"), small_print(difference)]
    if "outside trained range" in str(row["flag"]):
        parts.append(small_print(as_word(lang, "flag", "outside trained range")))
    return parts


def _line(label: str, value: str) -> Component:
    return html.Div([html.Span(label), html.Span(value, className="number")], className="sector-line")


def _cells(lang: str, row: pd.Series) -> list[Component | str]:
    digits = _digits(str(row["stat"]))
    label = say(lang, f"stat.{row['stat']}")
    if not is_number(row["after"]):
        return [label, *[say(lang, "state.missing")] * 5, as_whole(row["n"])]
    ends = [as_index(row[f"after_{end}"], digits) for end in ("low", "high")]
    return [
        label,
        as_index(row["before"], digits),
        as_index(row["after"], digits),
        "–".join(ends),
        _signed(row["estimate"], digits),
        _limits(lang, row, digits),
        as_whole(row["n"]),
    ]


def _frozen(found: Turned, lang: str) -> list[Component]:
    """What stays as it is in every what-if, and what is not worked out."""
    manifest, model = found.shelf.manifest, found.model
    day = as_date(lang, str(manifest.get("calibrated_at") or manifest.get("as_of") or ""))
    words = [say(lang, "what_if.frozen_links", many=model.many)]
    if model.terms:
        words.insert(0, say(lang, "what_if.frozen_model", day=day, n=model.n, many=len(model.draws)))
    words += [say(lang, "what_if.rest"), say(lang, "what_if.not_order")]
    lines = html.Ul([html.Li(line) for line in words])
    return [html.Details([html.Summary(say(lang, "what_if.frozen")), lines], className="table-view")]
