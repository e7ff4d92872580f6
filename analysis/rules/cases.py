"""Flows that no gate can tell apart are one case: values become classes, classes one number a flow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.rules.fields import BOUND_FIELDS, TAG_FIELDS
from analysis.rules.gates import Facts, Gate
from analysis.rules.operators import compare_bounds, compare_text

__all__ = ["Cases", "Cut", "Values", "cuts_of", "pair_codes", "told_apart"]

_STRICT = ("more_than", "at_most")


@dataclass(frozen=True, slots=True)
class Cut:
    """A point at which some gate changes its answer: numbers from `at` on pass, or only those above it."""

    at: float
    is_strict: bool

    def passed(self, number: np.ndarray) -> np.ndarray:
        """Whether each number lies behind the cut; nan does not."""
        return number > self.at if self.is_strict else number >= self.at


def cuts_of(gates: Iterable[Gate], field: str) -> tuple[Cut, ...]:
    """Cuts of a field of numbers over some gates, in order."""
    found = {(float(row.value), row.operator in _STRICT) for row in gates if row.field == field}
    return tuple(Cut(at, is_strict) for at, is_strict in sorted(found))


def pair_codes(low: np.ndarray, high: np.ndarray, cuts: Sequence[Cut]) -> np.ndarray:
    """Which stretches between cuts two bounds lie in, as one number; -1 where a bound is not known.

    `low` in stretch i and `high` in stretch j of k cuts make i * (k + 1) + j.
    """
    width = len(cuts) + 1
    code = np.zeros(len(low), dtype=np.int32)
    for cut in cuts:
        code += width * cut.passed(low)
        code += cut.passed(high)
    code[np.isnan(low) | np.isnan(high)] = -1
    return code


@dataclass(frozen=True, slots=True)
class Values:
    """Distinct values of each field among some flows.

    Attributes
    ----------
    words : mapping of str to sequence of str
        Distinct words of each field of text.
    cuts : mapping of str to tuple of Cut
        Cuts of each field of numbers; its values are the pairs of stretches (`pair_codes`).
    """

    words: Mapping[str, Sequence[str]]
    cuts: Mapping[str, tuple[Cut, ...]]

    def count(self, field: str) -> int:
        """How many values a field has, beside the unknown one."""
        return (len(self.cuts[field]) + 1) ** 2 if field in BOUND_FIELDS else len(self.words[field])

    def bounds(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        """A lower and an upper bound that stand for each pair of stretches of a field of numbers."""
        cuts = self.cuts[field]
        stretches = [np.nextafter(cut.at, np.inf) if cut.is_strict else cut.at for cut in cuts]
        inside = np.array([-np.inf, *stretches])
        return np.repeat(inside, len(inside)), np.tile(inside, len(inside))

    def answers(self, row: Gate) -> np.ndarray:
        """Answers to one gate, a row each, boolean; a column each value, the last where nothing is known."""
        many = self.count(row.field)
        if row.field in BOUND_FIELDS:
            low, high = (np.append(ends, np.nan) for ends in self.bounds(row.field))
            return np.vstack(compare_bounds(low, high, row.operator, float(row.value)))
        codes = np.append(np.arange(many), -1)
        words, tags = self.words[row.field], row.field in TAG_FIELDS
        return np.vstack(compare_text(codes, words, row.operator, row.value, tags=tags))


@dataclass(frozen=True, slots=True)
class Cases:
    """How some gates number the cases they can tell apart.

    Attributes
    ----------
    parts : dict[str, numpy.ndarray]
        Field to what each of its values adds to the number of the case; the last entry is of the unknown.
    standing : dict[str, numpy.ndarray]
        Field to the value that stands for each class, -1 for the unknown.
    strides : dict[str, int]
        Field to what one class adds.
    count : int
        Cases that there can be.
    """

    parts: dict[str, np.ndarray]
    standing: dict[str, np.ndarray]
    strides: dict[str, int]
    count: int

    def numbers(self, codes: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """The case of each of n flows, from the codes of their values (-1 where not known)."""
        width = np.int32 if self.count < 2**31 else np.int64
        total = np.zeros(n, dtype=width)
        for field, part in self.parts.items():
            total = total + part.astype(width)[codes[field]]
        return total

    def facts(self, cases: np.ndarray, values: Values) -> Facts:
        """Facts of a flow that stands for each of some cases, for `judge`."""
        text, bounds = {}, {}
        for field, stride in self.strides.items():
            standing = self.standing[field]
            value = standing[(cases // stride) % len(standing)]
            if field in BOUND_FIELDS:
                low, high = (np.append(ends, np.nan) for ends in values.bounds(field))
                bounds[field] = (low[value], high[value])
            else:
                text[field] = (value, list(values.words[field]))
        return Facts(len(cases), text, bounds)


def told_apart(rows: Sequence[Gate], values: Values, known: dict[tuple[str, str, str], np.ndarray]) -> Cases:
    """The cases that some gates tell apart.

    Two values of a field are of one class where every gate answers them alike; a case is one class of each
    field. Each gate is asked once about each distinct value, whatever the number of flows.

    Parameters
    ----------
    rows : sequence of Gate
        Gates of one instrument, or of several.
    values : Values
        What occurs in the flows.
    known : dict
        Answers by field, operator and value, kept for the next instruments that ask the same.
    """
    asked: dict[str, list[np.ndarray]] = {}
    for row in rows:
        key = (row.field, row.operator, row.value)
        if key not in known:
            known[key] = values.answers(row)
        asked.setdefault(row.field, []).append(known[key])
    parts, standing, strides, count = {}, {}, {}, 1
    for field, found in asked.items():
        packed = np.packbits(np.vstack(found), axis=0)
        _, first, place = np.unique(packed, axis=1, return_index=True, return_inverse=True)
        many = values.count(field)
        strides[field], standing[field] = count, np.where(first == many, -1, first)
        parts[field] = place.reshape(-1).astype(np.int64) * count
        count *= len(first)
    return Cases(parts, standing, strides, count)
