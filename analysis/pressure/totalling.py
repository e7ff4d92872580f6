"""Totals of a channel asked in the survey: shares of flows whose value alone is known."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.banded import share_is_open
from analysis.pressure.channels import channel_names

__all__ = ["over_asked", "total_ends"]

Floats = NDArray[np.float64]

_NAMED = ("value over named values", "value over named sales")
"""Denominators that are only what happens to be named."""

_ASKED = "value over the total asked"


def total_ends(
    flows: pd.DataFrame, answers: pd.DataFrame | None
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """Lowest and highest share of each flow by the total its firm answered, nan where that tells nothing.

    A total below what the firm's flows of the channel add up to is taken to be that sum, as sales are. It
    tells nothing of a flow without a value, and of one whose share links or activities know.

    Parameters
    ----------
    flows : pandas.DataFrame
        From `flows_of`.
    answers : pandas.DataFrame or None
        From `answers_of`.

    Returns
    -------
    low, high : shape (f,) each; and the question answered, "" where none
    """
    none = np.full(len(flows), np.nan)
    told = None if answers is None else answers[answers["what"] == "total"]
    if told is None or told.empty or flows.empty:
        return none, none, np.full(len(flows), "", dtype=object)
    told = told.drop_duplicates(["firm", "channel"]).set_index(["firm", "channel"])
    firm, channel = flows["firm"].astype("str").to_numpy(), channel_names(flows).astype("str").to_numpy()
    own = told.reindex(pd.MultiIndex.from_arrays([firm, channel]))
    value = flows["value"].to_numpy(dtype=np.float64)
    named = pd.Series(np.nan_to_num(value)).groupby([firm, channel]).transform("sum").to_numpy()
    is_open = share_is_open(flows) | flows["share_method"].isin([*_NAMED, _ASKED]).to_numpy()
    counts = is_open & (value > 0.0) & own["low"].notna().to_numpy()
    ends = [
        np.where(counts, value / np.maximum(own[end].to_numpy(dtype=float), named), np.nan)
        for end in ("high", "low")
    ]
    question = np.where(counts, own["question"].fillna("").to_numpy(dtype=object), "")
    return ends[0], ends[1], question.astype(object)


def over_asked(flows: pd.DataFrame, answers: pd.DataFrame | None) -> pd.DataFrame:
    """Flows with their value over the total asked; a total in a band leaves the share to `with_answers`.

    Parameters
    ----------
    flows : pandas.DataFrame
        From `flows_of`.
    answers : pandas.DataFrame or None
        From `answers_of`.
    """
    low, high, question = total_ends(flows, answers)
    counts = question != ""
    if not counts.any():
        return flows
    share = np.where(low == high, low, np.nan)
    return flows.assign(
        share=np.where(counts, share, flows["share"].to_numpy(dtype=np.float64)),
        share_method=flows["share_method"].mask(counts, _ASKED),
    )
