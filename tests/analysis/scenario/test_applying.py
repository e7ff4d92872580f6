"""Changes applied: each does what it says, leaves what it was given as it was, and refuses what cannot be."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.pressure.day import meet_scene
from analysis.pressure.scene import Scene, scene_of
from analysis.scenario.applying import apply_changes
from analysis.scenario.files import ready_scenarios
from analysis.scenario.meeting import Met, meet_again, meet_first
from analysis.scenario.record import Change
from survey import Fault, load_study

DAY = date(2026, 1, 15)
DEMO = Path(__file__).parents[3] / "data" / "demo"


@pytest.fixture(scope="module")
def scene() -> Scene:
    firms = tuple(f"S{number:03d}" for number in range(1, 26))
    return scene_of(load_study(DEMO), DAY, firms, 0.25)


@pytest.fixture(scope="module")
def first(scene: Scene) -> Met:
    return meet_first(scene)


def change(do: str, **keys: Any) -> Change:
    keys = {name.rstrip("_"): value for name, value in keys.items()}
    return Change(1, do, keys, "test", Path("test.toml"), "change.0", {})


def applied(scene: Scene, do: str, **keys: Any) -> Scene:
    return apply_changes(scene, [change(do, **keys)])[0]


def state(scene: Scene, name: str, day: date = DAY, branch: str = "") -> str:
    now = scene.catalogue.on(day)
    return str(now.loc[(now["instrument"] == name) & (now["branch"] == branch), "state"].iloc[0])


def touched(first: Met, scene: Scene, name: str) -> int:
    return int((meet_again(first, scene).day.contacts["instrument"] == name).sum())


def test_an_instrument_is_set_in_force_for_a_while(scene: Scene, first: Met) -> None:
    after = applied(scene, "set", instrument="CN-61-2025-L1", from_=date(2026, 1, 1), to=date(2026, 1, 31))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [state(after, "CN-61-2025-L1", day) for day in days] == [
        "suspended",
        "in_force",
        "in_force",
        "suspended",
    ]
    assert touched(first, scene, "CN-61-2025-L1") == 0 < touched(first, after, "CN-61-2025-L1")
    assert state(scene, "CN-61-2025-L1") == "suspended"


def test_one_branch_is_set_and_the_others_stay(scene: Scene) -> None:
    after = applied(scene, "set", instrument="USJP-FRAME", branch="AI")
    assert state(after, "USJP-FRAME", branch="AI") == "in_force"
    assert state(after, "USJP-FRAME", branch="human rights") == "not_started"


def test_an_instrument_is_suspended_and_touches_nothing(scene: Scene, first: Met) -> None:
    after = applied(scene, "suspend", instrument="US-EL", from_=date(2026, 1, 1))
    assert state(after, "US-EL", date(2025, 12, 31)) == "in_force"
    assert touched(first, scene, "US-EL") > 0 == touched(first, after, "US-EL")


def test_a_suspension_ends(scene: Scene) -> None:
    after = applied(scene, "reinstate", instrument="US-AFFIL", from_=date(2026, 1, 1))
    assert [state(after, "US-AFFIL", day) for day in (date(2025, 12, 31), DAY)] == ["suspended", "in_force"]
    with pytest.raises(Fault, match="that is suspended"):
        applied(scene, "reinstate", instrument="US-EL")


def test_a_day_moves_with_the_interval_before_it(scene: Scene) -> None:
    after = applied(scene, "move", instrument="US-AFFIL", date=date(2025, 11, 10), becomes=date(2026, 1, 16))
    assert [state(after, "US-AFFIL", day) for day in (DAY, date(2026, 1, 16))] == ["in_force", "suspended"]
    with pytest.raises(Fault, match="2025-11-10") as fault:
        applied(scene, "move", instrument="US-AFFIL", date=date(2025, 11, 11), becomes=DAY)
    assert "nothing starts on 2025-11-11" in fault.value.found
    with pytest.raises(Fault, match="an interval from"):
        applied(scene, "move", instrument="US-AFFIL", date=date(2025, 11, 10), becomes=date(2027, 1, 1))


def test_a_threshold_and_its_operator_change(scene: Scene, first: Met) -> None:
    after = applied(
        scene, "threshold", instrument="US-DEMIN-25", field="us_content", value=0.1, operator="at_least"
    )
    gates = after.catalogue.gates
    row = gates[(gates["instrument"] == "US-DEMIN-25") & (gates["field"] == "us_content")]
    assert row[["operator", "value"]].to_numpy().tolist() == [["at_least", "0.1"]]
    assert touched(first, after, "US-DEMIN-25") > touched(first, scene, "US-DEMIN-25")


def test_which_threshold_is_meant_must_be_said(scene: Scene) -> None:
    keys: dict[str, Any] = {"instrument": "US-CHIPS-GUARD", "field": "growth", "value": 0.2}
    with pytest.raises(Fault, match="several thresholds"):
        applied(scene, "threshold", **keys)
    after = applied(scene, "threshold", **keys, was=0.05)
    gates = after.catalogue.gates
    values = gates.loc[(gates["instrument"] == "US-CHIPS-GUARD") & (gates["field"] == "growth"), "value"]
    assert sorted(values) == ["0.10", "0.2"]
    with pytest.raises(Fault, match=r"a threshold that stands there: 0\.05, 0\.1"):
        applied(scene, "threshold", **keys, was=0.07)


def test_a_list_takes_parties_and_lets_them_go(scene: Scene, first: Met) -> None:
    after = applied(scene, "list", list="US-EL", country=["CN"], buys=["semiconductors"])
    listings = after.given.listings
    assert listings is not None
    assert len(listings) > len(scene.given.listings)  # type: ignore[arg-type]
    assert touched(first, after, "US-EL") > touched(first, scene, "US-EL")
    gone = applied(scene, "delist", list="US-EL", parties=["C0001"])
    rows = gone.given.listings
    assert rows is not None and not ((rows["party"] == "C0001") & (rows["list"] == "US-EL")).any()
    assert ((rows["party"] == "C0001") & (rows["list"] == "US-889")).any()


def test_a_rule_is_added_with_the_pairs_of_another(scene: Scene) -> None:
    tests = [
        {"gate": "bound", "field": "seller_country", "operator": "equals", "value": "JP"},
        {"field": "buyer_country", "operator": "equals", "value": "CN", "outcome": "licence"},
    ]
    after = applied(
        scene,
        "add",
        id="US-NEW",
        jurisdiction="US",
        title={"en": "New"},
        tests=tests,
        punished_as="US-FDP-SME",
    )
    day = meet_scene(after)
    mine = day.contacts[day.contacts["instrument"] == "US-NEW"]
    sold = day.flows[(day.flows["seller_country"] == "JP") & (day.flows["buyer_country"] == "CN")]
    trade = sold[sold["channel"].isin(["sales", "inputs"])]
    assert set(trade["flow"]) <= set(mine["flow"]) and set(mine["outcome"]) == {"licence"}
    assert set(day.collisions.loc[day.collisions["duty"] == "US-NEW", "clause"]) == {"CN-BLOCK"}
    with pytest.raises(Fault, match="does not have"):
        applied(after, "add", id="US-NEW", jurisdiction="US", title={"en": "New"}, tests=tests)
    with pytest.raises(Fault, match="Mars"):
        applied(scene, "add", id="US-BAD", jurisdiction="Mars", title={"en": "Bad"}, tests=tests)
    with pytest.raises(Fault, match="outcome"):
        applied(scene, "add", id="US-BAD", jurisdiction="US", title={"en": "Bad"}, tests=tests[:1])


def test_other_states_join_a_rule_for_what_is_sold_from_them(scene: Scene) -> None:
    after = applied(scene, "join", instrument="US-744.23", countries=["JP", "Netherlands"])
    day = meet_scene(after)
    joined = day.contacts[day.contacts["instrument"] == "US-744.23+JP"]
    assert set(joined["side"]) == {"us"}
    sellers = day.flows.set_index(["firm", "flow"])["seller_country"]
    assert set(sellers.loc[pd.MultiIndex.from_frame(joined[["firm", "flow"]])]) == {"JP"}
    assert "US-744.23+NL" in set(after.catalogue.instruments["id"])


def test_a_rule_of_another_state_counts_on_a_side(scene: Scene) -> None:
    after = applied(scene, "align", instrument="JP-SME23", with_="US-744.23")
    contacts = meet_scene(after).contacts
    assert set(contacts.loc[contacts["instrument"] == "JP-SME23", "side"]) == {"us"}
    with pytest.raises(Fault, match="neither side"):
        applied(scene, "align", instrument="JP-SME23", with_="NL-SME")


def test_a_rule_catches_more(scene: Scene, first: Met) -> None:
    framed = applied(scene, "set", instrument="USJP-FRAME")
    wider = applied(
        framed, "widen", instrument="USJP-FRAME", branch="AI", field="technology", values=["semiconductors"]
    )
    assert touched(first, wider, "USJP-FRAME") > touched(first, framed, "USJP-FRAME")
    with pytest.raises(Fault, match="does not catch yet"):
        applied(framed, "widen", instrument="USJP-FRAME", branch="AI", field="technology", values=["AI"])


def test_suppliers_of_a_country_go_and_shares_stay_shares_of_what_was_told(scene: Scene) -> None:
    after = applied(scene, "remove", country=["CN"], of="inputs")
    before, now = meet_scene(scene).flows, meet_scene(after).flows
    assert not ((now["channel"] == "inputs") & (now["seller_country"] == "CN")).any()
    keys = ["firm", "flow", "channel"]
    both = before.merge(now, on=keys, suffixes=("", "_now"))
    inputs = both[both["channel"] == "inputs"]
    assert len(inputs) and (inputs["share"] == inputs["share_now"]).all()
    spread = meet_scene(applied(scene, "remove", country=["CN"], of="inputs", rest="others")).flows
    old = before[before["channel"] == "inputs"].groupby(["firm", "product"])["share"].sum()
    new = spread[spread["channel"] == "inputs"].groupby(["firm", "product"])["share"].sum()
    assert new.to_numpy() == pytest.approx(old.reindex(new.index).to_numpy())


def test_sales_shift_to_another_country_and_add_up_to_what_they_were(scene: Scene) -> None:
    after = applied(scene, "shift", of="sales", from_country="CN", to_country="VN", share=0.25)
    before, now = (meet_scene(one).flows.query("channel == 'sales'") for one in (scene, after))
    total = before.groupby("firm")["value"].sum()
    assert now.groupby("firm")["value"].sum().to_numpy() == pytest.approx(total.to_numpy())
    china = [table[table["buyer_country"] == "CN"]["value"].sum() for table in (before, now)]
    assert china[1] == pytest.approx(0.75 * china[0])
    stays = applied(scene, "shift", of="inputs", from_country="CN", to_country="VN", share=0.0)
    same = meet_scene(stays).flows
    assert same.loc[same["channel"] == "inputs", "share"].sum() == pytest.approx(
        meet_scene(scene).flows.query("channel == 'inputs'")["share"].sum()
    )


def test_what_follows_from_ownership_is_derived_again(scene: Scene) -> None:
    """A listed owner's firm is caught when the rule is back; so is that of an owner the scenario lists."""
    flows = meet_scene(scene).flows
    sold = flows[(flows["channel"] == "sales") & (flows["us_content_low"] > 0.25)]
    listed = sold["buyer_lists"].fillna("") != ""
    owned, other = sold.loc[~listed, "buyer"].unique()[:2]
    holdings = pd.DataFrame(
        {
            "owner": ["C0001", "a holding", "an owner"],
            "owned": ["a holding", owned, other],
            "share": [0.5, 0.5, 0.6],
            "from": "",
            "to": "",
        }
    )
    parties = scene.links.parties
    more = parties.head(1).assign(party="an owner", name="an owner", country="CN")
    links = replace(scene.links, parties=pd.concat([parties, more], ignore_index=True))
    held = replace(scene, links=links, given=replace(scene.given, holdings=holdings))
    back = applied(held, "reinstate", instrument="US-AFFIL")
    wider = applied(back, "list", list="US-EL", parties=["an owner"])
    first = meet_first(held)
    found = []
    for after in (held, back, wider):
        day = meet_again(first, after).day
        caught = day.contacts[
            (day.contacts["instrument"] == "US-AFFIL") & (day.contacts["outcome"] == "licence")
        ]
        found.append(set(day.flows.set_index("flow").loc[caught["flow"], "buyer"]))
    assert found == [set(), {owned}, {owned, other}]
    pd.testing.assert_frame_equal(day.contacts, meet_scene(wider).contacts)


