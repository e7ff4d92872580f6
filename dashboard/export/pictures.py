"""Figures of a story as pictures that stand alone: claim, figure, source and n on a card of SVG each."""

import io
import zipfile
from html import escape

from dashboard.card_text import LEADING, text_block, text_line
from dashboard.colours import FONT, Palette, palette
from dashboard.export.picture_bars import bar_marks, side_colour
from dashboard.export.report_figures import cross_marks
from dashboard.export.report_waves import wave_marks
from dashboard.export.story import Chart, Cross, Slide, Story, Waves
from dashboard.lines import even_lines
from dashboard.steps import Tick, untold

__all__ = ["draw_picture", "zip_pictures"]

_WIDE, _EDGE, _RIBBON = 1200, 64, 48
_INNER = _WIDE - 2 * _EDGE
_ZOOM = 1.28
"""Most that a drawing made for a page is enlarged."""

_SIZES = (34.0, 30.0, 27.0)
"""Of the letters of a claim, the first that will do."""

_NO_DAY = (1980, 1, 1, 0, 0, 0)


def zip_pictures(story: Story, tick: Tick = untold) -> bytes:
    """Each figure of a story twice, light and dark, in one archive: the same story gives the same bytes."""
    told = [slide for slide in story.slides if slide.chart is not None]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, slide in enumerate(told, start=1):
            tick("picture", place, len(told))
            for ground, ending in (("light", ""), ("dark", "-dark")):
                entry = zipfile.ZipInfo(f"{place:02d}-{slide.key}{ending}.svg", _NO_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, draw_picture(story, slide, ground=ground))
    return packed.getvalue()


def draw_picture(story: Story, slide: Slide, *, ground: str = "light") -> str:
    """The figure of a slide as SVG that fetches nothing, with its banner where respondents are made up.

    Parameters
    ----------
    ground : str
        `light` or `dark`.

    Raises
    ------
    ValueError
        The slide has no figure.
    """
    if slide.chart is None:
        raise ValueError(f"slide {slide.key} has no figure")
    ink, gap = palette(ground), LEADING[story.lang]
    parts: list[str] = []
    y = float(_EDGE)
    if story.banner:
        parts.append(f'<rect width="{_WIDE}" height="{_RIBBON}" fill="{ink.ink}"/>')
        parts.append(text_line(story.banner, _EDGE, 32, 20, ink.ground, 600))
        y += 24
    size, lines = _claim(slide.claim, story.lang)
    for line in lines:
        y += size * gap
        parts.append(text_line(line, _EDGE, y, size, ink.ink, 600))
    y += 8
    for line in even_lines(slide.sentence, 19, _INNER) if slide.sentence else ():
        y += 19 * gap
        parts.append(text_line(line, _EDGE, y, 19, ink.quiet))
    y += 20
    drawn, high = _drawn(slide.chart, ink, story.lang)
    parts.append(f'<g transform="translate({_EDGE} {y:.0f})">{"".join(drawn)}</g>')
    y += high + 12
    for point in slide.points:
        y = text_block(parts, point, _EDGE, y + 4, 17, ink.ink, width=_INNER, gap=gap)
    foot = " · ".join(part for part in (slide.source, story.colophon) if part)
    parts.append(f'<path d="M{_EDGE} {y + 18:.0f}H{_WIDE - _EDGE}" stroke="{ink.line}"/>')
    y = text_block(parts, foot, _EDGE, y + 22, 15, ink.quiet, width=_INNER, gap=gap)
    height = round(y + _EDGE / 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{height}" '
        f'viewBox="0 0 {_WIDE} {height}" role="img" aria-labelledby="title words" lang="{story.lang}" '
        f'font-family="{escape(FONT)}"><title id="title">{escape(slide.claim)}</title>'
        f'<desc id="words">{escape(slide.chart.words)}</desc>'
        f'<rect width="{_WIDE}" height="{height}" fill="{ink.ground}"/>{"".join(parts)}</svg>\n'
    )


def _claim(claim: str, lang: str) -> tuple[float, list[str]]:
    """Size and lines of a claim; a Japanese one is set smaller before a line would end inside a word."""
    for size in _SIZES if lang == "ja" else ():
        lines = even_lines(claim, size, _INNER)
        if all(line.endswith(("、", "：")) for line in lines[:-1]):
            return size, lines
    return _SIZES[0], even_lines(claim, _SIZES[0], _INNER)


def _drawn(chart: Chart | Cross | Waves, ink: Palette, lang: str) -> tuple[list[str], float]:
    """A figure under its own origin, and how high it is."""
    if isinstance(chart, Chart):
        return bar_marks(chart, ink, lang)
    parts: list[str] = []
    y = 0.0
    if isinstance(chart, Waves):
        marks, wide, tall = wave_marks(chart)
        y = _series(parts, chart, ink)
    else:
        marks, wide, tall = cross_marks(chart)
    zoom = min(_INNER / wide, _ZOOM)
    side = side_colour(chart.side, ink) if isinstance(chart, Waves) else ink.both
    kind = "waves" if isinstance(chart, Waves) else "crossed"
    parts.append(
        f'<style>{_looks(ink, side)}</style><svg class="drawing {kind}" y="{y:.0f}" '
        f'width="{wide * zoom:.0f}" height="{tall * zoom:.0f}" viewBox="0 0 {wide} {tall}">'
        f"{''.join(marks)}</svg>"
    )
    return parts, y + tall * zoom


def _series(parts: list[str], waves: Waves, ink: Palette) -> float:
    """What is drawn of the two series, each beside its mark."""
    y = 0.0
    for kind, name in zip(("own", "printed"), waves.names, strict=True):
        if any(getattr(stop, kind) for stop in waves.stops):
            colour = side_colour(waves.side, ink) if kind == "own" else ink.quiet
            mark = f'<circle cx="8" cy="{y + 13:.0f}" r="6" fill="{colour}"/>'
            corners = f"M8 {y + 6:.0f}l7 7l-7 7l-7 -7z"
            parts.append(mark if kind == "own" else f'<path d="{corners}" fill="{colour}"/>')
            y = text_block(parts, name, 26, y, 17, ink.quiet, width=_INNER - 26, gap=1.2)
    return y + 8


def _looks(ink: Palette, side: str) -> str:
    """Colours of the classes of a drawing, written out: programs of offices know no variables."""
    return "".join(
        (
            f".drawing text{{fill:{ink.ink};font-size:13px}}",
            f".drawing .axis{{fill:{ink.quiet};font-size:12px}}",
            f".drawing .grid{{stroke:{ink.line}}}.drawing .limit{{stroke:{ink.both};stroke-width:1.5}}",
            f".drawing .spot{{fill:{ink.both}}}",
            ".waves text{text-anchor:middle}.waves .end{text-anchor:end}",
            f".waves text.wave{{fill:{ink.ink};font-weight:600}}.waves text.told{{font-size:12px}}",
            f".waves .own{{fill:{side};stroke:{side}}}.waves .printed{{fill:{ink.quiet};stroke:{ink.quiet}}}",
            f".waves .open{{fill:{ink.ground};stroke-width:2}}.waves .run{{stroke-width:2}}",
            ".waves .limit{stroke-width:4;opacity:.4}.waves text.own,.waves text.printed{stroke:none}",
            f".waves .break{{stroke:{ink.quiet};stroke-dasharray:4 4}}",
        )
    )
