"""`brief`: one story in four forms, told from the Release alone; nothing hidden behind a chart."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import openpyxl
import pandas as pd
import pytest
from flask.testing import FlaskClient
from pptx import Presentation
from pypdf import PdfReader

from dashboard.command import main
from dashboard.command.printing import find_browser
from dashboard.export.deck_cross import places_of_numbers
from dashboard.export.deck_waves import put_waves
from dashboard.export.making import FORMS, make_brief
from dashboard.export.report import _kept
from dashboard.export.report_waves import draw_waves
from dashboard.export.story import CHAPTERS, Chart, Cross, Spot, Stop, Waves, as_printed
from dashboard.export.told_answers import tell_contrast
from dashboard.export.told_method import tell_story
from dashboard.export.told_waves import tell_waves
from dashboard.pages.briefing import show_briefing
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import say
from tests.dashboard.made_up import SECRET


def _deck(shelf: Shelf, lang: str = "en", **more: object) -> object:
    return Presentation(io.BytesIO(make_brief(shelf, View(lang=lang), "pptx", **more)[1]))  # type: ignore[arg-type]


def _members(blob: bytes) -> Iterator[tuple[str, bytes]]:
    """Every file of an archive, and of the archives within it."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            yield name, content
            if name.endswith(".xlsx"):
                yield from ((f"{name}/{inner}", text) for inner, text in _members(content))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_story_runs_from_what_to_method(internal: Path, lang: str) -> None:
    story = tell_story(open_shelf(internal), View(lang=lang))
    chapters = [slide.chapter for slide in story.slides]
    assert sorted(chapters, key=CHAPTERS.index) == chapters
    assert set(chapters) == set(CHAPTERS)
    assert len({slide.key for slide in story.slides}) == len(story.slides)
    for slide in story.slides:
        assert slide.claim and slide.claim[-1] not in ".。"
        assert slide.source
        for bar in slide.chart.bars if isinstance(slide.chart, Chart) else ():
            assert bar.told and (bar.value is None or slide.chart.from_ <= bar.value <= slide.chart.to)


def test_numbers_behind_a_chart_are_no_finer_than_printed() -> None:
    assert as_printed(0.4567, 9) is None
    assert as_printed(float("nan"), 50) is None
    assert as_printed(0.4567, float("nan")) is None
    assert as_printed(0.4567, 20) == 9 / 20
    assert as_printed(0.4567, 150) == 0.46
    assert as_printed(0.4567, 500) == 0.457


