"""us, cn and squeeze of each firm by channel: denominator, interval, largest term, and which one counts."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import channel_places
from analysis.pressure.channels import CHANNELS, STATS, Reach, channel_sums, of_trade
from analysis.pressure.doubt import draw_indicators, limits_round
from analysis.pressure.unsure import Unsure, part_of, with_links_alone

__all__ = ["CHANNEL_COLUMNS", "channel_limits", "channel_table"]

Floats = NDArray[np.float64]

CHANNEL_COLUMNS = (
    *("firm", "stat", "channel", "n", "flows", "estimate", "low", "high", "level", "counts"),
    *("denominator", "term", "term_estimate", "method", "flag"),
)
"""Columns of `channel_table`."""

CELLS = 4000
"""Firms and channels drawn at once."""

_METHOD = "sum of share times severity; draws over all that is in doubt about the flows"


def channel_limits(
    reach: Reach, unsure: Unsure | None, *, seed: int, draws: int, level: float
) -> tuple[Floats, Floats]:
    """Limits of us, cn and squeeze in each channel, on the draws of the indicators, round their points.

    Parameters
    ----------
    reach : Reach
        Of n firms and c channels.
    unsure : Unsure or None
        What is in doubt about its flows; None for nothing but whether links exist.
    seed, draws : int
        As the indicators were drawn with.
    level : float

    Returns
    -------
    low, high : shape (3, n, c); nan where the channel is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    unsure = unsure or with_links_alone(reach)
    point = channel_sums(reach)
    low, high = point.reshape(len(STATS), n * c).copy(), point.reshape(len(STATS), n * c).copy()
    alone = replace(
        reach,
        firms=tuple(str(cell) for cell in range(n * c)),
        channels=("sales",),
        firm=reach.firm * c + reach.channel,
        channel=np.zeros_like(reach.channel),
        across="largest",
    )
    busy = np.flatnonzero(np.bincount(alone.firm, minlength=n * c) > 0)
    for first in range(0, len(busy), CELLS):
        mine = np.zeros(n * c, dtype=np.bool_)
        mine[busy[first : first + CELLS]] = True
        part, told = part_of(alone, unsure, mine)
        drawn = draw_indicators(part, seed, draws, told)
        low[:, mine], high[:, mine] = limits_round(low[:, mine], drawn, level)
    return low.reshape(point.shape), high.reshape(point.shape)


