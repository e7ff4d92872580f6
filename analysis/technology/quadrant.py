"""What to protect, what to source from trusted partners, what to compete with: a rule on two measures."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.technology.sides import Sided

__all__ = ["HIGH_PART", "MAP_COLUMNS", "QUADRANTS", "technology_map"]

HIGH_PART = 0.3
"""Least part that counts as high (open parameter)."""

QUADRANTS = ("protect", "both", "source", "compete")
"""Indispensable and not dependent; both; dependent and not indispensable; neither."""

MAP_COLUMNS = (
    *("technology", "home", "side", "dependence", "dependence_low", "dependence_high", "needers"),
    *("indispensability", "indispensability_low", "indispensability_high", "holders", "customers"),
    *("quadrant", "stat", "n", "estimate", "high", "level", "method", "flag"),
)
"""Columns of `technology_map`."""

_NO_PURCHASE = "nobody of the home is known to buy it"
_NOT_KNOWN = "not known how much of it the side has from elsewhere"


def technology_map(sided: Sided, *, high: float = HIGH_PART) -> pd.DataFrame:
    """One row a technology, home and side, with the quadrant of the points and how sure it is.

    Dependence is `leads_to` (0 where nobody of the home is known to buy the technology), indispensability is
    `missed` (0 where the side is known to buy it and not from the home). High is `high` or more. `protect`:
    indispensability high, dependence not; `source` (from trusted partners): dependence high, indispensability
    not; `both`; `compete`: neither is high, so that others hold it as well.

    Parameters
    ----------
    sided : Sided
    high : float

    Returns
    -------
    pandas.DataFrame
        `MAP_COLUMNS`: `estimate` of stat `quadrant` is the share of draws in the same quadrant, `n` the firms
        and buyers behind it. The quadrant is "" where indispensability is not known, and `flag` says so.
    """
    table = sided.table.reset_index(names="at")
    if table.empty:
        return pd.DataFrame(columns=list(MAP_COLUMNS))
    keys = ["technology", "home", "side"]
    wide = {stat: rows.set_index(keys) for stat, rows in table.groupby("stat")}
    whole = table[table["stat"].isin(["comes_from", "goes_to"])].drop_duplicates(keys)[keys]
    index = pd.MultiIndex.from_frame(whole)
    empty = table.iloc[:0].set_index(keys)
    needs, sells, missed = (
        wide.get(stat, empty).reindex(index) for stat in ("leads_to", "goes_to", "missed")
    )
    buys = needs["n"].notna().to_numpy()
    flag = np.where(missed["estimate"].isna(), _NOT_KNOWN, np.where(buys, "", _NO_PURCHASE))
    made = whole.reset_index(drop=True)
    for name, rows in (("dependence", needs), ("indispensability", missed)):
        blank = ~buys if name == "dependence" else np.zeros(len(made), dtype=np.bool_)
        for end, column in (("", "estimate"), ("_low", "low"), ("_high", "high")):
            made[name + end] = rows[column].mask(blank, 0.0).to_numpy(dtype=np.float64)
    made["needers"] = needs["n"].fillna(0).to_numpy(dtype=np.int64)
    made["holders"] = sells["n"].fillna(0).to_numpy(dtype=np.int64)
    made["customers"] = missed["customers"].fillna(0).to_numpy(dtype=np.int64)
    points = _quadrant(made["dependence"].to_numpy(), made["indispensability"].to_numpy(), high)
    made["quadrant"] = np.where(
        made["indispensability"].isna(), "", np.array(QUADRANTS, dtype=object)[points]
    )
    drawn = [_draws_of(sided, rows["at"], blank) for rows, blank in ((needs, ~buys), (missed, None))]
    same = _quadrant(drawn[0], drawn[1], high) == points[None]
    known = np.isfinite(drawn[1]) & np.isfinite(drawn[0])
    hits = (same & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    made["stat"] = "quadrant"
    made["n"] = made["needers"] + made["holders"] + missed["n"].fillna(0).to_numpy(dtype=np.int64)
    made["estimate"] = np.where(made["quadrant"] == "", np.nan, hits)
    made["high"], made["level"] = high, float(table["level"].iloc[0])
    made["method"] = str(table["method"].iloc[0]) + "; share of draws in the same quadrant"
    made["flag"] = flag
    return made[list(MAP_COLUMNS)]


def _quadrant(dependence: NDArray[np.float64], other: NDArray[np.float64], high: float) -> NDArray[np.int64]:
    """Places in `QUADRANTS`; what is missing counts as not high."""
    needs, holds = np.nan_to_num(dependence) >= high, np.nan_to_num(other) >= high
    return np.select([holds & ~needs, holds & needs, needs], [0, 1, 2], 3).astype(np.int64)


def _draws_of(sided: Sided, at: "pd.Series[float]", blank: NDArray[np.bool_] | None) -> NDArray[np.float64]:
    """Draws of the rows at some places, shape (draws, k): nan where there is no row, 0 where `blank`."""
    place = at.fillna(-1).to_numpy(dtype=np.int64)
    out = np.where(place[None] >= 0, sided.draws[:, np.maximum(place, 0)], np.nan).astype(np.float64)
    if blank is not None:
        out[:, blank] = 0.0
    return out
