"""What would take a firm out of the top tier, where its doubt comes from, and firms side by side."""

from pathlib import Path

import pytest

from dashboard.compared import chances_of, density_of
from dashboard.pages.comparison import compare_firms
from dashboard.pages.leaving import ask_next_of_all, doubts_of, leaving_of
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf


@pytest.fixture(scope="module")
def shelf(internal: Path) -> Shelf:
    return open_shelf(internal)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_each_way_out_stands_with_n_interval_and_tier(shelf: Shelf, lang: str) -> None:
    text = str(leaving_of(shelf, View(lang=lang, firm="T002")))
    assert "100" in text and "0.070 → 0.000" in text and "−0.070" in text
    assert "1 → 2" in text and "share=0" in text and "flow=L2" in text
    assert leaving_of(shelf, View(lang=lang, firm="T003")) == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_shares_of_doubt_say_what_to_ask_next(shelf: Shelf, lang: str) -> None:
    text = str(doubts_of(shelf, lang, "T002"))
    assert "90%" in text.replace("％", "%") and "10%" in text.replace("％", "%")
    assert doubts_of(shelf, lang, "T003") == []
    assert "100" in str(ask_next_of_all(shelf, lang))


def test_compared_firms_stand_under_all_firms_with_the_chance_that_both_are_high(shelf: Shelf) -> None:
    chances, high, over = chances_of(shelf, ["T002", "T003"])
    assert set(chances) == {"T002", "T003"} and all(0 <= value <= 1 for value in chances.values())
    assert set(over) <= {"links"}  # this Release keeps no scene: links alone
    assert (shelf.firms["us"] >= high[0]).mean() == pytest.approx(0.25, abs=0.02)
    shades, middle = density_of(shelf, "squeeze", 1.0)
    assert max(shades) == 1.0 and middle == pytest.approx(shelf.firms["squeeze"].median())
    text = str(compare_firms(shelf, View(compare=("T002", "T003"))))
    assert "All 100 firms" in text and "Both high" in text


def test_other_readers_see_none_of_it(public: Path) -> None:
    held = open_shelf(public)
    assert leaving_of(held, View(firm="T002")) == [] and doubts_of(held, "en", "T002") == []
    assert ask_next_of_all(held, "en") == [] and compare_firms(held, View(compare=("T002",))) == []
