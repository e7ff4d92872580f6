"""Open parameters on the page: the widest first, the same numbers in the table, in both languages."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.foreseen import foreseen_for
from dashboard.pages.scenario_tornado import tornado_panel
from dashboard.selection import View
from tests.dashboard.test_scenarios_page import foreseen, text, without


def made(*, change: float = 0.02) -> pd.DataFrame:
    rows = []
    for parameter, size in (("dormant", change / 10), ("licence", change), ("date US-EL", 0.0)):
        for end, sign in (("low", -1.0), ("high", 1.0)):
            setting = "not in force" if parameter.startswith("date") else "0.75"
            base = {"parameter": parameter, "end": end, "setting": setting, "standing": "0.5", "level": 0.9}
            base |= {"declared": "default", "n": 100, "entered": "", "left": "", "method": "", "flag": ""}
            by = sign * size
            ends = {"before": 0.04, "after": 0.04 + by, "difference": by, "low": by, "high": by}
            rows.append({**base, "stat": "squeeze", **ends, "estimate": by})
            gone = {"before": 5.0, "after": 4.0, "difference": -1.0, "left": "S001", "estimate": -1.0}
            rows.append({**base, "stat": "top_tier", **gone})
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("lang", "first", "moves"),
    [
        ("en", "Severity of a licence", "4 firms: 0 come, 1 go"),
        ("ja", "許可制の重さ", "4社：0社が入り、1社が出る"),
    ],
)
def test_the_widest_comes_first_and_the_table_says_who_moves(
    internal: Path, lang: str, first: str, moves: str
) -> None:
    shelf = without(foreseen(internal).shelf, tornado=made())
    view = View(lang=lang)
    found = foreseen_for(shelf, view)
    assert found is not None
    panel = tornado_panel(found, view, "light")
    said = text(panel)
    title = panel.children[0].children  # type: ignore[union-attr]
    assert first in title and moves in said
    assert "+0.020" in said and "−0.002" in said


def test_nothing_that_moves_is_said_and_drawn_as_nothing(internal: Path) -> None:
    shelf = without(foreseen(internal).shelf, tornado=made(change=0.0))
    found = foreseen_for(shelf, View())
    assert found is not None
    said = text(tornado_panel(found, View(), "light"))
    assert "Nothing that is open moves" in said and '"tornado"' not in said


def test_a_release_without_it_shows_nothing(internal: Path, public: Path) -> None:
    for folder in (internal, public):
        shelf = without(foreseen(folder).shelf, tornado=None)
        found = foreseen_for(shelf, View())
        assert found is not None and tornado_panel(found, View(), "light") is None
