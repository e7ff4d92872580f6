"""A scenario of one's own on the page: its text, ready ones to begin with, and what does not fit."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from analysis import ready_scenarios
from dashboard.finding_words import fault_in_japanese, place_in_japanese
from dashboard.own import MOST_TEXT, OwnScenarios, pack_text, unpack_text
from dashboard.pages.given import given_text
from dashboard.pages.marks import command_line, tags
from dashboard.selection import View, address
from dashboard.straight import straight_text
from dashboard.wording import say
from survey import Fault

__all__ = ["own_panel"]

_TEMPLATE = """schema = 1
id = "mine"
title = { en = "My scenario", ja = "自分のシナリオ" }

[[change]]
do = "reinstate"
instrument = "US-AFFIL"
why = "%s"
"""


def own_panel(own: OwnScenarios, view: View, wrong: Fault | None = None) -> Component:
    """The text of the scenario of the address, or an example; or how to compute one elsewhere.

    Parameters
    ----------
    own : OwnScenarios
    view : View
        Of the address.
    wrong : Fault, optional
        What of the text does not fit.
    """
    lang = view.lang
    if not own.is_offered:
        why = "own_not_kept" if own.is_internal else "own_not_internal"
        return html.Section(
            [
                html.H2(say(lang, "scenarios.own")),
                html.P(say(lang, f"scenarios.{why}"), className="sentence"),
                html.P(command_line("crosspressure pressure STUDY --scenario mine.toml")),
            ],
            className="panel",
        )
    words: dict[str, str | None] = {
        f"data-{key}": say(lang, f"scenarios.own_{key}") for key in ("working", "too_long")
    }
    words |= {f"data-{key}": say(lang, f"take.{key}") for key in ("busy", "failed", "stopped", "stop")}
    area = html.Label(
        [
            html.Span(say(lang, "scenarios.own_text"), className="turn-label"),
            html.Textarea(
                _text(view),
                id="own-text",
                rows=12,
                spellCheck="false",
                maxLength=MOST_TEXT,
                **tags({"aria-describedby": "own-hint"}),
            ),
        ],
        className="own-text",
    )
    button = html.Button(
        say(lang, "scenarios.own_compute"),
        id="own-compute",
        **tags({"data-own": "compute"}),
    )
    label = say(lang, "scenarios.own_file")
    told = {"data-label": label, "data-choose": say(lang, "file.choose"), "data-none": say(lang, "file.none")}
    file = html.Div([html.Span(label), html.Span(id="own-file", **tags({"data-own": "file", **told}))])
    acts: list[Component] = [button, file]
    if view.own:
        acts.append(html.A(say(lang, "scenarios.own_clear"), href=_turned(view, ""), **_part("")))
    parts = [
        html.H2(say(lang, "scenarios.own")),
        html.P(say(lang, "scenarios.own_hint"), className="sentence", id="own-hint"),
        area,
        None if wrong is None else _fault(wrong, own, lang),
        html.Div(acts, className="own-acts"),
        html.P("", id="own-state", role="status", **tags(words)),
        _begin_with(view),
    ]
    return html.Section([part for part in parts if part is not None], className="panel own")


def _fault(fault: Fault, own: OwnScenarios, lang: str) -> Component:
    """What does not fit, in the four parts of every fault; words of the user as they stand."""
    said = {key: straight_text(getattr(fault, key)) for key in ("where", "found", "expected", "do")}
    if lang == "ja":
        why = next((why for why in own.reasons if why and said["found"].endswith(f": {why}")), "")
        said["found"] = said["found"].removesuffix(why) + own.reasons.get(why, "")
        told = {key: fault_in_japanese(said[key]) for key in ("found", "expected", "do")}
        said |= {key: words for key, words in told.items() if words}
        said["where"] = place_in_japanese(said["where"])
    rows = [
        part
        for key, words in said.items()
        if words
        for part in (html.Dt(say(lang, f"benchmark.fault_{key}")), html.Dd(given_text(lang, words)))
    ]
    return html.Div(
        [html.H3(say(lang, "scenarios.own_fault")), html.Dl(rows)],
        className="fault",
        role="alert",
        id="own-fault",
        tabIndex="-1",
    )


def _text(view: View) -> str:
    try:
        return (
            straight_text(unpack_text(view.own))
            if view.own
            else _TEMPLATE % say(view.lang, "scenarios.own_why")
        )
    except Fault:
        return _TEMPLATE % say(view.lang, "scenarios.own_why")


def _begin_with(view: View) -> Component:
    """Ready scenarios as texts to begin with."""
    lang = view.lang
    links = []
    for one in ready_scenarios():
        word = pack_text(one.path.read_text(encoding="utf-8"))
        links.append(
            html.Li(html.A(one.title.get(lang) or one.title["en"], href=_turned(view, word), **_part(word)))
        )
    return html.Details([html.Summary(say(lang, "scenarios.own_begin")), html.Ul(links, className="notes")])


def _turned(view: View, word: str) -> str:
    return address("/scenarios", view, own=word, scenario="")


def _part(word: str) -> dict[str, Any]:
    return tags({"data-own": "turn", "data-value": word})
