"""us, cn and squeeze: by hand, by properties, and their doubt against closed forms."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pressure.channels import channel_sums, reach_of
from analysis.pressure.doubt import draw_indicators, outer_bounds
from analysis.pressure.drivers import driver_rows, driver_words, stakes_by_flow
from analysis.pressure.measuring import indicators
from analysis.pressure.pressing import press
from survey import data_folder, load_study

STEPS = ("none", "notify", "licence", "prohibited")
HARD = {"none": 0.0, "notify": 0.25, "review": 0.25, "licence": 0.5, "prohibited": 1.0}

FLOWS = pd.DataFrame(
    [
        ("A", "L1", "sales", 0.30, 1.0),
        ("A", "L2", "sales", 0.10, 0.6),
        ("A", "L3", "inputs", 0.50, 1.0),
        ("B", "L1", "inputs", 0.20, 1.0),
        ("B", "L4", "inputs", np.nan, 1.0),
        ("C", "L5", "sales", np.nan, 1.0),
        ("D", "L6", "sales", 0.40, np.nan),
    ],
    columns=["firm", "flow", "channel", "share", "confidence"],
)
CONTACTS = pd.DataFrame(
    [
        ("L1", "A", "us", "licence", "licence"),
        ("L1", "A", "us", "notify", "notify"),
        ("L1", "A", "cn", "prohibited", "prohibited"),
        ("L2", "A", "us", "prohibited", "prohibited"),
        ("L3", "A", "cn", "notify", "notify"),
        ("L3", "A", "other", "prohibited", "prohibited"),
        ("L1", "B", "us", "unknown", "licence"),
        ("L6", "D", "us", "none", "none"),
    ],
    columns=["flow", "firm", "side", "outcome", "worst"],
)
COLLISIONS = pd.DataFrame(
    [
        ("A", "L1", "sales", "US-EL", "CN-UEL", "dormant", 0.0375, "A > X"),
        ("A", "L1", "sales", "US-EL", "CN-AFSL", "duty", 0.15, "A > X"),
        ("A", "L2", "sales", "US-EL", "CN-UEL", "duty", 0.05, "A > Y"),
        ("A", "L3", "inputs", "CN-DUL", "US-UFLPA", "duty", 0.10, "Z > A"),
    ],
    columns=["firm", "flow", "channel", "duty", "clause", "status", "at_stake", "path"],
)
FIRMS = ("A", "B", "C", "D", "E")


def test_by_hand() -> None:
    table = indicators(FLOWS, CONTACTS, COLLISIONS, FIRMS).set_index("firm")
    a = table.loc["A"]
    assert a["us_sales"] == pytest.approx(0.3 * 0.5 + 0.1 * 1.0) and a["us_inputs"] == 0
    assert a["cn_sales"] == pytest.approx(0.3) and a["cn_inputs"] == pytest.approx(0.5 * 0.25)
    assert a["us"] == pytest.approx(0.25) and a["cn"] == pytest.approx(0.3)
    # each flow once, at its worst pair; the larger channel, never the sum
    assert a["squeeze_sales"] == pytest.approx(0.20) and a["squeeze_inputs"] == pytest.approx(0.10)
    assert a["squeeze"] == pytest.approx(0.20)
    # undecided counts nothing here; a flow without a size is left out; no denominator and no links: missing
    assert table.loc["B", "us"] == 0 and table.loc["B", "us_sales"] == 0
    assert np.isnan(table.loc["C", "us"]) and np.isnan(table.loc["E", "squeeze"])
    assert table.loc["D", "us"] == 0 and table.loc["D", "squeeze"] == 0


def test_limits_are_the_two_states_of_the_doubtful_link() -> None:
    """A's only doubtful link is there six times in ten: below the median without it, else with it."""
    table = indicators(FLOWS, CONTACTS, COLLISIONS, FIRMS, level=0.90).set_index("firm")
    assert table.loc["A", "us_low"] == pytest.approx(0.15) and table.loc["A", "us_high"] == pytest.approx(
        0.25
    )
    assert table.loc["A", "squeeze_low"] == pytest.approx(0.15)
    reach = reach_of(FLOWS, CONTACTS, COLLISIONS, FIRMS)
    draws = draw_indicators(reach, 1, 4000)[0, :, 0]
    np.testing.assert_allclose(np.unique(draws.round(9)), [0.15, 0.25])
    assert abs(np.mean(draws > 0.2) - 0.6) < 4 * np.sqrt(0.24 / 4000)


def test_draws_of_a_sum_have_its_moments() -> None:
    n = 40
    rng = np.random.default_rng(1)
    share, sure = rng.dirichlet(np.ones(n)) * 0.8, rng.random(n)
    flows = pd.DataFrame(
        {
            "firm": "A",
            "flow": [f"L{i}" for i in range(n)],
            "channel": "sales",
            "share": share,
            "confidence": sure,
        }
    )
    contacts = pd.DataFrame({"flow": flows["flow"], "firm": "A", "side": "us", "outcome": "licence"})
    draws = draw_indicators(reach_of(flows, contacts, COLLISIONS.iloc[:0], ["A"]), 3, 4000)[0, :, 0]
    sd = np.sqrt(np.sum((share / 2) ** 2 * sure * (1 - sure)))
    assert abs(draws.mean() - np.sum(share / 2 * sure)) < 4 * sd / np.sqrt(4000)
    assert abs(draws.std() / sd - 1) < 0.06


