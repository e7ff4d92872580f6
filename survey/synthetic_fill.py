"""Answers handed out to exact counts: the firms that lean most to an answer give it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["REST", "extend_several", "extend_single", "fill_several", "fill_single", "highest"]

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

REST = -2
"""Code of a firm that answered, but gave no answer that a figure is printed for."""

_SILENT = -1
_MUCH = 1e6


def highest(score: Floats, many: int, among: Mask) -> Mask:
    """The `many` firms with the highest score among those allowed; shape (firms,).

    Scores that differ only beyond the ninth decimal are equal, and the firm that comes first is taken.

    Raises
    ------
    ValueError
        More than there are: counts that were not checked (see `PrintedWave`).
    """
    if many > int(among.sum()):
        raise ValueError(f"{many} firms asked for among {int(among.sum())}")
    order = np.argsort(np.where(among, -np.round(score, 9), np.inf), kind="stable")
    chosen = np.zeros(score.size, dtype=bool)
    chosen[order[:many]] = True
    return chosen


def fill_several(who: Mask, counts: Sequence[int], scores: Sequence[Floats]) -> list[Mask]:
    """Ticks of each option among the firms that answer."""
    return [highest(score, count, who) for count, score in zip(counts, scores, strict=True)]


def fill_single(who: Mask, counts: Sequence[int | None], scores: Sequence[Floats]) -> Codes:
    """Place of the option each firm gave, the rarest filled first; else `REST`, or -1 for the silent."""
    return _hand_out(np.where(who, REST, _SILENT), who, counts, scores)


def extend_several(
    ticked: Sequence[Mask | None], kept: Mask, who: Mask, counts: Sequence[int], scores: Sequence[Floats]
) -> list[Mask]:
    """Ticks of a later edition: as before, new firms where the count grows, the fewest edits beyond that.

    Parameters
    ----------
    ticked : Sequence[Mask or None]
        Ticks of the edition before; None for an option it does not print.
    kept, who : Mask
        Firms that answered both editions; firms that answer this one.
    counts, scores : Sequence
        Firms that tick each option, and how much each firm leans to it.
    """
    made = []
    for before, count, score in zip(ticked, counts, scores, strict=True):
        old = np.zeros(who.size, dtype=bool) if before is None else before & kept
        grow = count - int(old.sum())
        first = who if before is None else who & ~kept
        if grow >= 0:
            # new firms first: they lean more than any firm whose answer would have to be edited
            made.append(old | highest(score + _MUCH * first, grow, who & ~old))
        else:
            made.append(highest(score, count, old))
    return made


def extend_single(
    before: Codes,
    printed_before: Sequence[bool],
    who: Mask,
    counts: Sequence[int | None],
    scores: Sequence[Floats],
) -> Codes:
    """Answers of a later edition with the fewest of the edition before changed.

    A firm keeps its answer where this edition prints it and has room. An answer this edition does not print
    becomes one of the rest; one of the rest may become an option that only this edition prints.

    Parameters
    ----------
    before : Codes
        Place of the option given in the edition before, `REST`, or -1 for firms silent then.
    printed_before : Sequence[bool]
        Which options the edition before prints.
    who : Mask
        Firms that answer this edition.
    counts, scores : Sequence
        Firms of each option (None: not printed), and how much each firm leans to it.
    """
    rest = int(who.sum()) - sum(c for c in counts if c is not None)
    kept = who & (before != _SILENT)
    codes = np.where(who, REST, _SILENT)
    free = who & ~kept
    for j, count in enumerate(counts):
        if count is not None and printed_before[j]:
            mine = kept & (before == j)
            stays = highest(scores[j], min(count, int(mine.sum())), mine)
            codes[stays] = j
            free |= mine & ~stays
    unprinted = [j for j, count in enumerate(counts) if count is None]
    gone = kept & np.isin(before, unprinted)
    room = highest(np.zeros(who.size), min(rest, int(gone.sum())), gone)
    free |= gone & ~room
    loose = kept & (before == REST)
    for j, count in enumerate(counts):
        if count is not None and not printed_before[j]:
            chosen = highest(scores[j], min(count, int(loose.sum())), loose)
            codes[chosen] = j
            loose &= ~chosen
    stays = highest(np.zeros(who.size), min(rest - int(room.sum()), int(loose.sum())), loose)
    return _hand_out(codes, free | (loose & ~stays), counts, scores)


def _hand_out(codes: Codes, free: Mask, counts: Sequence[int | None], scores: Sequence[Floats]) -> Codes:
    """Codes with each option filled up to its count from the free firms, the rarest option first."""
    wanted = [(count, j) for j, count in enumerate(counts) if count is not None]
    codes, free = codes.copy(), free.copy()
    for count, j in sorted(wanted):
        chosen = highest(scores[j], count - int((codes == j).sum()), free)
        codes[chosen] = j
        free &= ~chosen
    return codes
