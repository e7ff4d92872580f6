"""Columns of words are kept as codes: each distinct word is stored, stripped and looked up once."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

__all__ = [
    "as_words",
    "coded",
    "coded_together",
    "distinct_keys",
    "encoded",
    "in_words",
    "joined_words",
    "one_word",
    "plain_text",
    "respelt",
    "shared_words",
]

_TABLE = 16
"""Places of a table for each key, at most; beyond that keys are hashed."""


def as_words(column: pd.Series) -> pd.Series:
    """Any column as a categorical of stripped text; a blank is the word "".

    Whole numbers that came as floats lose their point, days their midnight, truth becomes `true` and `false`.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        if _is_clean(column):
            return column
        codes, distinct = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, distinct = pd.factorize(column)
    texts = _texts(pd.Series(distinct))
    if (codes < 0).any():
        codes = np.where(codes < 0, len(texts), codes)
        texts = pd.concat([texts, pd.Series([""], dtype="str")], ignore_index=True)
    (place,), kind = _together([texts])
    return _column(place[codes], kind, column.index)


def _is_clean(column: pd.Series) -> bool:
    """Whether a categorical is of stripped text without a missing cell."""
    words = column.cat.categories
    if words.dtype != "str" or (column.cat.codes.to_numpy() < 0).any():
        return False
    return bool((pd.Series(words).str.strip() == words).all())


def encoded(column: pa.ChunkedArray) -> tuple[np.ndarray, pd.Series]:
    """An Arrow column of text as codes and its stripped words, the blank last; no copy as text is made."""
    coded_column = column.dictionary_encode()
    words = coded_column.chunk(0).dictionary.to_pandas() if coded_column.num_chunks else []
    texts = pd.concat([pd.Series(words, dtype="str"), pd.Series([""], dtype="str")], ignore_index=True)
    codes = [_indices(chunk, len(texts) - 1) for chunk in coded_column.chunks]
    return codes[0] if len(codes) == 1 else np.concatenate(
        codes or [np.zeros(0, np.int32)]
    ), texts.str.strip()


def coded_together(columns: Sequence[tuple[np.ndarray, pd.Series]]) -> list[pd.Series]:
    """Codes and words of some columns as categoricals of one list of words."""
    places, kind = _together([texts for _, texts in columns])
    made = []
    for (codes, texts), place in zip(columns, places, strict=True):
        is_same = np.array_equal(place, np.arange(len(texts)))
        made.append(_column(codes if is_same else place[codes], kind, pd.RangeIndex(len(codes))))
    return made


def _indices(chunk: pa.DictionaryArray, blank: int) -> np.ndarray:
    """Codes of one chunk, `blank` where it holds nothing."""
    indices = chunk.indices
    return (indices.fill_null(blank) if indices.null_count else indices).to_numpy()


def _texts(distinct: pd.Series) -> pd.Series:
    """Distinct cells as stripped text."""
    if is_bool_dtype(distinct):
        return distinct.astype("str").str.lower()
    if is_datetime64_any_dtype(distinct):
        return distinct.astype("str").str.removesuffix(" 00:00:00")
    if is_numeric_dtype(distinct):
        known = distinct.dropna()
        whole = pd.api.types.is_float_dtype(distinct) and bool((known % 1 == 0).all())
        whole = whole and bool((known.abs() < 2**62).all())
        return (distinct.astype("int64") if whole and len(known) == len(distinct) else distinct).astype("str")
    return distinct.astype("str").str.strip()


def _together(parts: Sequence[pd.Series]) -> tuple[list[np.ndarray], pd.CategoricalDtype]:
    """Where each word of some lists stands in their union, and the union as one kind of category."""
    words = pd.concat(list(parts), ignore_index=True).astype("str")
    found = pa.array(words, pa.large_string())
    joined = (found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found).dictionary_encode()
    place = joined.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    kind = pd.CategoricalDtype(pd.Index(joined.dictionary.to_pandas(), dtype="str"))
    return np.split(place, np.cumsum([len(part) for part in parts])[:-1]), kind


def coded(codes: np.ndarray, words: Sequence[str] | pd.Index) -> pd.Series:
    """Codes and the words they stand for, as a categorical of text."""
    kind = pd.CategoricalDtype(pd.Index(list(words), dtype="str"))
    return _column(codes, kind, pd.RangeIndex(len(codes)))


def _column(codes: np.ndarray, kind: pd.CategoricalDtype, index: pd.Index) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind, validate=False), index=index, copy=False)


def shared_words(left: pd.Series, right: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Two categoricals as two of one list of words, so that their codes can be compared."""
    if left.dtype is right.dtype:
        return left, right
    codes = [column.cat.codes.to_numpy() for column in (left, right)]
    used = [np.bincount(code, minlength=1).astype(bool) for code in codes]
    words = [
        pd.Series(column.cat.categories)[: len(is_used)][is_used]
        for column, is_used in zip((left, right), used, strict=True)
    ]
    places, kind = _together(words)
    made = []
    for column, code, is_used, place in zip((left, right), codes, used, places, strict=True):
        whole = np.zeros(len(is_used), dtype=np.int32)
        whole[is_used] = place
        made.append(_column(whole[code], kind, column.index))
    return made[0], made[1]


def respelt(column: pd.Series, change: Callable[[pd.Series], pd.Series]) -> tuple[pd.Series, np.ndarray]:
    """The same column with its distinct words changed, and which rows hold a word that became missing."""
    texts = change(pd.Series(column.cat.categories, dtype="str"))
    lost = texts.isna().to_numpy()
    codes = column.cat.codes.to_numpy()
    (place,), kind = _together([texts.fillna("").astype("str")])
    return _column(place[codes], kind, column.index), lost[codes] if lost.any() else np.zeros(
        len(codes), dtype=bool
    )


def distinct_keys(keys: np.ndarray, span: int) -> np.ndarray:
    """The distinct of some whole numbers from 0 to `span`, by a table of them all where that is small."""
    if span > _TABLE * max(len(keys), 1):
        return pd.unique(keys)
    there = np.zeros(span, dtype=bool)
    there[keys] = True
    return np.flatnonzero(there)


def one_word(word: str, index: pd.Index) -> pd.Series:
    """The same word on every row."""
    return _column(
        np.zeros(len(index), dtype=np.int8), pd.CategoricalDtype(pd.Index([word], dtype="str")), index
    )


def in_words(column: pd.Series, wanted: Sequence[str] | pd.Index) -> np.ndarray:
    """Which rows hold one of some words, shape (rows,)."""
    words = as_words(column)
    return np.asarray(words.cat.categories.isin(list(wanted)))[words.cat.codes.to_numpy()]


def joined_words(column: pd.Series, group: np.ndarray, many: int) -> pd.Series:
    """Distinct words of each of `many` groups of rows in their order, joined by `; `; "" if none."""
    words = as_words(column)
    said = pd.DataFrame({"group": group, "word": words.cat.codes.to_numpy()})
    said = said[np.asarray(words.cat.categories != "")[said["word"].to_numpy()]].drop_duplicates()
    said = said.sort_values("group", kind="stable")
    starts = np.searchsorted(said["group"].to_numpy(), np.arange(many + 1))
    texts = pa.array(words.cat.categories, pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    parts = texts.take(pa.array(said["word"].to_numpy()))
    lists = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), parts)
    return pd.Series(pc.binary_join(lists, pa.scalar("; ", pa.large_string())).to_pandas(), dtype="str")


def plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose categoricals became text again, for tables small enough to be read."""
    kinds = {name: "str" for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
    return frame.astype(kinds)
