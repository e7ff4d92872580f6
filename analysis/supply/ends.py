"""The two ends of a link: the parties, and what the items they sell are made of."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault, country_codes

__all__ = ["ITEM_COLUMNS", "PARTY_COLUMNS", "hs_digits", "read_items", "read_parties"]

PARTY_COLUMNS = ("party", "name", "name_ja", "country", "kind", "sales")
"""Columns of the parties; `kind` is free text such as `firm`, `military`, `defence`, `government`."""

ITEM_COLUMNS = (
    "party",
    "product",
    "hs",
    "eccn",
    "technology",
    "us_content_low",
    "us_content_high",
    "cn_content_low",
    "cn_content_high",
    "origin",
    "direct_product",
)
"""Columns of the items; contents are shares of the item's price, 0 to 1, nan where unknown."""


_HS = r"|none|\d{2}|\d{4}|\d{6}|\d{8,13}"


def _text(rows: pd.DataFrame, name: str) -> pd.Series:
    if name in rows.columns:
        return rows[name].astype("str")
    return pd.Series("", index=rows.index, dtype="str")


def _countries(rows: pd.DataFrame, name: str, path: Path, *, regions: bool = False) -> pd.Series:
    codes = country_codes(_text(rows, name), regions=regions)
    odd = np.flatnonzero(codes.isna().to_numpy())
    if len(odd):
        raise FileFault(
            f"{path}, column {name}, {place_rows(odd + 1)}",
            f"{str(rows[name].iloc[int(odd[0])])!r}, a country nobody knows",
            "a country name or code in any spelling, or an empty cell",
            "correct the name, or leave the cell empty",
        )
    return codes


def read_parties(path: Path | None) -> pd.DataFrame:
    """Parties by `PARTY_COLUMNS`; without a file, no rows.

    `sales` is the party's total sales in the money of the links (optional; nan where unknown).

    Raises
    ------
    FileFault
        No `party` column, a party named twice, a country nobody knows.
    """
    if path is None:
        empty = {name: pd.Series(dtype="float64" if name == "sales" else "str") for name in PARTY_COLUMNS}
        return pd.DataFrame(empty)
    rows = read_rows(path)
    require_columns(rows, ("party",), str(path))
    twice = np.flatnonzero(rows["party"].duplicated().to_numpy())
    if len(twice):
        raise FileFault(
            f"{path}, column party, {place_rows(twice + 1)}",
            f"{str(rows['party'].iloc[int(twice[0])])!r} a second time",
            "one row a party",
            "take the second row out",
        )
    frame = pd.DataFrame({name: _text(rows, name) for name in PARTY_COLUMNS[:3]})
    frame["name"] = frame["name"].where(frame["name"] != "", frame["party"])
    frame["country"] = _countries(rows, "country", path)
    frame["kind"] = _text(rows, "kind").str.casefold()
    frame["sales"] = numbers(_text(rows, "sales").rename("sales"), str(path), low=0.0, high=np.inf)
    return frame


def read_items(path: Path | None) -> pd.DataFrame:
    """Items by `ITEM_COLUMNS`; without a file, no rows.

    A file has `product` and any of `party` (blank: every seller of the product), `hs`, `eccn`,
    `technology` (tags joined by `;`), `us_content` and `cn_content` (or `..._low` and `..._high` where
    only bounds are known), `origin` (country, or ISO 3166-2 region such as `CN-XJ`), `direct_product`
    (`yes`, `no`: direct product of controlled US technology, software or plant). `us_content` is the
    US-origin content that would itself need a licence to the country of destination, at fair market
    value, over the price of the item (15 CFR 734, supplement 2); it is not the look-through share.

    Raises
    ------
    FileFault
        No `product` column, an item twice, an `hs` of a wrong length, a content outside 0 to 1 or with its
        bounds crossed, a country nobody knows.
    """
    if path is None:
        text = {name: pd.Series(dtype="float64" if "content" in name else "str") for name in ITEM_COLUMNS}
        return pd.DataFrame(text)
    rows = read_rows(path)
    require_columns(rows, ("product",), str(path))
    frame = pd.DataFrame(
        {name: _text(rows, name) for name in ("party", "product", "hs", "eccn", "technology")}
    )
    frame["hs"] = hs_digits(frame["hs"], path)
    frame["eccn"] = frame["eccn"].str.upper()
    frame["technology"] = frame["technology"].str.casefold().str.replace(r"\s*;\s*", ";", regex=True)
    twice = np.flatnonzero(frame.duplicated(["party", "product"]).to_numpy())
    if len(twice):
        raise FileFault(
            f"{path}, {place_rows(twice + 1)}",
            "the same party and product a second time",
            "one row an item",
            "take the second row out",
        )
    for side in ("us_content", "cn_content"):
        point = numbers(_text(rows, side).rename(side), str(path), low=0.0, high=1.0)
        for end in ("low", "high"):
            name = f"{side}_{end}"
            bound = numbers(_text(rows, name).rename(name), str(path), low=0.0, high=1.0)
            frame[name] = np.where(np.isnan(bound), point, bound)
        half = frame[f"{side}_low"].isna() != frame[f"{side}_high"].isna()
        frame[f"{side}_low"] = frame[f"{side}_low"].mask(half & frame[f"{side}_low"].isna(), 0.0)
        frame[f"{side}_high"] = frame[f"{side}_high"].mask(half & frame[f"{side}_high"].isna(), 1.0)
        crossed = np.flatnonzero((frame[f"{side}_low"] > frame[f"{side}_high"]).to_numpy())
        if len(crossed):
            raise FileFault(
                f"{path}, column {side}_low, {place_rows(crossed + 1)}",
                "a lower bound above the upper one",
                "low <= high",
                "swap the two cells",
            )
    frame["origin"] = _countries(rows, "origin", path, regions=True)
    frame["direct_product"] = _yes_no(_text(rows, "direct_product"), path)
    return frame[list(ITEM_COLUMNS)]


def hs_digits(codes: pd.Series, path: Path | str) -> pd.Series:
    """Codes of the Harmonized System without points; "" and `none` (services, software) stay.

    Raises
    ------
    FileFault
        A code of another length than 2, 4, 6 or 8 to 13 digits, with its rows.
    """
    digits = codes.str.replace(r"[.\s]", "", regex=True).str.casefold()
    odd = np.flatnonzero(~digits.str.fullmatch(_HS).to_numpy(dtype=bool))
    if len(odd):
        raise FileFault(
            f"{path}, column hs, {place_rows(odd + 1)}",
            repr(str(codes.iloc[int(odd[0])])),
            "2, 4, 6 or 8 to 13 digits, `none`, or an empty cell",
            "correct the code; a table program may have taken the zero it begins with",
        )
    return digits


def _yes_no(column: pd.Series, path: Path) -> pd.Series:
    word = column.str.casefold().replace({"1": "yes", "true": "yes", "0": "no", "false": "no"})
    odd = np.flatnonzero(~word.isin(["", "yes", "no"]).to_numpy())
    if len(odd):
        raise FileFault(
            f"{path}, column direct_product, {place_rows(odd + 1)}",
            repr(str(column.iloc[int(odd[0])])),
            "yes, no or an empty cell",
            "correct the cell",
        )
    return word.astype("str")
