"""What takes a firm out of the top tier does so when all is worked out anew, and less does not."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.freeing import cases_at_stake, stakes_at
from analysis.pressure.leaving import leaving_rows
from analysis.pressure.reading import Reading, read_firms
from analysis.pressure.record import LEAVING_COLUMNS
from analysis.pressure.ways import ground_of, joint_ways
from analysis.scenario.comparing import Baseline, baseline_of
from survey import data_folder, load_study


@cache
def base() -> Baseline:
    study = load_study(data_folder() / "demo")
    sections = {**study.sections, "pressure": {**study.section("pressure"), "draws": 200}}
    return baseline_of(replace(study, sections=sections))


@cache
def rows() -> pd.DataFrame:
    return leaving_rows(base().calibrated, base().met.day, base().read)


def anew(touched: pd.DataFrame, met: pd.DataFrame) -> Reading:
    """All firms read again with other contacts and collisions."""
    day = replace(base().met.day, contacts=touched, collisions=met)
    return read_firms(base().calibrated, day, base().firms)


def freed(row: pd.Series) -> Reading:
    """The day with what a row says done by hand."""
    touched, met = base().met.day.contacts, base().met.day.collisions
    theirs, mine = (table["firm"] == row["firm"] for table in (touched, met))
    if row["kind"] == "substitutability":
        left = (1 - np.maximum(met["substitutability"], row["to"])) / (1 - met["substitutability"])
        left = left.where(mine & (met["party"] == row["input"]), 1.0)
        return anew(touched, met.assign(at_stake=met["at_stake"] * left))
    if row["kind"] == "flow":
        gone = met[["flow", "duty_flow"]].eq(row["input"]).any(axis=1)
        return anew(touched[~(theirs & (touched["flow"] == row["input"]))], met[~(mine & gone)])
    everywhere = row["kind"] == "suspension"
    gone = met[["duty", "clause"]].eq(row["input"]).any(axis=1)
    off = touched["instrument"] == row["input"]
    return anew(touched[~(off & (theirs | everywhere))], met[~(gone & (mine | everywhere))])


def test_every_firm_of_the_top_tier_has_its_ways_and_no_other() -> None:
    table = rows()
    assert tuple(table.columns) == LEAVING_COLUMNS
    top = np.array(base().firms)[base().read.ranked.full.tier == 1]
    assert sorted(set(table["firm"])) == sorted(top)
    assert (table["flag"] == "").all() and (table["tier_after"] > table["tier_before"]).all()
    assert table.groupby("firm")["size"].apply(lambda size: size.is_monotonic_increasing).all()
    assert (table["n"] == (base().read.ranked.full.tier > 0).sum()).all()
    assert (table["squeeze_after"] - table["squeeze_before"]).to_numpy() == pytest.approx(table["estimate"])
    assert (table["low"] <= table["estimate"]).all() and (table["estimate"] <= table["high"]).all()
    assert {"substitutability", "flow", "licence", "suspension"} <= set(table["kind"])


@pytest.mark.parametrize("kind", ["substitutability", "flow", "licence", "suspension"])
def test_a_way_out_is_one_when_all_firms_are_ordered_anew(kind: str) -> None:
    """Everything by the real road: squeeze, p_choose and tier of the firm, joint bands found anew too."""
    row = rows()[rows()["kind"] == kind].iloc[-1]
    read = freed(row)
    at = base().firms.index(row["firm"])
    assert read.measured.point[2, at] == pytest.approx(row["squeeze_after"], abs=1e-12)
    assert read.risk.p[at] == pytest.approx(row["p_after"], abs=1e-12)
    if kind == "substitutability":  # the least that is enough stands at the edge of bands held as they were
        row = row.copy()
        row["to"] = min(1.0, row["to"] + 0.05)
        read = freed(row)
    assert read.ranked.full.tier[at] > 1


@pytest.mark.parametrize("kind", ["substitutability", "flow", "licence"])
def test_critical_values_are_held_and_one_firm_moves_them_by_little(kind: str) -> None:
    """What is held of one firm's change: the part all firms share and both critical values."""
    held = base().read.ranked.full.bands
    one = rows()[(rows()["kind"] == kind) & (rows()["fewest"] == 1)]
    for _, row in one.iloc[:: max(1, len(one) // 3)].iterrows():
        bands = freed(row).ranked.full.bands
        assert bands.of_slope == pytest.approx(held.of_slope, rel=0.02)
        assert bands.of_rest == pytest.approx(held.of_rest, rel=0.02)


def test_a_rule_suspended_for_all_has_its_bands_and_tiers_anew() -> None:
    table = rows()[rows()["kind"] == "suspension"].drop_duplicates("input")
    for _, row in table.iloc[:3].iterrows():
        read = freed(row)
        mine = rows()[(rows()["kind"] == "suspension") & (rows()["input"] == row["input"])]
        at = [base().firms.index(firm) for firm in mine["firm"]]
        np.testing.assert_array_equal(read.ranked.full.tier[at], mine["tier_after"].to_numpy(dtype=int))


def test_a_hundredth_less_of_substitutability_does_not_do() -> None:
    table = rows()
    row = table[table["kind"] == "substitutability"].iloc[0].copy()
    row["to"] -= 0.01
    assert freed(row).ranked.full.tier[base().firms.index(row["firm"])] == 1


def test_a_smaller_flow_does_not_do() -> None:
    table = rows()
    row = table[(table["kind"] == "flow") & (table["size"] > 0.05)].iloc[0]
    reach, at = base().read.reach, base().firms.index(row["firm"])
    smaller = (reach.firm == at) & (reach.share < row["size"] - 1e-9) & (reach.weight[2] > 0)
    assert smaller.any()
    for flow in reach.flow[smaller]:
        less = row.copy()
        less["input"] = flow
        assert freed(less).ranked.full.tier[at] == 1


def test_several_changes_are_added_up_to_the_first_that_is_enough() -> None:
    """A firm that no single party would let out, since its stakes are many and alike."""
    ground = ground_of(base().calibrated, base().read)
    top = np.flatnonzero(base().read.ranked.full.tier == 1)
    settings = base().calibrated.settings
    case = cases_at_stake(base().met.day, base().read, top, settings, squeeze_only=True)
    found = joint_ways(ground, case, stakes_at(case))
    last = found.groupby("firm")["step"].transform("max") == found["step"]
    assert ((found["tier_after"] > 1) == last).all()
    assert found.groupby("firm")["size"].apply(lambda size: size.is_monotonic_increasing).all()
    assert found.groupby("firm")["squeeze_after"].apply(lambda s: s.is_monotonic_decreasing).all()


def test_with_one_tier_nobody_leaves_and_it_is_said() -> None:
    full = base().read.ranked.full
    ranked = replace(base().read.ranked, full=replace(full, tier=np.minimum(full.tier, 1)))
    table = leaving_rows(base().calibrated, base().met.day, replace(base().read, ranked=ranked))
    assert len(table) == 1 and table["firm"].tolist() == [""]
    assert table["flag"].tolist() == ["all firms stand in one tier"] and table["estimate"].isna().all()


def test_same_input_same_bytes() -> None:
    again = leaving_rows(base().calibrated, base().met.day, base().read)
    assert again.to_csv().encode() == rows().to_csv().encode()
