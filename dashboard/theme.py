"""The one look and the one configuration of charts in the browser, light and dark."""

from typing import Any

from dashboard.colours import FONT, palette

__all__ = ["DIVISIONS", "chart_config", "chart_template", "upright"]


DIVISIONS = {0.001: 5, 0.002: 4, 0.005: 5, 0.01: 5, 0.02: 4, 0.05: 5, 0.1: 5, 0.2: 4, 0.5: 5, 1.0: 5}
"""Upper ends an axis of differences may have, and the parts it is divided into."""


def chart_template(ground: str) -> dict[str, Any]:
    """Template of charts on a ground: no box, hairline grid, system fonts, transparent paper."""
    ink = palette(ground)
    axis = {
        "showgrid": False,
        "linecolor": ink.line,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": ink.line,
        "tickfont": {"color": ink.quiet, "size": 13},
        "title": {"font": {"color": ink.ink, "size": 14}},
    }
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "color": ink.ink, "size": 13},
            "colorway": [ink.us, ink.cn, ink.both, ink.quiet],
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": ink.raised,
                "bordercolor": ink.line,
                "font": {"family": FONT, "color": ink.ink, "size": 13},
            },
            "showlegend": False,
            "margin": {"l": 56, "r": 16, "t": 8, "b": 48},
        }
    }


def upright(at: float, line: dict[str, Any]) -> dict[str, Any]:
    """A line across the whole height of a chart at a place of its axis."""
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "xref": "x",
        "yref": "y domain",
        "line": line,
    }


_JAPANESE = {"dictionary": {}, "format": {"decimal": ".", "thousands": ",", "grouping": [3]}}


def chart_config(lang: str) -> dict[str, Any]:
    """The one configuration of every chart: no logo, no tool bar, nothing that sends data away."""
    config: dict[str, Any] = {
        "displayModeBar": False,
        "displaylogo": False,
        "showSendToCloud": False,
        "showEditInChartStudio": False,
        "plotlyServerURL": "",
        "showTips": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "locale": lang,
    }
    if lang == "ja":
        config["locales"] = {"ja": _JAPANESE}
    return config
