"""Which counts are taken on a base where several print alike: near the percent, and filling the base."""

import numpy as np
from numpy.typing import NDArray

from analysis.published.editions import Reading

__all__ = ["choose_counts"]

Ints = NDArray[np.int64]


def choose_counts(
    reading: Reading,
    j: int,
    is_single: bool,
    before: tuple[Reading, int, Ints] | None,
    after: tuple[Reading, int] | None,
) -> Ints:
    """Counts on a base: nearest to what is printed, and such that the neighbouring editions agree.

    The answers of a single-choice question fill their base where they can.

    Parameters
    ----------
    reading : Reading
        One question in one edition.
    j : int
        Place of its base.
    is_single : bool
        Whether a firm gives one answer.
    before : tuple or None
        The edition before, the place of its base, and its counts.
    after : tuple or None
        The next edition and the place of its base.

    Returns
    -------
    NDArray[np.int64]
        Shape (k,); -1 where the edition does not print an option.
    """
    base, shown = int(reading.bases[j]), ~np.isnan(reading.target)
    low, high = reading.low[j].copy(), reading.high[j].copy()
    if before is not None:
        both, added = shown & (before[2] >= 0), max(0, base - int(before[0].bases[before[1]]))
        low, high = _narrowed(low, high, before[2], before[2] + added, both)
    if after is not None:
        later, k = after
        both = shown & ~np.isnan(later.target)
        added = max(0, int(later.bases[k]) - base)
        low, high = _narrowed(low, high, later.low[k] - added, later.high[k], both)
    counts = np.full(len(low), -1, dtype=np.int64)
    counts[shown] = np.clip(np.rint(reading.target[shown] * base), low[shown], high[shown]).astype(np.int64)
    if not is_single:
        return counts
    if counts[shown].sum() > base:
        counts[shown] = _shifted(counts[shown], low[shown], base)
    elif high[shown].sum() >= base:
        counts[shown] = _shifted(counts[shown], high[shown], base)
    return counts


def _narrowed(low: Ints, high: Ints, least: Ints, most: Ints, where: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Bounds cut to others; where they do not meet, the end that is nearer."""
    bottom, top = np.maximum(low, least), np.minimum(high, most)
    is_apart = bottom > top
    near = np.where(least > high, high, low)
    bottom, top = np.where(is_apart, near, bottom), np.where(is_apart, near, top)
    return np.where(where, bottom, low), np.where(where, top, high)


def _shifted(counts: Ints, bounds: Ints, total: int) -> Ints:
    """Counts moved towards their bounds, first come first, until they add to the total."""
    room = np.abs(bounds - counts)
    used = np.clip(abs(total - int(counts.sum())) - (np.cumsum(room) - room), 0, room)
    return np.asarray(counts + np.sign(bounds - counts) * used)
