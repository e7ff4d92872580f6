"""What a firm's pressure is made of: its largest collisions by path, and their part of the logit."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, Reach, channel_sums
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
    mine = collisions[collisions["firm"].isin(list(reach.firms)) & (collisions["at_stake"] > 0)]
    if mine.empty:
        return pd.DataFrame({name: pd.Series(dtype="float64" if name in ("at_stake", "part") else "str") for name in columns})
    mine = mine.sort_values(
        ["firm", "at_stake", "flow", "duty", "clause"], ascending=[True, False, True, True, True], kind="stable"
    ).drop_duplicates(["firm", "flow"])
    squeeze = channel_sums(reach)[STATS.index("squeeze")]
    firm = pd.Index(reach.firms).get_indexer(mine["firm"])
    channel = pd.Index(reach.channels).get_indexer(mine["channel"].astype("str"))
    chosen = np.argmax(np.nan_to_num(squeeze, nan=-1.0), axis=1)[firm] == channel
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
    model: "ChoiceModel | None",
    transported: bool = False,
) -> pd.DataFrame:
    """Drivers of each firm: exact parts of the logit of p_choose, and of squeeze by path.

    The rows of stat `logit` of a firm add up to its logit: the average firm of the training set, the
    distance of its indicators from that average, and nothing else. The rows of stat `squeeze` are its
    largest flows at stake and, as `other flows`, the rest; they add up to its squeeze. A flow's part of
    the logit is its part of squeeze times the slope.

    Parameters
    ----------
    reach : Reach
    squeeze : shape (n,)
    stakes : pandas.DataFrame
        As `stakes_by_flow`.
    model : ChoiceModel or None
    transported : bool
        Said in the evidence.

    Returns
    -------
    pandas.DataFrame
        Columns `DRIVER_COLUMNS`; `n` is the number of firms behind the row.
    """
    firms = np.array(reach.firms, dtype=object)
    known = np.isfinite(squeeze)
    parts: list[pd.DataFrame] = []
    if model is not None and model.terms:
        slope, mean = float(model.coefficients[1]), float(model.X[:, 1].mean())
        average = float(model.coefficients[0] + slope * mean)
        where = "rules and links of the day looked at" if transported else "rules and links of the day of fieldwork"
        n = len(model.y)
        parts += [
            _frame(firms[known], "average firm", "logit", n, np.full(known.sum(), average), f"{n} firms trained on"),
            _frame(firms[known], "squeeze", "logit", n, slope * (squeeze[known] - mean), where),
        ]
    ours = stakes[stakes["part"] > 0]
    place = ours.groupby("firm", observed=False).cumcount() if len(ours) else pd.Series(dtype="int64")
    top = ours[(place < MANY).to_numpy()] if len(ours) else ours
    parts.append(_frame(top["firm"], top["term"], "squeeze", 1, top["part"], top["evidence"]))
    left = ours[(place >= MANY).to_numpy()] if len(ours) else ours
    if len(left):
        rest = left.groupby("firm", observed=False)["part"].agg(["sum", "size"]).reset_index()
        parts.append(
            _frame(rest["firm"], "other flows", "squeeze", 1, rest["sum"], rest["size"].astype("str") + " flows")
        )
    rows = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    return rows.sort_values("firm", kind="stable").reset_index(drop=True)[list(DRIVER_COLUMNS)]


def _frame(firm: object, term: object, stat: str, n: int, estimate: object, evidence: object) -> pd.DataFrame:
    rows = pd.DataFrame({"firm": np.asarray(firm, dtype=object), "estimate": np.asarray(estimate, dtype=np.float64)})
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
    amount = by_term["at_stake"].map("{:.3f}".format)
    by_term = by_term.assign(words=by_term["term"] + " (" + by_term["channel"] + " " + amount + ")")
    words = by_term.groupby("firm", observed=False)["words"].agg("; ".join)
    return words.reindex(list(firms)).fillna("").to_numpy(dtype=object)
