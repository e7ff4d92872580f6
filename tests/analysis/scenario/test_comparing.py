"""Differences are paired and hold their point; what nothing touches stays; tightening never relieves."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pressure.across import figures_of
from analysis.pressure.channels import STATS, channel_sums, reach_of
from analysis.pressure.pressing import press
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import Baseline, Compared, baseline_of, compare, foresee_contact
from analysis.scenario.files import load_scenario
from analysis.scenario.meeting import meet_again
from analysis.scenario.record import BREADTH_COLUMNS, EFFECTS_COLUMNS, WINNERS_COLUMNS, Change, Scenario
from survey import Study, load_study

DEMO = Path(__file__).parents[3] / "data" / "demo"
SHARES = ("us", "cn", "squeeze")


def scenario(*changes: tuple[str, dict[str, object]]) -> Scenario:
    made = tuple(
        Change(number, do, keys, "test", Path("test.toml"), f"change.{number - 1}", {})
        for number, (do, keys) in enumerate(changes, start=1)
    )
    return Scenario("test", {"en": "Test"}, {}, (), (), made, (), Path("test.toml"))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The demonstration with fewer draws."""
    folder = tmp_path_factory.mktemp("scenario") / "demo"
    shutil.copytree(DEMO, folder)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[pressure]\n", "[pressure]\ndraws = 200\n"), encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def baseline(study: Study) -> Baseline:
    return baseline_of(study)


@pytest.fixture(scope="module")
def limb(baseline: Baseline) -> Compared:
    return compare(baseline, [load_scenario("rare-earth-limb-1")], with_pressure=True)


def rows(compared: Compared, by: str, stat: str) -> pd.DataFrame:
    table = compared.effects
    return table[(table["by"] == by) & (table["stat"] == stat)].set_index("group")


def test_the_world_as_it_is_is_that_of_press(study: Study, limb: Compared) -> None:
    table = press(study).table.set_index("firm")
    for stat in (*SHARES, "p_choose"):
        mine = rows(limb, "firm", stat)["before"]
        assert mine.to_numpy() == pytest.approx(table.loc[mine.index, stat].to_numpy(), nan_ok=True)
    after = rows(limb, "firm", "cn")["after"]
    assert limb.pressure is not None
    laid = limb.pressure.table.set_index("firm").loc[after.index, "cn"]
    assert after.to_numpy() == pytest.approx(laid.to_numpy())


def test_the_mean_of_all_is_the_mean_of_firms_and_sectors_are_their_parts(limb: Compared) -> None:
    assert tuple(limb.effects.columns) == EFFECTS_COLUMNS
    firms, everybody, sectors = (rows(limb, by, "cn") for by in ("firm", "", "sector"))
    assert everybody["difference"].iloc[0] == pytest.approx(firms["difference"].mean())
    assert everybody["difference"].iloc[0] > 0.02
    weighed = (sectors["difference"] * sectors["n"]).sum() / sectors["n"].sum()
    assert weighed == pytest.approx(everybody["difference"].iloc[0])


def test_intervals_hold_their_point_and_are_narrower_than_those_of_two_worlds_apart(
    baseline: Baseline, limb: Compared
) -> None:
    table = limb.effects.dropna(subset=["difference"])
    assert (table["low"] <= table["difference"]).all() and (table["difference"] <= table["high"]).all()
    place = STATS.index("cn")
    paired = rows(limb, "", "cn").iloc[0]
    mean = baseline.read.draws[place].mean(axis=1)
    apart = np.random.default_rng(1).permutation(mean) - mean
    low, high = np.quantile(apart, [0.05, 0.95])
    assert 0 < paired["high"] - paired["low"] < high - low


def test_a_firm_that_nothing_touches_does_not_move(baseline: Baseline) -> None:
    flows = baseline.met.day.flows
    one = flows[(flows["buyer_country"] == "CN") & (flows["channel"] == "sales")]["buyer"].iloc[0]
    dealt = set(flows.loc[(flows["buyer"] == one) | (flows["seller"] == one), "firm"])
    made = compare(baseline, [scenario(("list", {"list": "US-DPL", "parties": [one]}))])
    for stat in (*SHARES, "p_choose"):
        others = rows(made, "firm", stat).drop(index=list(dealt))
        known = others.dropna(subset=["before"])
        assert len(known) > 50
        assert (known[["difference", "low", "high"]] == 0.0).all().all(), stat