def test_difference_whose_interval_covers_zero_is_none(internal: Path) -> None:
    shelf = open_shelf(internal)
    claims = shelf.claims().copy()
    row = claims["stat"] == "difference"
    assert row.any()
    told = {}
    for key, low, high in (
        ("none", -0.1, 0.2),
        ("more", 0.1, 0.3),
        ("less", -0.3, -0.1),
        ("hidden", None, None),
    ):
        claims.loc[row, ["low", "high", "estimate"]] = (low, high, (low + high) / 2) if low else (None,) * 3
        slide = tell_contrast(Shelf(shelf.manifest, {**shelf.tables, "claims": claims}), "en")[0]
        told[key] = slide.sentence if key == "hidden" else slide.claim
    assert told["none"].startswith("No detectable difference")
    assert "more often than" in told["more"] and "more often than" in told["less"]
    assert told["more"] != told["less"]
    assert told["hidden"].endswith("not shown")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_deck_has_native_charts_notes_and_banner(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    story = tell_story(shelf, View(lang=lang))
    deck = _deck(shelf, lang)
    slides = list(deck.slides)  # type: ignore[attr-defined]
    titles = [slide.shapes.title.text_frame.text.replace("\v", "") for slide in slides[1:]]
    assert titles == [one.claim for one in story.slides]
    for slide, told in zip(slides[1:], story.slides, strict=True):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert say(lang, "frame.synthetic") in texts
        assert "" not in texts
        assert any(text.startswith(told.source) for text in texts)
        notes = slide.notes_slide.notes_text_frame.text
        assert told.claim in notes and all(note in notes for note in told.notes)
        charts = [shape for shape in slide.shapes if shape.has_chart]
        assert len(charts) == (told.chart is not None)
        for chart in charts:
            assert chart._element.nvGraphicFramePr.cNvPr.get("descr")
            assert chart.chart.part.chart_workbook.xlsx_part is not None
    edges = (deck.slide_width, deck.slide_height)  # type: ignore[attr-defined]
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= edges[0] + 1
            assert shape.top >= 0 and shape.top + shape.height <= edges[1] + 1


def test_sheet_behind_a_chart_holds_what_is_drawn(public: Path) -> None:
    shelf = open_shelf(public)
    story = tell_story(shelf, View())
    figures = [one.chart for one in story.slides if one.chart is not None]
    made = [s.chart for slide in _deck(shelf).slides for s in slide.shapes if s.has_chart]  # type: ignore[attr-defined]
    pairs = [(m, f) for m, f in zip(made, figures, strict=True) if isinstance(f, Chart)]
    charts, drawn = [m for m, _ in pairs], [f for _, f in pairs]
    assert len(drawn) > 1
    hidden = 0
    for chart, told in zip(charts, drawn, strict=True):
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        rows = list(book["Sheet1"].iter_rows(min_row=2, values_only=True))
        assert [row[1] for row in rows] == [bar.value for bar in told.bars]
        for row, bar in zip(rows, told.bars, strict=True):
            if bar.value is None:
                hidden += 1
                assert not [cell for cell in row if isinstance(cell, int | float)]
    assert hidden


def test_no_line_passes_a_break_or_a_gap(public: Path) -> None:
    own, printed = (0.6, 0.5, 0.7), (0.62, None, None)
    told = (("own", "60%", "50–70% · n = 9"), ("printed", "62%", "n not known"))
    stops = (
        Stop("2021", own, printed, told=told),
        Stop("question changed", is_break=True),
        Stop("2022", own, printed, is_open=True),
        Stop("…"),
        Stop("2024", own),
    )
    slide = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    frame = put_waves(
        slide, Waves(stops, 0.8, "us", "words", ("Own", "Printed")), (0, 0, 6000000, 3000000), "en"
    )
    series = {one.name: list(one.values) for one in frame.chart.plots[0].series}
    assert series["Own"] == [0.6, None, 0.6, None, 0.6]
    assert series["Printed"] == [0.62, None, 0.62, None, None]
    assert series["question changed"] == [None, 0.0, None, None, None]
    rows = list(
        openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))["Sheet1"].values
    )
    assert [row[1:5] for row in rows[1:]] == list(zip(*series.values(), strict=True))
    assert rows[1][5:9] == (0.1, 0.1, None, None) and rows[2][9] == 0.8
    places = [
        [float(node.text) for node in one._element.xpath("c:xVal//c:v")]
        for one in frame.chart.plots[0].series
    ]
    assert [row[11:15] for row in rows[1:]] == list(zip(*places, strict=True))
    assert places[2] == places[3] == [1, 1.5, 2, 2.5, 3]
    assert all(left + 0.1 < right for left, right in zip(places[0], places[1], strict=True))
    below = [
        "".join(label.xpath(".//a:t/text()")) for label in frame.chart._chartSpace.xpath(".//c:dLbls/c:dLbl")
    ]
    assert below[:2] == ["2021Own 60%50–70% · n = 9Printed 62%n not known", "question changed"]
    assert "● 60%" in str(Waves(stops, 0.8, "us", "words", ("Own", "Printed")).below(stops[0], most=2))
    drawing = draw_waves(Waves(stops, 0.8, "us", "words", ("Own", "Printed")))
    assert 'class="own run"' not in drawing and drawing.count('class="break"') == 1
    assert drawing.count("<circle") == 3 and drawing.count("printed open") == 1


