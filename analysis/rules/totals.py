"""How much of each activity a party has in all: the denominators of technology, capital, data and people."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.fields import KIND_CHANNELS
from analysis.supply.tables import numbers, read_rows

__all__ = ["TOTAL_CHANNELS", "over_totals", "read_totals"]

TOTAL_CHANNELS = tuple(dict.fromkeys(KIND_CHANNELS.values()))
"""Channels that a file of parties may give totals of, in columns `technology_total` and so on."""


def read_totals(path: Path) -> pd.DataFrame | None:
    """Totals of the parties, in the unit of the `value` of their activities; None where the file has none.

    Parameters
    ----------
    path : Path
        The file of parties.

    Returns
    -------
    pandas.DataFrame
        Indexed by party, a column for each of `TOTAL_CHANNELS`; nan where not known.

    Raises
    ------
    FileFault
        A total that is no number or below zero.
    """
    rows = read_rows(path)
    columns = {channel: f"{channel}_total" for channel in TOTAL_CHANNELS}
    if not any(name in rows.columns for name in columns.values()):
        return None
    made = {"party": rows["party"].astype("str")}
    blank = pd.Series("", index=rows.index, dtype="str")
    for channel, name in columns.items():
        cells = rows[name].astype("str") if name in rows.columns else blank.rename(name)
        made[channel] = pd.Series(numbers(cells, str(path), low=0.0, high=np.inf), index=rows.index)
    return pd.DataFrame(made).groupby("party").max()


def over_totals(ends: pd.DataFrame, totals: pd.DataFrame | None) -> pd.DataFrame:
    """Shares of activities that state none: value over the total of the firm, said in `share_method`.

    A total below what the firm's activities of that channel add up to is taken to be that sum, as sales are.

    Parameters
    ----------
    ends : pandas.DataFrame
        `firm`, `flow_kind`, `value`, `share`, `share_method`; a row an end.
    totals : pandas.DataFrame or None
        As `read_totals`.
    """
    if totals is None or totals.empty or ends.empty:
        return ends
    channel = ends["flow_kind"].map(KIND_CHANNELS).fillna("")
    value = ends["value"].astype("float64")
    whole = totals.stack()
    keys = pd.MultiIndex.from_arrays([ends["firm"].astype("str"), channel.astype("str")])
    total = pd.Series(whole.reindex(keys).to_numpy(dtype=float), index=ends.index)
    named = value.groupby([ends["firm"], channel]).transform("sum").astype("float64")
    over = np.fmax(total.where(total > 0), named)
    told = ends["share"].isna() & value.notna() & (total > 0)
    words = "value over all " + channel.astype("str")
    return ends.assign(
        share=ends["share"].mask(told, value / over),
        share_method=ends["share_method"].mask(told, words),
    )
