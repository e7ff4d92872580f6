"""Every kind of sentence at its edges, in both languages: none, one, all, few, hidden, abstained, no change."""
# ruff: noqa: E501 - sentences are kept whole

import re
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from dashboard.answer_claims import answer_claim
from dashboard.asked import Asked
from dashboard.claims import sectors_of, tier_claim
from dashboard.shelf import Shelf
from dashboard.trend import Trend
from dashboard.trend_words import change_in_words, trend_claim
from dashboard.wording import as_claim, as_count, as_interval, as_share, catalogue, say

NAN = float("nan")
CHOICE = "between the United States and China."


@pytest.mark.parametrize(
    ("share", "n", "english", "japanese"),
    [
        (0.0, 96, f"None of 96 firms say they have had to choose {CHOICE}", "96社のうち、米中のどちらかの選択を迫られたと回答した企業はない。"),
        (1 / 96, 96, f"1 of 96 firms (1%) says it has had to choose {CHOICE}", "96社中1社（1％）が、米中のどちらかの選択を迫られたと回答。"),
        (12 / 96, 96, f"12 of 96 firms (13%) say they have had to choose {CHOICE}", "96社中12社（13％）が、米中のどちらかの選択を迫られたと回答。"),
        (1.0, 96, f"All 96 firms say they have had to choose {CHOICE}", "96社すべてが、米中のどちらかの選択を迫られたと回答。"),
        (1 / 24, 24, f"1 of 24 firms says it has had to choose {CHOICE}", "24社中1社が、米中のどちらかの選択を迫られたと回答。"),
        (0.0, 24, f"None of 24 firms say they have had to choose {CHOICE}", "24社のうち、米中のどちらかの選択を迫られたと回答した企業はない。"),
        (0.5, 9, "“Q”: fewer than 10 answers: not printed.", "「Q」：回答10社未満のため掲載しない。"),
        (1 / 5000, 5000, f"1 of 5,000 firms (under 0.1%) says it has had to choose {CHOICE}", "5,000社中1社（0.1％未満）が、米中のどちらかの選択を迫られたと回答。"),
    ],
)  # fmt: skip
def test_claim_of_a_share(share: float, n: int, english: str, japanese: str) -> None:
    for lang, told in (("en", english), ("ja", japanese)):
        assert as_claim(lang, "had_to_choose", "Q", "Yes", share, n) == told


@pytest.mark.parametrize(
    ("share", "is_weighted", "english", "japanese"),
    [
        (0.0, False, "None of 50 firms answered “A” to “Q”.", "50社のうち、「Q」に「A」と答えた企業はない。"),
        (
            0.02,
            False,
            "1 of 50 firms (2%) answered “A” to “Q”.",
            "「Q」に「A」と答えたのは、50社中1社（2％）。",
        ),
        (1.0, False, "All 50 firms answered “A” to “Q”.", "50社すべてが、「Q」に「A」と回答。"),
        (
            0.125,
            True,
            "13% of 50 firms answered “A” to “Q”.",
            "「Q」に「A」と答えたのは、回答50社のうち13％。",
        ),
        (
            0.004,
            True,
            "under 1% of 50 firms answered “A” to “Q”.",
            "「Q」に「A」と答えたのは、回答50社のうち1％未満。",
        ),
    ],
)
def test_claim_of_any_other_share(share: float, is_weighted: bool, english: str, japanese: str) -> None:
    for lang, told in (("en", english), ("ja", japanese)):
        assert as_claim(lang, "other", "Q", "A", share, 50, is_weighted=is_weighted) == told


@pytest.mark.parametrize(
    ("share", "n", "english", "japanese"),
    [
        (0.0, 400, "0.0%", "0.0％"),
        (0.0004, 400, "under 0.1%", "0.1％未満"),
        (0.1225, 400, "12.3%", "12.3％"),
        (0.9996, 400, "over 99.9%", "99.9％超"),
        (1.0, 400, "100.0%", "100.0％"),
        (0.125, 199, "13%", "13％"),
        (0.997, 199, "over 99%", "99％超"),
        (1 / 29, 29, "1 of 29", "29社中1社"),
        (0.5, 9, "fewer than 10 answers: not printed", "回答10社未満のため掲載しない"),
    ],
)
def test_share_is_nothing_only_of_none_and_whole_only_of_all(
    share: float, n: int, english: str, japanese: str
) -> None:
    assert (as_share("en", share, n), as_share("ja", share, n)) == (english, japanese)


