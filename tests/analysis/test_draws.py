"""Draws from the Jeffreys posterior against closed forms."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import beta, kstest

from analysis.pressure.draws import jeffreys_draws, keyed_below, keyed_uniforms

# 2,000 draws: the 99.9 percent point of the Kolmogorov distance of independent draws
DISTANCE = 1.95 / np.sqrt(2000)


@pytest.mark.parametrize("events", [0, 3, 12])
def test_intercept_alone_is_a_beta(events: int) -> None:
    """Jeffreys for one probability is Beta(1/2, 1/2)."""
    y = (np.arange(96) < events).astype(float)
    draws = jeffreys_draws(np.ones((96, 1)), y, np.random.default_rng(1)).coefficients[:, 0]
    assert kstest(expit(draws), beta(events + 0.5, 96 - events + 0.5).cdf).statistic < DISTANCE


@pytest.mark.parametrize(("e0", "e1"), [(3, 9), (0, 6), (0, 20)])
def test_two_groups_are_two_betas(e0: int, e1: int) -> None:
    """Also where one group has no event, or all: separation makes a long tail, not a broken one."""
    x = np.r_[np.zeros(76), np.ones(20)]
    y = np.r_[np.arange(76) < e0, np.arange(20) < e1].astype(float)
    found = jeffreys_draws(np.c_[np.ones(96), x], y, np.random.default_rng(2))
    assert found.coefficients.shape == (2000, 2)
    p0, p1 = expit(found.coefficients[:, 0]), expit(found.coefficients.sum(axis=1))
    assert kstest(p0, beta(e0 + 0.5, 76 - e0 + 0.5).cdf).statistic < DISTANCE
    assert kstest(p1, beta(e1 + 0.5, 20 - e1 + 0.5).cdf).statistic < DISTANCE
    # ranks, not products: independent whatever the tails
    ranks = np.argsort(np.argsort(np.c_[p0, p1], axis=0), axis=0)
    assert abs(np.corrcoef(ranks.T)[0, 1]) < 0.08


def test_complete_separation_still_has_enough_proposals() -> None:
    x = np.random.default_rng(3).exponential(0.1, 96)
    y = (x > np.sort(x)[-13]).astype(float)
    assert jeffreys_draws(np.c_[np.ones(96), x], y, np.random.default_rng(4)).effective > 2000


def test_same_seed_same_draws() -> None:
    x = np.random.default_rng(3).exponential(0.1, 60)
    y = (np.random.default_rng(4).random(60) < 0.3).astype(float)
    X = np.c_[np.ones(60), x]
    one, two, other = (jeffreys_draws(X, y, np.random.default_rng(s)).coefficients for s in (7, 7, 8))
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


def test_uniforms_belong_to_their_name() -> None:
    names = np.array([11, 22, 33], dtype=np.uint64)
    all_of_it = keyed_uniforms(5, names, 0, 4000)
    assert (keyed_uniforms(5, names[[2, 0]], 0, 4000) == all_of_it[:, [2, 0]]).all()
    assert (keyed_uniforms(5, names, 1000, 1500) == all_of_it[1000:1500]).all()
    assert not (keyed_uniforms(6, names, 0, 10) == all_of_it[:10]).any()
    assert kstest(all_of_it.ravel(), "uniform").pvalue > 0.001
    assert abs(np.corrcoef(all_of_it.T)[np.triu_indices(3, 1)]).max() < 0.06


def test_below_a_bound_is_what_the_uniform_says_at_every_edge() -> None:
    names = np.random.default_rng(3).integers(2**63, size=40).astype(np.uint64)
    u = keyed_uniforms(5, names, 100, 400)
    for bound in (np.zeros(40), np.ones(40), u[17], np.nextafter(u[17], 1.0), np.full(40, 0.6)):
        assert ((u < bound) == keyed_below(5, names, bound, 100, 400).T).all()
