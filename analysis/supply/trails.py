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
    first = (steps["step"] == 1).to_numpy()
    path = np.cumsum(first) - 1
    weight = _short(steps.loc[first, "weight"])
    said = _joined(piece.to_numpy(dtype=object), path, steps["step"].to_numpy(), " > ")
    said = said + " = " + weight.to_numpy(dtype=object)
    firm = steps.loc[first, "party"].to_numpy(dtype=np.int64)
    new = np.r_[True, firm[1:] != firm[:-1]]
    text = _joined(said, np.cumsum(new) - 1, steps.loc[first, "rank"].to_numpy(), " | ")
    return pd.Series(text, index=firm[new]).reindex(rows, fill_value="").to_numpy(dtype=object)


def _joined(pieces: np.ndarray, whole: np.ndarray, place: np.ndarray, between: str) -> np.ndarray:
    """Pieces put together: `whole` says of which text each is, `place` (from 1) where in it."""
    made = np.full(int(whole.max()) + 1, "", dtype=object)
    for k in range(1, int(place.max()) + 1):
        at = place == k
        made[whole[at]] += (between if k > 1 else "") + pieces[at]
    return made


def _short(numbers: pd.Series) -> pd.Series:
    place, distinct = pd.factorize(numbers.to_numpy(dtype=float))
    return pd.Series(np.char.mod("%.4g", distinct), dtype="str").take(place).reset_index(drop=True)
