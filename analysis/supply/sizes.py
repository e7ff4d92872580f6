"""How large each link is: a share of the buyer's inputs, given or worked out, and which."""

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from survey import FileFault, Finding

__all__ = ["METHODS", "merge_links", "size_links"]

METHODS = ("given", "value over inputs", "value over named values", "equal shares", "size unknown")
"""How a share came about, in the order of preference."""

_TOLERANCE = 1e-9


def size_links(
    frame: pd.DataFrame, where: str, numbering: np.ndarray, findings: list[Finding]
) -> pd.DataFrame:
    """Fill `share` and say how, in `share_method`, buyer by buyer.

    A given share stands. Else value over the buyer's inputs (known from any of its rows). Else, for a
    buyer with neither shares nor inputs, value over the sum of its named values; without any value,
    equal shares of its rows. A row of a sized buyer that has nothing to size it by is `size unknown`
    (nan): it counts as nothing in `low` and stays in the unnamed rest of `high`.

    Raises
    ------
    FileFault
        Shares of one buyer add to more than 1.
    """
    frame = frame.copy()
    buyer = frame["buyer"]
    stated = frame["inputs"].where(frame["inputs"] > 0)
    by_buyer = stated.groupby(buyer)
    inputs = by_buyer.transform("max")
    differ = by_buyer.transform("min") < inputs * (1 - _TOLERANCE)
    if bool(differ.any()):
        rows = np.flatnonzero(differ.to_numpy())
        findings.append(
            Finding(
                f"{where}, column inputs, {place_rows(numbering[frame['row'].to_numpy()[rows]])}",
                f"{buyer[differ].nunique()} buyers with more than one figure of inputs",
                "The largest is used: shares are never overstated.",
                "Write one figure of inputs a buyer.",
            )
        )
    given = frame["share"].notna()
    over_inputs = ~given & frame["value"].notna() & inputs.notna()
    sized = (given | inputs.notna()).groupby(buyer).transform("any")
    valued = frame["value"].notna().groupby(buyer).transform("any")
    over_named = ~sized & valued & frame["value"].notna()
    equal = ~sized & ~valued
    named = frame["value"].groupby(buyer).transform("sum")
    share = frame["share"].where(given, frame["value"] / inputs)
    share = share.where(~over_named, (frame["value"] / named).where(named > 0))
    share = share.where(~equal, 1.0 / buyer.groupby(buyer).transform("size"))
    chosen = [given, over_inputs, over_named & share.notna(), equal]
    frame["share_method"] = pd.Series(
        np.select([c.to_numpy(dtype=bool) for c in chosen], list(METHODS[:4]), METHODS[4]),
        index=frame.index,
        dtype="str",
    )
    frame["share"] = share.where(frame["share_method"] != METHODS[4])
    frame["inputs"] = inputs
    _check_sums(frame, where, numbering)
    unknown = np.flatnonzero((frame["share_method"] == METHODS[4]).to_numpy())
    if len(unknown):
        findings.append(
            Finding(
                f"{where}, {place_rows(numbering[frame['row'].to_numpy()[unknown]])}",
                f"{len(unknown)} links of unknown size beside sized ones of the same buyer",
                "They count as nothing in low and inside the outer bound in high.",
                "Give their share or their value.",
            )
        )
    return frame


def _check_sums(frame: pd.DataFrame, where: str, numbering: np.ndarray) -> None:
    sums = frame["share"].groupby(frame["buyer"]).transform("sum")
    over = np.flatnonzero((sums > 1 + 1e-6).to_numpy())
    if len(over):
        first = int(over[0])
        rows = place_rows(numbering[frame["row"].to_numpy()[over]])
        raise FileFault(
            f"{where}, buyer {frame['buyer'].iloc[first]!r}, {rows}",
            f"shares that add to {float(sums.iloc[first]):.6g}",
            "shares of one buyer's inputs that add to 1 at most",
            "correct the shares or the inputs, or choose one period under [supply.where]",
        )


def merge_links(
    frame: pd.DataFrame, where: str, numbering: np.ndarray, findings: list[Finding]
) -> pd.DataFrame:
    """One row a link (buyer, supplier, country, product, period): values and shares are added up.

    Confidence is the lowest, evidence is joined, the id is that of the first row.
    """
    key = ["buyer", "supplier", "country", "product", "period"]
    again = frame.duplicated(key).to_numpy()
    if not again.any():
        return frame.reset_index(drop=True)
    findings.append(
        Finding(
            f"{where}, {place_rows(numbering[frame['row'].to_numpy()[again]])}",
            f"{int(again.sum())} rows that repeat a link (same buyer, supplier, country, product, period)",
            "Their values and shares are added to the first.",
            "Take rows out that were entered twice.",
        )
    )
    groups = frame.groupby(key, sort=False, observed=False)
    merged = groups[["link", "inputs", "row", "share_method"]].first()
    merged[["value", "share"]] = groups[["value", "share"]].sum(min_count=1)
    merged["confidence"] = groups["confidence"].min()
    merged = merged.reset_index()
    notes = frame.loc[frame["evidence"] != ""].drop_duplicates([*key, "evidence"])
    joined = notes.groupby(key, sort=False, observed=False)["evidence"].agg("; ".join)
    merged["evidence"] = joined.reindex(pd.MultiIndex.from_frame(merged[key])).to_numpy()
    merged["evidence"] = merged["evidence"].fillna("").astype("str")
    return merged
