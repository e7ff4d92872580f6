"""Charts: what plotly takes, of kinds the file that draws them holds; the quadrant and its labels."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.figures.breadth import Step, draw_breadth
from dashboard.figures.calibration import Near, draw_calibration
from dashboard.figures.quadrant import DENSITY_FROM, Cross, draw_quadrant
from dashboard.figures.tornado import Bar, draw_tornado
from dashboard.figures.waves import Point, draw_waves
from dashboard.fingerprints import CHARTS
from dashboard.pages.briefing import _cross

WORDS = {"x_title": "x", "y_title": "y", "field_words": "%{text}"}


def _crosses(many: int) -> list[Cross]:
    places = np.random.default_rng(3).uniform(0.1, 0.9, (many, 2))
    return [
        Cross(
            (u - 0.05, u - 0.02, u, u + 0.02, u + 0.05),
            (c - 0.05, c - 0.02, c, c + 0.02, c + 0.05),
            f"S{k:03d}",
            "w",
        )
        for k, (u, c) in enumerate(places)
    ]


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("many", [3, 100, DENSITY_FROM, 100_000])
def test_trace_types_and_size(many: int, ground: str) -> None:
    points = np.random.default_rng(1).uniform(0, 1, (2, many))
    drawn = draw_quadrant(*points, _crosses(15), ground=ground, **WORDS)
    assert {trace["type"] for trace in drawn["data"]} <= {"scatter", "heatmap"}
    assert len(json.dumps(drawn)) < 120_000


def test_density_counts_every_firm_once() -> None:
    points = np.random.default_rng(1).uniform(0, 1, (2, 5000))
    figure = go.Figure(draw_quadrant(*points, [], ground="light", **WORDS))
    assert np.array(figure.data[0].text, dtype=int).sum() == 5000


@pytest.mark.parametrize("to", [0.2, 1.0])
def test_both_axes_run_over_the_same_scale(to: float) -> None:
    figure = go.Figure(draw_quadrant([0.1 * to], [0.2 * to], [], ground="light", to=to, **WORDS))
    assert figure.layout.xaxis.range == figure.layout.yaxis.range
    assert figure.layout.xaxis.range[0] <= 0 and figure.layout.xaxis.range[1] >= to


def test_labels_keep_apart() -> None:
    figure = go.Figure(draw_quadrant([], [], _crosses(15), ground="light", **WORDS))
    notes = figure.layout.annotations
    assert len(notes) >= 10
    boxes = []
    for note in notes:
        x, y = note.x * 560 + note.xshift, note.y * 440 + note.yshift
        boxes.append((x - 16, y - 8, x + 16, y + 8))
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


def test_crossed_intervals_hold_the_point() -> None:
    crosses = _crosses(5)
    wide = go.Figure(draw_quadrant([], [], crosses, ground="light", **WORDS)).data[1]
    assert wide.x[0] == crosses[0].us[0] and wide.x[1] == crosses[0].us[4]
    assert wide.y[3] == crosses[0].cn[0] and wide.y[4] == crosses[0].cn[4]


@pytest.mark.parametrize("many", [1, 2, 40, 100_000])
def test_outline_runs_round_the_firms_of_the_top_tier(many: int) -> None:
    us, cn = np.random.default_rng(5).uniform(0, 1, (2, many))
    in_top = us + cn >= np.median(us + cn)
    figure = go.Figure(draw_quadrant(us, cn, [], in_top=in_top, ground="light", **WORDS))
    line = next(trace for trace in figure.data if trace.type == "scatter" and trace.line.dash == "dash")
    x, y = np.array(line.x), np.array(line.y)
    assert (x[0], y[0]) == (x[-1], y[-1])
    for turn in np.linspace(0, 2 * np.pi, 72, endpoint=False):
        farthest = (np.cos(turn) * us + np.sin(turn) * cn)[in_top].max()
        assert (np.cos(turn) * x + np.sin(turn) * y).max() == pytest.approx(farthest, abs=2e-4)


def _every_chart(ground: str) -> list[dict[str, Any]]:
    points = [Point(at, 0.5, 0.4, 0.6, at > 2, at == 3, "w") for at in (1.0, 2.0, 3.0)]
    many = np.random.default_rng(1).uniform(0, 1, (2, DENSITY_FROM))
    return [
        draw_quadrant(*many[:, :9], _crosses(3), in_top=[True] * 9, ground=ground, **WORDS),
        draw_quadrant(*many, _crosses(3), ground=ground, **WORDS),
        draw_waves(points, [(at, str(at)) for at in (1, 2, 3)], [(2, "b")], ground=ground, side="us"),
        draw_breadth(
            [Step("a", 0.1, 0.05, 0.2, "w"), Step("b", 0.2, 0.1, 0.3, "w")], ground=ground, side="cn"
        ),
        draw_calibration([Near(0.1, 0.2, 0.1, 0.3, "w")], ground=ground, x_title="x", y_title="y"),
        draw_tornado(
            [Bar("a", end, 0.2, 0.1, 0.3, "w") for end in ("low", "high")], 0.1, ground=ground, side="us"
        ),
    ]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_plotly_knows_every_part_of_every_chart(ground: str) -> None:
    for drawn in _every_chart(ground):
        figure = go.Figure(drawn)
        assert len(figure.data) >= 2
        told = figure.to_plotly_json()
        assert {name for name in drawn["layout"]} <= set(told["layout"])


def test_a_part_plotly_does_not_know_is_told() -> None:
    drawn = _every_chart("light")[0]
    drawn["data"][0]["colour"] = "red"
    with pytest.raises(ValueError, match="colour"):
        go.Figure(drawn)


def test_the_file_that_draws_charts_holds_their_kinds_of_traces() -> None:
    """A kind it lacks would be drawn as empty axes, without a word."""
    script = (Path(theme.__file__).parent / "assets" / CHARTS).read_text(encoding="utf-8")
    assert f"v{re.search('[0-9.]+[0-9]', CHARTS).group()}" in script[:200]  # type: ignore[union-attr]
    held = set(re.findall(r'moduleType:"trace",name:"(\w+)"', script))
    used = {trace["type"] for drawn in _every_chart("light") for trace in drawn["data"]}
    assert used == {"scatter", "heatmap", "bar"}
    assert used <= held and "sankey" not in held


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_of_a_firm_fit_a_phone(lang: str) -> None:
    """A line of 13 pixels a letter, Latin letters half as wide, in less than 390."""
    row = {"firm": "S046", "name": "Synthetic Firm 046", "name_ja": "合成企業046"}
    for stat in ("us", "cn", "squeeze"):
        row |= dict.fromkeys((f"{stat}{end}" for end in ("_low", "_low50", "", "_high50", "_high")), 0.189)
        row |= {f"{stat}_level": 0.9, f"{stat}_method": "draws"}
    words = re.sub("</?b>", "", _cross(pd.Series(row), lang, 3).words)
    lines = [line for line in words.split("<br>")]
    assert len(lines) == 7
    assert max(sum(13 if ord(letter) > 0x2E00 else 6.5 for letter in line) for line in lines) < 360
