"""Numbers that stand beside a hidden answer in a file or page that is none of a Release's tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.attack.leafing import Line
from analysis.attack.opening import Piece
from analysis.attack.taking import Taken

__all__ = ["numbers_beside"]

_NUMBER = re.compile(r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)\s?([%％]?)(?![\w.])")
_HEAD = re.compile(r"^(.{2,}?)\s*[:：,、;=(（|]?\s*(?=\d)")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class _Words:
    """Wordings of a questionnaire, and its ids and codes, in small letters."""

    questions: dict[str, str]
    options: dict[str, frozenset[tuple[str, str]]]
    codes: frozenset[tuple[str, str]]


def numbers_beside(pieces: Sequence[Piece], taken: Taken, cells: pd.DataFrame) -> pd.DataFrame:
    """Hidden answers beside which a number stands that could be theirs.

    Parameters
    ----------
    pieces : sequence of Piece
        Files beside the Release, and what its server answers.
    taken : Taken
    cells : pandas.DataFrame
        `Solved.cells` of the Release: what its tables leave open.

    Returns
    -------
    pandas.DataFrame
        Columns of an attack, a row an answer: `low` and `high` are what the number leaves of what the tables
        left open. A number is read as a percent, as a share, or as a count, in that order; one that no count
        between the ends of the cell agrees with is of something else. The answer is known by its wording in
        any language under the wording of its question, or by its code beside the id of the question.
    """
    words = _words_of(taken)
    wave = str(taken.manifest.get("wave"))
    mine = cells[(cells["wave"] == wave) & (cells["by"] == "") & (cells["option"] != "#firms")]
    hidden = {
        (str(q), str(o)): (float(a), float(b), float(f), float(g))
        for q, o, a, b, f, g in mine.loc[
            mine["high"] > mine["low"], ["question", "option", "low", "high", "firms_low", "firms_high"]
        ].itertuples(index=False)
    }
    found: dict[tuple[str, str], dict[str, object]] = {}
    for piece in pieces if hidden else ():
        for key, numbers in _beside(piece.lines, words):
            if key not in hidden or key in found:
                continue
            ends = _narrower(numbers, hidden[key])
            if ends is not None:
                found[key] = {
                    "release": taken.label, "way": "files", "table": piece.place, "wave": wave,
                    "question": key[0], "option": key[1], "firms_low": hidden[key][2],
                    "firms_high": hidden[key][3], "low": ends[0], "high": ends[1], "floor": taken.floor,
                    "verdict": "recovered" if ends[0] == ends[1] else "bounded",
                    "how": "a number beside a hidden answer",
                }  # fmt: skip
    return pd.DataFrame(list(found.values()))


def _words_of(taken: Taken) -> _Words:
    wording = taken.tables.get("wording", pd.DataFrame(columns=["kind", "question", "option", "text"]))
    questions: dict[str, str] = {}
    options: dict[str, set[tuple[str, str]]] = {}
    codes: set[tuple[str, str]] = set()
    for kind, question, option, text in wording[["kind", "question", "option", "text"]].itertuples(
        index=False
    ):
        if kind == "question":
            questions[str(text).strip().casefold()] = str(question)
            questions[str(question).casefold()] = str(question)
        elif kind in ("option", "net"):
            for name in (text, *[f"{question}{mark}{option}" for mark in "._=: "]):
                options.setdefault(str(name).strip().casefold(), set()).add((str(question), str(option)))
            codes.add((str(question), str(option)))
    return _Words(questions, {text: frozenset(keys) for text, keys in options.items()}, frozenset(codes))


def _beside(lines: Sequence[Line], words: _Words) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Each answer that is named, and the words up to the next one in its line."""
    current = ""
    for line in lines:
        asked = [words.questions.get(cell.casefold(), "") for cell in line]
        if not any(asked) and len(line) == 1:
            asked = [_within(line[0], words)]
        current = next((question for question in asked if question), current)
        in_line = next((question for question in asked if question), "")
        at: list[tuple[int, tuple[str, str], str]] = []
        for k, cell in enumerate(line):
            # of several codes in a line the first names the answer; the others may be its numbers
            key, rest = _answer(cell, words, current, "" if at else in_line)
            if key is not None:
                at.append((k, key, rest))
        ends = [*[k for k, _, _ in at[1:]], len(line)][: len(at)]
        for (k, key, rest), end in zip(at, ends, strict=True):
            before = list(line[:k]) if len(at) == 1 else []
            told = [rest, *line[k + 1 : end], *before]
            label = line[k].strip().casefold()
            codes = {code for _, code in words.options.get(label, ())} | {key[1]}
            # what repeats the answer's own words tells their numbers again (`over 0.10, up to 0.25: ...`)
            told = [w.casefold().replace(label, " ") if label in words.options else w for w in told]
            yield key, [w for w in told if w and w not in codes and w.casefold() not in words.questions]


def _within(text: str, words: _Words) -> str:
    """The question a heading is of, where it says more than its wording."""
    small = text.casefold()
    if len(small) > _LONGEST:
        return ""
    return next((q for label, q in words.questions.items() if len(label) > 8 and label in small), "")


def _answer(cell: str, words: _Words, current: str, in_line: str) -> tuple[tuple[str, str] | None, str]:
    """The answer a cell names, and what else stands in the cell."""
    small = cell.strip().casefold()
    if in_line and (in_line, cell.strip()) in words.codes:
        return (in_line, cell.strip()), ""
    head, rest = small, ""
    if small not in words.options and len(small) < _LONGEST and (cut := _HEAD.match(small)) is not None:
        head, rest = cut.group(1), small[cut.end(1) :]
    named = words.options.get(head, frozenset())
    mine = [key for key in named if key[0] == (in_line or current)]
    if len(mine) == 1:
        return mine[0], rest
    return (next(iter(named)), rest) if len(named) == 1 and len(head) > 3 else (None, "")


def _narrower(texts: Sequence[str], cell: tuple[float, float, float, float]) -> tuple[float, float] | None:
    """Ends that a number beside a cell leaves it; None where none of the numbers can be its own."""
    low, high, fewest, most = cell
    for text in texts:
        for number, percent in _NUMBER.findall(text) if len(text) < _LONGEST else ():
            ends = _counts(number.replace(",", ""), bool(percent), fewest, most)
            if ends is None:
                continue
            narrow = max(low, ends[0]), min(high, ends[1])
            if narrow[0] <= narrow[1] and narrow != (low, high):
                return narrow
    return None


def _counts(number: str, is_percent: bool, fewest: float, most: float) -> tuple[float, float] | None:
    """Least and greatest count that a printed number can be of firms between `fewest` and `most`."""
    value = float(number)
    places = len(number.partition(".")[2])
    half = 0.5 * 10.0**-places
    if not is_percent and places == 0:
        return (value, value) if value < most else None
    if is_percent:
        value, half = value / 100.0, half / 100.0
    if value > 1.0:
        return None
    ends = np.ceil(max(value - half, 0.0) * fewest - 1e-6), np.floor(min(value + half, 1.0) * most + 1e-6)
    return (float(ends[0]) + 0.0, float(ends[1])) if ends[0] <= ends[1] else None
