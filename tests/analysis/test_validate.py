"""Validation figures: by hand, against known truth, and abstaining where they would mislead."""

import numpy as np
import pytest
from scipy.special import expit

from analysis.pressure.choice import Abstained, ChoiceModel, train_choice
from analysis.pressure.firth import ascend
from analysis.pressure.limits import linear_predictor_interval
from analysis.pressure.optimism import area_under_curve, brier_score, optimism_corrected
from analysis.pressure.predicting import predict_choice
from analysis.pressure.validate import _slopes_on, judge_model


def world(seed: int, firms: int = 96, intercept: float = -2.6, slope: float = 8.0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    x = np.maximum(0.0, rng.normal(0.05, 0.12, firms))
    p = expit(intercept + slope * x)
    return x, p, (rng.random(firms) < p).astype(float)


def test_area_and_error_by_hand() -> None:
    score = np.array([[0.9, 0.5, 0.5, 0.1], [0.1, 0.2, 0.3, 0.4]])
    y = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    np.testing.assert_allclose(area_under_curve(score, y), [(1 + 1 + 0.5 + 1) / 4, np.nan])
    np.testing.assert_allclose(brier_score(score, y)[0], (0.01 + 0.25 + 0.25 + 0.01) / 4)


def test_correction_is_near_the_truth_over_worlds() -> None:
    """Apparent AUC of noise is above a half; corrected it is a half, within Monte Carlo error."""
    apparent, corrected = [], []
    for seed in range(60):
        x, _, y = world(seed, slope=0.0, intercept=-1.8)
        if min(y.sum(), 96 - y.sum()) < 5:
            continue
        found = optimism_corrected(np.c_[np.ones(96), x], y, np.random.default_rng(seed), resamples=60)
        apparent.append(found["auc"][3])
        corrected.append(found["auc"][0])
    assert np.mean(apparent) > 0.53
    assert abs(np.mean(corrected) - 0.5) < 0.03 < np.mean(apparent) - 0.5 + 0.02


def test_limits_hold_the_corrected_value() -> None:
    x, _, y = world(3)
    found = optimism_corrected(np.c_[np.ones(96), x], y, np.random.default_rng(1), resamples=100)
    for value, low, high, _ in found.values():
        assert 0 <= low <= value <= high <= 1


def test_mean_risk_is_covered() -> None:
    """Small version of the worlds of tests/benchmarks/worlds.py: 60 worlds of 96 firms, 90% intervals."""
    held, rates = [], []
    for seed in range(60):
        x, p, y = world(1000 + seed)
        model = train_choice(x[:, None], y, np.random.default_rng(seed), draws=200)
        if isinstance(model, Abstained):
            continue
        X = np.c_[np.ones(96), x]
        low, high = linear_predictor_interval(model.X, model.y, X, 0.90)
        held.append(((expit(low + model.shift) <= p) & (p <= expit(high + model.shift))).mean())
        rates.append(abs(expit(X @ model.coefficients).mean() - y.mean()))
    assert len(held) >= 55
    # the standard error of 60 worlds is 3 to 4 points, as firms of one world share one fitted line
    assert 0.80 < np.mean(held) < 0.98
    assert max(rates) < 1e-12


@pytest.mark.parametrize(
    ("events", "firms", "words"),
    [(4, 96, "fewer than 5 events"), (92, 96, "fewer than 5 non-events"), (0, 0, "no answered outcome")],
)
def test_abstains_in_words(events: int, firms: int, words: str) -> None:
    x = np.random.default_rng(1).random((firms, 1))
    found = train_choice(x, (np.arange(firms) < events).astype(float), np.random.default_rng(1))
    assert isinstance(found, Abstained) and found.why == words
    rows = judge_model(found, np.random.default_rng(1)).table().set_index("stat")
    assert np.isnan(rows.loc["p_choose", "estimate"]) and words in rows.loc["p_choose", "method"]


def test_abstains_where_squeeze_is_the_same_for_all() -> None:
    y = (np.arange(96) < 12).astype(float)
    found = train_choice(np.full((96, 1), 0.3), y, np.random.default_rng(1))
    assert isinstance(found, Abstained) and found.why == "squeeze the same for all firms"


def test_slopes_come_in_declared_order_five_events_each() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.random((96, 3)), (np.arange(96) < 12).astype(float)
    model = train_choice(x, y, rng, terms=("squeeze", "us", "cn"), draws=200)
    assert isinstance(model, ChoiceModel)
    assert model.terms == ("squeeze", "us") and model.candidates == 3 and model.coefficients.shape == (3,)


def test_model_table_says_what_it_is() -> None:
    x, _, y = world(3)
    model = train_choice(x[:, None], y, np.random.default_rng(1))
    assert isinstance(model, ChoiceModel)
    rows = judge_model(model, np.random.default_rng(2)).table().set_index("stat")
    assert rows.loc["events", "estimate"] == y.sum() and (rows["n"] == 96).all()
    assert rows.loc["slopes", "estimate"] == 1 and rows.loc["candidates", "estimate"] == 1
    assert abs(rows.loc["calibration in the large", "estimate"]) < 1e-12
    assert "arithmetic" in rows.loc["calibration in the large", "method"]
    assert np.isnan(rows.loc["calibration slope", "estimate"])
    slope = rows.loc["slope squeeze"]
    assert slope["low"] < slope["estimate"] < slope["high"]


def test_many_events_have_a_calibration_slope() -> None:
    x, _, y = world(4, firms=400, intercept=-1.0)
    model = train_choice(x[:, None], y, np.random.default_rng(1), draws=200)
    assert isinstance(model, ChoiceModel) and y.sum() >= 50
    slope = (
        judge_model(model, np.random.default_rng(2))
        .table()
        .set_index("stat")
        .loc["calibration slope", "estimate"]
    )
    assert 0.8 < slope < 1.2


def test_limits_hold_the_point_and_widen_with_doubt() -> None:
    x, _, y = world(5)
    y[:4] = np.nan
    model = train_choice(x[:, None], y, np.random.default_rng(1))
    assert isinstance(model, ChoiceModel)
    sure = predict_choice(model, x[:, None])
    np.testing.assert_allclose(sure.p[4:].mean(), np.nanmean(y), atol=1e-14)
    there = np.random.default_rng(2).random((2000, 96)) < 0.7
    unsure = predict_choice(model, x[:, None], (x * there)[:, :, None])
    for risk in (sure, unsure):
        assert (risk.low <= risk.low50).all() and (risk.low50 <= risk.p).all()
        assert (risk.p <= risk.high50).all() and (risk.high50 <= risk.high).all()
    assert (unsure.low <= sure.low + 1e-15).all() and (unsure.high >= sure.high - 1e-15).all()
    assert unsure.low[x > 0.2].mean() < sure.low[x > 0.2].mean() - 0.01
    far = predict_choice(model, np.array([[2.0], [np.nan]]))
    assert far.is_outside.tolist() == [True, False] and np.isnan(far.p[1])


def test_order_of_rows_changes_nothing() -> None:
    x, _, y = world(6)
    turn = np.random.default_rng(1).permutation(96)
    one = train_choice(x[:, None], y, np.random.default_rng(1), draws=500)
    two = train_choice(x[turn][:, None], y[turn], np.random.default_rng(1), draws=500)
    assert isinstance(one, ChoiceModel) and isinstance(two, ChoiceModel)
    assert one.draws.tobytes() == two.draws.tobytes()


def test_slopes_on_many_scores_at_once_are_those_one_by_one() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(6, 300))
    y = (rng.random(300) < expit(scores[0] - 1.0)).astype(float)
    one_by_one = [ascend(np.c_[np.ones(300), s], y, penalty=0.0)[0][0, 1] for s in scores]
    np.testing.assert_allclose(_slopes_on(scores, y), one_by_one, atol=1e-9)
