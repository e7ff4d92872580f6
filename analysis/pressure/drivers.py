"""What a firm's pressure is made of: its largest collisions by path, and their part of the logit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import channel_places
from analysis.pressure.channels import STATS, TRADE, Reach, channel_sums, squeezing
from analysis.pressure.choice import ChoiceModel
from analysis.pressure.record import DRIVER_COLUMNS

__all__ = ["driver_rows", "driver_words", "stakes_by_flow"]

MANY = 5
"""Collisions shown of each firm."""


def stakes_by_flow(reach: Reach, collisions: pd.DataFrame) -> pd.DataFrame:
    """Each firm's flows at stake, largest first, with their part of squeeze.

    Parameters
    ----------
    reach : Reach
    collisions : pandas.DataFrame
        As `analysis.collisions`.

    Returns
    -------
    pandas.DataFrame
        `firm, flow, channel, at_stake, part, status, term, evidence`: `at_stake` is share times
        min(U, C) times status weight times (1 - substitutability), of the worst pair of the flow;
        `part` is the same in the channel that squeeze is taken from, 0 elsewhere, and adds up to
        squeeze over the firm's flows (cut in proportion where the channel would pass 1).
    """
    columns = ["firm", "flow", "channel", "at_stake", "part", "status", "term", "evidence"]
    collisions = squeezing(collisions)
    mine = collisions[collisions["firm"].isin(list(reach.firms)) & (collisions["at_stake"] > 0)]
    if mine.empty:
        return pd.DataFrame(
            {name: pd.Series(dtype="float64" if name in ("at_stake", "part") else "str") for name in columns}
        )
    mine = mine.sort_values(
        ["firm", "at_stake", "flow", "duty", "clause"],
        ascending=[True, False, True, True, True],
        kind="stable",
    ).drop_duplicates(["firm", "flow"])
    squeeze = channel_sums(reach)[STATS.index("squeeze")]
    firm = pd.Index(reach.firms).get_indexer(pd.Index(mine["firm"]))
    channel = channel_places(reach, mine)
    traded = np.isin(np.array(reach.channels, dtype=object), TRADE)
    largest = np.argmax(np.where(traded, np.nan_to_num(squeeze, nan=-1.0), -2.0), axis=1)
    chosen = (largest[firm] == channel) & traded[channel]
    stake = mine["at_stake"].to_numpy(dtype=np.float64)
    total = np.bincount(firm * len(reach.channels) + channel, weights=stake, minlength=squeeze.size)
    cut = np.nan_to_num(squeeze).ravel()[firm * len(reach.channels) + channel]
    whole = total[firm * len(reach.channels) + channel]
    part = np.where(chosen & (whole > 0), stake * cut / np.where(whole > 0, whole, 1.0), 0.0)
    return pd.DataFrame(
        {
            "firm": mine["firm"].to_numpy(),
            "flow": mine["flow"].to_numpy(),
            "channel": mine["channel"].to_numpy(),
            "at_stake": stake,
            "part": part,
            "status": mine["status"].to_numpy(),
            "term": (mine["duty"].astype("str") + " x " + mine["clause"].astype("str")).to_numpy(),
            "evidence": mine["path"].fillna("").astype("str").to_numpy(),
        }
    )


def driver_rows(
    reach: Reach,
    squeeze: NDArray[np.float64],
    stakes: pd.DataFrame,
    model: ChoiceModel | None,
    others: Mapping[str, NDArray[np.float64]] | None = None,
) -> pd.DataFrame:
    """Drivers of each firm: exact parts of the logit of p_choose by path, and the same parts of squeeze.

    The rows of stat `logit` of a firm add up to its logit: the model without any squeeze, then each of
    its largest flows at stake (its part of squeeze times the slope), then `other flows`. The rows of
    stat `squeeze` are the same flows in units of squeeze; they add up to its squeeze. The two scales
    are not to be mixed. Terms of flows read `duty x clause`.

    Parameters
    ----------
    reach : Reach
    squeeze : shape (n,)
        nan where missing; such a firm has no rows of stat `logit`.
    stakes : pandas.DataFrame
        As `stakes_by_flow`.
    model : ChoiceModel or None
    others : mapping, optional
        Term beside squeeze to what it adds to the logit of each firm, shape (n,).

    Returns
    -------
    pandas.DataFrame
        Columns `DRIVER_COLUMNS`; `n` is the number of firms behind the row.
    """
    firms = np.array(reach.firms, dtype=object)
    known = np.isfinite(squeeze)
    ours = stakes[stakes["part"] > 0]
    place = ours.groupby("firm", observed=False).cumcount().to_numpy()
    top, left = ours[place < MANY], ours[place >= MANY]
    rest = left.groupby("firm", observed=False)["part"].agg(["sum", "size"]).reset_index()
    flows = [
        _frame(top["firm"], top["term"], "squeeze", 1, top["part"], top["evidence"]),
        _frame(rest["firm"], "other flows", "squeeze", 1, rest["sum"], rest["size"].astype("str") + " flows"),
    ]
    parts = list(flows)
    if model is not None and model.terms:
        n, told = model.trained, f"model of {model.trained} firms"
        slope = model.slope("squeeze")
        start = np.full(int(known.sum()), float(model.coefficients[0]))
        parts.append(_frame(firms[known], "no squeeze", "logit", n, start, told))
        for term, part in (others or {}).items():
            parts.append(_frame(firms[known], term, "logit", n, part[known], told))
        parts += [flow.assign(stat="logit", n=n, estimate=flow["estimate"] * slope) for flow in flows]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return rows.sort_values(["firm", "stat"], kind="stable").reset_index(drop=True)[list(DRIVER_COLUMNS)]


def _frame(firm: object, term: object, stat: str, n: int, estimate: object, evidence: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"firm": np.asarray(firm, dtype=object), "estimate": np.asarray(estimate, dtype=np.float64)}
    )
    for name, value in (("term", term), ("evidence", evidence)):
        rows[name] = value if isinstance(value, str) else np.asarray(value, dtype=object)
    return rows.assign(stat=stat, n=n)


def driver_words(stakes: pd.DataFrame, firms: tuple[str, ...], many: int = 3) -> NDArray[np.object_]:
    """The largest collisions of each firm in one cell: `duty x clause, channel, at stake`; "" where none.

    Returns
    -------
    shape (n,) of str
    """
    top = stakes[stakes["at_stake"] > 0]
    by_term = top.groupby(["firm", "term", "channel"], observed=False)["at_stake"].sum().reset_index()
    by_term = by_term.sort_values(
        ["firm", "at_stake", "term", "channel"], ascending=[True, False, True, True], kind="stable"
    )
    by_term = by_term[(by_term.groupby("firm", observed=False).cumcount() < many).to_numpy()]
    amount = by_term["at_stake"].map("{:.3f}".format).astype("str")
    by_term = by_term.assign(words=by_term["term"] + " (" + by_term["channel"] + " " + amount + ")")
    words = by_term.groupby("firm", observed=False)["words"].agg("; ".join)
    return words.reindex(list(firms)).fillna("").to_numpy(dtype=object)
