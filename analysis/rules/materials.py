"""Which components count on a day, and which of them are items with bills of their own."""

from datetime import date

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from analysis.rules.bills import Bills
from analysis.supply.tables import place_rows
from survey import FileFault

__all__ = ["ROUNDING", "bills_on", "item_places"]

ROUNDING = 1e-9
"""Share of a price by which components may pass it, and below which nothing is left unnamed."""


def bills_on(bills: Bills, day: date) -> pd.DataFrame:
    """Components that count on a day (last days included), with the numbers of their items.

    Returns
    -------
    pandas.DataFrame
        `bills.BILL_COLUMNS` with `price` in every row; `item` numbers the items in order of appearance,
        `part` is the number of the item that the component is, -1 where it has no bill.

    Raises
    ------
    FileFault
        An item without a price, with two prices or two currencies, components that cost more than their
        item, items that are components of themselves: with their rows.
    """
    text = day.isoformat()
    frame = bills.frame
    begun = (frame["from"] == "") | (frame["from"] <= text)
    frame = frame[begun & ((frame["to"] == "") | (frame["to"] >= text))].reset_index(drop=True)
    frame["item"] = frame.groupby(["party", "product"], sort=False).ngroup()
    for name, given in (("price", frame["price"].notna()), ("currency", frame["currency"] != "")):
        many = frame[given].groupby("item")[name].nunique()
        _refuse(
            bills, frame[given], many.index[many > 1], name, f"more than one {name} of an item", f"one {name}"
        )
    price = frame.groupby("item")["price"].transform("max")
    _refuse(bills, frame, frame.loc[price.isna(), "item"], "price", "an item without a price", "its price")
    frame["price"] = price
    spent = frame["value"].fillna(0.0).groupby(frame["item"]).transform("sum")
    over = frame.loc[spent > price * (1.0 + ROUNDING), "item"]
    _refuse(bills, frame, over, "value", "components that cost more than their item", "at most its price")
    maker = frame["supplier"].where(frame["supplier"] != "", frame["party"])
    frame["part"] = item_places(frame, maker, frame["component"])
    _refuse_loops(bills, frame)
    return frame


def item_places(frame: pd.DataFrame, party: pd.Series, product: pd.Series) -> np.ndarray:
    """Number of the item of each party and product, else of every seller's, else -1; shape (rows,).

    Parameters
    ----------
    frame : pandas.DataFrame
        From `bills_on`: `party`, `product`, `item`.
    party, product : pandas.Series
        What to look up.
    """
    items = frame[["party", "product", "item"]].drop_duplicates()
    index = pd.MultiIndex.from_frame(items[["party", "product"]])
    number = np.append(items["item"].to_numpy(dtype=np.int64), -1)
    words = product.astype("str")
    own = index.get_indexer(pd.MultiIndex.from_arrays([party.astype("str"), words]))
    anyone = pd.Series("", index=words.index, dtype="str")
    general = index.get_indexer(pd.MultiIndex.from_arrays([anyone, words]))
    return number[np.where(own >= 0, own, general)]


def _refuse(bills: Bills, frame: pd.DataFrame, items: object, column: str, found: str, expected: str) -> None:
    bad = frame[frame["item"].isin(list(pd.unique(pd.Series(items))))]
    if len(bad):
        first = bad[bad["item"] == bad["item"].iloc[0]]
        name = " ".join(word for word in first[["party", "product"]].iloc[0] if word)
        raise FileFault(
            f"{bills.where}, column {column}, {place_rows(first['row'].to_numpy())}",
            f"{found}: {name}",
            expected,
            "correct the bill of this item",
        )


def _refuse_loops(bills: Bills, frame: pd.DataFrame) -> None:
    """An item that is a component of itself, over any number of steps, has no content that can be counted."""
    from scipy.sparse.csgraph import connected_components

    inside = frame[frame["part"] >= 0]
    many = int(frame["item"].max()) + 1 if len(frame) else 0
    item, part = inside["item"].to_numpy(), inside["part"].to_numpy()
    _, group = connected_components(
        coo_array((np.ones(len(inside)), (item, part)), shape=(many, many)),
        directed=True,
        connection="strong",
    )
    looped = np.flatnonzero(group[item] == group[part])
    if len(looped):
        rows = inside.iloc[looped[group[item[looped]] == group[item[looped[0]]]]]
        raise FileFault(
            f"{bills.where}, column component, {place_rows(rows['row'].to_numpy())}",
            "items that are components of themselves: "
            + ", ".join((rows["component"] + " in " + rows["product"]).head(5)),
            "components that do not contain their item",
            "correct the component, or its supplier",
        )
