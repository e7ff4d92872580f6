"""How much room words take on a slide, so that they are set in the largest size at which they fit."""

import re
from collections.abc import Sequence

from dashboard.lines import comma_lines

__all__ = ["EMU", "height_of", "largest_size", "leading_of", "lines_of", "turned", "width_of"]

EMU = 12700
"""Of one point."""

_LEADING = (1.22, 1.45)
"""Of a size, from line to line: letters of Europe; fonts of East Asia, whose letters are taller."""

_BOLD = 1.08
"""Bold letters against plain ones, in width."""

_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *([556] * 10),
    *(278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833),
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556),
    *(556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556),
    *(500, 722, 500, 500, 500, 334, 260, 334, 584),
)
"""Thousandths of an em of the letters from space to tilde: Adobe's font metrics of Helvetica (1997)."""

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u30ff"
_PIECES = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+\s*|\s+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_TURN = 0.25
"""Of an em, between letters of East Asia and others."""

_RESERVE = 0.96
"""Of a width that is filled: fonts differ a little from machine to machine."""

_WIDOW = 0.2
"""Of a width: a last line shorter than that is taken up by a smaller size, if one is near."""


def width_of(text: str) -> float:
    """Width of a text in em."""
    total, before = 0.0, None
    for letter in text:
        is_wide = bool(_IS_WIDE.match(letter))
        code = ord(letter)
        total += 1.0 if is_wide else _WIDTHS[code - 32] / 1000 if 32 <= code < 127 else 0.6
        total += _TURN if before is not None and before != is_wide and letter != " " else 0.0
        before = is_wide
    return total


def lines_of(text: str, room: float) -> tuple[int, float]:
    """Lines a text needs in a width, and the width of the last one, both widths in em."""
    lines, filled = 1, 0.0
    for piece in _PIECES.findall(text):
        asked = width_of(piece.rstrip())
        if filled and filled + asked > room:
            lines, filled = lines + 1, 0.0
        if asked > room:
            lines, asked = lines + int(asked // room), asked % room
        filled += asked + width_of(piece) - width_of(piece.rstrip())
    return lines, filled


def leading_of(lines: Sequence[str]) -> float:
    """From line to line, in parts of the size."""
    return _LEADING[any(_IS_WIDE.search(line) is not None for line in lines)]


def height_of(lines: Sequence[str], wide: int, size: int, gap: int, *, is_bold: bool = False) -> int:
    """Height that paragraphs need, `gap` points apart; it and `wide` in EMU."""
    room = _room(wide, size, is_bold)
    many = sum(lines_of(line, room)[0] for line in lines)
    return int((many * size * leading_of(lines) + gap * (len(lines) - 1)) * EMU)


def largest_size(
    lines: Sequence[str], box: tuple[int, int], most: int, least: int, gap: int, *, is_bold: bool = False
) -> int:
    """The largest size at which paragraphs fit a box; a little less, if that takes up a lost last word."""
    wide, tall = box
    sizes = range(most, least, -1)
    size = next((s for s in sizes if height_of(lines, wide, s, gap, is_bold=is_bold) <= tall), least)
    room = _room(wide, size, is_bold)
    many, last = lines_of(lines[-1], room)
    if len(lines) == 1 and many > 1 and last < _WIDOW * room:
        smaller = range(size - 1, max(size - 3, least) - 1, -1)
        return next((s for s in smaller if lines_of(lines[0], _room(wide, s, is_bold))[0] < many), size)
    if len(lines) > 1 and size > least and _lost(lines, wide, size - 1) < _lost(lines, wide, size):
        return size - 1
    return size


def _lost(lines: Sequence[str], wide: int, size: int) -> int:
    """How many paragraphs end in a line of little more than a word."""
    room = _room(wide, size, False)
    ends = [lines_of(line, room) for line in lines]
    return sum(many > 1 and last < _WIDOW * room for many, last in ends)


def turned(text: str, wide: int, size: int, *, is_bold: bool = False) -> list[str]:
    """A Japanese title that needs two lines, parted at a comma where one serves; any other as it is."""
    room = _room(wide, size, is_bold)
    needs_two = _IS_WIDE.search(text) is not None and lines_of(text, room)[0] == 2
    return (comma_lines(text, width_of, room) if needs_two else []) or [text]


def _room(wide: int, size: int, is_bold: bool) -> float:
    """A width in em of a size."""
    return max(wide / EMU / size * _RESERVE / (_BOLD if is_bold else 1.0), 1.0)
