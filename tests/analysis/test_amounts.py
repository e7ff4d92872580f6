"""Means, totals, ratios and quantiles beyond the golden values: lists, silence, edges."""

import math

import numpy as np
import pytest

from analysis import mean, quantile, ratio, total
from survey import Design, QuestionFault
from tests.analysis.waves_by_hand import only, question, wave_of

LIST = Design(population=(100,), selection="list")


def sales_wave(silent: int, rows: int = 100):
    sales = np.arange(1.0, rows + 1)
    sales[rows - silent :] = np.nan
    return wave_of(
        {"sales": sales, "staff": np.arange(rows) % 7 + 1.0, "s": np.arange(rows) % 2, "k": ["x"] * rows},
        question("sales", "number"),
        question("staff", "number"),
        question("s", "single", ("0", "1")),
        question("k", "single", ("x", "y")),
    )


def test_a_mean_of_a_list_treats_silence_as_chance_and_says_so():
    e = only(mean(sales_wave(4), LIST, "sales"))
    y = np.arange(1.0, 97.0)
    assert (e.n, e.estimate, e.method, e.flag, e.df) == (96, y.mean(), "t", "if silence were random", 95.0)
    assert e.se == pytest.approx(math.sqrt(0.04 * y.var(ddof=1) / 96), rel=1e-12)
    e = only(mean(sales_wave(0), LIST, "sales"))
    assert (e.estimate, e.low, e.high, e.se, e.flag) == (50.5, 50.5, 50.5, 0.0, "census")


def test_a_ratio_of_a_list():
    e = only(ratio(sales_wave(10), LIST, "sales", "staff"))
    y, x = np.arange(1.0, 91.0), np.arange(90) % 7 + 1.0
    r = y.sum() / x.sum()
    assert e.estimate == pytest.approx(r, rel=1e-12)
    assert e.se == pytest.approx(math.sqrt(0.1 * (y - r * x).var(ddof=1) / 90) / x.mean(), rel=1e-12)


def test_totals_omit_silence_and_never_rescale():
    e = only(total(sales_wave(4), LIST, "sales"))
    assert (e.n, e.estimate, e.flag) == (96, 96 * 97 / 2, "census;silent omitted")
    e = only(total(sales_wave(4, rows=50), LIST, "sales"))
    assert e.estimate == pytest.approx(2 * 46 * 47 / 2)
    assert (
        e.flag == "silent omitted;if silence were random" or e.flag == "if silence were random;silent omitted"
    )


def test_firms_are_counted():
    found = total(sales_wave(4), LIST, by="s")
    assert [(e.question, e.group, e.estimate, e.base_rule) for e in found] == [
        ("", "", 100.0, "returned"),
        ("", "0", 50.0, "returned"),
        ("", "1", 50.0, "returned"),
    ]
    e = only(total(sales_wave(0, rows=50), Design(population=(100,)), by="s"), group="1")
    # a domain of half the firms in a draw of 50 of 100
    assert e.estimate == 50.0
    assert e.se == pytest.approx(math.sqrt(0.5 * 50 / 49 * 50), rel=1e-12)


def test_a_quantile_where_the_curve_meets_p_takes_that_value():
    """Ten equal weights of 0.1: F(3) is 0.3 but for rounding, so the 0.3 quantile is 3."""
    wave = wave_of({"y": np.arange(1.0, 11.0), "w": 0.1}, question("y", "number"))
    found = quantile(wave, Design(weight="w"), "y", [0.1, 0.3, 0.31, 0.5, 0.7, 0.9])
    assert [e.estimate for e in found] == [1.0, 3.0, 4.0, 5.0, 7.0, 9.0]
    assert [e.option for e in found] == ["0.1", "0.3", "0.31", "0.5", "0.7", "0.9"]
    assert math.isnan(found[0].low) and math.isnan(found[-1].high)


def test_quantiles_of_a_census_and_of_nobody():
    e = only(quantile(sales_wave(0), LIST, "sales"))
    assert (e.estimate, e.low, e.high, e.method) == (50.0, 50.0, 50.0, "census")
    e = only(quantile(sales_wave(0), LIST, "sales", where="sales > 1000"))
    assert e.flag == "empty" and math.isnan(e.estimate)


def test_faults():
    wave = sales_wave(0)
    with pytest.raises(QuestionFault, match="silence is no number"):
        mean(wave, LIST, "sales", base_rule="returned")
    with pytest.raises(QuestionFault, match="between 0 and 1"):
        quantile(wave, LIST, "sales", 50)
    with pytest.raises(QuestionFault):
        ratio(wave, LIST, "sales", "k")
