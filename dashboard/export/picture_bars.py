"""Bars with their intervals as SVG of a picture: label, track and number of each row."""

from dashboard.card_text import LEADING, text_block
from dashboard.colours import Palette
from dashboard.export.scales import marks_at
from dashboard.export.story import Bar, Chart
from dashboard.lines import fit_lines

__all__ = ["bar_marks", "side_colour"]

_LABEL, _TRACK, _TOLD, _WIDE = 280, 460, 292, 1072
"""Widths of the label, the track and the number in words, with 20 pixels between them; of the whole."""

_LEFT, _SIZE, _LEAST = _LABEL + 20, 17.0, 40.0
_HATCH = "hatch"


def side_colour(side: str, ink: Palette) -> str:
    """The one colour of a side; grey for none."""
    return {"us": ink.us, "cn": ink.cn, "both": ink.both}.get(side, ink.quiet)


def bar_marks(chart: Chart, ink: Palette, lang: str) -> tuple[list[str], float]:
    """Marks of a chart under its own origin, 1072 pixels wide, and how high they are."""
    parts = [
        f'<defs><pattern id="{_HATCH}" width="8" height="8" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="8" fill="{ink.line}"/></pattern></defs>'
    ]
    y = _keys(parts, chart, ink)
    y += 34
    top = y
    marks = marks_at(chart.unit, chart.from_, chart.to)
    rows: list[str] = []
    for bar in chart.bars:
        y = _row(rows, chart, bar, y, ink, lang)
    for place, mark in enumerate(marks):
        x = _LEFT + _TRACK * place / (len(marks) - 1)
        parts.append(f'<path d="M{x:.1f} {top:.0f}V{y:.0f}" stroke="{ink.line}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{top - 8:.0f}" font-size="15" fill="{ink.quiet}" text-anchor="middle">'
            f"{mark}</text>"
        )
    return [*parts, *rows], y


def _keys(parts: list[str], chart: Chart, ink: Palette) -> float:
    """What the bars are; where there are two, each beside its mark."""
    if len(chart.names) == 1:
        return text_block(parts, chart.names[0], 0, 0, _SIZE, ink.quiet, width=_WIDE, gap=1.2)
    y = 0.0
    for name, opacity in zip(chart.names, (1, 0.45), strict=True):
        parts.append(
            f'<rect y="{y + 8:.0f}" width="18" height="10" fill="{ink.quiet}" fill-opacity="{opacity}"/>'
        )
        y = text_block(parts, name, 26, y, _SIZE, ink.quiet, width=_WIDE - 26, gap=1.2)
    return y


def _row(rows: list[str], chart: Chart, bar: Bar, y: float, ink: Palette, lang: str) -> float:
    """One row below `y`; where the next begins."""
    gap = LEADING[lang]
    lines = max(len(fit_lines(bar.label, _SIZE, _LABEL)), len(fit_lines(bar.brief, _SIZE, _TOLD)))
    high = max(_LEAST, lines * _SIZE * gap + 14)
    first = y + 2
    text_block(rows, bar.label, 0, first, _SIZE, ink.ink, width=_LABEL, gap=gap)
    text_block(rows, bar.brief, _LEFT + _TRACK + 20, first, _SIZE, ink.ink, width=_TOLD, gap=gap)
    middle = first + _SIZE * gap - 6
    rows += _marks(chart, bar, middle, ink)
    rows.append(f'<path d="M0 {y + high:.1f}H{_WIDE}" stroke="{ink.line}"/>')
    return y + high


def _marks(chart: Chart, bar: Bar, middle: float, ink: Palette) -> list[str]:
    """Bar, second bar and interval about a line; hatching where nothing may be shown."""

    def at(value: float) -> float:
        return _LEFT + _TRACK * min(max((value - chart.from_) / (chart.to - chart.from_), 0.0), 1.0)

    def strip(value: float, top: float, high: float, look: str) -> str:
        left, right = sorted((at(max(chart.from_, 0.0)), at(value)))
        return f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{high:.1f}" {look}/>'

    if bar.value is None:
        return [
            f'<rect x="{_LEFT}" y="{middle - 9:.1f}" width="{_TRACK}" height="18" fill="url(#{_HATCH})"/>'
        ]
    colour = side_colour(bar.side, ink)
    look = f'fill="none" stroke="{colour}"' if bar.is_indicative else f'fill="{colour}"'
    marks = []
    if bar.was is None:
        marks.append(strip(bar.value, middle - 8, 16, look))
    else:
        marks.append(strip(bar.value, middle - 9, 9, look))
        marks.append(strip(bar.was, middle + 1, 8, f'fill="{colour}" fill-opacity=".45"'))
    if bar.low is not None and bar.high is not None and bar.low < bar.high:
        low, high, line = at(bar.low), at(bar.high), middle - (4.5 if bar.was is not None else 0)
        marks.append(
            f'<path d="M{low:.1f} {line:.1f}H{high:.1f}M{low:.1f} {line - 5:.1f}v10M{high:.1f} '
            f'{line - 5:.1f}v10" stroke="{ink.ink}" stroke-width="2" fill="none"/>'
        )
    return marks
