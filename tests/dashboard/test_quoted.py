"""Every share, difference and index that a file of a brief prints stands there with n, base and interval.

In each slide, article, printed page and sheet made of the demonstration a number that is an estimate is
quoted in full: by a mark of the chart (`59% · 44–70% · n = 74`), in words (`59% (range 44% to 70%; n = 74)`),
or as a row of a table under the heads of value, interval and n.
"""

import io
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from dashboard.command import main
from dashboard.command.book_words import said
from dashboard.command.printing import find_browser
from dashboard.export.making import make_brief
from dashboard.export.question_sheets import questions_of
from dashboard.export.story import Slide, as_printed
from dashboard.export.told_method import tell_story
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import NEVER, catalogue, say
from survey import data_folder
from tests.dashboard.test_brief_numbers import _plain

BOTH = pytest.mark.parametrize("lang", ["en", "ja"])
EACH = pytest.mark.parametrize("audience", ["internal", "members", "public"])

_NUMBER = re.compile(r"(?<![\d.,])[+−]?\d+(?:\.\d+)?[%％]|(?<![\d.–])[+−]?0\.\d{2,3}(?![\d%％])")
"""A share, or an index as the product prints them, with two or three decimals."""
_VALUE = r"(?P<value>[+−]?\d+(?:\.\d+)?[%％]?|\d+ of \d+|\d+社中\d+社)"
_N = r"(?:n ?= ?(?P<n>[\d,–]+(?: → \d+)?)|n not known|n不明)"
_SURE = {
    "en": r"\d+% interval|range|all firms counted|all counted|no spread|narrower than|the same in every draw",
    "ja": r"[％%](?:信頼)?区間|無回答企業の答え次第で|全社を?集計|幅なし|幅は表示単位未満|すべての試行で同じ",
}
_SPAN = re.compile(r"([+−]?\d+(?:\.\d+)?)[%％]?(?: ?[–～] ?| to )([+−]?\d+(?:\.\d+)?)([%％]?)")
_MARKS = (
    re.compile(
        _VALUE
        + r"(?:points|ポイント)?\s· (?:[+−]?[\d.]+(?: ?[–～] ?| to )[+−]?[\d.]+[%％]?|[^·]{2,20})\s?· "
        + _N
    ),
    re.compile(_VALUE + r"[^\d（）()]{0,12}[（(][^（）()]*?" + _N + r"[^（）()]*[）)]"),
)


