"""One answer over waves: points with interval, a line where waves meet, n under the axis, breaks marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.colours import Palette, faded, palette
from dashboard.theme import chart_template, upright

__all__ = ["HEIGHT", "Point", "draw_waves"]

HEIGHT = 320
"""Pixels; the place on the page has the same height before the chart is there."""

_SHIFT = 0.06


@dataclass(frozen=True, slots=True)
class Point:
    """One number of one wave.

    Attributes
    ----------
    at : float
        Place of the wave on the axis; waves that follow each other are 1 apart.
    value, low, high : float
        0 to 1; limits are nan where there is no interval.
    is_own : bool
        Whether it is of the study's own answers, and not printed elsewhere.
    is_open : bool
        Whether it is indicative only: drawn as an open marker.
    words : str
        Text on hovering.
    """

    at: float
    value: float
    low: float
    high: float
    is_own: bool
    is_open: bool
    words: str


def draw_waves(
    points: Sequence[Point],
    ticks: Sequence[tuple[float, str]],
    breaks: Sequence[tuple[float, str]],
    *,
    ground: str,
    side: str,
) -> dict[str, Any]:
    """The chart of one answer.

    Parameters
    ----------
    points : sequence of Point
        In any order; own and printed ones are two series.
    ticks : sequence of (float, str)
        Place and words of each wave: its name, and n below.
    breaks : sequence of (float, str)
        Waves before which no line may pass, and the words beside the mark.
    ground : str
        `light` or `dark`.
    side : str
        `us`, `cn`, `both` or "": colour of the study's own answers; printed figures are grey.
    """
    ink = palette(ground)
    own = {"us": ink.us, "cn": ink.cn, "both": ink.both}.get(side, ink.ink)
    stops = [at for at, _ in breaks]
    is_two = len({p.is_own for p in points}) == 2
    shift = {False: -_SHIFT if is_two else 0.0, True: _SHIFT if is_two else 0.0}
    traces: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for is_own, colour in ((False, ink.quiet), (True, own)):
        mine = sorted((p for p in points if p.is_own == is_own), key=lambda p: p.at)
        for run in _runs(mine, stops):
            _add_run(traces, run, colour, shift[is_own])
        _add_points(traces, mine, colour, ink, shift[is_own], "diamond" if not is_own else "circle")
    for at, words in breaks:
        marks.append(upright(at - 0.5, {"color": ink.quiet, "width": 1, "dash": "4px,4px"}))
        place = {"x": at - 0.5, "y": 1, "yref": "paper", "xanchor": "center", "yanchor": "bottom"}
        font = {"size": 12, "color": ink.quiet}
        notes.append({**place, "text": words, "showarrow": False, "font": font})
    top = max([p.value for p in points] + [p.high for p in points if p.high == p.high], default=1.0)
    places = [at for at, _ in ticks]
    layout = {
        "template": chart_template(ground),
        "shapes": marks,
        "annotations": notes,
        "height": HEIGHT,
        "margin": {"l": 44, "r": 12, "t": 28, "b": 52},
        "hovermode": "closest",
        "xaxis": {
            "tickmode": "array",
            "tickvals": places,
            "ticktext": [words for _, words in ticks],
            "range": [min(places) - 0.5, max(places) + 0.5],
            "ticks": "",
            "fixedrange": True,
        },
        "yaxis": {
            "range": [0, min(1.0, _tidy(top))],
            "tickformat": ".0%",
            "dtick": 0.1 if _tidy(top) <= 0.4 else 0.2,
            "showgrid": True,
            "gridcolor": ink.line,
            "ticks": "",
            "linewidth": 0,
            "fixedrange": True,
        },
    }
    return {"data": traces, "layout": layout}


def _tidy(top: float) -> float:
    return next((end for end in (0.2, 0.4, 0.6, 0.8) if top <= end * 0.98), 1.0)


def _runs(points: Sequence[Point], stops: Sequence[float]) -> list[list[Point]]:
    """Points that a line may join: neighbours in time with no break between."""
    runs: list[list[Point]] = []
    for point in points:
        last = runs[-1][-1] if runs else None
        joins = last is not None and 0 < point.at - last.at <= 1
        if joins and not any(last.at < stop <= point.at for stop in stops if last is not None):
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 1]


def _add_run(traces: list[dict[str, Any]], run: Sequence[Point], colour: str, shift: float) -> None:
    x = [p.at + shift for p in run]
    if all(p.low == p.low and p.high == p.high for p in run):
        traces.append(
            {
                "type": "scatter",
                "x": [*x, *reversed(x)],
                "y": [*(round(p.high, 4) for p in run), *(round(p.low, 4) for p in reversed(run))],
                "fill": "toself",
                "fillcolor": faded(colour, 0.1),
                "line": {"width": 0},
                "mode": "lines",
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": x,
            "y": [round(p.value, 4) for p in run],
            "mode": "lines",
            "line": {"color": colour, "width": 2},
            "hoverinfo": "skip",
        }
    )


def _add_points(
    traces: list[dict[str, Any]],
    points: Sequence[Point],
    colour: str,
    ink: Palette,
    shift: float,
    symbol: str,
) -> None:
    known = [p for p in points if p.low == p.low and p.high == p.high]
    if known:
        x: list[float | None] = []
        y: list[float | None] = []
        for p in known:
            x += [p.at + shift, p.at + shift, None]
            y += [round(p.low, 4), round(p.high, 4), None]
        traces.append(
            {
                "type": "scatter",
                "x": x,
                "y": y,
                "mode": "lines",
                "line": {"color": faded(colour, 0.34), "width": 8},
                "hoverinfo": "skip",
            }
        )
    if points:
        traces.append(
            {
                "type": "scatter",
                "x": [p.at + shift for p in points],
                "y": [round(p.value, 4) for p in points],
                "mode": "markers",
                "marker": {
                    "symbol": symbol,
                    "size": 11,
                    "color": [ink.ground if p.is_open else colour for p in points],
                    "line": {"color": [colour if p.is_open else ink.ground for p in points], "width": 2},
                },
                "hovertext": [p.words for p in points],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
