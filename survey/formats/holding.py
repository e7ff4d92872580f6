"""A wave made to fit SPSS or Stata: plain columns, codes for reasons, and what was put in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import MissingCode, Question
from survey.coding import NUMBER, code_column, code_text
from survey.faults import FileFault
from survey.missing import State

__all__ = ["Stood", "is_mixed", "numeric_code", "plain_column", "reasons_in"]

_EXACT = 2.0**53


@dataclass(frozen=True, slots=True)
class Stood:
    """A value of a column that stands for a reason.

    Attributes
    ----------
    value : float or str
        As it stands in the column.
    code : MissingCode
        The entry of the codebook that says so.
    """

    value: float | str
    code: MissingCode


def plain_column(column: pd.Series, question: Question | None, where: str) -> pd.Series:
    """A column as floats, dates or text; numbers with texts among them only where these are missing codes.

    Truth becomes the texts TRUE and FALSE, categories their codes, and whole numbers beyond 2^53,
    which are no exact floats, their digits.

    Raises
    ------
    FileFault
        An infinite number.
    """
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        column = column.astype(dtype.categories.dtype)
        dtype = column.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return column
    if pd.api.types.is_bool_dtype(dtype):
        return _texts(column)
    if pd.api.types.is_numeric_dtype(dtype):
        if pd.api.types.is_integer_dtype(dtype) and (column.abs() > _EXACT).any():
            return _texts(column)
        numbers = column.astype(float)
        if np.isinf(numbers.to_numpy()).any():
            raise FileFault(where, "an infinite number", "finite numbers", "set it missing, with a reason")
        return numbers
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        values = [v for v in pd.unique(column.dropna())]
        texts = [v for v in values if isinstance(v, str)]
        numbers_only = all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in values if v not in texts
        )
        missing = question.missing if question else ()
        if numbers_only and len(texts) < len(values) and not _answers(texts, missing):
            return column
        return _texts(column)
    return column


def _texts(column: pd.Series) -> pd.Series:
    return column.map(code_text, na_action="ignore").astype("str")


def _answers(texts: Sequence[str], missing: tuple[MissingCode, ...]) -> bool:
    """Whether any of the texts is an answer."""
    if not texts:
        return False
    return bool((code_column(pd.Series(list(texts), dtype="str"), missing).state == State.ANSWERED).any())


def is_mixed(column: pd.Series) -> bool:
    """Whether a plain column holds numbers and texts."""
    return column.dtype == object


def numeric_code(code: str) -> bool:
    """Whether a code of the codebook is a number, as in a numeric column."""
    return NUMBER.fullmatch(code) is not None


def reasons_in(column: pd.Series, missing: tuple[MissingCode, ...]) -> tuple[Stood, ...]:
    """Values that stand for a reason: all declared one by one, and those found within ranges.

    Parameters
    ----------
    column : pandas.Series
        Floats, or floats with texts among them.
    missing : tuple[MissingCode, ...]
        Missing codes of its question.
    """
    stood: dict[str, Stood] = {}
    for code in missing:
        if code.low == code.high and (is_mixed(column) or not isinstance(code.low, str)):
            stood.setdefault(code_text(code.low), Stood(code.low, code))
    if missing:
        uniques: list[Any] = list(pd.unique(column.dropna()))
        states = code_column(pd.Series(uniques, dtype=column.dtype), missing).state
        for value, state in zip(uniques, states, strict=True):
            if state != State.ANSWERED and code_text(value).strip():
                stood.setdefault(code_text(value), Stood(value, _entry(value, missing)))
    return tuple(stood.values())


def _entry(value: float | str, missing: tuple[MissingCode, ...]) -> MissingCode:
    """The first entry that says the value is missing."""
    cell = pd.Series([value], dtype="str" if isinstance(value, str) else float)
    return next(m for m in missing if code_column(cell, (m,)).state[0] != State.ANSWERED)
