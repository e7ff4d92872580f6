"""Rules of a made-up Release: the catalogue as shipped, and what made-up collisions of firms come to."""

from collections.abc import Mapping

import pandas as pd

from analysis import load_catalogue
from analysis.release.rules import catalogue_tables
from analysis.release.rules_met import Met, collision_matrix

__all__ = ["rule_tables"]


def rule_tables(tables: Mapping[str, pd.DataFrame], audience: str) -> dict[str, pd.DataFrame]:
    """Tables of rules for an audience; flows, technologies and parties only where firms are."""
    made = catalogue_tables(load_catalogue(), is_open=audience == "internal")
    if "collisions" not in tables:
        return made
    rows = tables["collisions"]
    made["collision_matrix"] = collision_matrix(Met(pd.DataFrame(), rows, rows["firm"].nunique()))
    made["collision_flows"] = rows[["firm", "flow", "channel"]].assign(
        seller=rows["firm"], buyer="P01", seller_country="JP", buyer_country="CN", seller_lists="",
        buyer_lists="US-EL", product="chips", hs="854231", eccn="3A991", technology="semiconductors",
        origin="JP", us_content_low=0.1, us_content_high=0.2, confidence=0.8, evidence="a made-up bill",
        seller_name="Made-up", seller_name_ja="", buyer_name="Trader 1", buyer_name_ja="商社1",
    )  # fmt: skip
    sides = [
        (tag, side, stat, estimate)
        for tag, at in (("semiconductors", 0.5), ("rare earths", 0.9))
        for side, part in (("us", 0.2), ("cn", at))
        for stat, estimate in (
            ("comes_from", part),
            ("leads_to", part + 0.05),
            ("goes_to", part / 2),
            ("missed", part / 3),
        )
    ]
    made["technology_sides"] = pd.DataFrame(sides, columns=["technology", "side", "stat", "estimate"]).assign(
        n=40, flows=7, customers=3, value=1234567.0, method="by value", home=""
    )
    made["technology_sides"]["low"] = made["technology_sides"]["estimate"] * 0.9
    made["technology_sides"]["high"] = made["technology_sides"]["estimate"]
    made["technology_sides"]["level"] = 0.9
    made["technology_map"] = pd.DataFrame(
        [
            ("semiconductors", home, side, 0.2, 0.5, "protect", 0.8)
            for home in ("", "JP", "KR")
            for side in ("us", "cn")
        ]
        + [("rare earths", "", "cn", 0.9, None, "", None)],
        columns=["technology", "home", "side", "dependence", "indispensability", "quadrant", "estimate"],
    ).assign(needers=40, holders=9, customers=3, stat="quadrant", n=52, high=0.3)
    for name in ("dependence", "indispensability"):
        for end in ("low", "high"):
            made["technology_map"][f"{name}_{end}"] = made["technology_map"][name]
    made["rule_awaiting"] = pd.DataFrame(
        {
            "why_here": ["name", "owners"],
            "name": ["Made-up Trading Co", ""],
            "name_ja": ["架空商事", ""],
            "party": ["P01", "P02"],
            "list": ["US-EL", "US-SDN"],
            "matched_name": ["Made Up Trading Company", "Q01;Q02"],
            "stat": ["probability", "share_held"],
            "n": 1,
            "estimate": [0.61, 0.48],
            "reason": ["3 of 4 words", "the share of Q02 is not known"],
            "clause": ["", "31 CFR"],
        }
    )
    return made
