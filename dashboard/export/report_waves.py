"""The figure of one answer over waves for the HTML report: points, limits, breaks, in plain marks."""

from collections.abc import Callable
from html import escape
from itertools import pairwise

from dashboard.export.scales import marks_at
from dashboard.export.story import Stop, Waves

__all__ = ["draw_waves", "wave_marks"]

_HIGH, _LEFT, _TOP, _LINE = 92, 48, 12, 16
"""Height of the scale; room left of it and above; from line to line of the words below."""

_WIDE, _LEAST, _MOST = 832, 150, 264
"""Width of the page; of a wave, at least and at most."""

_APART, _BESIDE = 250, 66
"""From that width of a wave on, its two series stand side by side below it, this far from its middle."""


def wave_marks(waves: Waves) -> tuple[list[str], int, int]:
    """Marks of the drawing as SVG, its width and its height; what they look like is said by their classes."""
    many = max(waves.places, default=1.0) // 1
    step = min(max((_WIDE - _LEFT) / max(many, 1), _LEAST), _MOST)
    wide = round(_LEFT + step * (many + 0.5 * (waves.places[-1:] > (many,))))
    lines = max((len(group) for stop in waves.stops for group in _groups(waves, stop, step)), default=0)
    tall = _TOP + _HIGH + 26 + _LINE * lines

    def x(place: int) -> float:
        return _LEFT + step * (waves.places[place] - 0.5)

    def y(value: float) -> float:
        return _TOP + _HIGH * (1 - value / waves.to)

    parts = []
    marks = marks_at("percent", 0.0, waves.to)
    for k, mark in enumerate(marks):
        level = f"{y(waves.to * k / (len(marks) - 1)):.1f}"
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{wide}" y1="{level}" y2="{level}"/>')
        if k % 2 == 0 or len(marks) < 8:
            parts.append(f'<text class="axis end" x="{_LEFT - 8}" y="{level}" dy="4">{mark}</text>')
    for place, stop in enumerate(waves.stops):
        if stop.is_break:
            parts.append(
                f'<line class="break" x1="{x(place):.1f}" x2="{x(place):.1f}" y1="{_TOP}" y2="{y(0):.1f}"/>'
            )
        parts += _told(waves, stop, step, x(place), y(0) + 18)
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
    return parts, wide, tall


def draw_waves(waves: Waves) -> str:
    """A drawing whose words are its label; the table beside it holds every number."""
    parts, wide, tall = wave_marks(waves)
    keys = "".join(
        f'<span><i class="{kind}"></i>{escape(name)}</span>'
        for kind, name in zip(("own", "printed"), waves.names, strict=True)
        if any(getattr(stop, kind) for stop in waves.stops)
    )
    side, words = waves.side or "none", escape(waves.words)
    return (
        f'<p class="keys {side} waves">{keys}</p>'
        f'<svg class="waves {side}" viewBox="0 0 {wide} {tall}" '
        f'width="{wide}" height="{tall}" role="img" aria-label="{words}">{"".join(parts)}</svg>'
    )


def _groups(waves: Waves, stop: Stop, step: float) -> list[list[tuple[str, str]]]:
    """What stands below a wave: its two series side by side where there is room, else one below the other."""
    lines = waves.below(stop, most=int((_WIDE - _LEFT) // _LEAST))
    if step < _APART:
        return [lines]
    return [part for kind in ("own", "printed") if (part := [one for one in lines if one[0] == kind])]


def _told(waves: Waves, stop: Stop, step: float, x: float, y: float) -> list[str]:
    """The wave in a line of its own, and its numbers below, each in the colour of its series."""
    parts = [
        f'<text class="axis{" wave" * bool(stop.told)}" x="{x:.1f}" y="{y:.1f}">{escape(stop.label)}</text>'
    ]
    groups = _groups(waves, stop, step)
    for place, lines in enumerate(groups):
        at = x + _BESIDE * (2 * place - len(groups) + 1)
        for number, (kind, words) in enumerate(lines, start=1):
            parts.append(
                f'<text class="told {kind}" x="{at:.1f}" y="{y + _LINE * number:.1f}">{escape(words)}</text>'
            )
    return parts


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
