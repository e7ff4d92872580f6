"""One raw column looked at as codes: its answers as text, its numbers, its reasons for none."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import MissingCode
from survey.missing import REASONS, State

__all__ = ["NUMBER", "Coded", "code_column", "code_order", "code_text"]

NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]\d{2,3})?")
"""A plain number. `0012` and `1e5` are codes; `1e+05`, as programs print numbers, is a number."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of n cells, read once.

    Attributes
    ----------
    found : tuple[str, ...]
        Codes that are answers, in the order of `code_order`.
    index : NDArray[np.int64]
        Shape (n,): position in `found`, -1 where the cell is no answer.
    number : NDArray[np.float64]
        Shape (n,): the number in the cell; nan where there is none or it stands for a reason.
    state : NDArray[np.int8]
        Shape (n,): ANSWERED, NO_ANSWER for blanks, or the state of the missing code.
    blank : NDArray[np.bool_]
        Shape (n,): cells that are empty in the file (no code, no reason).
    """

    found: tuple[str, ...]
    index: NDArray[np.int64]
    number: NDArray[np.float64]
    state: NDArray[np.int8]
    blank: NDArray[np.bool_]


def code_text(value: Any) -> str:
    """A cell as the code that stands in every output: `1.0` is `1`, dates are ISO, text verbatim."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, pd.Timestamp):
        day = value.normalize() == value
        return value.date().isoformat() if day else value.isoformat(sep=" ")
    return str(value)


def code_order(codes: list[str]) -> list[str]:
    """Codes in order: as numbers where all are numbers, else as text."""
    if codes and all(NUMBER.fullmatch(c) for c in codes):
        return sorted(codes, key=float)
    return sorted(codes)


def _reason(value: Any, text: str, missing: tuple[MissingCode, ...]) -> int:
    number = float(text) if NUMBER.fullmatch(text) else None
    for code in missing:
        if isinstance(code.low, str) or isinstance(code.high, str):
            low, high = code_text(code.low), code_text(code.high)
            if (low == high and text == low) or (
                low < high and isinstance(value, str) and low <= text <= high
            ):
                return REASONS[code.reason]
        elif number is not None and code.low <= number <= code.high:
            return REASONS[code.reason]
    return State.ANSWERED


def code_column(column: pd.Series, missing: tuple[MissingCode, ...] = (), *, texts: bool = True) -> Coded:
    """Read one raw column against its missing codes.

    Parameters
    ----------
    column : pandas.Series
        Shape (n,), any dtype a reader makes: numbers, text, truth, dates, categories, or
        numbers with text codes among them (such as Stata's `.a`).
    missing : tuple[MissingCode, ...]
        Codes that stand for a reason.
    texts : bool
        Whether the codes of a numeric column are wanted; else `found` is empty and `index` is
        -1 there, which saves a text for each number.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    if not texts and isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return _plain_numbers(column.to_numpy(dtype=float, copy=True), missing)
    places, uniques = pd.factorize(column, use_na_sentinel=True)
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype != bool:
        return _numbers(np.asarray(places), np.asarray(uniques, dtype=float), missing, texts)
    values = list(uniques)
    cells = [code_text(v) for v in values]
    empty = np.array([not t.strip() for t in cells] + [True], dtype=bool)
    state = np.array(
        [_reason(v, t, missing) for v, t in zip(values, cells, strict=True)] + [0], dtype=np.int8
    )
    state[empty] = State.NO_ANSWER
    number = np.array([float(t) if NUMBER.fullmatch(t) else np.nan for t in cells] + [np.nan])
    number[state != State.ANSWERED] = np.nan
    found = tuple(code_order(list(dict.fromkeys(t for t, s in zip(cells, state, strict=False) if s == 0))))
    position = {code: i for i, code in enumerate(found)}
    index = np.array(
        [position.get(t, -1) if s == 0 else -1 for t, s in zip(cells, state, strict=False)] + [-1]
    )
    return Coded(found, index.astype(np.int64)[places], number[places], state[places], empty[places])


def _plain_numbers(number: NDArray[np.float64], missing: tuple[MissingCode, ...]) -> Coded:
    """Numbers whose codes nobody asks for, without a look at which are the same."""
    blank = np.isnan(number)
    state = np.where(blank, np.int8(State.NO_ANSWER), np.int8(State.ANSWERED))
    for code in reversed(missing):
        try:
            low, high = float(code.low), float(code.high)
        except ValueError:
            continue
        state[(number >= low) & (number <= high)] = REASONS[code.reason]
    number[state != State.ANSWERED] = np.nan
    return Coded((), np.full(len(number), -1, dtype=np.int64), number, state, blank)


def _numbers(
    places: NDArray[Any], uniques: NDArray[np.float64], missing: tuple[MissingCode, ...], texts: bool
) -> Coded:
    """The same for numbers, without a text for each."""
    state = np.zeros(len(uniques) + 1, dtype=np.int8)
    for code in reversed(missing):
        try:
            low, high = float(code.low), float(code.high)
        except ValueError:
            continue
        state[:-1][(uniques >= low) & (uniques <= high)] = REASONS[code.reason]
    state[-1] = State.NO_ANSWER
    kept = np.flatnonzero(state[:-1] == State.ANSWERED)
    order = kept[np.argsort(uniques[kept], kind="stable")]
    if not texts:
        order = order[:0]
    found = tuple(code_text(v) for v in uniques[order])
    index = np.full(len(uniques) + 1, -1, dtype=np.int64)
    index[order] = np.arange(len(order))
    number = np.append(uniques, np.nan)
    number[state != State.ANSWERED] = np.nan
    return Coded(found, index[places], number[places], state[places], places == -1)
