"""How large each link is: a share of the buyer's inputs (or the seller's output), given or worked out."""

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from analysis.supply.words import coded
from survey import FileFault, Finding

__all__ = ["METHODS", "size_links"]

METHODS = ("given", "value over inputs", "value over named values", "equal shares", "size unknown")
"""How a share came about, in the order of preference; of a customer list `inputs` reads `output`."""

_TOLERANCE = 1e-9


def size_links(
    frame: pd.DataFrame, where: str, findings: list[Finding], *, party: str = "buyer", whole: str = "inputs"
) -> pd.DataFrame:
    """Fill `share` and say how, in `share_method`, party by party.

    A given share stands. Else value over the party's whole (known from any of its rows). Else, for a
    party with neither shares nor a whole, value over the sum of its named values; without any value,
    equal shares of its rows. A row of a sized party that has nothing to size it by is `size unknown`
    (nan): it counts as nothing in `low` and stays in the unnamed rest of `high`.

    Parameters
    ----------
    frame : pandas.DataFrame
        `row`, `value`, `share`, the column of the party (categorical) and that of its whole.
    where : str
        File, for messages.
    findings : list of Finding
        What was odd is added.
    party, whole : str
        `buyer` and `inputs`, or `supplier` and `output`: whose share it is, and of what.

    Raises
    ------
    FileFault
        Shares of one party add to more than 1.
    """
    who, many = frame[party].cat.codes.to_numpy(), len(frame[party].cat.categories)
    value, share = frame["value"].to_numpy(), frame["share"].to_numpy()
    total = _wholes(frame, who, many, where, findings, party, whole)
    is_given, is_valued = ~np.isnan(share), ~np.isnan(value)
    has_total = ~np.isnan(total)
    is_sized = (np.bincount(who[is_given], minlength=many) > 0) | has_total
    named = np.bincount(who[is_valued], weights=value[is_valued], minlength=many)
    rows = np.bincount(who, minlength=many)
    has_value = np.bincount(who[is_valued], minlength=many) > 0
    method = np.full(len(frame), 4, dtype=np.int8)
    made = np.full(len(frame), np.nan)
    ways = (
        (is_given, lambda at: share[at]),
        (~is_given & is_valued & has_total[who], lambda at: value[at] / total[who[at]]),
        (is_valued & (~is_sized & (named > 0))[who], lambda at: value[at] / named[who[at]]),
        ((~is_sized & ~has_value)[who], lambda at: 1.0 / rows[who[at]]),
    )
    for k, (chosen, sized) in enumerate(ways):
        at = np.flatnonzero(chosen)
        made[at], method[at] = sized(at), k
    words = [word.replace("inputs", whole) for word in METHODS]
    frame = frame.assign(share=made, share_method=coded(method, words).array, **{whole: total[who]})
    _check_sums(frame, who, many, where, party, whole)
    unknown = np.flatnonzero(method == 4)
    if len(unknown):
        findings.append(
            Finding(
                f"{where}, {place_rows(frame['row'].to_numpy()[unknown])}",
                f"{len(unknown)} links of unknown size beside sized ones of the same {party}",
                "They count as nothing in low and inside the outer bound in high.",
                "Give their share or their value.",
            )
        )
    return frame


def _wholes(
    frame: pd.DataFrame,
    who: np.ndarray,
    many: int,
    where: str,
    findings: list[Finding],
    party: str,
    whole: str,
) -> np.ndarray:
    """The largest stated whole of each party, nan where none is known."""
    stated = frame[whole].to_numpy()
    at = np.flatnonzero(stated > 0)
    most = np.full(many, np.nan)
    most[who[at]] = stated[at]
    other = at[stated[at] != most[who[at]]]
    np.maximum.at(most, who[other], stated[other])
    least = most.copy()
    np.minimum.at(least, who[other], stated[other])
    mixed = np.zeros(many, dtype=bool)
    mixed[who[other]] = True
    if mixed.any():
        rest = at[mixed[who[at]]]
        np.maximum.at(most, who[rest], stated[rest])
        np.minimum.at(least, who[rest], stated[rest])
    differ = least < most * (1 - _TOLERANCE)
    if differ.any():
        rows = at[differ[who[at]]]
        findings.append(
            Finding(
                f"{where}, column {whole}, {place_rows(frame['row'].to_numpy()[rows])}",
                f"{int(differ.sum())} {party}s with more than one figure of {whole}",
                "The largest is used: shares are never overstated.",
                f"Write one figure of {whole} a {party}.",
            )
        )
    return most


def _check_sums(frame: pd.DataFrame, who: np.ndarray, many: int, where: str, party: str, whole: str) -> None:
    sums = np.bincount(who, weights=np.nan_to_num(frame["share"].to_numpy()), minlength=many)
    if not (sums > 1 + 1e-6).any():
        return
    over = np.flatnonzero((sums > 1 + 1e-6)[who])
    first = int(over[0])
    same = over[who[over] == who[first]]
    others = int((sums > 1 + 1e-6).sum()) - 1
    raise FileFault(
        f"{where}, {party} {str(frame[party].iloc[first])!r}, {place_rows(frame['row'].to_numpy()[same])}",
        f"shares that add to {sums[who[first]]:.6g}" + (f", and {others} more {party}s" if others else ""),
        f"shares of one {party}'s {whole} that add to 1 at most",
        f"correct the shares or the {whole}, or choose one period under [supply.where]",
    )
