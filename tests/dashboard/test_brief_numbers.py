"""Numbers in a deck, a workbook and a page of a brief are those of the Release; words in them stay words."""

import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pypdf import PdfReader

from dashboard.command.printing import find_browser
from dashboard.export.deck_words import EMU, turned
from dashboard.export.making import make_brief
from dashboard.export.question_sheets import questions_of
from dashboard.export.scales import marks_at, parts_of, places_of
from dashboard.export.story import Chart, Cross, Waves
from dashboard.export.told_method import tell_story
from dashboard.lines import even_lines
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf

_EVIL = ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-3+4", "@SUM(A1:A9)")


def _overall(shelf: Shelf, question: str) -> pd.DataFrame:
    """Shares of all firms that answered, as the Release holds them."""
    table = shelf.tables["estimates"]
    rows = table[(table["question"] == question) & (table["base_rule"] == "answered")]
    return rows[rows["by"].fillna("").eq("") & rows["stat"].eq("share")]


def _behind(shelf: Shelf, lang: str, key: str) -> list[tuple[object, ...]]:
    """Rows of the sheet behind the chart of the slide whose notes name the question."""
    deck = Presentation(io.BytesIO(make_brief(shelf, View(lang=lang), "pptx")[1]))
    wanted = shelf.label(lang, key)
    for slide in list(deck.slides)[2:]:
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        if charts and f"{wanted}" in words and len(charts[0].plots[0].categories) > 1:
            book = openpyxl.load_workbook(io.BytesIO(charts[0].part.chart_workbook.xlsx_part.blob))
            rows = list(book["Sheet1"].iter_rows(min_row=2, values_only=True))
            if len(rows) == len(_overall(shelf, key)):
                return rows
    raise AssertionError(f"no chart of {key}")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_sheet_behind_a_chart_has_the_numbers_of_the_release(public: Path, lang: str) -> None:
    shelf = open_shelf(public)
    rows = _behind(shelf, lang, "impact_type")
    held = {
        shelf.label(lang, "impact_type", str(r.option)): r
        for r in _overall(shelf, "impact_type").itertuples()
    }
    assert len(rows) == len(held) > 1
    for label, value, above, below, *_ in rows:
        row = held[str(label).split("\n")[0]]
        assert value == pytest.approx(row.estimate, abs=0.005)
        assert value + above == pytest.approx(row.high, abs=0.005)
        assert value - below == pytest.approx(row.low, abs=0.005)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_sheets_have_the_numbers_of_the_release(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    book = openpyxl.load_workbook(io.BytesIO(make_brief(shelf, View(lang=lang), "xlsx")[1]))
    compared = 0
    for question in dict.fromkeys(shelf.tables["estimates"]["question"]):
        lines = list(book[question].iter_rows(values_only=True))
        first = next(k for k, line in enumerate(lines) if isinstance(line[1], int | float))
        labels = [line[0] for line in lines[first:]]
        for row in _overall(shelf, question).itertuples():
            at = labels.index(shelf.label(lang, question, str(row.option)))
            assert lines[first][1] == row.n
            assert lines[first + at][1] == pytest.approx(row.estimate)
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_says_the_numbers_of_the_release(public: Path, lang: str) -> None:
    shelf = open_shelf(public)
    page = make_brief(shelf, View(lang=lang), "html")[1].decode("utf-8")
    article = page.partition('<article id="contrast-impact_type">')[2].partition("</article>")[0]
    for row in _overall(shelf, "impact_type").itertuples():
        assert _told_in(lang, row) in article


def _told_in(lang: str, row: Any) -> str:
    """A share with its limits and n, as a chart of either language says it."""
    span, n = {"en": ("–", "n = "), "ja": ("～", "n=")}[lang]
    percent = {"en": "%", "ja": "％"}[lang]
    low, high = (f"{100 * end:.0f}" for end in (row.low, row.high))
    return f"{100 * row.estimate:.0f}{percent} · {low}{span}{high}{percent} · {n}{int(row.n)}"


def _plain(words: str) -> str:
    """Words without spaces, which fonts of East Asia put where they like, and with radicals as letters."""
    return "".join(unicodedata.normalize("NFKC", words).translate(_RADICALS).split())


_RADICALS = str.maketrans({"\u2ed1": "長", "\u2027": "・", "\u301c": "~"})
"""What some fonts give back in the place of letters that look the same."""


@pytest.mark.skipif(find_browser() is None, reason="no browser that prints")
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_pdf_says_the_numbers_of_the_release_on_pages_that_stand_alone(
    request: pytest.FixtureRequest, audience: str, lang: str
) -> None:
    shelf = open_shelf(request.getfixturevalue(audience))
    story = tell_story(shelf, View(lang=lang))
    made = PdfReader(io.BytesIO(make_brief(shelf, View(lang=lang), "pdf")[1]))
    pages = [_plain(page.extract_text()) for page in made.pages]
    always = [_plain(words) for words in (story.banner, story.colophon)]
    assert all(words in page for page in pages for words in always)
    compared = 0
    for slide in story.slides:
        rows = slide.table.rows if slide.table else ()
        cells = [_plain(cell) for row in rows for cell in row]
        claim = _plain(slide.claim)
        assert any(all(words in page for words in (claim, *cells)) for page in pages), slide.key
        compared += len(cells)
    assert compared > 10
    for row in _overall(shelf, "impact_type").itertuples():
        shown = _plain(_told_in(lang, row))
        assert any(shown in page for page in pages), shown


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_chart_of_the_deck_draws_the_numbers_of_the_story(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    told = [slide.chart for slide in tell_story(shelf, View(lang=lang)).slides if slide.chart]
    deck = Presentation(io.BytesIO(make_brief(shelf, View(lang=lang), "pptx")[1]))
    drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    kinds = set()
    for chart, figure in zip(drawn, told, strict=True):
        series = [tuple(one.values) for plot in chart.plots for one in plot.series]
        kinds.add(type(figure))
        if isinstance(figure, Chart):
            assert tuple(bar.value for bar in figure.bars) in series
            if len(figure.names) > 1:
                assert tuple(bar.was for bar in figure.bars) in series
        elif isinstance(figure, Waves):
            for kind in ("own", "printed"):
                stops = [getattr(stop, kind) for stop in figure.stops]
                if any(stops):
                    assert tuple(stop[0] if stop else None for stop in stops) in series
        else:
            held = chart._chartSpace.xpath(".//c:xVal//c:v | .//c:yVal//c:v")
            values = {round(float(node.text), 6) for node in held}
            wanted = {round(one[1], 6) for spot in figure.spots for one in (spot.x, spot.y)}
            assert wanted <= values
    assert kinds == {Chart, Cross, Waves}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_sheet_prints_the_base_of_one_part_above_another(internal: Path, lang: str) -> None:
    """Rows repeated on each printed page: heads where a question has one base, else its wording alone."""
    shelf = open_shelf(internal)
    rows = shelf.tables["estimates"]
    other = rows.assign(base_rule="returned", n=rows["n"] + 1)
    two = Shelf(shelf.manifest, {**shelf.tables, "estimates": pd.concat([rows, other], ignore_index=True)})
    for held, is_several in ((shelf, False), (two, True)):
        book = openpyxl.load_workbook(io.BytesIO(make_brief(held, View(lang=lang), "xlsx")[1]))
        source = tell_story(held, View(lang=lang)).subtitle
        for sheet in questions_of(held, lang):
            page = book[sheet.question]
            first, last = (int(end.strip("$")) for end in page.print_title_rows.split(":"))
            repeated = [cell.value for row in page.iter_rows(first, last) for cell in row if cell.value]
            assert len(sheet.parts) > 1 or not is_several
            assert (repeated == [sheet.title]) == (len(sheet.parts) > 1)
            assert page.cell(page.max_row, 1).value == source


def test_words_that_begin_as_formulas_do_stay_words(internal: Path) -> None:
    shelf = open_shelf(internal)
    wording, firms = shelf.tables["wording"].copy(), shelf.tables["firms"].copy()
    option = wording["kind"].eq("option")
    wording.loc[option, "text"] = [_EVIL[k % 4] + str(k) for k in range(int(option.sum()))]
    firms["name"] = [_EVIL[k % 4] for k in range(len(firms))]
    made = Shelf(shelf.manifest, {**shelf.tables, "wording": wording, "firms": firms})
    books = [make_brief(made, View(), "xlsx")[1]]
    with zipfile.ZipFile(io.BytesIO(make_brief(made, View(), "pptx")[1])) as deck:
        books += [deck.read(name) for name in deck.namelist() if name.endswith(".xlsx")]
    assert len(books) > 3
    seen = 0
    for book in books:
        for page in openpyxl.load_workbook(io.BytesIO(book)):
            cells = [cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
            seen += sum(str(cell.value)[0] in "=+-@" for cell in cells if cell.value)
            assert not [cell for cell in cells if cell.data_type == "f"]
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert not [
                n for n in parts.namelist() if n.startswith("xl/worksheets/") and b"<f>" in parts.read(n)
            ]
    assert seen > 10


@pytest.mark.parametrize(
    ("unit", "ends", "marks"),
    [
        ("percent", (0.0, 0.7), ["0%", "10%", "20%", "30%", "40%", "50%", "60%", "70%"]),
        ("percent", (0.0, 1.0), ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ("points", (-30.0, 30.0), ["−30", "−15", "0", "+15", "+30"]),
        ("index", (0.0, 0.01), ["0", "0.002", "0.004", "0.006", "0.008", "0.010"]),
        (
            "index",
            (-0.02, 0.02),
            ["−0.020", "−0.015", "−0.010", "−0.005", "0", "0.005", "0.010", "0.015", "0.020"],
        ),
    ],
)
def test_both_ends_of_a_scale_are_marked(unit: str, ends: tuple[float, float], marks: list[str]) -> None:
    assert marks_at(unit, *ends) == marks
    assert parts_of(unit, *ends) == len(marks) - 1
    assert places_of("index", 0.0, 0.005) == 3


def test_japanese_titles_part_at_a_comma() -> None:
    title = "100社の平均では、調達の22.6％を中国から直接購入し、先までたどると少なくとも37.4％が"
    title += "中国に依存している"
    parts = turned(title, 880 * EMU, 26, is_bold=True)
    assert len(parts) == 2 and "".join(parts) == title and parts[0].endswith("し、")
    assert turned(title, 880 * EMU, 10) == [title]
    assert turned("On average, 100 firms buy a part of their inputs, " * 2, 880 * EMU, 26) == [
        "On average, 100 firms buy a part of their inputs, " * 2
    ]
    assert even_lines("96社中12社（13％）が、米中のどちらかの選択を迫られたと回答。", 34, 1072)[0].endswith(
        "、"
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_printed_series_is_named_as_the_source_of_what_is_drawn_from_it(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    titles = set(shelf.tables["published"]["source_title"])
    slides = [
        slide
        for slide in tell_story(shelf, View(lang=lang)).slides
        if slide.key.startswith(("waves", "changes"))
    ]
    assert slides
    for slide in slides:
        assert any(title in slide.source for title in titles), slide.key
    alone = next(slide for slide in slides if slide.key == "changes")
    assert shelf.title(lang) not in alone.source
