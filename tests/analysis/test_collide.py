"""Collisions: which pairs are alive on a day, and what is at stake, by hand."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rules.catalogue import Catalogue
from analysis.rules.collide import COLLISION_COLUMNS, collisions
from analysis.rules.reach import contact
from survey import QuestionFault
from tests.analysis.flows_by_hand import FIELDWORK, NOW, flow, flows, shipped


def met(
    *rows: dict, day: date = FIELDWORK, catalogue: Catalogue | None = None, **more: float
) -> pd.DataFrame:
    catalogue = catalogue or shipped()
    table = flows(*rows)
    return collisions(contact(table, catalogue, day), table, catalogue, day, **more)


def listed(**facts: object) -> dict:
    return flow(**({"us_content": 0.4, "buyer_lists": "US-EL"} | facts))


def test_entity_list_in_2021_by_hand() -> None:
    """Share 0.2, licence 0.5 against prohibited 1: 0.2 x 0.5 for the duty, a quarter for dormant powers."""
    found = met(listed(substitutability=0.5)).set_index("clause")
    assert tuple(met(listed()).columns) == COLLISION_COLUMNS
    assert set(found.index) == {"CN-AFSL", "CN-BLOCK", "CN-UEL"}
    assert found["status"].to_dict() == {"CN-AFSL": "duty", "CN-BLOCK": "dormant", "CN-UEL": "dormant"}
    assert found["at_stake"].to_dict() == pytest.approx(
        {"CN-AFSL": 0.05, "CN-BLOCK": 0.0125, "CN-UEL": 0.0125}
    )
    assert found["counted"].to_dict() == {"CN-AFSL": True, "CN-BLOCK": False, "CN-UEL": False}
    row = found.loc["CN-AFSL"]
    assert (row["us_severity"], row["cn_severity"], row["weight"]) == (0.5, 1.0, 1.0)
    assert (row["duty"], row["duty_side"], row["clause_side"], row["article"]) == (
        "US-EL",
        "us",
        "cn",
        "Art. 12",
    )
    assert "disputed" in row["warning"]


def test_each_flow_counts_once() -> None:
    found = met(listed(), listed(buyer_lists="US-EL;US-FDP-FN1", direct_product="yes"), day=NOW)
    counted = found[found["counted"]]
    assert counted["flow"].tolist() == ["L1", "L2"]
    best = found.groupby("flow")["at_stake"].max()
    assert counted.set_index("flow")["at_stake"].to_dict() == best.to_dict()


def test_strict_reading_and_full_weight() -> None:
    for dormant in (0.0, 0.25, 1.0):
        found = met(listed(), dormant=dormant).set_index("clause")
        assert found.loc["CN-UEL", "at_stake"] == pytest.approx(0.1 * dormant)
        assert found.loc["CN-AFSL", "at_stake"] == pytest.approx(0.1)
    with pytest.raises(QuestionFault):
        met(listed(), dormant=1.5)


def test_only_where_the_hurt_party_is_of_the_other_side() -> None:
    assert met(listed(buyer_country="DE")).empty
    assert len(met(listed(buyer_country="HK"))) == 3
    assert met(listed(channel="inputs", firm="CN1")).empty
    assert met(flow(buyer_lists="US-EL")).empty  # not subject: no duty, no collision


def test_mere_opposites_do_not_collide() -> None:
    """A tariff each way, and a counterpart of the catalogue that is no clause."""
    assert met(flow(buyer_country="US", origin="CN"), flow(origin="US", seller_country="US")).empty
    pairs = shipped().collisions
    assert not pairs["duty"].isin(["US-301", "US-232", "CN-TARIFF", "US-ECRA"]).any()


def test_undecided_duties_are_listed_with_an_upper_bound() -> None:
    found = met(listed(us_content=None)).set_index("clause")
    assert (found["at_stake"] == 0).all()
    assert found.loc["CN-AFSL", "at_stake_high"] == pytest.approx(0.1)
    assert found.loc["CN-AFSL", "counted"]


def test_a_listing_of_the_firm_itself_is_an_exercised_power() -> None:
    found = met(listed(seller_lists="CN-UEL")).set_index("clause")
    assert found.loc["CN-UEL", "status"] == "exercised"
    assert found.loc["CN-UEL", "at_stake"] == pytest.approx(0.1)


def test_clauses_have_their_days() -> None:
    clauses = {
        day: set(met(listed(), day=day)["clause"]) for day in (date(2020, 6, 1), date(2020, 12, 1), NOW)
    }
    assert clauses[date(2020, 6, 1)] == set()
    assert clauses[date(2020, 12, 1)] == {"CN-UEL"}
    assert clauses[NOW] == {"CN-AFSL", "CN-BLOCK", "CN-UEL"}
    assert {"CN-834", "CN-835"} <= set(met(listed(), day=date(2026, 6, 1))["clause"])


def test_forced_labour_rule_collides_after_it_starts() -> None:
    sale = flow(buyer_country="US", buyer="US1", origin="CN", region="CN-XJ", hs="520100")
    assert met(sale, day=FIELDWORK).empty
    found = met(sale, day=NOW)
    assert set(found["clause"]) == {"CN-AFSL", "CN-UEL"}
    assert found["at_stake"].max() == pytest.approx(0.2)


def test_purchases_of_a_contractor() -> None:
    bought = flow(
        firm="JP1", channel="inputs", seller="CN1", buyer="JP1", seller_country="CN", buyer_country="JP",
        buyer_kind="contractor", seller_lists="US-889", hs="851762",
    )  # fmt: skip
    found = met(bought)
    assert found["duty"].tolist() == ["US-889"] and found["clause"].tolist() == ["CN-UEL"]
    assert found["at_stake"].tolist() == pytest.approx([0.2 * 1.0 * 0.25])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.1, 0.25, 0.26, 0.6, None]), st.sampled_from(["", "US-EL", "US-SDN"])
        ),
        min_size=1,
        max_size=8,
    ),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(max_examples=15, deadline=None)
def test_stakes_stay_between_zero_and_the_share(rows: list, first: float, second: float) -> None:
    made = [flow(us_content=content, buyer_lists=word) for content, word in rows]
    low, high = sorted((first, second))
    one, two = met(*made, day=NOW, dormant=low), met(*made, day=NOW, dormant=high)
    assert ((one["at_stake"] >= 0) & (one["at_stake"] <= one["share"])).all()
    assert (one["at_stake"] <= one["at_stake_high"]).all()
    key = ["flow", "duty", "clause"]
    joined = one.merge(two, on=key, suffixes=("", "_more"))
    assert (joined["at_stake_more"] >= joined["at_stake"]).all()


def test_a_tighter_duty_never_lowers_the_stake() -> None:
    catalogue = shipped()
    gates = catalogue.gates.copy()
    gates.loc[(gates["field"] == "us_content"), "value"] = "0.10"
    tighter = Catalogue(catalogue.instruments, catalogue.in_force, gates, catalogue.collisions)
    rows = [listed(us_content=c / 20) for c in range(10)]
    before = met(*rows)
    after = met(*rows, catalogue=tighter)
    assert after["at_stake"].sum() > before["at_stake"].sum()
    joined = after.merge(before, on=["flow", "duty", "clause"], how="left", suffixes=("", "_before"))
    assert (joined["at_stake"] >= joined["at_stake_before"].fillna(0)).all()
