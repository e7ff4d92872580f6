"""A story as one page of HTML that stands alone: to read, light or dark, to print, and to make a PDF of."""

import re
from html import escape
from pathlib import Path

from dashboard.colours import DARK, FONT, LIGHT, Palette
from dashboard.export.deck_words import width_of
from dashboard.export.report_figures import draw_figure
from dashboard.export.story import CHAPTERS, Chart, Slide, Story, Table, Waves
from dashboard.wording import say

__all__ = ["make_report"]

_SHORT = 14.0
"""Width in em up to which a cell of a table stays on one line."""
_WHOLE = 9
"""Rows up to which a table stays on the printed page of its claim."""
_KEPT = re.compile(
    r"n ?= ?[\d,–]+(?: → [\d,]+)?|[+−]?[\d.]+[%％]?(?: ?[–～] ?| to (?=[+−\d]))[+−]?[\d.]+[%％]?|第[\d～]+条"
    r"|\d{4}-\d\d-\d\d|\b[A-Z]{2}-[A-Z0-9]+\b|\d+[社件]中\d+[社件]"
)
"""Pieces that no line may part: n, an interval, an article, a day, a code."""


def make_report(story: Story) -> str:
    """The whole report; it fetches nothing and runs nothing."""
    banner = f'<p class="banner" role="note">{escape(story.banner)}</p>' if story.banner else ""
    chapters = [
        (chapter, [slide for slide in story.slides if slide.chapter == chapter]) for chapter in CHAPTERS
    ]
    held = [(chapter, slides) for chapter, slides in chapters if slides]
    contents = "".join(f'<li><a href="#{chapter}">{_said(story, chapter)}</a></li>' for chapter, _ in held)
    body = "".join(
        f'<section id="{chapter}"><h2>{_said(story, chapter)}</h2>'
        + "".join(_told(slide) for slide in slides)
        + "</section>"
        for chapter, slides in held
    )
    is_short = bool(story.slides) and story.slides[0].key == "short"
    opening = "" if is_short else "".join(f"<p>{_kept(part)}</p>" for part in story.opening)
    return (
        f'<!doctype html>\n<html lang="{story.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(story.title)}</title><style>{_style(story)}</style></head><body><main>{banner}"
        f'<header><h1>{escape(story.title)}</h1><p class="quiet">{escape(story.subtitle)}</p>'
        f'<div class="opening">{opening}</div></header>'
        f'<nav aria-label="{escape(say(story.lang, "brief.contents"))}"><ul>{contents}</ul></nav>{body}'
        f'<footer><p class="quiet">{escape(story.colophon)}</p></footer></main></body></html>\n'
    )


def _said(story: Story, chapter: str) -> str:
    return escape(say(story.lang, f"brief.{chapter}"))


def _kept(text: str) -> str:
    """Words as HTML whose numbers stay whole at the end of a line, and whose dots never begin one."""
    parts, at = [], 0
    for found in _KEPT.finditer(text):
        parts += [escape(text[at : found.start()]), f'<span class="kept">{escape(found.group())}</span>']
        at = found.end()
    return "".join([*parts, escape(text[at:])]).replace(" · ", "&nbsp;· ")


def _told(slide: Slide) -> str:
    """One claim: sentence, figure, table, further sentences, source."""
    sentence = f'<p class="sentence">{_kept(slide.sentence)}</p>' if slide.sentence else ""
    points = "".join(f"<li>{_kept(point)}</li>" for point in slide.points)
    figure = _figure(slide)
    foot = f'<ul class="points">{points}</ul>' if points else ""
    source = slide.below or slide.source
    foot += f'<p class="source">{_kept(source)}</p>' if source else ""
    parts = [
        _table(slide.table) if slide.table else "",
        f'<div class="held foot">{foot}</div>' if foot else "",
    ]
    if slide.chapter == "method":
        parts.reverse()
    head = f'<div class="held"><h3>{escape(slide.claim)}</h3>{sentence}{figure}</div>'
    is_long = slide.table is not None and len(slide.table.rows) > _WHOLE
    is_paired = isinstance(slide.chart, Chart) and len(slide.chart.names) > 1
    is_beside = slide.table is not None and not is_long and (is_paired or slide.chapter == "method")
    kind = ' class="parted"' if is_long else ' class="beside"' if is_beside else ""
    return f'<article id="{escape(slide.key)}"{kind}>{head}{"".join(parts)}</article>'


def _figure(slide: Slide) -> str:
    """The figure of a claim; one that is wider than a phone is moved sideways, by keys as well."""
    if slide.chart is None:
        return ""
    wide = f' tabindex="0" role="region" aria-label="{escape(slide.claim)}"'
    wide = wide if isinstance(slide.chart, Waves) else ""
    return f'<div class="figure"{wide}>{draw_figure(slide.chart)}</div>'


def _table(table: Table) -> str:
    def cell(tag: str, column: int, text: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        size = "short" if width_of(text) <= _SHORT else "long"
        kind = f' class="{"number" if column in table.numbers else size}"'
        if tag == "td" and column == 0:
            return f'<th scope="row"{kind}>{_kept(text)}</th>'
        return f"<{tag}{scope}{kind}>{_kept(text)}</{tag}>"

    head = "".join(cell("th", k, text) for k, text in enumerate(table.head))
    rows = "".join(
        "<tr>" + "".join(cell("td", k, text) for k, text in enumerate(row)) + "</tr>" for row in table.rows
    )
    caption = escape(table.caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _inks(ink: Palette) -> str:
    return (
        f"--us:{ink.us};--cn:{ink.cn};--both:{ink.both};--ink:{ink.ink};--quiet:{ink.quiet};"
        f"--line:{ink.line};--ground:{ink.ground};--raised:{ink.raised};"
    )


def _style(story: Story) -> str:
    banner, colophon = (text.replace("\\", "").replace('"', "'") for text in (story.banner, story.colophon))
    page = f'@top-left {{ content: "{banner}"; font: 7.5pt sans-serif; color: #8A2F14; }}' if banner else ""
    page += f'@bottom-left {{ content: "{colophon}"; font: 8pt sans-serif; color: #565B63; }}'
    look = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    count = 'content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #565B63;'
    return (
        f":root {{ {_inks(LIGHT)} font-family: {FONT}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_inks(DARK)} }} }}\n"
        f"@media print {{ :root {{ {_inks(LIGHT)} }} }}\n{look}"
        f"@page {{ size: A4; margin: 17mm 15mm 15mm; {page} @bottom-right {{ {count} }} }}"
    )
