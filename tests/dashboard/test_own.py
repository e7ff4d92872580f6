"""A scenario of one's own: packed into an address and back, held against what a Release keeps, or refused."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.scenario.comparing import baseline_of
from analysis.scenario.kept import kept_table
from dashboard.own import MOST_TEXT, OwnScenarios, pack_text, unpack_text
from dashboard.pages.scenario_own import own_panel
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf
from dashboard.steps import Stopped
from survey import FileFault, StudyFault, data_folder, load_study

OWN = """schema = 1
id = "affiliates-back"
title = { en = "My own", ja = "自分の" }
[[change]]
do = "reinstate"
instrument = "US-AFFIL"
"""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    demo = load_study(data_folder() / "demo")
    few = replace(demo, sections={**demo.sections, "pressure": {**demo.section("pressure"), "draws": 200}})
    return Shelf({"audience": "internal"}, {"kept": kept_table(baseline_of(few))})


def test_text_goes_through_an_address_whole():
    word = pack_text(OWN)
    there = read_address(address("/scenarios", View(own=word)).partition("?")[2])
    assert there.own == word and unpack_text(there.own) == OWN
    for wrong in (word[:-9], "%%%", pack_text("x" * (MOST_TEXT + 1)), pack_text("x" * 10_000_000)):
        with pytest.raises(FileFault, match="cut off, or is too long"):
            unpack_text(wrong)


def test_it_stands_beside_those_of_the_release_and_is_worked_out_once(shelf: Shelf):
    own = OwnScenarios(shelf)
    asked = View(own=pack_text(OWN))
    found, view = own.shelf_for(asked)
    assert view.scenario == "own"
    assert found.tables["scenarios"]["title_ja"].tolist() == ["自分の"]
    effects = found.tables["scenario_effects"]
    reach = effects[(effects["by"] == "") & (effects["stat"] == "us")].iloc[0]
    assert reach["n"] == 100 and 0 < reach["estimate"] <= reach["high"]
    assert own.shelf_for(asked)[0] is found
    assert own.shelf_for(replace(asked, scenario="other"))[1].scenario == "other"
    assert "scenarios" not in shelf.tables


def test_effects_on_single_firms_are_read_when_asked_for(shelf: Shelf):
    effects = pd.DataFrame({"scenario": ["a", "a"], "by": ["", "firm"], "group": ["", "F1"]})
    beside = replace(shelf, tables={**shelf.tables, "scenario_effects": effects})
    found, _ = OwnScenarios(beside).shelf_for(View(own=pack_text(OWN)))
    held = found.tables["scenario_effects"]
    assert not (held[held["scenario"] == "own"]["by"] == "firm").any()
    mine = found.effects_of("own")
    assert (mine["by"] == "firm").sum() == 4 * 100 and mine["scenario"].unique().tolist() == ["own"]
    assert found.effects_of("a")["group"].tolist() == ["", "F1"] and found.effects_of("b").empty


def test_what_does_not_fit_names_its_line_and_stays_on_the_page(shelf: Shelf):
    own = OwnScenarios(shelf)
    view = View(own=pack_text(OWN.replace("US-AFFIL", "US-AFFIN")))
    with pytest.raises(StudyFault, match="scenario, line 6, change 1") as wrong:
        own.shelf_for(view)
    page = str(own_panel(own, view, wrong.value).to_plotly_json())
    assert "US-AFFIN" in page and "did you mean US-AFFIL" in page


def test_others_than_the_internal_audience_are_offered_none(shelf: Shelf):
    for given in (Shelf({"audience": "public"}, shelf.tables), Shelf({"audience": "internal"}, {})):
        own = OwnScenarios(given)
        assert own.shelf_for(View(own=pack_text(OWN)))[0] is given
        typed = own_panel(own, View()).children[-1].children.children
        words = "".join(one if isinstance(one, str) else str(one.children) for one in typed)
        assert words == "crosspressure pressure STUDY --scenario mine.toml"


def test_it_is_stopped_between_its_steps_and_nothing_of_it_is_kept(shelf: Shelf):
    own, steps = OwnScenarios(shelf), []

    def stop_at_rules(step: str, at: int, of: int) -> None:
        steps.append(step)
        if step == "rules":
            raise Stopped

    view = View(own=pack_text(OWN))
    with pytest.raises(Stopped):
        own.shelf_for(view, stop_at_rules)
    assert steps == ["read", "changes", "rules"]
    steps.clear()
    own.shelf_for(view, lambda step, at, of: steps.append(step))
    assert steps[0] == "read" and steps[-1] == "effects"
