"""What changed, on the briefing: only answers asked alike, claims no stronger than their intervals."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.pages.changed import changed_panel
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf


def _with(shelf: Shelf, *changes: dict[str, object]) -> Shelf:
    """The shelf with printed changes that differ from the made-up one in some columns."""
    first = shelf.tables["published_changes"].iloc[0].to_dict()
    table = pd.DataFrame([{**first, **change} for change in changes], columns=list(first))
    return replace(shelf, tables={**shelf.tables, "published_changes": table})


def _said(shelf: Shelf, lang: str = "en") -> str:
    found: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, list | tuple):
            for one in part:
                walk(one)
        elif part is not None:
            walk(getattr(part, "children", None))

    walk(changed_panel(shelf, View(lang=lang)))
    return "\n".join(found)


@pytest.mark.parametrize(
    ("lang", "claim"),
    [
        ("en", "No detectable change in the one answer"),
        ("ja", "同じ聞き方の1項目では、前回からの変化は確認できない"),
    ],
)
def test_an_interval_over_zero_is_no_change(internal: Path, lang: str, claim: str) -> None:
    said = _said(open_shelf(internal), lang)
    assert said.startswith(claim)
    assert ("−5 points" if lang == "en" else "−5ポイント") in said and "17" in said


def test_a_change_is_claimed_and_one_asked_otherwise_is_not_compared(internal: Path) -> None:
    felt = {"low": -0.10, "high": -0.01, "flag": "change"}
    said = _said(_with(open_shelf(internal), felt, {"flag": "break", "option": "2"}))
    assert said.startswith("1 of 1 answers asked alike changed")
    assert "One more answer stands in two waves" in said and "would hardly show" not in said


def test_where_nothing_can_be_compared_it_says_why(internal: Path) -> None:
    shelf = open_shelf(internal)
    assert "asked in another way" in _said(_with(shelf, {"flag": "break"}))
    bare = {
        name: table for name, table in shelf.tables.items() if name not in ("changes", "published_changes")
    }
    assert "One wave only" in _said(replace(shelf, tables=bare))
