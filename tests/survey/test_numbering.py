"""Codes without gaps, against numpy's own sorting."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from survey.codebook import MissingCode
from survey.coding import code_column
from survey.numbering import dense_codes, pair_codes, units_in_strata


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.int64, st.integers(1, 40), elements=st.integers(-(2**40), 2**40) | st.integers(-5, 5))
    | hnp.arrays(
        float, st.integers(1, 40), elements=st.sampled_from([-2.0, 0.0, 0.5, 3.0, 1e12, -1e300, 7.25])
    )
)
def test_codes_are_the_places_among_the_sorted(values):
    np.testing.assert_array_equal(dense_codes(values), np.unique(values, return_inverse=True)[1])


def test_no_values_have_no_codes():
    assert len(dense_codes(np.zeros(0))) == 0


def test_pairs_are_ordered_by_the_outer_then_the_inner():
    outer, inner = np.array([1, 0, 1, 0, 2]), np.array([0, 3, 0, 1, 2])
    np.testing.assert_array_equal(pair_codes(outer, inner), [2, 1, 2, 0, 3])


def test_units_are_counted_once():
    np.testing.assert_array_equal(
        units_in_strata(np.array([0, 1, 1, 2, 0]), np.array([0, 1, 1, 0, 0])), [2, 1]
    )


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1.5, np.nan, 9.0, -1.0, 97.0, 99.5]),
        pd.Series([1, 9, 97, 98, -1, 3]),
        pd.Series([1, 9, 97, 98, 0, 3], dtype="int8"),
    ],
)
def test_numbers_without_their_texts_are_the_same_numbers(column):
    missing = (
        MissingCode(97.0, 99.0, "refused"),
        MissingCode(9.0, 9.0, "do_not_know"),
        MissingCode(".a", ".a", "refused"),
    )
    short, whole = code_column(column, missing, texts=False), code_column(column, missing)
    assert short.found == () and (short.index == -1).all()
    for name in ("number", "state", "blank"):
        np.testing.assert_array_equal(getattr(short, name), getattr(whole, name))
    assert (whole.number == 9).sum() == 0
