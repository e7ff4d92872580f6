"""After a change only what it touches is asked again, and the table is that of asking everything."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.rules.again import changed_instruments, contact_again
from analysis.rules.catalogue import Catalogue
from analysis.rules.reach import contact, reach_flows
from tests.analysis.flows_by_hand import NOW, shipped
from tests.analysis.rules.flows_at_random import random_flows

LISTINGS = pd.DataFrame(
    [("p1", "US-EL", "2019-05-16", ""), ("p2", "CN-CTRL", "", ""), ("p3", "US-SDN", "", "2020-01-01")],
    columns=["party", "list", "from", "to"],
)


def with_gate(name: str, field: str, column: str, word: str) -> Catalogue:
    gates = shipped().gates.copy()
    gates.loc[(gates["instrument"] == name) & (gates["field"] == field), column] = word
    return replace(shipped(), gates=gates)


def in_force(name: str) -> Catalogue:
    rows = shipped().in_force
    one = rows[rows["instrument"] == name].head(1)
    always = one.assign(branch="", state="in_force", warning="", **{"from": "", "to": ""})
    return replace(shipped(), in_force=pd.concat([rows[rows["instrument"] != name], always]))


def without(name: str) -> Catalogue:
    gates = shipped().gates
    return replace(shipped(), gates=gates[gates["instrument"] != name])


MORE = pd.concat([LISTINGS, pd.DataFrame([{"party": "p4", "list": "CN-UEL", "from": "", "to": ""}])]).fillna(
    ""
)


@pytest.mark.parametrize(
    ("after", "lists", "touched"),
    [
        (shipped(), LISTINGS, set()),
        (with_gate("US-DEMIN-25", "us_content", "value", "0.1"), LISTINGS, {"US-DEMIN-25"}),
        (with_gate("US-DEMIN-25", "us_content", "operator", "at_least"), LISTINGS, {"US-DEMIN-25"}),
        (in_force("CN-61-2025-L1"), LISTINGS, {"CN-61-2025-L1"}),
        (without("US-301"), LISTINGS, {"US-301"}),
        (shipped(), MORE, {"CN-UEL"}),
        (in_force("US-AFFIL"), MORE, {"CN-UEL", "US-AFFIL"}),
    ],
    ids=["nothing", "threshold", "operator", "suspended", "gone", "listed", "both"],
)
@pytest.mark.parametrize("every", [False, True])
def test_only_the_touched_are_asked_and_all_is_as_new(
    after: Catalogue, lists: pd.DataFrame, touched: set, every: bool
) -> None:
    flows = random_flows(300, seed=4)
    before = reach_flows(flows, shipped(), NOW, LISTINGS, every=every)
    assert changed_instruments(shipped(), after, NOW, LISTINGS, lists) == touched
    again = contact_again(before, shipped(), after, NOW, LISTINGS, lists)
    whole = reach_flows(flows, after, NOW, lists, every=every)
    pd.testing.assert_frame_equal(again.table, whole.table)
    np.testing.assert_array_equal(again.place, whole.place)
    if touched:
        assert not again.table.equals(before.table)


def test_a_source_or_another_day_touches_nothing() -> None:
    gates = shipped().gates.assign(source="other")
    assert changed_instruments(shipped(), replace(shipped(), gates=gates), NOW) == frozenset()
    ended = LISTINGS[LISTINGS["party"] != "p3"]
    assert changed_instruments(shipped(), shipped(), NOW, LISTINGS, ended) == frozenset()
    then = changed_instruments(shipped(), shipped(), date(2019, 12, 1), LISTINGS, ended)
    assert "US-SDN" in then and "US-DPL" not in then


def test_screening_for_the_first_time_touches_all_that_ask_for_lists() -> None:
    flows = random_flows(200, seed=5).assign(seller_lists=None, buyer_lists=None)
    before = reach_flows(flows, shipped(), NOW)
    again = contact_again(before, shipped(), shipped(), NOW, None, LISTINGS)
    pd.testing.assert_frame_equal(again.table, contact(flows, shipped(), NOW, LISTINGS))


def test_only_asks_the_named() -> None:
    flows = random_flows(200, seed=6)
    whole = contact(flows, shipped(), NOW)
    some = contact(flows, shipped(), NOW, only={"US-EL", "CN-18-2025", "no such"})
    wanted = whole[whole["instrument"].isin(["US-EL", "CN-18-2025"])]
    pd.testing.assert_frame_equal(some, wanted.reset_index(drop=True))
    assert contact(flows, shipped(), NOW, only=()).empty
