"""How large each link is: a share of the buyer's inputs (or the seller's output), given or worked out."""

import numpy as np
import pandas as pd

from analysis.supply.tables import is_nothing, place_rows
from analysis.supply.words import coded
from survey import FileFault, Finding

__all__ = ["METHODS", "size_links"]

METHODS = ("given", "value over inputs", "value over named values", "equal shares", "size unknown")
"""How a share came about, in the order of preference; of a customer list `inputs` reads `output`."""

_TOLERANCE = 1e-9
_PIECE = 1 << 20


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
    given = None if is_nothing(share) else share
    is_sized = np.ones(many, dtype=bool)
    is_sized[who] = ~np.isnan(total)[who]
    if given is not None:
        for at in _blocks(len(frame)):
            is_sized[who[at][~np.isnan(given[at])]] = True
    named, rows = (None, None) if is_sized.all() else _without_whole(value, who, is_sized)
    method, made = np.full(len(frame), 4, dtype=np.int8), np.full(len(frame), np.nan)
    sums = np.zeros(many)
    for at in _blocks(len(frame)):
        whose = who[at]
        for k, whole_of in enumerate((None, total, named, rows)):
            open_ = method[at] == 4
            if not open_.any():
                break
            if k == 0 and given is not None:
                part = given[at]
            elif whole_of is not None:
                part = (1.0 if k == 3 else value[at]) / whole_of[whose]
            else:
                continue
            chosen = open_ & ~np.isnan(part)
            np.copyto(made[at], part, where=chosen)
            method[at][chosen] = k
        sums += np.bincount(whose, weights=np.nan_to_num(made[at]), minlength=many)
    words = [word.replace("inputs", whole) for word in METHODS]
    filled = {"share": made, "share_method": coded(method, words).array, whole: total[who]}
    frame = frame.assign(
        **{name: pd.Series(cells, index=frame.index, copy=False) for name, cells in filled.items()}
    )
    _check_sums(frame, who, sums, where, party, whole)
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


def _without_whole(value: np.ndarray, who: np.ndarray, is_sized: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of parties without shares and whole: the sum of values, and the rows of those without any; else nan."""
    many = len(is_sized)
    rows, named, has_value = np.zeros(many), np.zeros(many), np.zeros(many, dtype=bool)
    for at in _blocks(len(who)):
        rows += np.bincount(who[at], minlength=many)
        named += np.bincount(who[at], weights=np.nan_to_num(value[at]), minlength=many)
        has_value[who[at][~np.isnan(value[at])]] = True
    by_value = np.where(~is_sized & (named > 0), named, np.nan)
    return by_value, np.where(~is_sized & ~has_value, rows, np.nan)


def _blocks(rows: int) -> list[slice]:
    """Rows in pieces, so that what is worked out on the way stays small."""
    return [slice(start, start + _PIECE) for start in range(0, rows, _PIECE)]


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
    most, least = np.full(many, np.nan), np.full(many, np.nan)
    if is_nothing(stated):
        return most
    for at in _blocks(len(frame)):
        is_said = stated[at] > 0
        whose, figure = who[at][is_said], stated[at][is_said]
        is_new = np.isnan(most[whose])
        most[whose[is_new]] = least[whose[is_new]] = figure[is_new]
        apart = (figure != most[whose]) | (figure != least[whose])
        np.fmax.at(most, whose[apart], figure[apart])
        np.fmin.at(least, whose[apart], figure[apart])
    differ = least < most * (1 - _TOLERANCE)
    if differ.any():
        rows = np.flatnonzero(differ[who] & (stated > 0))
        findings.append(
            Finding(
                f"{where}, column {whole}, {place_rows(frame['row'].to_numpy()[rows])}",
                f"{int(differ.sum())} {party}s with more than one figure of {whole}",
                "The largest is used: shares are never overstated.",
                f"Write one figure of {whole} a {party}.",
            )
        )
    return most


def _check_sums(
    frame: pd.DataFrame, who: np.ndarray, sums: np.ndarray, where: str, party: str, whole: str
) -> None:
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
