"""Rubin's rules against mitools and mice (tests/reference/models.json), and imputed columns as waves."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import as_frame
from analysis.estimate.combining import combine, imputed_waves
from analysis.estimate.describe import mean, share
from analysis.estimate.models.fitting import fit
from analysis.estimate.models.plain_units import margins
from survey import QuestionFault, Wave
from survey.design import Design
from tests.analysis.waves_by_hand import only, question, wave_of

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "models.json").read_text())["combined"]
PLAIN = Design()


def tables(df: float) -> list[tuple]:
    """The estimates of the golden case as five tables of two rows."""
    wave = wave_of({"a": [1.0, 2, 4], "b": [3.0, 5, 6]}, question("a", "number"), question("b", "number"))
    blank = mean(wave, PLAIN, ("a", "b"))
    return [
        tuple(
            replace(e, estimate=value, se=var**0.5, df=df) for e, value, var in zip(blank, *pair, strict=True)
        )
        for pair in zip(GOLDEN["value"], GOLDEN["var"], strict=True)
    ]


@pytest.mark.parametrize(("df", "wanted"), [(math.inf, "df_infinite"), (20.0, "df_20")])
def test_rubins_rules_are_those_of_mitools_and_mice(df, wanted):
    found = combine(tables(df))
    assert [e.estimate for e in found] == pytest.approx(GOLDEN["estimate"], rel=1e-12)
    assert [e.se for e in found] == pytest.approx(GOLDEN["se"], rel=1e-12)
    assert [e.df for e in found] == pytest.approx(GOLDEN[wanted], rel=1e-9)
    assert {e.method for e in found} == {"rubin t"}
    assert all(e.low < e.estimate < e.high for e in found)


def imputed(m: int = 4) -> Wave:
    """Eighty firms, a quarter of whom did not tell their sales; four guesses of each."""
    rng = np.random.default_rng(11)
    sales = np.round(rng.normal(50, 10, 80))
    silent = np.arange(80) < 20
    frame = pd.DataFrame({"sales": np.where(silent, np.nan, sales), "yes": rng.integers(0, 2, 80)})
    for i in range(m):
        frame[f"sales_{i}"] = np.where(silent, np.round(rng.normal(50, 10, 80)), sales)
        frame[f"yes_{i}"] = np.where(silent, rng.integers(0, 2, 80), frame["yes"])
    return wave_of(frame, question("sales", "number"), question("yes", "binary", ("0", "1")))


def test_a_mean_of_imputed_sales_carries_the_doubt_of_the_guess():
    wave = imputed()
    waves = imputed_waves(wave, {"sales": ["sales_*"]})
    each = [mean(w, PLAIN, "sales") for w in waves]
    found = only(combine(each), by="")
    assert found.n == 80
    assert found.estimate == pytest.approx(np.mean([e[0].estimate for e in each]))
    assert found.se > max(e[0].se for e in each) * 0.99
    assert found.df < 79
    between = np.var([e[0].estimate for e in each], ddof=1)
    assert found.se**2 == pytest.approx(np.mean([e[0].se ** 2 for e in each]) + 1.25 * between)


def test_a_share_stays_within_one_and_a_row_that_nothing_changes_stays_as_it_is():
    wave = imputed()
    waves = imputed_waves(wave, {"yes": ["yes_*"], "sales": ["sales_*"]})
    found = only(combine([share(w, PLAIN, "yes") for w in waves]), option="1")
    assert found.method == "rubin korn-graubard"
    assert 0 < found.low < found.estimate < found.high < 1
    plain = share(wave, PLAIN, "yes")
    assert as_frame(combine([plain, plain, plain])).equals(as_frame(plain))


def test_regression_and_margins_are_combined_and_wald_tests_are_not():
    waves = imputed_waves(imputed(), {"sales": ["sales_*"]})
    models = [fit(w, PLAIN, "yes", "sales", family="logit") for w in waves]
    found = combine([m.coefficients + m.tests + margins(m) for m in models])
    assert {e.stat for e in found} == {"regression", "margin"}
    slope = only(found, by="sales", stat="regression")
    assert slope.p == pytest.approx(2 * stats.t.sf(abs(slope.estimate / slope.se), slope.df))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"sales": ["guess_*"]}, "no column fits"),
        ({"profit": ["sales_*"]}, "no such column"),
        ({"sales": ["sales_0"]}, "1 of sales"),
        ({"sales": ["sales_*"], "yes": ["yes_0", "yes_1"]}, "4 of sales, 2 of yes"),
        ({}, "none"),
    ],
)
def test_columns_that_cannot_be_imputations_are_refused(columns, said):
    with pytest.raises(QuestionFault, match=said):
        imputed_waves(imputed(), columns)


def test_tables_of_other_rows_are_refused():
    wave = imputed()
    one, two = mean(wave, PLAIN, "sales"), share(wave, PLAIN, "yes")
    with pytest.raises(QuestionFault, match="imputation 2"):
        combine([one, two])
    with pytest.raises(QuestionFault, match="at least two"):
        combine([one])
