"""Characteristics of a .dta: texts that Stata keeps with the data set and with its variables."""

import struct
from mmap import ACCESS_READ, mmap
from pathlib import Path

__all__ = ["read_characteristic"]

_NAMES = {b"117": 33, b"118": 129, b"119": 129}
"""Release to the bytes of a name."""
_SECTION = 8
"""Place of the characteristics in the map of a file."""


def read_characteristic(path: Path, name: str) -> str:
    """Text of the characteristics `_dta[name1]`, `_dta[name2]` ... joined; "" where there is none.

    Layout: `<ch>`, length (4 bytes), variable, name, text and NUL, `</ch>` (Stata, help dta).
    """
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return _found(data, name)
    except (OSError, ValueError, struct.error, IndexError):
        return ""


def _found(data: mmap, name: str) -> str:
    if data[:20] != b"<stata_dta><header><":
        return ""
    width = _NAMES.get(data[28:31], 0)
    order = "<" if data[52:55] == b"LSF" else ">"
    start = data.find(b"<map>", 0, 1000) + 5
    if not width or start < 5:
        return ""
    at = struct.unpack_from(f"{order}{_SECTION + 1}Q", data, start)[_SECTION] + len("<characteristics>")
    parts: dict[str, str] = {}
    while data[at : at + 4] == b"<ch>":
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + length]
        texts = (body[:width], body[width : 2 * width], body[2 * width :])
        variable, key, text = (t.split(b"\0", 1)[0].decode("utf-8", "replace") for t in texts)
        if variable == "_dta" and key.startswith(name) and key[len(name) :].isdigit():
            parts[key[len(name) :]] = text
        at += 8 + length + len("</ch>")
    return "".join(parts[key] for key in sorted(parts, key=int))
