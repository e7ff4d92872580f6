"""Activities as flows: each kind meets its rule, links are completed, bad rows are named, sums stay whole."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import check_flows, collisions, contact, flows_of, load_links, stated_of
from analysis.pressure.across import figures_of
from analysis.pressure.channels import channel_sums, reach_of
from analysis.rules.activities import ACTIVITY_KINDS, activities_on, read_activities
from analysis.rules.bills import read_bills
from analysis.rules.stated import Stated
from analysis.rules.totals import read_totals
from survey import FileFault, StudyFault, load_study
from tests.analysis.flows_by_hand import shipped

DAY = date(2026, 1, 15)

LINKS = """link,buyer,supplier,country,product,value,buyer_country
L1,CN1,JP1,JP,pump,60,CN
L2,US1,JP1,JP,pump,40,US
L3,JP1,KR1,KR,part,10,JP
"""

HEAD = "kind,seller,buyer,seller_country,buyer_country,"
HEAD += "technology,eccn,hs,origin,end_use,person_country,stake,value"

ROWS = {
    "cooperation": "cooperation,JP1,CN1,US,CN,,3E001,,US,,,,5",
    "data": "data,CN1,JP1,CN,JP,personal data,EAR99,,CN,,,,",
    "investment": "investment,JP1,CN2,US,CN,AI,,,,,US,0.3,100",
    "staff": "staff,US1,US1,US,US,,3E001,,US,,CN,,",
    "use": "use,CN3,JP1,CN,US,telecom,,,CN,,,,",
    "re-export": "re-export,JP1,CN1,JP,CN,,3A001,,US,,,,7",
}


def links(tmp_path: Path):
    path = tmp_path / "links.csv"
    path.write_text(LINKS)
    return load_links(path)


def stated(tmp_path: Path, *rows: str, head: str = HEAD) -> Stated:
    path = tmp_path / "activities.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return Stated(read_activities(path))


def test_every_kind_becomes_flows_of_both_ends(tmp_path) -> None:
    flows = flows_of(links(tmp_path), None, None, DAY, stated(tmp_path, *ROWS.values()))
    ours = flows[flows["flow"].str.startswith("A")]
    assert set(ours["channel"]) == set(ROWS) == set(ACTIVITY_KINDS)
    assert (ours["channel"] == ours["flow_kind"]).all()
    many = ours.groupby("channel").size()
    assert many["staff"] == 1  # one firm, both ends
    assert many.drop("staff").eq(2).all()
    assert ours["share"].isna().all() and ours["substitutability"].eq(0.0).all()
    one = ours[(ours["channel"] == "investment") & (ours["firm"] == "JP1")].iloc[0]
    assert (one["stake_low"], one["stake_high"], one["value"], one["person_country"]) == (0.3, 0.3, 100, "US")
    assert one["path"] == "JP1 (US) > CN2 (CN), investment"


@pytest.mark.parametrize(
    ("kind", "instrument", "outcomes"),
    [
        ("cooperation", "US-EAR", {"licence", "prohibited"}),
        ("staff", "US-DEEMED", {"licence"}),
        ("re-export", "US-EAR", {"licence", "prohibited"}),
        ("data", "CN-PIPL", {"notify", "licence"}),
        ("investment", "US-OUTBOUND", {"notify", "prohibited"}),
        ("use", "US-ICTS", {"review", "prohibited"}),
    ],
)
def test_each_kind_meets_its_rule(tmp_path, kind, instrument, outcomes) -> None:
    told = stated(tmp_path, ROWS[kind])
    flows = flows_of(links(tmp_path), None, None, DAY, told)
    table = contact(flows, shipped(), DAY, every=True)
    row = table[(table["flow"] == "A000001") & (table["instrument"] == instrument)].iloc[0]
    assert row["outcome"] in outcomes, row
    trade = table[(table["flow"] == "L1") & (table["instrument"] == "US-DEEMED")].iloc[0]
    assert (trade["outcome"], trade["gate"]) == ("none", "bound")


def test_links_are_as_they_were(tmp_path) -> None:
    """Activities beside the links change no fact, share or value of a link."""
    plain = flows_of(links(tmp_path))
    beside = flows_of(links(tmp_path), None, None, DAY, stated(tmp_path, *ROWS.values()))
    kept = beside[beside["channel"].isin(["sales", "inputs"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, plain)


def test_a_row_may_complete_a_link(tmp_path) -> None:
    head = "link,kind,end_use,currency,eccn,us_content_low,us_content_high"
    told = stated(tmp_path, "L1,re-export,Military ; x,usd,3a001,0.2,0.3", head=head)
    flows = flows_of(links(tmp_path), ["JP1"], None, DAY, told).set_index("flow")
    row, other = flows.loc["L1"], flows.loc["L2"]
    assert (row["flow_kind"], row["channel"], row["end_use"]) == ("re-export", "sales", "military;x")
    assert (row["currency"], row["eccn"], row["us_content_low"], row["us_content_high"]) == (
        "USD",
        "3A001",
        0.2,
        0.3,
    )
    assert row["share"] == pytest.approx(0.6) and row["content"] == "activities"
    assert (other["flow_kind"], other["end_use"], other["eccn"]) == ("trade", "", "")


def test_capacity_may_grow_to_more_than_double(tmp_path) -> None:
    told = stated(
        tmp_path, "investment,JP1,CN1,1.5,,0.2", head="kind,seller,buyer,growth,stake_low,stake_high"
    )
    row = flows_of(links(tmp_path), ["JP1"], None, DAY, told).set_index("flow").loc["A000001"]
    assert (row["growth_low"], row["growth_high"], row["stake_low"], row["stake_high"]) == (
        1.5,
        1.5,
        0.0,
        0.2,
    )


def test_only_the_days_of_an_activity(tmp_path) -> None:
    head = "kind,seller,buyer,from,to"
    told = stated(tmp_path, "data,JP1,CN1,2026-01-15,2026-01-15", head=head)
    days = [date(2026, 1, 14), DAY, date(2026, 1, 16)]
    many = [len(flows_of(links(tmp_path), None, None, day, told)) for day in days]
    assert many == [6, 8, 6]


def test_shares_of_ends_are_as_stated(tmp_path) -> None:
    head = "kind,seller,buyer,seller_share,buyer_share"
    told = stated(tmp_path, "cooperation,JP1,CN1,0.25,", head=head)
    flows = (
        flows_of(links(tmp_path), None, None, DAY, told).query("channel == 'cooperation'").set_index("firm")
    )
    assert flows.loc["JP1", "share"] == 0.25 and flows.loc["JP1", "share_method"] == "as stated"
    assert np.isnan(flows.loc["CN1", "share"]) and flows.loc["CN1", "share_method"] == ""


def test_an_activity_takes_its_item_and_its_bill(tmp_path) -> None:
    bom = tmp_path / "bom.csv"
    bom.write_text(
        "party,product,component,origin,value,price,licence_to\nJP1,pump,chip,US,30,100,CN\nJP1,pump,work,JP,60,,\n"
    )
    acts = stated(tmp_path, "re-export,JP1,CN1,CN,pump", head="kind,seller,buyer,buyer_country,product")
    flows = flows_of(links(tmp_path), ["JP1"], None, DAY, Stated(acts.activities, read_bills(bom))).set_index(
        "flow"
    )
    row = flows.loc["A000001"]
    assert (row["us_content_low"], row["us_content_high"]) == pytest.approx((0.3, 0.4))
    assert row["path"].endswith("re-export: pump; content: bom.csv rows 1 to 2, 90% of the price named")
    assert (flows.loc["L1", "us_content_low"], flows.loc["L2", "us_content_low"]) == (0.3, 0.0)


@pytest.mark.parametrize(
    ("row", "head", "told"),
    [
        ("cooperate,A,B", "kind,seller,buyer", ("column kind, row 1", "'cooperate'", "cooperation")),
        ("trade,A,B", "kind,seller,buyer", ("column kind, row 1", "trade stands in the links")),
        ("data,A,", "kind,seller,buyer", ("column buyer, row 1", "an empty cell")),
        (
            "data,A,B,Atlantis",
            "kind,seller,buyer,person_country",
            ("column person_country, row 1", "Atlantis"),
        ),
        ("data,A,B,30", "kind,seller,buyer,stake", ("column stake, row 1", "30")),
        ("data,A,B,0.4,0.3", "kind,seller,buyer,stake_low,stake_high", ("column stake_low, row 1", "swap")),
        ("data,A,B,08542", "kind,seller,buyer,hs", ("column hs, row 1", "08542", "2, 4, 6")),
        ("data,A,B,maybe", "kind,seller,buyer,direct_product", ("column direct_product, row 1", "maybe")),
        ("data,A,B,2026-02-01,2026-01-01", "kind,seller,buyer,from,to", ("column to, row 1", "2026-01-01")),
        ("investment,A,A", "kind,seller,buyer", ("column buyer, row 1", "another party")),
        ("L1,5", "link,value", ("column value, row 1", "the link says it")),
        ("L1,staff", "link,kind", ("column kind, row 1", "a link is of goods")),
        ("A,B", "seller,buyer", ("header", "kind, seller, buyer, or link")),
        ("L9", "link", ("column link, row 1", "'L9'", "L1")),
        ("L1,data,A,B", "activity,kind,seller,buyer", ("column activity, row 1", "no link has")),
        (
            "x,data,A,B\nx,data,A,C",
            "activity,kind,seller,buyer",
            ("column activity, row 2", "one row on one day"),
        ),
    ],
)
def test_bad_rows_are_named(tmp_path, row, head, told) -> None:
    with pytest.raises(FileFault) as fault:
        activities_on(
            stated(tmp_path, row, head=head).activities, DAY, "activities.csv", pd.Series(["L1", "L2"])
        )
    for words in told:
        assert words in str(fault.value)


def test_indicators_are_what_they_are_without_activities(tmp_path) -> None:
    """Without a share it moves no indicator and makes none missing; with one it is a channel."""

    def sums(told: Stated | None) -> tuple:
        flows = flows_of(links(tmp_path), None, None, DAY, told)
        touched = contact(flows, shipped(), DAY)
        met = collisions(touched, flows, shipped(), DAY)
        assert np.isfinite(met[["at_stake", "at_stake_high"]].to_numpy(dtype=float)).all()
        reach = reach_of(flows, touched, met, ("JP1", "CN1", "US1", "KR1"))
        return reach, channel_sums(reach)

    one, plain = sums(None)
    two, beside = sums(stated(tmp_path, *[row for kind, row in ROWS.items() if kind != "re-export"]))
    more = two.channels
    np.testing.assert_array_equal(beside[:, :, [more.index(name) for name in one.channels]], plain)
    np.testing.assert_array_equal(figures_of(two, beside), figures_of(one, plain))
    assert np.isnan(beside[:, 0, more.index("technology")]).all()
    assert set(more) == {"sales", "inputs", "technology", "capital", "data", "people"}
    head = HEAD + ",seller_share"
    some, shared = sums(stated(tmp_path, ROWS["cooperation"] + ",0.5", head=head))
    assert shared[0, 0, some.channels.index("technology")] == pytest.approx(0.25)  # a licence weighs one half
    again, sold = sums(stated(tmp_path, ROWS["re-export"] + ",0.1", head=head))
    assert again.channels == one.channels  # goods sold on are sales
    assert sold[0, 0, again.channels.index("sales")] == pytest.approx(plain[0, 0, 1] + 0.1 * 0.5)


def test_a_firm_without_links_has_its_activities_alone(tmp_path) -> None:
    bom = tmp_path / "bom.csv"
    bom.write_text("party,product,component,origin,value,price\nJP1,pump,chip,US,30,100\n")
    told = Stated(stated(tmp_path, "data,Ghost,CN1", head="kind,seller,buyer").activities, read_bills(bom))
    flows = flows_of(links(tmp_path), ["Ghost"], None, DAY, told)
    assert flows[["firm", "channel", "seller_country", "seller_kind"]].values.tolist() == [
        ["Ghost", "data", "", ""]
    ]
    assert flows_of(links(tmp_path), ["Nobody"], None, DAY, told).empty
    assert contact(flows, shipped(), DAY, every=True)["outcome"].isin(["none", "unknown"]).all()


def test_the_keys_of_a_study(tmp_path) -> None:
    (tmp_path / "links.csv").write_text(LINKS)
    (tmp_path / "acts.csv").write_text("kind,seller,buyer\nstaff,Jay Pee,Nobody\n")
    (tmp_path / "bom.csv").write_text(
        "party,product,component,origin,value,price\nJay Pee,pump,chip,US,3,9\n"
    )
    (tmp_path / "who.csv").write_text("key,entry\nJP1,Jay Pee\n")
    head = 'schema = 1\nid = "x"\nas_of = 2026-01-15\n[supply]\nlinks = "links.csv"\n'
    head += 'matches = "who.csv"\n[rules]\n'

    def study(lines: str):
        (tmp_path / "study.toml").write_text(head + lines, encoding="utf-8")
        return load_study(tmp_path)

    assert stated_of(study("dormant = 0.5\n")).activities is None
    told = stated_of(study('activities = "acts.csv"\nmaterials = "bom.csv"\n'))
    assert told.activities is not None and told.bills is not None
    assert told.activities["seller"].tolist() == told.bills.frame["party"].tolist() == ["JP1"]
    found = [
        str(finding) for finding in check_flows(study('activities = "acts.csv"\nmaterials = "bom.csv"\n'))
    ]
    assert ["Nobody" in found[0], "row 1 (staff)" in found[1], "JP1 pump (33.33%)" in found[2]] == [True] * 3
    with pytest.raises(StudyFault, match=r"rules.activities"):
        stated_of(study("activities = 3\n"))
    with pytest.raises(FileFault, match="no such file"):
        stated_of(study('materials = "none.csv"\n'))


def test_a_total_of_the_party_makes_a_share_of_a_value(tmp_path) -> None:
    """Value over the firm's own total; below what its activities add up to the total is that sum."""
    (tmp_path / "parties.csv").write_text(
        "party,country,technology_total,people_total\nJP1,JP,50,\nCN1,CN,4,\nUS1,US,,10\n"
    )
    totals = read_totals(tmp_path / "parties.csv")
    rows = [
        "cooperation,JP1,CN1,5,",
        "cooperation,JP1,KR1,,",
        "cooperation,JP1,CN1,10,0.3",
        "staff,US1,US1,4,",
    ]
    told = stated(tmp_path, *rows, head="kind,seller,buyer,value,seller_share")
    flows = flows_of(links(tmp_path), None, None, DAY, Stated(told.activities, totals=totals))
    ours = flows[flows["flow"].str.startswith("A")].set_index(["firm", "flow"])
    assert ours.loc[("JP1", "A000001"), "share"] == pytest.approx(5 / 50)
    assert ours.loc[("JP1", "A000001"), "share_method"] == "value over all technology"
    assert np.isnan(ours.loc[("JP1", "A000002"), "share"])  # no value: missing, never zero
    assert ours.loc[("JP1", "A000003"), "share"] == 0.3  # what is stated stands
    assert ours.loc[("CN1", "A000001"), "share"] == pytest.approx(5 / 15)  # 4 is less than 5 + 10
    assert np.isnan(ours.loc[("KR1", "A000002"), "share"])
    assert ours.loc[("US1", "A000004"), "share"] == pytest.approx(0.4)
    plain = tmp_path / "plain.csv"
    plain.write_text("party,country\nJP1,JP\n")
    assert read_totals(plain) is None
    plain.write_text("party,data_total\nJP1,-3\n")
    with pytest.raises(FileFault, match="data_total"):
        read_totals(plain)
