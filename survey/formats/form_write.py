"""A questionnaire as a form to print and fill in by hand: one HTML file that fetches nothing."""

import os
from html import escape
from itertools import groupby
from pathlib import Path

from survey.codebook import words
from survey.faults import StudyFault
from survey.formats.form_blocks import Block, blocks_of, numbers_of
from survey.formats.form_page import block_html
from survey.formats.form_style import FORM_STYLE
from survey.questionnaire import Instrument, Section

__all__ = ["write_form"]

_ALLOWED = "default-src 'none'; style-src 'unsafe-inline'"


def write_form(instrument: Instrument, out: Path, *, lang: str = "") -> Path:
    """Write the printable form (.html, A4) in one language, or in all, one after the other.

    Parameters
    ----------
    instrument : Instrument
        What `survey.load_instrument` gave.
    out : Path
        The file to write; its folder exists.
    lang : str
        Language of the form; "" for all.

    Raises
    ------
    StudyFault
        A language that the questionnaire does not have.
    QuestionFault
        Routing that names no question.
    """
    langs = tuple(code for code in instrument.codebook.languages if code) or ("en",)
    if lang and lang not in langs:
        raise StudyFault(f"language {lang!r}", "no such language", ", ".join(langs), "name one of these")
    shown = (lang,) if lang else langs
    title = escape(words(instrument.title, shown[0], instrument.id))
    page = [
        "<!doctype html>",
        f'<html lang="{shown[0]}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_ALLOWED}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{FORM_STYLE}</style>",
        "</head>",
        "<body>",
        *(_form(instrument, code) for code in shown),
        "</body>",
        "</html>",
        "",
    ]
    beside = out.with_name(f".{out.name}.part")
    beside.write_text("\n".join(page), encoding="utf-8", newline="\n")
    os.replace(beside, out)
    return out


def _form(instrument: Instrument, lang: str) -> str:
    """The whole form in one language."""
    numbers = numbers_of(instrument)
    parts = [f'<main lang="{lang}">', '<div class="opening">']
    parts.append(f"<h1>{escape(words(instrument.title, lang, instrument.id), quote=False)}</h1>")
    note = words(instrument.note, lang)
    parts += [f"<p>{escape(note, quote=False)}</p>"] if note else []
    parts.append("</div>")
    parts += [_section(instrument, section, numbers, lang) for section in instrument.sections]
    parts.append(f'<p class="foot">{escape(instrument.id)} {escape(instrument.version)}</p>')
    return "\n".join([*parts, "</main>"])


def _section(instrument: Instrument, section: Section, numbers: dict[str, str], lang: str) -> str:
    """A section: its heading, then blocks in two columns, wide ones across the page."""

    def html(block: Block) -> str:
        return block_html(instrument, block, numbers, lang, numbered=not section.office)

    parts = ['<section class="office">' if section.office else "<section>"]
    parts.append(f"<h2>{escape(words(section.title, lang, section.id), quote=False)}</h2>")
    note = words(section.note, lang)
    parts += [f"<p>{escape(note, quote=False)}</p>"] if note else []
    for wide, blocks in groupby(blocks_of(instrument, section), key=lambda block: block.is_wide):
        inner = "\n".join(html(block) for block in blocks)
        parts.append(inner if wide else f'<div class="columns">{inner}</div>')
    return "\n".join([*parts, "</section>"])
