"""Technologies between the sides: every ratio by hand, doubt against a closed form, quadrants, no leak."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analysis import load_catalogue, load_links, technologies_of
from analysis.rules.activities import read_activities
from analysis.rules.stated import Stated
from analysis.technology.acting import ALIKE, tagged_activities
from analysis.technology.asking import technologies_in
from analysis.technology.quadrant import QUADRANTS
from survey import Fault, load_study

LINKS = """link,buyer,supplier,country,product,value,inputs,confidence
L1,A,M1,CN,magnets,30,100,1
L2,A,M2,JP,magnets,10,100,1
L3,B,M1,HK,magnets,40,200,0.5
L4,K,A,JP,motors,60,400,1
L5,K,Z,DE,motors,20,400,1
L6,J,A,JP,motors,40,100,1
L7,M2,M1,CN,ore,5,10,1
L8,K,A,JP,robots,10,400,1
L9,Q,Y,KR,robots,30,90,1
"""
PARTIES = """party,country,sales
A,JP,200
B,JP,
K,US,
Q,US,
J,JP,
M1,CN,
M2,JP,
Z,DE,
Y,KR,
"""
ITEMS = """party,product,technology
,magnets,magnets;dual-use
A,motors,robotics
,robots,robotics
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("technology")
    for name, text in (("links", LINKS), ("parties", PARTIES), ("items", ITEMS)):
        (made / f"{name}.csv").write_text(text, encoding="utf-8")
    (made / "study.toml").write_text(
        'schema = 1\nid = "small"\n[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n'
        'items = "items.csv"\n',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def found(folder: Path):
    links = load_links(load_study(folder))
    tags = load_catalogue().technologies
    return technologies_in(links, tags, ("A", "B"), ["", "JP", "KR", "EU"], seed=3, draws=4000, level=0.9)


def test_ratios_by_hand(found) -> None:
    rows = found.sides.set_index(["technology", "home", "side", "stat"])
    of = rows.loc[("rare earths", "", "cn")]
    assert of.loc["comes_from", "estimate"] == pytest.approx(70 / 80)
    assert tuple(of.loc["comes_from", ["n", "flows", "value"]]) == (2, 2, 80.0)
    # M2 itself has half of its inputs from China
    assert of.loc["leads_to", "estimate"] == pytest.approx((70 + 10 * 0.5) / 80)
    assert rows.loc[("dual-use", "", "us", "comes_from"), "estimate"] == 0.0  # a structural zero
    # nothing of what A and B buy else is named: 60 and 160 could be magnets, from China or from elsewhere
    assert of.loc["comes_from", "outer_low"] == pytest.approx(70 / 300)
    assert of.loc["comes_from", "outer_high"] == pytest.approx(290 / 300)
    sold = rows.loc[("robotics", "", "us")]
    assert sold.loc["goes_to", "estimate"] == pytest.approx(70 / 110)
    assert sold.loc["goes_to", "outer_high"] == pytest.approx((70 + 90) / 200)
    # of 120 that K and Q buy (Z's motors are those of A's kind), 70 are A's
    assert sold.loc["held", "estimate"] == pytest.approx(70 / 120)
    assert tuple(sold.loc["held", ["n", "customers", "flows"]]) == (2, 1, 2)
    # K has a quarter of its motors from Z: those 60 count three quarters; its robots are A's alone
    assert sold.loc["missed", "estimate"] == pytest.approx((60 * 0.75 + 10) / 120)
    assert sold.loc["of_inputs", "estimate"] == pytest.approx(70 / 400)
    korea = rows.loc[("robotics", "KR", "us")]
    assert korea.loc["held", "estimate"] == pytest.approx(30 / 120)
    assert rows.loc[("robotics", "EU", "us", "missed"), "estimate"] == pytest.approx(20 * 0.25 / 120)


def test_nothing_is_said_of_the_side_where_links_name_no_other_supplier(found) -> None:
    rows = found.sides.set_index(["technology", "home", "side", "stat"])
    assert ("robotics", "", "cn", "held") not in rows.index  # nobody there is known to buy it
    made = found.map.set_index(["technology", "home", "side"])
    lost = made.loc[("robotics", "", "cn")]
    assert lost["quadrant"] == "" and "not known" in lost["flag"] and np.isnan(lost["estimate"])


def test_limits_are_the_two_states_of_the_doubtful_link(found) -> None:
    row = found.sides.set_index(["technology", "home", "side", "stat"]).loc[
        ("rare earths", "", "cn", "comes_from")
    ]
    assert (row["low"], row["high"]) == (pytest.approx(30 / 40), pytest.approx(70 / 80))
    every = found.sides.dropna(subset=["estimate"])
    assert (every["low"] <= every["estimate"]).all() and (every["estimate"] <= every["high"]).all()
    assert (every["outer_low"] <= every["low"] + 1e-9).all()


def test_quadrants_follow_the_stated_rule(found) -> None:
    known = found.map[found.map["quadrant"] != ""]
    high = known["high"]
    needs, holds = known["dependence"] >= high, known["indispensability"] >= high
    said = np.select([holds & ~needs, holds & needs, needs], QUADRANTS[:3], QUADRANTS[3])
    assert (known["quadrant"] == said).all()
    assert known["estimate"].between(0, 1).all() and (known["n"] > 0).all()
    row = found.map.set_index(["technology", "home", "side"]).loc[("robotics", "", "us")]
    assert row["quadrant"] == "protect" and row["dependence"] == 0.0 and row["estimate"] == 1.0


def test_firms_that_need_and_hold(found) -> None:
    rows = found.firms.set_index(["firm", "technology", "role", "side", "stat"])
    assert rows.loc[("A", "rare earths", "needs", "cn", "comes_from"), "estimate"] == pytest.approx(0.75)
    assert rows.loc[("A", "robotics", "holds", "us", "goes_to"), "estimate"] == pytest.approx(70 / 110)
    assert set(found.firms["firm"]) == {"A", "B"} and (found.firms["n"] == 1).all()
    whole = found.firms.dropna(subset=["estimate"])
    assert (whole["low"] <= whole["estimate"]).all() and (whole["estimate"] <= whole["high"]).all()


def test_values_that_are_not_known_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text("buyer,supplier,country,product,buyer_country\nA,M1,CN,magnets,JP\nA,M2,JP,magnets,JP\n")
    items = tmp_path / "items.csv"
    items.write_text("product,technology\nmagnets,magnets\n")
    links = load_links(path, items=items)
    tags = load_catalogue().technologies
    made = technologies_in(links, tags, ("A",), [""], seed=1, draws=200, level=0.9)
    row = made.sides.query("stat == 'comes_from' and side == 'cn'").iloc[0]
    assert row["estimate"] == 0.5 and row["method"] == "flows counted alike"
    empty = technologies_in(load_links(path), tags, ("A",), [""], seed=1, draws=200, level=0.9)
    assert empty.map.empty and empty.sides.empty and empty.firms.empty


def test_faults_are_named(folder: Path) -> None:
    study = load_study(folder)
    for words, asked in (
        ("--by country", {}),
        ("--by country", {"by": "continent"}),
        ("above 0 and below 1", {"by": "country", "high": 1.5}),
    ):
        with pytest.raises(Fault, match=words):
            technologies_of(study, **asked)
    assert set(technologies_of(study, by="country").map["home"]) == {"JP", "KR", "EU"}


ACTIVITIES = """activity,kind,seller,buyer,technology,product
A1,cooperation,Q,A,robotics,
A2,data,Y,A,,robots
A3,staff,A,K,robotics,
A4,cooperation,Y,K,robotics,
A5,investment,A,K,,
"""


@pytest.fixture(scope="module")
def acted(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    made = tmp_path_factory.mktemp("acting")
    for file in folder.iterdir():
        (made / file.name).write_bytes(file.read_bytes())
    head, *lines = ACTIVITIES.splitlines()
    thrice = [f"{no}{line}" for no in range(3) for line in lines]
    (made / "activities.csv").write_text("\n".join([head, *thrice]) + "\n", encoding="utf-8")
    study = load_study(made)
    links, tags = load_links(study), load_catalogue().technologies
    stated = Stated(read_activities(made / "activities.csv"))
    acting = tagged_activities(stated, links, tags, date(2026, 1, 15))
    homes = ["", "JP", "KR", "EU"]
    return technologies_in(links, tags, ("A", "B"), homes, seed=3, draws=500, level=0.9, acting=acting)


def test_activities_by_hand(acted, found) -> None:
    rows = acted.sides.set_index(["technology", "home", "side", "stat"])
    of = rows.loc[("robotics", "", "us")]
    assert of.loc["received", "estimate"] == pytest.approx(1 / 2)  # of Q and Y
    assert of.loc["given", "estimate"] == 1.0  # to K alone
    assert of.loc["relied_on", "estimate"] == pytest.approx(1 / 2)  # K has Y too
    assert of.loc["relied_on", "customers"] == 1 and of.loc["received", "method"] == ALIKE
    assert rows.loc[("robotics", "KR", "us", "relied_on"), "estimate"] == pytest.approx(1 / 2)
    same = rows.drop(["received", "given", "relied_on"], level="stat")["estimate"]
    before = found.sides.set_index(same.index.names)["estimate"]
    np.testing.assert_array_equal(same, before.loc[same.index])


def test_the_map_takes_the_larger_of_goods_and_activities(acted, found) -> None:
    keys = ["technology", "home", "side"]
    row, was = (one.map.set_index(keys).loc[("robotics", "", "us")] for one in (acted, found))
    assert was["dependence"] == 0.0 and was["dependence_by"] == "goods"
    assert (row["dependence"], row["dependence_by"]) == (0.5, "activities")
    assert was["indispensability"] == pytest.approx((60 * 0.75 + 10) / 120)
    assert (row["indispensability"], row["indispensability_by"]) == (0.5, "activities")
    assert row["quadrant"] == "both" and was["quadrant"] == "protect"
    assert row["needers"] == 1 and row["customers"] == 1 and row["holders"] == 1
    cn = acted.map.set_index(keys).loc[("robotics", "", "cn")]  # nothing given to it: fewer than 5
    assert cn["indispensability_by"] == "goods"
    other = acted.map.set_index(keys).loc[("rare earths", "", "cn")]
    assert other["dependence_by"] == "goods"
    firms = acted.firms.set_index(["firm", "technology", "role", "side", "stat"])
    assert firms.loc[("A", "robotics", "receives", "us", "received"), "estimate"] == 0.5
    assert firms.loc[("A", "robotics", "gives", "us", "given"), "estimate"] == 1.0
