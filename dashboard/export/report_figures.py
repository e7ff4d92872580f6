"""Figures of the HTML report in plain marks: bars with their intervals, and firms on two scales."""

from collections.abc import Callable
from html import escape

from dashboard.export.report_waves import draw_waves
from dashboard.export.scales import marks_at
from dashboard.export.story import Bar, Chart, Cross, Waves

__all__ = ["cross_marks", "draw_figure"]

_Scale = Callable[[float], float]

_WIDE, _TALL, _LEFT, _FOOT = 640, 460, 64, 48


def draw_figure(chart: Chart | Cross | Waves) -> str:
    """A chart as HTML; its words are text that every reader finds, its marks are drawing alone."""
    if isinstance(chart, Waves):
        return draw_waves(chart)
    return _bars(chart) if isinstance(chart, Chart) else _spots(chart)


def _bars(chart: Chart) -> str:
    is_paired = len(chart.names) > 1
    keys = ""
    if is_paired:
        marks = zip(("", "was"), chart.names, strict=True)
        spans = (f'<span><i class="{kind}"></i>{escape(name)}</span>' for kind, name in marks)
        keys = f'<p class="keys">{"".join(spans)}</p>'
    else:
        keys = f'<p class="keys">{escape(chart.names[0])}</p>'
    words = marks_at(chart.unit, chart.from_, chart.to)
    ticks = "".join(
        f'<span style="left:{100 * place / (len(words) - 1):.2f}%">{text}</span>'
        for place, text in enumerate(words)
    )
    head = f'<div class="ruler" aria-hidden="true">{ticks}</div>'
    rows = "".join(_row(chart, bar, is_paired, line) for line, bar in enumerate(chart.bars, start=2))
    return f'{keys}<div class="bars">{head}{rows}</div>'


def _row(chart: Chart, bar: Bar, is_paired: bool, line: int) -> str:
    span = chart.to - chart.from_

    def at(value: float) -> float:
        return 100 * min(max((value - chart.from_) / span, 0.0), 1.0)

    def strip(kind: str, start: float, end: float) -> str:
        left, right = sorted((at(start), at(end)))
        return f'<i class="{kind}" style="left:{left:.2f}%;width:{right - left:.2f}%"></i>'

    zero = max(chart.from_, 0.0)
    marks = f'<i class="zero" style="left:{at(zero):.2f}%"></i>'
    if bar.value is None:
        marks += '<i class="hidden"></i>'
    else:
        kind = "bar pair" if is_paired else "bar few" if bar.is_indicative else "bar"
        marks += strip(kind, zero, bar.value)
        if bar.was is not None:
            marks += strip("was", zero, bar.was)
        if bar.low is not None and bar.high is not None and bar.low < bar.high:
            marks += strip("line", bar.low, bar.high)
    side, at_line = bar.side or "none", f'style="grid-row:{line}"'
    return (
        f'<div class="label" {at_line}>{escape(bar.label)}</div>'
        f'<div class="value" {at_line}>{escape(bar.brief)}</div>'
        f'<div class="track {side}" {at_line} aria-hidden="true">{marks}</div>'
    )


def cross_marks(cross: Cross) -> tuple[list[str], int, int]:
    """Marks of firms on two scales as SVG, their width and height; both axes run on the same scale."""
    size = _TALL - _FOOT - 8

    def x(value: float) -> float:
        return _LEFT + size * value / cross.to

    def y(value: float) -> float:
        return 8 + size * (1 - value / cross.to)

    parts = []
    for k in range(6):
        v = cross.to * k / 5
        parts.append(
            f'<line class="grid" x1="{x(v):.1f}" x2="{x(v):.1f}" y1="{y(0):.1f}" y2="{y(cross.to):.1f}"/>'
        )
        parts.append(
            f'<line class="grid" x1="{x(0):.1f}" x2="{x(cross.to):.1f}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
        )
        parts.append(
            f'<text class="axis" x="{x(v):.1f}" y="{y(0) + 18:.1f}" text-anchor="middle">{v:g}</text>'
        )
        parts.append(
            f'<text class="axis" x="{x(0) - 8:.1f}" y="{y(v) + 4:.1f}" text-anchor="end">{v:g}</text>'
        )
    for spot in cross.spots:
        (xl, xm, xh), (yl, ym, yh) = spot.x, spot.y
        parts.append(
            f'<line class="limit" x1="{x(xl):.1f}" x2="{x(xh):.1f}" y1="{y(ym):.1f}" y2="{y(ym):.1f}"/>'
        )
        parts.append(
            f'<line class="limit" x1="{x(xm):.1f}" x2="{x(xm):.1f}" y1="{y(yl):.1f}" y2="{y(yh):.1f}"/>'
        )
        parts.append(f'<circle class="spot" cx="{x(xm):.1f}" cy="{y(ym):.1f}" r="4"/>')
    parts += _names(cross, x, y)
    parts.append(
        f'<text x="{x(cross.to / 2):.1f}" y="{_TALL - 6}" text-anchor="middle">{escape(cross.x_title)}</text>'
        f'<text transform="translate(14 {y(cross.to / 2):.1f}) rotate(-90)" text-anchor="middle">'
        f"{escape(cross.y_title)}</text>"
    )
    return parts, _WIDE, _TALL


def _spots(cross: Cross) -> str:
    """Both axes on the same scale; each firm is named at the end of a hairline."""
    parts, _, _ = cross_marks(cross)
    return (
        f'<svg class="crossed" viewBox="0 0 {_WIDE} {_TALL}" width="{_WIDE}" height="{_TALL}" role="img" '
        f'aria-label="{escape(cross.words)}">{"".join(parts)}</svg>'
    )


def _names(cross: Cross, x: _Scale, y: _Scale) -> list[str]:
    """Names in a column right of the square, kept apart, each tied to its point by a hairline."""
    order = sorted(range(len(cross.spots)), key=lambda k: -cross.spots[k].y[1])
    heights: list[float] = []
    for k in order:
        wanted = y(cross.spots[k].y[1])
        heights.append(max(wanted, heights[-1] + 18) if heights else wanted)
    beyond = max(heights[-1] - y(0), 0.0) if heights else 0.0
    side = x(cross.to) + 16
    parts = []
    for k, height in zip(order, heights, strict=True):
        spot, at = cross.spots[k], height - beyond
        here, there = x(spot.x[1]) + 5, y(spot.y[1])
        parts.append(
            f'<line class="grid" x1="{here:.1f}" y1="{there:.1f}" x2="{side - 4:.1f}" y2="{at:.1f}"/>'
        )
        parts.append(
            f'<text x="{side:.1f}" y="{at + 4:.1f}">{escape(spot.mark)}'
            f'<tspan class="name"> {escape(spot.label)}</tspan></text>'
        )
    return parts
