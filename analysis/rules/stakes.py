"""What is at stake for each firm in its collisions: duties, used and dormant powers apart, none twice."""

import pandas as pd

from analysis.rules.collide import SQUEEZED
from analysis.rules.pair_words import STATUSES

__all__ = ["STAKE_COLUMNS", "stakes_of"]

STAKE_COLUMNS = (
    "firm",
    "channel",
    "sides",
    "status",
    "flows",
    "lethal",
    "value",
    "share",
    "at_stake",
    "at_stake_high",
    "value_at_stake",
)
"""Columns of `stakes_of`."""

_KEY = ["firm", "channel", "sides", "status"]
_SUMS = ["value", "share", "at_stake", "at_stake_high", "value_at_stake"]


def stakes_of(collisions: pd.DataFrame) -> pd.DataFrame:
    """Sums of collisions by firm, channel, sides and status.

    Parameters
    ----------
    collisions : pandas.DataFrame
        From `collisions`.

    Returns
    -------
    pandas.DataFrame
        `STAKE_COLUMNS`. Each flow is in one row, that of the status of its worst pair, so the rows of a firm
        and channel add up; channels do not add up with each other, since a share of sales is none of inputs.
        `flows` counts them, `lethal` those among them with a lethal pair; `value` and `value_at_stake` are
        missing where no value is known.
    """
    counted = collisions[collisions["counted"].astype(bool)]
    if counted.empty:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in STAKE_COLUMNS})
    deadly = collisions.loc[collisions["lethal"].astype(bool), ["firm", "flow", "channel"]].drop_duplicates()
    rows = counted.merge(deadly.assign(deadly=1), on=["firm", "flow", "channel"], how="left")
    groups = rows.groupby(_KEY, sort=False, observed=True)
    table = groups[_SUMS].sum(min_count=1)
    table["flows"] = groups["flow"].nunique()
    table["lethal"] = groups["deadly"].sum().astype(int)
    table = table.reset_index()
    order = table["status"].map({word: place for place, word in enumerate(_ORDER)})
    third = table["sides"] != SQUEEZED
    table = table.assign(_order=order, _third=third)
    table = table.sort_values(["firm", "channel", "_third", "sides", "_order"], kind="stable")
    return table[list(STAKE_COLUMNS)].reset_index(drop=True)


_ORDER = ("exercised", *(word for word in STATUSES if word != "exercised"))
