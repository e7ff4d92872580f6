"""Several answers in one cell, taken apart: ticks into a column for each option, ranks into one a rank."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["ranks_in", "ticks_in"]


def ticks_in(column: pd.Series, sign: str, codes: Sequence[str]) -> tuple[dict[str, pd.Series], list[str]]:
    """Ticks of a set that n cells hold as one text each, such as `cost lost`.

    Parameters
    ----------
    column : pandas.Series
        n cells.
    sign : str
        What stands between two ticks.
    codes : Sequence[str]
        Codes of the options.

    Returns
    -------
    dict[str, pandas.Series], list[str]
        Code to n floats: 1 ticked, 0 not, nan where the cell is blank; and the codes in the cells
        that are none of the options, sorted.
    """
    places, uniques = pd.factorize(column.map(str, na_action="ignore"), use_na_sentinel=True)
    parts = [{p.strip() for p in str(u).split(sign) if p.strip()} for u in uniques]
    blank = np.array([not p for p in parts] + [True])
    made: dict[str, pd.Series] = {}
    for code in codes:
        ticks = np.array([code in p for p in parts] + [False], dtype=float)
        ticks[blank] = np.nan
        made[code] = pd.Series(ticks[places], index=column.index)
    return made, sorted({p for part in parts for p in part} - set(codes))


def ranks_in(column: pd.Series, sign: str, names: Sequence[str]) -> dict[str, pd.Series]:
    """Ranks that n cells hold as one text each, the first rank first: name of a rank to n codes.

    Parameters
    ----------
    column : pandas.Series
        n cells.
    sign : str
        What stands between two codes.
    names : Sequence[str]
        Names of the ranks, in order; codes beyond them are left out.
    """
    places, uniques = pd.factorize(column.map(str, na_action="ignore"), use_na_sentinel=True)
    parts = [[p.strip() for p in str(u).split(sign) if p.strip()] for u in uniques]
    made: dict[str, pd.Series] = {}
    for rank, name in enumerate(names):
        codes = np.array([p[rank] if rank < len(p) else None for p in parts] + [None], dtype=object)
        made[name] = pd.Series(codes[places], index=column.index).astype("str")
    return made
