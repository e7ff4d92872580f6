"""Firms that lack an indicator: the hot deck against its closed form, and the model over completed sets."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.completing import Lacking, over_sets
from analysis.pressure.condensing import condensed
from analysis.pressure.declared import Declared
from analysis.pressure.filling import filled_sets
from analysis.pressure.firth import fit_firth
from analysis.pressure.fitting import Answered, fit_declared
from analysis.pressure.imputed import combine_profiles
from analysis.pressure.predicting import predict_choice
from analysis.pressure.sharing import DOUBT_SOURCES
from analysis.pressure.together import combined_limits
from analysis.pressure.validate import judge_model

TERMS = ("squeeze",)


def blank(n: int) -> np.ndarray:
    return np.full(n, "", dtype=object)


def trained(x: np.ndarray, y: np.ndarray) -> ChoiceModel:
    """A model of the firms that have squeeze."""
    made = train_choice(x[:, None], y, np.random.default_rng(1), draws=400)
    assert isinstance(made, ChoiceModel)
    return made


def train(x: np.ndarray, y: np.ndarray, sets: int = 20, **more: Any) -> ChoiceModel:
    """A model of firms of which some lack squeeze."""
    made = trained(x, y)
    ids = tuple(f"F{i:04d}" for i in range(len(y)))
    held = {"apart": blank(len(y)), **more}
    firms = Lacking(ids, x[:, None], TERMS, y, np.ones(len(y)), None, blank(len(y)), held["apart"])
    return over_sets(made, firms, seed=7, sets=sets, draws=400)


@cache
def world(seed: int = 3, n: int = 200, part: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squeeze, squeeze as it is known, outcome; who had to choose leaves squeeze blank more often."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = (rng.random(n) < expit(-1.0 + x)).astype(float)
    lacks = rng.random(n) < np.where(y > 0, 1.5, 0.8) * part
    return x, np.where(lacks, np.nan, x), y


def test_hot_deck_has_the_moments_of_the_closed_form() -> None:
    """Mean of m imputed values over r donors of variance v: variance v (1/m + 1/r - 1/(r m)), unbiased."""
    rng = np.random.default_rng(0)
    r, m, sets = 12, 5, 20_000
    donors = rng.normal(size=r)
    values = np.r_[donors, np.full(m, np.nan)][:, None]
    ids = tuple(f"F{i}" for i in range(r + m))
    found = filled_sets(values, np.ones(r + m), blank(r + m), ids, 1, sets)[:, r:, 0].mean(axis=1)
    wanted = donors.var() * (1 / m + 1 / r - 1 / (r * m))
    assert found.mean() == pytest.approx(donors.mean(), abs=4 * np.sqrt(wanted / sets))
    assert found.var() == pytest.approx(wanted, rel=0.04)


def test_donors_had_the_same_outcome_and_are_of_the_same_group_where_there_are_enough() -> None:
    x = np.r_[np.arange(40.0), [np.nan] * 4][:, None]
    y = np.r_[np.tile([0.0, 1.0], 20), [0, 1, 0, 1]]
    group = np.array([*["a"] * 30, *["b"] * 10, "a", "a", "c", "c"], dtype=object)
    ids = tuple(f"F{i}" for i in range(44))
    made = filled_sets(x, y, group, ids, 1, 200)[:, 40:, 0]
    assert (made % 2 == y[40:]).all() and (made[:, :2] < 30).all() and (made[:, 2:] >= 30).any()
    np.testing.assert_array_equal(
        filled_sets(x, y, group, ids, 1, 200)[:, :40, 0], np.tile(x[:40, 0], (200, 1))
    )
    # a draw belongs to its firm: the order of rows, and other firms that lack it, change nothing
    back = np.random.default_rng(0).permutation(44)
    turned = filled_sets(x[back], y[back], group[back], tuple(np.array(ids)[back]), 1, 200)
    np.testing.assert_array_equal(turned[:, np.argsort(back), 0][:, 40:], made)
    fewer = filled_sets(x[:42], y[:42], group[:42], ids[:42], 1, 200)
    np.testing.assert_array_equal(fewer[:, 40:, 0], made[:, :2])


def test_where_nothing_is_missing_nothing_changes() -> None:
    x, _, y = world()
    made = train_choice(x[:, None], y, np.random.default_rng(1), draws=400)
    assert isinstance(made, ChoiceModel)
    firms = Lacking(
        tuple(map(str, range(200))), x[:, None], TERMS, y, np.ones(200), None, blank(200), blank(200)
    )
    assert over_sets(made, firms, seed=7, sets=20, draws=400) is made


def test_model_over_sets() -> None:
    _, holes, y = world()
    alone, made = trained(holes, y), train(holes, y)
    many = int(np.isnan(holes).sum())
    assert made.imputed == many and made.trained == 200 and len(made.y) == 200 - many
    assert len(made.sets) == 20 and len(made.draws) == 400
    # FLIC over all completed sets
    p = [expit(fit.likelihood.X @ made.coefficients).mean() for fit in made.sets]  # type: ignore[attr-defined]
    assert np.mean(p) == pytest.approx(y.mean(), abs=1e-10)
    # the observed rate is of all that answered, where those with squeeze alone had it too low
    assert expit(alone.X @ alone.coefficients).mean() < y.mean() - 0.02
    risk = predict_choice(made, np.array([[-1.0], [0.0], [1.0], [np.nan]]))
    assert np.isnan(risk.p[3]) and (risk.low <= risk.p)[:3].all() and (risk.p <= risk.high)[:3].all()
    report = judge_model(made, np.random.default_rng(1)).table().set_index("stat")
    assert report.loc["firms imputed", "estimate"] == many and report.loc["imputations", "estimate"] == 20
    low, high = report.loc["slope squeeze", ["low", "high"]]
    assert low < made.slope("squeeze") < high
    assert any(note.code == "imputed" for note in made.notes)


def test_limits_all_at_once_are_those_of_one_combination_at_a_time() -> None:
    made = train(world()[1], world()[2], sets=3)
    columns = np.array([[0.0, 1.0], [1.0, -0.4], [1.0, 1.2]])
    low, high = (ends[0] for ends in combined_limits(made.sets, columns, (0.9,)))
    parts = [(fit.likelihood, fit.peak, fit.covariance, fit.fit.penalised) for fit in made.sets]
    for i, row in enumerate(columns):
        one = combine_profiles(parts, row, 0.9)
        np.testing.assert_allclose([low[i], high[i]], [one.low, one.high], atol=1e-7)


def test_too_many_that_lack_it_are_left_out_and_it_is_said() -> None:
    x, _, y = world()
    holes = np.where(np.arange(200) % 5 < 3, np.nan, x)
    made = train(holes, y)
    assert made.imputed == 0 and made.sets == () and made.notes[-1].code == "not_imputed"


def test_draws_hold_what_sets_differ_by() -> None:
    made = train(world()[1], world()[2])
    assert made.between is not None and "answers" in DOUBT_SOURCES
    within = np.mean([fit.covariance[1, 1] for fit in made.sets])
    whole = np.var(made.draws[:, 1])
    assert whole == pytest.approx(within + made.between[1, 1], rel=0.25)


def test_with_the_outcome_in_the_deck_the_slope_is_not_pulled_to_zero() -> None:
    """40 worlds with a true slope of 1 and blanks that hang on the outcome; without it the slope shrinks."""
    slopes: list[tuple[float, float]] = []
    for seed in range(40):
        _, holes, y = world(seed)
        ids = tuple(map(str, range(len(y))))
        decks = [filled_sets(holes[:, None], of, blank(len(y)), ids, 1, 3) for of in (y, np.zeros(len(y)))]
        fits = [[fit_firth(np.c_[np.ones(len(y)), x], y).coefficients[1] for x in deck] for deck in decks]
        slopes.append((float(np.mean(fits[0])), float(np.mean(fits[1]))))
    with_it, without = np.mean(slopes, axis=0)
    assert with_it == pytest.approx(1.0, abs=4 * np.std(slopes, axis=0)[0] / np.sqrt(40))
    assert without < 0.8


def test_many_firms_held_at_nodes_are_the_same_likelihood() -> None:
    rng = np.random.default_rng(5)
    x, weights = rng.beta(1.0, 6.0, 3_000), rng.uniform(0.5, 1.5, 3_000)
    y = (rng.random(3_000) < expit(-2.7 + 5.0 * x)).astype(float)
    firms = Answered(np.c_[np.ones(3_000), x], y, weights, None, 1)
    few = condensed(firms, 5.0)
    assert len(few.y) < 100 and few.weights.sum() == pytest.approx(weights.sum(), abs=1e-8)
    one, other = (fit_declared(rows, Declared()) for rows in (firms, few))
    np.testing.assert_allclose(one.peak, other.peak, rtol=1e-8)
    np.testing.assert_allclose(one.move, other.move, atol=1e-8)
    ends = [
        combined_limits([fit, fit], np.array([[0.0, 1.0], [1.0, 0.8]]), (0.5, 0.99)) for fit in (one, other)
    ]
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-7)
    assert condensed(replace(firms, X=firms.X * 40), 5.0).y is y, "too steep for these nodes"
