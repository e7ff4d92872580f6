"""Scenarios are paired under every source of doubt: what is not touched differs by exactly nothing."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.pressure.reading import read_firms
from analysis.pressure.rereading import as_read, read_again
from analysis.pressure.sharing import DOUBT_SOURCES
from analysis.pressure.thresholds import OpenThreshold
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import Baseline, baseline_of, compare
from analysis.scenario.effects import paired_stats
from analysis.scenario.files import scenario_of
from analysis.scenario.meeting import meet_again, meet_first
from tests.analysis.test_press import having

OPEN = {"dormant": [0.0, 0.25, 0.5], "licence": [0.3, 0.5, 0.8]}
THRESHOLD = OpenThreshold("US-EL", "", "us_content", 0.25, (0.1, 0.25, 0.5), (0.25, 0.5, 0.25))
MINE = scenario_of(
    """
schema = 1
id = "mine"
title = { en = "De minimis is 10 percent, and 5 percent counts for the unverified list" }

[[change]]
do = "threshold"
instrument = "US-DEMIN-25"
field = "us_content"
value = 0.1

[[change]]
do = "threshold"
instrument = "US-UVL"
field = "us_content"
value = 0.05
""",
    "own scenario",
)


@cache
def baseline() -> Baseline:
    """The demonstration with every source at work: its links, matches, bands, open parameters, thresholds."""
    base = baseline_of(having("pressure", open=OPEN, draws=200))
    scene = base.met.scene
    frame = scene.links.frame
    some = frame.iloc[:: len(frame) // 60]
    matched = pd.DataFrame(
        {"link": some["link"].astype("str"), "party": some["supplier"].astype("str"), "probability": 0.7}
    )
    flows = base.met.day.flows
    told = flows[flows["firm"].isin(base.firms[:30])].drop_duplicates(["firm", "flow"])
    ends = {"share_low": np.nan, "share_high": np.nan, "substitutability_low": 0.2}
    bands = told[["firm", "flow"]].assign(**ends, substitutability_high=0.6)
    links = replace(scene.links, matched=matched)
    met = meet_first(replace(scene, links=links, bands=bands, thresholds=(THRESHOLD,)))
    read = read_firms(base.calibrated, met.day, base.firms, has_parts=True)
    return replace(base, met=met, read=read)


def test_every_source_is_at_work() -> None:
    working = set(baseline().read.doubts["source"])
    assert working >= set(DOUBT_SOURCES) - {"answers"}, set(DOUBT_SOURCES) - working


def test_the_same_scenario_twice_differs_by_nothing_anywhere() -> None:
    base = baseline()
    scene, _ = apply_changes(base.met.scene, MINE.all_changes())
    met = meet_again(base.met, scene)
    there = replace(base, met=met, read=read_firms(base.calibrated, met.day, base.firms))
    found = compare(there, [MINE])
    told = found.effects[found.effects["difference"].notna()]
    assert len(told) > 300
    assert (told[["difference", "low", "high"]] == 0.0).all(axis=None)
    assert (found.moves["tier_before"] == found.moves["tier_after"]).all()
    moved = paired_stats(base.read, read_again(base.calibrated, base.read, met.day), base.calibrated)
    assert all((one.draws != 0).any() for one in moved if one.stat != "cn")


def test_a_firm_that_a_scenario_does_not_touch_differs_by_exactly_nothing() -> None:
    base = baseline()
    scene, _ = apply_changes(base.met.scene, MINE.all_changes())
    met = meet_again(base.met, scene)
    after = read_again(base.calibrated, base.read, met.day, is_ranked=False)
    touched = set()
    for day in (base.met.day, met.day):
        for table, names in ((day.contacts, ["instrument"]), (day.collisions, ["duty", "clause"])):
            hit = table[names].isin(["US-DEMIN-25", "US-UVL"]).any(axis=1)
            touched |= set(table.loc[hit, "firm"])
    left = ~np.isin(base.firms, list(touched))
    assert 20 < left.sum() < len(left)
    for one in paired_stats(base.read, after, base.calibrated):
        assert not left[one.at].any(), one.stat
        assert (np.nan_to_num(one.after - one.before)[left] == 0.0).all(), one.stat


def test_effects_say_what_they_were_drawn_over() -> None:
    base = baseline()
    rows = {one.stat: one.method for one in paired_stats(base.read, as_read(base.read), base.calibrated)}
    assert rows["cn"] == "paired, drawn over links, matches, rules, thresholds"
    assert rows["squeeze"] == "paired, drawn over matches, bands, rules, thresholds"  # sure links alone
    assert rows["p_choose"] == "paired, model as it was trained, drawn over matches, bands, rules, thresholds"
