"""Survey and Method: claims no surer than intervals, bases in the sentence, trends that stop at breaks."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from flask.testing import FlaskClient

from dashboard.answer_claims import answer_claim, base_sentence, claim_interval, is_apart
from dashboard.asked import Asked, asked_for, question_ids
from dashboard.figures.waves import Point, draw_waves
from dashboard.pages.headlines import claim_with_interval
from dashboard.pages.method import show_method
from dashboard.pages.survey import show_survey
from dashboard.pages.trends import trend_of
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.trend import Trend
from dashboard.wording import as_number, as_points


def asked(folder: Path, **parts: str) -> Asked:
    found = asked_for(open_shelf(folder), View(**parts))  # type: ignore[arg-type]
    assert found is not None
    return found


def text(parts: Any) -> str:
    return json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def test_a_claim_is_as_sure_as_its_interval_allows(internal: Path) -> None:
    one = asked(internal, question="impact_type")
    assert answer_claim(one, "en") == (
        "“Extra cost from US rules” is given most often (59%), "
        "ahead of “Extra cost from Chinese rules” (34%)."
    )
    groups = asked(internal, question="had_to_choose", by="sector")
    assert answer_claim(groups, "en") == (
        "“Yes” is given most often in Machines, but not beyond doubt: its interval overlaps that of "
        "Chemicals and materials."
    )
    assert "区間が重なり" in answer_claim(groups, "ja")


def test_who_was_asked_is_told_by_the_answer_that_led_there(internal: Path) -> None:
    shelf = open_shelf(internal)
    questions = shelf.tables["questions"].copy()
    for rule, words in (
        ("had_to_choose == 1", "Asked of firms that answered “{answer}” to “{question}”."),
        ("had_to_choose == 1 and sector in ('a', 'b')", "Asked where had_to_choose == 1 and sector in"),
    ):
        questions.loc[questions["question"] == "impact_type", "asked_if"] = rule
        own = Shelf(shelf.manifest, {**shelf.tables, "questions": questions})
        told = {
            "question": shelf.label("en", "had_to_choose"),
            "answer": shelf.label("en", "had_to_choose", "1"),
        }
        page = text(show_survey(own, View(question="impact_type"), "light"))
        assert words.format(**told) in page


def test_a_claim_of_one_number_stands_with_its_interval(internal: Path) -> None:
    one = asked(internal, question="had_to_choose")
    words = claim_interval(one, "en")
    assert re.search(r"\d+% to \d+%", words)
    page = show_survey(open_shelf(internal), View(question="had_to_choose"), "light")
    assert f'"children": "{words}", "className": "claim-interval"' in text(page)
    assert claim_interval(asked(internal, question="impact_type"), "en") == ""
    assert claim_interval(asked(internal, question="had_to_choose", by="sector"), "en") == ""


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ((0.6, 0.5, 0.7), (0.4, 0.3, 0.49), True),
        ((0.6, 0.5, 0.7), (0.4, 0.3, 0.51), False),
        ((0.4, 0.3, 0.5), (0.4, 0.3, 0.5), False),
        ((0.6, float("nan"), float("nan")), (0.4, float("nan"), float("nan")), True),
    ],
)
def test_apart_means_intervals_that_do_not_meet(first: tuple, second: tuple, apart: bool) -> None:
    rows = [
        pd.Series(dict(zip(("estimate", "low", "high"), ends, strict=True)) | {"method": "score"})
        for ends in (first, second)
    ]
    assert is_apart(*rows) is apart


def test_two_answers_keep_the_order_of_the_questionnaire(internal: Path) -> None:
    one = asked(internal, question="had_to_choose")
    assert one.options == ["1", "2"]
    assert one.option == "1"
    assert answer_claim(one, "en").startswith("12 of 96 firms")


def test_the_base_rewrites_the_sentence(internal: Path) -> None:
    answered = base_sentence(asked(internal, question="impact_type"), "en")
    routed = base_sentence(asked(internal, question="impact_type", base="routed"), "en")
    assert "the 74 firms that answered" in answered
    assert "15 answered though not to be asked" in answered
    assert "the 97 firms that were to be asked" in routed
    assert "what silent firms could have said" in routed
    assert "97社" in base_sentence(asked(internal, question="impact_type", base="routed"), "ja")


def test_words_the_release_does_not_hold_are_passed_over(internal: Path, public: Path) -> None:
    odd = asked(internal, question="<script>", by="nothing", base="guessed", option="99")
    assert (odd.question, odd.by, odd.base_rule, odd.option) == ("us_china_impact", "", "answered", "1")
    assert asked(public, question="had_to_choose", by="sector", base="routed").by == ""
    assert all(not name.startswith("pressure.") for name in question_ids(open_shelf(internal)))


def test_a_heading_is_not_parted_within_a_word() -> None:
    parts = claim_with_interval("59 of 97 firms answered “Yes” to “Does US-China tension affect you”.", "")
    assert [one.children for one in parts if not isinstance(one, str)] == ["US-China"]
    assert "".join(one if isinstance(one, str) else one.children for one in parts).endswith("affect you”")
    assert claim_with_interval("One word.", "") == ["One word"]


def test_a_trend_is_compared_only_where_it_may_be(internal: Path) -> None:
    trend = trend_of(asked(internal, question="had_to_choose"))
    assert trend is not None
    assert trend.waves == ["1996", "1997", "1998", "1999"]
    assert [change["flag"] for change in trend.changes()] == ["no detectable change"]
    assert trend.breaks("ja") == [("1998", "文言の変更")]
    page = text(show_survey(open_shelf(internal), View(question="had_to_choose"), "light"))
    assert "No detectable change from 1996 to 1997" in page
    assert "A change of less than 17 points would mostly go unseen." in page
    assert "From 1998 on another question: a word was changed." in page
    assert "Open marker" in page
    assert trend_of(asked(internal, question="impact_type")) is None


@pytest.mark.parametrize(("flag", "shown"), [("stated base not reachable;ambiguous base", 63.7), ("", 63.2)])
def test_a_stated_base_that_cannot_be_makes_no_edition_the_larger(
    internal: Path, flag: str, shown: float
) -> None:
    rows = pd.DataFrame(
        {
            "wave": ["2022", "2022"], "edition": ["bulletin", "final"], "row": [51, 52],
            "value": [0.632, 0.637],
            "base": [None, None], "stated_base": [79.0, None], "flag": [flag, "ambiguous base"],
        }
    )  # fmt: skip
    trend = Trend(asked(internal, question="had_to_choose"), "1")
    trend.__dict__["printed"] = rows
    assert list(100 * trend.points["value"]) == [pytest.approx(shown)]


def test_no_line_over_a_gap_or_a_break() -> None:
    def points(*places: float) -> list[Point]:
        return [Point(at, 0.5, 0.4, 0.6, False, False, "") for at in places]

    def lines(places: tuple[float, ...], stops: tuple[float, ...]) -> list[list[float]]:
        ticks = [(at, str(at)) for at in places]
        drawn = draw_waves(points(*places), ticks, [(s, "break") for s in stops], ground="light", side="")
        figure = go.Figure(drawn)
        return [list(t.x) for t in figure.data if t.mode == "lines" and t.line.width == 2]

    assert lines((1, 2, 3), ()) == [[1, 2, 3]]
    assert lines((1, 2, 4, 5), ()) == [[1, 2], [4, 5]]
    assert lines((1, 2, 3), (3,)) == [[1, 2]]
    assert lines((1, 3), ()) == []


def test_members_see_no_hidden_figure_and_no_base_they_do_not_hold(public: Path) -> None:
    shelf = open_shelf(public)
    page = text(show_survey(shelf, View(question="had_to_choose", by="sector", base="routed"), "light"))
    assert "22.2" not in page and "20 of 90" not in page
    assert "This release holds the numbers of those who answered only." in page
    assert "not shown: confidentiality" in page
    method = text(show_method(shelf, View()))
    assert "22.2" not in method
    assert "2 of" in method


def test_the_method_page_says_what_the_release_holds(internal: Path, public: Path) -> None:
    inside = text(show_method(open_shelf(internal), View(lang="en")))
    for words in (
        "Answered without being asked", "15 firms", "a made-up reason", "What printed figures really say",
        "not the stated base; several bases", "corrected by hand", "printed.csv", "1" * 64,
        "Unweighted: every firm counts once.",
    ):  # fmt: skip
        assert words in inside, words
    outside = text(show_method(open_shelf(public), View(lang="ja")))
    assert "対象外からの回答：" not in outside
    assert "内部用の版だけに含まれる" in outside


def test_a_release_without_answers_or_figures_has_pages_all_the_same(tmp_path: Path) -> None:
    from tests.dashboard.made_up import write_made_up

    bare = open_shelf(write_made_up(tmp_path / "bare", is_bare=True))
    assert "Does US-China" in text(show_survey(bare, View(), "light"))
    assert "公表値" not in text(show_method(bare, View(lang="ja")))
    empty = Shelf(bare.manifest, {})
    assert "This release holds no answers." in text(show_survey(empty, View(), "light"))
    assert show_method(empty, View())


def test_downloads_hold_what_the_page_shows(internal_client: FlaskClient, public_client: FlaskClient) -> None:
    answer = internal_client.get("/survey.csv?question=had_to_choose&by=sector&lang=ja")
    assert answer.headers["Content-Disposition"].endswith('"made_up_had_to_choose_sector_answered.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(r["group_label"], r["option_label"], r["n"]) for r in rows[:2]] == [
        ("機械", "はい", "33"),
        ("機械", "いいえ", "33"),
    ]
    assert {r["synthetic"] for r in rows} == {"synthetic respondents"}
    waves = public_client.get("/trend.csv?question=had_to_choose").get_data(as_text=True)
    assert "1997" in waves and "22.2" not in waves
    assert internal_client.get("/survey.csv?question=nobody").status_code == 404
    assert internal_client.post("/survey.csv").status_code == 405


def test_numbers_and_points() -> None:
    assert [as_number(v, "") for v in (0.0, 0.01234, 1.5, 1234.5)] == ["0", "0.0123", "1.50", "1,234"]
    assert as_number(12.34, "days") == "12.3 days"
    assert [as_points(v) for v in (0.061, -0.02, 0.0, -0.0001)] == ["+6.1", "−2.0", "0.0", "0.0"]


def test_no_page_says_nan(internal: Path, public: Path) -> None:
    for folder in (internal, public):
        shelf = open_shelf(folder)
        for lang in ("en", "ja"):
            pages = [show_method(shelf, View(lang=lang))]
            pages += [
                show_survey(shelf, View(lang=lang, question=q, by="sector"), "dark")
                for q in question_ids(shelf)
            ]
            for page in pages:
                assert not re.search(r"\bnan\b|<NA>|\{(?!hovertext)[a-z_]+\}", text(page))


def test_the_answer_looked_at_can_be_quoted(internal_client):
    page = internal_client.get("/quote.html?question=had_to_choose&option=1&lang=ja&theme=dark")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    assert "96社中12社" in text
    assert "合成データ" in text
    picture = internal_client.get("/quote.svg?question=had_to_choose&option=1")
    assert picture.mimetype == "image/svg+xml"
    assert "12 of 96" in picture.get_data(as_text=True)


@pytest.mark.parametrize("asked", ["question=nobody", "question=had_to_choose&option=9"])
def test_what_no_audience_sees_is_not_quoted(internal_client, asked):
    assert internal_client.get(f"/quote.html?{asked}").status_code == 404
