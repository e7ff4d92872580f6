"""How far each side's rules reach into a firm, channel by channel, and how much is squeezed between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.flowkeys import FlowKeys
from analysis.rules.collide import SQUEEZED
from analysis.rules.fields import KIND_CHANNELS
from analysis.rules.outcomes import severity

__all__ = [
    "CHANNELS",
    "MOVED",
    "STATS",
    "TRADE",
    "Reach",
    "channel_names",
    "channel_sums",
    "link_names",
    "of_trade",
    "reach_of",
    "squeezing",
]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

STATS = ("us", "cn", "squeeze")
"""Indicators, in the order of the first axis of every array here."""

TRADE = ("sales", "inputs")
"""Channels of links; squeeze is the larger of the two."""

CHANNELS = (*TRADE, *dict.fromkeys(KIND_CHANNELS.values()))
"""Where a rule may reach a firm, each a share of the firm's own total of that channel."""

MOVED = " moved to "
"""How the name of a flow goes on where a scenario sends it elsewhere: its draws stay those of its link."""


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
    worst : shape (3, f)
        The same if every undecided outcome (`between`, `unknown`) turned out at its worst.
    confidence : shape (f,)
        Probability that the link exists; 1 where not stated.
    name : shape (f,) uint64
        Hash of the link's name, which its draws belong to.
    across : str
        How us and cn are made of their channels: one of `across.ACROSS`.
    """

    firms: tuple[str, ...]
    channels: tuple[str, ...]
    firm: NDArray[np.int64]
    channel: NDArray[np.int64]
    flow: NDArray[np.object_]
    share: Floats
    weight: Floats
    worst: Floats
    confidence: Floats
    name: NDArray[np.uint64]
    across: str = "largest"


def _reaching(keys: FlowKeys, contacts: pd.DataFrame, outcomes: Sequence[str]) -> list[Floats]:
    """Severity of each side's strictest rule on each flow, shape (2, flows), by column of outcomes."""
    found, side = keys.find(contacts["firm"], contacts["flow"]), contacts["side"].to_numpy(dtype=object)
    hard = [severity(contacts[outcome].astype("str")) for outcome in outcomes]
    mine = [np.where(side == one, found, -1) for one in STATS[:2]]
    return [np.stack([keys.most(places, values) for places in mine]) for values in hard]


def squeezing(collisions: pd.DataFrame) -> pd.DataFrame:
    """Collisions between the United States and China: those with a third state's duty are in no squeeze."""
    return collisions[collisions["sides"] == SQUEEZED] if "sides" in collisions else collisions


def _punished(keys: FlowKeys, found: Places, collisions: pd.DataFrame) -> Floats:
    """Severity of the strictest clause of each side that punishes a duty on a flow, times its weight.

    Shape (2, flows). A duty that reaches a flow through another one with the same party counts alike. With
    both a flow's squeeze never exceeds either side's reach.
    """
    if "clause_side" not in collisions:
        return np.zeros((2, len(keys)))
    through: Any = collisions["meets"] == "party" if "meets" in collisions else False
    made = []
    for side in STATS[:2]:
        mine = ((collisions["clause_side"] == side) | through).to_numpy(dtype=bool)
        hard = (collisions[f"{side}_severity"] * collisions["weight"]).to_numpy(dtype=np.float64)
        made.append(keys.most(np.where(mine, found, -1), hard))
    return np.stack(made)


def _per_share(stake: Floats, share: Floats) -> Floats:
    """What is at stake of each flow at its worst pair, for each unit of its share."""
    return np.divide(stake, share, out=np.zeros_like(stake), where=np.nan_to_num(share) > 0)


def channel_names(flows: pd.DataFrame) -> "pd.Series[str]":
    """The channel of each flow, of `CHANNELS`; goods sold on are sales of one end, inputs of the other."""
    kind = flows["channel"].astype("str")
    named = kind.map(KIND_CHANNELS).fillna(kind)
    again = kind == "re-export"
    if "seller" not in flows or not again.any():
        return named.mask(again, "sales")
    gives = flows["seller"].astype("str") == flows["firm"].astype("str")
    return named.mask(again & gives, "sales").mask(again & ~gives, "inputs")


def link_names(flows: pd.DataFrame) -> "pd.Series[str]":
    """Name of the link that each flow comes from, wherever a scenario has moved it to."""
    named = (flows["link"] if "link" in flows else flows["flow"]).astype("str")
    if not named.str.contains(MOVED, regex=False).any():
        return named
    return named.str.split(MOVED, n=1, regex=False).str[0]


