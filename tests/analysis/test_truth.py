"""Worlds of known truth: look-through finds the exposures put in, intervals of risk hold the risk put in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis import load_links, look_through
from analysis.pressure.choice import Abstained, train_choice
from analysis.pressure.limits import linear_predictor_interval
from analysis.worlds.truth import KnownTruth, make_truth


def _found(truth: KnownTruth, folder: Path, tiers: int | None = None) -> pd.DataFrame:
    """Exposures of the firms as the product finds them in the links alone: columns us and cn."""
    path = folder / "links.csv"
    truth.links.to_csv(path, index=False, float_format="%.17g")
    table = look_through(load_links(path), ["country=US", "country=CN"], tiers=tiers)
    wide = table.pivot(index="firm", columns="seed", values="exposure").loc[truth.firms["firm"]]
    return wide.rename(columns=lambda name: str(name).split("=")[-1].lower())


@pytest.mark.parametrize("tiers", [1, 2, 4])
def test_look_through_finds_the_exposures_that_were_put_in(tiers: int, tmp_path: Path) -> None:
    truth = make_truth(np.random.default_rng(tiers), 60, tiers=tiers)
    found = _found(truth, tmp_path)
    for side in ("us", "cn"):
        np.testing.assert_allclose(found[side], truth.firms[side], atol=1e-12)
    if tiers > 1:
        shallow = _found(truth, tmp_path, tiers=tiers - 1)
        assert (shallow["us"].to_numpy() < truth.firms["us"].to_numpy() - 1e-6).mean() > 0.9


def test_shares_are_shares_and_nothing_is_left_out() -> None:
    links = make_truth(np.random.default_rng(1), 200, tiers=3).links
    assert links["share"].min() > 0
    np.testing.assert_allclose(links.groupby("buyer")["share"].sum(), 1)


def test_the_chance_is_the_stated_function_and_the_outcome_is_drawn_with_it() -> None:
    truth = make_truth(np.random.default_rng(2), 20_000, rate=0.15, slope=9.0)
    firms = truth.firms
    assert firms["p_choose"].mean() == pytest.approx(0.15)
    np.testing.assert_allclose(firms["squeeze"], np.minimum(firms["us"], firms["cn"]))
    np.testing.assert_allclose(firms["p_choose"], expit(truth.intercept + 9.0 * firms["squeeze"]))
    bands = pd.qcut(firms["p_choose"], 10, labels=False)
    means = firms.groupby(bands)[["p_choose", "had_to_choose"]].mean()
    np.testing.assert_allclose(means["had_to_choose"], means["p_choose"], atol=0.035)


def test_intervals_trained_on_what_links_show_hold_the_chance_that_was_put_in(tmp_path: Path) -> None:
    held = []
    for seed in range(16):
        truth = make_truth(np.random.default_rng(100 + seed), 96)
        found = _found(truth, tmp_path) if seed < 2 else truth.firms
        x = np.minimum(found["us"], found["cn"]).to_numpy()
        y = truth.firms["had_to_choose"].to_numpy()
        model = train_choice(x[:, None], y, np.random.default_rng(seed), draws=60)
        if isinstance(model, Abstained):
            continue
        low, high = linear_predictor_interval(model.X, model.y, np.c_[np.ones(96), x], 0.90)
        p = truth.firms["p_choose"].to_numpy()
        held.append(((expit(low + model.shift) <= p) & (p <= expit(high + model.shift))).mean())
    assert len(held) > 12
    assert 0.75 < np.mean(held) < 0.99  # the standard error of 16 worlds is about 6 points


@pytest.mark.parametrize("wrong", [{"firms": 0}, {"tiers": 0}, {"rate": 0.0}])
def test_worlds_that_cannot_be_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make_truth(np.random.default_rng(1), **wrong)