def test_numbers_of_firms_cover_nothing_where_firms_stand_close() -> None:
    """Twelve firms within a hundredth of each other, one with a long limit, one at the edge."""
    near = [0.14 + 0.004 * (k % 4) for k in range(12)], [0.28 + 0.005 * (k // 4) for k in range(12)]
    spots = [Spot(str(k + 1), "", (x, x, x), (y, y, y)) for k, (x, y) in enumerate(zip(*near, strict=True))]
    spots += [Spot("13", "", (0.02, 0.3, 0.4), (0.285, 0.285, 0.285)), Spot("14", "", *[(0.499,) * 3] * 2)]
    side = 250.0
    found = places_of_numbers(Cross(tuple(spots), 0.5, "x", "y", ""), side)
    boxes = []
    for spot, (_, (right, up)) in zip(spots, found, strict=True):
        x, y, half = spot.x[1] / 0.5 * side + right, spot.y[1] / 0.5 * side + up, 3.6 * len(spot.mark)
        assert half <= x <= side - half and 6 <= y <= side - 6
        boxes.append((x - half, x + half, y - 6, y + 6))
    for k, (a, b, c, d) in enumerate(boxes):
        assert not [o for o in boxes[k + 1 :] if min(b, o[1]) > max(a, o[0]) and min(d, o[3]) > max(c, o[2])]
        points = [(spot.x[1] / 0.5 * side, spot.y[1] / 0.5 * side) for spot in spots]
        assert not [p for p in points if a < p[0] < b and c < p[1] < d]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_few_words_stand_below_a_figure_and_many_beside_it(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    deck, kinds = _deck(shelf, lang), set()
    for slide, told in zip(list(deck.slides)[1:], tell_story(shelf, View(lang=lang)).slides, strict=True):  # type: ignore[attr-defined]
        held = {shape.name: shape for shape in slide.shapes}
        if told.chart is None or isinstance(told.chart, Cross) or not told.points:
            continue
        chart, words = held["Chart"], held["Words"]
        is_below = words.top >= chart.top + chart.height
        kinds.add(is_below)
        assert is_below or words.left >= chart.left + chart.width
        assert not is_below or chart.width > 0.9 * held["Claim"].width
        rows = len(told.chart.bars) if isinstance(told.chart, Chart) else 1
        assert not is_below or chart.height >= rows * 38 * 12700
    assert True in kinds


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_changes_are_told_no_more_firmly_than_they_are_known(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    base = {"wave": "2021", "level": 0.95, "method": "score", "smallest": 0.2, "from_wave": "2020"}
    question = "had_to_choose"
    option = shelf.options(question)[0]
    told = {}
    for key, low, high, flag in (
        ("none", -0.1, 0.2, "no detectable change"),
        ("up", 0.05, 0.25, "change"),
        ("down", -0.25, -0.05, "change"),
        ("break", 0.05, 0.25, "break"),
    ):
        row = {**base, "question": question, "option": option, "to_wave": "2021", "stat": "change", "n": 90}
        row |= {"estimate": (low + high) / 2, "low": low, "high": high, "flag": flag}
        tables = {**shelf.tables, "published_changes": pd.DataFrame([row])}
        slide = next(s for s in tell_waves(Shelf(shelf.manifest, tables), lang) if s.key == "changes")
        told[key] = slide.claim
        assert (slide.chart is None) == (key == "break")
    assert len(set(told.values())) == 4
    words = {
        "en": ("No detectable change", "rose by 15.0 points", "fell by 15.0 points", "no change can be told"),
        "ja": ("変化は確認できない", "15.0ポイント上昇", "15.0ポイント低下", "変化は示せない"),
    }[lang]
    assert all(word in claim for word, claim in zip(words, told.values(), strict=True))


def test_a_claim_after_a_name_goes_on_in_a_small_letter(internal: Path) -> None:
    waves = [s.claim for s in tell_waves(open_shelf(internal), "en") if s.key.startswith("waves-")]
    assert waves and all(": no detectable change from " in claim for claim in waves)


@pytest.mark.parametrize("form", ["pptx", "xlsx", "html"])
def test_no_firm_in_what_the_public_takes_away(public: Path, form: str) -> None:
    for lang in ("en", "ja"):
        made = make_brief(open_shelf(public), View(lang=lang), form)[1]
        files = [(form, made)] if form == "html" else list(_members(made))
        assert not [name for name, content in files if SECRET.encode() in content]


def test_firms_of_an_internal_release_are_named(internal: Path) -> None:
    shelf = open_shelf(internal)
    firm = str(shelf.firms["firm"].iloc[0])
    story = tell_story(shelf, View(compare=(firm,)))
    slide = next(one for one in story.slides if one.key == "firms")
    assert slide.table is not None and len(slide.table.rows) == 1


@pytest.mark.parametrize("form", ["pptx", "xlsx", "html"])
def test_same_release_same_bytes(internal: Path, form: str) -> None:
    first, second = (make_brief(open_shelf(internal), View(lang="ja"), form) for _ in range(2))
    assert first == second


def test_slides_are_wide_or_a4(internal: Path) -> None:
    shelf = open_shelf(internal)
    wide, a4 = _deck(shelf), _deck(shelf, paper="a4")
    assert round(wide.slide_width / wide.slide_height, 2) == 1.78  # type: ignore[attr-defined]
    assert (round(a4.slide_width / 36000), round(a4.slide_height / 36000)) == (297, 210)  # type: ignore[attr-defined]


def test_own_deck_is_a_template(internal: Path, tmp_path: Path) -> None:
    shelf, path = open_shelf(internal), tmp_path / "house.pptx"
    first = make_brief(shelf, View(), "pptx")[1]
    path.write_bytes(first)
    deck = _deck(shelf, template=path)
    assert len(list(deck.slides)) == len(Presentation(io.BytesIO(first)).slides)  # type: ignore[attr-defined,arg-type]
    names = zipfile.ZipFile(io.BytesIO(make_brief(shelf, View(), "pptx", template=path)[1])).namelist()
    assert len(names) == len(set(names))


def test_workbook_has_contents_a_sheet_a_question_and_notes(public: Path) -> None:
    shelf = open_shelf(public)
    book = openpyxl.load_workbook(io.BytesIO(make_brief(shelf, View(), "xlsx")[1]))
    questions = list(dict.fromkeys(shelf.tables["estimates"]["question"]))
    assert book.sheetnames == ["Contents", *questions, "Notes"]
    assert not list(book.defined_names) or all("Print" in name for name in book.defined_names)
    numbers, neutral = 0, 0
    for page in book:
        assert page.sheet_state == "visible"
        texts = [cell for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
        assert not [text for text in texts if isinstance(text, str) and text.startswith("=")]
        assert "synthetic respondents" in texts
        if page.title in questions:
            assert page.freeze_panes
            numbers += len([cell for cell in texts if isinstance(cell, float)])
            neutral += texts.count(say("en", "state.suppressed"))
    assert numbers and neutral
    known = shelf.tables["estimates"]["estimate"].notna().sum()
    assert numbers <= 2 * known + len(questions)


def test_base_rules_that_change_nothing_are_told_once(internal: Path) -> None:
    shelf = open_shelf(internal)
    rows = shelf.tables["estimates"]
    doubled = pd.concat([rows, rows.assign(base_rule="returned")], ignore_index=True)
    plain = make_brief(shelf, View(), "xlsx")[1]
    twice = make_brief(Shelf(shelf.manifest, {**shelf.tables, "estimates": doubled}), View(), "xlsx")[1]
    sizes = [[page.max_row for page in openpyxl.load_workbook(io.BytesIO(book))] for book in (plain, twice)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_report_stands_alone(internal: Path, lang: str) -> None:
    page = make_brief(open_shelf(internal), View(lang=lang), "html")[1].decode("utf-8")
    for asking in ("http:", "https:", "src=", "url(", "<script", "@import", "<link"):
        assert asking not in page
    assert f'<html lang="{lang}">' in page
    assert page.count("<h1>") == 1 and page.count("<h2>") == len(CHAPTERS)
    assert "prefers-color-scheme: dark" in page and "@page" in page
    assert say(lang, "frame.synthetic") in page


def test_no_line_parts_a_number_and_each_claim_stays_whole(internal: Path) -> None:
    assert _kept("n = 87 → 72; −3.9 to +24.5") == (
        '<span class="kept">n = 87 → 72</span>; <span class="kept">−3.9 to +24.5</span>'
    )
    assert _kept("信頼できないエンティティ・リスト規定 第2条・第9条").count('class="kept"') == 2
    assert _kept("<b> · 2026-01-10") == '&lt;b&gt;&nbsp;· <span class="kept">2026-01-10</span>'
    page = make_brief(open_shelf(internal), View(), "html")[1].decode("utf-8")
    for article in page.split("<article ")[1:]:
        rows = article.partition("</article>")[0].count("<tr>") - 1
        assert ('class="parted"' in article.partition(">")[0]) == (rows > 9)
    assert "article:not(.parted), .held, tr, li, thead { break-inside: avoid; }" in page


def _tags(node: Any, found: set[str]) -> set[str]:
    """Kinds of all elements of the tree of tags of a PDF."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            _tags(one, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.add(str(node["/S"]))
        if "/K" in node:
            _tags(node["/K"], found)
    return found


def _fonts_of(pdf: PdfReader) -> list[Any]:
    """Every font of every page once, the descendants of composite ones in their place."""
    fonts: dict[int, Any] = {}
    for page in pdf.pages:
        for font in (page["/Resources"].get_object().get("/Font") or {}).values():
            held = font.get_object()
            fonts[id(held)] = held.get("/DescendantFonts", [held])[0].get_object()
    return list(fonts.values())


def test_label_value_and_bar_of_the_report_stand_on_one_line(public: Path) -> None:
    page = make_brief(open_shelf(public), View(), "html")[1].decode("utf-8")
    rows = re.findall(
        r'<div class="label" style="grid-row:(\d+)">.*?</div><div class="value" style="grid-row:(\d+)">'
        r'.*?</div><div class="track \w+" style="grid-row:(\d+)"',
        page,
    )
    assert len(rows) == page.count('class="label"') > 3
    assert all(one == two == three and int(one) > 1 for one, two, three in rows)
    assert "dense" not in page


@pytest.mark.skipif(find_browser() is None, reason="no browser that prints")
def test_pdf_is_tagged_and_has_its_fonts(public: Path) -> None:
    name, made = make_brief(open_shelf(public), View(lang="ja"), "pdf")
    assert name.endswith("_public_ja.pdf")
    assert b"(D:20000101000000" in made
    pdf = PdfReader(io.BytesIO(made))
    root = cast(Any, pdf.trailer["/Root"])
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith("ja")
    tags = _tags(root["/StructTreeRoot"], set())
    assert {"/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/L", "/P"} <= tags
    assert pdf.metadata is not None and pdf.metadata.title and pdf.metadata.creator == "Crosspressure"
    assert b"Mozilla" not in made and root["/ViewerPreferences"]["/DisplayDocTitle"]
    told = pdf.xmp_metadata
    assert told is not None and told.dc_title == {"x-default": pdf.metadata.title}
    assert told.dc_language == ["ja"]
    assert b"pdfuaid" not in made, "docs/how-to/brief.md says that it is not PDF/UA"
    fonts = _fonts_of(pdf)
    assert fonts
    for font in fonts:
        if font["/Subtype"] == "/Type3":
            assert font["/CharProcs"]
            continue
        held = font["/FontDescriptor"].get_object()
        assert any(key in held for key in ("/FontFile", "/FontFile2", "/FontFile3")), font
    words = "".join(page.extract_text() for page in pdf.pages)
    assert "信頼区間" in words and "合成データ" in words
    assert all("合成データ" in page.extract_text() for page in pdf.pages)


def test_command_writes_what_is_asked_for(public: Path, tmp_path: Path) -> None:
    out = tmp_path / "board"
    assert (
        main(["brief", str(public), "--format", "xlsx,html", "--lang", "both", "--out", str(out), "--quiet"])
        == 0
    )
    assert len(list(out.iterdir())) == 4
    file = tmp_path / "mine.html"
    assert main(["brief", str(public), "--out", str(file), "--quiet"]) == 0
    assert file.is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--format", "ppt"], "pptx"),
        (["--format", "pptx", "--out", "x.pdf"], ".pptx"),
        (["--format", "pptx,pdf", "--out", "x.pptx"], "a folder"),
        (["--lang", "fr"], "en, ja or both"),
        (["--lang", "both", "--out", "x.html"], "a folder"),
        (["--out", "nowhere/x.html"], "mkdir"),
        (["--out", "x.doc"], "one of pptx"),
        (["--compare", "F001", "--format", "html"], "an internal one"),
        (["--template", "none.pptx", "--format", "pptx"], "no such file"),
        (["--template", "none.pptx", "--format", "html"], "leave it out"),
    ],
)
def test_bad_input_is_named_and_leaves_nothing(
    public: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["brief", str(public), *words]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_bad_templates_are_named(
    public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pptx").write_text("no presentation", encoding="utf-8")
    Presentation().save(str(tmp_path / "b.pptx"))
    for name, told in (("a.pptx", "no presentation"), ("b.pptx", "no layout with the placeholders Claim")):
        assert main(["brief", str(public), "--template", name, "--format", "pptx", "--out", "out.pptx"]) == 2
        said = capsys.readouterr().err
        assert told in said and "traceback" not in said.lower()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pptx", "b.pptx"]


def test_no_release_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", str(tmp_path), "--format", "html", "--out", str(tmp_path / "x.html")]) == 2
    assert "do this" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["pptx", "xlsx", "html"])
def test_server_gives_the_same_brief(internal: Path, internal_client: FlaskClient, form: str) -> None:
    shelf = open_shelf(internal)
    firm = str(shelf.firms["firm"].iloc[3])
    name, made = make_brief(shelf, View(lang="ja", compare=(firm,)), form)
    answer = internal_client.get(f"/brief.{form}?lang=ja&compare={firm},nobody&theme=dark&q=x")
    assert answer.status_code == 200
    assert answer.get_data() == made
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.mimetype == FORMS[form]


def test_server_gives_no_other_form(internal_client: FlaskClient, public_client: FlaskClient) -> None:
    for path in ("/brief.doc", "/brief", "/brief.pptx/x"):
        assert internal_client.get(path).status_code == 404
    assert internal_client.post("/brief.html", json={}).status_code == 405
    page = public_client.get("/brief.html?lang=en&compare=F001").get_data(as_text=True)
    assert SECRET not in page


def test_briefing_offers_what_this_machine_can_make(internal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = open_shelf(internal)
    page = str(show_briefing(shelf, View(lang="ja", compare=("F001",)), "light"))
    assert "/brief.pptx?lang=ja&compare=F001" in page
    monkeypatch.setattr("dashboard.briefs.find_browser", lambda: None)
    assert "/brief.pdf" not in str(show_briefing(shelf, View(), "light"))
