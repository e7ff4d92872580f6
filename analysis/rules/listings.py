"""Who stands on which list, and on which day."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.supply.tables import place_rows, read_rows
from survey import FileFault, nearest

__all__ = ["LISTING_COLUMNS", "lists_on", "read_listings"]

LISTING_COLUMNS = ("party", "list", "from", "to", "evidence", "program", "taken")
"""Columns of a file of listings; `list` is an instrument id such as US-EL; empty dates are open; `program` of
a sanctions list, several with `;`; `taken`: the day on which the list was taken from its publisher."""


def read_listings(path: Path, catalogue: Catalogue) -> pd.DataFrame:
    """Listings of parties by `LISTING_COLUMNS`.

    Raises
    ------
    FileFault
        No column `party` or `list`, no row, no party, a list that is no instrument of the catalogue, a date
        that is none, a last day before the first.
    """
    rows = read_rows(path)
    for name in ("party", "list"):
        if name not in rows.columns:
            raise FileFault(
                f"{path}, header",
                f"no column {name!r}: " + ", ".join(str(word) for word in rows.columns[:8]),
                "the columns " + ", ".join(LISTING_COLUMNS),
                "make listings of it:  crosspressure match STUDY --list F --listings listings.csv",
            )
    blank = pd.Series("", index=rows.index, dtype="str")
    frame = pd.DataFrame({name: rows[name] if name in rows.columns else blank for name in LISTING_COLUMNS})
    nobody = np.flatnonzero((frame["party"] == "").to_numpy())
    if len(nobody):
        raise FileFault(
            f"{path}, column party, {place_rows(nobody + 1)}", "no party", "the id of a party", "fill it in"
        )
    known = tuple(catalogue.instruments["id"])
    odd = np.flatnonzero(~frame["list"].isin(known).to_numpy())
    if len(odd):
        word = str(frame["list"].iloc[int(odd[0])])
        raise FileFault(
            f"{path}, column list, {place_rows(odd + 1)}",
            repr(word),
            "the id of an instrument of the catalogue",
            nearest(word, known),
        )
    for name in ("from", "to", "taken"):
        text = frame[name]
        parsed = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
        wrong = np.flatnonzero(((text != "") & parsed.isna()).to_numpy())
        if len(wrong):
            raise FileFault(
                f"{path}, column {name}, {place_rows(wrong + 1)}",
                repr(str(text.iloc[int(wrong[0])])),
                "a date such as 2021-12-15, or an empty cell",
                "correct the date",
            )
    backwards = (frame["from"] != "") & (frame["to"] != "") & (frame["from"] > frame["to"])
    wrong = np.flatnonzero(backwards.to_numpy())
    if len(wrong):
        raise FileFault(
            f"{path}, column to, {place_rows(wrong + 1)}",
            "a last day before the first: " + " to ".join(frame[["from", "to"]].iloc[int(wrong[0])]),
            "the last day on the list, or an empty cell",
            "correct the date",
        )
    return frame


def lists_on(flows: pd.DataFrame, listings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The same flows with `seller_lists` and `buyer_lists` of a day (last days included).

    Returns
    -------
    pandas.DataFrame
        Lists joined by `;`, "" for a party that stands on none.
    """
    day = as_of.isoformat()
    rows = listings.fillna("")
    start, end = rows["from"].astype("str").str.slice(0, 10), rows["to"].astype("str").str.slice(0, 10)
    now = rows[((start == "") | (start <= day)) & ((end == "") | (end >= day))]
    pairs = now[["party", "list"]].drop_duplicates().sort_values(["party", "list"])
    joined = pairs.groupby("party")["list"].agg(";".join)
    flows = flows.copy()
    for end_name in ("seller", "buyer"):
        flows[f"{end_name}_lists"] = flows[end_name].map(joined).astype("object").fillna("").astype("str")
    return flows
