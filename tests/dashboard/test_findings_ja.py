"""Each sentence that a Finding can hold has its Japanese, and each Japanese sentence is used by one."""

import re

import pytest

from dashboard import finding_words as module
from dashboard.finding_words import in_japanese, place_in_japanese, say_finding
from tests.dashboard.finding_texts import GAP, said_by_findings
from tests.dashboard.test_given_words import given_texts, words_of_law

_PASSED_ON = {
    "analysis/waves/alignment.py",
    "analysis/waves/changing.py",
    "survey/between_waves.py",
    "survey/check.py",
    "survey/cleaning/cells.py",
    "survey/concepts.py",
    "survey/merging.py",
    "survey/read.py",
    "survey/renames.py",
    "survey/stacking.py",
}
"""Modules with a Finding whose words were made elsewhere: of another Finding, a Fault or a reason."""

_MADE_ELSEWHERE = (
    "bom.csv row 3, 40% of the price named",
    "bom.csv rows 3 to 7, 40% of the price named",
    "the id of an instrument",
    "kind number became date",
    "code 1 was the reason refused and is an answer",
    "code 1 was 'Yes' and is 'No'; its columns are of another layout",
    "code 9 was an answer and is the reason refused",
    "break in 2022: asked otherwise",
    "a single that became a number",
    "no option in common",
    "a break: new wording",
    "Leave it out.",
    "Give them the same codes.",
    "Compare waves on one side of it, or add --across-breaks to see it all the same.",
    "new: 4, 5",
    "gone: 3",
    "2021 only: 4, 5",
    'Name it: [design] id = "..." in study.toml, or role = "id" in the codebook of the wave.',
    "no probability of having to choose: fewer than 5 events",
    "no column 'id'",
    "2 questions of role id",
    "3 firms without an id: row 4, 5, 6",
    "2 ids stand more than once: id A, B",
    "Fill it in.",
    "Merge or drop the duplicates.",
    "Did you mean a12, a13?",
    "known: a, b ...",
    "not one of its formats is named by a column",
    "no probability of having to choose: squeeze the same for all firms",
    "no probability of having to choose: fewer than 5 non-events",
    "no probability of having to choose: no answered outcome",
    "no probability of having to choose: no outcome in the survey",
    "no probability of having to choose: no firm with both outcome and links",
)


def _sentences() -> list[tuple[str, str]]:
    """Sentences that can be read from the source, gaps filled each by a word of its own."""
    found: dict[str, str] = {}
    for said in said_by_findings():
        bare = said.text.replace(GAP, "").strip(" .:;,()")
        if said.part == "where" or (not bare and said.place.split(":")[0] in _PASSED_ON):
            continue
        first, *rest = said.text.split(GAP)
        filled = first + "".join(f"v{at}{piece}" for at, piece in enumerate(rest, 1))
        found.setdefault(filled, f"{said.place} {said.part}")
    return list(found.items())


def test_every_sentence_of_a_finding_has_japanese() -> None:
    told = _sentences()
    assert len(told) > 450
    without = [f"{place}: {text}" for text, place in told if in_japanese(text) is None]
    assert without == []


def test_no_value_of_a_finding_is_lost() -> None:
    lost = []
    for text, place in _sentences():
        given = set(re.findall(r"\bv\d+\b", text))
        kept = set(re.findall(r"v\d+", in_japanese(text) or ""))
        if given - kept:
            lost.append(f"{place}: {text} -> {in_japanese(text)}")
    assert lost == []


@pytest.mark.parametrize("text", _MADE_ELSEWHERE)
def test_words_made_elsewhere_have_japanese(text: str) -> None:
    told = in_japanese(text)
    assert told and re.search(r"[ぁ-んァ-ヶ一-龠]", told)


def test_no_japanese_lies_unused() -> None:
    used: set[str] = set()
    for text in (*(text for text, _ in _sentences()), *_MADE_ELSEWHERE, *given_texts()):
        for one in (text, *text.split("; "), *text.split(": ", 1)):
            for said in (one, one[:1].lower() + one[1:].removesuffix(".")):
                used |= {p.japanese for p in module._patterns() if p.english.fullmatch(said)}
    law = words_of_law()
    used |= {p.japanese for p in module._patterns() if any(map(p.english.fullmatch, law))}
    assert [p.english.pattern for p in module._patterns() if p.japanese not in used] == []


def test_a_finding_is_said_in_either_language_or_marked_as_english() -> None:
    parts = ("6 of the 100 firms have a squeeze outside the trained range", "They change nothing.", "")
    japanese = say_finding("ja", parts)
    assert japanese.lang == "ja"
    assert japanese.words == (
        "100社のうち6社の板挟みの度合いは、モデルを推計した範囲の外にある。結果には影響しない。"
    )
    assert say_finding("en", parts).words == (
        "6 of the 100 firms have a squeeze outside the trained range. They change nothing."
    )
    assert say_finding("ja", ("something nobody has written yet", "", "")).lang == "en"
    lists = "CN-AFSL, US-EL and 9 more lists: taken on 2026-01-10, 5 days before 2026-01-15"
    assert say_finding("ja", (lists, "", "")).words == (
        "CN-AFSL、US-ELほか9件：取得日は2026-01-10で、2026-01-15の5日前。"
    )


def test_how_shares_of_sales_are_made_is_said_in_japanese() -> None:
    for said in ("value over sales", "value over named sales", "equal shares"):
        told = in_japanese(f"shares of sales are {said}")
        assert told and not re.search("[A-Za-z]", told)


def test_places_of_findings_have_japanese() -> None:
    places = {re.sub(GAP, "7", said.text) for said in said_by_findings() if said.part == "where"}
    assert len(places) > 40
    words = re.compile(r"\b[a-z]{3,}\b(?!\.)")
    names = {"seller", "buyer", "supplier", "country", "output", "inputs", "period", "currency", "origin"}
    names |= {"csv", "particulars", "force"}
    left = {place: set(words.findall(place_in_japanese(place))) - names for place in places}
    assert {place: found for place, found in left.items() if found} == {}
    assert place_in_japanese("s/study.toml, line 7, key as_of") == "s/study.toml、7行目、項目as_of"
    assert place_in_japanese("l.csv, column country, rows 3, 4, 9 and 12 more") == (
        "l.csv、列country、3、4、9行目ほか12件"
    )
