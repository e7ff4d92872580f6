"""What a scenario does in words: as many decimals as tell before from after, as strong as the interval."""

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.figures.breadth import Step, draw_breadth
from dashboard.foreseen import Foreseen, foreseen_for
from dashboard.scenario_words import as_difference, digits_under, ends_words, limits_words, scenario_sentence
from dashboard.selection import View
from dashboard.shelf import open_shelf
from dashboard.theme import DIVISIONS


def _with(folder: Path, **cells: float) -> Foreseen:
    """The first made-up scenario with other numbers on all firms."""
    found: Any = foreseen_for(open_shelf(folder), View(scenario="limb1"))
    table = found.shelf.tables["scenario_effects"].copy()
    mine = (table["scenario"] == "limb1") & (table["by"] == "") & (table["stat"] == "squeeze")
    assert mine.sum() == 1
    for key, value in cells.items():
        table.loc[mine, key] = value
    found.__dict__["_effects"] = table
    return found


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0212, "+0.021"), (-0.0004, "−<0.001"), (1e-5, "+<0.001"), (0.0, "0.000"), (-1e-12, "0.000")],
)
def test_a_difference_too_small_for_its_decimals_is_not_told_as_none(value: float, told: str) -> None:
    assert as_difference(value) == told


def test_limits_that_round_alike_are_not_the_same_in_every_draw() -> None:
    assert limits_words("en", 0.0201, 0.0204, 0.9) == "90% interval +0.0201 to +0.0204"
    assert ends_words("en", 0.005962, 0.006014) == "+0.00596 to +0.00601"
    assert limits_words("en", 0.02, 0.0200001, 0.9) == "90% interval narrower than the last digit"
    assert ends_words("ja", 0.02, 0.0200001) == "幅は表示単位未満"
    assert limits_words("en", 0.0201, 0.0214, 0.9) == "90% interval +0.020 to +0.021"
    assert limits_words("en", 0.02, 0.02, 0.9) == "the same in every draw"
    assert ends_words("en", 0.02, 0.02) == "no spread" and ends_words("en", float("nan"), 0.1) == ""


def test_a_short_axis_has_more_decimals() -> None:
    assert [digits_under(to) for to in (1.0, 0.02, 0.01, 0.002, 0.001)] == [3, 3, 4, 4, 5]


def test_small_numbers_are_told_apart(internal: Path) -> None:
    found = _with(internal, before=0.0213, after=0.02134, estimate=0.00004, low=0.00004, high=0.00004)
    assert "rises from 0.02130 to 0.02134 on average" in scenario_sentence(found, "en")


def test_an_interval_over_nothing_is_no_detectable_change(internal: Path) -> None:
    found = _with(internal, before=0.02, after=0.021, estimate=0.001, low=-0.002, high=0.004)
    assert "no detectable change of" in scenario_sentence(found, "en")
    assert "変化は確認できない" in scenario_sentence(found, "ja")
    found = _with(internal, before=0.02, after=0.021, estimate=0.001, low=0.0, high=0.004)
    assert " rises from " in scenario_sentence(found, "en")


@pytest.mark.parametrize("end", DIVISIONS)
def test_words_of_an_axis_are_where_its_lines_are(end: float) -> None:
    steps = [
        Step(str(place), part * end, part * end, part * end, "") for place, part in enumerate((0.8, 0.9))
    ]
    axis = draw_breadth(steps, ground="light", side="both")["layout"]["yaxis"]
    assert axis["range"] == [0, end] and axis["dtick"] == pytest.approx(end / DIVISIONS[end])
    assert re.fullmatch(r"\.\d~f", axis["tickformat"])
    places = int(axis["tickformat"][1])
    lines = [axis["dtick"] * line for line in range(DIVISIONS[end] + 1)]
    assert [round(line, places) for line in lines] == pytest.approx(lines, abs=1e-12)