@pytest.mark.parametrize(
    ("method", "low", "high", "n", "english", "japanese"),
    [
        ("clopper-pearson", 0.05, 0.2, 96, "95% interval 5% to 20%", "95％信頼区間 5％～20％"),
        ("clopper-pearson", 0.0, 1 / 24, 24, "95% interval 0 to 1 firm", "95％信頼区間 0～1社"),
        ("census", 0.1, 0.1, 96, "all firms counted", "全社を集計"),
        ("bounds", 0.1, 0.3, 96, "range 10% to 30% over what silent firms could have said", "無回答企業の答え次第で 10％～30％"),
        ("hypergeometric", 0.1, 0.3, 96, "95% interval 10% to 30%, if silence were random", "95％信頼区間 10％～30％（無回答を無作為と仮定）"),
        ("clopper-pearson", NAN, NAN, 96, "no interval", "区間なし"),
    ],
)  # fmt: skip
def test_interval_says_its_kind(
    method: str, low: float, high: float, n: int, english: str, japanese: str
) -> None:
    for lang, told in (("en", english), ("ja", japanese)):
        assert as_interval(lang, low, high, 0.95, method, n=n) == told


def _change(flag: str, estimate: float, low: float, high: float) -> dict[str, object]:
    return {
        "from_wave": "2021", "to_wave": "2022", "estimate": estimate, "low": low, "high": high,
        "level": 0.95, "smallest": 0.2, "flag": flag, "is_own": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "english", "japanese", "claim", "claim_ja"),
    [
        (_change("no detectable change", 0.1, -0.04, 0.24), "no detectable change", "変化は確認できない", "No detectable change from 2021 to 2022", "2021から2022にかけて、変化は確認できない"),
        (_change("change", 0.2, 0.05, 0.3), "+20.0 points (95% interval +5.0 to +30.0)", "+20.0ポイント（95％信頼区間 +5.0～+30.0）", "More firms in 2022 than in 2021", "2021より2022の方が多い"),
        (_change("change", -0.2, -0.3, -0.05), "−20.0 points (95% interval −30.0 to −5.0)", "−20.0ポイント（95％信頼区間 −30.0～−5.0）", "Fewer firms in 2022 than in 2021", "2021より2022の方が少ない"),
        (_change("change", 0.1, NAN, NAN), "all firms counted in both", "両回とも全社を集計", "More firms", "多い"),
        (_change("break", 0.3, 0.2, 0.4), "says nothing", "意味はない", "not compared", "比較しない"),
    ],
)  # fmt: skip
def test_change_follows_its_interval(
    change: dict[str, object], english: str, japanese: str, claim: str, claim_ja: str
) -> None:
    trend = cast(Trend, SimpleNamespace(changes=lambda: [change], waves=["2021", "2022"]))
    assert english in change_in_words(change, "en") and japanese in change_in_words(change, "ja")
    assert claim in trend_claim(trend, "en") and claim_ja in trend_claim(trend, "ja")
    lonely = cast(Trend, SimpleNamespace(changes=lambda: [], waves=["2021"]))
    assert "one wave" in trend_claim(lonely, "en") and "1回分" in trend_claim(lonely, "ja")


def _shelf(rows: list[dict[str, Any]], **manifest: Any) -> Shelf:
    base = {
        "stat": "share", "base_rule": "answered", "by": "", "group": "", "flag": "", "level": 0.95,
        "method": "clopper-pearson", "question": "q", "wave": "1", "base": NAN,
    }  # fmt: skip
    table = pd.DataFrame([{**base, **row} for row in rows])
    table["base"] = table["n"].astype(float)
    order = pd.DataFrame(
        {"question": ["q"], "kind": ["multiple"], "is_ordered": [False], "unit": [""], "asked_if": [""]}
    )
    options = list(dict.fromkeys(row["option"] for row in rows))
    wording = pd.DataFrame(
        [{"kind": "option", "question": "q", "option": o, "lang": "en", "text": o} for o in options]
    )
    told = {"audience": "internal", "headline": ["q"], "languages": ["en"], **manifest}
    return Shelf(told, {"estimates": table, "questions": order, "wording": wording})


@pytest.mark.parametrize(
    ("first", "second", "english", "japanese"),
    [
        ((0.6, 0.5, 0.7), (0.3, 0.2, 0.4), "“a” is given most often (60%), ahead of “b” (30%)", "「b」（30％）を上回る"),
        ((0.6, 0.4, 0.8), (0.5, 0.3, 0.7), "are given most often; their intervals overlap", "両者の区間は重なり合う"),
        ((0.5, 0.4, 0.6), (0.5, 0.4, 0.6), "are given most often, and equally (50%)", "（同率、50％）"),
        ((NAN, NAN, NAN), (NAN, NAN, NAN), "not shown: confidentiality", "非表示（秘匿のため）"),
    ],
)  # fmt: skip
def test_claim_of_several_answers(
    first: tuple[float, ...], second: tuple[float, ...], english: str, japanese: str
) -> None:
    rows = [
        {
            "option": option,
            "n": 96,
            "estimate": e,
            "low": low,
            "high": high,
            "flag": "suppressed" if e != e else "",
        }
        for option, (e, low, high) in (("a", first), ("b", second))
    ]
    asked = Asked(_shelf(rows), "q", "", "answered", "")
    assert english in answer_claim(asked, "en") and japanese in answer_claim(asked, "ja")


