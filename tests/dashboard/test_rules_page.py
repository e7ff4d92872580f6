"""Rules: every rule of a day on one page, cards that say what rows say, and no flow for others."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.figures.matrix import place_pairs
from dashboard.figures.timeline import place_bars, track_of
from dashboard.pages.rules import show_rules
from dashboard.pages.rules_card import show_card
from dashboard.pages.rules_pair import pair_panel
from dashboard.pages.rules_tests import in_words
from dashboard.ruled import Ruled, ruled_for
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import as_amount

PAIR = "US-EL~CN-AFSL~Art. 12~duty"


def text(parts: Any) -> str:
    return json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def ruled(folder: Path, **parts: str) -> Ruled:
    found = ruled_for(open_shelf(folder), View(**parts))  # type: ignore[arg-type]
    assert found is not None
    return found


def page(folder: Path, **parts: str) -> str:
    return text(show_rules(open_shelf(folder), View(**parts), "light"))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_rule_is_a_strip_and_the_claim_is_the_count(public: Path, lang: str) -> None:
    one = ruled(public, day="2025-10-20", lang=lang)
    said = page(public, day="2025-10-20", lang=lang)
    assert len(one.shown) == 122 and one.counts == {
        "in_force": 107, "suspended": 0, "not_started": 14, "ended": 1,
    }  # fmt: skip
    assert ("107 of 122" if lang == "en" else "122件中107件") in said
    rows = next(found for found in _tables(said) if any("group" in row for row in found["rows"]))
    assert sum("group" not in row for row in rows["rows"]) == 122
    names = set(one.instruments["ja" if lang == "ja" else "instrument"])
    assert {row[0][0]["t"] for row in rows["rows"] if "group" not in row} == names - {""}


def test_a_rule_in_force_with_open_dates_says_so_on_its_line(public: Path) -> None:
    for lang, words in (
        ("en", "since 13 January 2025, rescission announced on 13 May 2025; the formal text was not checked"),
        ("ja", "2025年1月13日から、2025年5月13日に撤回を発表；正式な条文は未確認"),
    ):
        rows = next(found for found in _tables(page(public, day="2026-01-15", lang=lang)) if "rows" in found)[
            "rows"
        ]
        lines = [row for row in rows if "group" not in row and row[0][1]["t"] == "US-AIDIFF"]
        assert [row[1][1]["t"] for row in lines] == [words]


def _tables(said: str) -> list[dict[str, Any]]:
    found = []
    decoder = json.JSONDecoder()
    at = said.find('"data-table": ')
    while at >= 0:
        words, _ = decoder.raw_decode(said[at + len('"data-table": ') :])
        found.append(json.loads(words))
        at = said.find('"data-table": ', at + 1)
    return found


def test_the_day_decides_and_suspensions_show(public: Path) -> None:
    limb = "CN-61-2025-L3"
    for day, state in (
        ("2025-10-08", "not_started"),
        ("2025-10-20", "in_force"),
        ("2025-11-20", "suspended"),
    ):
        rows = ruled(public, day=day).instruments.set_index("id")
        assert rows.loc[limb, "state"] == state
    assert "On this day: " in page(public, day="2025-11-07")
    assert "the next change known is on 24 February 2026" in page(public, day="2026-01-15")
    some = ruled(public, day="2026-01-15", side="cn", state="suspended").shown
    assert set(some["side"]) == {"cn"} and set(some["state"]) == {"suspended"} and len(some) == 5


def test_words_of_the_address_that_mean_nothing_are_passed_over(public: Path) -> None:
    assert ruled(public, day="not a day").day == date(1999, 12, 31)
    assert len(ruled(public, side="mars", state="asleep").shown) == 122
    assert "no rule called NOBODY" in page(public, instrument="NOBODY")
    assert "have no such pair" in page(public, pair="a~b~c~d")
    view = View(day="2025-10-20", side="cn", state="suspended", instrument="US-EL", pair=PAIR, span="all")
    assert read_address(address("/rules", view).partition("?")[2]) == view


def test_strips_lie_where_their_days_are(public: Path) -> None:
    one = ruled(public, day="2026-01-15")
    track = track_of(one.intervals, "recent", one.day)
    bars = place_bars(one.intervals, track)
    assert (track.first, track.last.month, track.last.day) == (date(2018, 1, 1), 1, 1)
    limb = sorted(bars["CN-61-2025-L3"])
    assert limb[0][0] == track.at(date(2025, 10, 9)) and limb[0][2] == "in_force"
    assert [kind.split()[0] for _, _, kind in limb][:2] == ["in_force", "suspended"]
    assert any("uncertain" in kind for _, _, kind in limb)
    assert all(
        0 <= left <= 100 and left + width <= 100.3 for rows in bars.values() for left, width, _ in rows
    )
    assert "COCOM" not in bars and "COCOM" in place_bars(
        one.intervals, track_of(one.intervals, "all", one.day)
    )
    for span in ("recent", "all"):
        assert 4 <= len(track_of(one.intervals, span, one.day).ticks()) <= 9


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_fourth_card_can_be_opened(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    for instrument in shelf.tables["instruments"]["id"][2 if lang == "ja" else 0 :: 4]:
        one = ruled_for(shelf, View(instrument=instrument, lang=lang))
        assert one is not None
        said = text(show_card(one, lang))
        assert f'"{instrument}"' in said and "drawer-title" in said
        assert not re.search(r'"nan"|<NA>|"None"|\{\w+\}', said), instrument


def test_a_card_says_what_the_rows_say(internal: Path) -> None:
    said = page(internal, instrument="US-DEMIN-25", day="2026-01-15")
    assert "is more than 25% (exactly that is not enough)" in said and "not reviewed" in said
    assert "no, as shipped" in said and "controlled US-origin content" in said
    limb = page(internal, instrument="CN-61-2025-L1", day="2026-01-15")
    assert "0.1% or more (exactly that is enough)" in limb and "suspended" in limb
    assert "Context only" in page(internal, instrument="US-ECRA")
    assert "Japan" in page(internal, instrument="US-FDP-SME") and "JP-SME23" in page(
        internal, instrument="US-FDP-SME"
    )
    fit = page(internal, instrument="US-EL")
    assert "200 flows of 100 firms" in fit and "may be punished by" in fit


def test_a_card_says_that_english_on_a_japanese_page_is_the_original(internal: Path) -> None:
    cards = {
        lang: text(show_card(ruled(internal, instrument="US-EL", lang=lang), lang)) for lang in ("en", "ja")
    }
    assert '"lang": "en"' in cards["ja"] and "原文の表記" in cards["ja"]
    assert '"lang": "en"' not in cards["en"] and "as its source has it" not in cards["en"]


def test_tests_in_words_know_countries_lists_and_thresholds(internal: Path) -> None:
    one = ruled(internal)

    def words(field: str, operator: str, value: str, lang: str = "en") -> str:
        return in_words(one, lang, pd.Series({"field": field, "operator": operator, "value": value}))

    assert words("buyer_country", "in", "CN|HK") == "the destination is China or Hong Kong"
    assert words("buyer_lists", "listed_on", "US-EL") == "the buyer stands on Entity List"
    assert words("us_content", "more_than", "0.25", "ja").endswith("25％を超える（ちょうどは含まない）")
    assert words("direct_product", "equals", "yes") == "it is a direct product of the US technology named"
    assert "and 2 more" not in words("hs", "starts_with", "|".join("12345678"))
    assert words("hs", "starts_with", "|".join("123456789")).endswith("or 1 more")


def test_a_changed_rule_says_by_whom_inside_and_only_that_outside(internal: Path, public: Path) -> None:
    for folder, is_open in ((internal, True), (public, False)):
        shelf = open_shelf(folder)
        rows = shelf.tables["instruments"].copy()
        rows.loc[rows["id"] == "US-EL", "changed"] = True
        history = pd.DataFrame(
            {"table": ["gates"], "key": ["US-EL"], "by": ["A. Person"], "on": ["2026-01-01"],
             "why": ["a text"], "before": ["x"], "after": ["y"]}
        )  # fmt: skip
        more = {"instruments": rows} | ({"rule_history": history} if is_open else {})
        said = text(
            show_rules(Shelf(shelf.manifest, dict(shelf.tables) | more), View(instrument="US-EL"), "light")
        )
        assert "yes, by a file of the study" in said
        assert ("A. Person" in said) is is_open


def test_pairs_lead_to_flows_inside_and_only_to_law_outside(internal: Path, public: Path) -> None:
    said = page(internal, pair=PAIR)
    assert "200 flows" in said and "100 flows of 100 firms" in said and "a made-up bill" in said
    assert "not supplying the listed party without a licence" in said
    assert "60 of 100" not in said and "40 of 100 rows" in said
    outside = page(public, pair=PAIR)
    assert (
        "not supplying the listed party" in outside
        and "The flows it meets are not in this release" in outside
    )
    for word in ("a made-up bill", "Made-up", "T001", "P01", "awaiting"):
        assert word not in outside.replace("Made-up survey", ""), word


def test_what_is_said_of_a_pair_is_not_said_again_at_each_flow(internal: Path) -> None:
    one = ruled(internal, pair=PAIR)
    note = one.pairs.loc[(one.pairs["duty"] == "US-EL") & (one.pairs["clause"] == "CN-AFSL"), "note"].iloc[0]
    for warning, times in ((f"uncertain pair: {note}", 0), ("uncertain pair: something else", 40)):
        tables = dict(one.shelf.tables)
        tables["collisions"] = tables["collisions"].assign(warning=warning)
        said = text(pair_panel(replace(one, shelf=replace(one.shelf, tables=tables)), "en"))
        assert said.count(note) == 1 and said.count(warning) == times


@pytest.mark.parametrize(("lang", "words"), [("en", "red flag of "), ("ja", "の懸念の兆候")])
def test_a_flag_of_owners_is_said_by_the_rule_that_raises_it(internal: Path, lang: str, words: str) -> None:
    one = ruled(internal, instrument="US-AFFIL", lang=lang)
    row = pd.Series({"field": "buyer_lists", "operator": "listed_on", "value": "US-AFFIL-FLAG"})
    said = in_words(one, lang, row)
    assert words in said and "FLAG" not in said


def test_lethal_pairs_stand_on_top_and_statuses_apart() -> None:
    rows = pd.DataFrame(
        {
            "duty": ["A", "B", "C"], "clause": ["X", "X", "Y"], "status": ["duty", "dormant", "exercised"],
            "lethal": [False, False, True], "estimate": [10.0, 99.0, 1.0], "share": [0.1, 0.2, 0.0],
        }
    )  # fmt: skip
    grid = place_pairs(rows)
    assert grid.duties == ("C", "B", "A") and grid.clauses == ("Y", "X") and grid.measure == "estimate"
    assert grid.length(99.0) == 1.0 and grid.length(0.0) == 0.0
    assert place_pairs(rows.assign(estimate=float("nan"))).measure == "share"
    assert place_pairs(rows[["duty", "clause", "status"]]).measure == ""


def test_technologies_and_parties_only_where_firms_are(internal: Path, public: Path) -> None:
    said = page(internal)
    assert "Rare earths and magnets: 95% of what 40 firms buy leads to China (90% interval " in said
    assert "2 parties await a judgement" in said and "Made-up Trading Co" in said
    assert "架空商事" in page(internal, lang="ja")
    outside = page(public)
    assert "33 technologies of the catalogue" in outside and "90%" not in outside
    assert "await a judgement" not in outside and "awaiting judgement" not in outside


def test_a_release_without_rules_says_so(internal: Path) -> None:
    shelf = open_shelf(internal)
    less = {name: table for name, table in shelf.tables.items() if name in ("estimates", "wording", "claims")}
    assert "holds no rules" in text(show_rules(Shelf(shelf.manifest, less), View(), "light"))


@pytest.mark.parametrize(("lang", "both"), [("en", "sales and inputs"), ("ja", "売上・調達")])
def test_a_pair_of_the_catalogue_is_one_mark_with_its_channels(public: Path, lang: str, both: str) -> None:
    said = page(public, lang=lang)
    marks = re.findall(r'"className": "mark [a-z]+", "href": "([^"]+)"', said)
    known = ruled(public).pairs
    assert len(marks) == len(set(marks)) == known["key"].nunique() < len(known)
    assert both in said


def test_files_hold_what_the_address_asks_for(
    internal_client: FlaskClient, public_client: FlaskClient
) -> None:
    def rows(path: str) -> list[dict[str, str]]:
        answer = internal_client.get(path)
        assert answer.status_code == 200, path
        return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    found = rows("/instruments.csv?day=2025-11-20&side=cn&state=suspended")
    assert {row["state"] for row in found} == {"suspended"} and {row["side"] for row in found} == {"cn"}
    assert {row["day"] for row in found} == {"2025-11-20"}
    pair = rows("/collisions.csv?pair=US-EL~CN-AFSL~Art.%2012~duty")
    assert {row["clause"] for row in pair} == {"CN-AFSL"} and len(pair) == 100
    assert internal_client.get("/collisions.csv?pair=no").status_code == 404
    for name in ("collision_matrix", "collisions", "technology_sides"):
        assert len(rows(f"/{name}.csv")) > 0
        assert public_client.get(f"/{name}.csv").status_code == 404
    for name in ("instruments", "rule_intervals", "rule_tests", "rule_pairs"):
        assert public_client.get(f"/{name}.csv").status_code == 200


def test_amounts_are_short_in_both_languages() -> None:
    assert [as_amount("en", value) for value in (0.0, 12.3, 1441167.0)] == ["0", "12.3", "1.4M"]
    assert [as_amount("ja", value) for value in (1722.59, 1441167.0, 13774000.0)] == [
        "1,723",
        "144.1万",
        "1,377.4万",
    ]