def test_firms_of_one_link_share_its_draws() -> None:
    flows = pd.DataFrame(
        {
            "firm": ["A", "B"],
            "flow": "L1",
            "channel": ["inputs", "sales"],
            "share": [0.4, 0.2],
            "confidence": 0.5,
        }
    )
    contacts = pd.DataFrame({"flow": "L1", "firm": ["A", "B"], "side": "us", "outcome": "prohibited"})
    draws = draw_indicators(reach_of(flows, contacts, COLLISIONS.iloc[:0], ["A", "B"]), 3, 500)[0]
    np.testing.assert_allclose(draws[:, 0], 2 * draws[:, 1])


def test_outer_bounds_hold_the_unnamed_and_the_undecided() -> None:
    outer = outer_bounds(reach_of(FLOWS, CONTACTS, COLLISIONS, FIRMS))
    np.testing.assert_allclose(outer[0, :2], [0.25 + 0.6, 0.2 * 0.5 + 0.8])
    assert np.isnan(outer[0, 4])


def frames(seed: int, firms: int = 6, flows: int = 40) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    made = pd.DataFrame(
        {
            "firm": rng.choice([f"F{i}" for i in range(firms)], flows),
            "flow": [f"L{i}" for i in range(flows)],
            "channel": rng.choice(["sales", "inputs"], flows),
            "share": rng.random(flows) / flows * 2,
            "confidence": np.where(rng.random(flows) < 0.5, 1.0, rng.random(flows)),
        }
    )
    made["us"], made["cn"] = rng.choice(STEPS, flows), rng.choice(STEPS, flows)
    return made, made[["flow", "firm"]]


def met(flows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    contacts = pd.concat([flows[["flow", "firm"]].assign(side=s, outcome=flows[s]) for s in ("us", "cn")])
    stake = flows["share"] * np.minimum(flows["us"].map(HARD), flows["cn"].map(HARD))
    collisions = flows[["firm", "flow", "channel"]].assign(
        duty="US-EL", clause="CN-UEL", status="duty", at_stake=stake, path=flows["flow"]
    )
    return contacts, collisions[collisions["at_stake"] > 0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 39), st.sampled_from(["us", "cn"]))
def test_nothing_falls_when_a_rule_is_tightened(seed: int, which: int, side: str) -> None:
    flows, _ = frames(seed)
    firms = sorted(flows["firm"].unique())
    before = indicators(flows, *met(flows), firms, draws=200).set_index("firm")
    tight = flows.copy()
    at = tight.index[which]
    tight.loc[at, side] = STEPS[min(STEPS.index(tight.loc[at, side]) + 1, 3)]
    after = indicators(tight, *met(tight), firms, draws=200).set_index("firm")
    assert (after >= before - 1e-12).all().all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_and_firms_changes_nothing(seed: int) -> None:
    flows, _ = frames(seed)
    firms = sorted(flows["firm"].unique())
    contacts, collisions = met(flows)
    one = indicators(flows, contacts, collisions, firms, draws=200).set_index("firm")
    mixed = (t.sample(frac=1.0, random_state=seed) for t in (flows, contacts, collisions))
    two = indicators(*mixed, firms[::-1], draws=200).set_index("firm")
    pd.testing.assert_frame_equal(two.loc[one.index], one, check_exact=True)
    for stat in ("us", "cn", "squeeze"):
        assert one[stat].between(one[f"{stat}_low"], one[f"{stat}_high"]).all()
        assert one[stat].between(0, 1).all()
    assert (one["squeeze"] <= one[["us", "cn"]].max(axis=1) + 1e-12).all()


def test_drivers_add_up() -> None:
    reach = reach_of(FLOWS, CONTACTS, COLLISIONS, FIRMS)
    stakes = stakes_by_flow(reach, COLLISIONS)
    squeeze = channel_sums(reach)[2].max(axis=1)
    rows = driver_rows(reach, squeeze, stakes, None)
    assert rows[rows["stat"] == "squeeze"].groupby("firm")["estimate"].sum()["A"] == pytest.approx(0.20)
    assert rows["term"].tolist() == ["US-EL x CN-AFSL", "US-EL x CN-UEL"]
    words = driver_words(stakes, FIRMS)
    assert words[0].startswith("US-EL x CN-AFSL (sales 0.150)") and (words[1:] == "").all()


def test_many_flows_are_summed_in_one_row() -> None:
    flows = pd.DataFrame({"firm": "A", "flow": [f"L{i}" for i in range(9)], "channel": "sales", "share": 0.1})
    contacts, collisions = met(flows.assign(us="prohibited", cn="prohibited"))
    reach = reach_of(flows, contacts, collisions, ["A"])
    rows = driver_rows(reach, channel_sums(reach)[2].max(axis=1), stakes_by_flow(reach, collisions), None)
    assert rows["estimate"].sum() == pytest.approx(0.9) and rows["evidence"].iloc[-1] == "4 flows"


def test_squeeze_of_the_demonstration_never_exceeds_either_reach():
    pressure = press(load_study(data_folder() / "demo"))
    table = pressure.table
    assert (table["squeeze"] > 0).sum() > 50
    for side in ("us", "cn"):
        assert (table["squeeze"] <= table[side] + 1e-12).all()
