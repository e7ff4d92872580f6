"""The largest paths from a buyer to a seed, in words."""

import numpy as np
import pandas as pd

from analysis.supply.bestfirst import best_paths
from analysis.supply.network import Network
from analysis.supply.seeds import Sites

__all__ = ["path_steps", "path_words"]


def path_steps(
    sites: Sites, network: Network, hit: np.ndarray, rows: np.ndarray, most: int, tiers: int | None
) -> pd.DataFrame:
    """The largest paths of some parties to a seed, step by step, with who is met.

    Parameters
    ----------
    sites, network : Sites, Network
        Nodes and links.
    hit : numpy.ndarray
        Shape (nodes,), whether a node is of the seed.
    rows : numpy.ndarray
        Parties to report.
    most : int
        Paths a party.
    tiers : int or None
        The most links of a path.

    Returns
    -------
    pandas.DataFrame
        `bestfirst.PATH_STEPS` and `node`, `met` (index of the party met), `country` of the node.
    """
    found = best_paths(network.shares, network.owner, network.spread(hit), rows, most, tiers)
    node = np.full(len(network.owner), -1, dtype=np.int64)
    node[network.column] = np.arange(len(network.column))
    column = found["column"].to_numpy(dtype=np.int64)
    found["node"] = node[column]
    found["met"] = network.owner[column]
    found["country"] = np.asarray(sites.country, dtype=object)[found["node"].to_numpy()]
    return found


def path_words(sites: Sites, steps: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Paths as text per row, joined by ` | `, each `supplier (CC) share > ... = product of shares`."""
    if steps.empty:
        return np.full(len(rows), "", dtype=object)
    names = pd.Series(np.asarray(sites.names)[steps["met"].to_numpy(dtype=np.int64)], dtype="str")
    country = pd.Series(np.asarray(steps["country"]), dtype="str").replace("", "?")
    piece = names + " (" + country + ") " + _short(steps["share"])
    key = [steps["party"].to_numpy(), steps["rank"].to_numpy()]
    paths = piece.groupby(key, sort=False).agg(" > ".join)
    last = steps.loc[(steps["step"] == 1).to_numpy(), "weight"]
    paths = paths + (" = " + _short(last)).to_numpy()
    text = paths.groupby(level=0, sort=False).agg(" | ".join)
    return text.reindex(rows, fill_value="").to_numpy(dtype=object)


def _short(numbers: pd.Series) -> pd.Series:
    return pd.Series(np.char.mod("%.4g", numbers.to_numpy(dtype=float)), dtype="str")
