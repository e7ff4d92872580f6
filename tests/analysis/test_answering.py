"""Answers of the wave as bands of flows, on the demonstration: off by default, missing is never 0."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.answering import answers_of, with_answers
from analysis.pressure.banded import band_ends, in_bands
from analysis.pressure.channels import reach_of
from analysis.pressure.day import Day
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.totalling import over_asked
from analysis.pressure.unsure import unsure_of
from survey import Fault, Study, answers_to, latest_wave
from tests.analysis.test_press import having

SHARES = [
    {"question": "sales_share_us", "countries": ["US"]},
    {"question": "sales_share_cn", "countries": ["CN"]},
]


@cache
def asked() -> Study:
    return having("pressure", answers={"sales": SHARES})


def flows() -> pd.DataFrame:
    """Four sales of one firm: to China two of no size and one of a size, to the United States one of none."""
    rows = [("a", "CN", np.nan), ("b", "CN", np.nan), ("c", "US", np.nan), ("d", "CN", 0.1)]
    made = pd.DataFrame(rows, columns=["flow", "buyer_country", "share"])
    return made.assign(
        firm="F", seller="F", buyer="B", seller_country="JP", channel="sales", share_method="", confidence=1.0
    ).assign(substitutability=0.0, share_method=["", "equal shares", "", "value over sales"])


def told(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    columns = ["what", "channel", "countries", "low", "high"]
    return pd.DataFrame(rows, columns=columns).assign(firm="F", question="q")


def test_shares_of_a_side_are_what_flows_with_a_size_leave() -> None:
    answers = told(("share", "sales", "CN HK", 0.3, 0.5), ("share", "sales", "US", 0.2, 0.2))
    bands = with_answers(None, answers, flows())
    low, high = band_ends(flows(), bands)[:2]
    np.testing.assert_allclose(low[:3], [0.1, 0.1, 0.2])
    np.testing.assert_allclose(high[:3], [0.2, 0.2, 0.2])
    assert np.isnan(low[3])
    made = in_bands(flows(), bands)
    np.testing.assert_allclose(made["share"], [0.15, 0.15, 0.2, 0.1])
    again = with_answers(None, answers, made)  # of flows that hold them already: the same
    pd.testing.assert_frame_equal(bands, again)


def test_no_answer_is_missing_and_never_zero() -> None:
    answers = told(("share", "sales", "US", 0.0, 0.0))
    made = in_bands(flows(), with_answers(None, answers, flows()))
    assert made["share"].isna().tolist() == [True, True, False, False]
    assert made["share"].iloc[2] == 0.0


def test_one_answer_is_one_draw_and_its_total_is_uniform() -> None:
    """Two flows of one answer move together: their sum has the variance of the band, (0.4 - 0.2)^2 / 12."""
    of = flows()
    bands = with_answers(None, told(("share", "sales", "CN", 0.3, 0.5)), of)
    made = in_bands(of, bands)
    keys = pd.DataFrame({"firm": "F", "flow": list("ab"), "side": "us", "outcome": "prohibited"})
    none = pd.DataFrame(
        columns=["firm", "flow", "at_stake", "sides", "us_severity", "cn_severity", "weight", "duty_flow",
                 "duty", "duty_outcome", "clause", "clause_outcome", "status"]
    )  # fmt: skip
    reach = reach_of(made, keys, none, ["F"])
    day = Day((), made, keys, none, (), bands=bands)
    drawn = draw_indicators(reach, 1, 20_000, unsure_of(reach, day, {}, 0.25))[0, :, 0]
    assert drawn.min() >= 0.2 and drawn.max() <= 0.4
    assert drawn.var() == pytest.approx(0.2**2 / 12, rel=0.03)


def test_substitutability_and_what_the_file_says_itself() -> None:
    answers = told(("substitutability", "sales", "CN", 0.2, 0.6), ("substitutability", "", "", 0.9, 0.9))
    own = pd.DataFrame(
        {"firm": ["F"], "flow": ["a"], "share_low": np.nan, "share_high": np.nan,
         "substitutability_low": 0.1, "substitutability_high": 0.1}
    )  # fmt: skip
    ends = band_ends(flows(), with_answers(own, answers, flows()))
    np.testing.assert_allclose(ends[2], [0.1, 0.2, 0.9, 0.2])
    np.testing.assert_allclose(ends[3], [0.1, 0.6, 0.9, 0.6])
    assert with_answers(own, None, flows()) is own


def test_the_demonstrations_bands_come_from_its_codebook() -> None:
    found = answers_of(asked())
    assert found is not None and answers_of(having("pressure")) is None
    given = answers_to(latest_wave(asked()), "sales_share_us").ticks
    mine = found[found["question"] == "sales_share_us"]
    assert len(mine) == given.any(axis=1).sum()
    assert (mine["high"] == 0).sum() == given[:, 0].sum()
    assert set(zip(mine["low"], mine["high"], strict=True)) <= {
        (0, 0), (0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.5), (0.5, 1)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({"sale": SHARES}, "sales"),
        ({"sales": [{"question": "sales_share_uk"}]}, "sales_share_us"),
        ({"sales": [{"question": "sector"}]}, "without a number"),
        ({"sales": [{"question": "sector", "values": {"9": 0.1}}]}, "'9'"),
        ({"sales": [{**SHARES[0], "scale": 100}]}, "scale = 0.01"),
        ({"sales": [{**SHARES[0], "country": ["US"]}]}, "countries"),
        ({"sales": [{**SHARES[0], "countries": "US"}]}, "a list of countries"),
        ({"substitutability": [{"question": "sales_share_us", "channel": "sale"}]}, "sales"),
        ({"total": [{"question": "sales_share_us"}]}, "one of: sales"),
        ({"total": [{"question": "sales_share_us", "channel": "sales"}]}, "a total above 0"),
        ({"total": [{"question": "sales_share_us", "channel": "sales", "countries": ["US"]}]}, "of all"),
        ("sales", "a table"),
    ],
)
def test_answers_at_fault_are_named(answers: Any, word: str) -> None:
    with pytest.raises(Fault) as fault:
        answers_of(having("pressure", answers=answers))
    assert word in str(fault.value)


def valued() -> pd.DataFrame:
    """Three sales of one firm with values over what they add up to, and one with a share that links know."""
    of = flows().assign(value=[10.0, 30.0, 60.0, 50.0], share=[0.1, 0.3, 0.6, 0.1])
    return of.assign(share_method=[*["value over named sales"] * 3, "value over sales"])


def test_value_over_the_total_a_firm_was_asked_for() -> None:
    exact = told(("total", "sales", "", 400.0, 400.0))
    made = over_asked(valued(), exact)
    np.testing.assert_allclose(made["share"], [10 / 400, 30 / 400, 60 / 400, 0.1])
    assert made["share_method"].tolist()[2:] == ["value over the total asked", "value over sales"]
    pd.testing.assert_frame_equal(over_asked(made, exact), made)
    small = over_asked(valued(), told(("total", "sales", "", 100.0, 100.0)))  # less than what is named: 150
    np.testing.assert_allclose(small["share"][:3], [10 / 150, 30 / 150, 60 / 150])
    assert over_asked(valued(), told(("total", "inputs", "", 400.0, 400.0)))["share"].equals(
        valued()["share"]
    )


def test_a_total_in_a_band_is_one_draw_for_all_its_flows() -> None:
    answers = told(("total", "sales", "", 200.0, 400.0), ("share", "sales", "CN", 0.5, 0.9))
    left = over_asked(valued(), answers)
    bands = with_answers(None, answers, left)
    made = in_bands(left, bands)
    low, high = band_ends(made, bands)[:2]
    np.testing.assert_allclose(low[:3], [10 / 400, 30 / 400, 60 / 400])
    np.testing.assert_allclose(high[:3], [10 / 200, 30 / 200, 60 / 200])
    assert np.isnan(low[3]) and bands is not None and bands["share_draw"][:3].nunique() == 1
    np.testing.assert_allclose(made["share"], [*(0.5 * (low + high))[:3], 0.1])
    pd.testing.assert_frame_equal(with_answers(None, answers, made), bands)
