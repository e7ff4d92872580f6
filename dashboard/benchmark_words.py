"""How the place of one firm among its peers is said."""

import math
from collections.abc import Mapping
from typing import Any

from dashboard.shelf import Shelf
from dashboard.wording import as_index, is_number, say

__all__ = ["own_words", "place_words"]

_NEAR = 1e-9
"""Limits of places carry rounding error, which must not widen them by a whole place."""


def place_words(row: Mapping[str, Any], lang: str) -> str:
    """A percentile with its limits, in whole places of 0 to 100, outwards; "–" where there is none."""
    if not (is_number(row["low"]) and is_number(row["high"])):
        return "–"
    low = math.floor(100 * float(row["low"]) + _NEAR)
    high = math.ceil(100 * float(row["high"]) - _NEAR)
    return str(low) if low == high else say(lang, "benchmark.place_range", low=low, high=high)


def own_words(shelf: Shelf, row: Mapping[str, Any], lang: str) -> str:
    """The firm's own value with its limits, or the wording of its answer."""
    if row["kind"] != "pressure":
        return shelf.label(lang, str(row["question"]), str(row["own"]))
    if not row["own"]:
        return "–"
    value = as_index(float(row["own"]), 3)
    low, high = (as_index(float(row[end]), 3) for end in ("own_low", "own_high"))
    if low == high:
        return value
    return say(lang, "benchmark.own_range", value=value, low=low, high=high)
