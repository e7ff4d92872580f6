"""Rounding and noise repeat themselves, are right on average, and stay within what they promise."""

import numpy as np
import pytest

from analysis.disclosure.keys import cell_uniforms
from analysis.disclosure.linked import Axis, Crossed, cross_tables
from analysis.disclosure.perturbing import noise_table, perturb_counts
from analysis.disclosure.rounding import round_controlled, round_randomly
from survey import StudyFault

SECRET = "drawn by a die, sixteen or more"
FIRMS = np.array([f"F{k:03d}" for k in range(300)])


def crossed(seed: int = 1) -> Crossed:
    rng = np.random.default_rng(seed)
    axes = []
    for name, many in (("q", 5), ("b", 7)):
        named = tuple(f"{name}{k}" for k in range(many))
        codes = rng.integers(0, many, len(FIRMS))
        axes.append(Axis(name, named, codes[:, None] == np.arange(many), (("", named),)))
    return cross_tables([axes])


def test_the_same_firms_have_the_same_number_in_any_order() -> None:
    table = crossed()
    once = cell_uniforms(FIRMS, table.member, SECRET)
    turn = np.random.default_rng(2).permutation(len(FIRMS))
    again = cell_uniforms(FIRMS[turn], table.member[turn, :], SECRET)
    assert again == pytest.approx(once, abs=1e-9)
    other = cell_uniforms(FIRMS, table.member, SECRET[:-1] + "x")
    assert np.abs(other - once).max() > 0.1
    assert 0 <= once.min() <= once.max() < 1
    with pytest.raises(StudyFault, match="secret"):
        cell_uniforms(FIRMS, table.member, "short")


def test_random_rounding_is_right_on_average_and_repeats() -> None:
    value = np.repeat(np.arange(12.0), 5000)
    uniform = np.random.default_rng(3).random(len(value))
    found = round_randomly(value, 5, uniform, floor=5)
    assert set(found % 5) == {0.0}
    assert np.abs(found - value).max() < 5
    assert np.abs(found.reshape(12, -1).mean(axis=1) - np.arange(12)).max() < 0.15
    assert (round_randomly(value, 5, uniform) == found).all()
    with pytest.raises(StudyFault, match="base of rounding"):
        round_randomly(value, 3, uniform, floor=5)


def test_controlled_rounding_adds_up_and_moves_to_neighbours() -> None:
    table = crossed()
    uniform = cell_uniforms(FIRMS, table.member, SECRET)
    found = round_controlled(table.value, table.relations, 5, uniform, floor=5)
    assert found is not None
    assert np.abs(table.relations @ found).max() == 0
    assert np.abs(found - table.value).max() < 5
    assert (found[table.value % 5 == 0] == table.value[table.value % 5 == 0]).all()
    free = round_randomly(table.value, 5, uniform)
    assert np.abs(table.relations @ free).max() > 0


def test_noise_has_the_mean_and_variance_it_says_and_the_widest_entropy() -> None:
    table = noise_table(5, 2.0)
    moves = np.arange(-5, 6)
    assert table.sum(axis=1) == pytest.approx(np.ones(6))
    assert table[1:] @ moves == pytest.approx(np.zeros(5), abs=1e-6)
    assert table[1:] @ moves**2 == pytest.approx(np.full(5, 2.0), abs=1e-6)
    assert all(table[i, : 5 - i].sum() == 0 for i in range(6))
    # the untruncated row is symmetric: p(v) / p(0) = r^(v^2)
    ratio = table[5, 6] / table[5, 5]
    assert table[5, 5:] / table[5, 5] == pytest.approx(ratio ** (np.arange(6) ** 2), rel=1e-5)
    for widest, variance in ((1, 0.5), (3, 0.0), (3, 4.0)):
        with pytest.raises(StudyFault, match="noise"):
            noise_table(widest, variance)


def test_noise_repeats_keeps_zeros_and_never_goes_below() -> None:
    table = noise_table(4, 1.5)
    value = np.repeat(np.arange(8.0), 4000)
    uniform = np.random.default_rng(5).random(len(value))
    found = perturb_counts(value, uniform, table)
    assert (found[value == 0] == 0).all()
    assert found.min() >= 0
    assert np.abs(found - value).max() <= 4
    assert np.abs((found - value).reshape(8, -1).mean(axis=1)).max() < 0.1
    assert (perturb_counts(value, uniform, table) == found).all()