def reach_of(
    flows: pd.DataFrame,
    contacts: pd.DataFrame,
    collisions: pd.DataFrame,
    firms: Sequence[str],
    across: str = "largest",
) -> Reach:
    """Lay flows, contacts and collisions out as arrays, in an order that does not depend on that of the rows.

    A flow counts once, at its worst pair of colliding rules. A clause that punishes a duty on a flow reaches
    that flow: it counts for its own side, times the weight of its status.

    Parameters
    ----------
    flows : pandas.DataFrame
        As `analysis.flows_of`: `flow`, `firm`, `channel`, `share`, and `confidence` if known.
    contacts : pandas.DataFrame
        As `analysis.contact`: `flow`, `firm`, `side`, `outcome`, and `worst` if known.
    collisions : pandas.DataFrame
        As `analysis.collisions`: `flow`, `firm`, `at_stake`, and, if known, `at_stake_high`, `clause_side`,
        `us_severity`, `cn_severity`, `weight`.
    firms : sequence of str
        Ids; flows of other firms are left out.
    across : str
        As `Reach`.

    Returns
    -------
    Reach
        Its channels are those of `CHANNELS` that any of the flows has.
    """
    place = pd.Index(list(firms), dtype="str")
    flows = flows[flows["firm"].isin(place)].sort_values(["firm", "flow"], kind="stable")
    named_channel = channel_names(flows)
    present = set(named_channel.unique())
    channels = tuple(sorted(present))
    share = flows["share"].to_numpy(dtype=np.float64)
    collisions = squeezing(collisions)
    keys = FlowKeys.of(flows["firm"], flows["flow"])
    met = keys.find(collisions["firm"], collisions["flow"])
    stakes = [
        keys.most(met, collisions[amount].to_numpy(dtype=np.float64))
        for amount in ("at_stake", "at_stake_high")
        if amount in collisions
    ]
    per_share = _per_share(stakes[0], share)
    outcomes = ("outcome", "worst") if "worst" in contacts else ("outcome",)
    reaching = _reaching(keys, contacts, outcomes)
    sides = np.maximum(_punished(keys, met, collisions), reaching[0])
    above = np.maximum(sides, reaching[-1])
    stake_above = np.maximum(per_share, _per_share(stakes[-1], share))
    confidence: Floats = np.ones(len(flows))
    if "confidence" in flows:
        confidence = np.asarray(flows["confidence"].astype("float64").fillna(1.0), dtype=np.float64)
    named = link_names(flows)
    return Reach(
        firms=tuple(place),
        channels=channels,
        firm=place.get_indexer(pd.Index(flows["firm"])).astype(np.int64),
        channel=pd.Index(channels, dtype="str").get_indexer(pd.Index(named_channel)).astype(np.int64),
        flow=flows["flow"].to_numpy(dtype=object),
        share=share,
        weight=np.vstack([sides, per_share]),
        worst=np.vstack([above, stake_above]),
        confidence=confidence,
        name=pd.util.hash_array(named.to_numpy(dtype=object)),
        across=across,
    )


def channel_sums(reach: Reach, weight: Floats | None = None) -> Floats:
    """us, cn and squeeze of each firm and channel: share times severity, summed over its named flows.

    Denominators stay as reported. A firm with flows in a channel of which none has a share is nan there. A
    firm without flows in a channel is a structural zero there: in sales and inputs if a flow of the other
    has a share, in other channels if any of its flows has; else it is nan.

    Parameters
    ----------
    reach : Reach
    weight : shape (3, f), optional
        In place of `reach.weight`.

    Returns
    -------
    shape (3, n, c), 0 to 1
    """
    n, c = len(reach.firms), len(reach.channels)
    cell = reach.firm * c + reach.channel
    sized = np.isfinite(reach.share)
    amounts = (reach.weight if weight is None else weight) * np.where(sized, reach.share, 0.0)
    sums: Floats = np.stack([np.bincount(cell, weights=row, minlength=n * c) for row in amounts])
    seen = np.bincount(cell, minlength=n * c)
    counted = np.bincount(cell, weights=sized, minlength=n * c)
    sums = np.minimum(sums, 1.0)
    sums[:, (seen > 0) & (counted == 0)] = np.nan
    sums = sums.reshape(len(STATS), n, c)
    known = counted.reshape(n, c) > 0
    traded = np.flatnonzero(of_trade(reach.channels))
    sums[:, ~known.any(axis=1)] = np.nan
    sums[:, np.flatnonzero(~known[:, traded].any(axis=1))[:, None], traded[None]] = np.nan
    return sums


def of_trade(channels: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of c channels are sales or inputs, shape (c,)."""
    return np.array([name in TRADE for name in channels], dtype=np.bool_)
