"""Contact: hand-worked flows for each outcome, gate and date."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.rules.flows import flows_of
from analysis.rules.listings import lists_on, read_listings
from analysis.rules.reach import CONTACT_COLUMNS, contact
from analysis.supply.links import load_links
from survey import FileFault, QuestionFault
from tests.analysis.flows_by_hand import FIELDWORK, NOW, flow, flows, gate_of, one, outcome_of, shipped


def test_entity_list_reaches_only_items_subject_to_the_ear() -> None:
    """A wholly Japanese item to a listed party fails at subject; the risk is named beside it."""
    row = one("US-EL", FIELDWORK, buyer_lists="US-EL")
    assert (row["outcome"], row["gate"]) == ("none", "subject")
    assert "listed" in row["risk"]
    assert gate_of("US-EL", FIELDWORK, buyer_lists="US-EL", us_content=0.3) == ("licence", "licence")
    assert gate_of("US-EL", FIELDWORK, buyer_lists="US-EL", origin="US") == ("licence", "licence")
    assert gate_of("US-EL", FIELDWORK, buyer_lists="", us_content=0.3) == ("none", "licence")


def test_de_minimis_is_more_than_and_announcement_61_is_at_least() -> None:
    for content, wanted in ((0.25, "none"), (0.2500001, "licence")):
        assert outcome_of("US-DEMIN-25", us_content=content, eccn="3B001") == wanted
    sale = {"buyer_country": "DE", "hs": "850511"}
    for content, wanted in ((0.000999, "none"), (0.001, "licence")):
        assert outcome_of("CN-61-2025-L1", is_forced=True, cn_content=content, **sale) == wanted
    assert outcome_of("US-DEMIN-10", us_content=0.10, buyer_country="IR") == "none"
    assert outcome_of("US-DEMIN-10", us_content=0.11, buyer_country="IR") == "licence"
    assert outcome_of("US-DEMIN-0", us_content=0.0, eccn="5E002") == "none"
    assert outcome_of("US-DEMIN-0", us_content=0.01, eccn="5E002") == "licence"


def test_a_listed_buyer_does_not_change_de_minimis() -> None:
    facts = {"us_content": 0.3, "eccn": "EAR99"}
    assert (
        outcome_of("US-DEMIN-25", **facts)
        == outcome_of("US-DEMIN-25", buyer_lists="US-EL", **facts)
        == "none"
    )


def test_missing_content_is_unknown_and_bounds_are_between() -> None:
    row = one("US-EL", FIELDWORK, buyer_lists="US-EL", us_content=None)
    assert (row["outcome"], row["gate"], row["worst"]) == ("unknown", "subject", "licence")
    row = one("US-EL", FIELDWORK, buyer_lists="US-EL", us_content=(0.1, 0.4))
    assert (row["outcome"], row["gate"], row["worst"]) == ("between", "subject", "licence")
    assert outcome_of("US-EL", FIELDWORK, buyer_lists="US-EL", us_content=(0.1, 0.25)) == "none"
    assert outcome_of("US-EL", FIELDWORK, buyer_lists="US-EL", us_content=(0.26, 0.9)) == "licence"


def test_look_through_only_triggers_review() -> None:
    assert gate_of("US-DEMIN-25", us_content=None, us_through=0.6, eccn="3B001") == ("review", "review")
    assert outcome_of("US-DEMIN-25", us_content=None, us_through=0.2, eccn="3B001") == "unknown"
    assert outcome_of("US-DEMIN-25", us_content=0.0, us_through=0.9, eccn="3B001") == "none"


def test_ofac_binds_a_foreign_firm_only_with_us_nexus() -> None:
    row = one("US-SDN", buyer_lists="US-SDN")
    assert (row["outcome"], row["gate"]) == ("none", "bound")
    assert "US dollars" in row["risk"]
    assert outcome_of("US-SDN", buyer_lists="US-SDN", origin="US") == "prohibited"
    assert outcome_of("US-SDN", buyer_lists="US-SDN", seller_country="US") == "prohibited"
    assert outcome_of("US-SDN", buyer_lists="US-SDN", origin="") == "unknown"
    assert one("US-SDN", origin="US")["risk"] == ""


def test_uflpa_bars_imports_into_the_united_states_only() -> None:
    facts = {"seller_country": "CN", "seller_lists": "US-UFLPA", "origin": "CN"}
    assert outcome_of("US-UFLPA", buyer_country="US", **facts) == "prohibited_unless_rebutted"
    assert gate_of("US-UFLPA", buyer_country="JP", **facts) == ("none", "bound")
    assert (
        outcome_of("US-UFLPA", buyer_country="US", origin="CN", region="CN-XJ")
        == "prohibited_unless_rebutted"
    )
    assert outcome_of("US-UFLPA", buyer_country="US", hs="520100", cn_through=0.2) == "review"
    assert outcome_of("US-UFLPA", FIELDWORK, buyer_country="US", **facts) == "none"


def test_an_exclusion_follows_the_country_of_export() -> None:
    """A Dutch maker's tool from Singapore is not excluded; any maker's tool from Japan is."""
    tool = {"eccn": "3B001", "direct_product": "yes"}
    assert gate_of("US-FDP-SME", seller_country="JP", origin="NL", **tool) == ("none", "exception")
    assert outcome_of("US-FDP-SME", seller_country="SG", origin="NL", **tool) == "licence"
    assert gate_of("US-FDP-SME", FIELDWORK, seller_country="SG", **tool) == ("none", "in force")


def test_direct_product_of_footnote_one() -> None:
    assert outcome_of("US-FDP-FN1", FIELDWORK, buyer_lists="US-FDP-FN1", direct_product="yes") == "licence"
    assert outcome_of("US-FDP-FN1", FIELDWORK, buyer_lists="US-FDP-FN1", direct_product="no") == "none"
    row = one("US-FDP-FN1", FIELDWORK, buyer_lists="US-FDP-FN1", direct_product="")
    assert (row["outcome"], row["worst"]) == ("unknown", "licence")


def test_notify_and_other_outcomes() -> None:
    assert outcome_of("US-UVL", buyer_lists="US-UVL", us_content=0.4) == "notify"
    assert outcome_of("CN-TARIFF", FIELDWORK, origin="US") == "notify"
    assert outcome_of("US-301", FIELDWORK, buyer_country="US", origin="CN") == "notify"
    assert outcome_of("US-DPL", buyer_lists="US-DPL", origin="US") == "prohibited"
    assert (
        outcome_of("US-889", FIELDWORK, buyer_kind="contractor", seller_lists="US-889", hs="851762")
        == "prohibited"
    )
    assert (
        gate_of("US-889", FIELDWORK, buyer_kind="customer", seller_lists="US-889", hs="851762")[1] == "bound"
    )
    assert outcome_of("US-ITAR", technology="usml") == "prohibited"


def test_chinese_material_rules_and_their_dates() -> None:
    bought = {"seller_country": "CN", "buyer_country": "JP", "origin": "CN"}
    for instrument, hs in (
        ("CN-18-2025", "850511"),
        ("CN-23-2023", "811292"),
        ("CN-39-2023", "380110"),
        ("CN-33-2024", "811010"),
    ):
        assert outcome_of(instrument, NOW, hs=hs, **bought) == "licence"
        assert gate_of(instrument, FIELDWORK, hs=hs, **bought) == ("none", "in force")
        assert gate_of(instrument, NOW, hs="841370", **bought) == ("none", "subject")
        assert outcome_of(instrument, NOW, hs="", technology="", **bought) == "unknown"
        assert gate_of(instrument, NOW, hs=hs, seller_country="JP", buyer_country="DE") == ("none", "bound")
    assert gate_of("CN-55-58-2025", NOW, technology="lithium batteries", **bought) == ("none", "in force")


def test_announcement_61_limb_by_limb() -> None:
    sale = {"buyer_country": "DE", "hs": "850511", "cn_content": 0.5, "origin": "CN"}
    assert gate_of("CN-61-2025-L3", date(2025, 10, 15), **sale) == ("licence", "licence")
    assert gate_of("CN-61-2025-L1", date(2025, 10, 15), **sale) == ("none", "in force")
    for limb in ("L1", "L2", "L3"):
        row = one(f"CN-61-2025-{limb}", NOW, **sale)
        assert (row["outcome"], row["gate"]) == ("none", "in force")
        assert row["clause"] == "suspended: 2025-11-07 to 2026-11-09"
    row = one("CN-61-2025-L1", date(2026, 11, 10), **sale)
    assert row["outcome"] == "none" and "sources differ" in row["warning"]
    for limb in ("L1", "L2", "L3"):
        row = one(f"CN-61-2025-{limb}", date(2026, 12, 1), **sale)
        assert row["outcome"] == "none" and row["clause"].startswith("scheduled: 2026-11-11")
        assert "no source confirms" in row["warning"]
    assert outcome_of("CN-61-2025-L1", is_forced=True, **sale) == "licence"
    assert outcome_of("CN-61-2025-L2", is_forced=True, **sale) == "none"
    made = sale | {"technology": "made with chinese rare-earth technology"}
    assert outcome_of("CN-61-2025-L2", is_forced=True, **made) == "licence"
    at_home = sale | {"buyer_country": "CN"}
    assert gate_of("CN-61-2025-L1", is_forced=True, **at_home) == ("none", "bound")


def test_announcement_46_keeps_its_first_clause() -> None:
    gallium = {"seller_country": "CN", "buyer_country": "US", "origin": "CN", "hs": "811292"}
    military = gallium | {"technology": "gallium;dual-use", "buyer_kind": "military"}
    assert outcome_of("CN-46-2024", date(2025, 11, 8), **gallium) == "prohibited"
    assert outcome_of("CN-46-2024", NOW, **gallium) == "none"
    assert outcome_of("CN-46-2024", NOW, **military) == "prohibited"
    assert outcome_of("CN-46-2024", NOW, **(military | {"seller_country": "JP"})) == "prohibited"


def test_announcement_1_of_2026_on_japanese_military_users() -> None:
    bought = {"seller_country": "CN", "buyer_country": "JP", "technology": "dual-use", "origin": "CN"}
    assert outcome_of("CN-1-2026", buyer_kind="military", **bought) == "prohibited"
    assert outcome_of("CN-1-2026", buyer_kind="firm", **bought) == "review"
    row = one("CN-1-2026", buyer_kind="", **bought)
    assert (row["outcome"], row["worst"]) == ("review", "prohibited")
    assert gate_of("CN-1-2026", date(2026, 1, 5), buyer_kind="military", **bought) == ("none", "in force")


def test_aligned_countries_are_neither_side() -> None:
    row = one("JP-SME23", hs="848620")
    assert (row["outcome"], row["side"]) == ("licence", "other")
    assert outcome_of("NL-SME", seller_country="NL", hs="848620") == "licence"
    assert outcome_of("EU-DU", seller_country="DE", eccn="3B001") == "licence"
    assert outcome_of("EU-DU", seller_country="DE", buyer_country="FR", eccn="3B001") == "none"


def test_lists_unknown_without_screening() -> None:
    row = one("US-EL", FIELDWORK, us_content=0.4, buyer_lists=None, seller_lists=None)
    assert (row["outcome"], row["worst"]) == ("unknown", "licence")
    assert "not screened" in row["warning"]


def test_columns_and_none_rows() -> None:
    table = flows(flow(us_content=0.4, buyer_lists="US-EL"), flow())
    catalogue = shipped()
    short = contact(table, catalogue, FIELDWORK)
    assert tuple(short.columns) == CONTACT_COLUMNS
    assert short["outcome"].ne("none").all()
    every = contact(table, catalogue, FIELDWORK, every=True)
    assert len(every) == 2 * catalogue.gates["instrument"].nunique()
    assert every["gate"].ne("").all() and every["clause"].ne("").all()
    assert every["flow"].tolist() == sorted(every["flow"])
    nothing = contact(table.iloc[:0], catalogue, FIELDWORK)
    assert len(nothing) == 0 and tuple(nothing.columns) == CONTACT_COLUMNS


def test_listings_by_day(tmp_path: Path) -> None:
    catalogue = shipped()
    path = tmp_path / "listings.csv"
    path.write_text(
        "party,list,from,to\nCN1,US-EL,2021-12-16,\nCN1,US-UVL,,2021-12-15\nCN1,US-889,2019-08-13,2020-01-01\n",
        encoding="utf-8",
    )
    listings = read_listings(path, catalogue)
    table = flows(flow(us_content=0.4))
    assert lists_on(table, listings, date(2021, 12, 15))["buyer_lists"].tolist() == ["US-UVL"]
    assert lists_on(table, listings, date(2021, 12, 16))["buyer_lists"].tolist() == ["US-EL"]
    for content, found in (("party,list\nx,US-ELL\n", "US-ELL"), ("party,list,from\nx,US-EL,soon\n", "soon")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(FileFault) as fault:
            read_listings(path, catalogue)
        assert found in fault.value.found


def test_flows_have_both_ends_and_their_own_denominators(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "link,buyer,supplier,country,product,value,inputs\n"
        "a,CN1,JP1,Japan,chip,30,300\nb,US1,JP1,Japan,chip,10,100\n"
        "c,JP1,CN2,China,magnet,8,40\nd,JP1,DE1,Germany,magnet,2,40\ne,DE1,US9,USA,ore,5,10\n",
        encoding="utf-8",
    )
    links = load_links(tmp_path / "l.csv")
    table = flows_of(links, ["JP1"]).set_index("flow")
    assert table["channel"].to_dict() == {"c": "inputs", "d": "inputs", "a": "sales", "b": "sales"}
    assert table.loc["a", "share"] == 0.75
    assert table.loc["a", "share_method"] == "value over named sales"
    assert table.loc["c", "share"] == 0.2
    assert table.loc["c", "substitutability"] == pytest.approx(0.2)
    assert table.loc["a", "substitutability"] == 0.0
    assert table.loc["d", "us_through"] == 0.5
    assert table.loc["a", "us_through"] == pytest.approx(0.05 * 0.5)
    assert table.loc["c", "path"] == "CN2 (CN) > JP1 (JP): magnet"
    assert table["us_content_low"].isna().all() and table["buyer_lists"].isna().all()
    assert len(flows_of(links)) == 10
    with pytest.raises(QuestionFault):
        flows_of(links, ["JP1"], pd.DataFrame(columns=["party", "list", "from", "to"]))


def test_items_of_a_party_go_before_items_of_a_product(tmp_path: Path) -> None:
    from analysis.supply.ends import read_items
    from analysis.supply.links import Links

    (tmp_path / "l.csv").write_text("buyer,supplier,product\nA,x,p\nA,y,p\nA,z,q\n", encoding="utf-8")
    (tmp_path / "i.csv").write_text(
        "party,product,hs,eccn,us_content,origin\nx,p,8541.42,3a001,0.4,CN-XJ\n,p,8542,,0.1,JP\n",
        encoding="utf-8",
    )
    links = load_links(tmp_path / "l.csv")
    made = Links(links.frame, links.parties, read_items(tmp_path / "i.csv"), links.share_method, "inputs")
    table = flows_of(made, ["A"]).set_index("seller")
    assert table["hs"].to_dict() == {"x": "854142", "y": "8542", "z": ""}
    assert table.loc["x", ["eccn", "origin", "region"]].tolist() == ["3A001", "CN", "CN-XJ"]
    assert table["us_content_low"].fillna(-1).to_dict() == {"x": 0.4, "y": 0.1, "z": -1}
    assert table["technology"].to_dict() == {"x": "none", "y": "none", "z": ""}
