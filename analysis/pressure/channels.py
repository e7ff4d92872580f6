"""How far the rules of each side reach into a firm, channel by channel, and how much is squeezed between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["SEVERITY", "STATS", "Reach", "channel_sums", "flow_severity", "indicators", "largest_channel", "reach_of"]

Floats = NDArray[np.float64]

SEVERITY = {
    "none": 0.0,
    "notify": 0.25,
    "review": 0.25,
    "between": 0.25,
    "unknown": 0.0,
    "licence": 0.5,
    "prohibited": 1.0,
    "prohibited_unless_rebutted": 1.0,
}
"""Severity of each outcome of a contact (parameters). `between` counts as a review, `unknown` as nothing."""

STATS = ("us", "cn", "squeeze")
"""Indicators, in the order of the first axis of every array here."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Flows of n firms as arrays of f rows, one a flow and firm.

    Attributes
    ----------
    firms : tuple[str, ...]
        Ids of the n firms.
    channels : tuple[str, ...]
        Names of the c channels.
    firm, channel : shape (f,) int
        Places in `firms` and `channels`.
    flow : shape (f,) str
        Flow ids.
    share : shape (f,)
        Share of the firm's own total in that channel; nan where it has no denominator.
    weight : shape (3, f)
        us and cn severity, and stake per unit of share (squeeze).
    confidence : shape (f,)
        Probability that the link exists; 1 where not stated.
    name : shape (f,) uint64
        Hash of the link's name, which its draws belong to.
    """

    firms: tuple[str, ...]
    channels: tuple[str, ...]
    firm: NDArray[np.int64]
    channel: NDArray[np.int64]
    flow: NDArray[np.object_]
    share: Floats
    weight: Floats
    confidence: Floats
    name: NDArray[np.uint64]


def flow_severity(flows: pd.DataFrame, contacts: pd.DataFrame, side: str) -> Floats:
    """Severity of the strictest rule of one side on each flow, shape (flows,), 0 where none applies.

    Raises
    ------
    ValueError
        A contact with an outcome that has no severity.
    """
    mine = contacts[contacts["side"] == side]
    severity = mine["outcome"].map(SEVERITY)
    if severity.isna().any():
        raise ValueError(f"no severity for outcome {mine['outcome'][severity.isna()].iloc[0]!r}")
    worst = severity.groupby([mine["firm"], mine["flow"]], observed=False).max()
    return _looked_up(flows, worst)


def _looked_up(flows: pd.DataFrame, values: pd.Series) -> Floats:
    keys = pd.MultiIndex.from_arrays([flows["firm"], flows["flow"]])
    return values.reindex(keys).fillna(0.0).to_numpy(dtype=np.float64)


def reach_of(
    flows: pd.DataFrame, contacts: pd.DataFrame, collisions: pd.DataFrame, firms: Sequence[str]
) -> Reach:
    """Lay flows, contacts and collisions out as arrays, in an order that does not depend on that of the rows.

    A flow counts once, at its worst pair of colliding rules.

    Parameters
    ----------
    flows : pandas.DataFrame
        As `analysis.flows_of`: `flow`, `firm`, `channel`, `share`, and `confidence` if known.
    contacts : pandas.DataFrame
        As `analysis.contact`: `flow`, `firm`, `side`, `outcome`.
    collisions : pandas.DataFrame
        As `analysis.collisions`: `flow`, `firm`, `share`, `at_stake`.
    firms : sequence of str
        Ids; flows of other firms are left out.

    Returns
    -------
    Reach
    """
    place = pd.Index(list(firms), dtype="str")
    flows = flows[flows["firm"].isin(place)].sort_values(["firm", "flow"], kind="stable")
    channels = tuple(sorted(flows["channel"].astype("str").unique()))
    share = flows["share"].to_numpy(dtype=np.float64)
    stake = collisions["at_stake"].groupby([collisions["firm"], collisions["flow"]], observed=False).max()
    at_stake = _looked_up(flows, stake)
    per_share = np.divide(at_stake, share, out=np.zeros_like(at_stake), where=np.nan_to_num(share) > 0)
    confidence = np.ones(len(flows))
    if "confidence" in flows:
        confidence = flows["confidence"].astype("float64").fillna(1.0).to_numpy()
    named = flows["link"] if "link" in flows else flows["flow"]
    return Reach(
        firms=tuple(place),
        channels=channels,
        firm=place.get_indexer(flows["firm"]).astype(np.int64),
        channel=pd.Index(channels, dtype="str").get_indexer(flows["channel"].astype("str")).astype(np.int64),
        flow=flows["flow"].to_numpy(dtype=object),
        share=share,
        weight=np.stack([flow_severity(flows, contacts, "us"), flow_severity(flows, contacts, "cn"), per_share]),
        confidence=confidence,
        name=pd.util.hash_array(named.to_numpy(dtype=object)),
    )


def channel_sums(reach: Reach) -> Floats:
    """us, cn and squeeze of each firm and channel: share times severity, summed over its named flows.

    Denominators stay as reported. A firm with flows in a channel of which none has a share is nan there;
    a firm without flows in a channel that has flows elsewhere is a structural zero there.

    Returns
    -------
    shape (3, n, c), 0 to 1
    """
    n, c = len(reach.firms), len(reach.channels)
    cell = reach.firm * c + reach.channel
    sized = np.isfinite(reach.share)
    amounts = reach.weight * np.where(sized, reach.share, 0.0)
    sums = np.stack([np.bincount(cell, weights=row, minlength=n * c) for row in amounts])
    seen = np.bincount(cell, minlength=n * c)
    counted = np.bincount(cell, weights=sized, minlength=n * c)
    sums = np.minimum(sums, 1.0)
    sums[:, (seen > 0) & (counted == 0)] = np.nan
    sums = sums.reshape(len(STATS), n, c)
    sums[:, ~(seen.reshape(n, c).sum(axis=1) > 0)] = np.nan
    return sums


def largest_channel(sums: Floats) -> Floats:
    """Largest channel with a denominator, over the last axis; nan where there is none."""
    if not sums.shape[-1]:
        return np.full(sums.shape[:-1], np.nan)
    best = np.max(np.where(np.isnan(sums), -np.inf, sums), axis=-1)
    return np.where(np.isinf(best), np.nan, best)


def indicators(
    flows: pd.DataFrame,
    contacts: pd.DataFrame,
    collisions: pd.DataFrame,
    firms: Sequence[str],
    *,
    seed: int = 20211215,
    draws: int = 2000,
    level: float = 0.90,
) -> pd.DataFrame:
    """us, cn and squeeze of each firm, with intervals over link confidence, and their channels.

    Parameters
    ----------
    flows, contacts, collisions, firms
        As `reach_of`.
    seed, draws, level
        Of the draws over link confidence.

    Returns
    -------
    pandas.DataFrame
        One row a firm, in the order given: `firm,us,us_low,us_high,cn,...,squeeze_high`, then
        `us_sales, us_inputs, ...` for each channel; nan where missing.
    """
    from analysis.pressure.doubt import draw_indicators, limits_round

    reach = reach_of(flows, contacts, collisions, firms)
    sums = channel_sums(reach)
    point = largest_channel(sums)
    low, high = limits_round(point, draw_indicators(reach, seed, draws), level)
    columns: dict[str, object] = {"firm": list(reach.firms)}
    for s, stat in enumerate(STATS):
        columns |= {stat: point[s], f"{stat}_low": low[s], f"{stat}_high": high[s]}
    for s, stat in enumerate(STATS):
        columns |= {f"{stat}_{channel}": sums[s, :, c] for c, channel in enumerate(reach.channels)}
    return pd.DataFrame(columns)
