"""Means, totals and ratios of numbers that firms gave, over all domains of a table."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import Amounts, Base
from analysis.estimate.columns import Columns, ratio_columns, total_columns
from analysis.estimate.domains import Setting, concerned
from analysis.estimate.limits import Counts, amount_limits
from analysis.estimate.record import Estimate
from analysis.estimate.rows import estimates_of
from analysis.estimate.shares import share_rows

__all__ = ["counts_of", "firm_rows", "mean_rows", "ratio_rows", "total_rows"]


def mean_rows(setting: Setting, amounts: Amounts) -> tuple[Estimate, ...]:
    """Mean of a number in each domain; a 0/1 question gets the limits of a share."""
    if amounts.is_binary:
        return share_rows(setting, _with_ones(amounts), "mean")
    inside = (setting.members() & amounts.base.member[:, None]).astype(float)
    columns = ratio_columns(inside * amounts.values[:, None], inside, setting.arrays)
    return _amount_rows(setting, amounts.base, "mean", columns, inside)


def ratio_rows(setting: Setting, top: Amounts, bottom: Amounts) -> tuple[Estimate, ...]:
    """Total of one number over total of another, over firms that gave both."""
    both = top.base.member & bottom.base.member
    base = Base(
        top.base.question, "answered", (), top.base.ticks, both,
        (top.base.surely & bottom.base.surely) | both, top.base.perhaps & bottom.base.perhaps,
        top.base.reaches_all and bottom.base.reaches_all, (top.base.leak | bottom.base.leak) & both,
    )  # fmt: skip
    inside = (setting.members() & both[:, None]).astype(float)
    columns = ratio_columns(inside * top.values[:, None], inside * bottom.values[:, None], setting.arrays)
    weighed = Columns(columns.value, setting.arrays.weight @ inside, columns.variance, columns.scores)
    return _amount_rows(setting, base, "ratio", weighed, inside)


def total_rows(setting: Setting, amounts: Amounts) -> tuple[Estimate, ...]:
    """Weighted sum of a number in each domain, over the firms that gave it."""
    inside = (setting.members() & amounts.base.member[:, None]).astype(float)
    columns = total_columns(inside * amounts.values[:, None], inside, setting.arrays)
    return _amount_rows(setting, amounts.base, "total", columns, inside)


def firm_rows(setting: Setting) -> tuple[Estimate, ...]:
    """Weighted number of firms in each domain (base rule `returned`, no question)."""
    rows = len(setting.arrays)
    everybody = np.ones(rows, dtype=bool)
    nobody = np.zeros(rows, dtype=bool)
    base = Base(
        "", "returned", (), np.zeros((rows, 0), dtype=bool), everybody, everybody, everybody, True, nobody
    )
    inside = setting.members().astype(float)
    return _amount_rows(setting, base, "total", total_columns(inside, inside, setting.arrays), inside)


def counts_of(setting: Setting, base: Base, inside: NDArray[np.float64]) -> Counts:
    """Counts of one column a domain; `inside` has shape (rows, domains)."""
    fewest, most, drawn = concerned(base, setting)
    df = setting.arrays.df(inside > 0)
    whole = np.array([d.is_whole for d in setting.domains])
    n = inside.sum(axis=0)
    return Counts(np.full(len(n), np.nan), n, fewest, most, drawn, df, whole)


def _amount_rows(
    setting: Setting, base: Base, stat: str, columns: Columns, inside: NDArray[np.float64]
) -> tuple[Estimate, ...]:
    counts = counts_of(setting, base, inside)
    spread = None if stat == "total" else _spread(setting, columns, inside)
    limits = amount_limits(columns, counts, setting.arrays, setting.level, spread)
    leak = np.any((inside > 0) & base.leak[:, None], axis=0).reshape(-1)
    return estimates_of(setting, base.question, ("",), stat, base.rule, columns, counts, limits, leak)


def _spread(setting: Setting, columns: Columns, inside: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of one firm's linearised value, n/(n-1) W sum z^2/w (R `svyvar`)."""
    w = setting.arrays.weight
    n = inside.sum(axis=0)
    per_weight = np.divide(1.0, w, out=np.zeros_like(w), where=w != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(n / (n - 1) * columns.base * (per_weight @ columns.scores**2))


def _with_ones(amounts: Amounts) -> Base:
    """Base of a 0/1 question: one column, without a code, ticked where the number is 1."""
    base = amounts.base
    ones = ((amounts.values == 1) & base.member)[:, None]
    return Base(
        base.question, base.rule, ("",), ones, base.member, base.surely, base.perhaps,
        base.reaches_all, base.leak,
    )  # fmt: skip
