"""Pictures of a brief: they stand alone, say what their slide says, fit their card, and give nothing away."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from analysis import attack_releases
from dashboard.command import main
from dashboard.export.making import make_brief
from dashboard.export.pictures import draw_picture, zip_pictures
from dashboard.export.story import Bar, Chart, Slide, Story
from dashboard.export.told_method import tell_story
from dashboard.lines import text_width
from dashboard.selection import View
from dashboard.shelf import open_shelf
from tests.analysis.attack.planting_files import hidden_answer
from tests.analysis.attack.test_planted import released  # noqa: F401

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"><script>alert(1)</script>'


def said(picture: str) -> str:
    """Every word of a picture, without the breaks of its lines."""
    texts = fromstring(picture).iter(f"{SVG}text")
    return re.sub(r"\s", "", "".join("".join(text.itertext()) for text in texts))


def bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def story_of(*bars: Bar, banner: str = "Synthetic") -> Story:
    chart = Chart(bars, "percent", 0.0, 1.0, "what it shows", ("Share",))
    slide = Slide("what", "one", f"A claim {EVIL}", "Its limits", chart, None, ("A caveat",), "Source: S", ())
    return Story("en", "T", "S", (), banner, "Crosspressure, release 1234", "stem", (slide,))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_each_figure_is_there_twice_and_says_what_its_slide_says(
    request: pytest.FixtureRequest, audience: str, lang: str
) -> None:
    shelf = open_shelf(request.getfixturevalue(audience))
    story = tell_story(shelf, View(lang=lang))
    told = [slide for slide in story.slides if slide.chart is not None]
    name, made = make_brief(shelf, View(lang=lang), "zip")
    assert name == f"{story.stem}.zip" and made == make_brief(shelf, View(lang=lang), "zip")[1]
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert len(archive.namelist()) == 2 * len(told) > 6
    compared = 0
    for place, slide in enumerate(told, start=1):
        for ending in ("", "-dark"):
            picture = archive.read(f"{place:02d}-{slide.key}{ending}.svg").decode("utf-8")
            words = said(picture)
            for part in (story.banner, slide.claim, slide.sentence, slide.source, story.colophon):
                assert bare(part) in words, (slide.key, part)
            if isinstance(slide.chart, Chart):
                for bar in slide.chart.bars:
                    assert bare(bar.brief) in words and bare(bar.label) in words, (slide.key, bar)
                    compared += 1
            assert "href" not in picture and "url(http" not in picture and "<script" not in picture
            assert shelf.mark in words
    assert compared > 10


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_line_leaves_its_card(internal: Path, lang: str) -> None:
    story = tell_story(open_shelf(internal), View(lang=lang))
    for slide in story.slides:
        for picture in [fromstring(draw_picture(story, slide))] if slide.chart is not None else []:
            wide, tall = (float(picture.get(key, "0")) for key in ("width", "height"))
            for text in _own_texts(picture):
                size, x, y = (float(text.get(key, "0")) for key in ("font-size", "x", "y"))
                assert x + text_width("".join(text.itertext()), size) <= wide and 0 < y < tall


def _own_texts(picture: Element) -> list[Element]:
    """Lines of the card; those of its drawings are anchored at their middle or placed by these."""
    return [text for text in picture.findall(f"{SVG}text")]


def test_words_of_a_study_stay_words_and_a_number_that_is_hidden_has_no_bar() -> None:
    shown = Bar(f"Label {EVIL}", "told", "61% · n = 97", "us", 0.61, 0.5, 0.7)
    hidden = Bar("Hidden", "told", "not shown: confidentiality", "us", None)
    picture = draw_picture(story_of(shown, hidden), story_of(shown, hidden).slides[0])
    assert not list(fromstring(picture).iter(f"{SVG}script")) and "&lt;script&gt;" in picture
    rects = [rect for rect in fromstring(picture).iter(f"{SVG}rect") if rect.get("fill") == "#1F5FA8"]
    assert len(rects) == 1 and picture.count("url(#hatch)") == 1
    assert "notshown:confidentiality" in said(picture)
    few = draw_picture(
        story_of(shown), story_of(Bar("L", "t", "6 of 24", "us", 0.25, is_indicative=True)).slides[0]
    )
    assert 'fill="none" stroke="#1F5FA8"' in few


def test_a_slide_without_a_figure_is_no_picture() -> None:
    slide = Slide("what", "one", "c", "s", None, None, (), "", ())
    with pytest.raises(ValueError, match="no figure"):
        draw_picture(story_of(), slide)


def test_pictures_of_a_release_give_nothing_away_and_one_that_did_is_found(
    released: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    members = released / "out" / "members"
    shelf = open_shelf(members)
    story = tell_story(shelf, View())
    made = tmp_path / "pictures.zip"
    made.write_bytes(zip_pictures(story))
    assert attack_releases([members], ask=False, files=[made]).broken.empty
    question, _, text, count, _ = hidden_answer(members, released / "out" / "internal")
    label = shelf.label("en", question)
    bad = story_of(Bar(f"{text}: {count:.0f}", "told", f"{count:.0f}", "us", 0.1))
    slide = bad.slides[0]
    named = Slide("what", "one", label, "", slide.chart, None, (), "", ())
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("one.svg", draw_picture(bad, named))
    assert not attack_releases([members], ask=False, files=[made]).broken.empty


def test_the_command_writes_pictures(internal: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.zip"
    assert main(["brief", str(internal), "--out", str(out), "--quiet"]) == 0
    assert zipfile.ZipFile(out).testzip() is None
