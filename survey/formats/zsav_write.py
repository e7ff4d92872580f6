"""A compressed .sav made a .zsav: the same bytes of cases, deflated in blocks."""

import struct
import zlib
from pathlib import Path

from survey.formats.soundness import check_dictionary

__all__ = ["deflate_cases"]

_BLOCK = 0x3F_F000
"""Bytes of cases in a block, as SPSS has them."""
_BIAS, _COMPRESSION, _MAGIC = -100, 72, b"$FL3"


def deflate_cases(path: Path) -> None:
    """Make a little-endian .sav, whose cases are compressed by element, a .zsav, in place.

    Source: PSPP developers' guide, System File Format, ZLIB Compressed Data.
    """
    start = check_dictionary(path).start
    data = path.read_bytes()
    blocks, entries = [], []
    at = start + 24
    for first in range(start, len(data), _BLOCK):
        cases = data[first : first + _BLOCK]
        packed = zlib.compress(cases)
        entries.append(struct.pack("<2q2i", first, at, len(cases), len(packed)))
        blocks.append(packed)
        at += len(packed)
    trailer = struct.pack("<2q2i", _BIAS, 0, _BLOCK, len(blocks)) + b"".join(entries)
    head = bytearray(data[:start])
    head[:4] = _MAGIC
    head[_COMPRESSION : _COMPRESSION + 4] = struct.pack("<i", 2)
    places = struct.pack("<3q", start, at, len(trailer))
    path.write_bytes(b"".join((head, places, *blocks, trailer)))
