"""Text broken into lines that fit a width: Latin between words, Japanese by its rules of line breaks."""

import unicodedata
from collections.abc import Callable, Iterator

__all__ = ["comma_lines", "even_lines", "fit_lines", "text_width"]

_NARROW = frozenset("iIjlt.,:;'|!()[]{}fr /·-“”‘’")
_WIDE = frozenset("mwMW%@—…")
_NEVER_FIRST = frozenset(
    "ぁぃぅぇぉっゃゅょァィゥェォッャュョ、。，．」』）］｝〉》〕”’！？％：；ー々・…～)]},.;:!?%"
)
_NEVER_LAST = frozenset("「『（［｛〈《〔“‘([{")
_SAFE = 1.06
"""Fonts differ: a line is taken to be so much wider than reckoned."""


def text_width(text: str, size: float) -> float:
    """Width of a text in pixels, at most: by classes of letters, since the reader's font is not known."""
    return _SAFE * size * sum(_letter(letter) for letter in text)


def fit_lines(text: str, size: float, width: float) -> list[str]:
    """The text in lines no wider than `width` pixels; a word that is wider by itself is broken."""
    lines, line = [], ""
    for piece in _pieces(text):
        if not line or text_width((line + piece).rstrip(), size) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
        while text_width(line.rstrip(), size) > width and len(line) > 1:
            cut = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or text_width(line[:n], size) <= width
            )
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def even_lines(text: str, size: float, width: float) -> list[str]:
    """As `fit_lines`, with lines as even as they can be in the same number, so that no word stands alone."""
    lines = fit_lines(text, size, width)
    if len(lines) == 2 and (two := comma_lines(text, lambda part: text_width(part, size), width)):
        return two
    low, high = width / (len(lines) + 1), width
    for _ in range(12):
        middle = (low + high) / 2
        if len(fit_lines(text, size, middle)) > len(lines):
            low = middle
        else:
            high = middle
    return fit_lines(text, size, high)


def comma_lines(text: str, width_of: Callable[[str], float], width: float) -> list[str]:
    """A Japanese text as two lines, parted after the comma that leaves them most alike; [] where none does.

    Programs part Japanese after any letter, also within a word; a reader stops at a comma.
    """
    places = [k + 1 for k, letter in enumerate(text[:-1]) if letter == "、"]
    halves = [(text[:k], text[k:]) for k in places]
    fits = [two for two in halves if max(map(width_of, two)) <= width]
    return list(min(fits, key=lambda two: max(map(width_of, two)), default=()))


def _pieces(text: str) -> Iterator[str]:
    """Runs of letters that a line may not be broken within."""
    piece = ""
    for letter, after in zip(text, (text + " ")[1:], strict=True):
        piece += letter
        may_end = letter == " " or _is_full(letter) or _is_full(after)
        if may_end and letter not in _NEVER_LAST and after not in _NEVER_FIRST:
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_full(letter: str) -> bool:
    """Whether a letter takes a whole square, as Japanese ones do."""
    return unicodedata.east_asian_width(letter) in "WF"


def _letter(letter: str) -> float:
    """Width of a letter, in units of the font size."""
    if _is_full(letter):
        return 1.0
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.92
    return 0.68 if letter.isupper() else 0.57
