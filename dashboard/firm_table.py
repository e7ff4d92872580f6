"""Firms and their measures side by side: one row a firm, whatever the Release holds of it."""

import pandas as pd

__all__ = ["STATS", "wide_firms"]

STATS = (
    "us",
    "cn",
    "squeeze",
    "p_choose",
    "rank",
    "p_top10",
    "tier",
    "us_outer",
    "cn_outer",
    "squeeze_outer",
)
"""Measures of `pressure.parquet`, one row a firm and measure."""

_ENDS = ("n", "estimate", "low50", "high50", "low", "high", "level", "method", "flag")


def wide_firms(people: pd.DataFrame, pressure: pd.DataFrame) -> pd.DataFrame:
    """One row a firm: firm, name, name_ja, sector, and for each measure `s`, `s_low`, `s_high` ...

    Parameters
    ----------
    people : pandas.DataFrame
        `firms` of a Release, in whose order the rows are; it carries no rank.
    pressure : pandas.DataFrame
        `pressure` of a Release: one row a firm and measure.
    """
    wide = pressure.pivot(index="firm", columns="stat", values=list(_ENDS))
    columns = {}
    for stat in STATS:
        for end in _ENDS:
            name = stat if end == "estimate" else f"{stat}_{end}"
            columns[name] = wide[(end, stat)] if (end, stat) in wide.columns else pd.NA
    measures = pd.DataFrame(columns, index=wide.index)
    words = [f"{stat}_{end}" for stat in STATS for end in ("method", "flag")]
    numbers = [name for name in measures.columns if name not in words]
    measures[numbers] = measures[numbers].apply(pd.to_numeric, errors="coerce")
    measures[words] = measures[words].fillna("")
    return people.merge(measures.reset_index(), on="firm", how="left")