@pytest.mark.parametrize(
    ("do", "keys", "found", "nearest"),
    [
        ("set", {"instrument": "US-ELL"}, "'US-ELL'", "US-EL"),
        ("set", {"instrument": "CN-MIC2025"}, "which has no tests", ""),
        ("set", {"instrument": "USJP-FRAME", "branch": "quantum"}, "'quantum'", "quantum cryptography"),
        (
            "threshold",
            {"instrument": "US-EL", "field": "us_contents", "value": 0},
            "'us_contents'",
            "us_content",
        ),
        ("threshold", {"instrument": "US-EL", "field": "stake", "value": 0}, "does not ask", "us_content"),
        (
            "threshold",
            {"instrument": "US-EL", "field": "us_content", "operator": "over"},
            "'over'",
            "more_than",
        ),
        ("list", {"list": "US-E", "parties": ["C0001"]}, "'US-E'", "US-EL"),
        ("list", {"list": "US-EL", "parties": ["C9999"]}, "'C9999'", "C"),
        ("list", {"list": "US-EL"}, "nobody", ""),
        ("list", {"list": "US-EL", "country": ["JP"], "kind": ["astronaut"]}, "nobody", ""),
        ("remove", {"country": ["Atlantis"]}, "'Atlantis'", ""),
        ("remove", {"parties": ["T00411"]}, "'T00411'", "T0041"),
        ("join", {"instrument": "US-EL", "countries": ["Atlantis"]}, "'Atlantis'", ""),
        (
            "widen",
            {"instrument": "US-FDP-SC", "field": "technology", "values": ["robotic"]},
            "'robotic'",
            "robotics",
        ),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(
    scene: Scene, do: str, keys: dict[str, Any], found: str, nearest: str
) -> None:
    with pytest.raises(Fault) as fault:
        applied(scene, do, **keys)
    assert "change 1" in fault.value.where
    assert found in fault.value.found
    assert nearest in fault.value.do + fault.value.expected


@pytest.mark.parametrize("one", ready_scenarios(), ids=lambda one: one.id)
def test_a_scenario_met_again_is_what_it_is_met_first(scene: Scene, first: Met, one: Any) -> None:
    """Only what a change touches is asked again; the scene that was given stays as it was."""
    tables = ("instruments", "in_force", "gates", "collisions", "aligned")
    before = {name: getattr(scene.catalogue, name).copy() for name in tables}
    after, changed = apply_changes(scene, one.all_changes())
    again, anew = meet_again(first, after).day, meet_scene(after)
    pd.testing.assert_frame_equal(again.contacts, anew.contacts)
    pd.testing.assert_frame_equal(again.collisions, anew.collisions)
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(scene.catalogue, name), table)
    assert len(changed) and set(changed["change"]) == {change.number for change in one.all_changes()}
