"""Quantiles of numbers with Woodruff's interval, over all domains of a table."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.estimate.amounts import counts_of
from analysis.estimate.bases import Amounts
from analysis.estimate.columns import Columns, ratio_columns
from analysis.estimate.domains import Setting
from analysis.estimate.limits import Limits, amount_limits
from analysis.estimate.record import Estimate
from analysis.estimate.rows import estimates_of

__all__ = ["quantile_rows"]

_SLACK = 1e-12


def quantile_rows(setting: Setting, amounts: Amounts, ps: Sequence[float]) -> tuple[Estimate, ...]:
    """Quantiles of a number in each domain; `option` holds p.

    Rule `math` of R `survey`: the smallest value whose weighted cumulative share reaches p. Limits
    (Woodruff 1952): the share F of firms at or below the estimate gets F -/+ t se(F), and these two
    shares are read off the same curve; a limit beyond 0 or 1 does not exist (nan, flag `no limit`). The
    standard error is the width over 2 t.
    """
    inside = setting.members() & amounts.base.member[:, None]
    domains = inside.shape[1]
    wanted = np.tile(np.asarray(ps, dtype=float), domains)
    where = np.repeat(np.arange(domains), len(ps))
    curves = [
        _curve(amounts.values[inside[:, d]], setting.arrays.weight[inside[:, d]]) for d in range(domains)
    ]
    value = _read(curves, where, wanted)

    bottoms = inside[:, where].astype(float)
    below = (amounts.values[:, None] <= value) & inside[:, where]
    curve = ratio_columns(below.astype(float), bottoms, setting.arrays)
    counts = counts_of(setting, amounts.base, inside.astype(float))
    wide = counts.repeated(where)
    on_curve = amount_limits(curve, wide, setting.arrays, setting.level, np.ones(len(wanted)))
    low = _read(curves, where, np.where(on_curve.low < 0, np.nan, on_curve.low))
    high = _read(curves, where, np.where(on_curve.high > 1, np.nan, on_curve.high))
    census = on_curve.marks["census"]
    low, high = np.where(census, value, low), np.where(census, value, high)
    lost = (wide.n > 0) & (np.isnan(low) | np.isnan(high)) & ~on_curve.marks["no df"]
    marks = on_curve.marks | {"no limit": lost}
    t = stdtrit(np.maximum(on_curve.df, 1.0), (1 + setting.level) / 2)
    method = np.where(on_curve.method == "t", "woodruff", on_curve.method).astype(object)
    empty = np.full(len(wanted), np.nan)
    columns = Columns(value, curve.base, curve.variance, curve.scores)
    limits = Limits(
        (high - low) / (2 * t), np.minimum(low, value), np.maximum(high, value), on_curve.df, empty,
        np.where(wide.n > 0, wide.n, np.nan), method, marks,
    )  # fmt: skip
    leak = np.any(inside & amounts.base.leak[:, None], axis=0).reshape(-1)[where]
    codes = tuple(f"{p:g}" for p in ps)
    return estimates_of(
        setting, amounts.base.question, codes, "quantile", "answered", columns, wide, limits, leak
    )


def _curve(
    values: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distinct values, rising, and the weighted share at or below each."""
    points, at = np.unique(values, return_inverse=True)
    mass = np.bincount(at, weights=weight, minlength=len(points)).astype(float)
    return points, np.cumsum(mass) / mass.sum() if len(points) else mass


def _read(
    curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
    where: NDArray[np.intp],
    ps: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Smallest value whose share reaches p, for each column; nan for nan and on empty curves."""
    result = np.full(len(ps), np.nan)
    for d, (points, share) in enumerate(curves):
        mine = (where == d) & np.isfinite(ps)
        if len(points) and mine.any():
            at = np.searchsorted(share, ps[mine] - _SLACK)
            result[mine] = points[np.minimum(at, len(points) - 1)]
    return result