def test_the_model_is_never_trained_again(baseline: Baseline) -> None:
    """A scenario that takes away every collision moves p_choose along the trained curve, not the curve."""
    model = baseline.calibrated.model
    before = model.coefficients.copy()  # type: ignore[union-attr]
    gone = scenario(
        ("suspend", {"instrument": list(baseline.met.scene.catalogue.collisions["duty"].unique())})
    )
    made = compare(baseline, [gone])
    assert (model.coefficients == before).all()  # type: ignore[union-attr]
    after = rows(made, "firm", "p_choose")["after"].dropna()
    assert (rows(made, "firm", "squeeze")["after"].dropna() == 0.0).all()
    assert after.nunique() == 1
    assert after.iloc[0] == pytest.approx(1 / (1 + np.exp(-before[0])))


def test_several_at_once_are_one_after_the_other(baseline: Baseline) -> None:
    first, second = load_scenario("us-japan-framework"), load_scenario("rare-earth-limb-1")
    both, one, other = (compare(baseline, chosen) for chosen in ([first, second], [first], [second]))
    assert set(both.effects["scenario"]) == {"us-japan-framework+rare-earth-limb-1"}
    for stat in SHARES:
        ends = [rows(made, "firm", stat)["after"].dropna() for made in (both, one, other)]
        assert (ends[0] >= np.maximum(ends[1], ends[2]) - 1e-12).all()
    assert len(both.changes) == len(one.changes) + len(other.changes)


def test_money_is_told_by_side_and_adds_up_over_sectors(limb: Compared) -> None:
    for stat in ("reach_us", "reach_cn", "at_stake"):
        whole, parts = rows(limb, "", stat).iloc[0], rows(limb, "sector", stat)
        for column in ("before", "after", "difference"):
            assert parts[column].sum() == pytest.approx(whole[column])
    assert rows(limb, "", "reach_us")["difference"].iloc[0] == 0.0
    assert rows(limb, "", "reach_cn")["difference"].iloc[0] > 0.0


def test_moves_count_every_firm_with_a_tier_once(limb: Compared) -> None:
    known = rows(limb, "firm", "p_choose").dropna(subset=["before", "after"])
    assert limb.moves["firms"].sum() == len(known)


def test_a_curve_begins_at_the_world_as_it_is_and_never_falls(baseline: Baseline) -> None:
    whole = load_scenario("control-breadth")
    one = replace(whole, steps=whole.steps[:3])
    made = compare(baseline, [one], with_firms=False)
    table = made.breadth
    assert tuple(table.columns) == BREADTH_COLUMNS
    assert set(table["step"]) == set(range(len(one.steps) + 1))
    for stat in (*SHARES, "at_stake"):
        curve = table[table["stat"] == stat].sort_values("step")
        assert curve["difference"].iloc[0] == 0.0
        assert (curve["difference"].diff().dropna() >= -1e-12).all()
        end = rows(made, "", stat).iloc[0]
        assert curve["after"].iloc[-1] == pytest.approx(end["after"])
    assert table.loc[table["stat"] == "us", "difference"].max() > 0
    assert set(table.loc[table["step"] == 0, "en"]) == {"as it is"}


def test_a_curve_with_changes_before_its_steps_does_not_call_its_beginning_the_world_as_it_is(
    baseline: Baseline,
) -> None:
    whole = load_scenario("control-breadth")
    one = replace(whole, changes=whole.steps[0].changes, steps=whole.steps[1:2])
    table = compare(baseline, [one], with_firms=False).breadth
    begun = table[table["step"] == 0]
    assert set(begun["en"]) == {"before the first step"} and set(begun["ja"]) == {"最初の段階の前"}
    assert (begun["difference"] > 0).any()


