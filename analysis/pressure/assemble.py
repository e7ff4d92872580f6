"""Points, limits, ranks and flags of all firms laid out as the tables of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS
from analysis.pressure.choice import Risk
from analysis.pressure.ranks import Order
from analysis.pressure.record import INTERVAL_COLUMNS, TABLE_COLUMNS

__all__ = ["Measured", "Ranked", "interval_table", "join_flags", "pressure_table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """us, cn, squeeze of n firms: point, limits at 50% and at the level, outer bound; shapes (3, n)."""

    point: Floats
    low50: Floats
    high50: Floats
    low: Floats
    high: Floats
    outer: Floats


@dataclass(frozen=True, slots=True)
class Ranked:
    """Order of n firms at 50% and at the level, probability of the top tenth (n,), and what was ranked."""

    half: Order
    full: Order
    top: Floats
    target: str


def join_flags(*words: NDArray[np.object_]) -> NDArray[np.object_]:
    """Join the words of several flags, each of shape (n,) with "" for none, by `; `."""
    table = pd.DataFrame({i: pd.Series(w, dtype="object") for i, w in enumerate(words)})
    joined = table[0].where(table[0] == "", table[0] + "; ")
    for i in range(1, table.shape[1]):
        joined = joined + table[i].where(table[i] == "", table[i] + "; ")
    return joined.str.rstrip("; ").to_numpy(dtype=object)


def pressure_table(
    firms: tuple[str, ...],
    measured: Measured,
    risk: Risk,
    ranked: Ranked,
    drivers: NDArray[np.object_],
    flag: NDArray[np.object_],
) -> pd.DataFrame:
    """One row a firm with `TABLE_COLUMNS`, in the order of `firms`; missing where the product abstains."""
    columns: dict[str, object] = {"firm": pd.Series(list(firms), dtype="str")}
    for s, stat in enumerate(STATS):
        columns |= {stat: measured.point[s], f"{stat}_low": measured.low[s], f"{stat}_high": measured.high[s]}
    columns |= {"p_choose": risk.p, "p_choose_low": risk.low, "p_choose_high": risk.high}
    columns |= {
        "rank_low": _whole(ranked.full.low),
        "rank_high": _whole(ranked.full.high),
        "p_top10": ranked.top,
    }
    columns |= {"tier": _whole(ranked.full.tier), "drivers": drivers, "flag": flag}
    return pd.DataFrame(columns)[list(TABLE_COLUMNS)]


def _whole(numbers: NDArray[np.int64]) -> pd.Series:
    """Whole numbers of which 0 means none."""
    return pd.Series(numbers, dtype="Int64").where(pd.Series(numbers) > 0)


def interval_table(
    firms: tuple[str, ...],
    measured: Measured,
    risk: Risk,
    ranked: Ranked,
    *,
    level: float,
    trained: int,
    methods: Mapping[str, NDArray[np.object_]],
    flag: NDArray[np.object_],
    risk_flag: NDArray[np.object_],
) -> pd.DataFrame:
    """Long table of every stat of every firm with `INTERVAL_COLUMNS`, sorted by firm in the order given.

    Parameters
    ----------
    firms : n ids
    measured, risk, ranked
        Of the same n firms.
    level : float
    trained : int
        Firms behind the model.
    methods : mapping of str to shape (n,)
        How limits of us, cn, squeeze, p_choose came about, as `figure_methods`.
    flag, risk_flag : shape (n,)
        Words on indicators, and on p_choose and what comes from it.
    """
    n = len(firms)
    nothing = np.full(n, np.nan)
    parts = []

    def add(
        stat: str,
        count: int,
        values: tuple[Floats, ...],
        method: "str | NDArray[np.object_]",
        words: NDArray[np.object_],
    ) -> None:
        estimate, low50, high50, low, high = values
        part = pd.DataFrame(
            {
                "firm": list(firms),
                "estimate": estimate,
                "low50": low50,
                "high50": high50,
                "low": low,
                "high": high,
            }
        )
        parts.append(part.assign(stat=stat, n=count, level=level, method=method, flag=words))

    for s, stat in enumerate(STATS):
        m = measured
        add(
            stat,
            1,
            (m.point[s], m.low50[s], m.high50[s], m.low[s], m.high[s]),
            methods[stat],
            flag,
        )
    add(
        "p_choose",
        trained,
        (risk.p, risk.low50, risk.high50, risk.low, risk.high),
        methods["p_choose"],
        risk_flag,
    )
    half, full = ranked.half, ranked.full
    ends = tuple(np.where(v > 0, v, np.nan) for v in (half.low, half.high, full.low, full.high))
    many = int((full.low > 0).sum())
    said = f"joint pairwise differences of {ranked.target}"
    add("rank", many, (nothing, *ends), said, risk_flag)
    add(
        "p_top10",
        many,
        (ranked.top, nothing, nothing, nothing, nothing),
        f"draws of {ranked.target}",
        risk_flag,
    )
    tier = np.where(full.tier > 0, full.tier, np.nan)
    add("tier", many, (tier, nothing, nothing, nothing, nothing), said, risk_flag)
    for s, stat in enumerate(STATS):
        outer = (
            measured.point[s],
            nothing,
            nothing,
            measured.low[s],
            np.maximum(measured.outer[s], measured.high[s]),
        )
        add(f"{stat}_outer", 1, outer, "outer bound over unnamed flows", flag)
    table = pd.concat(parts, ignore_index=True)
    order = np.lexsort((np.repeat(np.arange(len(parts)), n), np.tile(np.arange(n), len(parts))))
    return table.iloc[order].reset_index(drop=True)[list(INTERVAL_COLUMNS)]
