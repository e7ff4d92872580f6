"""The one look and the one configuration of charts in the browser, light and dark."""

from typing import Any

import plotly.graph_objects as go

from dashboard.colours import FONT, palette

__all__ = ["chart_config", "chart_template"]


def chart_template(ground: str) -> go.layout.Template:
    """Plotly template of a ground: no box, hairline grid, system fonts, transparent paper."""
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
    return go.layout.Template(
        layout={
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
    )


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
