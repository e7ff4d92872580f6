"""One column of a wave as Stata holds it: its type, its letters for reasons, its labels."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import Question, words
from survey.coding import code_text
from survey.formats.holding import Stood, is_mixed, reasons_in

__all__ = ["StataVariable", "shortened"]

_VALUE_LABEL = 320
_TEXT = 2045
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BY_REASON = {"do_not_know": "d", "refused": "r", "not_asked": "i", "withheld": "w", "no_answer": "n"}
_WORDS = {"no_answer": "no answer", "not_asked": "not asked", "do_not_know": "do not know"}
_WHOLE = (
    ("i1", -127, 100, 101),
    ("i2", -32_767, 32_740, 32_741),
    ("i4", -2_147_483_647, 2_147_483_620, 2_147_483_621),
)
"""Whole types of Stata: smallest and largest number, and `.`; `.a` to `.z` follow it."""
_NAN_BITS = 0x7FE0000000000000
_EPOCH = np.datetime64("1960-01-01", "us")


class StataVariable:
    """One column of a wave on its way to Stata."""

    def __init__(self, name: str, column: pd.Series, question: Question | None) -> None:
        self.name, self.column, self.question = name, column, question
        self.letters: dict[str, tuple[str, Stood]] = {}
        self.many = 0
        numeric = is_mixed(column) or pd.api.types.is_numeric_dtype(column)
        if numeric and question is not None:
            self._give_letters(reasons_in(column, question.missing))

    def _give_letters(self, stood: Sequence[Stood]) -> None:
        """A letter for each value that stands for a reason: its own, that of its reason, or a free one."""
        own = {str(s.value)[1] for s in stood if _is_letter(s.value)}
        free = [letter for letter in _LETTERS if letter not in own]
        for entry in stood:
            text = code_text(entry.value)
            if _is_letter(entry.value):
                self.letters[text] = (text[1], entry)
            elif free:
                wanted = _BY_REASON[entry.code.reason]
                letter = (
                    wanted
                    if wanted in free
                    else next((f for f in free if f not in _BY_REASON.values()), free[0])
                )
                free.remove(letter)
                self.letters[text] = (letter, entry)
            else:
                self.many += 1

    def pairs(self) -> tuple[tuple[Any, Any], ...]:
        """Value in Stata and original one, where they differ."""
        return tuple(
            ("." + letter, entry.value)
            for letter, entry in self.letters.values()
            if entry.value != "." + letter
        )

    def values(self) -> tuple[NDArray[Any], str]:
        """The cells as Stata stores them, and their display format."""
        column = self.column
        if pd.api.types.is_datetime64_any_dtype(column):
            return _moments(column)
        if is_mixed(column) or pd.api.types.is_numeric_dtype(column):
            return self._numbers()
        cells = [text.encode("utf-8") for text in column.fillna("").astype("str")]
        size = max(map(len, cells), default=1)
        if size > _TEXT:
            return np.array(cells, dtype=object), "%9s"
        return np.array(cells, dtype=f"S{max(size, 1)}"), f"%-{min(max(size, 1), 40)}s"

    def _numbers(self) -> tuple[NDArray[Any], str]:
        places, uniques = pd.factorize(self.column, use_na_sentinel=True)
        keys = [code_text(v) for v in list(uniques)]
        offsets = np.array([ord(self.letters[k][0]) - 96 if k in self.letters else -1 for k in keys] + [0])
        plain = [np.nan if k in self.letters else float(v) for k, v in zip(keys, list(uniques), strict=True)]
        numbers = np.array([*plain, np.nan], dtype="<f8")
        given = numbers[~np.isnan(numbers)]
        shown = "%9.0g" if len(given) == 0 or (given == np.floor(given)).all() else "%12.0g"
        whole = len(given) == 0 or (
            (given == np.floor(given)).all() and not (np.signbit(given) & (given == 0)).any()
        )
        for kind, low, high, dot in _WHOLE if whole else ():
            if len(given) == 0 or (given.min() >= low and given.max() <= high):
                table = np.where(offsets >= 0, dot + offsets, np.nan_to_num(numbers)).astype("<" + kind)
                return table[places], shown
        bits = numbers.view("<u8").copy()
        hit = offsets >= 0
        bits[hit] = np.uint64(_NAN_BITS) + (offsets[hit].astype("<u8") << np.uint64(40))
        return bits[places].view("<f8"), shown

    def labels(self, lang: str) -> dict[int | str, str]:
        """Whole code, or letter, to label; empty where Stata has no room for labels of this column."""
        numeric = is_mixed(self.column) or pd.api.types.is_numeric_dtype(self.column)
        if self.question is None or not numeric:
            return {}
        found: dict[int | str, str] = {}
        if not self.question.is_dichotomies:
            for choice in self.question.choices:
                code = _whole(choice.code)
                text = words(choice.label, lang)
                if code is not None and text and choice.code not in self.letters:
                    found[code] = shortened(text, _VALUE_LABEL)
        for letter, entry in self.letters.values():
            reason = entry.code.reason
            text = words(entry.code.label, lang) or _WORDS.get(reason, reason)
            found["." + letter] = shortened(text, _VALUE_LABEL)
        return found

    @property
    def is_speechless(self) -> bool:
        """Whether its question labels codes that Stata cannot."""
        question = self.question
        if (
            question is None
            or question.kind not in ("single", "multiple", "binary")
            or question.is_dichotomies
        ):
            return False
        labelled = {c.code for c in question.choices if words(c.label, "")} - set(self.letters)
        there = self.labels("")
        return any(_whole(code) not in there for code in labelled)

    def label(self, lang: str) -> str:
        """Its wording."""
        if self.question is None:
            return ""
        option = next((c for c in self.question.choices if c.column and c.column == self.column.name), None)
        return words(option.label if option else self.question.label, lang)


def _is_letter(value: object) -> bool:
    return isinstance(value, str) and len(value) == 2 and value[0] == "." and value[1] in _LETTERS


def _whole(code: str) -> int | None:
    """A code as a whole number that Stata can label."""
    try:
        number = int(code)
    except ValueError:
        return None
    return number if str(number) == code and abs(number) <= _WHOLE[-1][2] else None


def shortened(text: str, most: int) -> str:
    """The text on one line, cut to so many characters."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= most else text[: most - 1] + "…"


def _moments(column: pd.Series) -> tuple[NDArray[Any], str]:
    """Days since 1960 where no cell has a time of day, else milliseconds."""
    values = column.to_numpy(dtype="datetime64[us]")
    blank = np.isnat(values)
    micro = (values - _EPOCH).astype("int64")
    day = 86_400_000_000
    if not (micro[~blank] % day).any():
        return np.where(blank, _WHOLE[-1][3], np.where(blank, 0, micro) // day).astype("<i4"), "%td"
    bits = (np.where(blank, 0, micro) / 1000.0).astype("<f8").view("<u8").copy()
    bits[blank] = np.uint64(_NAN_BITS)
    return bits.view("<f8"), "%tc"
