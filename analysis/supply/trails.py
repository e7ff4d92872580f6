"""The largest paths from a buyer to a seed, in words."""

import numpy as np
import pandas as pd

from analysis.supply.seeds import Sites

__all__ = ["top_paths"]

_PATHS = 3
_DEPTH = 3


def top_paths(sites: Sites, hit: np.ndarray, tiers: int | None, rows: np.ndarray) -> np.ndarray:
    """Up to three largest paths of up to three tiers to a seed, for some buyers.

    A path of k tiers starts with one link and goes on with one of the three largest paths of k - 1
    tiers of that supplier, so three per buyer and length are exact; each length is one join of the
    links with the paths before it. Paths stop where they first meet the seed.

    Parameters
    ----------
    sites : Sites
        Nodes and links.
    hit : numpy.ndarray
        Shape (nodes,), whether a node is of the seed.
    tiers : int or None
        Tiers looked through; paths are no longer than this.
    rows : numpy.ndarray
        Parties to report.

    Returns
    -------
    numpy.ndarray
        Text per row, paths joined by ` | `, each `supplier (CC) share > ... = product of shares`.
    """
    links = pd.DataFrame(
        {"buyer": sites.buyer, "node": sites.node, "share": sites.share, "next": sites.party[sites.node]}
    )
    links = links.groupby(["buyer", "node", "next"], sort=False)["share"].sum().reset_index()
    links = links[links["share"] > 0]
    met = hit[links["node"].to_numpy()]
    onward = links[~met]
    ends = links[met].assign(weight=links["share"])
    known = [_largest(ends.assign(a=ends["node"], b=-1, c=-1, p=ends["share"], q=0.0, r=0.0))]
    depth = min(_DEPTH, tiers or _DEPTH)
    for _ in range(depth - 1):
        after = known[-1][["buyer", "weight", "a", "b", "p", "q"]]
        longer = onward.merge(after, left_on="next", right_on="buyer", suffixes=("", "_next"))
        longer["c"], longer["r"] = longer["b"], longer["q"]
        longer["b"], longer["q"] = longer["a"], longer["p"]
        longer["a"], longer["p"] = longer["node"], longer["share"]
        longer["weight"] = longer["weight"] * longer["share"]
        known.append(_largest(longer))
    wanted = pd.concat(known, ignore_index=True)
    wanted = _largest(wanted[wanted["buyer"].isin(rows)])
    text = _words(sites, wanted).groupby(wanted["buyer"].to_numpy()).agg(" | ".join)
    return text.reindex(rows, fill_value="").to_numpy(dtype=object)


def _largest(paths: pd.DataFrame) -> pd.DataFrame:
    ordered = paths.sort_values(["buyer", "weight", "a", "b", "c"], ascending=[True, False, True, True, True])
    kept = ordered[ordered.groupby("buyer", sort=False).cumcount() < _PATHS]
    return kept[["buyer", "weight", "a", "b", "c", "p", "q", "r"]].reset_index(drop=True)


def _words(sites: Sites, paths: pd.DataFrame) -> pd.Series:
    names = pd.Series(np.asarray(sites.names, dtype=object)[sites.party], dtype="str")
    country = pd.Series(sites.country, dtype="str").replace("", "?")
    label = names + " (" + country + ")"
    text = pd.Series("", index=paths.index, dtype="str")
    for node, share in (("a", "p"), ("b", "q"), ("c", "r")):
        here = paths[node] >= 0
        piece = label.reindex(paths[node].to_numpy()).reset_index(drop=True) + " " + _short(paths[share])
        text = text.where(~here, text + (" > " if node != "a" else "") + piece)
    return text + " = " + _short(paths["weight"])


def _short(numbers: pd.Series) -> pd.Series:
    return pd.Series(np.char.mod("%.4g", numbers.to_numpy(dtype=float)), index=numbers.index, dtype="str")
