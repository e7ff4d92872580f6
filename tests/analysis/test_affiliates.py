"""Fifty per cent rules on the vectors of the agencies, against a plain recursion, and on files at fault."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rules.affiliates import OwnerSet, find_affiliates
from analysis.rules.ownership import holdings_on, read_ownership
from survey import FileFault

SDN = OwnerSet("US-SDN", ("US-SDN",))
AFFIL = OwnerSet("US-AFFIL", ("US-EL", "US-MEU", "US-SDN"))


def held(*rows):
    return pd.DataFrame(rows, columns=["owner", "owned", "share"])


def on(**lists):
    return pd.DataFrame([(party, name) for party, name in lists.items()], columns=["party", "list"])


def outcome(table):
    return dict(zip(table["party"], table["outcome"], strict=True))


def test_half_of_half_is_caught_and_its_product_is_a_quarter():
    """OFAC FAQ 401, first example."""
    found = find_affiliates(held(("X", "A", 0.5), ("A", "B", 0.5)), on(X="US-SDN"), [SDN])
    assert outcome(found) == {"A": "caught", "B": "caught"}
    row = found[found["party"] == "B"].iloc[0]
    assert (row["total"], row["level"], row["owners"]) == (0.5, 2, "50% A")
    assert row["product"] == pytest.approx(0.25)


def test_two_halves_that_each_hold_a_quarter():
    """OFAC FAQ 401: X holds 50 percent of A and B, each of which holds 25 percent of C."""
    rows = held(("X", "A", 0.5), ("X", "B", 0.5), ("A", "C", 0.25), ("B", "C", 0.25))
    found = find_affiliates(rows, on(X="US-SDN"), [SDN])
    assert outcome(found)["C"] == "caught"
    assert found.loc[found["party"] == "C", "product"].iloc[0] == pytest.approx(0.25)


def test_a_party_held_through_a_minority_is_not_caught():
    """X holds 50 percent of A and 10 of B; A holds 40 of B: 50 in all. With 25 of A nothing counts."""
    assert (
        outcome(
            find_affiliates(held(("X", "A", 0.5), ("X", "B", 0.1), ("A", "B", 0.4)), on(X="US-SDN"), [SDN])
        )["B"]
        == "caught"
    )
    found = find_affiliates(held(("X", "A", 0.25), ("X", "B", 0.1), ("A", "B", 0.4)), on(X="US-SDN"), [SDN])
    assert outcome(found) == {"A": "below", "B": "below"}


def test_owners_of_two_lists_add_up_where_the_rule_says_so():
    rows, lists = held(("E", "F", 0.3), ("M", "F", 0.2)), on(E="US-EL", M="US-MEU")
    assert outcome(find_affiliates(rows, lists, [AFFIL])) == {"F": "caught"}
    assert outcome(find_affiliates(rows, lists, [OwnerSet("x", ("US-EL",))])) == {"F": "below"}
    assert find_affiliates(rows, lists, [SDN]).empty


def test_a_share_that_is_not_known_is_a_red_flag_and_no_no():
    found = find_affiliates(
        held(("X", "A", np.nan), ("X", "B", 0.5), ("X", "B2", 0.49)), on(X="US-EL"), [AFFIL]
    )
    assert outcome(found) == {"A": "review", "B": "caught", "B2": "below"}


def test_shares_that_add_to_half_but_for_the_last_bit_are_caught():
    rows = held(("X", "A", 0.1), ("Y", "A", 0.2), ("Z", "A", 0.2))
    assert outcome(find_affiliates(rows, on(X="US-EL", Y="US-EL", Z="US-EL"), [AFFIL])) == {"A": "caught"}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_any_graph_against_a_plain_recursion(seed):
    rng = np.random.default_rng(seed)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 9, (14, 2)) if a != b}
    rows = held(
        *[(f"p{a}", f"p{b}", float(rng.choice([0.1, 0.25, 0.3, 0.5, 0.6]))) for a, b in sorted(pairs)]
    )
    listed = {f"p{i}" for i in rng.integers(0, 9, 2)}
    caught: set[str] = set()
    while True:
        more = {
            party
            for party in set(rows["owned"]) - listed - caught
            if sum(s for o, d, s in rows.itertuples(index=False) if d == party and o in listed | caught)
            >= 0.5 - 1e-9
        }
        if not more:
            break
        caught |= more
    found = find_affiliates(rows, on(**dict.fromkeys(listed, "US-EL")), [AFFIL])
    assert set(found.loc[found["outcome"] == "caught", "party"]) == caught


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("owner,owned,share\nA,B,0.7\nC,D,0.2\nC,B,0.4\n", ("rows 1, 3", "'B' is owned to 1.1")),
        ("owner,owned,share\nA,B,1.2\n", ("share, row 1", "1.2")),
        ("owner,owned,share\nA,A,0.2\n", ("row 1", "owns itself")),
        ("owner,owned,share\n,A,0.2\n", ("owner, row 1", "no name")),
        ("owner,owned,share,from\nA,B,0.2,yesterday\n", ("from, row 1", "'yesterday'")),
        ("owner,owned,share,from,to\nA,B,0.2,2025-02-01,2025-01-01\n", ("to, row 1", "before the first")),
        ("owner,held,share\nA,B,0.2\n", ("no column 'owned'",)),
    ],
)
def test_files_at_fault_are_named_by_row(tmp_path, text, said):
    file = tmp_path / "ownership.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault) as fault:
        read_ownership(file)
    for words in said:
        assert words in str(fault.value)


def test_shares_may_pass_the_whole_on_different_days(tmp_path):
    file = tmp_path / "ownership.csv"
    rows = "A,B,0.7,,2024-12-31\nC,B,0.6,2025-01-01,\nB,A,0.6,2025-01-01,\n"
    file.write_text("owner,owned,share,from,to\n" + rows, encoding="utf-8")
    holdings = read_ownership(file)
    assert list(holdings_on(holdings, date(2024, 12, 31))["row"]) == [1]
    assert list(holdings_on(holdings, date(2025, 1, 1))["row"]) == [2, 3]


def test_majorities_in_a_loop_are_named(tmp_path):
    file = tmp_path / "ownership.csv"
    file.write_text("owner,owned,share\nQ,A,0.1\nA,B,0.6\nB,C,0.5\nC,A,0.7\nA,D,1\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"rows 2, 3, 4"):
        holdings_on(read_ownership(file), date(2025, 1, 1), str(file))
