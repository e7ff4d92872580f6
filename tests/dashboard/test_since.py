"""Each headline figure tells its change since the wave before, or why it tells none."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.claims import headline_rows
from dashboard.pages.headlines import headline_figures
from dashboard.shelf import Shelf, open_shelf
from dashboard.since import since_unmeasured, since_words


def _changed(shelf: Shelf, **more: object) -> Shelf:
    """The Release with a change of `had_to_choose` to this wave."""
    row = shelf.tables["published_changes"].iloc[0].to_dict()
    row |= {"from_wave": "1997", "to_wave": "1999", **more}
    return replace(shelf, tables={**shelf.tables, "published_changes": pd.DataFrame([row])})


def _chose(shelf: Shelf) -> pd.Series:
    return next(row for row in headline_rows(shelf) if row["question"] == "had_to_choose")


@pytest.mark.parametrize(
    ("more", "en", "ja"),
    [
        ({}, "No detectable change since 1997", "1997から変化は確認できない"),
        (
            {"flag": "change", "estimate": 0.1, "low": 0.02, "high": 0.18},
            "+10 points since 1997 (95% interval +2 to +18)",
            "1997から+10ポイント（95％信頼区間 +2～+18）",
        ),
        (
            {"flag": "break"},
            "Asked in another way in 1997: no change told",
            "1997とは聞き方が異なり、変化は示せない",
        ),
    ],
)
def test_a_change_to_this_wave_is_told(internal: Path, more: dict[str, object], en: str, ja: str) -> None:
    shelf = _changed(open_shelf(internal), **more)
    assert since_words(shelf, "en", _chose(shelf)) == en
    assert since_words(shelf, "ja", _chose(shelf)) == ja


def test_a_change_between_other_waves_is_not_that_of_this_one(internal: Path) -> None:
    shelf = open_shelf(internal)
    assert since_words(shelf, "en", _chose(shelf)) == "No change told since 1998"


def test_a_contrast_tells_both_answers_once_where_they_are_alike(internal: Path) -> None:
    shelf = open_shelf(internal)
    row = next(row for row in headline_rows(shelf) if row["stat"] == "difference")
    assert since_words(shelf, "en", row) == "No earlier wave"


def test_pressure_has_no_earlier_wave(internal: Path) -> None:
    shelf = open_shelf(internal)
    assert since_unmeasured(shelf, "ja") == "前回の調査なし"
    held = replace(shelf, tables={**shelf.tables, "earlier": shelf.tables["estimates"].iloc[:1]})
    assert since_unmeasured(held, "en") == "Not worked out for earlier waves"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_figure_has_the_line(internal: Path, public: Path, lang: str) -> None:
    for folder in (internal, public):
        figures = headline_figures(open_shelf(folder), lang)
        lines = [str(figure).count("className='note since'") for figure in figures]
        assert len(figures) == 4 and lines == [1] * 4
