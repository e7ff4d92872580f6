"""Special missing values of SAS: `._` and `.A` to `.Z` as codes among numbers."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import MissingCode

__all__ = ["SPECIAL", "letters_as_codes", "special_codes"]

SPECIAL = ("._", *(f".{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
"""Codes of SAS for reasons; a plain `.` is a blank."""


def letters_as_codes(numbers: pd.Series, letters: NDArray[np.uint8]) -> pd.Series:
    """Numbers with codes where a letter stands.

    Parameters
    ----------
    numbers : pandas.Series
        Shape (n,), floats.
    letters : NDArray[np.uint8]
        Shape (n,): 0, or the character after the point.
    """
    found = np.unique(letters[letters > 0])
    if not len(found):
        return numbers
    column = numbers.astype(object)
    for letter in found:
        column = column.mask(letters == letter, f".{chr(letter)}")
    return column


def special_codes(frame: pd.DataFrame) -> dict[str, tuple[MissingCode, ...]]:
    """The special missing values that stand in columns of numbers, dates or times, by column."""
    missing: dict[str, tuple[MissingCode, ...]] = {}
    for name in frame.columns:
        if frame[name].dtype == object:
            cells = pd.Series(frame[name].dropna().unique(), dtype=object)
            found = sorted({c for c in cells if isinstance(c, str) and c in SPECIAL})
            if found:
                missing[str(name)] = tuple(MissingCode(c, c, "no_answer") for c in found)
    return missing
