"""The published counts of 2021 come back from the demonstration file, with n, base and interval."""

import pytest

from analysis import banner, share
from survey import clean_wave, data_folder, load_study, read_wave
from tests.analysis.waves_by_hand import only

# question, option, count, base, low count, high count, firms concerned, method
HEADLINES = [
    ("main_challenge", "us_china_uncertainty", 75, 100, 75, 75, 100, "census"),
    ("main_challenge", "getting_information", 65, 100, 65, 65, 100, "census"),
    ("main_challenge", "risk_assessment", 62, 100, 62, 62, 100, "census"),
    ("main_challenge", "intl_intelligence", 57, 100, 57, 57, 100, "census"),
    ("us_china_impact", "1", 59, 97, 59, 62, 100, "hypergeometric"),
    ("had_to_choose", "1", 12, 96, 12, 14, 100, "hypergeometric"),
    ("impact_type", "us_regulation_cost", 44, 74, 44, 70, 100, "bounds"),
    ("impact_type", "supplier_change", 27, 74, 27, 53, 100, "bounds"),
    ("impact_type", "cn_regulation_cost", 25, 74, 25, 51, 100, "bounds"),
    ("impact_type", "sales_drop", 22, 74, 22, 48, 100, "bounds"),
    ("measures_taken", "information_control", 56, 87, 56, 69, 100, "bounds"),
    ("measures_taken", "supplier_change", 44, 87, 44, 57, 100, "bounds"),
    ("gov_request", "1", 46, 97, 46, 49, 100, "hypergeometric"),
    ("gov_request", "2", 18, 97, 18, 20, 100, "hypergeometric"),
    ("sales_share_us", "us_ge10", 64, 100, 64, 64, 100, "census"),
    ("sales_share_cn", "cn_ge10", 49, 100, 49, 49, 100, "census"),
]


@pytest.fixture(scope="module")
def demo():
    study = load_study(data_folder() / "demo")
    return clean_wave(read_wave(study.waves[-1]))[0], study.design


@pytest.fixture(scope="module")
def book(demo):
    return banner(*demo)


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda h: f"{h[0]}-{h[1]}")
def test_published_counts(book, headline):
    question, option, count, base, low, high, firms, method = headline
    e = only(book, question=question, option=option)
    assert (e.n, e.base, e.estimate, e.method) == (base, base, count / base, method)
    assert (e.low * firms, e.high * firms) == pytest.approx((low, high), abs=1e-9)


def test_the_leaky_follow_up_has_three_bases(demo):
    found = {}
    for rule in ("answered", "routed", "returned"):
        e = only(share(*demo, "impact_type", base_rule=rule), option="us_regulation_cost")
        found[rule] = (round(e.estimate * e.n), e.n)
        assert "leak" in e.flag.split(";")
    assert found == {"answered": (44, 74), "routed": (44, 97), "returned": (44, 100)}


def test_demands_and_those_who_complied(book):
    asked = only(book, question="tech_transfer_demand", option="1")
    assert round(asked.estimate * asked.n) == 8
    complied = only(book, question="tech_transfer_complied", option="1")
    assert (complied.n, round(complied.estimate * 8)) == (8, 3)
    assert complied.method == "bounds"  # firms with a blank gate may have been asked as well


def test_every_interval_of_the_book_holds_its_estimate(demo):
    for e in banner(*demo, by=["sector"]):
        assert e.n == 0 or e.low <= e.estimate <= e.high