def channel_table(
    reach: Reach, limits: tuple[Floats, Floats], level: float, flows: pd.DataFrame, stakes: pd.DataFrame
) -> pd.DataFrame:
    """One row a firm, channel and indicator.

    Parameters
    ----------
    reach : Reach
    limits : two arrays of shape (3, n, c)
        From `channel_limits`.
    level : float
    flows : pandas.DataFrame
        As `flows_of`, for the words of `share_method`.
    stakes : pandas.DataFrame
        As `stakes_by_flow`.

    Returns
    -------
    pandas.DataFrame
        `CHANNEL_COLUMNS`, firms in the order of `reach`. `stat` is `us_sales` and so on; `flows` those of the
        firm in the channel; `counts` says whether the indicator is that of this channel (us and cn of a mean:
        all that are known); `denominator` is how shares came about; `term` the largest flow at stake of a
        squeeze, in words, and `term_estimate` its part of the channel. `flag`: `no business` (a structural
        zero), `no denominator` (missing), `some flows without a size`.
    """
    n, c = len(reach.firms), len(reach.channels)
    sums = channel_sums(reach)
    cell = reach.firm * c + reach.channel
    seen = np.bincount(cell, minlength=n * c)
    sized = np.bincount(cell, weights=np.isfinite(reach.share), minlength=n * c).astype(np.int64)
    missing = np.isnan(sums[0]).ravel()
    flag = np.select(
        [missing & (seen > 0), missing, seen == 0, sized < seen],
        ["no denominator", "no links", "no business", "some flows without a size"],
        "",
    )
    said = _denominators(reach, flows, n * c)
    counted = _counted(reach, sums).reshape(len(STATS), n * c)
    terms, parts = _largest_terms(reach, stakes, n * c)
    firms = np.repeat(np.array(reach.firms, dtype=object), c)
    names = np.tile(np.array(reach.channels, dtype=object), n)
    rows = []
    for s, stat in enumerate(STATS):
        of_squeeze = stat == "squeeze"
        rows.append(
            pd.DataFrame(
                {
                    "firm": firms,
                    "stat": [f"{stat}_{name}" for name in names],
                    "channel": names,
                    "n": 1,
                    "flows": seen,
                    "estimate": sums[s].ravel(),
                    "low": limits[0][s].ravel(),
                    "high": limits[1][s].ravel(),
                    "level": level,
                    "counts": counted[s],
                    "denominator": said,
                    "term": terms if of_squeeze else "",
                    "term_estimate": parts if of_squeeze else np.nan,
                    "method": _METHOD,
                    "flag": flag,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    rank = np.array([CHANNELS.index(name) if name in CHANNELS else len(CHANNELS) for name in names])
    place = [np.tile(part, len(STATS)) for part in (rank, np.repeat(np.arange(n), c))]
    order = np.lexsort((place[0], np.repeat(np.arange(len(STATS)), n * c), place[1]))
    return table.iloc[order].reset_index(drop=True)[list(CHANNEL_COLUMNS)]


def _counted(reach: Reach, sums: Floats) -> NDArray[np.bool_]:
    """Which channels each indicator is made of, shape (3, n, c): the largest, the first of equals."""
    known = np.isfinite(sums)
    if not known.size:
        return known
    known[STATS.index("squeeze"), :, ~of_trade(reach.channels)] = False
    best = np.argmax(np.where(known, np.nan_to_num(sums, nan=-1.0), -2.0), axis=2)
    largest = known & (np.arange(sums.shape[2]) == best[..., None])
    if reach.across == "mean":
        largest[: STATS.index("squeeze")] = known[: STATS.index("squeeze")]
    return np.asarray(largest)


def _denominators(reach: Reach, flows: pd.DataFrame, cells: int) -> NDArray[np.object_]:
    """Words on how the shares of each firm and channel came about, shape (cells,)."""
    words = pd.Series("", index=range(cells), dtype="object")
    if len(reach.flow) and "share_method" in flows:
        firms = np.array(reach.firms, dtype=object)[reach.firm]
        keys = pd.MultiIndex.from_arrays([firms, reach.flow])
        known = flows[["firm", "flow", "share_method"]].astype("str").drop_duplicates(["firm", "flow"])
        said = (
            known.set_index(["firm", "flow"])["share_method"].reindex(keys).fillna("").to_numpy(dtype=object)
        )
        rows = pd.DataFrame({"cell": reach.firm * len(reach.channels) + reach.channel, "word": said})
        told = rows[rows["word"] != ""].drop_duplicates().sort_values(["cell", "word"])
        words.update(told.groupby("cell")["word"].agg("; ".join))
    return words.to_numpy(dtype=object)


def _largest_terms(reach: Reach, stakes: pd.DataFrame, cells: int) -> tuple[NDArray[np.object_], Floats]:
    """Largest flow at stake of each firm and channel in words, and its part; "" and nan where none is."""
    words, parts = np.full(cells, "", dtype=object), np.full(cells, np.nan)
    if len(stakes):
        firm = pd.Index(reach.firms).get_indexer(pd.Index(stakes["firm"]))
        at = firm * len(reach.channels) + channel_places(reach, stakes)
        amount = stakes["at_stake"].to_numpy(dtype=np.float64)
        order = np.lexsort((stakes["flow"].astype("str").to_numpy(), -amount, at))
        cell, first = np.unique(at[order], return_index=True)
        words[cell] = stakes["term"].to_numpy(dtype=object)[order][first]
        parts[cell] = amount[order][first]
    return words, parts
