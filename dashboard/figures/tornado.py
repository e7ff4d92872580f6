"""What hangs on each open parameter: a bar to either side of the world as it is, the widest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.colours import palette
from dashboard.theme import chart_template, upright

__all__ = ["ROW", "Bar", "draw_tornado", "tornado_height"]

ROW = 44
"""Pixels of a parameter."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One parameter at one end: its name, where its bar ends, the limits there, and words on hovering."""

    name: str
    end: str
    after: float
    low: float
    high: float
    words: str


def tornado_height(parameters: int) -> int:
    """Pixels of the whole figure."""
    return 64 + ROW * max(parameters, 1)


def draw_tornado(bars: Sequence[Bar], standing: float, *, ground: str, side: str) -> dict[str, Any]:
    """The figure.

    Parameters
    ----------
    bars : sequence of Bar
        Those of a parameter one after the other, the widest parameter first.
    standing : float
        The value as it is, where all bars begin.
    ground : str
        `light` or `dark`.
    side : str
        `us`, `cn` or `both`: the one meaning of the colour; the low end is paler.
    """
    ink = palette(ground)
    colour = {"us": ink.us, "cn": ink.cn, "both": ink.both}.get(side, ink.ink)
    names = list(dict.fromkeys(bar.name for bar in bars))
    traces = []
    for end, opacity in (("low", 0.45), ("high", 0.9)):
        mine = [bar for bar in bars if bar.end == end]
        traces.append(
            {
                "type": "bar",
                "y": [bar.name for bar in mine],
                "x": [round(bar.after - standing, 6) for bar in mine],
                "base": standing,
                "orientation": "h",
                "width": 0.5,
                "marker": {"color": colour, "opacity": opacity, "line": {"width": 0}},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [round(max(bar.high - bar.after, 0.0), 6) for bar in mine],
                    "arrayminus": [round(max(bar.after - bar.low, 0.0), 6) for bar in mine],
                    "color": ink.ink,
                    "thickness": 1,
                    "width": 4,
                },
                "hovertext": [bar.words for bar in mine],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
    layout = {
        "template": chart_template(ground),
        "height": tornado_height(len(names)),
        "barmode": "overlay",
        "showlegend": False,
        "shapes": [upright(standing, {"color": ink.ink, "width": 1})],
        "margin": {"l": 8, "r": 16, "t": 8, "b": 40},
        "xaxis": {
            "tickformat": ".3~f",
            "nticks": 6,
            "showgrid": True,
            "gridcolor": ink.line,
            "fixedrange": True,
        },
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": list(reversed(names)),
            "automargin": True,
            "ticks": "",
            "fixedrange": True,
        },
    }
    return {"data": traces, "layout": layout}
