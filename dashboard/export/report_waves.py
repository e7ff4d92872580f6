"""The figure of one answer over waves for the HTML report: points, limits, breaks, in plain marks."""

from collections.abc import Callable
from html import escape
from itertools import pairwise

from dashboard.export.scales import marks_at
from dashboard.export.story import Stop, Waves

__all__ = ["draw_waves"]

_TALL, _LEFT, _TOP, _FOOT, _STEP = 208, 48, 12, 56, 130


def draw_waves(waves: Waves) -> str:
    """A drawing whose words are its label; the table beside it holds every number."""
    wide = _LEFT + _STEP * len(waves.stops)
    high = _TALL - _TOP - _FOOT

    def x(place: int) -> float:
        return _LEFT + _STEP * (place + 0.5)

    def y(value: float) -> float:
        return _TOP + high * (1 - value / waves.to)

    parts = []
    marks = marks_at("percent", 0.0, waves.to)
    for k, mark in enumerate(marks):
        level = f"{y(waves.to * k / (len(marks) - 1)):.1f}"
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{wide}" y1="{level}" y2="{level}"/>')
        parts.append(f'<text class="axis end" x="{_LEFT - 8}" y="{level}" dy="4">{mark}</text>')
    for place, stop in enumerate(waves.stops):
        if stop.is_break:
            parts.append(
                f'<line class="break" x1="{x(place):.1f}" x2="{x(place):.1f}" y1="{_TOP}" y2="{y(0):.1f}"/>'
            )
        for line, words in enumerate(stop.label.split("\n")):
            parts.append(
                f'<text class="axis" x="{x(place):.1f}" y="{y(0) + 18 + 16 * line:.1f}" '
                f'text-anchor="middle">{escape(words)}</text>'
            )
    for kind, shift in (("printed", 6.0), ("own", -6.0)):
        for (at, one), (_, two) in pairwise(enumerate(waves.stops)):
            first, second = getattr(one, kind), getattr(two, kind)
            if first and second:
                parts.append(
                    f'<line class="{kind} run" x1="{x(at) + shift:.1f}" x2="{x(at + 1) + shift:.1f}" '
                    f'y1="{y(first[0]):.1f}" y2="{y(second[0]):.1f}"/>'
                )
        for place, stop in enumerate(waves.stops):
            if getattr(stop, kind):
                parts += _point(stop, kind, x(place) + shift, y)
    keys = "".join(
        f'<span><i class="{kind}"></i>{escape(name)}</span>'
        for kind, name in zip(("own", "printed"), waves.names, strict=True)
        if any(getattr(stop, kind) for stop in waves.stops)
    )
    side, words = waves.side or "none", escape(waves.words)
    return (
        f'<p class="keys {side} waves">{keys}</p>'
        f'<svg class="waves {side}" viewBox="0 0 {wide} {_TALL}" '
        f'width="{wide}" height="{_TALL}" role="img" aria-label="{words}">{"".join(parts)}</svg>'
    )


def _point(stop: Stop, kind: str, x: float, at: Callable[[float], float]) -> list[str]:
    """A marker with its limits: a circle for the study's own number, a diamond for a printed one."""
    value, low, high = getattr(stop, kind)
    parts = []
    if low is not None and high is not None:
        parts.append(
            f'<line class="{kind} limit" x1="{x:.1f}" x2="{x:.1f}" y1="{at(low):.1f}" y2="{at(high):.1f}"/>'
        )
    middle = at(value)
    if kind == "own":
        parts.append(f'<circle class="own" cx="{x:.1f}" cy="{middle:.1f}" r="5"/>')
    else:
        around = ((0, -6), (6, 0), (0, 6), (-6, 0))
        corners = " ".join(f"{x + dx:.1f},{middle + dy:.1f}" for dx, dy in around)
        parts.append(f'<polygon class="printed{" open" if stop.is_open else ""}" points="{corners}"/>')
    return parts
