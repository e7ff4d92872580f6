"""The two-sided quadrant: reach of US rules against reach of Chinese rules, on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.colours import Palette, faded, palette
from dashboard.theme import chart_template

__all__ = ["DENSITY_FROM", "Cross", "draw_quadrant"]

DENSITY_FROM = 1000
"""Firms from which all are drawn as shaded fields; below it each is a faint dot."""

_FIELDS = 40
_DIRECTIONS = 72


@dataclass(frozen=True, slots=True)
class Cross:
    """One chosen firm: point, limits of the 50% and the 90% interval on both sides, label, hover text.

    Attributes
    ----------
    us, cn : tuple[float, float, float, float, float]
        low, low50, estimate, high50, high; 0 to 1.
    label, words : str
        Short label beside the point; text on hovering.
    """

    us: tuple[float, float, float, float, float]
    cn: tuple[float, float, float, float, float]
    label: str
    words: str


def _segments(crosses: Sequence[Cross], low: int, high: int) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for cross in crosses:
        x += [cross.us[low], cross.us[high], None, cross.us[2], cross.us[2], None]
        y += [cross.cn[2], cross.cn[2], None, cross.cn[low], cross.cn[high], None]
    return x, y


def _density(us: np.ndarray, cn: np.ndarray, ink: Palette, field_words: str, to: float) -> dict[str, Any]:
    if len(us) < DENSITY_FROM:
        return {
            "type": "scatter",
            "x": np.round(us, 4).tolist(),
            "y": np.round(cn, 4).tolist(),
            "mode": "markers",
            "marker": {"size": 7, "color": faded(ink.quiet, 0.28)},
            "hoverinfo": "skip",
        }
    edges = np.linspace(0, to, _FIELDS + 1)
    counts, _, _ = np.histogram2d(us, cn, bins=(edges, edges))
    shade = np.sqrt(counts.T)
    middle = ((edges[:-1] + edges[1:]) / 2).round(4).tolist()
    return {
        "type": "heatmap",
        "x": middle,
        "y": middle,
        "z": [[round(float(v), 2) if v else None for v in row] for row in shade],
        "text": counts.T.astype(int).tolist(),
        "hovertemplate": field_words + "<extra></extra>",
        "colorscale": [[0, faded(ink.quiet, 0.06)], [1, faded(ink.quiet, 0.7)]],
        "showscale": False,
        "hoverongaps": False,
    }


_PLACES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 2), (-1, 2), (1, -2), (-1, -2))


def _labels(
    crosses: Sequence[Cross], per_us: float, per_cn: float, wide: int, tall: int, paper: str
) -> list[dict[str, object]]:
    """Places for labels, greedy and in order, so that none covers a point or another label; else left out."""
    taken = [
        (c.us[2] * per_us - 5, c.cn[2] * per_cn - 5, c.us[2] * per_us + 5, c.cn[2] * per_cn + 5)
        for c in crosses
    ]
    notes: list[dict[str, object]] = []
    for cross in crosses:
        width = sum(12 if ord(letter) > 0x2E80 else 7 for letter in cross.label) + 4
        for right, up in _PLACES:
            x, y = cross.us[2] * per_us + right * (5 + width / 2), cross.cn[2] * per_cn + up * 12
            box = (x - width / 2, y - 8, x + width / 2, y + 8)
            if box[0] < 0 or box[2] > wide or box[1] < 0 or box[3] > tall:
                continue
            if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                continue
            taken.append(box)
            notes.append(
                {
                    "x": cross.us[2],
                    "y": cross.cn[2],
                    "text": cross.label,
                    "showarrow": False,
                    "borderpad": 0,
                    "bgcolor": paper,
                    "xshift": x - cross.us[2] * per_us,
                    "yshift": y - cross.cn[2] * per_cn,
                }
            )
            break
    return notes


def _outline(us: np.ndarray, cn: np.ndarray) -> tuple[list[float], list[float]]:
    """The corners of the convex outline of points: the farthest one in each of many directions."""
    if not len(us):
        return [], []
    turns = np.linspace(0, 2 * np.pi, _DIRECTIONS, endpoint=False)
    corners = [int(np.argmax(np.cos(turn) * us + np.sin(turn) * cn)) for turn in turns]
    corners = list(dict.fromkeys(corners))
    closed = [*corners, *corners[:1]]
    return us[closed].round(4).tolist(), cn[closed].round(4).tolist()


def draw_quadrant(
    us: Sequence[float],
    cn: Sequence[float],
    crosses: Sequence[Cross],
    *,
    in_top: Sequence[bool] = (),
    ground: str,
    x_title: str,
    y_title: str,
    field_words: str,
    to: float = 1.0,
    is_narrow: bool = False,
) -> dict[str, Any]:
    """Faint density of all firms, and chosen ones with crossed 50 and 90% intervals.

    Parameters
    ----------
    us, cn : sequence of float
        Points of all firms, shape (firms,), 0 to 1; missing ones left out by the caller.
    crosses : sequence of Cross
        Firms drawn with their doubt, at most 15.
    in_top : sequence of bool
        Which of all firms stand in the top tier, shape (firms,); their outline is drawn. None: no outline.
    ground : str
        `light` or `dark`.
    field_words : str
        Hover text of a shaded field; `%{text}` stands for its count.
    to : float
        Upper end of both axes.
    is_narrow : bool
        Drawn for a small screen: fewer labels fit.
    """
    ink = palette(ground)
    half = to / 2
    strong = {"x0": half, "x1": to, "y0": half, "y1": to, "fillcolor": faded(ink.both, 0.06)}
    shapes: list[dict[str, Any]] = [{"type": "rect", "line": {"width": 0}, "layer": "below", **strong}]
    dotted = {"color": ink.line, "width": 1, "dash": "dot"}
    for at in ({"x0": half, "x1": half, "y0": 0, "y1": to}, {"x0": 0, "x1": to, "y0": half, "y1": half}):
        shapes.append({"type": "line", "line": dotted, "layer": "below", **at})
    traces = [_density(np.asarray(us, float), np.asarray(cn, float), ink, field_words, to)]
    chosen = np.asarray(in_top, bool)
    if chosen.any():
        round_us, round_cn = _outline(np.asarray(us, float)[chosen], np.asarray(cn, float)[chosen])
        line = {"width": 1, "color": ink.both, "dash": "dash"}
        outline = {"x": round_us, "y": round_cn, "mode": "lines", "line": line, "hoverinfo": "skip"}
        traces.append({"type": "scatter", **outline})
    for low, high, width, share in ((0, 4, 1.5, 0.4), (1, 3, 3.5, 0.75)):
        x, y = _segments(crosses, low, high)
        traces.append(
            {
                "type": "scatter",
                "x": x,
                "y": y,
                "mode": "lines",
                "line": {"width": width, "color": faded(ink.both, share)},
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": [c.us[2] for c in crosses],
            "y": [c.cn[2] for c in crosses],
            "mode": "markers",
            "marker": {"size": 9, "color": ink.both, "line": {"width": 1.5, "color": ink.ground}},
            "text": [c.words for c in crosses],
            "hovertemplate": "%{text}<extra></extra>",
        }
    )
    titles = ((x_title, ink.us), (y_title, ink.cn))
    wide, tall = (280, 320) if is_narrow else (560, 440)
    step = {0.2: 0.05, 0.3: 0.1, 1.0: 0.25}.get(to, to / 5)
    ends = [-0.02 * to, 1.02 * to]
    x_text, y_text = ({"text": text, "font": {"color": colour}} for text, colour in titles)
    layout = {
        "template": chart_template(ground),
        "shapes": shapes,
        "annotations": _labels(crosses, wide / to, tall / to, wide, tall, faded(ink.ground, 0.75)),
        "xaxis": {"range": ends, "title": x_text, "dtick": step, "fixedrange": True},
        "yaxis": {"range": ends, "title": y_text, "dtick": step, "fixedrange": True},
        "hovermode": "closest",
        "dragmode": False,
    }
    return {"data": traces, "layout": layout}
