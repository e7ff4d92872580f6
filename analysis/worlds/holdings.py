"""Made-up shares that listed customers hold in customers on no list, for the 50 per cent rules."""

from itertools import pairwise

import numpy as np
import pandas as pd

__all__ = ["holding_table"]

_OWNERS = "US-EL"
_HALF, _MORE, _LESS = 0.5, 0.65, 0.49
_FIRST, _SECOND = 0.3, 0.2
_MANY = 6


def holding_table(customers: pd.DataFrame, listings: pd.DataFrame) -> pd.DataFrame:
    """Holdings of parties that stand on the Entity List alone in Chinese customers that stand on no list.

    Six each: held to half by one owner, held to half by two together, held to 65 per cent by one that is
    itself held to half (a chain), held to 49 per cent. Nothing is drawn at random. A rule that counts owners
    of other lists finds nobody here.

    Parameters
    ----------
    customers : pandas.DataFrame
        `party,country,role` of `make_parties`.
    listings : pandas.DataFrame
        As `make_listings`.

    Returns
    -------
    pandas.DataFrame
        `owner,owned,share,from,to,evidence`.
    """
    lists = listings.groupby("party")["list"].agg(set)
    owners = np.sort(lists.index[lists.map(lambda found: found == {_OWNERS})].to_numpy(dtype=object))
    free = customers[(customers["country"] == "CN") & (customers["kind"] == "customer")]
    held = np.sort(free.loc[~free["party"].isin(lists.index), "party"].to_numpy(dtype=object))[: 4 * _MANY]
    groups = [held[first:last] for first, last in pairwise(range(0, 5 * _MANY, _MANY))]
    rows = [
        (owners[:_MANY], groups[0], _HALF),
        (owners[_MANY : 2 * _MANY], groups[1], _FIRST),
        (owners[2 * _MANY : 3 * _MANY], groups[1], _SECOND),
        (groups[0], groups[2], _MORE),
        (owners[:_MANY], groups[3], _LESS),
    ]
    parts = [pd.DataFrame({"owner": by, "owned": of, "share": share}) for by, of, share in rows]
    made = pd.concat(parts, ignore_index=True).assign(**{"from": "", "to": "", "evidence": "synthetic"})
    return made.sort_values(["owned", "owner"], kind="stable", ignore_index=True)
