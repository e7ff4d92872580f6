"""Errors of forecasts by hand over two waves, and calibration of firms that know their own doubt."""

import numpy as np
import pandas as pd
import pytest

from analysis import FORECAST_STATS, forecast_errors
from survey import (
    Codebook,
    Design,
    Origin,
    PointQuestions,
    Question,
    QuestionFault,
    StudyFault,
    Wave,
    follow_firms,
)
from tests.analysis.waves_by_hand import only

X, P = tuple(f"x{k}" for k in range(5)), tuple(f"p{k}" for k in range(5))
SPREAD = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
CHANCE = np.array([10.0, 20.0, 40.0, 20.0, 10.0])


def numbers_wave(name: str, columns) -> Wave:
    frame = pd.DataFrame(columns)
    questions = [Question(c, "number" if c != "firm" else "text", (c,)) for c in frame.columns]
    return Wave(name, frame, Codebook(tuple(questions)), Origin(name, "", "csv", "", len(frame)))


def two(middles, scales, realised, **more):
    middles, scales = np.asarray(middles, dtype=float), np.asarray(scales, dtype=float)
    ids = [f"F{i}" for i in range(len(middles))]
    columns: dict = {"firm": ids} | {x: middles + scales * SPREAD[k] for k, x in enumerate(X)}
    columns |= {p: np.full(len(ids), CHANCE[k]) for k, p in enumerate(P)} | more
    later = numbers_wave("2023", {"firm": ids[::-1], "growth": np.asarray(realised, dtype=float)[::-1]})
    return follow_firms([numbers_wave("2022", columns), later], id="firm")


def errors(panel, stated="value", **more):
    questions = PointQuestions("sales", X, P, stated=stated, **more)
    return forecast_errors(panel, Design(id="firm"), questions, "growth", earlier="2022", later="2023")


def test_errors_by_hand():
    found = errors(two([0, 1, 2, 3], [1, 1, 1, 1], [1, 1, 5, np.nan]))
    assert [e.stat for e in found] == list(FORECAST_STATS)
    said = {e.stat: e for e in found}
    assert {e.n for e in found} == {3} and said["bias"].wave == "2022"
    assert said["bias"].estimate == pytest.approx(4 / 3)
    assert said["absolute_error"].estimate == pytest.approx(4 / 3)
    assert said["squared_error"].estimate == pytest.approx(10 / 3)
    assert said["stated_variance"].estimate == pytest.approx(1.2)
    assert said["calibration"].estimate == pytest.approx(10 / 3 / 1.2)
    assert said["coverage"].estimate == pytest.approx(2 / 3)
    assert 0 <= said["coverage"].low <= 2 / 3 <= said["coverage"].high <= 1


def test_a_firm_that_was_sure_has_an_error_and_no_calibration():
    said = {e.stat: e for e in errors(two([0, 1, 2], [1, 1, 0], [0, 1, 2]))}
    assert (said["bias"].n, said["calibration"].n, said["coverage"].estimate) == (3, 2, 1.0)


def test_outcomes_are_on_the_scale_of_the_points():
    levels = two([100, 100, 100], [10, 10, 10], [110, 90, 100], now=[100.0, 100.0, 100.0])
    said = {e.stat: e for e in errors(levels, "level", current="now", growth="symmetric")}
    ends = np.array([2 * 10 / 210, -2 * 10 / 190, 0.0])
    points = 2 * (np.array([80, 90, 100, 110, 120]) - 100) / (np.array([80, 90, 100, 110, 120]) + 100)
    assert said["bias"].estimate == pytest.approx((ends - points @ CHANCE / 100).mean())
    rates = two([0, 0, 0], [1, 1, 1], [10, -10, 0])
    plain = {e.stat: e for e in errors(rates, "rate", growth="plain")}
    assert plain["absolute_error"].estimate == pytest.approx(0.2 / 3)


def test_firms_that_know_their_doubt_are_calibrated():
    rng = np.random.default_rng(11)
    m, k = rng.normal(0, 3, 4000), rng.uniform(0.5, 2, 4000)
    draws = m + k * rng.choice(SPREAD, 4000, p=CHANCE / 100)
    found = errors(two(m, k, draws))
    one = only(found, stat="calibration")
    assert one.low <= 1 <= one.high and one.high - one.low < 0.2
    bias = only(found, stat="bias")
    assert bias.low <= 0 <= bias.high
    too_sure = only(errors(two(m, k / 2, draws)), stat="calibration")
    assert too_sure.estimate == pytest.approx(4 * one.estimate) and too_sure.low > 1


def test_what_is_not_there_is_a_fault():
    panel = two([0, 1], [1, 1], [0, 1])
    questions = PointQuestions("sales", X, P, stated="value")
    with pytest.raises(StudyFault, match="no such wave"):
        forecast_errors(panel, Design(), questions, "growth", earlier="2022", later="2024")
    with pytest.raises(QuestionFault, match="kind number"):
        forecast_errors(panel, Design(), questions, "firm", earlier="2022", later="2023")
