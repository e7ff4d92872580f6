"""Linked tables: the set hidden is safe over all relations, and no cheaper one is."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.disclosure.bounding import is_wide, ranges_of, short_cells
from analysis.disclosure.concentration import Concentration
from analysis.disclosure.detouring import hide_by_detours
from analysis.disclosure.linked import Axis, Linked
from analysis.disclosure.problems import amount_tables, count_tables
from analysis.disclosure.suppressing import suppress
from survey import StudyFault


def axis(name: str, codes: np.ndarray, many: int) -> Axis:
    """A question of one answer a firm."""
    named = tuple(f"{name}{k}" for k in range(many))
    return Axis(name, named, codes[:, None] == np.arange(many), (("", named),))


@st.composite
def small_counts(draw: st.DrawFn) -> Linked:
    firms, rows, columns = draw(st.integers(12, 30)), draw(st.integers(2, 3)), draw(st.integers(2, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    first = axis("q", rng.integers(0, rows, firms), rows)
    second = axis("b", rng.integers(0, columns, firms), columns)
    return count_tables([[first, second]], 3, cost=draw(st.sampled_from(["counts", "cells"])))


@settings(max_examples=8, deadline=None)
@given(small_counts())
def test_no_cheaper_set_is_safe(linked: Linked) -> None:
    found = suppress(linked)
    assert found.method == "exact"
    ranges = ranges_of(linked, found.hide)
    assert is_wide(linked, ranges).all()
    free = np.flatnonzero(~linked.primary & ~linked.fixed)
    tried = 0
    for size in range(len(free) + 1):
        for more in combinations(free, size):
            if linked.cost[list(more)].sum() >= found.cost - 1e-6:
                continue
            hide = linked.primary.copy()
            hide[list(more)] = True
            tried += 1
            assert len(short_cells(linked, hide).cells) > 0
            if tried > 20:
                return


def possible_tables(linked: Linked, hide: np.ndarray, top: int) -> np.ndarray:
    """Every table of whole counts that agrees with what is shown: inner cells run through all values."""
    inner = [i for i in range(len(linked.value)) if (linked.relations[:, [i]].toarray() <= 0).all()]
    grid = np.stack(np.meshgrid(*[np.arange(top + 1)] * len(inner), indexing="ij"), -1).reshape(
        -1, len(inner)
    )
    relations = linked.relations.toarray()
    rest = [i for i in range(len(linked.value)) if i not in inner]
    solved = -grid @ relations[:, inner].T @ np.linalg.pinv(relations[:, rest]).T
    tables = np.zeros((len(grid), len(linked.value)))
    tables[:, inner], tables[:, rest] = grid, solved.round(9)
    return tables[(tables[:, ~hide] == linked.value[~hide]).all(axis=1)]


@pytest.mark.parametrize("seed", range(6))
def test_every_table_that_agrees_leaves_no_small_count_and_no_small_group(seed: int) -> None:
    rng = np.random.default_rng(seed)
    linked = count_tables([[axis("q", rng.integers(0, 2, 14), 2), axis("b", rng.integers(0, 2, 14), 2)]], 3)
    found = suppress(linked)
    worlds = possible_tables(linked, found.hide, 14)
    assert len(worlds) > 0
    hidden = np.flatnonzero(found.hide)
    for cell in hidden:
        assert np.ptp(worlds[:, cell]) >= 3
    for pair in combinations(hidden, 2):
        sums = worlds[:, list(pair)].sum(axis=1)
        assert sums.max() >= 3


def test_three_axes_and_two_linked_tables() -> None:
    rng = np.random.default_rng(3)
    q, b, c = (axis(n, rng.integers(0, k, 200), k) for n, k in (("q", 3), ("b", 3), ("c", 4)))
    cube = count_tables([[q, b, c]], 5)
    assert len(cube.value) == 4 * 4 * 5
    found = suppress(cube)
    assert is_wide(cube, ranges_of(cube, found.hide)).all()
    linked = count_tables([[q, b], [q, c]], 5)
    assert len(linked.value) == 4 * 4 + 4 * 5 - 4
    both = suppress(linked)
    assert both.method == "exact"
    assert is_wide(linked, ranges_of(linked, both.hide)).all()
    # what is hidden of a margin is hidden in both tables: it is one cell
    assert linked.keys.place(("q", "q0")) == linked.keys.place(("q", "q0"))


def test_the_heuristic_is_named_and_audited() -> None:
    rng = np.random.default_rng(5)
    linked = count_tables([[axis("q", rng.integers(0, 6, 300), 6), axis("b", rng.integers(0, 9, 300), 9)]], 5)
    best, quick = suppress(linked), suppress(linked, largest=10)
    assert (best.method, quick.method) == ("exact", "heuristic")
    assert best.cost <= quick.cost
    assert best.bound == pytest.approx(best.cost)
    for found in (best, quick):
        assert is_wide(linked, ranges_of(linked, found.hide)).all()
    assert (hide_by_detours(linked) == quick.hide).all()


def test_amounts_keep_their_levels_and_singletons_are_seen_together() -> None:
    # a row of two firms alone in their cells: each would take its own away from their sum
    row = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    column = np.array([0, 1, 2, 2, 0, 0, 0, 1, 1, 1, 2, 2])
    amounts = np.array([50.0, 40, 30, 30, 20, 22, 25, 21, 24, 26, 23, 27])
    axes = [axis("r", row, 2), axis("c", column, 3)]
    linked, unions = amount_tables([axes], amounts, Concentration(p=12))
    alone = suppress(linked)
    found = suppress(linked, unions)
    assert found.hide[linked.primary].all()
    ranges = ranges_of(linked, found.hide)
    assert is_wide(linked, ranges).all()
    assert found.cost >= alone.cost
    spots = [linked.keys.place(("r", "r0"), ("c", f"c{k}")) for k in range(3)]
    assert found.hide[spots].sum() == 3 or found.hide[linked.keys.place(("r", "r0"))]


def test_the_audit_of_the_manual() -> None:
    """(1,85), X = 330: hidden with a cell of 20 the greatest value is 350, with one of 60 it is 390."""
    for other, is_enough in ((20.0, False), (60.0, True)):
        value = np.array([500.0, 330.0, other, 170.0 - other])
        linked = Linked(
            count_tables([[axis("q", np.arange(12) % 3, 3)]], 3).keys, value,
            sparse.csr_array(np.array([[1.0, -1, -1, -1]])), np.zeros(4), np.full(4, 500.0), value,
            np.array([False, True, False, False]), np.array([True, False, False, False]), np.zeros(4),
            np.array([0, 22.94, 0, 0]), np.array([0, 22.94, 0, 0]),
        )  # fmt: skip
        hide = np.array([False, True, True, False])
        ranges = ranges_of(linked, hide, np.array([1]))
        assert ranges.high[0] == pytest.approx(330 + other)
        assert is_wide(linked, ranges).tolist() == [is_enough]


def test_tables_that_cannot_be_are_named() -> None:
    linked = count_tables([[axis("q", np.arange(12) % 3, 3)]], 3)
    with pytest.raises(StudyFault, match="add up"):
        Linked(**{name: getattr(linked, name) for name in linked.__slots__} | {"value": linked.value + 1})
    with pytest.raises(StudyFault, match="0 or more"):
        Linked(**{name: getattr(linked, name) for name in linked.__slots__} | {"value": -linked.value})
    with pytest.raises(StudyFault, match="4 axes"):
        count_tables([[axis(n, np.arange(40) % 2, 2) for n in "abcd"]], 3)
    with pytest.raises(StudyFault, match="8 firms"):
        count_tables([[axis("q", np.arange(8) % 2, 2)]], 5)


def test_the_example_of_fischetti_and_salazar() -> None:
    """Investment by activity and region: cell (II, C) of 22, bounded by 5 and 30 once three more are hidden.

    Fischetti and Salazar-Gonzalez, Management Science 47:1008 (2001), figures 1 and 2.
    """
    inner = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    row, column = (part.ravel() for part in np.indices(inner.shape))
    axes = [axis("activity", row, 3), axis("region", column, 3)]
    linked, _ = amount_tables([axes], inner.ravel().astype(float), Concentration(frequency=0))
    asked = linked.keys.place(("activity", "activity1"), ("region", "region2"))
    primary = np.arange(len(linked.value)) == asked
    levels = np.where(primary, 5.0, 0.0)
    found = suppress(replace(linked, primary=primary, up=levels, down=levels, width=np.zeros(len(levels))))
    hidden = sorted(linked.value[found.hide].tolist())
    assert hidden == [8, 12, 17, 22]
    assert found.cost == 37
    ranges = ranges_of(linked, found.hide, np.array([asked]))
    assert (ranges.low[0], ranges.high[0]) == pytest.approx((5, 30))
