"""What links take from their parties, and parties from their links: countries, names, ids."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.supply.ends import read_parties
from analysis.supply.words import coded, distinct_keys, in_words

__all__ = ["all_parties", "link_ids", "with_homes"]

_DIGITS = (np.arange(1000)[:, None] // np.array([100, 10, 1]) % 10 + ord("0")).astype(np.uint8)
"""The three digits of each number under 1,000, shape (1000, 3)."""

_PIECE = 100_000
"""Rows written together, so that they stay in the processor's cache."""


def with_homes(frame: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Links whose country is blank take that of their supplier in the file of parties."""
    blank = in_words(frame["country"], [""])
    if not blank.any():
        return frame
    home = parties.set_index("party")["country"]
    by_name = home.reindex(frame["supplier"].cat.categories).fillna("").astype("str").to_numpy(dtype=object)
    country = frame["country"].cat
    words = pd.Index(country.categories).append(pd.Index(pd.unique(by_name))).unique()
    of_name = words.get_indexer(by_name)
    codes = np.where(blank, of_name[frame["supplier"].cat.codes.to_numpy()], country.codes.to_numpy())
    return frame.assign(country=coded(codes, words).array)


def link_ids(frame: pd.DataFrame) -> pd.Series:
    """The id of each link: as given, else `L` and the row of the file in six digits or more."""
    numbered = _numbered(frame["row"].to_numpy()).to_pandas().array
    ids = pd.Series(numbered, index=frame.index, dtype="str", copy=False)
    given = ~in_words(frame["link"], [""])
    return frame["link"].astype("str").where(given, ids) if given.any() else ids


def _numbered(row: np.ndarray) -> pa.Array:
    """`L` and each number in six digits or more, written by threes, rows of one length together."""
    if not len(row) or (np.diff(row) < 0).any() or row[0] < 0 or row[-1] >= 2**31:
        padded = pc.utf8_lpad(pa.array(row).cast(pa.string()), 6, "0")
        return pc.binary_join_element_wise("L", padded, "")
    texts, sizes, start, width = [], [], 0, 6
    while start < len(row):
        end = int(np.searchsorted(row, 10**width))
        digits = np.empty((end - start, width + 1), dtype=np.uint8)
        for at in range(start, end, _PIECE):
            rest = row[at : min(at + _PIECE, end)].astype(np.uint32)
            cells = digits[at - start : at - start + len(rest)]
            cells[:, 0] = ord("L")
            for k in range(width, 0, -3):
                shorter = rest // np.uint32(1000)
                first = max(k - 2, 1)
                cells[:, first : k + 1] = _DIGITS[rest - shorter * np.uint32(1000), first - k - 1 :]
                rest = shorter
        texts.append(digits.ravel())
        sizes.append(np.full(end - start, width + 1))
        start, width = end, width + 1
    places = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    written = pa.py_buffer(np.concatenate(texts))
    return pa.LargeStringArray.from_buffers(len(row), pa.py_buffer(places.astype(np.int64)), written)


def all_parties(frame: pd.DataFrame, parties: pd.DataFrame | None, reading: str) -> pd.DataFrame:
    """The parties of the file, and a row for each party of the links that it does not name.

    A party not named there is in the country all its links agree on; of a customer list the seller's
    `output` is its sales.
    """
    names = frame["buyer"].cat.categories
    buyer, supplier = (frame[end].cat.codes.to_numpy() for end in ("buyer", "supplier"))
    used = np.zeros(len(names), dtype=bool)
    used[buyer] = used[supplier] = True
    country = _agreed(frame["country"], supplier, len(names))
    if "buyer_country" in frame.columns:
        at_home = _agreed(frame["buyer_country"], buyer, len(names))
        country = np.where(country == "", at_home, country)
    sales = np.full(len(names), np.nan)
    if reading == "output":
        sales[supplier] = frame["output"].to_numpy()
    made = pd.DataFrame({"party": names, "name": names, "name_ja": "", "kind": "", "sales": sales})
    made["country"] = pd.array(country, dtype="str")
    made = made[["party", "name", "name_ja", "country", "kind", "sales"]][used].reset_index(drop=True)
    if parties is None or parties.empty:
        return made if parties is None else made.astype(dict(read_parties(None).dtypes))
    known = parties.set_index("party")
    told = made.set_index("party")
    for name, blank in (("country", known["country"] == ""), ("sales", known["sales"].isna())):
        found = told[name].reindex(known.index)
        take = blank & found.notna() & (name == "sales")
        known[name] = known[name].where(~take, found)
    return pd.concat([known.reset_index(), made[~made["party"].isin(parties["party"])]], ignore_index=True)


def _agreed(country: pd.Series, who: np.ndarray, many: int) -> np.ndarray:
    """The one country of each party, "" where its links know none or several."""
    words, codes = country.cat.categories, country.cat.codes.to_numpy()
    pairs = distinct_keys(who.astype(np.int64) * len(words) + codes, many * len(words))
    whose, which = pairs // len(words), pairs % len(words)
    known = np.asarray(words != "")[which]
    found = np.full(many, len(words))
    found[whose[known]] = which[known]
    several = np.bincount(whose[known], minlength=many) > 1
    texts = np.append(words.to_numpy(dtype=object), "")
    return texts[np.where(several, len(words), found)]
