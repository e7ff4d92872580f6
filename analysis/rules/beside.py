"""Activities of a day become flows of their two ends, and complete the flows of links."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.fields import PLAIN_KIND
from analysis.rules.itemised import CONTENT_ENDS, ITEM_FACTS, settled, with_bills, with_items
from analysis.rules.stated import Stated
from analysis.rules.totals import over_totals

__all__ = ["OTHER_FACTS", "both_ends", "completed", "flows_beside"]

_WORDS = ("end_use", "person_country", "currency")
_ENDS = ("stake_low", "stake_high", "growth_low", "growth_high")

OTHER_FACTS = ("flow_kind", *_WORDS, *_ENDS)
"""Facts of a flow that a link does not tell by itself."""


def completed(made: pd.DataFrame, rows: pd.DataFrame | None) -> pd.DataFrame:
    """Flows of links with what activities of that day say of them; else trade of which no more is known.

    Parameters
    ----------
    made : pandas.DataFrame
        `flow`, and the facts of `with_items`.
    rows : pandas.DataFrame or None
        From `activities_on`, those with a `link`.
    """
    blank = dict.fromkeys(_WORDS, "") | dict.fromkeys(_ENDS, np.nan)
    made = made.assign(flow_kind=PLAIN_KIND, **blank)
    made = made.astype(dict.fromkeys(("flow_kind", *_WORDS), "str"))
    if rows is None or rows.empty:
        return made
    place = pd.Index(rows["link"]).get_indexer(pd.Index(made["flow"].astype("str")))
    told = np.flatnonzero(place >= 0)
    return made if not len(told) else _said_otherwise(made, rows, told, place[told])


def flows_beside(
    rows: pd.DataFrame, parties: pd.DataFrame, items: pd.DataFrame, stated: Stated, day: date
) -> pd.DataFrame:
    """Activities that are flows of their own, one row each, with the facts of items and bills under theirs.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `activities_on`, those without a `link`.
    parties : pandas.DataFrame
        Indexed by party, with `country`: where an end's own country is blank.
    items : pandas.DataFrame
        `Links.items`.
    stated : Stated
    day : datetime.date
    """
    made = rows[["seller", "buyer", "product", "value", "confidence", "seller_share", "buyer_share"]].copy()
    made.insert(0, "flow", rows["activity"])
    made["flow_kind"] = rows["kind"]
    for end in ("seller", "buyer"):
        home = rows[end].map(parties["country"]).fillna("").astype("str")
        made[f"{end}_country"] = rows[f"{end}_country"].where(rows[f"{end}_country"] != "", home)
    made = with_items(made, items)
    if stated.bills is not None:
        made = with_bills(made, stated.bills, day)
    blank = dict.fromkeys(_WORDS, "") | dict.fromkeys(_ENDS, np.nan)
    made = made.assign(**blank).astype(dict.fromkeys(_WORDS, "str"))
    every = np.arange(len(made))
    return _said_otherwise(made, rows, every, every)


def both_ends(made: pd.DataFrame, totals: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row for each end of an activity, one where both are the same; `channel` is the kind.

    `share` is the end's own share of the channel where the study states it, else its value over the end's
    total of all such activities where that is known. Nothing replaces an activity.

    Parameters
    ----------
    made : pandas.DataFrame
        From `flows_beside`.
    totals : pandas.DataFrame, optional
        As `read_totals`.
    """
    sides = []
    for end in ("seller", "buyer"):
        ours = made if end == "seller" else made[made["seller"] != made["buyer"]]
        share = ours[f"{end}_share"]
        method = pd.Series("", index=ours.index, dtype="str").mask(share.notna(), "as stated")
        sides.append(
            ours.assign(
                firm=ours[end],
                channel=ours["flow_kind"],
                share=share,
                share_method=method,
                substitutability=0.0,
            )
        )
    return over_totals(pd.concat(sides, ignore_index=True), totals)


def _said_otherwise(
    made: pd.DataFrame, rows: pd.DataFrame, at: np.ndarray, place: np.ndarray
) -> pd.DataFrame:
    """Facts of the flows at some places, where rows of activities state them, instead of what they have."""
    made = made.copy()
    made["origin"] = made["region"]
    for name in ("flow_kind", *ITEM_FACTS, *_WORDS):
        said = rows["kind" if name == "flow_kind" else name].to_numpy(dtype=object)[place]
        column = made[name].to_numpy(dtype=object, copy=True)
        column[at] = np.where(said != "", said, column[at])
        made[name] = pd.Series(column, index=made.index, dtype="str")
    for name in (*CONTENT_ENDS, *_ENDS):
        number = rows[name].to_numpy(dtype=float)[place]
        bound = made[name].to_numpy(dtype=float, copy=True)
        bound[at] = np.where(np.isnan(number), bound[at], number)
        made[name] = bound
    stated = rows[list(CONTENT_ENDS)].notna().any(axis=1).to_numpy()[place]
    told = np.zeros(len(made), dtype=bool)
    told[at] = stated
    made["content"] = made["content"].mask(told, "activities").astype("str")
    return settled(made)
