"""Operators at their edges, three-valued gates, and that tightening never lightens."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rules.catalogue import Catalogue
from analysis.rules.gates import Gate, facts_of, judge
from analysis.rules.operators import OPERATORS, compare_bounds, compare_text
from analysis.rules.outcomes import OUTCOMES, severity
from analysis.rules.reach import contact
from tests.analysis.flows_by_hand import NOW, flow, flows, shipped


@pytest.mark.parametrize(
    ("operator", "value", "truth"),
    [
        ("equals", "CN", [True, False, False, None]),
        ("not_equals", "CN", [False, True, True, None]),
        ("in", "CN|3A001.a", [True, True, False, None]),
        ("not_in", "CN|3A001.a", [False, False, True, None]),
        ("starts_with", "3A|X", [False, True, False, None]),
        ("not_starts_with", "3A", [True, False, True, None]),
        ("like", "?A00*", [False, True, False, None]),
        ("not_like", "?A00*|EAR*", [True, False, False, None]),
        ("equals", "3A001xa", [False, False, False, None]),
    ],
)
def test_text_operators(operator: str, value: str, truth: list) -> None:
    codes = np.array([0, 1, 2, -1])
    met, known = compare_text(codes, pd.Index(["CN", "3A001.a", "EAR99"]), operator, value, tags=False)
    assert met.tolist() == [bool(t) for t in truth]
    assert known.tolist() == [t is not None for t in truth]


def test_tags_and_lists() -> None:
    codes, words = np.array([0, 1, 2]), pd.Index(["rare earths;dual-use", "", "US-EL;US-889"])
    assert compare_text(codes, words, "in", "dual-use", tags=True)[0].tolist() == [True, False, False]
    assert compare_text(codes, words, "listed_on", "US-EL", tags=True)[0].tolist() == [False, False, True]
    assert compare_text(codes, words, "not_listed_on", "US-EL", tags=True)[0].tolist() == [True, True, False]
    assert compare_text(codes, words, "listed_on", "US-E", tags=True)[0].tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("operator", "at_edge"),
    [("more_than", False), ("at_least", True), ("less_than", False), ("at_most", True)],
)
def test_thresholds_keep_their_operator(operator: str, at_edge: bool) -> None:
    low = np.array([0.25, np.nan, 0.1, 0.25])
    high = np.array([0.25, np.nan, 0.4, 0.25])
    true, known, between = compare_bounds(low, high, operator, 0.25)
    assert true.tolist() == [at_edge, False, False, at_edge]
    assert known.tolist() == [True, False, False, True]
    assert between.tolist() == [False, False, True, False]


def test_every_operator_is_one_of_the_documented() -> None:
    assert set(shipped().gates["operator"]) <= set(OPERATORS)
    with pytest.raises(KeyError):
        compare_bounds(np.zeros(1), np.zeros(1), "about", 0.0)


def gate(order: int, name: str, field: str, operator: str, value: str, outcome: str = "") -> Gate:
    return Gate("X", "", order, name, field, operator, value, outcome, "", "sure", "")


def test_orders_are_and_alternatives_are_or() -> None:
    rows = [
        gate(1, "subject", "seller_country", "equals", "US"),
        gate(1, "subject", "us_content", "more_than", "0.25"),
        gate(2, "licence", "buyer_country", "equals", "CN", "licence"),
    ]
    table = flows(
        flow(us_content=0.3),
        flow(us_content=0.25),
        flow(seller_country="US", us_content=None),
        flow(us_content=None),
        flow(us_content=(0.2, 0.3)),
        flow(us_content=None, buyer_country="DE"),
        flow(us_content=0.3, buyer_country=""),
        flow(us_content=(0.2, 0.3), buyer_country=""),
    )
    verdict = judge(facts_of(table), rows)
    words = [OUTCOMES[k] for k in verdict.outcome]
    assert words == ["licence", "none", "licence", "unknown", "between", "none", "unknown", "unknown"]
    worst = [OUTCOMES[k] for k in verdict.worst]
    assert worst == ["licence", "none", "licence", "licence", "licence", "none", "licence", "licence"]
    assert verdict.row.tolist() == [2, 0, 2, 0, 0, 2, 2, 0]


def test_exceptions_lighten_and_open_ones_leave_it_unknown() -> None:
    rows = [
        gate(1, "licence", "buyer_country", "equals", "CN", "licence"),
        gate(2, "exception", "seller_country", "in", "JP|NL", "none"),
    ]
    verdict = judge(facts_of(flows(flow(), flow(seller_country="TW"), flow(seller_country=""))), rows)
    assert [OUTCOMES[k] for k in verdict.outcome] == ["none", "licence", "unknown"]
    assert [OUTCOMES[k] for k in verdict.worst] == ["none", "licence", "licence"]
    assert verdict.row.tolist() == [1, 0, 1]


def test_one_known_description_decides() -> None:
    rows = [
        gate(1, "subject", "hs", "starts_with", "8505", "licence"),
        gate(1, "subject", "technology", "in", "magnets", "licence"),
    ]
    table = flows(
        flow(hs="850511", technology=""),
        flow(hs="", technology="magnets"),
        flow(hs="841370", technology=""),
        flow(hs="", technology="pumps"),
        flow(hs="", technology=""),
    )
    verdict = judge(facts_of(table), rows)
    assert [OUTCOMES[k] for k in verdict.outcome] == ["licence", "licence", "none", "none", "unknown"]


cells = st.fixed_dictionaries(
    {
        "seller_country": st.sampled_from(["JP", "US", "CN", "NL", ""]),
        "buyer_country": st.sampled_from(["JP", "US", "CN", ""]),
        "buyer_kind": st.sampled_from(["customer", "military", "defence", ""]),
        "buyer_lists": st.sampled_from(["", "US-EL", "US-EL;US-FDP-FN1", "US-SDN", "CN-CTRL", "US-MEU"]),
        "seller_lists": st.sampled_from(["", "US-UFLPA", "US-889"]),
        "hs": st.sampled_from(["841370", "850511", "520100", "851762", ""]),
        "eccn": st.sampled_from(["EAR99", "3B001", "3A991", "3A090", ""]),
        "technology": st.sampled_from(["none", "dual-use", "semiconductors", "magnets", ""]),
        "origin": st.sampled_from(["JP", "US", "CN", "CN-XJ", ""]),
        "direct_product": st.sampled_from(["yes", "no", ""]),
        "us_content": st.sampled_from([0.0, 0.1, 0.25, 0.3, None, (0.1, 0.4)]),
        "cn_content": st.sampled_from([0.0, 0.001, 0.5, None, (0.0, 0.2)]),
        "us_through": st.sampled_from([0.0, 0.3]),
        "cn_through": st.sampled_from([0.0, 0.3]),
    }
)


def _table(rows: list[dict]) -> pd.DataFrame:
    made = []
    for row in rows:
        row = dict(row)
        origin = row.pop("origin")
        made.append(flow(**row, origin=origin[:2], region=origin))
    return flows(*made)


def _weights(table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    met = contact(table, catalogue, NOW, every=True)
    index = pd.MultiIndex.from_frame(met[["flow", "instrument"]])
    return pd.DataFrame({name: severity(met[name]) for name in ("outcome", "worst")}, index=index)


@given(st.lists(cells, min_size=1, max_size=20), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_tightening_never_lowers_severity(rows: list[dict], pick: int) -> None:
    """Lower a threshold, widen a list of places or goods, drop a gate or an exception."""
    catalogue = shipped()
    gates = catalogue.gates
    row = gates.iloc[pick % len(gates)]
    same = (gates["instrument"] == row["instrument"]) & (gates["branch"] == row["branch"])
    final = gates[same & gates["gate"].isin(["bound", "subject", "licence"])]["order"].max()
    tighter = gates.copy()
    if row["operator"] in ("more_than", "at_least"):
        tighter.loc[row.name, "value"] = str(float(row["value"]) / 3)
    elif (
        row["operator"] in ("in", "starts_with", "like", "equals", "listed_on") and row["gate"] != "exception"
    ):
        added = {
            "in": "JP|magnets|CN",
            "starts_with": "8",
            "like": "EAR99",
            "equals": "JP",
            "listed_on": "US-SDN",
        }
        word = str(row["operator"])
        tighter.loc[row.name, "value"] = row["value"] + "|" + added[word]
        tighter.loc[row.name, "operator"] = "in" if word == "equals" else word
    elif row["gate"] == "exception" or row["order"] != final:
        tighter = gates[~(same & (gates["order"] == row["order"]) & (gates["gate"] == row["gate"]))]
    changed = Catalogue(catalogue.instruments, catalogue.in_force, tighter, catalogue.collisions)
    table = _table(rows)
    before, after = _weights(table, catalogue), _weights(table, changed)
    assert (after.reindex(before.index) >= before).all(axis=None)


@given(st.lists(cells, min_size=1, max_size=20))
@settings(max_examples=20, deadline=None)
def test_knowing_more_never_leaves_the_bounds(rows: list[dict]) -> None:
    """Whatever a missing content turns out to be, the weight lies between outcome and worst."""
    catalogue = shipped()
    told = [dict(row) | {"us_through": 0.0, "cn_through": 0.0} for row in rows]
    weights = _weights(_table(told), catalogue)
    low, high = weights["outcome"], weights["worst"]
    assert (low <= high).all()
    for us, cn in ((0.0, 0.0), (0.9, 0.9), (0.25, 0.001)):
        known = [
            dict(row)
            | {"us_content": us if row["us_content"] is None else row["us_content"]}
            | {"cn_content": cn if row["cn_content"] is None else row["cn_content"]}
            for row in told
        ]
        now = _weights(_table(known), catalogue)["outcome"]
        assert (now >= low).all() and (now <= high).all()


def test_rows_do_not_depend_on_each_other() -> None:
    rng = np.random.default_rng(7)
    table = flows(
        *(flow(us_content=float(u), buyer_lists="US-EL" if u > 0.2 else "") for u in rng.random(40))
    )
    whole = contact(table, shipped(), NOW, every=True)
    half = contact(table.iloc[::2].reset_index(drop=True), shipped(), NOW, every=True)
    key = ["flow", "instrument"]
    joined = half.merge(whole, on=key, suffixes=("", "_whole"))
    assert len(joined) == len(half)
    assert (joined["outcome"] == joined["outcome_whole"]).all()
