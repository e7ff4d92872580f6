"""Observed share along the modelled probability: a line, its band, and the diagonal where both agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.colours import faded, palette
from dashboard.theme import chart_template

__all__ = ["HEIGHT", "Near", "draw_calibration"]

HEIGHT = 320
"""Pixels; the place on the page has the same height before the chart is there."""

_TOPS = {0.1: 0.02, 0.2: 0.05, 0.4: 0.1, 0.6: 0.1, 1.0: 0.2}


@dataclass(frozen=True, slots=True)
class Near:
    """One point of the curve.

    Attributes
    ----------
    predicted, share, low, high : float
        0 to 1.
    words : str
        Text on hovering.
    """

    predicted: float
    share: float
    low: float
    high: float
    words: str


def draw_calibration(points: Sequence[Near], *, ground: str, x_title: str, y_title: str) -> dict[str, Any]:
    """The curve.

    Parameters
    ----------
    points : sequence of Near
        By rising probability.
    ground : str
        `light` or `dark`.
    x_title, y_title : str

    Returns
    -------
    dict
        Traces and layout; both axes on one scale, so that the diagonal is where the share is the probability.
    """
    ink = palette(ground)
    most = max((max(p.high, p.predicted) for p in points), default=1.0)
    top = next((end for end in _TOPS if most <= end), 1.0)
    x = [round(p.predicted, 4) for p in points]
    traces: list[dict[str, Any]] = []
    traces.append(
        {
            "type": "scatter",
            "x": [*x, *reversed(x)],
            "y": [*(round(p.high, 4) for p in points), *(round(p.low, 4) for p in reversed(points))],
            "fill": "toself",
            "fillcolor": faded(ink.both, 0.18),
            "line": {"width": 0},
            "mode": "lines",
            "hoverinfo": "skip",
        }
    )
    traces.append(
        {
            "type": "scatter",
            "x": [0, top],
            "y": [0, top],
            "mode": "lines",
            "line": {"color": ink.quiet, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
    )
    traces.append(
        {
            "type": "scatter",
            "x": x,
            "y": [round(p.share, 4) for p in points],
            "mode": "lines+markers",
            "line": {"color": ink.both, "width": 2},
            "marker": {"size": 6, "color": ink.both},
            "text": [p.words for p in points],
            "hovertemplate": "%{text}<extra></extra>",
        }
    )
    axis = {"range": [0, top], "dtick": _TOPS[top], "tickformat": ".0%", "fixedrange": True}
    layout = {
        "template": chart_template(ground),
        "height": HEIGHT,
        "margin": {"l": 72, "r": 24, "t": 12, "b": 48},
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": {**axis, "title": {"text": x_title}},
        "yaxis": {**axis, "title": {"text": y_title, "standoff": 8}, "showgrid": True, "gridcolor": ink.line},
    }
    return {"data": traces, "layout": layout}