class Place(NamedTuple):
    """A slide, an article or a page: its name, its texts, its tables."""

    name: str
    texts: list[str]
    tables: list[list[list[str]]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as `build` makes it; CROSSPRESSURE_BUILT names one that was built before."""
    given = os.environ.get("CROSSPRESSURE_BUILT")
    if given:
        return Path(given)
    out = tmp_path_factory.mktemp("quoted")
    assert main(["build", str(data_folder() / "demo"), "--out", str(out), "--quiet"]) in (0, 1)
    return out


class _Articles(HTMLParser):
    """Texts and tables of each article; what is hidden from readers of words, and axes, are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self.open: list[tuple[str, bool]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "meta":
            return
        if tag == "article":
            self.places.append(Place(str(told["id"]), [], []))
        if tag == "table" and self.places:
            self.places[-1].tables.append([])
        if tag == "tr" and self.places:
            self.places[-1].tables[-1].append([])
        hidden = (
            told.get("aria-hidden") == "true"
            or "axis" in str(told.get("class"))
            or tag in ("caption", "text")
        )
        self.open.append((tag, hidden))
        if tag in _BLOCKS:
            self.text = ""

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()
        if not self.places or tag not in _BLOCKS:
            return
        text, self.text = self.text.replace("\xa0", " ").strip(), ""
        if tag in ("td", "th"):
            self.places[-1].tables[-1][-1].append(text)
        elif text:
            self.places[-1].texts.append(text)

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self.open):
            self.text += data


_BLOCKS = ("p", "h3", "li", "td", "th", "div")


def _articles(page: bytes) -> list[Place]:
    seen = _Articles()
    seen.feed(page.decode("utf-8"))
    return seen.places


def _slides(deck: bytes, story: tuple[Slide, ...]) -> list[Place]:
    """What stands on each slide of a deck, from the second on, by the key of its claim."""
    made = []
    for slide, told in zip(list(Presentation(io.BytesIO(deck)).slides)[1:], story, strict=True):
        place = Place(told.key, [], [])
        for shape in slide.shapes:
            if shape.has_text_frame:
                place.texts.extend(
                    one.text.replace("\xa0", " ").replace("\v", "") for one in shape.text_frame.paragraphs
                )
            if shape.has_table:
                rows = [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in shape.table.rows]
                place.tables.append(rows)
            if shape.has_chart:
                for label in shape.chart._chartSpace.xpath(".//c:cat//c:v"):
                    place.texts.append(str(label.text).replace("\n", " "))
                for label in shape.chart._chartSpace.xpath(".//c:dLbls/c:dLbl"):
                    lines = ["".join(p.xpath(".//a:t/text()")) for p in label.xpath(".//a:p")]
                    place.texts.extend(f"{a} · {b}" for a, b in pairwise(lines))
        made.append(place)
    return made


def _quoted(place: Place, lang: str) -> set[str]:
    """Numbers quoted in full in a place, and the limits they are quoted with."""
    known: set[str] = set()
    sure = re.compile(_SURE[lang])
    texts = [*place.texts, *(cell for table in place.tables for row in table for cell in row)]
    for text in texts:
        for mark in _MARKS:
            for found in mark.finditer(text):
                whole = found.group()
                if _SPAN.search(whole) or sure.search(whole):
                    known |= {found["value"], *_limits(whole)}
        if sure.search(text) and re.search(_N, text):
            known |= _limits(text)
        known |= _paired(text)
    known |= _from_tables(place, lang) | _from_claim(place, lang)
    bare = {_bare(one) for one in known if one}
    return bare | _ends(texts, bare)


def _ends(texts: list[str], known: set[str]) -> set[str]:
    """Before and after, where their difference is quoted: the interval is that of the difference."""
    pairs = [
        found.groups() for text in texts for found in re.finditer(r"(0\.\d{3})(?: to |から)(0\.\d{3})", text)
    ]
    return {end for a, b in pairs if f"{abs(float(b) - float(a)):.3f}" in known for end in (a, b)}


def _bare(number: str) -> str:
    return number.replace("％", "%").lstrip("+")


def _limits(text: str) -> set[str]:
    return {f"{end}{'%' if found[3] else ''}" for found in _SPAN.finditer(text) for end in found.groups()[:2]}


def _paired(text: str) -> set[str]:
    """Face value and look-through with its outer bound: `23% → 37–100%`."""
    found = re.search(r"([\d.]+[%％]) → ([\d.]+)[–～]([\d.]+[%％])", text)
    return {found[1], f"{found[2]}%", found[3]} if found else set()


def _from_tables(place: Place, lang: str) -> set[str]:
    """Rows under the heads of value, interval and n, none of which is empty."""
    words = catalogue(lang)
    known: set[str] = set()
    for head, *rows in place.tables:
        at = {name: head.index(words[key]) for name, key in _HEADS.items() if words[key] in head}
        for row in rows:
            if {"value", "interval", "n"} <= set(at) and all(row[at[name]] for name in at):
                known |= {row[at["value"]], *_limits(row[at["interval"]])}
            if {"difference", "limits", "n"} <= set(at) and all(row[at[name]] for name in at):
                known |= {row[at[name]] for name in ("difference", "before", "after")}
            if {"direct", "any", "most"} <= set(at) and all(row[at[name]] for name in at):
                known |= {row[at[name]] for name in ("direct", "any", "most")}
            if "choose" in at:
                known |= {part for cell in row for part in re.findall(r"0\.\d+", cell)}
    return known


_HEADS = {
    "value": "column.value",
    "interval": "column.interval",
    "n": "column.n",
    "before": "scenarios.head_before",
    "after": "scenarios.head_after",
    "difference": "scenarios.head_difference",
    "limits": "scenarios.head_interval",
    "direct": "suppliers.head_direct",
    "any": "suppliers.head_exposure",
    "most": "suppliers.head_high",
    "choose": "column.p_choose",
}


def _from_claim(place: Place, lang: str) -> set[str]:
    """`12 of 96 firms (13%)` above its interval; findings beside how sure they are."""
    share = {"en": r"\d+ of \d+ firms \((\d+%)\)", "ja": r"\d+社中\d+社（(\d+％)）"}[lang]
    pairs = [*pairwise(place.texts)]
    pairs += [(row[-2], row[-1]) for table in place.tables for row in table if place.name == "short"]
    known: set[str] = set()
    for claim, beside in pairs:
        found = re.search(share, claim)
        if found and _SPAN.search(beside) and re.search(_SURE[lang], beside):
            known |= {found[1], *_limits(beside)}
        if _counted(lang, beside) or _bounded(lang, claim, beside):
            known |= set(_NUMBER.findall(f"{claim} {beside}"))
        if re.search(r"[（(].*n ?= ?\d+[）)]", beside) and re.search(_SURE[lang], beside):
            known |= set(re.findall(r"0\.\d{3}", f"{claim} {beside}"))
    return known


def _counted(lang: str, words: str) -> bool:
    """Whether all firms of a break into bands were counted, how many being told."""
    return (
        re.fullmatch(re.escape(say(lang, "brief.bands_counted", n=0)).replace("0", r"\d+"), words) is not None
    )


def _bounded(lang: str, claim: str, words: str) -> bool:
    """Whether a mean of so many firms stands beside its outer bound."""
    return bool(re.search({"en": r"\d+ firms", "ja": r"\d+社"}[lang], claim)) and words.startswith(
        {"en": "Up to ", "ja": "取引データに現れない部分が"}[lang]
    )


def _estimates(place: Place, lang: str, names: list[str]) -> Iterator[str]:
    """Numbers of a place that are estimates: not a level, a threshold, a name of a band or of a scenario."""
    for text in [*place.texts, *(cell for table in place.tables for row in table for cell in row)]:
        told = text
        for name in names:
            told = told.replace(name, " ")
        for pattern in _NO_ESTIMATE[lang]:
            told = re.sub(pattern, " ", told)
        yield from (_bare(found.group()) for found in _NUMBER.finditer(told))


def _names(shelf: Shelf, lang: str, story: tuple[Slide, ...]) -> list[str]:
    """Labels of bands, titles and assumptions of scenarios: numbers in them are no estimates."""
    bands = [
        shelf.label(lang, f"pressure.{k}", o)
        for k in ("us", "cn", "squeeze")
        for o in shelf.options(f"pressure.{k}")
    ]
    tables = [slide.table for slide in story if slide.key == "scenarios" and slide.table]
    told = [cell for table in tables for row in table.rows for cell in row]
    return sorted(
        {one for one in [*bands, *told] if not re.fullmatch(r"[\d.+−]*", one)}, key=len, reverse=True
    )


_NO_ESTIMATE = {
    "en": [
        r"\d+% interval",
        r"0\.5 is chance",
        r"Links name \d+%[^;]*without an interval",
        r"the difference of [+−][\d.]+ points says nothing",
    ],
    "ja": [
        r"\d+％(?:信頼)?区間",
        r"0\.5は偶然",
        r"各社の調達の\d+％（取引の合計のため区間はない）",
        r"差の[+−][\d.]+ポイントに意味はない",
    ],
}
"""Levels, chance, a sum that says it has no interval, and a difference that is told to say nothing."""


def _unquoted(place: Place, lang: str, numbers: list[str]) -> list[str]:
    known = _quoted(place, lang)
    return sorted({one for one in numbers if one not in known and one.rstrip("%") not in known})


def _based(place: Place, lang: str) -> bool:
    """Whether a place says which firms its numbers are of."""
    words = [say(lang, f"base.{key}") for key in ("answered", "linked")]
    words += [say(lang, f"brief.{key}") for key in ("base_returned", "each_slide")]
    return any(one in text for text in place.texts for one in words)


@EACH
@BOTH
def test_every_estimate_of_a_deck_and_a_page_is_quoted_in_full(demo: Path, audience: str, lang: str) -> None:
    shelf = open_shelf(demo / audience)
    story = tell_story(shelf, View(lang=lang)).slides
    names = _names(shelf, lang, story)
    places = {
        "html": _articles(make_brief(shelf, View(lang=lang), "html")[1]),
        "pptx": _slides(make_brief(shelf, View(lang=lang), "pptx")[1], story),
    }
    for kind, found in places.items():
        assert [place.name for place in found] == [slide.key for slide in story]
        seen = 0
        for place in found:
            numbers = list(_estimates(place, lang, names))
            seen += len(numbers)
            assert not _unquoted(place, lang, numbers), (kind, place.name)
            assert not numbers or _based(place, lang), (kind, place.name)
        assert seen > 60, kind


@pytest.mark.skipif(find_browser() is None, reason="no browser that prints")
@EACH
@BOTH
def test_every_claim_of_a_pdf_stands_on_one_page_with_its_numbers_and_their_base(
    demo: Path, audience: str, lang: str
) -> None:
    shelf = open_shelf(demo / audience)
    made = PdfReader(io.BytesIO(make_brief(shelf, View(lang=lang), "pdf")[1]))
    pages = [_plain(page.extract_text()) for page in made.pages]
    for slide in tell_story(shelf, View(lang=lang)).slides:
        rows = slide.table.rows if slide.table else ()
        cells = (cell for row in rows for cell in row)
        words = [_plain(one) for one in (slide.claim, slide.sentence, slide.below or slide.source, *cells)]
        assert any(all(one in page for one in words) for page in pages), slide.key


@EACH
@BOTH
def test_every_number_of_a_workbook_has_n_base_and_interval(demo: Path, audience: str, lang: str) -> None:
    shelf = open_shelf(demo / audience)
    book = openpyxl.load_workbook(io.BytesIO(make_brief(shelf, View(lang=lang), "xlsx")[1]))
    method = "\n".join(
        str(row[1] or "") for row in book[book.sheetnames[-1]].iter_rows(values_only=True, max_col=2)
    )
    assert said("bounds", lang) in method or said("hypergeometric", lang) in method
    seen = bare = 0
    for sheet in questions_of(shelf, lang):
        wide = _wide(shelf, sheet.question, lang)
        for rule, label, group, n, value, limits in _cells(
            list(book[sheet.question].iter_rows(values_only=True)), lang
        ):
            low, high = wide[rule, label, group]
            assert isinstance(n, int | float) and n >= NEVER, (sheet.question, label, group)
            is_exact = as_printed(low, n) == as_printed(high, n)
            assert is_exact or re.search(r"\d–\d", limits), (sheet.question, rule, label, group)
            seen, bare = seen + 1, bare + is_exact
            assert value is not None
    assert seen > 40 and bare < seen


def _wide(shelf: Shelf, question: str, lang: str) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Limits that the Release holds, by the words of base, answer and group."""
    table = shelf.tables["estimates"]
    mine = table[table["question"] == question]
    found = {}
    for row in mine.itertuples():
        rule = "linked" if question.startswith("pressure.") else str(row.base_rule)
        group = shelf.label(lang, str(row.by), str(row.group)) if row.by else ""
        found[said(rule, lang), shelf.label(lang, question, str(row.option)), group] = (row.low, row.high)
    return found


def _cells(rows: list[tuple[object, ...]], lang: str) -> Iterator[tuple[str, str, str, object, object, str]]:
    """Numbers of a sheet, each with its base, answer, group, n and what stands below it as its interval."""
    rules = {said(rule, lang) for rule in ("answered", "routed", "returned", "responses", "linked")}
    rule, sizes, groups = "", (), ()
    for place, row in enumerate(rows):
        first = str(row[0] or "")
        if first in rules:
            rule, sizes = first, ()
        elif first == said("n", lang):
            sizes, groups = row, ("", "", *(str(one or "") for one in rows[place - 1][2:]))
        elif sizes and first and first not in {said(key, lang) for key in ("note", "base", "interval")}:
            below = rows[place + 1] if place + 1 < len(rows) else ()
            limits = below if below and below[0] == said("interval", lang) else ("",) * len(row)
            for at, value in enumerate(row[1:], start=1):
                if isinstance(value, int | float):
                    yield rule, first, groups[at], sizes[at], value, str(limits[at] or "")
