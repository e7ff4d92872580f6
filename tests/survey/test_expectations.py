"""Distributions stated point by point: moments by hand, every defect with its rule, and none besides."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import (
    DISTRIBUTION_RULES,
    DistributionRules,
    PointQuestions,
    Question,
    QuestionFault,
    firm_distributions,
)
from tests.survey.small_waves import wave_of

X, P = tuple(f"x{k}" for k in range(5)), tuple(f"p{k}" for k in range(5))
RISING = [-10.0, 0.0, 2.0, 5.0, 10.0]
EVEN = [10.0, 20.0, 40.0, 20.0, 10.0]
NAN = float("nan")


def stated(points, chances, current=None, **more):
    points, chances = np.atleast_2d(points), np.atleast_2d(chances)
    columns = dict(zip(X, points.T, strict=True)) | dict(zip(P, chances.T, strict=True))
    if current is not None:
        columns["now"] = current
        more.setdefault("current", "now")
    questions = [Question(name, "number", (name,)) for name in columns]
    more.setdefault("growth", "plain")
    rules, without = more.pop("rules", None), more.pop("without", ())
    asked = PointQuestions("sales", X, P, **more)
    return firm_distributions(wave_of(pd.DataFrame(columns), *questions), asked, rules=rules, without=without)


def flags(found) -> str:
    return found.moments()["flag"].iloc[0]


def test_moments_of_a_distribution_by_hand():
    found = stated([0, 10, 20, 30, 40], [10, 20, 40, 20, 10], stated="value")
    assert found.mean[0] == pytest.approx(20)
    assert found.sd[0] == pytest.approx(np.sqrt(0.2 * 400 + 0.4 * 100))
    assert found.skew[0] == pytest.approx(0, abs=1e-12)
    lean = stated([0, 1, 2, 3, 4], [50, 30, 10, 5, 5], stated="value")
    m = 0.3 + 0.2 + 0.15 + 0.2
    s2 = 0.5 * m**2 + 0.3 * (1 - m) ** 2 + 0.1 * (2 - m) ** 2 + 0.05 * (3 - m) ** 2 + 0.05 * (4 - m) ** 2
    third = (
        0.5 * (-m) ** 3 + 0.3 * (1 - m) ** 3 + 0.1 * (2 - m) ** 3 + 0.05 * (3 - m) ** 3 + 0.05 * (4 - m) ** 3
    )
    assert (lean.mean[0], lean.sd[0]) == (pytest.approx(m), pytest.approx(np.sqrt(s2)))
    assert lean.skew[0] == pytest.approx(third / s2**1.5)
    assert flags(found) == flags(lean) == ""


def test_growth_symmetric_and_plain_from_levels_and_rates():
    levels = [50.0, 90.0, 100.0, 110.0, 300.0]
    plain = stated(levels, EVEN, [100.0], stated="level")
    assert plain.points[0] == pytest.approx([-0.5, -0.1, 0, 0.1, 2])
    symmetric = stated(levels, EVEN, [100.0], stated="level", growth="symmetric")
    assert symmetric.points[0] == pytest.approx([2 * (f - 100) / (f + 100) for f in levels])
    rates = stated([-50.0, -10.0, 0.0, 10.0, 200.0], EVEN, growth="symmetric")
    assert rates.points[0] == pytest.approx(symmetric.points[0])
    assert stated([-100.0, 0, 1, 2, 3], EVEN, growth="symmetric").points[0, 0] == pytest.approx(-2)


@pytest.mark.parametrize(
    ("points", "chances", "rule", "mean", "sd"),
    [
        (RISING, [20, 20, 40, 20, 10], "total_rescaled", True, True),
        (RISING, [8, 20, 40, 20, 2], "total_rescaled", True, True),
        (RISING, [8, 20, 40, 20, 1], "total_outside", False, False),
        (RISING, [20, 20, 40, 20, 11], "total_outside", False, False),
        (RISING, [0, 0, 0, 0, 0], "total_outside", False, False),
        ([-10, 0, 2, 1, 10], EVEN, "not_rising", False, False),
        (RISING, [0, 0, 100, 0, 0], "one_point", True, True),
        ([3, 3, 3, 3, 3], EVEN, "one_point", True, True),
        (RISING, [0, 50, 50, 0, 0], "few_points", True, False),
        ([1, 1, 1, 2, 2], EVEN, "few_points", True, False),
        (RISING, [-10, 30, 40, 30, 10], "negative_probability", False, False),
        ([-101, 0, 2, 5, 10], EVEN, "below_floor", False, False),
        (RISING, [0.1, 0.2, 0.4, 0.2, 0.1], "fractions", True, True),
        (RISING, [20, 20, 40, 20, NAN], "blank_probability", True, True),
        ([-10, 0, 2, 5, NAN], EVEN, "incomplete", False, False),
        (RISING, [NAN] * 5, "incomplete", False, False),
    ],
)
def test_each_defect_meets_its_rule_and_no_other(points, chances, rule, mean, sd):
    found = stated(points, chances)
    assert flags(found) == rule
    assert (np.isfinite(found.mean[0]), np.isfinite(found.sd[0])) == (mean, sd)
    if mean:
        assert found.probability[0].sum() == pytest.approx(1)
    row = found.defects().set_index("rule").loc[rule]
    assert (row["firms"], row["dropped"], row["share"]) == (1, 0 if mean else 1, 1.0)


def test_one_point_has_no_doubt_and_no_skew():
    found = stated(RISING, [0, 0, 100, 0, 0])
    assert (found.mean[0], found.sd[0]) == (pytest.approx(0.02), 0.0) and np.isnan(found.skew[0])


def test_levels_need_a_positive_level_of_today():
    found = stated([RISING] * 3, [EVEN] * 3, [0.0, NAN, 100.0], stated="level")
    assert found.moments()["flag"].tolist()[:2] == ["no_current"] * 2
    assert np.isnan(found.mean[:2]).all()


def test_silence_is_no_distribution_and_points_without_mass_have_no_say():
    found = stated([[NAN] * 5, [NAN, 1, 2, 3, NAN]], [[NAN] * 5, [NAN, 25, 50, 25, NAN]])
    assert found.given.tolist() == [False, True] and found.moments()["flag"].tolist() == ["", ""]
    assert np.isnan(found.mean[0]) and found.mean[1] == pytest.approx(0.02)
    assert found.defects().set_index("rule").loc[["given", "clean"], "firms"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("points", "chances", "rule", "mean", "sd"),
    [
        (RISING, [8, 20, 40, 20, 2], "total_rescaled", None, None),
        (RISING, [20, 40, 80, 40, 20], "total_outside", 0.018, True),
        ([-10, 0, 5, 2, 10], [10, 20, 20, 40, 10], "not_rising", 0.018, True),
        (RISING, [0, 0, 100, 0, 0], "one_point", 0.02, None),
        (RISING, [0, 50, 50, 0, 0], "few_points", 0.01, True),
        (RISING, [-10, 20, 40, 40, 0], "negative_probability", 0.028, True),
        ([-200, 0, 2, 5, 10], EVEN, "below_floor", -0.072, True),
        (RISING, [0.1, 0.2, 0.4, 0.2, 0.1], "fractions", None, None),
        (RISING, [20, 20, 40, 20, NAN], "blank_probability", None, None),
    ],
)
def test_what_happens_without_a_rule(points, chances, rule, mean, sd):
    found = stated(points, chances, without=(rule,))
    assert rule in flags(found)
    assert (np.isfinite(found.mean[0]), np.isfinite(found.sd[0])) == (mean is not None, sd is not None)
    if mean is not None:
        assert found.mean[0] == pytest.approx(mean)
    assert found.defects().set_index("rule").loc[rule, "treatment"] == "not applied"


def test_constants_are_parameters():
    strict = DistributionRules(tolerance=2.0, distinct=4, floor=-0.05)
    assert flags(stated(RISING, [8, 20, 40, 20, 7], rules=strict)) == "total_outside;below_floor"
    assert flags(stated([1, 2, 3, 4, 5], [0, 50, 25, 25, 0], rules=strict)) == "few_points"
    of_ten = DistributionRules(total=10.0, tolerance=1.0)
    assert flags(stated(RISING, [1, 2, 4, 2, 1], rules=of_ten)) == ""


def test_words_and_questions_that_do_not_fit_are_faults():
    for more, said in (
        ({"growth": "log"}, "symmetric, plain"),
        ({"stated": "levels"}, "did you mean level"),
        ({"stated": "level"}, "level of today"),
        ({"without": ("total_rescale",)}, "did you mean total_rescaled"),
    ):
        with pytest.raises(QuestionFault, match=said):
            stated(RISING, EVEN, **more)
    wave = wave_of({"x": [1], "t": ["a"]}, Question("x", "number", ("x",)), Question("t", "text", ("t",)))
    with pytest.raises(QuestionFault, match="as many of both"):
        firm_distributions(wave, PointQuestions("s", ("x", "x"), ("x",)))
    with pytest.raises(QuestionFault, match="kind 'text'"):
        firm_distributions(wave, PointQuestions("s", ("x", "x"), ("x", "t")))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-90, 500), min_size=5, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(1, 50), min_size=5, max_size=5),
)
def test_moments_agree_with_weighted_draws_of_the_same_distribution(points, weights):
    chances = np.array(weights) * 100 / sum(weights)
    found = stated(points, chances)
    x = np.repeat(np.array(points) / 100, weights)
    assert found.mean[0] == pytest.approx(x.mean(), rel=1e-9, abs=1e-12)
    assert found.sd[0] == pytest.approx(x.std(), rel=1e-7, abs=1e-9)
    if x.std() > 1e-6:
        assert found.skew[0] == pytest.approx(((x - x.mean()) ** 3).mean() / x.std() ** 3, rel=1e-5, abs=1e-6)


def test_every_rule_can_be_left_out_and_every_rule_is_in_the_table():
    found = stated(RISING, EVEN, without=tuple(DISTRIBUTION_RULES))
    assert found.defects()["rule"].tolist() == [*DISTRIBUTION_RULES, "given", "clean"]
    assert found.mean[0] == pytest.approx(0.018)
