"""What to find out next: the flow or parameter that makes most of a firm's doubt, and of all firms'."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, Reach
from analysis.pressure.record import DOUBT_COLUMNS
from analysis.pressure.unsure import SOURCES, Unsure, at_work

__all__ = ["Question", "asks_of", "questions"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next about a firm, or about all: `firm` is "" for all.

    Attributes
    ----------
    firm, stat, source : str
        As in `Pressure.doubts`.
    n : int
        Firms behind it.
    share : float
        Share of the variance that the source makes.
    ask : str
        Flow or parameter that makes most of it; "" where it is no single one (more answers are needed).
    """

    firm: str
    stat: str
    source: str
    n: int
    share: float
    ask: str


def asks_of(reach: Reach, unsure: Unsure) -> dict[str, NDArray[np.object_]]:
    """For each source what to ask n firms about first, all of them last; shape (n + 1,), "" for nothing.

    Of links, matches and bands the flow whose variance, alone, is largest: amount squared times p (1 - p)
    where it may not be there, times a twelfth of the squared relative width where it is in a band. The amount
    is that of squeeze, or, of firms without squeeze, the larger of us and cn.
    """
    n = len(reach.firms)
    amounts = reach.weight * np.nan_to_num(reach.share)
    squeezed = np.bincount(reach.firm, amounts[2], minlength=n) > 0
    amount = np.where(squeezed[reach.firm], amounts[2], amounts[:2].max(axis=0))
    right = np.ones(len(amount))
    np.multiply.at(right, unsure.matched, unsure.is_match)
    width = np.nan_to_num(
        (unsure.share_high - unsure.share_low) / np.where(reach.share > 0, reach.share, np.nan)
    )
    kept = np.nan_to_num(
        (unsure.kept_high - unsure.kept_low) / np.where(unsure.kept > 0, unsure.kept, np.nan)
    )
    crosses = np.zeros(len(amount))
    np.maximum.at(crosses, unsure.crossing.flow, unsure.crossing.cut * (1.0 - unsure.crossing.cut))
    size = np.where(amount > 0, amount, np.nan_to_num(reach.share))
    score = {
        "links": amount**2 * unsure.exists * (1.0 - unsure.exists),
        "matches": amount**2 * right * (1.0 - right),
        "bands": amount**2 * (width**2 + kept**2) / 12.0 + size**2 * crosses,
    }
    working = dict(zip(SOURCES, np.asarray(np.any(at_work(reach, unsure), axis=1)), strict=True))
    found = {source: _largest(reach, np.where(working[source], v, 0.0)) for source, v in score.items()}
    words = ", ".join(name for name, prior in unsure.priors.items() if prior.high > prior.low)
    found["rules"] = np.full(n + 1, words, dtype=object)
    open_ = () if unsure.choices is None else unsure.choices.thresholds
    found["thresholds"] = np.full(n + 1, ", ".join(one.name for one in open_), dtype=object)
    return found


def _largest(reach: Reach, score: Floats) -> NDArray[np.object_]:
    """Flow with the highest score of each firm, and over all firms by the name of its link."""
    made = np.full(len(reach.firms) + 1, "", dtype=object)
    rows = np.flatnonzero(score > 0)
    if not rows.size:
        return made
    order = rows[np.lexsort((reach.flow[rows].astype(str), -score[rows], reach.firm[rows]))]
    first = np.r_[True, reach.firm[order[1:]] != reach.firm[order[:-1]]]
    made[reach.firm[order[first]]] = reach.flow[order[first]]
    names, at = np.unique(reach.name[rows], return_inverse=True)
    total = np.bincount(np.ravel(at), score[rows], minlength=len(names))
    made[-1] = reach.flow[rows[np.flatnonzero(np.ravel(at) == np.argmax(total))[0]]]
    return made


def questions(doubts: pd.DataFrame, firm: str = "", stat: str = "p_choose") -> tuple[Question, ...]:
    """What to ask next about a firm, or about all, most useful first; without a figure, that of squeeze.

    Parameters
    ----------
    doubts : pandas.DataFrame
        `DOUBT_COLUMNS`.
    firm : str
        Id; "" for all firms.
    stat : str
        A figure; p_choose is on the logit scale.
    """
    rows = doubts[list(DOUBT_COLUMNS)]
    mine = rows[(rows["firm"] == firm) & (rows["source"] != "together")]
    chosen = mine[mine["stat"] == stat]
    if chosen.empty:
        chosen = mine[mine["stat"] == STATS[-1]]
    chosen = chosen[chosen["estimate"] > 0].sort_values("estimate", ascending=False, kind="stable")
    told = chosen.rename(columns={"estimate": "share"})[list(Question.__slots__)].fillna({"ask": ""})
    columns = [told[name].tolist() for name in told]
    return tuple(Question(*row) for row in zip(*columns, strict=True))
