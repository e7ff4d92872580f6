"""Links once for each technology of the catalogue that what they carry falls under."""

import numpy as np
import pandas as pd

from analysis.rules.itemised import with_items
from analysis.supply.links import Links

__all__ = ["COUNTED", "VALUED", "tagged_links", "technology_of_tags"]

VALUED, COUNTED = "by value", "flows counted alike"
"""What links weigh: their value; or 1 each, where the value of any is not known."""

_NO_TAG = "none"


def tagged_links(links: Links, technologies: pd.DataFrame) -> pd.DataFrame:
    """Links with a technology of the catalogue, one row a link and technology.

    A link has the tags of its item; where nothing is said of the seller's item, those of the same product of
    any other seller. Narrower tags count in the wider one, once.

    Parameters
    ----------
    links : Links
    technologies : pandas.DataFrame
        `tag,tags` of the catalogue.

    Returns
    -------
    pandas.DataFrame
        `link,seller,buyer,sold_from,seller_home,buyer_home,product,technology,value,inputs,inputs_rest,
        sales_rest,confidence`: `sold_from` is the country the link is sold from, the homes are those of the
        parties; `inputs` all inputs of the buyer, `inputs_rest` and `sales_rest` what no link names of the
        buyer's inputs and the seller's sales, nan where not known; `value` is 1 for each where any is not
        known (`.attrs["method"]` says so).
    """
    frame = links.frame
    parties = links.parties.drop_duplicates("party").set_index("party")
    rows = pd.DataFrame(
        {
            "link": frame["link"].astype("str"),
            "seller": frame["supplier"].astype("str"),
            "buyer": frame["buyer"].astype("str"),
            "sold_from": frame["country"].astype("str"),
            "product": frame["product"].astype("str"),
            "value": frame["value"].astype("float64"),
            "inputs": frame["inputs"].astype("float64"),
            "confidence": frame["confidence"].astype("float64").fillna(1.0),
        }
    ).reset_index(drop=True)
    for end in ("seller", "buyer"):
        rows[f"{end}_home"] = rows[end].map(parties["country"]).fillna("").astype("str")
    rows["sold_from"] = rows["sold_from"].where(rows["sold_from"] != "", rows["seller_home"])
    sales = rows["seller"].map(parties["sales"]).astype("float64")
    for end, name, whole in (("buyer", "inputs_rest", rows["inputs"]), ("seller", "sales_rest", sales)):
        named = rows.groupby(end, sort=False)["value"].transform("sum")
        rows[name] = (whole - named).clip(lower=0.0)
    rows["tags"] = _tags(rows, links.items)
    wide = technology_of_tags(technologies)
    found = rows["tags"].str.split(";").explode().str.strip().map(wide).dropna()
    pairs = pd.DataFrame({"row": found.index.to_numpy(), "technology": found.to_numpy(dtype=object)})
    pairs = pairs.drop_duplicates()
    made = rows.iloc[pairs["row"].to_numpy()].reset_index(drop=True)
    made["technology"] = pairs["technology"].to_numpy(dtype=object)
    method = COUNTED if made["value"].isna().any() else VALUED
    if method == COUNTED:
        made = made.assign(value=1.0, inputs=np.nan, inputs_rest=np.nan, sales_rest=np.nan)
    made = made.drop(columns="tags")
    made.attrs["method"] = method
    return made


def technology_of_tags(technologies: pd.DataFrame) -> dict[str, str]:
    """Tag of an item to the technology of the catalogue it falls under."""
    wide = {str(tag): str(tag) for tag in technologies["tag"]}
    for tag, narrower in zip(technologies["tag"], technologies["tags"], strict=True):
        wide |= {word: str(tag) for word in str(narrower).split("|") if word}
    return wide


def _tags(rows: pd.DataFrame, items: pd.DataFrame) -> "pd.Series[str]":
    """Tags of each link joined by `;`: of its item, else of the product as other sellers describe it."""
    if items.empty:
        return pd.Series("", index=rows.index, dtype="str")
    known = with_items(rows[["seller", "product"]], items)["technology"].astype("str")
    told = items[(items["technology"] != "") & (items["product"] != "")]
    words = told.assign(word=told["technology"].str.split(";")).explode("word")
    words = words[["product", "word"]].drop_duplicates().sort_values(["product", "word"])
    by_product = words.groupby("product")["word"].agg(";".join)
    others = rows["product"].map(by_product).fillna("").astype("str")
    return known.where(known != "", others).replace(_NO_TAG, "")
