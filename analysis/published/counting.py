"""Counts behind printed percents on given bases, with exact limits, all figures and bases at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.intervals import clopper_pearson
from analysis.published.rounding import RULES, count_range

__all__ = ["Counted", "count_bounds", "count_figures", "rules_reaching"]

_OF_WAY = {"rounded": (True, True, False), "cut": (False, False, True), "mixed": (True, True, True)}


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures on bases; arrays of shape (pairs,).

    Attributes
    ----------
    low, high : NDArray[np.int64]
        Least and greatest count; low above high where the base cannot print the figure.
    rules : NDArray[np.bool_]
        Shape (pairs, 3): which of `RULES` print it.
    bottom, top : NDArray[np.float64]
        Clopper-Pearson limits of the share: lower of the least count, upper of the greatest.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    rules: NDArray[np.bool_]
    bottom: NDArray[np.float64]
    top: NDArray[np.float64]


def rules_reaching(
    units: NDArray[np.int64], scale: NDArray[np.int64], printed: NDArray[np.int64], bases: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Which rules print each figure on its base, and the counts of each rule.

    Parameters
    ----------
    units, scale, printed, bases : NDArray[np.int64]
        Shape (k,): percent as V and D, printed count (-1 for none), base.

    Returns
    -------
    tuple
        Shapes (k, 3): whether, least and greatest count, in the order of `RULES`.
    """
    fits, lows, highs = [], [], []
    for rule in RULES:
        low, high = (a[:, 0] for a in count_range(units, scale, bases[:, None], rule))
        reach = (low <= high) & ((printed < 0) | ((low <= printed) & (printed <= high)))
        fits.append(reach)
        lows.append(np.where(printed < 0, low, printed))
        highs.append(np.where(printed < 0, high, printed))
    return np.column_stack(fits), np.column_stack(lows), np.column_stack(highs)


def count_bounds(
    units: NDArray[np.int64],
    scale: NDArray[np.int64],
    printed: NDArray[np.int64],
    bases: NDArray[np.int64],
    ways: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Least and greatest count of figures on bases, and which rules print them; see `count_figures`.

    Returns
    -------
    tuple
        Shapes (k,), (k,), (k, 3); least above greatest where the base cannot print the figure.
    """
    fits, lows, highs = rules_reaching(units, scale, printed, bases)
    allowed = fits & np.array([_OF_WAY[way] for way in ways], dtype=bool).reshape(-1, 3)
    low = np.where(allowed, lows, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    return low, np.where(allowed, highs, -1).max(axis=1, initial=-1), allowed


def count_figures(
    units: NDArray[np.int64],
    scale: NDArray[np.int64],
    printed: NDArray[np.int64],
    bases: NDArray[np.int64],
    ways: NDArray[np.object_],
    level: float,
) -> Counted:
    """Counts and limits of figures on bases, by the way each question's figures were printed.

    Parameters
    ----------
    ways : NDArray[np.object_]
        Shape (k,): `rounded`, `cut` or `mixed`.
    level : float
        Confidence level.
    """
    low, high, allowed = count_bounds(units, scale, printed, bases, ways)
    any_rule = allowed.any(axis=1)
    bottom, top = np.full(len(units), np.nan), np.full(len(units), np.nan)
    if any_rule.any():
        at = np.flatnonzero(any_rule)
        pairs, back = np.unique(np.column_stack([low[at], high[at], bases[at]]), axis=0, return_inverse=True)
        n = pairs[:, 2].astype(float)
        bottom[at] = clopper_pearson(pairs[:, 0].astype(float), n, level)[0][back.reshape(-1)]
        top[at] = clopper_pearson(pairs[:, 1].astype(float), n, level)[1][back.reshape(-1)]
    return Counted(low, high, allowed, bottom, top)
