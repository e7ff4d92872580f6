"""A story as a PowerPoint deck: a claim a slide, native charts and tables, what to say in the notes."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

from dashboard.export.deck_charts import put_chart
from dashboard.export.deck_places import look_of
from dashboard.export.deck_template import CLAIM, COVER, layout_with, open_template
from dashboard.export.deck_words import EMU, height_of, largest_size, turned
from dashboard.export.story import Chart, Cross, Slide, Story, Table, Waves
from dashboard.steps import Tick, untold
from dashboard.wording import say

__all__ = ["make_deck"]

_MOST_LETTERS = 255
"""Of a property of an Office file."""

_LISTS = ("Words", "Chart")
"""Placeholders whose paragraphs are a list, if the template sets them as one."""

_GAP, _ABOVE, _MOST_FOOT = 4, 10 * EMU, (0.28, 0.2)
"""Points between paragraphs; EMU between a figure and the words below it, and what part of the height these
may take, less of one over waves, which has words of its own there: more of them stand beside the figure."""

_PLAIN = 14
"""Points of words below a figure, at most."""

_ROW = 38
"""Points of height that a row of bars needs for the two lines of its label, in letters of any language."""

_BROAD = 850
"""Points across from which on a square of firms leaves its table room at more than a third of the slide."""

_SPOKEN = {"en": "en-GB", "ja": "ja-JP"}


def make_deck(
    story: Story, *, template: Path | None = None, paper: str = "wide", tick: Tick = untold
) -> bytes:
    """The .pptx of a story; the same story and template give the same bytes.

    Parameters
    ----------
    template : Path, optional
        A presentation of the house; see `open_template`.
    paper : str
        `wide` (16:9) or `a4`, where there is no template.
    tick : Tick
        Told of each slide before it is made.

    Raises
    ------
    survey.FileFault
        The template is none.
    """
    deck = open_template(template, paper, story.lang)
    _cover(deck, story)
    for number, slide in enumerate(story.slides, start=2):
        tick("slide", number, 1 + len(story.slides))
        _claim(deck, story, slide, number)
    properties = deck.core_properties
    properties.title, properties.author, properties.language = (
        story.title[:_MOST_LETTERS],
        say(story.lang, "frame.product"),
        story.lang,
    )
    properties.created = properties.modified = datetime.datetime(2000, 1, 1)
    properties.subject, properties.comments = (one[:_MOST_LETTERS] for one in (story.subtitle, story.banner))
    properties.last_modified_by, properties.keywords = "", ""
    properties.revision = 1
    file = io.BytesIO()
    deck.save(file)
    return _same_bytes(file.getvalue())


def _same_bytes(made: bytes) -> bytes:
    """The same archive with the same days in it, whenever it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Page:
    """A slide by the names of the placeholders of its layout."""

    def __init__(self, deck: Any, wanted: tuple[str, ...], lang: str) -> None:
        layout = layout_with(deck, wanted)
        self.slide = deck.slides.add_slide(layout)
        self.lang = lang
        named = {shape.placeholder_format.idx: shape.name for shape in layout.placeholders}
        self.places = {named[s.placeholder_format.idx]: s for s in self.slide.placeholders}
        for name, shape in self.places.items():
            shape.name = name

    def box(self, name: str) -> tuple[int, int, int, int]:
        """Left, top, width, height of a placeholder."""
        shape = self.places[name]
        return shape.left, shape.top, shape.width, shape.height

    def drop(self, name: str) -> None:
        """Take an unused placeholder from the slide."""
        shape = self.places.pop(name, None)
        if shape is not None:
            shape._element.getparent().remove(shape._element)

    def say(self, name: str, lines: tuple[str, ...] | list[str], least: int = 9, gap: int = 0) -> int:
        """Fill a placeholder in the largest size at which its words fit, or take it away; its lower end."""
        lines = [line for line in lines if line]
        if not lines:
            self.drop(name)
            return 0
        shape = self.places[name]
        left, top, wide, tall = self.box(name)
        shape.left, shape.top, shape.width, shape.height = left, top, wide, tall
        frame = shape.text_frame
        is_bold, is_list = name == "Claim", name in _LISTS
        look = look_of(shape, is_list=is_list)
        room, high = max(wide - look.wide, EMU), max(tall - look.tall, EMU)
        size = largest_size(lines, (room, high), look.size, min(least, look.size), gap, is_bold=is_bold)
        parts = [turned(line, room, size, is_bold=True) if is_bold else [line] for line in lines]
        _write(frame, parts, size, gap, self.lang)
        if not is_list:
            _unlist(frame)
        if look.above is None:
            return int(top + tall)
        return int(top + look.above + height_of(lines, room, size, gap, is_bold=is_bold))

    def put(self, name: str, box: tuple[int, int, int, int]) -> None:
        """Move a placeholder."""
        shape = self.places[name]
        shape.left, shape.top, shape.width, shape.height = box

    def number(self, number: int) -> bool:
        """Show the number of the slide where the layout has a place for it; whether it has."""
        from lxml import etree

        shape = self.places.get("Number")
        if shape is None:
            return False
        paragraph = shape.text_frame.paragraphs[0]._p
        field = f'<a:fld xmlns:a="{_A}" id="{_FIELD}" type="slidenum"><a:rPr/><a:t>{number}</a:t></a:fld>'
        paragraph.insert(0, etree.fromstring(field))
        return True

    def raise_to(self, name: str, top: int) -> None:
        """Let a placeholder begin where the one above it ends, if that is higher up."""
        left, was, wide, tall = self.box(name)
        if top + 3 * EMU < was:
            self.put(name, (left, top + 3 * EMU, wide, tall))

    def foot(self, lines: tuple[str, ...], wide: int, gap: int) -> int:
        """Height in EMU that words need below a figure, in the size of their placeholder or a little less."""
        look = look_of(self.places["Words"], is_list=True)
        room = max(wide - look.wide, EMU)
        return height_of(lines, room, min(look.size, _PLAIN), gap) + look.tall + _ABOVE

    def raise_body(self, above: tuple[int, int, int, int], end: int) -> None:
        """Let what is below the sentence begin where that ends, if the sentence stands over all of it."""
        chart, words = self.box("Chart"), self.box("Words")
        left, right = min(chart[0], words[0]), max(chart[0] + chart[2], words[0] + words[2])
        if not (above[0] <= left and right <= above[0] + above[2] + EMU and above[1] < end):
            return
        for name, (at, top, wide, tall) in (("Chart", chart), ("Words", words)):
            rise = top - (end + 14 * EMU)
            if rise > 0 and top >= above[1]:
                self.put(name, (at, top - rise, wide, tall + rise))


