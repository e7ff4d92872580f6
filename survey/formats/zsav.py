"""The compressed blocks of a .zsav: each one unpacked once to see that it holds what is stated."""

import struct
import zlib
from mmap import ACCESS_READ, mmap
from pathlib import Path

from survey.faults import FileFault
from survey.formats.bytecode import Bytecode, check_cases
from survey.formats.soundness import Extent
from survey.room import check_room

__all__ = ["check_blocks"]

_LARGEST_BLOCK = 1 << 26


def check_blocks(path: Path, extent: Extent) -> None:
    """Check the blocks of a .zsav: places, lengths and checksums, and room for the cases stated.

    Source: PSPP developers' guide, System File Format, Compressed Data (compression 2).

    Raises
    ------
    FileFault
        A block is damaged or cut off, more or fewer cases are stated than the blocks hold, or the
        file would unpack to far more than such files do.
    """
    check_room(str(path), max(extent.cases, 0) * extent.elements * 8, extent.size)
    told = Bytecode()
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        problem = _problem(path, data, extent, told)
    if problem:
        raise FileFault(
            str(path), f"a .zsav that is damaged or cut off ({problem})", "a whole file", "get the file again"
        )
    check_cases(path, extent, told)


def _problem(path: Path, data: mmap, extent: Extent, told: Bytecode) -> str:
    """What is wrong with the blocks, "" where nothing is; their instructions are counted."""
    order = "<" if struct.unpack_from("<i", data, 64)[0] in (2, 3) else ">"
    try:
        first, trailer, length = struct.unpack_from(order + "3q", data, extent.start)
        if first != extent.start or not 0 < trailer <= len(data) - 24 or trailer + length != len(data):
            return "its blocks are not where they should be"
        _, _, most, many = struct.unpack_from(order + "2q2i", data, trailer)
        if many < 0 or 24 + 24 * many != length or not 0 < most <= _LARGEST_BLOCK:
            return "its list of blocks is damaged"
        at = extent.start + 24
        for k in range(many):
            _, place, unpacked, packed = struct.unpack_from(order + "2q2i", data, trailer + 24 + 24 * k)
            if place != at or not 0 <= unpacked <= most or packed < 0 or place + packed > trailer:
                return f"block {k + 1} is not where it should be"
            unpack = zlib.decompressobj()
            text = unpack.decompress(data[place : place + packed], unpacked + 1)
            if len(text) != unpacked or not unpack.eof:
                return f"block {k + 1} does not unpack to {unpacked:,} bytes"
            told.feed(text)
            check_room(str(path), told.elements * 8, extent.size)
            at = place + packed
    except (struct.error, zlib.error) as error:
        return str(error)
    return "" if at == trailer else "bytes between its blocks and their list"
