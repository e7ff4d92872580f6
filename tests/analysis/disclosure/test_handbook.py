"""Example tables of the handbook: their printed intervals, and as few cells hidden as tau-ARGUS hides."""

import numpy as np
import pytest

from analysis.disclosure import suppressing
from analysis.disclosure.bounding import is_wide, ranges_of, short_cells
from analysis.disclosure.detouring import show_again
from analysis.disclosure.suppressing import suppress
from tests.benchmarks.handbook import examples, of_cells, printed_examples


def test_the_interval_of_example_3() -> None:
    """Handbook, 2nd ed., 4.2, example 3 (Geurts 1992, table 10): X11 between 3 and 6, whatever it is."""
    for inner in ([[3, 4], [3, 0], [3, 3]], [[5, 2], [1, 2], [3, 3]], [[6, 1], [0, 3], [3, 3]]):
        linked = of_cells("example 3", inner, [(0, 0)], 1).linked
        where = [[linked.keys.place(("r", f"r{i}"), ("c", f"c{j}")) for j in range(2)] for i in range(2)]
        hide = np.zeros(len(linked.value), dtype=bool)
        hide[np.ravel(where)] = True
        found = ranges_of(linked, hide, np.array([where[0][0]]))
        assert (found.low[0], found.high[0]) == (pytest.approx(3), pytest.approx(6))


def test_as_few_cells_are_hidden_as_tau_argus_hides() -> None:
    """Hidden by pytauargus 0.6.0, OPT and MOD alike: python -m tests.benchmarks.handbook, 2026-11-22."""
    of_two_axes = [example for example in printed_examples() if len(example.axes) < 3]
    for example, theirs in zip(of_two_axes, (2, 4, 4, 4, 4), strict=True):
        found = suppress(example.linked)
        assert found.method == "exact"
        assert int(found.hide.sum()) <= theirs, example.source
        assert is_wide(example.linked, ranges_of(example.linked, found.hide)).all()


def test_where_the_programme_does_not_end_its_last_set_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    linked = examples(1)[1].linked  # nets: three rounds
    best = suppress(linked)
    monkeypatch.setattr(suppressing, "_PLAIN", 0)
    assert suppress(linked).cost == best.cost
    monkeypatch.setattr(suppressing, "_ROUNDS", 1)
    near, far = suppress(linked), suppress(linked, largest=0)
    assert (near.method, far.method) == ("heuristic", "heuristic")
    assert best.cost <= near.cost <= far.cost
    assert 0 < near.bound <= best.cost
    assert is_wide(linked, ranges_of(linked, near.hide)).all()
    for cell in np.flatnonzero(near.hide & ~linked.primary):
        less = near.hide.copy()
        less[cell] = False
        assert len(short_cells(linked, less).cells)
    assert (show_again(linked, near.hide) == near.hide).all()
