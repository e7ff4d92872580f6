"""Cases: what no gate tells apart is ruled on once, and each flow gets what judging itself would give."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rules.cases import Cut, Values, cuts_of, pair_codes, told_apart
from analysis.rules.gates import Gate, facts_of, gates_of, judge
from analysis.rules.operators import BOUND_OPERATORS, compare_bounds
from analysis.rules.outcomes import OUTCOMES
from analysis.rules.reach import contact
from tests.analysis.flows_by_hand import NOW, one, shipped
from tests.analysis.rules.flows_at_random import random_flows


def gate(field: str, operator: str, value: str) -> Gate:
    return Gate("X", "", 1, "subject", field, operator, value, "licence", "", "sure", "")


def test_each_flow_is_ruled_on_as_if_alone() -> None:
    """The heaviest of the branches in force, each judged on the flows themselves."""
    flows = random_flows(1500, seed=41)
    facts, state = facts_of(flows), shipped().on(NOW)
    live = state[state["state"] == "in_force"]
    whole = contact(flows, shipped(), NOW, every=True)
    checked = 0
    for name, branches in gates_of(shipped().gates).items():
        running = set(live.loc[live["instrument"] == name, "branch"])
        verdicts = [judge(facts, rows) for branch, rows in branches.items() if running & {branch, ""}]
        rows = whole[whole["instrument"] == name]
        assert (rows["flow"] == flows["flow"].to_numpy()).all()
        ranks = [np.zeros(len(flows), dtype=int), np.zeros(len(flows), dtype=int)]
        for verdict in verdicts:
            ranks = [np.maximum(ranks[0], verdict.outcome), np.maximum(ranks[1], verdict.worst)]
        assert (rows["outcome"].to_numpy() == np.array(OUTCOMES)[ranks[0]]).all(), name
        assert (rows["worst"].to_numpy() == np.array(OUTCOMES)[ranks[1]]).all(), name
        if len(verdicts) == 1:
            only = next(given for branch, given in branches.items() if running & {branch, ""})
            words = np.array([row.gate for row in only])[verdicts[0].row]
            assert (rows["gate"].to_numpy() == words).all(), name
            checked += 1
    assert checked > 40


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.1, 0.25]), st.sampled_from(list(BOUND_OPERATORS))), min_size=1
    ),
    st.lists(
        st.tuples(*[st.sampled_from([0.0, 0.0999, 0.1, 0.1001, 0.25, 0.3, float("nan")])] * 2), min_size=1
    ),
)
@settings(max_examples=60, deadline=None)
def test_a_pair_of_stretches_answers_like_its_numbers(tests: list, pairs: list) -> None:
    rows = [gate("us_content", operator, str(value)) for value, operator in tests]
    low, high = np.array(pairs).T
    cuts = cuts_of(rows, "us_content")
    values = Values({}, {"us_content": cuts})
    codes = pair_codes(low, high, cuts)
    for row in rows:
        wanted = np.vstack(compare_bounds(low, high, row.operator, float(row.value)))
        np.testing.assert_array_equal(values.answers(row)[:, codes], wanted)


def test_values_that_every_gate_answers_alike_are_one_class() -> None:
    rows = [gate("buyer_country", "in", "CN|HK"), gate("us_content", "more_than", "0.25")]
    values = Values({"buyer_country": ["CN", "HK", "JP", "DE"]}, {"us_content": cuts_of(rows, "us_content")})
    cases = told_apart(rows, values, {})
    china, hong_kong, japan, germany, unknown = cases.parts["buyer_country"]
    assert china == hong_kong and japan == germany and len({china, japan, unknown}) == 3
    assert cases.count == 3 * 4
    assert values.cuts["us_content"] == (Cut(0.25, is_strict=True),)


@pytest.mark.parametrize(
    ("facts", "gate_named", "clause"),
    [
        ({"buyer_country": "US", "technology": "none", "seller_country": "AU"}, "licence", "800.213"),
        ({"buyer_country": "US", "technology": "quantum", "seller_country": "AU"}, "exception", "800.219"),
        ({"buyer_country": "JP", "technology": "quantum", "seller_country": "CN"}, "bound", ""),
    ],
)
def test_the_gate_named_is_that_of_the_nearest_branch(facts: dict, gate_named: str, clause: str) -> None:
    """CFIUS: by technology or by stake. An excepted state came as far as its exception."""
    table = pd.DataFrame([one_investment() | facts])
    row = contact(table, shipped(), NOW, every=True, only={"US-CFIUS"}).iloc[0]
    assert (row["outcome"], row["gate"]) == ("none", gate_named)
    assert clause in row["clause"]


def one_investment() -> dict:
    flow = random_flows(1, seed=1).iloc[0].to_dict()
    told = {"flow_kind": "investment", "stake_low": 0.05, "stake_high": 0.05, "buyer_lists": "", "hs": ""}
    return flow | told


def test_where_nothing_is_in_force_the_dates_are_said() -> None:
    row = one("CN-61-2025-L1", NOW)
    assert (row["gate"], row["outcome"]) == ("in force", "none") and "suspended" in row["clause"]
