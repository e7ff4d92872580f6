"""Cells of a file as numbers: plain digits take a short way that gives what the long one gives."""

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.supply.tables import _read_numbers, _written_numbers

_CELL = st.text(alphabet="0123456789.,-+eE()%△− １２,\u3000naif_", max_size=8)


@given(st.lists(_CELL, max_size=12))
@example(
    ["", "1", "1,234", "1,5", "△5", "(3)", "5%", "nan", "inf", " 2", "１，２３４", "1 000", "--1", "1e400"]
)
@settings(max_examples=60, deadline=None)
def test_plain_numbers_are_read_as_all_others_are(cells: list[str]) -> None:
    words = pd.Series(cells, dtype="str")
    (value, bad), (long_value, long_bad) = _read_numbers(words), _written_numbers(words)
    np.testing.assert_array_equal(value, long_value)
    np.testing.assert_array_equal(bad, long_bad)
