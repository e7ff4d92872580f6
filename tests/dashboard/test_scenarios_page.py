"""Scenarios: claims that are the numbers, one scale, nothing of firms for others, and files by address."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.figures.breadth import Step, draw_breadth
from dashboard.foreseen import Foreseen, foreseen_for, top_of
from dashboard.pages.briefing import show_briefing
from dashboard.pages.change_words import cell_words
from dashboard.pages.dumbbells import Bell, bell_words
from dashboard.pages.scenarios import show_scenarios
from dashboard.scenario_words import as_difference, scenario_sentence
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf


def foreseen(folder: Path, **parts: str) -> Foreseen:
    found = foreseen_for(open_shelf(folder), View(**parts))  # type: ignore[arg-type]
    assert found is not None
    return found


def text(parts: Any) -> str:
    return json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def without(shelf: Shelf, **changed: pd.DataFrame | None) -> Shelf:
    held = {**shelf.tables, **changed}
    return Shelf(shelf.manifest, {name: table for name, table in held.items() if table is not None})


def test_the_scenario_that_moves_most_comes_first(internal: Path) -> None:
    found = foreseen(internal)
    assert (found.scenario, found.stat) == ("limb1", "squeeze")
    assert found.beside["scenario"].tolist() == ["limb1", "both", "nothing", "relief"]


@pytest.mark.parametrize(
    ("scenario", "english", "japanese"),
    [("limb1", "rises", "上昇"), ("relief", "falls", "低下"), ("nothing", "stays", "のまま")],
)
def test_the_claim_is_the_numbers(internal: Path, scenario: str, english: str, japanese: str) -> None:
    found = foreseen(internal, scenario=scenario)
    row = found.row
    assert row is not None
    said = scenario_sentence(found, "en")
    assert f" {english} " in said and f"{row['before']:.3f}" in said and "100 firms" in said
    assert (f"{row['after']:.3f}" in said) == (scenario != "nothing") or row["before"] == row["after"]
    assert japanese in scenario_sentence(found, "ja")


def test_the_measure_of_the_address_turns_every_part(internal: Path) -> None:
    shelf = open_shelf(internal)
    squeeze = text(show_scenarios(shelf, View(scenario="limb1"), "light"))
    reach = text(show_scenarios(shelf, View(scenario="limb1", stat="us"), "light"))
    assert "+0.020" in squeeze and "+0.040" in squeeze
    assert "+0.020" not in reach and "the reach of US rules stays at" in reach
    assert "All scenarios: the reach of US rules" in reach
    assert foreseen(internal, stat="nonsense").stat == "squeeze"


def test_each_row_has_its_interval_and_one_scale(internal: Path) -> None:
    found = foreseen(internal)
    rows = found.beside
    to = top_of(rows)
    assert (rows["before"] + rows["high"]).max() <= to and rows["after"].max() <= to
    page = text(show_scenarios(found.shelf, View(), "light"))
    for _, row in rows.iterrows():
        if row["estimate"]:
            assert f"{as_difference(row['low'])} to {as_difference(row['high'])}" in page


def test_what_changed_is_in_words_with_clause_and_source(internal: Path) -> None:
    page = text(show_scenarios(open_shelf(internal), View(scenario="both"), "light"))
    assert "a notice" in page and '"734.4", " · ", "15 CFR"' in page and "25%" in page and "0%" in page
    assert "suspended from 10 November 1999" in page and "in force from 31 December 1999" in page
    assert "Together: The 0.1% rule back in force and A licence without conditions." in page
    japanese = text(show_scenarios(open_shelf(internal), View(scenario="both", lang="ja"), "light"))
    assert "停止中 1999年11月10日から" in japanese and "0.1％規則の再発効" in japanese


def test_the_rule_of_one_who_joins_is_named_by_rule_and_country(internal: Path) -> None:
    found = foreseen(internal)
    known = next(iter(found.shelf.tables["instruments"]["id"].astype(str)))
    own = {lang: found.rule(lang, known) for lang in ("en", "ja")}
    assert found.rule("en", f"{known}+NL") == f"{own['en']}, joined by the Netherlands"
    assert found.rule("ja", f"{known}+JP") == f"日本が同調する{own['ja']}"
    assert found.rule("en", "NO-SUCH") == "NO-SUCH"


def test_money_is_counted_in_the_units_of_the_language(internal: Path) -> None:
    shelf = open_shelf(internal)
    table = shelf.tables["scenario_effects"].copy()
    mine = (table["stat"] == "at_stake") & (table["by"] == "")
    table.loc[mine, ["before", "after", "estimate"]] = [1_623_000.0, 123_400_000.0, 121_777_000.0]
    for lang, words in (("en", "123.4 million"), ("ja", "1.23億")):
        page = text(show_scenarios(without(shelf, scenario_effects=table), View(lang=lang), "light"))
        assert words in page and "百万" not in page
    table.loc[mine, ["before", "after", "estimate"]] = [1_623_000.0, 1_863_000.0, 240_000.0]
    page = text(show_scenarios(without(shelf, scenario_effects=table), View(lang="ja"), "light"))
    assert "162.3万" in page and "+24.0万" in page


def test_dates_that_run_on_are_told_as_one(internal: Path) -> None:
    row = {
        "table": "in_force", "column": "state", "key": "X",
        "before": "suspended 1999-11-10 to 2000-11-09; scheduled 2000-11-10 to open",
        "after": "in_force 1999-11-10 to 2000-11-09; in_force 2000-11-10 to open",
    }  # fmt: skip
    before, after = cell_words(foreseen(internal), "en", row)
    assert before == "suspended 10 November 1999 to 9 November 2000; scheduled from 10 November 2000"
    assert after == "in force from 10 November 1999"
    apart = row | {"after": "in_force 1999-11-10 to 2000-11-08; in_force 2000-11-10 to open"}
    assert cell_words(foreseen(internal), "en", apart)[1].count("in force") == 2


def test_moves_between_tiers_add_up(internal: Path) -> None:
    found = foreseen(internal)
    page = text(show_scenarios(found.shelf, View(), "light"))
    assert "5 of 100 firms stand in a higher tier than before, 2 in a lower one" in page
    moves = found.part("scenario_moves").copy()
    moves["tier_after"] = moves["tier_before"]
    still = text(show_scenarios(without(found.shelf, scenario_moves=moves), View(), "light"))
    assert "None of 100 firms changes its tier" in still


def test_winners_and_losers_are_told_apart(internal: Path) -> None:
    page = text(show_scenarios(open_shelf(internal), View(scenario="limb1"), "light"))
    up = foreseen(internal, scenario="limb1").rows("firm")["estimate"]
    assert f"{(up > 0.0005).sum()} of 100 firms are pressed harder, {(up < -0.0005).sum()} less" in page
    nothing = text(show_scenarios(open_shelf(internal), View(scenario="nothing"), "light"))
    assert "No firm is pressed harder." in nothing and "No firm is relieved." in nothing


def test_others_see_what_changes_and_no_effect(public: Path) -> None:
    shelf = open_shelf(public)
    page = text(show_scenarios(shelf, View(), "dark"))
    assert re.search(r": \d+ changes? to rules, lists or links", page)
    assert "What these numbers rest on" not in page
    assert "Effects are not in this release" in page and "in force from 31 December 1999" in page
    assert "T001" not in page and "scenario_effects" not in page and "nan" not in page
    assert set(shelf.tables["scenarios"]["kind"]) == {"ready"}
    assert "P03" not in text(show_scenarios(shelf, View(scenario="relief"), "light"))


def test_suppressed_and_abstained_effects_are_words(internal: Path) -> None:
    shelf = open_shelf(internal)
    table = shelf.tables["scenario_effects"].copy()
    table[["before", "after", "estimate", "low", "high"]] = float("nan")
    page = text(show_scenarios(without(shelf, scenario_effects=table), View(), "light"))
    assert "No number could be computed" in page and "not shown: confidentiality" in page
    assert '"nan"' not in page and "<NA>" not in page


def test_the_briefing_says_what_would_change_it(internal: Path, public: Path) -> None:
    page = text(show_briefing(open_shelf(internal), View(lang="ja"), "light"))
    assert "何が変われば動くか" in page and "+0.020" in page and "scenario=limb1" in page
    assert "what-would-change" not in text(show_briefing(open_shelf(public), View(), "light"))


def test_the_groups_of_the_address_have_a_control_where_there_is_a_choice(internal: Path) -> None:
    shelf = open_shelf(internal)
    assert "turn-by" not in text(show_scenarios(shelf, View(scenario="limb1"), "light"))
    effects = shelf.tables["scenario_effects"]
    other = effects[effects["by"] == "sector"].assign(by="had_to_choose", group="1", estimate=0.0777)
    both = without(shelf, scenario_effects=pd.concat([effects, other.iloc[:8]], ignore_index=True))
    by_sector = text(show_scenarios(both, View(scenario="limb1"), "light"))
    assert '"id": "turn-by"' in by_sector and "+0.078" not in by_sector
    shown = show_scenarios(both, View(scenario="limb1", by="had_to_choose"), "light")
    assert "+0.078" in text(shown)
    assert foreseen_for(both, View(by="had_to_choose")).by == "had_to_choose"  # type: ignore[union-attr]
    passed = text(show_scenarios(both, View(scenario="limb1", by="nonsense"), "light"))
    assert "nonsense" in passed and '"id": "turn-by"' in passed


def test_words_of_the_address_that_are_not_held(internal: Path) -> None:
    shelf = open_shelf(internal)
    assert "Scenario: warp" in text(show_scenarios(shelf, View(scenario="warp"), "light"))
    bare = without(shelf, scenarios=None)
    assert "This release holds no scenarios." in text(show_scenarios(bare, View(), "light"))


def test_differences_are_signed_and_their_limits_said() -> None:
    assert [as_difference(v) for v in (0.0214, -0.0214)] == ["+0.021", "−0.021"]
    bell = Bell("a", "a", 0.1, 0.2, 0.1, 0.1, 0.1, 0.9)
    assert bell_words("en", bell) == "the same in every draw"
    nothing = Bell("a", "a", 0.1, 0.2, 0.1, float("nan"), float("nan"), 0.9)
    assert bell_words("en", nothing) == "no interval"


def test_the_curve_has_a_band_only_where_every_step_has_limits() -> None:
    steps = [Step(str(k), 0.1 * k, 0.1 * k - 0.01, 0.1 * k + 0.01, "") for k in range(1, 4)]
    drawn = draw_breadth(steps, ground="light", side="both")
    assert [trace.get("fill") for trace in drawn["data"]] == ["toself", None]
    open_ended = [*steps, Step("4", 0.5, float("nan"), float("nan"), "")]
    assert len(draw_breadth(open_ended, ground="dark", side="us")["data"]) == 1


def test_csv_holds_the_scenario_of_the_address(
    internal_client: FlaskClient, public_client: FlaskClient
) -> None:
    def rows(path: str) -> list[dict[str, str]]:
        answer = internal_client.get(path)
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    assert {row["scenario"] for row in rows("/scenario_effects.csv?scenario=relief")} == {"relief"}
    assert len(rows("/breadth.csv")) == 5
    assert internal_client.get("/scenario_effects.csv?scenario=warp").status_code == 404
    for name in ("scenario_effects", "scenario_moves", "breadth"):
        assert public_client.get(f"/{name}.csv").status_code == 404
    assert public_client.get("/scenario_changes.csv?scenario=limb1").status_code == 200
