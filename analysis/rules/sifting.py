"""Which cases an instrument can touch at all: a bit each branch, from the gates that ask one field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.rules.cases import Values
from analysis.rules.fields import BOUND_FIELDS
from analysis.rules.gates import Gate

__all__ = ["Sieve", "sieve_of"]

_MAIN = ("bound", "subject", "licence")
"""Gates that all must be passed; the others only change what a passed flow gets."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Bits of branches that each value of each field leaves open.

    Attributes
    ----------
    bits : dict[str, numpy.ndarray]
        Field to bits, shape (words, values + 1), unsigned 64-bit; the last column is of the unknown.
    of : list of numpy.ndarray
        For each instrument the bits of its branches, shape (words,).
    """

    bits: dict[str, np.ndarray]
    of: list[np.ndarray]

    def open_cases(self, codes: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """Bits of the branches that each of n cases may pass, shape (words, n)."""
        left = np.full((len(self.of[0]) if self.of else 0, n), np.iinfo(np.uint64).max)
        for field, bits in self.bits.items():
            for word in range(len(left)):
                if (bits[word] != bits[word, 0]).any():
                    left[word] &= bits[word][codes[field]]
                else:
                    left[word] &= bits[word, 0]
        return left

    def stays(self, left: np.ndarray, which: int) -> np.ndarray:
        """Places of the cases that some branch of one instrument may touch."""
        may = np.zeros(left.shape[1], dtype=bool)
        for word in np.flatnonzero(self.of[which]):
            may |= (left[word] & self.of[which][word]) != 0
        return np.flatnonzero(may)


def sieve_of(
    asked: Sequence[Sequence[Sequence[Gate]]],
    values: Values,
    known: dict[tuple[str, str, str], np.ndarray],
) -> Sieve:
    """What each value leaves open, one field at a time: a case whose bit is gone gets `none` for certain.

    A gate whose alternatives all ask one field is false for a value that every one of them surely denies,
    whatever the rest of the case. Gates that ask several fields, exceptions and reviews sift nothing.

    Parameters
    ----------
    asked : sequence
        For each instrument its branches, each a sequence of gates.
    values : Values
        What occurs in the flows.
    known : dict
        Answers by field, operator and value, kept for whoever asks the same.
    """
    count = sum(map(len, asked))
    words = max(-(-count // 64), 1)
    shut: dict[str, np.ndarray] = {}
    of = [np.zeros(words, dtype=np.uint64) for _ in asked]
    bit = 0
    for mine, branches in zip(of, asked, strict=True):
        for rows in branches:
            word, one = bit // 64, np.uint64(1) << np.uint64(bit % 64)
            mine[word] |= one
            bit += 1
            for field, group in _single(rows):
                open_ = np.zeros(values.count(field) + 1, dtype=bool)
                for row in group:
                    open_ |= _possible(row, values, known)
                if not open_.all():
                    gone = shut.setdefault(field, np.zeros((words, len(open_)), dtype=np.uint64))
                    gone[word, ~open_] |= one
    return Sieve({field: ~gone for field, gone in shut.items()}, of)


def _single(rows: Sequence[Gate]) -> list[tuple[str, list[Gate]]]:
    """Gates, each with its alternatives, that ask one field."""
    orders: dict[int, list[Gate]] = {}
    for row in rows:
        if row.gate in _MAIN:
            orders.setdefault(row.order, []).append(row)
    return [(group[0].field, group) for group in orders.values() if len({row.field for row in group}) == 1]


def _possible(row: Gate, values: Values, known: dict[tuple[str, str, str], np.ndarray]) -> np.ndarray:
    """Whether one gate is true or not decided, for each value of its field and the unknown."""
    key = (row.field, row.operator, row.value)
    if key not in known:
        known[key] = values.answers(row)
    met, sure = known[key][:2]
    return met | ~sure if row.field not in BOUND_FIELDS else met | ~sure | known[key][2]
