"""Collisions: which pairs are alive on a day, and what is at stake, by hand."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pressure.channels import squeezing
from analysis.rules.catalogue import Catalogue
from analysis.rules.collide import COLLISION_COLUMNS, collisions
from analysis.rules.reach import contact
from analysis.rules.stakes import stakes_of
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
    assert set(found["clause"]) == {"CN-AFSL", "CN-UEL", "CN-AESP", "CN-DSL"}
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


def test_both_articles_and_the_act_can_be_followed() -> None:
    row = met(listed()).iloc[0]
    assert "744.11" in row["duty_article"] and row["article"] == "Art. 12"
    assert row["act"].startswith("not supplying") and row["trigger"] and row["addressee"]
    assert (row["duty_outcome"], row["clause_outcome"]) == ("licence", "prohibited")
    assert row["value_at_stake"] == pytest.approx(10.0 * 0.5)
    assert (row["meets"], row["duty_flow"], row["party"]) == ("flow", "L1", "CN1")


def test_lethal_pairs_stand_on_top_however_little_is_at_stake() -> None:
    """Both sides forbid, and the clause is a duty: a blocked party with a link to the United States."""
    small = flow(buyer_lists="US-SDN", origin="US", share=0.001)
    found = met(listed(share=0.9), small, day=NOW)
    assert found["lethal"].tolist()[0] and found["flow"].tolist()[0] == "L2"
    assert set(found.loc[found["lethal"], "clause"]) == {"CN-AFSL"}
    assert not found.loc[found["flow"] == "L1", "lethal"].any()  # a licence may still be given
    assert found["at_stake"].tolist()[0] < found["at_stake"].max()


def test_a_power_used_against_the_firm_is_lethal_where_it_binds_it() -> None:
    def lethal(**facts: object) -> dict[str, bool]:
        found = met(flow(buyer_lists="US-SDN", origin="US", **facts), day=NOW)
        return found.set_index("clause")["lethal"].to_dict()

    assert lethal() == {"CN-AFSL": True, "CN-BLOCK": False}
    assert lethal(seller_lists="CN-BLOCK") == {"CN-AFSL": True, "CN-BLOCK": False}  # a parent in Japan
    assert lethal(seller_lists="CN-BLOCK", seller_country="CN") == {"CN-AFSL": True, "CN-BLOCK": True}


def test_duties_of_third_states_collide_and_squeeze_nobody_between_the_two() -> None:
    machine = flow(hs="848620", technology="chip-making equipment", eccn="3B001")
    found = met(machine, day=NOW)
    japanese = found[found["duty"] == "JP-SME23"]
    assert set(japanese["clause"]) == {"CN-UEL"} and set(japanese["sides"]) == {"other-cn"}
    assert "US-FDP-SME" in japanese["aligned"].iloc[0].split(";")
    assert japanese["at_stake"].tolist() == pytest.approx([0.2 * 0.5 * 0.25])
    assert set(squeezing(found)["sides"]) <= {"us-cn"}
    before = met(machine, day=date(2023, 7, 22))
    assert "JP-SME23" not in set(before["duty"])
    later = met(machine, day=date(2026, 6, 1))
    assert {"CN-UEL", "CN-834"} <= set(later.loc[later["duty"] == "JP-SME23", "clause"])


def test_what_is_bought_from_the_same_party_is_at_stake_too() -> None:
    bought = {"channel": "inputs", "seller": "CN1", "buyer": "JP1", "seller_country": "CN", "origin": "CN"}
    bought |= {
        "buyer_country": "JP",
        "seller_lists": "US-EL",
        "buyer_lists": "",
        "share": 0.5,
        "hs": "853224",
    }
    found = met(listed(), flow(**bought), flow(**(bought | {"seller": "CN2"})), day=NOW)
    across = found[found["meets"] == "party"]
    assert across[["flow", "channel", "duty", "clause", "duty_flow", "party"]].to_numpy().tolist() == [
        ["L2", "inputs", "US-EL", "CN-UEL", "L1", "CN1"]
    ]
    assert across["at_stake"].tolist() == pytest.approx([0.5 * 0.5 * 0.25])
    assert across["counted"].all()
    assert found[found["counted"]].groupby(["firm", "flow", "channel"]).size().max() == 1


def test_a_statement_asked_of_a_party_meets_the_rules_on_its_data() -> None:
    """Disclose against must not disclose: the Unverified List, and data that leave China."""
    sold = flow(buyer_lists="US-UVL", origin="US")
    data = {"channel": "data", "seller": "CN1", "buyer": "JP1", "seller_country": "CN", "buyer_country": "JP"}
    handed = flow(**data, flow_kind="data", technology="important data", share=None)
    table = flows(sold, handed).assign(flow_kind=["trade", "data"])
    found = collisions(contact(table, shipped(), NOW), table, shipped(), NOW)
    pair = found[found["meets"] == "party"].set_index("clause").loc["CN-DATAEXP"]
    assert (pair["kind"], pair["channel"], pair["status"]) == ("disclose", "data", "duty")
    assert pair["clause_outcome"] == "licence" and pair["at_stake"] == 0.0  # no share is known
    assert pair["value_at_stake"] == pytest.approx(10.0 * 0.25)
    plain = table.assign(technology="none")
    assert not (collisions(contact(plain, shipped(), NOW), plain, shipped(), NOW)["meets"] == "party").any()


def test_sums_by_status_add_up_to_what_is_counted() -> None:
    found = met(listed(), listed(seller_lists="CN-UEL"), listed(buyer_lists="US-MEU", eccn="5A991"), day=NOW)
    sums = stakes_of(found)
    assert set(sums["status"]) == {"duty", "dormant"}
    assert sums["flows"].sum() == 3 == found["counted"].sum()
    assert sums["at_stake"].sum() == pytest.approx(found.loc[found["counted"], "at_stake"].sum())
    assert stakes_of(found[:0]).empty


def test_parent_statutes_and_duties_that_nobody_punishes_are_no_pairs() -> None:
    pairs = shipped().collisions
    context = {name for name, why in shipped().context_only().items() if why}
    assert not pairs["duty"].isin(context).any() and not pairs["clause"].isin(context).any()
    assert not pairs["clause"].isin(["CN-ECL", "CN-DUAL", "US-EAR", "US-ECRA", "WASSENAAR"]).any()
    sides = shipped().side_of()
    both = set(zip(pairs["duty"].map(sides), pairs["clause"].map(sides), strict=True))
    assert both == {("us", "cn"), ("cn", "us"), ("other", "cn")}
    assert pairs["source"].ne("").all() and pairs["article"].ne("").all() and pairs["act"].ne("").all()
    assert set(pairs["kind"]) == {"cut off", "disclose", "source from"}
