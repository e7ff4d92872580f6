"""One parameter at a time: as the study declared it that way, paired, and with the tiers anew."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.scenario.comparing import Baseline, baseline_of
from analysis.scenario.record import TORNADO_COLUMNS
from analysis.scenario.sensitivity import RANGES, tornado
from survey import Study, data_folder, load_study


def declaring(**keys: Any) -> Baseline:
    """The demonstration with some keys of `[pressure]` changed."""
    study: Study = load_study(data_folder() / "demo")
    pressure = {**study.section("pressure"), "draws": 200, **keys}
    return baseline_of(replace(study, sections={**study.sections, "pressure": pressure}))


@cache
def base() -> Baseline:
    return declaring()


@cache
def turned() -> pd.DataFrame:
    return tornado(base())


def test_each_open_parameter_is_turned_to_either_end() -> None:
    table = turned()
    assert tuple(table.columns) == TORNADO_COLUMNS
    assert {*RANGES, "confidence", "across"} <= set(table["parameter"])
    assert set(table["stat"]) == {"us", "cn", "squeeze", "p_choose", "top_tier"}
    means = table[table["stat"] != "top_tier"]
    assert (means["low"] <= means["difference"]).all() and (means["difference"] <= means["high"]).all()
    assert (means["n"] > 0).all() and (table["declared"] == "default").all()
    assert not table.duplicated(["parameter", "end", "stat"]).any()


def test_the_world_as_it_is_is_that_of_the_reading() -> None:
    table, read = turned(), base().read
    for place, stat in enumerate(("us", "cn", "squeeze")):
        before = table.loc[table["stat"] == stat, "before"].unique()
        assert before == pytest.approx(np.nanmean(read.measured.point[place]), abs=1e-12)
    tops = table.loc[table["stat"] == "top_tier", "before"].unique()
    assert tops.tolist() == [float((read.ranked.full.tier == 1).sum())]


@pytest.mark.parametrize(
    ("parameter", "end", "keys"),
    [("dormant", "high", {"dormant": 0.5}), ("across", "high", {"across": "mean"})],
)
def test_a_turn_is_the_study_that_declares_it(parameter: str, end: str, keys: dict[str, Any]) -> None:
    """us, cn and squeeze to the last digit; p_choose is read off the curve as it was trained before."""
    mine = turned()[(turned()["parameter"] == parameter) & (turned()["end"] == end)].set_index("stat")
    read = declaring(**keys).read
    for place, stat in enumerate(("us", "cn", "squeeze")):
        assert mine.loc[stat, "after"] == pytest.approx(np.nanmean(read.measured.point[place]), abs=1e-12)


def test_a_stricter_weight_never_lowers_and_who_comes_and_goes_is_counted() -> None:
    table = turned()
    for name in RANGES:
        mine = table[(table["parameter"] == name) & (table["stat"] != "top_tier")]
        assert (mine.loc[mine["end"] == "low", "difference"] <= 1e-12).all()
        assert (mine.loc[mine["end"] == "high", "difference"] >= -1e-12).all()
    tops = table[table["stat"] == "top_tier"]
    came, went = (
        tops[word].map(lambda cell: len(cell.split(";")) if cell else 0) for word in ("entered", "left")
    )
    assert (tops["difference"] == came - went).all()


def test_a_range_of_the_study_takes_the_place_of_the_default() -> None:
    table = tornado(declaring(open={"dormant": [0.1, 0.25, 0.3]}))
    mine = table[table["parameter"] == "dormant"]
    assert set(mine["setting"]) == {"0.1", "0.3"} and (mine["declared"] == "study").all()
