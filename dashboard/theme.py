"""Colours, type and the one chart configuration, light and dark; the colours of `assets/look.css`."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

__all__ = ["DARK", "FONT", "LIGHT", "Palette", "chart_config", "chart_template", "palette"]

FONT = (
    'Inter, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Hiragino Sans", "Yu Gothic UI", '
    '"Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif'
)
"""System fonts, Latin first, then Japanese; nothing is fetched."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one ground; every colour has one meaning everywhere.

    Attributes
    ----------
    us, cn, both : str
        United States side, Chinese side, both at once.
    ink, quiet, line, ground, raised : str
        Text, second text, hairlines, ground, slightly lifted ground.
    """

    us: str
    cn: str
    both: str
    ink: str
    quiet: str
    line: str
    ground: str
    raised: str


LIGHT = Palette("#1F5FA8", "#B0482B", "#6A3D8C", "#1A1C1F", "#565B63", "#D9DCE1", "#FFFFFF", "#F5F6F8")
DARK = Palette("#7FB2F0", "#F0A184", "#C39BE0", "#ECEEF1", "#A9AFB8", "#3A3F47", "#14161A", "#1D2025")


def palette(ground: str) -> Palette:
    """The Palette of a ground, `light` or `dark`."""
    return DARK if ground == "dark" else LIGHT


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
