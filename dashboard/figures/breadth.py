"""What is at stake as a list of controlled items widens: a point a step, its band, and its number below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.colours import faded, palette
from dashboard.theme import DIVISIONS, chart_template

__all__ = ["HEIGHT", "Step", "draw_breadth"]

HEIGHT = 320
"""Pixels; the place on the page has the same height before the chart is there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One width of the list.

    Attributes
    ----------
    tick : str
        Words under the axis; `<br>` breaks the line.
    value, low, high : float
        0 to 1; limits are nan where there is no interval.
    words : str
        Text on hovering.
    """

    tick: str
    value: float
    low: float
    high: float
    words: str


def draw_breadth(steps: Sequence[Step], *, ground: str, side: str) -> dict[str, Any]:
    """The curve.

    Parameters
    ----------
    steps : sequence of Step
        From the narrowest list to the widest.
    ground : str
        `light` or `dark`.
    side : str
        `us`, `cn`, `both` or "": the one meaning of the colour.

    Returns
    -------
    dict
        Traces and layout: points joined by a line, their limits a band where every step has them.
    """
    ink = palette(ground)
    colour = {"us": ink.us, "cn": ink.cn, "both": ink.both}.get(side, ink.ink)
    places = list(range(len(steps)))
    traces: list[dict[str, Any]] = []
    if all(step.low == step.low and step.high == step.high for step in steps):
        traces.append(
            {
                "type": "scatter",
                "x": [*places, *reversed(places)],
                "y": [*(round(s.high, 5) for s in steps), *(round(s.low, 5) for s in reversed(steps))],
                "fill": "toself",
                "fillcolor": faded(colour, 0.18),
                "line": {"width": 0},
                "mode": "lines",
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": places,
            "y": [round(step.value, 5) for step in steps],
            "mode": "lines+markers",
            "line": {"color": colour, "width": 2},
            "marker": {"size": 11, "color": colour, "line": {"color": ink.ground, "width": 2}},
            "hovertext": [step.words for step in steps],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
    )
    top = max([s.value for s in steps] + [s.high for s in steps if s.high == s.high], default=1.0)
    end = next((one for one in DIVISIONS if top <= one * 0.98), 1.0)
    layout = {
        "template": chart_template(ground),
        "height": HEIGHT,
        "margin": {"l": 52, "r": 12, "t": 12, "b": 32},
        "hovermode": "closest",
        "xaxis": {
            "tickmode": "array",
            "tickvals": places,
            "ticktext": [step.tick for step in steps],
            "range": [-0.4, max(len(steps) - 1, 0) + 0.4],
            "ticks": "",
            "tickangle": 0,
            "fixedrange": True,
        },
        "yaxis": {
            "range": [0, end],
            "dtick": end / DIVISIONS[end],
            "tickformat": ".4~f",
            "showgrid": True,
            "gridcolor": ink.line,
            "ticks": "",
            "linewidth": 0,
            "fixedrange": True,
        },
    }
    return {"data": traces, "layout": layout}
