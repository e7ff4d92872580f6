"""What leaves holds no firm and no count under the floor, however it is added and subtracted."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import paired_difference
from analysis.release.disclosure import floor_for, protect_table


def compositions(n: int, parts: int) -> np.ndarray:
    """All ways to put n firms into cells, shape (ways, parts)."""
    return np.array([c for c in product(range(n + 1), repeat=parts) if sum(c) == n])


COMPOSITIONS = {(n, k): compositions(n, k) for n in (10, 11, 14) for k in (2, 3, 4)}


def possible(counts: np.ndarray, n: int, hide: np.ndarray, nets: list[np.ndarray]) -> np.ndarray:
    """Every table that agrees with all that is shown: what an attacker cannot tell apart."""
    ways = COMPOSITIONS[n, len(counts)]
    fits = (ways[:, ~hide] == counts[~hide]).all(axis=1)
    for parts in nets:
        fits &= ways[:, parts].sum(axis=1) == counts[parts].sum()
    return ways[fits]


@st.composite
def single_choice_tables(draw: st.DrawFn) -> tuple[np.ndarray, int, int, dict[str, np.ndarray]]:
    n, options = draw(st.sampled_from(list(COMPOSITIONS)))
    cuts = sorted(draw(st.lists(st.integers(0, n), min_size=options - 1, max_size=options - 1)))
    counts = np.diff([0, *cuts, n])
    masks = draw(st.lists(st.lists(st.booleans(), min_size=options, max_size=options), max_size=3))
    nets = {f"net{i}": np.array(mask) for i, mask in enumerate(masks) if 0 < sum(mask) < options}
    return counts, n, draw(st.sampled_from([3, 4, 5])), nets


@settings(max_examples=400, deadline=None)
@given(single_choice_tables())
def test_no_small_count_of_a_single_choice_table_can_be_worked_out(
    table: tuple[np.ndarray, int, int, dict[str, np.ndarray]],
) -> None:
    counts, n, floor, masks = table
    nets = {name: (mask, int(counts[mask].sum())) for name, mask in masks.items()}
    hidden = protect_table(counts, n, floor, adds_up=True, nets=nets)
    shown = ~hidden.options
    assert ((counts[shown] >= floor) & (n - counts[shown] >= floor)).all()
    worlds = possible(counts, n, hidden.options, [masks[m] for m in masks if not hidden.nets[m]])
    cells = np.flatnonzero(hidden.options)
    for size in range(1, len(cells) + 1):
        for some in combinations(cells, size):
            sums = worlds[:, some].sum(axis=1)
            # a sum of cells that is pinned down is never a small count, nor one of a single cell
            if sums.min() == sums.max():
                assert size > 1
                assert sums[0] >= floor
            # and no group of firms can be bounded to fewer than the floor
            assert sums.max() >= floor
    for cell in cells:
        assert np.ptp(worlds[:, cell]) >= floor


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.integers(10, 40),
    st.sampled_from([5, 8]),
)
def test_overlapping_options_are_shown_only_with_both_sides_over_the_floor(
    raw: list[int], n: int, floor: int
) -> None:
    counts = np.minimum(raw, n)
    hidden = protect_table(counts, n, floor, adds_up=False)
    shown = counts[~hidden.options]
    assert ((shown >= floor) & (n - shown >= floor)).all()
    left = n - shown.sum()
    if hidden.options.any() and not hidden.options.all() and left > 0:
        # everybody may be known to tick something: the rest must not be one cell, nor a few firms
        assert hidden.options.sum() >= 2
        assert left >= floor


def test_a_net_that_tells_a_hidden_cell_apart_is_hidden() -> None:
    counts = np.array([40, 30, 20, 6, 4])
    inside = np.array([True, True, True, True, False])
    hidden = protect_table(
        counts, 100, 5, adds_up=True, nets={"most": (inside, 96), "two": (counts > 25, 70)}
    )
    assert hidden.options.tolist() == [False, False, False, True, True]
    assert hidden.nets == {"most": True, "two": False}


def test_a_net_of_overlapping_options_that_adds_few_firms_is_hidden() -> None:
    counts = np.array([50, 30])
    both = np.array([True, True])
    assert protect_table(counts, 100, 5, adds_up=False, nets={"a": (both, 53)}).nets == {"a": True}
    assert protect_table(counts, 100, 5, adds_up=False, nets={"a": (both, 60)}).nets == {"a": False}


def test_nothing_of_a_small_table_is_shown() -> None:
    hidden = protect_table(np.array([4, 5]), 9, 3, adds_up=True)
    assert hidden.whole
    assert hidden.options.all()


def test_nobody_and_everybody_are_hidden() -> None:
    assert protect_table(np.array([0, 50, 50]), 100, 5, adds_up=True).options.tolist() == [True, True, False]
    assert protect_table(np.array([100]), 100, 5, adds_up=False).options.all()


def test_a_member_knows_three_answers_more_than_the_public() -> None:
    assert floor_for("public", 5) == 5
    assert floor_for("members", 5) == 8


@pytest.mark.parametrize(
    ("first_only", "second_only", "n", "low", "high"),
    [
        # Fagerland, Lydersen, Laake (Statistics in Medicine 33:2850, 2014): airway reactivity before and
        # after stem cell transplantation, 1, 1, 7, 12 of 21 children; Tango's score interval
        (1, 7, 21, -0.517, -0.026),
    ],
)
def test_paired_score_interval_is_the_published_one(
    first_only: int, second_only: int, n: int, low: float, high: float
) -> None:
    found = paired_difference(first_only, second_only, n)
    assert found[0] == pytest.approx((first_only - second_only) / n)
    assert found[1:] == pytest.approx((low, high), abs=5e-4)


def closed_form(b: int, c: int, n: int) -> np.ndarray:
    """Roots of the score equation once the square root is squared away.

    (b - c - nd)^2 = z^2 n (2q + d(1 - d)) with q = (sqrt(B^2 + 8nc d(1-d)) - B) / 4n and
    B = -b - c + (2n - b + c) d is a quartic in d; its outer real roots are the limits.
    """
    z2 = 1.959963984540054**2
    d = np.polynomial.Polynomial([0, 1])
    slope = -b - c + (2 * n - b + c) * d
    # 2 n^2... left side: 2q n = (b-c-nd)^2/z2 - n d(1-d)
    half = ((b - c - n * d) ** 2 / z2 - n * d * (1 - d)) * 2 + slope
    roots = (half**2 - slope**2 - 8 * n * c * d * (1 - d)).roots()
    real = roots[np.abs(roots.imag) < 1e-7].real
    return np.array([real.min(), real.max()])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_paired_score_interval_solves_its_quartic(b: int, c: int, rest: int) -> None:
    n = b + c + rest
    if n == 0:
        return
    estimate, low, high = paired_difference(b, c, n)
    assert -1 <= low <= estimate <= high <= 1
    assert low < high
    # exchanging the two answers mirrors the interval
    assert paired_difference(c, b, n) == pytest.approx((-estimate, -high, -low), abs=1e-9)
    roots = closed_form(b, c, n)
    if b > 0 and c > 0:
        assert (low, high) == pytest.approx(tuple(roots), abs=1e-6)
