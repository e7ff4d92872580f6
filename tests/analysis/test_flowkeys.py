"""Pairs of firm and flow found by whole numbers, held against pandas."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pressure.flowkeys import FlowKeys

PAIRS = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["1", "2", "3", "4"])), max_size=12)


@settings(max_examples=60, deadline=None)
@given(PAIRS, PAIRS, st.booleans())
def test_pairs_are_found_as_pandas_finds_them(
    laid: list[tuple[str, str]], asked: list[tuple[str, str]], is_categorical: bool
) -> None:
    own = pd.DataFrame(laid, columns=["firm", "flow"], dtype="str")
    rows = pd.DataFrame(asked, columns=["firm", "flow"], dtype="str")
    rows["value"] = np.arange(len(rows), dtype=float)
    rows.loc[rows["value"] == 2, "value"] = np.nan
    keys = FlowKeys.of(own["firm"], own["flow"])
    given_rows = rows.astype({"firm": "category", "flow": "category"}) if is_categorical else rows
    found = keys.find(given_rows["firm"], given_rows["flow"])
    words = [tuple(pair) for pair in laid]
    assert found.tolist() == [words.index(pair) if pair in words else -1 for pair in asked]
    most = rows.groupby(["firm", "flow"])["value"].max()
    expected = [float(np.nan_to_num(most.get(pair, 0.0))) for pair in words]
    assert keys.most(found, rows["value"].to_numpy()).tolist() == expected
    some = np.flatnonzero(np.arange(len(own)) % 2 == 0)
    left = keys[some].find(rows["firm"], rows["flow"])
    kept = [words[at] for at in some]
    assert left.tolist() == [kept.index(pair) if pair in kept else -1 for pair in asked]
