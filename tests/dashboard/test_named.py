"""Rules are said by name where a text gives their ids."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.benchmark_tables import moves_table
from dashboard.named import name_rules, rule_names
from dashboard.pages.frame import surround
from dashboard.pages.given import named_rules
from dashboard.selection import View
from dashboard.shelf import open_shelf
from tests.dashboard.latin import said_in


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("on US-EL, US-X", [("on ", ""), ("Entity List", "US-EL"), (", US-X", "")]),
        ("US-EL.", [("Entity List", "US-EL"), (".", "")]),
        ("US-ELX and a US-China deal", [("US-ELX and a US-China deal", "")]),
        ("リスト：US-ELほか", [("リスト：", ""), ("Entity List", "US-EL"), ("ほか", "")]),
        ("", []),
    ],
)
def test_ids_of_the_catalogue_alone_are_named(words: str, said: list[tuple[str, str]]) -> None:
    assert name_rules({"US-EL": "Entity List"}, words) == said


def test_the_id_stands_small_beside_the_name() -> None:
    name, one = named_rules({"US-EL": "Entity List"}, "US-EL")
    assert name == "Entity List" and one.children == "US-EL" and "rule-id" in one.className


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_foot_and_comparison_name_rules(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    names = rule_names(shelf, lang)
    rule = next(iter(names))
    shelf.manifest["notice"] = {lang: [f"Lists: {rule} and 3 more."]}
    said = list(said_in(surround(shelf, View(lang=lang), "briefing", [])))
    assert f"{names[rule]}" in said and rule in said
    row = {"measure": "us", "channel": "sales", "before": 0.03, "after": 0.0, "low": 0.2, "high": 0.6}
    row |= {"what": "motors", "partner": "C1", "evidence": f"{rule} (licence)"}
    table = moves_table(shelf, pd.DataFrame([row]), lang)
    assert (
        f'{names[rule]} <span class="rule-id">{rule}</span>{"（許可）" if lang == "ja" else " (licence)"}'
        in table
    )
