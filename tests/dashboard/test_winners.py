"""Whom a scenario burdens and relieves stands with n and interval; other readers see nothing of it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.scenario.record import WINNERS_COLUMNS
from dashboard.foreseen import foreseen_for
from dashboard.pages.scenario_winners import winners_panel
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf


def having(shelf: Shelf, stat: str = "squeeze") -> Shelf:
    scenario = str(shelf.tables["scenarios"]["scenario"].iloc[0])
    row = dict.fromkeys(WINNERS_COLUMNS, "") | {"scenario": scenario, "stat": stat, "n": 100, "level": 0.9}
    row |= {"burdened": 13, "burdened_low": 12, "burdened_high": 14, "burdened_mean": 0.0123}
    row |= {
        "relieved": 0,
        "relieved_low": 0,
        "relieved_high": 0,
        "relieved_mean": float("nan"),
        "unmoved": 87,
    }
    return replace(shelf, tables={**shelf.tables, "scenario_winners": pd.DataFrame([row])})


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_counts_stand_with_n_interval_and_mean(internal: Path, lang: str) -> None:
    shelf = having(open_shelf(internal))
    scenario = str(shelf.tables["scenarios"]["scenario"].iloc[0])
    view = View(lang=lang, scenario=scenario, stat="squeeze")
    found = foreseen_for(shelf, view)
    assert found is not None
    text = str(winners_panel(found, view))
    for word in ("100", "13", "12", "14", "0.012", "87", "90"):
        assert word in text
    other = foreseen_for(shelf, replace(view, stat="us"))
    assert other is not None and winners_panel(other, view) is None


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Of 100 firms it burdens none and relieves none"),
        ("ja", "100社に、負担が増える企業も軽くなる企業もない"),
    ],
)
def test_nobody_is_not_counted(internal: Path, lang: str, title: str) -> None:
    shelf = having(open_shelf(internal))
    none = shelf.tables["scenario_winners"].assign(burdened=0, burdened_low=0, burdened_high=0, unmoved=100)
    shelf = replace(shelf, tables={**shelf.tables, "scenario_winners": none})
    view = View(lang=lang, scenario=str(none["scenario"].iloc[0]), stat="squeeze")
    found = foreseen_for(shelf, view)
    assert found is not None
    assert title in str(winners_panel(found, view))


def test_other_readers_see_none(public: Path) -> None:
    found = foreseen_for(open_shelf(public), View())
    assert found is not None and winners_panel(found, View()) is None
