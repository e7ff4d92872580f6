"""What would move a firm: each measure without one flow, exactly, and the place it would then have."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.benchmarking.own import Own
from analysis.benchmarking.placing import Place
from analysis.benchmarking.record import MOVE_COLUMNS
from analysis.pressure.channels import STATS, channel_sums, squeezing

__all__ = ["flows_that_move"]

Floats = NDArray[np.float64]

MOST = 5
"""Flows told of each measure."""


def flows_that_move(own: Own, place: Callable[[str, float], Place | None], n: float) -> pd.DataFrame:
    """For us, cn and squeeze the flows without which the measure would fall furthest.

    A measure is the largest of its channels; taking a flow away lowers its own channel by share times
    severity, and the measure as far as another channel does not hold it up. Denominators stay as they are.

    Parameters
    ----------
    own : Own
    place : callable
        Measure and value to the percentile, None where it is not known.
    n : float
        Peers.

    Returns
    -------
    pandas.DataFrame
        `MOVE_COLUMNS`; at most five rows a measure, none that moves nothing.
    """
    reach = own.reach
    sums = np.nan_to_num(channel_sums(reach)[:, 0, :])
    raw = np.nan_to_num(reach.share) * reach.weight
    flows = own.day.flows.drop_duplicates("flow").set_index("flow")
    told = _clauses(own)
    rows = []
    for s, stat in enumerate(STATS):
        if not np.isfinite(own.point[s]):
            continue
        whole = np.bincount(reach.channel, weights=raw[s], minlength=len(reach.channels))
        without = np.minimum(np.maximum(whole[reach.channel] - raw[s], 0.0), 1.0)
        others = _largest_other(sums[s])[reach.channel]
        after = np.maximum(without, others)
        drop = own.point[s] - after
        for at in np.argsort(-drop, kind="stable")[:MOST]:
            if drop[at] <= 1e-9:
                break
            flow = str(reach.flow[at])
            found = place(stat, float(after[at]))
            row = flows.loc[flow]
            channel = reach.channels[reach.channel[at]]
            partner = str(row["buyer"] if str(row["seller"]) == own.firm else row["seller"])
            ends = (np.nan, np.nan, np.nan) if found is None else (found.estimate, found.low, found.high)
            rows.append(
                (
                    *(stat, "flow", str(row["product"]), partner, channel),
                    *(own.point[s], after[at], "percentile", n),
                    *(*ends, told.get((stat, flow), "")),
                )
            )
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS))


def _largest_other(sums: Floats) -> Floats:
    """For each channel the largest of the others; 0 where there is none."""
    if len(sums) < 2:
        return np.zeros_like(sums)
    order = np.argsort(-sums)
    out = np.full_like(sums, sums[order[0]])
    out[order[0]] = sums[order[1]]
    return out


def _clauses(own: Own) -> dict[tuple[str, str], str]:
    """Measure and flow to the rules behind it: the worst pair of a squeeze, the strictest rule of a side."""
    found: dict[tuple[str, str], str] = {}
    met = squeezing(own.day.collisions)
    if len(met):
        worst = met.sort_values("at_stake", ascending=False, kind="stable").drop_duplicates("flow")
        words = worst["duty"].astype("str") + " × " + worst["clause"].astype("str")
        found |= {("squeeze", str(f)): w for f, w in zip(worst["flow"], words, strict=True)}
    for side in ("us", "cn"):
        mine = own.day.contacts[own.day.contacts["side"] == side].drop_duplicates(["flow", "instrument"])
        for flow, part in mine.groupby("flow", observed=True):
            rules = part["instrument"].astype("str") + " (" + part["outcome"].astype("str") + ")"
            found[(side, str(flow))] = ", ".join(rules.iloc[:3])
    return found
