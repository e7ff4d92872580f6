"""How many values the compressed cases of a .sav hold: their instructions counted, not carried out."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.faults import FileFault
from survey.formats.soundness import Extent

__all__ = ["Bytecode", "check_cases"]

_PIECE = 1 << 18
"""Bytes looked at in one go: few enough to stay in the cache of a processor."""
_END, _LITERAL = 252, 253
_ONES, _TOP = np.uint64(0x0101_0101_0101_0101), np.uint64(56)


class Bytecode:
    """The values told so far, fed piece by piece.

    Eight instructions stand in eight bytes, and after them eight bytes for each that says 253 (a
    value follows); 0 says nothing, 252 ends the data, all others are a value each.
    Source: PSPP developers' guide, System File Format, Data Record.

    Attributes
    ----------
    elements : int
        Values of 8 bytes told by the instructions.
    is_cut : bool
        Whether the data break off within a value or within instructions.
    """

    __slots__ = ("_ahead", "_has_ended", "_rest", "elements")

    def __init__(self) -> None:
        self.elements = 0
        self._rest = b""
        self._ahead = 0
        self._has_ended = False

    @property
    def is_cut(self) -> bool:
        """Whether the data break off within a value or within instructions."""
        return self._ahead > 0 or (bool(self._rest) and not self._has_ended)

    def feed(self, data: Any) -> None:
        """Count the instructions in the next bytes, which may end anywhere."""
        for at in range(0, len(data), _PIECE):
            piece = self._rest + bytes(data[at : at + _PIECE])
            words = len(piece) // 8
            self._rest = piece[8 * words :]
            if self._has_ended or self._ahead >= words:
                self._ahead = max(self._ahead - words, 0)
            else:
                self._count(np.frombuffer(piece, np.uint8, 8 * words), words)

    def _count(self, cells: NDArray[np.uint8], words: int) -> None:
        """The instructions in whole words, of which the first may belong to values."""
        each = cells.view(np.uint64)
        follow = (((cells == _LITERAL).view(np.uint64) * _ONES) >> _TOP).astype(np.uint8)
        places = np.flatnonzero(follow)
        before = np.zeros(words + 1, dtype=np.int32)
        np.cumsum(follow != 0, out=before[1:])
        ends = places + 1 + follow[places]
        reached = _chain(before[np.minimum(ends, words)].tolist(), int(before[self._ahead]))
        told = np.array(reached, dtype=np.int64)
        step = np.zeros(words + 1, dtype=np.int8)
        step[0] = self._ahead > 0
        step[self._ahead] -= self._ahead > 0
        step[places[told] + 1] += 1
        step[np.minimum(ends[told], words)] -= 1
        is_value = np.cumsum(step[:-1], dtype=np.int8).view(bool)
        self._ahead = max(int(ends[told[-1]]) - words, 0) if reached else 0
        codes = each[~is_value].view(np.uint8)
        over = codes == _END
        if over.any():
            codes = codes[: int(over.argmax())]
            self._end(codes, np.flatnonzero(~is_value), words)
        self.elements += int(np.count_nonzero(codes))

    def _end(self, codes: NDArray[np.uint8], places: NDArray[np.int64], words: int) -> None:
        """The data end after these instructions and the values that the last eight of them announce."""
        self._has_ended = True
        whole = len(codes) // 8
        follow = int(np.count_nonzero(codes[8 * whole :] == _LITERAL))
        self._ahead = max(follow - (words - 1 - int(places[whole])), 0)


def _chain(following: list[int], at: int) -> list[int]:
    """Places reached from the first, each told by the one before."""
    reached: list[int] = []
    add, many = reached.append, len(following)
    while at < many:
        add(at)
        at = following[at]
    return reached


def check_cases(path: Path, extent: Extent, told: Bytecode) -> None:
    """Hold the cases a .sav states against those its instructions tell.

    Raises
    ------
    FileFault
        More or fewer are stated, or the last case breaks off.
    """
    cases, over = divmod(told.elements, extent.elements)
    if extent.cases > cases:
        raise FileFault(
            str(path),
            f"its header claims {extent.cases:,} cases, of which {cases:,} are there",
            "a header that fits the file",
            "it is cut off, damaged or made to harm: get it again from its source",
        )
    if 0 <= extent.cases < cases:
        raise FileFault(
            str(path),
            f"its header states {extent.cases:,} cases, and {cases:,} are there",
            "as many cases as stated: those beyond would be lost without a word",
            "get the file again, or open it where it comes from and save it anew",
        )
    if over or (told.is_cut and extent.cases < 0):
        raise FileFault(
            str(path),
            f"its data break off within a case, after {cases:,} whole ones",
            "as many cases as stated, each whole",
            "it is cut off: get the file again",
        )
