"""The demonstration's holdings: whom a 50 per cent rule finds, and when that reaches flows."""

from datetime import date

import pandas as pd

from analysis.pressure.scene import scene_of
from analysis.pressure.touching import touch_firms
from analysis.rules.catalogue import load_catalogue
from analysis.rules.derived import affiliates_on
from analysis.rules.owners import read_owner_rules
from analysis.rules.ownership import read_ownership
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import foresee_contact
from analysis.scenario.files import load_scenario
from analysis.scenario.meeting import meet_again, meet_first
from survey import data_folder, load_study

DEMO = data_folder() / "demo"
DAY = date(2026, 1, 15)


def test_half_together_and_chains_are_caught_and_49_percent_is_not():
    catalogue = load_catalogue()
    listings = pd.read_csv(DEMO / "listings.csv", dtype=str, keep_default_na=False)
    rules = read_owner_rules(catalogue)
    rows = affiliates_on(read_ownership(DEMO / "ownership.csv"), listings, rules, catalogue, DAY)
    assert set(rows["list"]) == {"US-AFFIL"}
    found = rows.set_index("party")["outcome"].sort_index()
    assert (found.loc["C0095":"C0112"] == "caught").all()
    assert (found.loc["C0113":"C0118"] == "below").all()
    assert len(found) == 24


def test_the_rule_reaches_their_flows_in_the_scenario_alone():
    study = load_study(DEMO)
    assert "US-AFFIL" not in set(touch_firms(study).contacts["instrument"])
    there, changed = foresee_contact(study, [load_scenario("affiliates-back")])
    met = there.contacts[there.contacts["instrument"] == "US-AFFIL"]
    assert len(met) > 10 and met["path"].str.contains("owned: ").all()
    assert not met["path"].str.contains("C011[3-8]").any()
    assert len(changed) == 1


def test_owners_are_asked_again_only_where_their_rules_changed():
    scene = scene_of(load_study(DEMO), DAY, ("S001", "S002"), 0.25)
    met = meet_first(scene)
    kept = {}
    for name in ("de-minimis-zero", "affiliates-back"):
        after, _ = apply_changes(scene, list(load_scenario(name).all_changes()))
        kept[name] = meet_again(met, after).standing is met.standing
    assert kept == {"de-minimis-zero": True, "affiliates-back": False}
