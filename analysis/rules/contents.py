"""Controlled content of items for each destination: exact as far as a bill names it, else bounded."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array

from analysis.rules.bills import EVERYWHERE, NOWHERE, Bills
from analysis.rules.materials import ROUNDING, bills_on, item_places

__all__ = ["CONTENT_COLUMNS", "contents_of"]

Floats = NDArray[np.float64]

CONTENT_COLUMNS = (
    "us_content_low",
    "us_content_high",
    "cn_content_low",
    "cn_content_high",
    "named",
    "rows",
)
"""Columns of `contents_of`: bounds of controlled content over the price, share of the price that the bill
names, rows of the bill in its file; nan and "" where an item has no bill."""

_HOMES = {"us": "US", "cn": "CN"}


def contents_of(bills: Bills, day: date, wanted: pd.DataFrame) -> pd.DataFrame:
    """Content of items on a day, each for the destination it goes to.

    A component of the side's origin counts whole where it would itself need a licence to the destination. One
    of another origin, or of none told, counts with what its own bill says; without a bill, one of another
    origin not at all, and one whose origin nobody knows up to the whole in the upper bound. So does what
    the bill does not name, and a component of the side whose licence nobody knows. With b what counts of the
    components over the price and A the components that have bills of their own, content = (I - A)^-1 b,
    solved at once for all items and destinations (as Leontief, 1936).

    Parameters
    ----------
    bills : Bills
    day : datetime.date
    wanted : pandas.DataFrame
        `party`, `product`, `destination` (alpha-2, "" where not known), any rows.

    Returns
    -------
    pandas.DataFrame
        `CONTENT_COLUMNS`, the index of `wanted`. A bill of the party goes before one of every seller.

    Raises
    ------
    FileFault
        As `bills_on`.
    """
    frame = bills_on(bills, day)
    made = pd.DataFrame(np.nan, index=wanted.index, columns=list(CONTENT_COLUMNS[:-1]))
    made["rows"] = pd.Series("", index=wanted.index, dtype="str")
    if frame.empty or wanted.empty:
        return made
    at = item_places(frame, wanted["party"], wanted["product"])
    told = at >= 0
    to, destinations = pd.factorize(wanted["destination"].astype("str"))
    weight = (frame["value"].fillna(0.0) / frame["price"]).to_numpy(dtype=float)
    named = np.bincount(frame["item"], weights=weight)
    rest = np.where(1.0 - named < ROUNDING, 0.0, 1.0 - named).astype(np.float64)
    for side, home in _HOMES.items():
        low, high = _solve(frame, weight, rest, home, destinations)
        for end, found in (("low", low), ("high", high)):
            made.loc[told, f"{side}_content_{end}"] = np.clip(found[at[told], to[told]], 0.0, 1.0)
    made.loc[told, "named"] = np.minimum(named[at[told]], 1.0)
    rows = frame.groupby("item")["row"].agg(["min", "max"])
    first, last = rows["min"].astype("str"), rows["max"].astype("str")
    words = ("row " + first).where(rows["min"] == rows["max"], "rows " + first + " to " + last)
    made.loc[told, "rows"] = words.to_numpy(dtype=object)[at[told]]
    return made


def _solve(
    frame: pd.DataFrame, weight: Floats, rest: Floats, home: str, destinations: pd.Index
) -> tuple[Floats, Floats]:
    """Bounds of the content of one side, shape (items, destinations); to its own country there is none."""
    from scipy.sparse.linalg import splu

    item, part = frame["item"].to_numpy(), frame["part"].to_numpy()
    ours = (frame["origin"] == home).to_numpy()
    dark = (frame["origin"] == "").to_numpy() & (part < 0)
    inside = ~ours & (part >= 0)
    many = len(rest)
    codes, cells = pd.factorize(frame["licence_to"].astype("str"))
    surely, maybe = _needs(cells, destinations)
    abroad = destinations.to_numpy() != home

    def counted(which: NDArray[np.bool_]) -> csc_array:
        return csc_array((weight[which], (item[which], codes[which])), shape=(many, len(cells)))

    low = (counted(ours) @ surely) * abroad
    high = (counted(ours | dark) @ maybe + rest[:, None]) * abroad
    if inside.any():
        passed = csc_array((weight[inside], (item[inside], part[inside])), shape=(many, many))
        solved = splu(csc_array(eye_array(many) - passed))
        low, high = solved.solve(low), solved.solve(high)
    return low, high


def _needs(cells: pd.Index, destinations: pd.Index) -> tuple[Floats, Floats]:
    """Whether each cell of `licence_to` surely needs a licence to each destination, and whether it may.

    Shape (cells, destinations), 0 or 1. Where the destination is not known nothing is sure.
    """
    words = destinations.to_numpy()
    surely = np.zeros((len(cells), len(words)))
    maybe = np.zeros((len(cells), len(words)))
    for place, cell in enumerate(cells):
        listed = np.full(len(words), True) if cell == EVERYWHERE else np.isin(words, str(cell).split("|"))
        surely[place] = listed & (words != "") & (cell not in ("", NOWHERE))
        maybe[place] = surely[place] if cell == NOWHERE else listed | (words == "") | (cell == "")
    return surely, maybe
