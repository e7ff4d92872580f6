"""Every flow a firm sells or buys, with what the rules ask about it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.activities import activities_on
from analysis.rules.beside import OTHER_FACTS, both_ends, completed, flows_beside
from analysis.rules.fields import PLAIN_KIND
from analysis.rules.itemised import CONTENT_ENDS, ITEM_FACTS, OF_ITEMS, with_bills, with_items
from analysis.rules.listings import lists_on
from analysis.rules.stated import Stated
from analysis.supply.depth import exposures
from analysis.supply.links import Links
from analysis.supply.words import in_words, plain_text
from survey import QuestionFault

__all__ = ["FLOW_COLUMNS", "flows_of"]

FLOW_COLUMNS = (
    "firm",
    "flow",
    "channel",
    "seller",
    "buyer",
    "seller_country",
    "buyer_country",
    "seller_kind",
    "buyer_kind",
    "seller_lists",
    "buyer_lists",
    "product",
    *ITEM_FACTS,
    "region",
    *CONTENT_ENDS,
    "us_through",
    "cn_through",
    "value",
    "share",
    "share_method",
    "substitutability",
    "confidence",
    "path",
    *OTHER_FACTS,
    "content",
)
"""Columns of `flows_of`."""


def flows_of(
    links: Links,
    firms: Sequence[str] | None = None,
    listings: pd.DataFrame | None = None,
    as_of: date | None = None,
    stated: Stated | None = None,
) -> pd.DataFrame:
    """Flows of some firms: one row a firm and link or activity, twice where both ends are asked about.

    Parameters
    ----------
    links : Links
        Who buys what from whom.
    firms : sequence of str, optional
        Parties to look at (the surveyed firms); default every party. A firm without links has no row.
    listings : pandas.DataFrame, optional
        `party,list,from,to,evidence`; without it nobody was screened and lists are not known.
    as_of : datetime.date, optional
        Day of lists, activities and bills; needed with `listings` and `stated`.
    stated : Stated, optional
        Activities, and bills of materials; a row on a link that is not there says nothing.

    Returns
    -------
    pandas.DataFrame
        `FLOW_COLUMNS`. `channel` is `sales`, `inputs`, or the kind of an activity; `share` is of the firm's
        sales (value over the party's `sales`, else over its named sales, else equal shares, said in
        `share_method`), of its inputs, or as stated of an activity; "" and nan mean not known.
        `substitutability` of inputs is the share of the firm's purchases of the same product that comes from
        other suppliers; else 0. `content` says where the contents come from; `path` says it too where that is
        not the file of items: rows of the bill of materials and how much of the price they name.

    Raises
    ------
    QuestionFault
        `listings` or `stated` without a day.
    FileFault
        Activities or bills that cannot be true on the day.
    """
    if as_of is None and (listings is not None or stated is not None):
        raise QuestionFault("as_of", "no day", "the day on which lists are read", "say --as-of or set as_of")
    stated = stated or Stated()
    wanted = None if firms is None else pd.Index([str(firm) for firm in firms])
    acts = None
    if stated.activities is not None and as_of is not None:
        acts = activities_on(stated.activities, as_of, stated.where)
    parties = links.parties.set_index("party")
    frame = links.frame
    if wanted is not None:
        frame = frame[in_words(frame["buyer"], wanted) | in_words(frame["supplier"], wanted)]
    frame = plain_text(frame).reset_index(drop=True)
    frame = frame.rename(columns={"link": "flow", "supplier": "seller", "country": "seller_country"})
    frame["buyer_country"] = frame["buyer"].map(parties["country"]).fillna("").astype("str")
    made = with_items(frame, links.items)
    if stated.bills is not None and as_of is not None:
        made = with_bills(made, stated.bills, as_of)
    through = exposures(links, ("US", "CN"))
    made = _around(completed(made, None if acts is None else acts[acts["link"] != ""]), parties, through)
    of_output = made["share"].to_numpy(copy=True) if links.reading == "output" else None
    if of_output is not None:
        made["share"] = np.nan
    inputs = made.assign(firm=made["buyer"], channel="inputs")
    sales = _sales(made, parties["sales"])
    if of_output is not None:
        sales["share"], sales["share_method"] = of_output, links.share_method
    inputs["substitutability"] = _elsewhere(inputs)
    parts = [inputs, sales]
    if acts is not None and as_of is not None and (acts["link"] == "").any():
        own = acts[acts["link"] == ""].reset_index(drop=True)
        beside = flows_beside(own, parties, links.items, stated, as_of)
        parts.append(both_ends(_around(beside, parties, through), stated.totals))
    if wanted is not None:
        parts = [part[part["firm"].isin(wanted)] for part in parts]
    flows = pd.concat(parts, ignore_index=True)
    for end in ("seller", "buyer"):
        flows[f"{end}_lists"] = pd.Series(None, index=flows.index, dtype="str")
    flows = flows[list(FLOW_COLUMNS)]
    return flows if listings is None or as_of is None else lists_on(flows, listings, as_of)


def _around(made: pd.DataFrame, parties: pd.DataFrame, through: pd.DataFrame) -> pd.DataFrame:
    """Flows with the kinds of their parties, the look-through of their seller, and their path in words."""
    for end in ("seller", "buyer"):
        made[f"{end}_kind"] = made[end].map(parties["kind"]).fillna("").astype("str")
    for side in ("us", "cn"):
        made[f"{side}_through"] = made["seller"].map(through[side.upper()]).to_numpy(dtype=float)
    made["path"] = _said(made)
    return made


def _sales(made: pd.DataFrame, stated: pd.Series) -> pd.DataFrame:
    sales = made.assign(firm=made["seller"], channel="sales", substitutability=0.0)
    value = sales["value"].where(sales["value"].notna(), sales["share"] * sales["inputs"])
    total = sales["firm"].map(stated).astype(float)
    named = value.groupby(sales["firm"]).transform("sum").astype(float)  # of no rows pandas makes text
    every = value.notna().groupby(sales["firm"]).transform("all") & (named > 0)
    over_sales = total.notna() & (total > 0)
    whole = total.where(over_sales, named).where(over_sales | every)
    share = (value / whole.where(whole >= named, named)).where(over_sales | every)
    equal = 1.0 / sales["firm"].groupby(sales["firm"]).transform("size")
    sales["share"] = share.where(over_sales | every, equal)
    words = np.select([over_sales, every], ["value over sales", "value over named sales"], "equal shares")
    sales["share_method"] = pd.Series(words, index=sales.index, dtype="str")
    sales["value"] = value
    return sales


def _elsewhere(inputs: pd.DataFrame) -> pd.Series:
    same = [inputs["firm"], inputs["product"]]
    bought = inputs["share"].groupby(same).transform("sum")
    supplier = inputs["share"].groupby([*same, inputs["seller"]]).transform("sum")
    spread = (1.0 - supplier / bought.where(bought > 0)).fillna(0.0).clip(0.0, 1.0)
    return spread.where(inputs["product"] != "", 0.0)


def _said(flows: pd.DataFrame) -> pd.Series:
    seller, buyer = flows["seller_country"].replace("", "?"), flows["buyer_country"].replace("", "?")
    text = flows["seller"] + " (" + seller + ") > " + flows["buyer"] + " (" + buyer + ")"
    text = text + (", " + flows["flow_kind"]).where(flows["flow_kind"] != PLAIN_KIND, "")
    text = text + (": " + flows["product"]).where(flows["product"] != "", "")
    named = ~flows["content"].isin(["", OF_ITEMS])
    return text + ("; content: " + flows["content"]).where(named, "")
