"""Which listed names are worth a closer look: groups of three letters, sounds, rare words, initials."""

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.matching.forms import Forms

__all__ = ["candidate_pairs"]

_SIGNS = 37
_BLOCK = 512
_LEAST = 0.2
"""Cosine under which two texts have too little in common."""
_FEW = 20
"""A word that at most so many listed forms hold is a key of its own."""


def candidate_pairs(asked: Forms, listed: Forms, *, nearest: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of forms that may be the same firm.

    Parameters
    ----------
    asked, listed : Forms
        Names asked about, names listed.
    nearest : int
        How many of the listed forms nearest in letters a form has; half as many by sound, where either
        was heard.

    Returns
    -------
    tuple of numpy.ndarray
        Rows of `asked.frame` and of `listed.frame`, each pair once, sorted.
    """
    if not len(asked) or not len(listed):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    left, right = asked.frame, listed.frame
    every_left, every_right = np.arange(len(left)), np.arange(len(right))
    found = [_nearest(left["text"], right["text"], every_left, every_right, nearest)]
    heard_left, heard_right = left["is_heard"].to_numpy(), right["is_heard"].to_numpy()
    found.append(_nearest(left["heard"], right["heard"], every_left[heard_left], every_right, nearest))
    found.append(
        _nearest(
            left["heard"], right["heard"], every_left[~heard_left], every_right[heard_right], nearest // 2
        )
    )
    found += [_by_rare_word(asked, listed), _by_initials(left, right), _by_initials(right, left)[::-1]]
    both = np.concatenate([one.astype(np.int64) * len(right) + two for one, two in found])
    both = np.unique(both)
    return both // len(right), both % len(right)


def _grams(texts: pd.Series) -> sparse.csr_array:
    """Groups of three signs of each text, words set off by a space: texts x groups, each 1."""
    padded = " " + texts + " "
    size = padded.str.len().to_numpy(dtype=np.int64)
    signs = np.frombuffer("".join(padded.tolist()).encode("ascii", "replace"), dtype=np.uint8)
    table = np.zeros(256, dtype=np.int64)
    table[ord("0") : ord("9") + 1] = np.arange(1, 11)
    table[ord("a") : ord("z") + 1] = np.arange(11, _SIGNS)
    codes = table[signs]
    owner = np.repeat(np.arange(len(size)), size)
    group = (codes[:-2] * _SIGNS + codes[1:-1]) * _SIGNS + codes[2:]
    same = owner[:-2] == owner[2:]
    matrix = sparse.csr_array(
        (np.ones(int(same.sum()), dtype=np.float32), (owner[:-2][same], group[same])),
        shape=(len(size), _SIGNS**3),
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _nearest(
    asked: pd.Series, listed: pd.Series, left: np.ndarray, right: np.ndarray, many: int
) -> tuple[np.ndarray, np.ndarray]:
    """The `many` listed texts nearest each asked one by TF-IDF cosine of groups of three letters."""
    if not len(left) or not len(right):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    lists = _grams(listed.iloc[right])
    holds = np.bincount(lists.indices, minlength=_SIGNS**3)
    weight = np.log((len(right) + 1.0) / (holds + 0.5)).astype(np.float32)
    weight[holds > max(50, len(right) // 20)] = 0.0
    lists, asks = _unit(lists, weight), _unit(_grams(asked.iloc[left]), weight)
    turned = sparse.csr_array(lists.T)
    rows, columns, likeness = [], [], []
    for start in range(0, len(left), _BLOCK):
        near = (asks[start : start + _BLOCK] @ turned).tocoo()
        close = near.data > _LEAST
        rows.append(near.coords[0][close] + start)
        columns.append(near.coords[1][close])
        likeness.append(near.data[close])
    row, column = np.concatenate(rows), np.concatenate(columns)
    order = np.lexsort((column, -np.concatenate(likeness), row))
    row, column = row[order], column[order]
    begin = np.searchsorted(row, np.arange(len(left)))
    chosen = np.arange(len(row)) - begin[row] < many
    return left[row[chosen]], right[column[chosen]]


def _unit(matrix: sparse.csr_array, weight: np.ndarray) -> sparse.csr_array:
    """Rows weighted and brought to length 1; groups without weight are dropped."""
    matrix.data = matrix.data * weight[matrix.indices]
    matrix.eliminate_zeros()
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    matrix.data = matrix.data / np.repeat(np.maximum(length, 1e-9), np.diff(matrix.indptr)).astype(np.float32)
    return matrix


def _by_rare_word(asked: Forms, listed: Forms) -> tuple[np.ndarray, np.ndarray]:
    """Forms that share a word which few listed forms hold."""
    right = listed.words[["form", "word"]].drop_duplicates()
    right = right[right.groupby("word")["form"].transform("size") <= _FEW]
    right = right[right["word"].str.len() > 2]
    both = asked.words[["form", "word"]].merge(right, on="word", suffixes=("_left", "_right"))
    return both["form_left"].to_numpy(), both["form_right"].to_numpy()


def _by_initials(short: pd.DataFrame, long: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Forms of one word of 3 to 8 letters, and forms whose initials they are."""
    words = pd.DataFrame({"key": short["text"], "left": np.arange(len(short))})
    words = words[words["key"].str.fullmatch("[a-z]{3,8}")]
    keys = pd.concat([long["initials"], long["initials"].str[:-1]])
    whole = pd.DataFrame({"key": keys.to_numpy(), "right": np.tile(np.arange(len(long)), 2)})
    both = words.merge(whole[whole["key"].str.len() > 2], on="key")
    return both["left"].to_numpy(), both["right"].to_numpy()