def test_alone_reaches_less_than_together_and_the_guide_says_how_much(baseline: Baseline) -> None:
    page = (DEMO.parents[1] / "docs" / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    found = []
    for name in ("controls-us-alone", "controls-with-allies"):
        made = compare(baseline, [load_scenario(name)], with_firms=False)
        ends = [rows(made, "", stat).iloc[0] for stat in ("us", "squeeze")]
        found.append(ends[0]["difference"])
        told = " | ".join(f"{end['after']:.4f} | {end['difference']:+.4f}" for end in ends)
        assert f"| `{name}` | {told} |" in page
    assert 0 < found[0] < found[1]


def test_the_same_input_gives_the_same_bytes(baseline: Baseline) -> None:
    one = load_scenario("de-minimis-zero")
    first, second = (compare(baseline, [one]).effects.to_csv() for _ in range(2))
    assert first == second


def test_limb_1_catches_a_tenth_of_a_percent_in_its_scenario_only(study: Study, baseline: Baseline) -> None:
    name = "CN-61-2025-L1"
    day, changed = foresee_contact(study, [load_scenario("rare-earth-limb-1")])
    mine = day.contacts[(day.contacts["instrument"] == name) & (day.contacts["outcome"] == "licence")]
    flows = day.flows.set_index(["firm", "flow"]).loc[pd.MultiIndex.from_frame(mine[["firm", "flow"]])]
    assert len(flows) and (flows["cn_content_high"] >= 0.001).all()
    assert changed["after"].tolist() == ["in_force open to open"]
    for when in (date(2025, 10, 20), date(2025, 11, 20), date(2026, 1, 15)):
        state = baseline.met.scene.catalogue.on(when)
        assert set(state.loc[state["instrument"] == name, "state"]) != {"in_force"}


TIGHTER = st.lists(
    st.one_of(
        st.builds(
            lambda value: ("threshold", {"instrument": "US-DEMIN-25", "field": "us_content", "value": value}),
            st.floats(0.0, 0.25),
        ),
        st.builds(
            lambda name: ("set", {"instrument": name}),
            st.sampled_from(["CN-61-2025-L1", "CN-61-2025-L2", "US-AFFIL", "CN-55-58-2025", "CN-835"]),
        ),
        st.builds(
            lambda name, party: ("list", {"list": name, "parties": [f"C{party:04d}"]}),
            st.sampled_from(["US-EL", "US-SDN", "US-UVL", "CN-UEL", "CN-CTRL"]),
            st.integers(1, 300),
        ),
        st.builds(
            lambda tag: ("widen", {"instrument": "US-FDP-SC", "field": "technology", "values": [tag]}),
            st.sampled_from(["robotics", "telecom", "dual-use"]),
        ),
        st.builds(
            lambda states: ("join", {"instrument": "US-744.23", "countries": states}),
            st.lists(st.sampled_from(["JP", "NL", "KR"]), min_size=1, max_size=3, unique=True),
        ),
    ),
    min_size=1,
    max_size=3,
    unique_by=str,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=TIGHTER)
def test_tightening_never_lowers_a_firm(baseline: Baseline, changes: list) -> None:
    one = scenario(*[change for change in changes if change[1].get("values") != []])
    scene, _ = apply_changes(baseline.met.scene, one.all_changes())
    met = meet_again(baseline.met, scene)
    ends = []
    for day in (baseline.met.day, met.day):
        reach = reach_of(day.flows, day.contacts, day.collisions, baseline.firms)
        ends.append(figures_of(reach, channel_sums(reach)))
    assert (np.nan_to_num(ends[1] - ends[0]) >= -1e-12).all()


def test_winners_and_losers_are_counted_by_sector_and_add_up(baseline: Baseline, limb: Compared) -> None:
    assert tuple(limb.winners.columns) == WINNERS_COLUMNS
    for stat in (*SHARES, "p_choose"):
        mine = limb.winners[limb.winners["stat"] == stat]
        everybody, sectors = mine[mine["by"] == ""].iloc[0], mine[mine["by"] == "sector"]
        change = rows(limb, "firm", stat)["difference"].dropna()
        assert everybody["burdened"] == (change > 0.0005).sum()
        assert everybody["relieved"] == (change < -0.0005).sum()
        for column in ("n", "burdened", "relieved", "unmoved"):
            assert sectors[column].sum() == everybody[column]
        assert (mine["burdened_low"] <= mine["burdened"]).all()
        assert (mine["burdened"] <= mine["burdened_high"]).all()
    cn = limb.winners[(limb.winners["stat"] == "cn") & (limb.winners["by"] == "")].iloc[0]
    assert cn["burdened"] > 10 and cn["relieved"] == 0
    change = rows(limb, "firm", "cn")["difference"]
    assert cn["burdened_mean"] == pytest.approx(change[change > 0.0005].mean())
