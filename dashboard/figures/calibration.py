"""Observed share along the modelled probability: a line, its band, and the diagonal where both agree."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.colours import palette
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


def draw_calibration(points: Sequence[Near], *, ground: str, x_title: str, y_title: str) -> go.Figure:
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
    plotly.graph_objects.Figure
        Both axes on one scale, so that the diagonal is where the share is the probability.
    """
    ink = palette(ground)
    most = max((max(p.high, p.predicted) for p in points), default=1.0)
    top = next((end for end in _TOPS if most <= end), 1.0)
    x = [round(p.predicted, 4) for p in points]
    figure = go.Figure()
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=[*(round(p.high, 4) for p in points), *(round(p.low, 4) for p in reversed(points))],
        fill="toself",
        fillcolor=_faded(ink.both, 0.18),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[0, top],
        y=[0, top],
        mode="lines",
        line={"color": ink.quiet, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=x,
        y=[round(p.share, 4) for p in points],
        mode="lines+markers",
        line={"color": ink.both, "width": 2},
        marker={"size": 6, "color": ink.both},
        text=[p.words for p in points],
        hovertemplate="%{text}<extra></extra>",
    )
    axis = {"range": [0, top], "dtick": _TOPS[top], "tickformat": ".0%", "fixedrange": True}
    figure.update_layout(
        template=chart_template(ground),
        height=HEIGHT,
        margin={"l": 60, "r": 12, "t": 12, "b": 48},
        hovermode="closest",
        dragmode=False,
        xaxis={**axis, "title": {"text": x_title}},
        yaxis={**axis, "title": {"text": y_title}, "showgrid": True, "gridcolor": ink.line},
    )
    return figure


def _faded(colour: str, share: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"
