"""What to protect, what to source from trusted partners, what to compete with: a rule on two measures."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.technology.sides import SIDE_STATS, Sided

__all__ = ["HIGH_PART", "LEAST_ACTIVITIES", "MAP_COLUMNS", "QUADRANTS", "technology_map"]

HIGH_PART = 0.3
"""Least part that counts as high (open parameter)."""

QUADRANTS = ("protect", "both", "source", "compete")
"""Indispensable and not dependent; both; dependent and not indispensable; neither."""

MAP_COLUMNS = (
    *("technology", "home", "side", "dependence", "dependence_low", "dependence_high", "needers"),
    *("indispensability", "indispensability_low", "indispensability_high", "holders", "customers"),
    *("dependence_by", "indispensability_by"),
    *("quadrant", "stat", "n", "estimate", "high", "level", "method", "flag"),
)
"""Columns of `technology_map`."""

LEAST_ACTIVITIES = 5
"""Activities behind a ratio of theirs below which it is told, and makes no quadrant."""

_PAIRS = {"dependence": ("leads_to", "received"), "indispensability": ("missed", "relied_on")}
"""What each measure is of goods, and of activities."""

_NO_PURCHASE = "nobody of the home is known to buy it"
_NOT_KNOWN = "not known how much of it the side has from elsewhere"


def technology_map(sided: Sided, *, high: float = HIGH_PART) -> pd.DataFrame:
    """One row a technology, home and side, with the quadrant of the points and how sure it is.

    Dependence is `leads_to` (0 where nobody of the home is known to buy or receive the technology),
    indispensability is `missed` (0 where the side is known to buy it and not from the home). Where at least
    `LEAST_ACTIVITIES` activities bear the technology too, each is the larger of that and of `received`, or
    `relied_on`: never their sum, for goods and activities have no unit in common. High is `high` or more.
    `protect`: indispensability high, dependence not; `source` (from trusted partners): dependence high,
    indispensability not; `both`; `compete`: neither is high, so that others hold it as well.

    Parameters
    ----------
    sided : Sided
    high : float

    Returns
    -------
    pandas.DataFrame
        `MAP_COLUMNS`: `dependence_by` and `indispensability_by` say whether it is that of `goods` or of
        `activities`, and `needers`, `holders` and `customers` are those of the one that counts; `estimate` of
        stat `quadrant` is the share of draws in the same quadrant, `n` the firms
        and buyers behind it. The quadrant is "" where indispensability is not known, and `flag` says so.
    """
    table = sided.table.reset_index(names="at")
    if table.empty:
        return pd.DataFrame(columns=list(MAP_COLUMNS))
    keys = ["technology", "home", "side"]
    wide = {stat: rows.set_index(keys) for stat, rows in table.groupby("stat")}
    told = ["comes_from", "goes_to", "received", "given"]
    index = pd.MultiIndex.from_frame(table[table["stat"].isin(told)].drop_duplicates(keys)[keys])
    empty = table.iloc[:0].set_index(keys)
    rows = {stat: wide.get(stat, empty).reindex(index) for stat in SIDE_STATS}
    made = index.to_frame(index=False)
    buys = (rows["leads_to"]["n"].notna() | rows["received"]["n"].notna()).to_numpy()
    drawn, acts = [], {}
    for name, (goods, doing) in _PAIRS.items():
        blank = ~buys if name == "dependence" else np.zeros(len(made), dtype=np.bool_)
        few = ~(rows[doing]["value"].to_numpy(dtype=np.float64) >= LEAST_ACTIVITIES)
        by_goods, by_doing = (rows[stat].astype({"estimate": float}) for stat in (goods, doing))
        by_doing = by_doing.assign(**{end: by_doing[end].mask(few) for end in ("estimate", "low", "high")})
        first, second = by_goods["estimate"].to_numpy(), by_doing["estimate"].to_numpy()
        acts[name] = np.isfinite(second) & ~(first >= second)
        for end, column in (("", "estimate"), ("_low", "low"), ("_high", "high")):
            larger = np.fmax(by_goods[column].to_numpy(float), by_doing[column].to_numpy(float))
            made[name + end] = np.where(blank, 0.0, larger)
        made[f"{name}_by"] = np.where(acts[name], "activities", "goods").astype(object)
        of_doing = _draws_of(sided, rows[doing]["at"], blank)
        of_doing[:, few & ~blank] = np.nan
        drawn.append(np.fmax(_draws_of(sided, rows[goods]["at"], blank), of_doing))
    flag = np.where(made["indispensability"].isna(), _NOT_KNOWN, np.where(buys, "", _NO_PURCHASE))

    def counted(measure: str, column: str, goods: str, doing: str) -> NDArray[np.int64]:
        each = (rows[stat][column].fillna(0).to_numpy(dtype=np.int64) for stat in (doing, goods))
        return np.asarray(np.where(acts[measure], *each), dtype=np.int64)

    made["needers"] = counted("dependence", "n", "leads_to", "received")
    made["holders"] = counted("indispensability", "n", "goes_to", "given")
    made["customers"] = counted("indispensability", "customers", "missed", "relied_on")
    points = _quadrant(made["dependence"].to_numpy(), made["indispensability"].to_numpy(), high)
    made["quadrant"] = np.where(
        made["indispensability"].isna(), "", np.array(QUADRANTS, dtype=object)[points]
    )
    same = _quadrant(drawn[0], drawn[1], high) == points[None]
    known = np.isfinite(drawn[1]) & np.isfinite(drawn[0])
    hits = (same & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    made["stat"] = "quadrant"
    made["n"] = made["needers"] + made["holders"] + counted("indispensability", "n", "missed", "relied_on")
    made["estimate"] = np.where(made["quadrant"] == "", np.nan, hits)
    made["high"], made["level"] = high, float(table["level"].iloc[0])
    said = "; ".join(dict.fromkeys(table["method"].astype("str")))
    made["method"] = said + "; share of draws in the same quadrant"
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
