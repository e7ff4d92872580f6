"""Every flow a firm sells or buys, with what the rules ask about it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.listings import lists_on
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
    "hs",
    "eccn",
    "technology",
    "origin",
    "region",
    "direct_product",
    "us_content_low",
    "us_content_high",
    "cn_content_low",
    "cn_content_high",
    "us_through",
    "cn_through",
    "value",
    "share",
    "share_method",
    "substitutability",
    "confidence",
    "path",
)
"""Columns of `flows_of`."""

_ITEM = ("hs", "eccn", "technology", "origin", "direct_product")
_CONTENT = ("us_content_low", "us_content_high", "cn_content_low", "cn_content_high")


def flows_of(
    links: Links,
    firms: Sequence[str] | None = None,
    listings: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Flows of some firms: one row a firm and link, twice where both ends are asked about.

    Parameters
    ----------
    links : Links
        Who buys what from whom.
    firms : sequence of str, optional
        Parties to look at (the surveyed firms); default every party. A firm without links has no row.
    listings : pandas.DataFrame, optional
        `party,list,from,to,evidence`; without it nobody was screened and lists are not known.
    as_of : datetime.date, optional
        Day of the lists; needed with `listings`.

    Returns
    -------
    pandas.DataFrame
        `FLOW_COLUMNS`. `channel` is `sales` or `inputs`; `share` is of the firm's sales (value over the
        party's `sales`, else over its named sales, else equal shares, said in `share_method`) or of its
        inputs; "" and nan mean not known. `substitutability` of inputs is the share of the firm's
        purchases of the same product that comes from other suppliers; of sales 0.

    Raises
    ------
    QuestionFault
        `listings` without a day.
    """
    if listings is not None and as_of is None:
        raise QuestionFault("as_of", "no day", "the day on which lists are read", "say --as-of or set as_of")
    wanted = None if firms is None else pd.Index([str(firm) for firm in firms])
    frame = links.frame
    if wanted is not None:
        frame = frame[in_words(frame["buyer"], wanted) | in_words(frame["supplier"], wanted)]
    frame = plain_text(frame).reset_index(drop=True)
    frame = frame.rename(columns={"link": "flow", "supplier": "seller", "country": "seller_country"})
    made = _with_items(frame, links.items)
    parties = links.parties.set_index("party")
    made["buyer_country"] = made["buyer"].map(parties["country"]).fillna("").astype("str")
    for end in ("seller", "buyer"):
        made[f"{end}_kind"] = made[end].map(parties["kind"]).fillna("").astype("str")
    through = exposures(links, ("US", "CN"))
    for side in ("us", "cn"):
        made[f"{side}_through"] = made["seller"].map(through[side.upper()]).to_numpy(dtype=float)
    made["path"] = _said(made)
    of_output = made["share"].to_numpy(copy=True) if links.reading == "output" else None
    if of_output is not None:
        made["share"] = np.nan
    inputs = made.assign(firm=made["buyer"], channel="inputs")
    sales = _sales(made, parties["sales"])
    if of_output is not None:
        sales["share"], sales["share_method"] = of_output, links.share_method
    if wanted is not None:
        inputs, sales = inputs[inputs["firm"].isin(wanted)], sales[sales["firm"].isin(wanted)]
    inputs["substitutability"] = _elsewhere(inputs)
    flows = pd.concat([inputs, sales], ignore_index=True)
    for end in ("seller", "buyer"):
        flows[f"{end}_lists"] = pd.Series(None, index=flows.index, dtype="str")
    flows = flows[list(FLOW_COLUMNS)]
    return flows if listings is None or as_of is None else lists_on(flows, listings, as_of)


def _with_items(frame: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    left = frame.rename(columns={"seller": "party"})
    own = left[["party", "product"]].merge(
        items[items["party"] != ""], on=["party", "product"], how="left", indicator=True
    )
    general = left[["product"]].merge(
        items[items["party"] == ""].drop(columns="party"), on="product", how="left"
    )
    made = frame.copy()
    found = (own["_merge"] == "both").to_numpy()
    for name in _ITEM:
        made[name] = np.where(found, own[name].fillna(""), general[name].fillna("")).astype(object)
        made[name] = made[name].astype("str")
    for name in _CONTENT:
        made[name] = np.where(found, own[name], general[name]).astype(float)
    described = (made["hs"] != "") | (made["eccn"] != "")
    made["technology"] = made["technology"].mask(described & (made["technology"] == ""), "none")
    made["region"] = made["origin"]
    made["origin"] = made["origin"].str.slice(0, 2)
    return made


def _sales(made: pd.DataFrame, stated: pd.Series) -> pd.DataFrame:
    sales = made.assign(firm=made["seller"], channel="sales", substitutability=0.0)
    value = sales["value"].where(sales["value"].notna(), sales["share"] * sales["inputs"])
    total = sales["firm"].map(stated)
    named = value.groupby(sales["firm"]).transform("sum")
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


def _said(made: pd.DataFrame) -> pd.Series:
    seller, buyer = made["seller_country"].replace("", "?"), made["buyer_country"].replace("", "?")
    text = made["seller"] + " (" + seller + ") > " + made["buyer"] + " (" + buyer + ")"
    return text + (": " + made["product"]).where(made["product"] != "", "")
