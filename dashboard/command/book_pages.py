"""Which columns of a wide table share a printed page, and how small they are printed to fit it."""

from collections.abc import Sequence

__all__ = ["PAPER", "WIDEST", "page_ends", "page_scale"]

PAPER = 940, 470
"""What a page of A4 on its side holds at full size: pixels across, points down."""
WIDEST = 11
"""Columns of groups that are still read on one page."""
_SMALLEST, _SAFE = 0.4, 0.94
"""Of a page, what is used: fonts differ a little from program to program."""


def page_ends(breaks: Sequence[int], most: int = WIDEST) -> list[int]:
    """Columns before each page ends, breaks kept whole where one fits a page.

    Parameters
    ----------
    breaks : sequence of int
        How many columns each break has, from the left.
    most : int
        Columns a page holds.

    Returns
    -------
    list of int
        Ascending; the last is the number of all columns.
    """
    ends, start, place = [], 0, 0
    for wide in breaks:
        if place > start and place + wide - start > most:
            ends.append(place)
            start = place
        place += wide
        while place - start > most:
            start += most
            ends.append(start)
    return [*ends, place]


def page_scale(label: float, each: float, ends: Sequence[int], tall: float) -> int:
    """Percent of full size at which the widest page fits, and all rows where `tall` points shall.

    `label` and `each` are pixels of the first column, which stands on every page, and of a group.
    """
    widest = max(end - start for start, end in zip([0, *ends], ends, strict=False))
    fits = min(_SAFE * PAPER[0] / (label + each * widest), _SAFE * PAPER[1] / tall if tall else 1.0, 1.0)
    return int(100 * max(fits, _SMALLEST))
