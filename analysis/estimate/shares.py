"""Shares and numbers of firms that gave each answer, over all domains of a table in one pass."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import Base
from analysis.estimate.columns import ratio_columns, total_columns
from analysis.estimate.domains import Setting, concerned
from analysis.estimate.limits import Counts, amount_limits, even_firms, share_limits
from analysis.estimate.record import Estimate
from analysis.estimate.rows import estimates_of

__all__ = ["count_rows", "share_rows"]


def share_rows(setting: Setting, base: Base, stat: str = "share") -> tuple[Estimate, ...]:
    """Share of each code of a question in each domain, nets included.

    All firms first, then the groups; within a domain the codes in codebook order.

    Parameters
    ----------
    stat : str
        Word for the `stat` column: `share`, or `mean` for the mean of a 0/1 question.
    """
    tops, bottoms = _tops_and_bottoms(setting, base)
    columns = ratio_columns(tops, bottoms, setting.arrays)
    counts = _counts(setting, base, tops, bottoms)
    limits = share_limits(columns, counts, setting.arrays, setting.level)
    leak = _leak(setting, base)
    return estimates_of(setting, base.question, base.codes, stat, base.rule, columns, counts, limits, leak)


def count_rows(setting: Setting, base: Base) -> tuple[Estimate, ...]:
    """Weighted number of firms that gave each code in each domain; silence is omitted."""
    tops, bottoms = _tops_and_bottoms(setting, base)
    columns = total_columns(tops, bottoms, setting.arrays)
    counts = _counts(setting, base, tops, bottoms)
    limits = amount_limits(columns, counts, setting.arrays, setting.level, None)
    leak = _leak(setting, base)
    return estimates_of(setting, base.question, base.codes, "total", base.rule, columns, counts, limits, leak)


def _tops_and_bottoms(setting: Setting, base: Base) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ticks and bases as numbers, shape (rows, domains x codes), domains outermost."""
    inside = setting.members() & base.member[:, None]
    ticks = inside[:, :, None] & base.ticks[:, None, :]
    bottoms = np.broadcast_to(inside[:, :, None], ticks.shape)
    rows = len(base.member)
    return ticks.reshape(rows, -1).astype(float), bottoms.reshape(rows, -1).astype(float)


def _counts(setting: Setting, base: Base, tops: NDArray[np.float64], bottoms: NDArray[np.float64]) -> Counts:
    many = len(base.codes)
    fewest, most, drawn = concerned(base, setting)
    df = setting.arrays.df(setting.members() & base.member[:, None])
    whole = np.array([d.is_whole for d in setting.domains])
    even = even_firms(setting.members() & base.member[:, None], setting.arrays.weight)
    spread = [np.repeat(a, many) for a in (fewest, most, drawn, df, whole, even)]
    return Counts(tops.sum(axis=0), bottoms.sum(axis=0), *spread)


def _leak(setting: Setting, base: Base) -> NDArray[np.bool_]:
    """Whether a column counts firms that were not routed to the question."""
    leaky = (setting.members() & base.leak[:, None]).any(axis=0)
    return np.repeat(leaky, len(base.codes))
