"""us, cn and squeeze of a firm from its channels: the largest, or the mean; never their sum."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, Reach, of_trade
from analysis.rules.fields import KIND_CHANNELS

__all__ = ["ACROSS", "channel_places", "figure_of", "figures_of"]

Floats = NDArray[np.float64]

ACROSS = ("largest", "mean")
"""How us and cn are made of their channels."""


def figures_of(reach: Reach, sums: Floats) -> Floats:
    """us, cn and squeeze from their channels, shape (3, ...).

    Parameters
    ----------
    reach : Reach
    sums : shape (3, ..., c)
        In the order of `STATS` and of the channels of `reach`.
    """
    return np.stack([figure_of(reach, stat, sums[s]) for s, stat in enumerate(STATS)])


def figure_of(reach: Reach, stat: str, sums: Floats) -> Floats:
    """One indicator from its channels over the last axis; nan where none is known.

    us and cn are the largest channel, or the mean of those that are known where `across` says so; squeeze
    is the larger of sales and inputs, never their sum.

    Parameters
    ----------
    reach : Reach
    stat : str
        Of `STATS`.
    sums : shape (..., c)
    """
    if stat == "squeeze":
        sums = sums[..., of_trade(reach.channels)]
    if not sums.shape[-1]:
        return np.full(sums.shape[:-1], np.nan)
    if reach.across == "mean" and stat != "squeeze":
        known = np.isfinite(sums)
        many = known.sum(axis=-1)
        total = np.where(known, sums, 0.0).sum(axis=-1)
        return np.where(many > 0, total / np.maximum(many, 1), np.nan)
    return np.asarray(np.fmax.reduce(sums, axis=-1))  # of those that are known


def channel_places(reach: Reach, rows: pd.DataFrame) -> NDArray[np.int64]:
    """Places among the channels of `reach` of rows with `firm`, `flow` and the `channel` of their flow."""
    kind = rows["channel"].astype("str")
    names = pd.Index(reach.channels, dtype="str")
    found = np.array(names.get_indexer(pd.Index(kind.map(KIND_CHANNELS).fillna(kind))), dtype=np.int64)
    lost = found < 0
    if lost.any():
        firms = np.array(reach.firms, dtype=object)[reach.firm]
        keys = pd.MultiIndex.from_arrays([firms, reach.flow])
        at = keys.get_indexer(pd.MultiIndex.from_frame(rows.loc[lost, ["firm", "flow"]]))
        found[lost] = reach.channel[at]
    return found
