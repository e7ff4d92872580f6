"""Characteristics of a .dta: texts that Stata keeps with the data set and with its variables."""

import struct
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

__all__ = ["read_characteristic", "read_characteristics"]

_NAMES = {b"117": 33, b"118": 129, b"119": 129}
"""Release with sections to the bytes of a name."""
_OLD = {113: 12, 114: 49, 115: 49}
"""Release of Stata 8 to 12 to the bytes of a display format."""
_SECTION = 8
"""Place of the characteristics in the map of a file."""
_HEADER = 109
_OLD_NAME, _OLD_LABEL = 33, 81


def read_characteristic(path: Path, name: str) -> str:
    """Text of the characteristics `_dta[name1]`, `_dta[name2]` ... joined; "" where there is none."""
    parts = {
        int(key[len(name) :]): text
        for (variable, key), text in read_characteristics(path).items()
        if variable == "_dta" and key.startswith(name) and key[len(name) :].isdecimal()
    }
    return b"".join(parts[number] for number in sorted(parts)).decode("utf-8", "replace")


def read_characteristics(path: Path) -> dict[tuple[str, str], bytes]:
    """Variable (or `_dta`) and name to text, undecoded; empty where there are none or they are damaged.

    Layout since release 117: `<ch>`, length (4 bytes), variable, name, text and NUL, `</ch>`; in
    113 to 115 the byte 1, length, the same three (Stata, help dta).
    """
    found: dict[tuple[str, str], bytes] = {}
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            for body, width in _bodies(data):
                variable, key, text = body[:width], body[width : 2 * width], body[2 * width :]
                names = (part.split(b"\0", 1)[0].decode("utf-8", "replace") for part in (variable, key))
                found[next(names), next(names)] = text.split(b"\0", 1)[0]
    except (OSError, ValueError, struct.error, IndexError):
        return {}
    return found


def _bodies(data: mmap) -> Iterator[tuple[bytes, int]]:
    """Each characteristic without its frame, and the bytes of a name."""
    if data[:20] == b"<stata_dta><header><":
        width = _NAMES.get(data[28:31], 0)
        order = "<" if data[52:55] == b"LSF" else ">"
        start = data.find(b"<map>", 0, 1000) + 5
        if not width or start < 5:
            return
        at = struct.unpack_from(f"{order}{_SECTION + 1}Q", data, start)[_SECTION] + len("<characteristics>")
        while data[at : at + 4] == b"<ch>":
            length = struct.unpack_from(order + "I", data, at + 4)[0]
            yield data[at + 8 : at + 8 + length], width
            at += 8 + length + len("</ch>")
    elif data[0] in _OLD:
        order = "<" if data[1] == 2 else ">"
        many = struct.unpack_from(order + "H", data, 4)[0]
        at = _HEADER + many * (1 + 2 * _OLD_NAME + _OLD[data[0]] + _OLD_LABEL) + 2 * (many + 1)
        while data[at] == 1:
            length = struct.unpack_from(order + "I", data, at + 1)[0]
            yield data[at + 5 : at + 5 + length], _OLD_NAME
            at += 5 + length
