"""Indicators of firms without links: the mean of their sector's linked firms, as wide as these differ."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.assemble import Measured
from analysis.pressure.channels import STATS
from analysis.supply.averages.unlinked import Averages, spread_limits

__all__ = ["averaged_firms", "averaged_points", "own_only", "widen"]


def averaged_firms(averages: Averages | None, firms: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of n firms take their sector's average, shape (n,)."""
    mine = [] if averages is None else list(averages.unlinked()["firm"])
    return np.isin(np.array(firms, dtype=object), mine)


def widen(measured: Measured, averages: Averages | None, firms: tuple[str, ...]) -> Measured:
    """Averaged firms take the mean of firms of their sector that have links, and limits that span theirs.

    A table of sectors knows countries, and most rules ask for parties and products: the mean stands in
    for these, and is never below what the table's flows alone give. Where firms with links are fewer than
    `least`, those of all sectors count; where they are too few as well nothing is said, and the
    limits are 0 and 1 (see `spread_limits`). A limit at 50 percent is not known and is that at the level.
    """
    is_averaged = averaged_firms(averages, firms)
    if averages is None or not is_averaged.any():
        return measured
    sector = _sectors(averages, firms)
    wanted = sorted(set(sector[is_averaged]))
    low, high, outer = measured.low.copy(), measured.high.copy(), measured.outer.copy()
    low50, high50 = measured.low50.copy(), measured.high50.copy()
    point = averaged_points(measured.point, averages, firms)
    for s in range(len(STATS)):
        own = pd.DataFrame({"low": measured.low[s], "high": measured.high[s]})[~is_averaged]
        ends = spread_limits(own, sector[~is_averaged], wanted, averages.settings.least).set_index("sector")
        ends = ends.reindex(sector[is_averaged])
        at = point[s, is_averaged]
        low[s, is_averaged] = low50[s, is_averaged] = np.fmin(ends["spread_low"].to_numpy(), at)
        high[s, is_averaged] = high50[s, is_averaged] = np.fmax(ends["spread_high"].to_numpy(), at)
        outer[s, is_averaged] = np.fmax(outer[s, is_averaged], high[s, is_averaged])
    return replace(measured, point=point, low=low, high=high, low50=low50, high50=high50, outer=outer)


def averaged_points(
    points: NDArray[np.float64], averages: Averages | None, firms: tuple[str, ...]
) -> NDArray[np.float64]:
    """us, cn, squeeze of n firms where averaged ones take their sector's mean, shape (3, n); see `widen`.

    Parameters
    ----------
    points : shape (3, n)
        From each firm's own flows, and from those that stand in.
    averages : Averages or None
    firms : n ids
    """
    is_averaged = averaged_firms(averages, firms)
    if averages is None or not is_averaged.any():
        return points
    sector, made = _sectors(averages, firms), points.copy()
    wanted = sorted(set(sector[is_averaged]))
    for s in range(len(STATS)):
        middle = _means(points[s][~is_averaged], sector[~is_averaged], wanted, averages)
        made[s, is_averaged] = np.maximum(points[s][is_averaged], middle.reindex(sector[is_averaged]))
    return made


def _sectors(averages: Averages, firms: tuple[str, ...]) -> "pd.Series[str]":
    """Sector of each firm, "" where none is known."""
    return pd.Series(list(firms)).map(averages.firms.set_index("firm")["sector"]).fillna("")


def _means(
    points: NDArray[np.float64], sector: "pd.Series[str]", wanted: list[str], averages: Averages
) -> "pd.Series[float]":
    """Mean of linked firms of each sector, of all sectors where these are too few, nan where all are."""
    known = pd.DataFrame({"point": points, "sector": sector.to_numpy()}).dropna()
    found = known.groupby("sector")["point"].agg(["mean", "size"]).reindex(wanted)
    few = ~(found["size"] >= averages.settings.least)
    whole = known["point"].mean() if len(known) >= averages.settings.least else np.nan
    return found["mean"].mask(few, whole)


def own_only(measured: Measured, is_averaged: NDArray[np.bool_]) -> Measured:
    """Indicators for the model and the ranks: an average of others measures no firm, so it is missing."""
    return replace(measured, point=np.where(is_averaged[None, :], np.nan, measured.point))
