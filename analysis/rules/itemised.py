"""What passes in each flow: the facts of its item, and where its content comes from."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.bills import Bills
from analysis.rules.contents import contents_of

__all__ = ["CONTENT_ENDS", "ITEM_FACTS", "OF_ITEMS", "settled", "with_bills", "with_items"]

ITEM_FACTS = ("hs", "eccn", "technology", "origin", "direct_product")
"""Facts of an item that are words."""

CONTENT_ENDS = ("us_content_low", "us_content_high", "cn_content_low", "cn_content_high")
"""Facts of an item that are bounds of its content."""

OF_ITEMS = "items"
"""Word of the column `content` where the contents are those of the file of items."""


def with_items(frame: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Flows with the facts of their items: those of the seller, else those of every seller of the product.

    Parameters
    ----------
    frame : pandas.DataFrame
        `seller`, `product`, text.
    items : pandas.DataFrame
        `Links.items`.

    Returns
    -------
    pandas.DataFrame
        With `ITEM_FACTS` ("" where not known), `CONTENT_ENDS` (nan where not known), `region`, and `content`:
        where the content comes from. An item with a code and no tags has none.
    """
    left = frame.rename(columns={"seller": "party"})
    own = left[["party", "product"]].merge(
        items[items["party"] != ""], on=["party", "product"], how="left", indicator=True
    )
    general = left[["product"]].merge(
        items[items["party"] == ""].drop(columns="party"), on="product", how="left"
    )
    made = frame.copy()
    found = (own["_merge"] == "both").to_numpy()
    for name in ITEM_FACTS:
        made[name] = np.where(found, own[name].fillna(""), general[name].fillna("")).astype(object)
        made[name] = made[name].astype("str")
    for name in CONTENT_ENDS:
        made[name] = np.where(found, own[name], general[name]).astype(float)
    told = made[list(CONTENT_ENDS)].notna().any(axis=1)
    made["content"] = pd.Series("", index=made.index, dtype="str").mask(told, OF_ITEMS)
    return settled(made)


def settled(made: pd.DataFrame) -> pd.DataFrame:
    """Flows whose `origin`, country or region, is split in two; an item with a code and no tags has none."""
    described = (made["hs"] != "") | (made["eccn"] != "")
    made["technology"] = made["technology"].mask(described & (made["technology"] == ""), "none")
    made["region"] = made["origin"]
    made["origin"] = made["origin"].str.slice(0, 2)
    return made


def with_bills(frame: pd.DataFrame, bills: Bills, day: date) -> pd.DataFrame:
    """Flows whose contents are those of their bill of materials, where there is one that day.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `with_items`, with `buyer_country`.
    bills : Bills
    day : datetime.date

    Raises
    ------
    FileFault
        A bill that cannot be true that day.
    """
    keys = ["seller", "product", "buyer_country"]
    which = frame.groupby(keys, sort=False).ngroup().to_numpy()
    wanted = frame[keys].drop_duplicates().reset_index(drop=True)
    found = contents_of(bills, day, wanted.set_axis(["party", "product", "destination"], axis=1))
    told = found["named"].notna().to_numpy()[which]
    made = frame.copy()
    for name in CONTENT_ENDS:
        made[name] = np.where(told, found[name].to_numpy()[which], made[name])
    percent = (found["named"] * 100).map("{:.4g}".format).astype("str")
    words = f"{Path(bills.where).name} " + found["rows"] + ", " + percent + "% of the price named"
    made["content"] = made["content"].mask(told, words.to_numpy(dtype=object)[which]).astype("str")
    return made
