"""Long tables held folded are what they were, whole and in parts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from pandas.testing import assert_frame_equal, assert_series_equal

from analysis import Folded, Tables
from analysis.release.folded import fold

_ROWS = 20_000


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> pd.DataFrame:
    """Columns of every kind that a Release holds, as Parquet gives them back."""
    rng = np.random.default_rng(0)
    few: NDArray[np.float64] = np.array([0.0, -0.0, 0.5, np.nan, np.inf])
    made = pd.DataFrame(
        {
            "firm": [f"F{number:05d}" for number in range(_ROWS)],
            "seed": rng.choice(np.array(["country:CN", "国:米国", "", None], dtype=object), _ROWS),
            "share": few[rng.integers(0, len(few), _ROWS)],
            "n": rng.integers(0, 300, _ROWS),
            "tiers": pd.array(rng.choice(np.array([1, 2, None], dtype=object), _ROWS), dtype="Int64"),
            "drawn": rng.normal(size=_ROWS),
            "is_old": rng.random(_ROWS) < 0.5,
            "status": pd.Categorical(rng.choice(["a", "b"], _ROWS)),
            "path": "the same for all",
            "as_of": "2026-01-15",
        }
    )
    path = tmp_path_factory.mktemp("folded") / "made.parquet"
    made.to_parquet(path, index=False)
    return pd.read_parquet(path)


@pytest.fixture(scope="module")
def folded(table) -> Folded:
    made = fold(table)
    assert isinstance(made, Folded)
    return made


def test_what_comes_out_is_what_was_put_in(table, folded) -> None:
    assert_frame_equal(folded.rows(), table)
    assert folded.names == list(table.columns) and len(folded) == _ROWS
    for name in table:
        assert_series_equal(folded.column(name), table[name])


def test_zero_below_zero_and_what_is_missing_stay(table, folded) -> None:
    before, after = table["share"].to_numpy(), folded.column("share").to_numpy()
    assert (before.view(np.int64) == after.view(np.int64)).all()
    assert np.signbit(after[after == 0]).any() and np.isnan(after).any()
    assert (folded.column("seed").isna() == table["seed"].isna()).all() and table["seed"].isna().any()


def test_it_takes_less_room(table, folded) -> None:
    assert folded.size < 0.6 * table.memory_usage(deep=True, index=False).sum()


@pytest.mark.parametrize(
    "cells",
    [
        {"seed": "country:CN"},
        {"seed": "", "n": 7},
        {"share": 0.0},
        {"tiers": 2},
        {"firm": "F00007"},
        {"status": "a", "seed": "no"},
        {"status": "a", "n": 3},
    ],
    ids=str,
)
def test_parts_are_those_of_the_whole(table, folded, cells) -> None:
    is_one = np.ones(_ROWS, dtype=bool)
    for name, value in cells.items():
        is_one &= (table[name] == value).fillna(False).to_numpy(dtype=bool)
    for held in (Tables({"made": folded}), Tables({"made": table})):
        assert_frame_equal(held.where("made", **cells), table[is_one], check_index_type=False)


def test_rows_at_places(table, folded) -> None:
    places = np.array([5, 3, 19_999, 5])
    for held in (Tables({"made": folded}), Tables({"made": table})):
        assert_frame_equal(held.rows("made", places), table.iloc[places])
    assert folded.rows(np.empty(0, dtype=np.intp)).dtypes.equals(table.dtypes)


def test_words_are_changed_once_each(table, folded) -> None:
    seen: list[str] = []

    def change(column: pd.Series) -> pd.Series:
        if column.name != "seed":
            return column
        seen.extend(column.dropna())
        return column.str.replace("country:", "", regex=False)

    changed = folded.mapped(change)
    assert sorted(seen) == ["", "country:CN", "国:米国"]
    assert_frame_equal(
        changed.rows(), table.assign(seed=table["seed"].str.replace("country:", "", regex=False))
    )


def test_a_short_table_and_one_of_many_values_stay_as_they_are(table) -> None:
    short = table.iloc[:100]
    many = table[["firm", "drawn"]]
    assert fold(short) is short and fold(many) is many
    named = table.set_index("firm", drop=False)
    assert fold(named) is named


def test_tables_are_a_mapping_that_others_go_before(table, folded) -> None:
    tables = Tables({"made": folded, "short": table.iloc[:3]})
    assert set(tables) == {"made", "short"} and len(tables) == 2 and "made" in tables
    assert tables.get("absent") is None and tables.columns("absent") == []
    assert tables.columns("made") == tables.columns("short") == list(table.columns)
    over = tables | {"short": table.iloc[:1], "more": table.iloc[:2]}
    assert [len(over[name]) for name in ("made", "short", "more")] == [_ROWS, 1, 2]
    assert len(tables["short"]) == 3 and over.held("made") is folded


def test_a_release_is_held_folded_and_read_as_it_was_written(tmp_path: Path, table) -> None:
    import json

    from analysis import hold_release
    from analysis.release.manifest import MANIFEST, checksum, write_manifest
    from tests.dashboard.made_up import write_made_up

    release = write_made_up(tmp_path)
    path = release / "made.parquet"
    table.to_parquet(path, index=False)
    manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][path.name] = {
        "sha256": checksum(path),
        "rows": len(table),
        "columns": len(table.columns),
    }
    write_manifest(release, manifest)
    held = hold_release(release)
    assert isinstance(held.in_memory().held("made"), Folded)
    assert_frame_equal(held.table("made"), table)
