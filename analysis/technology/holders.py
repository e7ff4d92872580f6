"""Which firms need each technology and which hold it, and how much of that leads to each side."""

import numpy as np
import pandas as pd

from analysis.technology.homes import SIDES
from analysis.technology.sides import Cells

__all__ = ["HOLDER_COLUMNS", "acting_firms", "technology_firms"]

HOLDER_COLUMNS = (
    *("firm", "technology", "role", "side", "stat", "n", "flows", "value", "estimate", "low", "high"),
    *("outer_low", "outer_high", "level", "method"),
)
"""Columns of the table `technology_firms`."""

_BETWEEN = "\n"


def technology_firms(
    tagged: pd.DataFrame,
    through: pd.DataFrame,
    firms: tuple[str, ...],
    *,
    seed: int,
    draws: int,
    level: float,
) -> pd.DataFrame:
    """One row a firm, technology, side and stat.

    Parameters
    ----------
    tagged, through, firms, seed, draws, level
        As `side_ratios`.

    Returns
    -------
    pandas.DataFrame
        `HOLDER_COLUMNS`: `role` is `needs` (the firm buys it; `comes_from` and `leads_to`, parts of what it
        buys of it) or `holds` (it sells it; `goes_to`, the part of what it sells of it); `value` the whole,
        `flows` links of the numerator. Limits are over link confidence; outer ones over what the firm has
        not named.
    """
    parts = []
    for end, role in (("buyer", "needs"), ("seller", "holds")):
        mine = tagged[tagged[end].isin(firms)].reset_index(drop=True)
        if mine.empty:
            continue
        mine = mine.assign(technology=mine["technology"].astype("str") + _BETWEEN + mine[end])
        mine.attrs = dict(tagged.attrs)
        cells, every = Cells(mine), np.ones(len(mine), dtype=np.bool_)
        for side, countries in SIDES.items():
            if role == "holds":
                sold = mine["buyer_home"].isin(countries).to_numpy()
                cells.add("", side, "goes_to", every, sold.astype(float), "seller")
                continue
            there = mine["sold_from"].isin(countries).to_numpy()
            beyond = np.nan_to_num(mine["seller"].map(through[side]).to_numpy(dtype=float))
            cells.add("", side, "comes_from", every, there.astype(float), "buyer")
            cells.add("", side, "leads_to", every, np.where(there, 1.0, beyond), "buyer")
        parts.append(cells.drawn(seed=seed, draws=draws, level=level).table.assign(role=role))
    if not parts:
        return pd.DataFrame(columns=list(HOLDER_COLUMNS))
    table = pd.concat(parts, ignore_index=True)
    names = table["technology"].str.split(_BETWEEN, n=1, expand=True)
    table = table.assign(technology=names[0], firm=names[1], n=1)
    order = ["firm", "technology", "role", "side", "stat"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)[list(HOLDER_COLUMNS)]


def acting_firms(
    acting: pd.DataFrame, firms: tuple[str, ...], *, seed: int, draws: int, level: float
) -> pd.DataFrame:
    """The same of activities: role `receives` (stat `received`) and `gives` (stat `given`).

    Parameters
    ----------
    acting : pandas.DataFrame
        From `tagged_activities`.
    firms, seed, draws, level
        As `technology_firms`.
    """
    parts = []
    for end, role, stat in (("buyer", "receives", "received"), ("seller", "gives", "given")):
        mine = acting[acting[end].isin(firms)].reset_index(drop=True)
        if mine.empty:
            continue
        mine = mine.assign(technology=mine["technology"].astype("str") + _BETWEEN + mine[end])
        mine.attrs = dict(acting.attrs)
        cells, every = Cells(mine), np.ones(len(mine), dtype=np.bool_)
        other = "sold_from" if end == "buyer" else "buyer_home"
        for side, countries in SIDES.items():
            cells.add("", side, stat, every, mine[other].isin(countries).to_numpy().astype(float), end)
        parts.append(cells.drawn(seed=seed, draws=draws, level=level).table.assign(role=role))
    if not parts:
        return pd.DataFrame(columns=list(HOLDER_COLUMNS))
    table = pd.concat(parts, ignore_index=True)
    names = table["technology"].str.split(_BETWEEN, n=1, expand=True)
    table = table.assign(technology=names[0], firm=names[1], n=1)
    return table[list(HOLDER_COLUMNS)]
