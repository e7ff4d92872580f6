"""The calibration curve: its band holds the truth, stays wide where nobody chose, and has no slope in it."""

import numpy as np
import pytest
from scipy.special import expit

from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.curve import CALIBRATION_COLUMNS, calibration_curve, held_out, smoothed_share


def trained(
    seed: int, firms: int, intercept: float = -2.0, slope: float = 6.0
) -> tuple[ChoiceModel, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.maximum(0.0, rng.normal(0.08, 0.15, firms))
    p = expit(intercept + slope * x)
    y = (rng.random(firms) < p).astype(float)
    model = train_choice(x[:, None], y, rng, draws=200)
    assert isinstance(model, ChoiceModel)
    return model, p


def test_smoothed_share_by_hand() -> None:
    """Two firms as far from a point as each other count for two, and share evenly; a far one for nothing."""
    scores, y = np.array([[-1.0, 1.0, 50.0]]), np.array([0.0, 1.0, 1.0])
    share, base = smoothed_share(np.array([0.0, 50.0]), scores[:, :2], y[:2], np.ones(2))
    np.testing.assert_allclose([share[0], base[0]], [0.5, 2.0])
    near, count = smoothed_share(np.array([50.0]), scores, y, np.ones(3))
    assert near[0] > 0.8 and count[0] < 1.5
    half = smoothed_share(np.array([0.0]), scores[:, :2], y[:2], np.full(2, 0.5))
    np.testing.assert_allclose([half[0][0], half[1][0]], [0.5, 1.0])


def test_firms_are_predicted_by_models_that_have_not_seen_them() -> None:
    model, _ = trained(1, 96)
    scores, rows = held_out(model, np.random.default_rng(1))
    assert scores.shape == (5, 96) and (rows == np.arange(96)).all()
    whole = model.X @ model.coefficients
    assert np.abs(scores - whole).max() > 0.01
    # firms that chose pull their own prediction up where they are trained on
    inside, outside = expit(whole)[model.y > 0].mean(), expit(scores)[:, model.y > 0].mean()
    assert outside < inside


@pytest.mark.parametrize(("firms", "least"), [(96, 0.85), (400, 0.85)])
def test_band_holds_the_true_share(firms: int, least: float) -> None:
    """Over seeded worlds in which the model is right, 90% bands hold the smoothed true risk."""
    held = []
    for seed in range(25):
        model, _ = trained(100 + seed, firms)
        curve = calibration_curve(model, np.random.default_rng(seed))
        scores, rows = held_out(model, np.random.default_rng(seed))
        risk = expit(-2.0 + 6.0 * model.X[rows, 1])
        grid = np.log(curve["predicted"] / (1 - curve["predicted"])).to_numpy()
        true, _ = smoothed_share(grid, scores, risk, model.weights[rows])
        held.append(((curve["low"] <= true) & (true <= curve["high"])).mean())
    assert np.mean(held) > least


def test_wide_where_nobody_near_had_to_choose() -> None:
    """A straight bootstrap would say 0 to 0 there."""
    rng = np.random.default_rng(1)
    x = np.r_[rng.uniform(0.0, 0.1, 80), rng.uniform(0.4, 0.5, 20)]
    y = np.r_[np.zeros(80), (rng.random(20) < 0.6).astype(float)]
    model = train_choice(x[:, None], y, rng, draws=200)
    assert isinstance(model, ChoiceModel)
    curve = calibration_curve(model, np.random.default_rng(1))
    assert tuple(curve.columns) == CALIBRATION_COLUMNS
    first = curve.iloc[0]
    assert first["estimate"] < 0.01 and first["low"] < 1e-6 and first["high"] > 0.02
    assert (curve["low"] <= curve["estimate"]).all() and (curve["estimate"] <= curve["high"]).all()
    assert (curve["base"] >= 5).all() and "slope" not in " ".join(curve["method"])
    again = calibration_curve(model, np.random.default_rng(1))
    assert curve.equals(again)
