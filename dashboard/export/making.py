"""One brief in one form: deck, workbook, PDF, page or pictures, all of the same story of a Release."""

import re
import tempfile
from pathlib import Path
from typing import Any

from dashboard.aside import make_aside
from dashboard.export.story import Story
from dashboard.export.told_method import tell_story
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.steps import Tick, untold

__all__ = ["FORMS", "make_brief"]

FORMS = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
    "zip": "application/zip",
}
"""Ending of a form to its media type."""

_DAY = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)\d{14}")


def make_brief(
    shelf: Shelf,
    view: View,
    form: str,
    *,
    template: Path | None = None,
    paper: str = "wide",
    folder: Path | None = None,
    is_aside: bool = False,
    tick: Tick = untold,
) -> tuple[str, bytes]:
    """The name and the bytes of a brief.

    Parameters
    ----------
    view : View
        Language, and what of its filters a brief keeps; see `tell_story`.
    form : str
        A key of `FORMS`.
    template, paper
        Of a deck; see `open_template`.
    folder : Path, optional
        Where a browser works while it prints a PDF; by default the system's folder for such.
    is_aside : bool
        Whether a deck or a workbook is made in a process of its own, as is better where this one serves.
    tick : Tick
        Told of each step before it is taken.

    Raises
    ------
    survey.FileFault
        The template is none, or there is no browser that prints.
    """
    tick("story", 0, 0)
    story = tell_story(shelf, view)
    if form == "pptx":
        from dashboard.export.deck import make_deck

        given: dict[str, Any] = {"template": template, "paper": paper, "tick": tick}
        made = make_aside(make_deck, story, **given) if is_aside else make_deck(story, **given)
    elif form == "xlsx":
        made = _workbook(shelf, story, tick, is_aside=is_aside)
    elif form == "zip":
        from dashboard.export.pictures import zip_pictures

        made = zip_pictures(story, tick)
    else:
        from dashboard.export.report import make_report

        tick("page", 0, 0)
        page = make_report(story)
        made = page.encode("utf-8") if form == "html" else _printed(page, folder, tick)
    return f"{story.stem}.{form}", made


def _workbook(shelf: Shelf, story: Story, tick: Tick, *, is_aside: bool) -> bytes:
    from dashboard.command.workbook import make_workbook
    from dashboard.export.question_sheets import notes_of, questions_of

    given = story.title, questions_of(shelf, story.lang), notes_of(shelf, story)
    named: dict[str, Any] = {"lang": story.lang, "is_synthetic": bool(story.banner), "tick": tick}
    named["source"] = story.subtitle
    return make_aside(make_workbook, *given, **named) if is_aside else make_workbook(*given, **named)


def _printed(page: str, folder: Path | None, tick: Tick) -> bytes:
    """A page as a tagged PDF; the day of printing is taken out of it."""
    from dashboard.command.printing import print_page

    tick("print", 0, 0)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out = Path(place) / "brief.pdf"
        print_page(page, out, folder=folder, tick=tick)
        return _DAY.sub(rb"\g<1>20000101000000", out.read_bytes())