def _unlist(frame: Any) -> None:
    """Take bullet and indent from what is no list, where a house's template has them."""
    from lxml import etree

    properties = frame.paragraphs[0]._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(etree.fromstring(f'<a:buNone xmlns:a="{_A}"/>'))


def _write(frame: Any, lines: list[list[str]], size: int, gap: int, lang: str) -> None:
    """Fill a frame with paragraphs, each of one line or of parts that begin a line each."""
    from pptx.util import Pt

    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        for number, part in enumerate(line):
            if number:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = part
            run._r.get_or_add_rPr().set("lang", _SPOKEN[lang])
            run.font.size = Pt(size)
        if gap and place:
            paragraph.space_before = Pt(gap)


def _cover(deck: Any, story: Story) -> None:
    page = _Page(deck, COVER, story.lang)
    page.say("Claim", [story.title])
    page.say("Sentence", [story.subtitle])
    page.say("Words", story.opening, gap=6)
    page.say("Source", [story.colophon])
    page.say("Banner", [story.banner])
    _note(page, [story.title, story.subtitle, *story.opening, story.colophon, story.banner])


def _claim(deck: Any, story: Story, slide: Slide, number: int) -> None:
    page = _Page(deck, CLAIM, story.lang)
    page.say("Chapter", [say(story.lang, f"brief.{slide.chapter}")])
    end = page.say("Claim", [slide.claim], least=16)
    page.raise_to("Sentence", end)
    above = page.box("Sentence")
    end = page.say("Sentence", [slide.sentence]) or end
    page.raise_body(above, end)
    page.say("Source", [slide.source if page.number(number) else f"{slide.source} · {number}"])
    page.say("Banner", [story.banner])
    _body(page, slide, story.lang)
    words = [
        slide.claim,
        slide.sentence,
        *slide.notes,
        *slide.points,
        slide.source,
        story.colophon,
        story.banner,
    ]
    _note(page, words)


def _body(page: _Page, slide: Slide, lang: str) -> None:
    """The figure and what stands beside it: sentences, a table of firms, or sources."""
    left, top, wide, tall = page.box("Chart")
    right, _, beside, _ = page.box("Words")
    whole = right + beside - left
    if isinstance(slide.chart, Cross):
        page.drop("Chart")
        part = min(int(whole * (0.37 if whole > _BROAD * EMU else 0.31)), tall)
        put_chart(page.slide, slide.chart, (left, top, part, tall), lang)
        gap = int(whole * 0.025)
        x, room = left + part + gap, whole - part - gap
        end = _table(page, slide.table, (x, top, room, int(tall * 0.72)), lang) if slide.table else top
        page.put("Words", (x, end + 8 * EMU, room, max(top + tall - end - 8 * EMU, 1)))
        page.say("Words", slide.points, gap=4)
    elif slide.chart is not None:
        page.drop("Chart")
        foot = page.foot(slide.points, whole, _GAP) if slide.points else 0
        rows = len(slide.chart.bars) if isinstance(slide.chart, Chart) else 0
        if foot > _MOST_FOOT[isinstance(slide.chart, Waves)] * tall or tall - foot < rows * _ROW * EMU:
            put_chart(page.slide, slide.chart, (left, top, wide, tall), lang)
            page.say("Words", slide.points, gap=2 * _GAP)
        else:
            put_chart(page.slide, slide.chart, (left, top, whole, tall - foot), lang)
            page.put("Words", (left, top + tall - foot + _ABOVE, whole, max(foot - _ABOVE, 1)))
            page.say("Words", slide.points, gap=_GAP)
    elif slide.chapter == "method":
        page.say("Chart", slide.points, gap=6)
        if slide.table:
            _table(page, slide.table, page.box("Words"), lang)
        page.drop("Words")
    else:
        page.drop("Chart")
        foot = height_of(slide.points, whole, 14, 4) + 12 * EMU if slide.points else 0
        end = _table(page, slide.table, (left, top, whole, tall - foot), lang) if slide.table else top
        page.put("Words", (left, end + 12 * EMU, whole, max(top + tall - end - 12 * EMU, 1)))
        page.say("Words", slide.points, gap=4)


def _table(page: _Page, table: Table, box: tuple[int, int, int, int], lang: str) -> int:
    """A table set as a yearbook sets it: rules between rows and nothing else; where it ends."""
    from dashboard.export.deck_tables import put_table

    return put_table(page.slide, table, box, _SPOKEN[lang])


def _note(page: _Page, lines: list[str]) -> None:
    """What the speaker must know."""
    page.slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(line for line in lines if line))


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FIELD = "{C3B1A7B0-6E5B-4C0B-9C55-0F1D2E3A4B5C}"
