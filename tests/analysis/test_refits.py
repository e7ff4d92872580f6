"""Cells of a book in every replicate: the sums give what firm by firm gives, for every kind of block."""

import numpy as np
import pandas as pd
import pytest

from analysis import share
from analysis.estimate import bundles
from analysis.estimate.blocks import blocks_of
from analysis.estimate.book import banner
from analysis.estimate.dense import compare_firms, tally_firms
from analysis.estimate.items import items_of
from analysis.estimate.layout import lay_out
from analysis.estimate.replicate_sums import sum_replicates
from analysis.estimate.spread import rivals_of
from survey import Creation, Design
from tests.analysis.waves_by_hand import only, question, wave_of


def answers(rows: int = 300):
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "h": np.arange(rows) % 6,
            "w": rng.uniform(1, 4, rows),
            "N": 90,
            "q": rng.choice([1, 2, 3, np.nan], rows),
            "m_a": rng.choice([0, 1], rows),
            "m_b": rng.choice([0, 1], rows),
            "y": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(1000, 3, rows)),
            "sector": rng.choice([1, 2, 3], rows),
            "size": rng.choice([1, 2, np.nan], rows),
        }
    )
    frame.loc[frame["sector"] == 3, "q"] = np.where(frame["sector"] == 3, 1.0, np.nan)[frame["sector"] == 3]
    return wave_of(
        frame,
        question("q", "single", ("1", "2", "3")),
        question("m", "multiple", ("a", "b")),
        question("y", "number"),
        question("sector", "single", ("1", "2", "3", "4")),
        question("size", "single", ("1", "2")),
    )


@pytest.mark.parametrize("method", ["rao-wu", "jkn", "canty-davison"])
@pytest.mark.parametrize("centre", ["full", "mean"])
def test_sums_give_the_numbers_of_firms(method, centre):
    wave = answers()
    design = Design(weight="w", strata=("h",), population=("N",), centre=centre, create=Creation(method, 40))
    layout = lay_out(wave, design, ("sector", "size"))
    rivals = rivals_of(layout)
    for item, block in zip(
        items := items_of(wave, ["q", "m", "y"], "answered"), blocks_of(items, layout, rivals), strict=True
    ):
        firms, compared = tally_firms(item, layout), compare_firms(item, layout, rivals)
        for name in ("value", "variance", "x", "n", "base", "base2", "df"):
            np.testing.assert_allclose(getattr(block, name), firms[name], rtol=1e-8, err_msg=name)
        for name in ("n", "base", "base2", "df", "shared"):
            np.testing.assert_allclose(getattr(block.compared, name), getattr(compared, name), rtol=1e-9)
        for name in ("difference", "odds", "spread"):
            if name != "odds" or item.values is None:
                np.testing.assert_allclose(
                    getattr(block.compared, name),
                    getattr(compared, name),
                    rtol=1e-6,
                    atol=1e-12,
                    err_msg=name,
                )


def test_a_book_and_a_share_say_the_same():
    wave = answers()
    design = Design(weight="w", strata=("h",), create=Creation("rao-wu", 60, seed=4))
    book = banner(wave, design, ["q"], "sector")
    for one in share(wave, design, "q", by="sector"):
        other = only(tuple(book), option=one.option, by=one.by, group=one.group)
        for name in ("n", "estimate", "se", "low", "high", "df"):
            assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9, nan_ok=True), name
        assert (other.flag, other.method) == (one.flag, one.method)


def test_a_row_may_count_in_several_cells_and_stand_twice():
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    rows, cells = np.array([0, 2, 2]), np.array([[0, 1], [1, 3], [2, 2]])
    found = sum_replicates(weights, rows, cells, 3)
    np.testing.assert_array_equal(found, [[1, 2], [6, 8], [10, 12]])
    found = sum_replicates(weights, rows, cells, 3, np.array([1.0, 10.0, 0.5]))
    np.testing.assert_array_equal(found, [[1, 2], [51, 62], [5, 6]])


@pytest.mark.parametrize("room", [1, 10**9])
def test_bundles_of_breaks_give_the_sums_of_each_break(room, monkeypatch):
    monkeypatch.setattr(bundles, "_ROOM", room)
    wave = answers()
    design = Design(weight="w", strata=("h",), create=Creation("rao-wu", 7, seed=4))
    layout = lay_out(wave, design, ("sector", "size"), where="sector != 2")
    weights = layout.arrays.replicates.weights
    rng = np.random.default_rng(5)
    rows = np.sort(rng.integers(0, len(wave), 500))
    option, each = rng.integers(0, 3, 500), rng.normal(size=500)
    found = bundles.sums_in_columns(layout, weights, rows, option, 3, each)
    for column in range(len(layout)):
        for k in range(3):
            mine = layout.member[rows, column] & (option == k)
            np.testing.assert_allclose(
                found[column, k], each[mine] @ weights[rows[mine]], rtol=1e-12, atol=1e-12
            )
