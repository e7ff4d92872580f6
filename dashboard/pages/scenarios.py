"""Scenarios: what would change, for whom and how surely, if the rules, lists or links were others."""

from functools import partial

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen, foreseen_for
from dashboard.own import OwnScenarios
from dashboard.pages.about import about_measures
from dashboard.pages.breadth import breadth_panel
from dashboard.pages.frame import surround
from dashboard.pages.held_back import held_back_state
from dashboard.pages.marks import tags
from dashboard.pages.passing import passed_over
from dashboard.pages.scenario_changes import changes_panel
from dashboard.pages.scenario_claims import scenario_claim
from dashboard.pages.scenario_effects import beside_panel, firms_panel, groups_panel
from dashboard.pages.scenario_money import money_panel
from dashboard.pages.scenario_moves import moves_panel
from dashboard.pages.scenario_own import own_panel
from dashboard.pages.scenario_tornado import tornado_panel
from dashboard.pages.scenario_winners import winners_panel
from dashboard.pages.turning import chooser, switch, use_turning
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import say
from survey import Fault

__all__ = ["show_scenarios", "use_scenarios"]


def use_scenarios(app: dash.Dash, shelf: Shelf, own: OwnScenarios) -> None:
    """Register the page and its callbacks on an app."""
    use_turning(app, shelf, "scenarios", partial(show_scenarios, own=own), partial(_view, own=own))


def show_scenarios(shelf: Shelf, view: View, ground: str, own: OwnScenarios | None = None) -> list[Component]:
    """The whole page for a View."""
    lang = view.lang
    own = own or OwnScenarios(shelf)
    if foreseen_for(shelf, view) is None and not own.is_offered:
        empty = [html.P(say(lang, "scenarios.none")), html.P(say(lang, "scenarios.none_do"))]
        body = [html.H1(say(lang, "page.scenarios")), html.Div(empty, className="state")]
        return surround(shelf, view, "scenarios", body)
    turning = html.Div(_view(shelf, view, ground, own=own), id="scenarios-view")
    return surround(shelf, view, "scenarios", [turning])


def _view(shelf: Shelf, asked: View, ground: str, *, own: OwnScenarios) -> list[Component]:
    """The page without its frame, for the View of the address."""
    lang, view = asked.lang, asked
    wrong: Fault | None = None
    try:
        shelf, view = own.shelf_for(asked)
    except Fault as fault:
        wrong = fault
    found = foreseen_for(shelf, view)
    if found is None:
        return [html.H1(say(lang, "page.scenarios")), own_panel(own, asked, wrong)]
    parts = [
        html.H1(scenario_claim(found, lang), className="claim-of-day", id="scenarios-claim"),
        *passed_over(shelf, view, "scenarios"),
        None if wrong is None else _instead(lang),
        about_measures(shelf, lang, "scenarios"),
        _controls(found, view),
        _kept_back(found, lang) if found.row is None else None,
        _columns(
            [beside_panel(found, view), groups_panel(found, view)],
            [changes_panel(found, view), moves_panel(found, view), winners_panel(found, view)],
        ),
        money_panel(found, view),
        firms_panel(found, view),
        breadth_panel(found, view, ground),
        tornado_panel(found, view, ground),
        own_panel(own, asked, wrong),
        None if found.row is None else _rests_on(lang),
        _take_away(found, view),
    ]
    return [part for part in parts if part is not None]


def _columns(left: list[Component | None], right: list[Component | None]) -> Component:
    """Two columns of panels beside each other, or one where the other has none."""
    held = [[part for part in parts if part is not None] for parts in (left, right)]
    columns = [html.Div(parts, className="column") for parts in held if parts]
    return html.Div(columns, className="two-columns" if len(columns) == 2 else "one-column")


def _kept_back(found: Foreseen, lang: str) -> Component:
    """What this audience does not see, in one neutral text."""
    shelf = found.shelf
    if "scenario_effects" in shelf.tables:
        return html.Div(html.P(say(lang, "scenarios.abstained")), className="state")
    note = say(lang, "scenarios.note_ready")
    return held_back_state(shelf, lang, "scenarios.kept_back_title", "scenarios.kept_back", note)


def _instead(lang: str) -> Component:
    """That another scenario stands here than the one of the address, and the way to what does not fit."""
    told = html.P(say(lang, "scenarios.own_instead"))
    way = html.P(html.A(say(lang, "scenarios.own_instead_way"), href="#own-fault"))
    return html.Div([told, way], className="state", role="status")


def _controls(found: Foreseen, view: View) -> Component:
    lang = view.lang
    groups: dict[str, list[Component]] = {}
    for one in found.scenarios:
        chosen = "" if one == found.scenario else None
        option = html.Option(found.words(lang, "title", one), value=one, **tags({"data-chosen": chosen}))
        groups.setdefault(found.told("kind", one) or "ready", []).append(option)
    options: list[Component] = [
        html.Optgroup(options, label=say(lang, f"scenarios.kind_{kind}")) for kind, options in groups.items()
    ]
    scenarios = html.Label(
        [
            html.Span(say(lang, "scenarios.scenario")),
            html.Select(options, id="turn-scenario", **tags({"data-turn": "scenario"})),
        ],
        className="turn scenario",
    )
    parts: list[Component] = [scenarios]
    if len(found.stats) > 1:
        parts.append(_measure_switch(found, view))
    if len(found.breaks) > 1:
        breaks = [(by, found.shelf.label(lang, by)) for by in found.breaks]
        parts.append(chooser("by", say(lang, "scenarios.by"), breaks, found.by))
    label = say(lang, "scenarios.controls")
    return html.Div(parts, className="turns few", role="search", **tags({"aria-label": label}))


def _measure_switch(found: Foreseen, view: View) -> Component:
    lang = view.lang
    choices = (
        (
            stat,
            say(lang, f"scenarios.short_{stat}"),
            address("/scenarios", view, stat=stat, scenario=found.scenario),
        )
        for stat in found.stats
    )
    return switch("stat", say(lang, "scenarios.measure"), choices, found.stat)


def _rests_on(lang: str) -> Component:
    """How the numbers came about."""
    keys = ["note_paired", "note_exact", "note_frozen", "note_tiers", "note_ready"]
    notes = [say(lang, f"scenarios.{key}") for key in keys]
    return html.Section(
        [
            html.H2(say(lang, "scenarios.rests_on")),
            html.Ul([html.Li(note) for note in notes], className="notes"),
        ],
        className="panel",
    )


def _take_away(found: Foreseen, view: View) -> Component | None:
    lang = view.lang
    here = View(lang=lang, scenario=found.scenario, own=view.own)
    held = [
        name
        for name in ("scenario_effects", "scenario_moves", "scenario_changes")
        if name in found.shelf.tables
    ]
    held += [name for name in ("breadth", "tornado") if name in found.shelf.tables]
    links = [
        html.A(
            say(lang, f"scenarios.csv_{name}"), href=address(f"/{name}.csv", here), **tags({"download": ""})
        )
        for name in held
    ]
    if not links:
        return None
    return html.P([part for link in links for part in (link, " ")], className="links")
