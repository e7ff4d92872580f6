"""What is packed comes back the same, to the last bit, and nothing else is made of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.scenario.packing import pack, unpack
from survey import Finding


@dataclass(frozen=True)
class Box:
    """A record for tests."""

    held: object


def back(value: object) -> object:
    record = unpack(pack(Box(value)), {"Box": Box, "Finding": Finding})
    return record.held


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        0.1 + 0.2,
        float("inf"),
        "言葉",
        date(2026, 1, 15),
        Path("a/b.csv"),
        (1, ("a", None)),
        [1, [2]],
        frozenset({"b", "a"}),
        {"a": 1, ("b", 2): (3,)},
        Finding("here", "that", "so", "do"),
    ],
)
def test_plain_values_and_records(value: object):
    assert back(value) == value
    assert type(back(value)) is type(value)


def test_frames_keep_types_categories_and_their_order():
    words = pd.CategoricalDtype(["z", "a", "never"], ordered=False)
    frame = pd.DataFrame(
        {
            "buyer": pd.Series(["a", "z", "a"], dtype=words),
            "share": [0.1, np.nan, 1 / 3],
            "n": pd.Series([1, None, 3], dtype="Int64"),
            "text": pd.Series(["x", "", None], dtype="str"),
        },
        index=[4, 2, 9],
    )
    found = back(frame)
    pd.testing.assert_frame_equal(found, frame)
    assert list(found["buyer"].cat.categories) == ["z", "a", "never"]


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.5, np.nan], [np.inf, 1e-300]]),
        np.zeros((0, 3)),
        np.array([True, False]),
        np.arange(4, dtype=np.uint64) + 2**63,
        np.array(["a", "", "ü"], dtype=object),
    ],
)
def test_arrays_keep_shape_and_type(array: np.ndarray):
    found = back(array)
    assert found.shape == array.shape and found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_a_generator_goes_on_where_it_stood():
    rng = np.random.default_rng(5)
    rng.random(3)
    assert back(rng).random() == rng.random()


def test_the_same_record_gives_the_same_bytes():
    one, other = (pack(Box({"a": pd.DataFrame({"x": [1, 2]})})) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_what_cannot_be_packed_and_what_is_not_known_are_refused():
    with pytest.raises(TypeError, match="set"):
        pack({1, 2})
    with pytest.raises(ValueError, match="Box"):
        unpack(pack(Box(1)), {})
    torn = pack(Box(np.arange(3.0)))
    torn.at[1, "frame"] = b"torn"
    with pytest.raises(ValueError, match="packed"):
        unpack(torn, {"Box": Box})