@pytest.mark.parametrize(
    ("groups", "english", "japanese"),
    [
        ([(0.6, 0.5, 0.7), (0.3, 0.2, 0.4), (0.1, 0.0, 0.45)], "q: most often in g0", "q：最も多いのはg0"),
        ([(0.6, 0.5, 0.7), (0.3, 0.2, 0.4), (0.2, 0.0, 0.55)], "q: most often in g0, but the intervals overlap", "区間は重なり合う"),
        ([(0.6, 0.5, 0.7), (0.6, 0.5, 0.7), (0.2, 0.1, 0.3)], "q: most often, and equally, in g0 and g1", "g0とg1（同率）"),
        ([(0.6, 0.5, 0.7), (0.6, 0.5, 0.7), (0.5, 0.4, 0.6)], "in g0 and g1, but the intervals overlap", "（同率）だが、他と区間が重なり合う"),
        ([(0.6, 0.5, 0.7)] * 3, "q: no group stands out", "q：目立って多いグループはない"),
        ([(0.6, 0.5, 0.7), (NAN, NAN, NAN)], "q, by s", "q（s別）"),
    ],
)  # fmt: skip
def test_claim_of_groups_is_held_against_all_of_them(
    groups: list[tuple[float, ...]], english: str, japanese: str
) -> None:
    rows: list[dict[str, Any]] = [{"option": "a", "n": 96, "estimate": 0.5, "low": 0.4, "high": 0.6}]
    rows += [
        {"option": "a", "by": "s", "group": f"g{k}", "n": 40, "estimate": e, "low": low, "high": high}
        for k, (e, low, high) in enumerate(groups)
    ]
    shelf = _shelf(rows)
    for lang, told in (("en", english), ("ja", japanese)):
        found = sectors_of(shelf, lang)
        assert found is not None
        assert found.title == told if lang == "en" and told.startswith("q") else told in found.title


def test_tiers_one_some_all() -> None:
    for many, n, english, japanese in (
        (1, 96, "One of 96 firms stands alone", "96社中1社のみ"),
        (23, 96, "23 of 96 firms stand in the highest tier", "96社中23社"),
        (96, 96, "No firm can be told apart", "互いに区別できる企業はない"),
    ):
        shelf = cast(Shelf, SimpleNamespace(has_firms=True, top_tier=(many, n)))
        assert english in tier_claim(shelf, "en") and japanese in tier_claim(shelf, "ja")


@pytest.mark.parametrize(
    ("key", "words", "one", "several", "japanese"),
    [
        ("unit.firms", "n", "1 firm", "2 firms", "1社"),
        ("brief.more", "many", "1 more group is in the workbook.", "2 more groups are in the workbook.", "ほか1区分はワークブックに掲載。"),
        ("brief.countries_hidden", "many", "1 country is not shown: confidentiality.", "2 countries are not shown: confidentiality.", "1か国・地域は秘匿のため非表示。"),
        ("foot.disclosure", "hidden", "1 cell is not shown for confidentiality.", "2 cells are not shown for confidentiality.", "秘匿のため1か所を非表示にしている。"),
        ("matrix.flows", "flows", "1 flow", "2 flows", "取引1件"),
        ("awaiting.claim", "many", "1 party awaits a judgement", "2 parties await a judgement", "判断を待つ取引先が1件"),
        ("unit.points", "value", "1 point", "2 points", "1ポイント"),
    ],
)  # fmt: skip
def test_one_is_not_several(key: str, words: str, one: str, several: str, japanese: str) -> None:
    assert say("en", key, **{words: 1}) == one
    assert say("en", key, **{words: "2"}) == several
    assert say("ja", key, **{words: 1}) == japanese


def test_abstained_and_counts() -> None:
    assert say("en", "state.abstained", why="too few events") == "no estimate: too few events"
    assert say("ja", "state.abstained", why="該当なし") == "推計なし：該当なし"
    assert as_count("en", 0.1, 96, is_weighted=True) == "about 10 of 96"
    assert as_count("ja", 0.1, 96, is_weighted=True) == "96社中およそ10社"


def test_japanese_of_findings_keeps_one_style() -> None:
    """Findings are told plainly (である), as white papers do; what speaks to the user may be polite."""
    told = {
        "brief",
        "claim",
        "interval",
        "sector",
        "bands",
        "trend",
        "suppliers",
        "share_method",
        "matrix",
        "foot",
    }
    polite = {"suppliers.none"}
    found = [
        key
        for key, text in catalogue("ja").items()
        if key.split(".")[0] in told and key not in polite and re.search("です|ます|ません", text)
    ]
    assert found == []
    assert [key for key, text in catalogue("ja").items() if re.search(r"[0-9}]%", text)] == []
    assert [key for key, text in catalogue("ja").items() if re.search(r"\{n\}(個|名|件の企業)", text)] == []
