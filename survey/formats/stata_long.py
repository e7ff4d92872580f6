"""How much the long texts (strL) of a .dta hold once each cell that points to one has it for itself."""

import struct
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal

import numpy as np

__all__ = ["long_text_bytes"]

_STRL = 32768
_WIDTHS = {65526: 8, 65527: 4, 65528: 4, 65529: 2, 65530: 1, _STRL: 8}
_RELEASES = {b"117": (4, 4), b"118": (2, 8), b"119": (3, 8)}
"""Release to the bytes that name a column in a cell's pointer, and the bytes of a row at a text."""
_TYPES, _DATA, _TEXTS = 2, 9, 10
"""Places in the map of a file."""


def long_text_bytes(path: Path) -> int:
    """Bytes of the long texts that all cells point to, each counted as often as it is pointed to.

    0 where there are none, or where what points to them is damaged, which the library tells.

    Source: Stata, help dta: a cell of type strL holds (v, o), and `GSO` v o t length text follow the data.
    """
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return _pointed(data)
    except (OSError, ValueError, struct.error, IndexError):
        return 0


def _pointed(data: mmap) -> int:
    if data[:28] != b"<stata_dta><header><release>" or data[28:31] not in _RELEASES:
        return 0
    order = "<" if data[52:55] == b"LSF" else ">"
    split, wide = _RELEASES[data[28:31]]
    places = struct.unpack_from(f"{order}14Q", data, data.find(b"<map>", 0, 1000) + 5)
    types = data[places[_TYPES] + len("<variable_types>") : data.find(b"</variable_types>", places[_TYPES])]
    kinds = np.frombuffer(types, order + "u2").astype(np.int64)
    if not (kinds == _STRL).any():
        return 0
    widths = np.array([_WIDTHS.get(int(kind), int(kind)) for kind in kinds])
    starts, row = np.cumsum(widths) - widths, int(widths.sum())
    cells = data[places[_DATA] + len("<data>") : places[_TEXTS] - len("</data>")]
    rows = np.frombuffer(cells, np.uint8, len(cells) // row * row).reshape(-1, row)
    lengths = _lengths(data, places[_TEXTS] + len("<strls>"), order, wide, split)
    total = 0
    for start in starts[kinds == _STRL]:
        pointers = np.ascontiguousarray(rows[:, start : start + 8]).view(np.uint64).ravel()
        each, many = np.unique(pointers, return_counts=True)
        total += sum(lengths.get(int(one), 0) * int(n) for one, n in zip(each, many, strict=True))
    return total


def _lengths(data: mmap, at: int, order: str, wide: int, split: int) -> dict[int, int]:
    """Pointer, as its eight bytes read as a number here, to the bytes of its text."""
    found: dict[int, int] = {}
    head = struct.Struct(f"{order}I{'Q' if wide == 8 else 'I'}BI")
    sign: Literal["little", "big"] = "little" if order == "<" else "big"
    while data[at : at + 3] == b"GSO":
        v, o, _, length = head.unpack_from(data, at + 3)
        pointer = v.to_bytes(split, sign) + o.to_bytes(8 - split, sign)
        found[int(np.frombuffer(pointer, np.uint64)[0])] = length
        at += 3 + head.size + length
    return found
