"""Lines of CSV are what pandas writes, byte for byte, whatever the cells."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.command.lines import csv_lines

CELL = st.one_of(st.none(), st.text(st.sampled_from('ab,"\n =é東'), max_size=5))
NUMBER = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, -0.0, 1.0, 1e-4, 1e15])
)


def said(frame: pd.DataFrame) -> tuple[str, str]:
    return "".join(csv_lines(frame)), frame.to_csv(index=False, lineterminator="\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, NUMBER, st.integers(-(2**63), 2**63 - 1)), max_size=20))
def test_any_cells(rows: list[tuple[str | None, float, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["word, or not", "number", "whole"])
    frame["number"] = frame["number"].astype(float)
    frame["kind"] = frame["word, or not"].astype("category")
    frame["text"] = frame["word, or not"].astype("str")
    frame["maybe"] = frame["whole"].astype("Int64").where(frame["number"] > 0)
    ours, theirs = said(frame)
    assert ours == theirs


@pytest.mark.parametrize("scale", [1e-8, 1e-4, 1e-3, 1.0, 1e5, 1e6, 1e8, 1e9, 1e10, 1e14])
def test_numbers_as_short_as_they_can_be(scale: float) -> None:
    rng = np.random.default_rng(5)
    value = np.concatenate([rng.random(3000), rng.integers(0, 1000, 500), rng.random(500).round(3)]) * scale
    frame = pd.DataFrame({"a": value, "b": -value})
    ours, theirs = said(frame)
    assert ours == theirs


def test_many_rows_rare_kinds_and_one_column() -> None:
    day = pd.Timestamp("2026-01-15")
    mixed = pd.DataFrame({"a": [1, "x", None], "b": [True, False, True], "c": [day] * 3})
    long = pd.DataFrame({"a": np.arange(250_001), "b": "x"})
    for frame in (mixed, long, pd.DataFrame({"a": ["", "b"]}), pd.DataFrame({"a": [], "b": []})):
        ours, theirs = said(frame)
        assert ours == theirs
