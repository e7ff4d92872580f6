"""Bills of materials of some made-up goods, written so that they say what the table of items says."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["bill_table"]

_PRICE = 1000.0
_MANY = 6
_BOUGHT = 0.2
_EVERYWHERE = 0.6
_CHIPS = ("logic_chips", "memory_chips")
_WITH_CHIPS = ("telecom_equipment", "servers", "chip_making_equipment", "vehicle_modules")

_COLUMNS = ("party", "product", "component", "supplier", "origin", "value", "price", "licence_to", "evidence")


def bill_table(links: pd.DataFrame, items: pd.DataFrame, firms: NDArray[np.object_]) -> pd.DataFrame:
    """Components of the goods whose US content is known as bounds, and of a controlled good of six firms.

    A bill of a good with bounds names less than its price: the rest is what the bounds leave open. Each of
    the six holds a chip that the firm buys, whose maker's own bill is there too. Two fifths of the US parts
    need a licence to China and Hong Kong alone. For China the bills say what the table of items says; nothing
    is drawn at random.

    Parameters
    ----------
    links, items : pandas.DataFrame
        As `World` holds them.
    firms : numpy.ndarray
        Ids of the firms of the survey.

    Returns
    -------
    pandas.DataFrame
        `party,product,component,supplier,origin,value,price,licence_to,evidence`; the price, 1,000, stands in
        the first row of a good.
    """
    ours = items[items["party"].isin(list(firms)) & (items["origin"] == "JP")]
    unsure = ours[ours["us_content_low"] < ours["us_content_high"]]
    held = _held(links, items, ours)
    makers = held[["supplier", "component"]].set_axis(["party", "product"], axis=1).drop_duplicates()
    made = [
        _parts(unsure.assign(component="", supplier="", us_bought=0.0, cn_bought=0.0)),
        _parts(held),
        _parts(makers.merge(items).assign(component="", supplier="", us_bought=0.0, cn_bought=0.0)),
    ]
    rows = pd.concat(made, ignore_index=True)
    first = ~rows.duplicated(["party", "product"])
    rows["price"] = np.where(first, _PRICE, np.nan)
    return rows.assign(evidence="synthetic")[list(_COLUMNS)]


def _held(links: pd.DataFrame, items: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """A controlled good of each of the first firms, with a component that the firm buys from its maker."""
    known = items[(items["us_content_low"] == items["us_content_high"]) & (items["us_content_low"] > 0.1)]
    known = known[known["product"].isin(_CHIPS)]
    known = known[~known["origin"].isin(["US", "CN", "CN-XJ"]) & ~known["party"].isin(ours["party"])]
    bought = links[["buyer", "supplier", "product"]].merge(
        known[["party", "product", "us_content_low", "cn_content_low", "origin"]],
        left_on=["supplier", "product"],
        right_on=["party", "product"],
    )
    bought = bought.drop(columns="party").set_axis(
        ["party", "supplier", "component", "us_bought", "cn_bought", "made_in"], axis=1
    )
    goods = ours[ours["product"].isin(_WITH_CHIPS) & (ours["us_content_low"] > 0.25)]
    goods = goods[goods["us_content_low"] == goods["us_content_high"]]
    both = goods.merge(bought, on="party")
    fits = both["us_content_low"] >= _BOUGHT * both["us_bought"] + 0.02
    both = both[fits & (both["cn_content_low"] >= _BOUGHT * both["cn_bought"])]
    both = both.sort_values(["party", "product", "supplier", "component"], kind="stable")
    return both.drop_duplicates("party").drop_duplicates(["supplier", "component"]).head(_MANY)


def _parts(goods: pd.DataFrame) -> pd.DataFrame:
    """Rows of the bills of some goods: parts from both sides, the bought component, own work."""
    goods = goods.reset_index(drop=True)
    share = np.where(goods["component"] == "", 0.0, _BOUGHT)
    us = (goods["us_content_low"] - share * goods["us_bought"]).to_numpy(dtype=float)
    cn = (goods["cn_content_low"] - share * goods["cn_bought"]).to_numpy(dtype=float)
    rest = (goods["us_content_high"] - goods["us_content_low"]).to_numpy(dtype=float)
    made_in = goods["made_in"] if "made_in" in goods.columns else goods["component"]
    home = goods["origin"].str.slice(0, 2)
    nobody = pd.Series("", index=goods.index, dtype="str")
    wide = np.round(_EVERYWHERE * us, 3)
    rows = [
        (nobody + "us_parts", nobody, nobody + "US", wide, "all"),
        (nobody + "us_chips", nobody, nobody + "US", us - wide, "CN|HK"),
        (nobody + "cn_parts", nobody, nobody + "CN", cn, "all"),
        (goods["component"], goods["supplier"], made_in, share, ""),
        (nobody + "own_work", nobody, home, 1.0 - us - cn - share - rest, ""),
    ]
    parts = []
    for place, (component, supplier, origin, value, licence) in enumerate(rows):
        part = goods[["party", "product"]].assign(component=component, supplier=supplier, origin=origin)
        parts.append(part.assign(licence_to=licence, place=place, value=np.round(value * _PRICE, 4)))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["value"] > 0) & (table["component"] != "")]
    return table.sort_values(["party", "product", "place"], kind="stable")
