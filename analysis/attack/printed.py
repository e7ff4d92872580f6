"""Lines of a PDF: what is written on its pages, in its properties, and in files that ride along with it."""

import re
import zlib
from collections.abc import Iterator

from analysis.attack.leafing import Line, lines_of_page

__all__ = ["lines_of_pdf"]

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\[(.*?)\]\s*TJ|(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)\s*(?:Tj|')", re.DOTALL)
_PLACED = re.compile(
    rb"([-\d.]+)\s+([-\d.]+)\s+T[dD]|(?:[-\d.]+\s+){4}([-\d.]+)\s+([-\d.]+)\s+Tm|(T\*)|/(\S+)\s+[-\d.]+\s+Tf"
)
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|-?\d+\.?\d*", re.DOTALL)
_GAP = 200.0
"""Thousandths of the size of the letters from which a move to the right is a space."""


def lines_of_pdf(data: bytes) -> list[Line]:
    """Texts of a PDF, a line of print as one line.

    Notes
    -----
    Streams are inflated. Letters are decoded through the tables of their fonts (ToUnicode), all of them
    together: a code that two fonts use for two letters is read as the first says. Texts at the same height
    are one line. What is encrypted, or drawn as a picture, is not read.
    """
    streams = [_inflated(found.group(1)) for found in _STREAM.finditer(data)]
    letters: dict[int, str] = {}
    for one in streams:
        if b"beginbfchar" in one or b"beginbfrange" in one:
            for code, letter in _letters(one):
                letters.setdefault(code, letter)
    lines: list[Line] = []
    for one in streams:
        if b"Tf" in one and (b"Tj" in one or b"TJ" in one):
            lines += _page(one, letters)
        elif one.lstrip()[:1] in (b"<", b"{", b"["):
            lines += lines_of_page(one.decode("utf-8", "replace"))
    plain = _STREAM.sub(b"", data) + b"\n".join(one for one in streams if b"/Type" in one or b"/Title" in one)
    lines += [(_text(word, {}),) for word in re.findall(rb"\((?:\\.|[^\\()])+\)", plain)]
    lines += [(_text(word, {}),) for word in re.findall(rb"<(?:FEFF|feff)[0-9A-Fa-f\s]+>", plain)]
    return [line for line in lines if any(line)]


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, 64_000_000)
    except zlib.error:
        return stream


def _letters(table: bytes) -> Iterator[tuple[int, str]]:
    """Code to letter of one font."""
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            yield int(code, 16), _letter(letter)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        found = re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[[^\]]*\])", block)
        for first, last, to in found:
            one, many = int(first, 16), int(last, 16) - int(first, 16) + 1
            if to.startswith(b"["):
                given = re.findall(rb"<([0-9A-Fa-f]+)>", to)
                yield from ((one + k, _letter(letter)) for k, letter in enumerate(given[:many]))
            else:
                start = int(to.strip(b"<>"), 16)
                yield from ((one + k, chr(start + k)) for k in range(many) if start + k < 0x110000)


def _letter(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def _page(stream: bytes, letters: dict[int, str]) -> list[Line]:
    """Texts of a page, those at one height together, from left to right as they were written."""
    rows: dict[float, list[str]] = {}
    height = 0.0
    parts = [(m.start(), "at", m) for m in _PLACED.finditer(stream)]
    parts += [(m.start(), "text", m) for m in _SHOWN.finditer(stream)]
    for _, kind, found in sorted(parts, key=lambda part: part[0]):
        if kind == "at":
            if found.group(4) is not None:
                height = float(found.group(4))
            elif found.group(2) is not None:
                height += float(found.group(2))
            continue
        shown = found.group(1) if found.group(1) is not None else found.group(2)
        word = ""
        for piece in _STRING.findall(shown):
            is_move = piece[:1] not in (b"(", b"<")
            word += (" " if float(piece) < -_GAP else "") if is_move else _text(piece, letters)
        if word.strip():
            rows.setdefault(round(height, 1), []).append(word.strip())
    return [tuple(words) for words in rows.values()]


def _text(piece: bytes, letters: dict[int, str]) -> str:
    """A string of a PDF, hexadecimal or in brackets, through the letters of the fonts."""
    if piece.startswith(b"<"):
        code = re.sub(rb"\s", b"", piece.strip(b"<>")).decode("ascii", "replace")
        raw = bytes.fromhex(code + "0" * (len(code) % 2))
    else:
        raw = re.sub(rb"\\([nrtbf()\\])", lambda m: {b"n": b"\n"}.get(m.group(1), m.group(1)), piece[1:-1])
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip()
    if letters and piece.startswith(b"<"):
        codes = [int.from_bytes(raw[k : k + 2], "big") for k in range(0, len(raw) - 1, 2)]
        return "".join(letters.get(code, "") for code in codes)
    return raw.decode("utf-8", "replace")
