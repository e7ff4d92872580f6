"""Open thresholds: drawn by name, spliced from days met once a point, a source of doubt of their own."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.asking import questions
from analysis.pressure.day import meet_scene
from analysis.pressure.freeing import cases_at_stake, figures_in, reach_in
from analysis.pressure.reading import read_firms
from analysis.pressure.thresholds import OpenThreshold, chosen_points, open_thresholds, with_points
from analysis.rules.catalogue import Catalogue
from analysis.rules.chosen import study_catalogue
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import Baseline, baseline_of
from analysis.scenario.files import scenario_of
from analysis.scenario.kept import kept_baseline, kept_table
from analysis.scenario.meeting import meet_again
from survey import StudyFault
from tests.analysis.test_press import demo, having

KEY = 0x7468726573
SET = """
schema = 1
id = "set"
title = { en = "The listed parties' rule catches any content" }

[[change]]
do = "threshold"
instrument = "US-EL"
field = "us_content"
value = 0.1
"""
LISTED = {"US-EL": {"threshold": [0.1, 0.25, 0.5], "weights": [1, 2, 1]}}
EVERY = {**LISTED, "US-MEU": {"threshold": [0.25, 0.5]}, "dormant": [0.0, 0.25, 0.5]}


@cache
def opened() -> Baseline:
    """The demonstration with links, contents in bands, open parameters and two open thresholds in doubt."""
    return baseline_of(having("pressure", open=EVERY, draws=300))


@cache
def listed() -> Baseline:
    """One open threshold, and links."""
    return baseline_of(having("pressure", open=LISTED, draws=300))


@cache
def closed() -> Baseline:
    """Nothing open."""
    return baseline_of(having("pressure", draws=300))


def test_each_draw_is_that_of_a_day_with_the_points_it_chose() -> None:
    base = opened()
    scene, settings = base.met.scene, base.calibrated.settings
    choices = base.read.unsure.choices
    assert [one.instrument for one in choices.thresholds] == ["US-EL", "US-MEU"]
    picked = chosen_points(choices.thresholds, settings.seed + KEY, 0, settings.draws)
    assert set(picked) == set(range(6))
    for choice in (0, 3, 5):
        rules = scene.catalogue
        for one, point in zip(choices.thresholds, divmod(choice, 2), strict=True):
            rules = with_points(rules, one, point)
        met = meet_scene(replace(scene, catalogue=rules, thresholds=()))
        alone = read_firms(base.calibrated, met, base.firms, is_ranked=False)
        rows = picked == choice
        np.testing.assert_array_equal(alone.draws[:, rows], base.read.draws[:, rows])


def test_points_stay_and_limits_move_and_hold_them() -> None:
    was, now = closed().read, listed().read
    np.testing.assert_array_equal(now.measured.point, was.measured.point)
    np.testing.assert_array_equal(now.risk.p, was.risk.p)
    wide = [read.measured.high[0] - read.measured.low[0] for read in (was, now)]
    assert (wide[1] > wide[0] + 0.01).any()
    known = np.isfinite(now.measured.point)
    assert (now.measured.low <= now.measured.point)[known].all()
    assert (now.measured.point <= now.measured.high)[known].all()


def test_it_is_a_source_of_its_own_with_its_share_of_variance() -> None:
    doubts = listed().read.doubts
    mine = doubts[doubts["source"] == "thresholds"]
    assert (
        set(mine["stat"]) == {"us", "cn", "squeeze", "p_choose"}
        and (mine["ask"] == "US-EL us_content 0.25").all()
    )
    sums = doubts.groupby(["firm", "stat"])["estimate"].sum()
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)
    asked = questions(doubts, "", "squeeze")[0]
    assert asked.source == "thresholds" and 0.5 < asked.share <= 1.0
    both = opened().read.doubts
    assert {"links", "bands", "rules", "thresholds", "model"} <= set(both["source"])


def test_weights_are_chances_and_draws_belong_to_the_name() -> None:
    one = OpenThreshold("R", "", "us_content", 0.25, (0.1, 0.25, 0.5), (0.25, 0.5, 0.25))
    other = replace(one, instrument="S", at=(0.0, 0.25), chance=(0.5, 0.5))
    picked = chosen_points([one], 7, 0, 40_000)
    np.testing.assert_allclose(np.bincount(picked) / 40_000, one.chance, atol=0.01)
    both = chosen_points([one, other], 7, 0, 40_000)
    np.testing.assert_array_equal(both // 2, picked)
    np.testing.assert_array_equal(both[100:200], chosen_points([one, other], 7, 100, 200))
    joint = np.bincount(both, minlength=6).reshape(3, 2) / 40_000
    np.testing.assert_allclose(joint, np.outer(one.chance, other.chance), atol=0.01)


def test_a_scenario_that_sets_the_threshold_leaves_nothing_open() -> None:
    mine = scenario_of(SET, "own scenario")
    scene, _ = apply_changes(opened().met.scene, mine.all_changes())
    after = meet_again(opened().met, scene).day.variants
    assert [one.instrument for one in after.thresholds] == ["US-MEU"]


def test_what_a_release_keeps_draws_the_same() -> None:
    again = kept_baseline(kept_table(opened()), "release")
    assert again.met.scene.thresholds == opened().met.scene.thresholds
    np.testing.assert_array_equal(again.read.draws, opened().read.draws)


def test_ways_out_of_the_top_tier_are_drawn_with_it() -> None:
    base = opened()
    firms, settings = base.read.firms, base.calibrated.settings
    case = cases_at_stake(base.met.day, base.read, np.arange(100), settings, squeeze_only=False)
    nothing = pd.DataFrame({"id": firms, "firm": firms, "flow": "", "rule": ""})
    point, drawn = figures_in(*reach_in(case, nothing, firms), settings)
    np.testing.assert_allclose(point, base.read.measured.point, atol=1e-12)
    np.testing.assert_allclose(drawn, base.read.draws, atol=1e-12)
    off = nothing.assign(rule="US-EL")
    _, without = figures_in(*reach_in(case, off, firms), settings)
    assert np.nanmax(np.nanstd(without[0], axis=0)) < np.nanmax(np.nanstd(drawn[0], axis=0))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"US-ELL": {"threshold": [0.1, 0.25]}}, "US-ELL"),
        ({"US-SDN": {"threshold": [0.1, 0.25]}}, "without a threshold"),
        ({"US-EL": {"treshold": [0.1, 0.25]}}, "treshold"),
        ({"US-EL": {}}, "two or more numbers, rising"),
        ({"US-EL": {"threshold": [0.25]}}, "two or more numbers, rising"),
        ({"US-EL": {"threshold": [0.5, 0.25, 0.1]}}, "two or more numbers, rising"),
        ({"US-EL": {"threshold": [0.1, 0.3]}}, "0.25 among them"),
        ({"US-EL": {"threshold": [0.1, 0.25], "weights": [1]}}, "2 numbers above 0"),
        ({"US-EL": {"threshold": [0.1, 0.25], "weights": [1, 0]}}, "2 numbers above 0"),
        ({"US-CHIPS-GUARD": {"threshold": [0.05, 0.1]}}, "several thresholds"),
        ({"US-CHIPS-GUARD": {"threshold": [0.05, 0.1], "branch": "old"}}, "'old'"),
        ({"US-EL": {"threshold": [0.1, 0.25], "was": 0.3}}, "what stands there: 0.25"),
        (
            {
                "US-EL": {"threshold": [0.1, 0.2, 0.25, 0.3, 0.4]},
                "US-DPL": {"threshold": [0.1, 0.2, 0.25, 0.3, 0.4]},
                "US-UVL": {"threshold": [0.1, 0.25, 0.4]},
            },
            "75 combinations",
        ),
    ],
)
def test_what_does_not_fit_is_named(said: Any, word: str) -> None:
    with pytest.raises(StudyFault, match=word) as fault:
        open_thresholds(having("pressure", open=said), rules())
    assert "pressure.open" in str(fault.value)


def test_one_of_several_thresholds_of_a_rule() -> None:
    said = {"US-CHIPS-GUARD": {"threshold": [0.05, 0.1], "branch": "legacy"}}
    (one,) = open_thresholds(having("pressure", open=said), rules())
    assert (one.was, one.standing, one.name) == (0.1, 1, "US-CHIPS-GUARD legacy growth 0.1")


@cache
def rules() -> Catalogue:
    return study_catalogue(demo())
