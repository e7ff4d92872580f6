"""How deep dependence goes: first-passage exposure of every buyer to every seed, in one pass."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.supply.links import Links
from analysis.supply.passage import first_passage
from analysis.supply.seeds import Sites, find_seeds, sites_of
from analysis.supply.trails import top_paths
from survey import QuestionFault

__all__ = ["LOOKTHROUGH_COLUMNS", "exposures", "look_through"]

LOOKTHROUGH_COLUMNS = (
    "firm",
    "seed",
    "direct",
    "exposure",
    "low",
    "high",
    "tiers",
    "residual",
    "paths",
    "share_method",
)
"""Columns of a look-through; the first nine are the contract."""

_BLOCK = 16


def look_through(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    tiers: int | None = None,
    firms: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Exposure of each buyer to each seed, tier by tier, every unit of inputs counted once.

    With A the shares of inputs and s the indicator of the seed, A~ = diag(1 - s) A,
    (I - A~) y = s and exposure e = A y: the probability that a unit of inputs, followed up the chain
    of named suppliers, meets the seed, where it stops (first passage, so no double count). The seed
    columns form one dense block. The outer bound `high` solves the same system with the unnamed rest
    of every party (all of it where a supplier names no inputs, or has no country) counted as the seed.

    Parameters
    ----------
    links : Links
        Shares of inputs.
    seeds : str, path or sequence of them
        `country=CN`, `party=NAME`, or a file of parties.
    tiers : int, optional
        Look that many tiers up (1 = direct suppliers); default all.
    firms : sequence of str, optional
        Buyers to report; default every buyer.

    Returns
    -------
    pandas.DataFrame
        One row a firm and seed, columns `LOOKTHROUGH_COLUMNS`: `direct` = share bought from the seed;
        `exposure` = `low` = named inputs only; `high` = outer bound; `tiers` = tiers looked through
        (missing where the system was solved for all tiers at once); `residual` = upper bound of what
        deeper named tiers could add, at most rho^(K+1)/(1-rho); `paths` = up to three largest paths
        of up to three tiers; `share_method` of the firm's links.

    Raises
    ------
    QuestionFault
        A seed that matches nothing, tiers under 1, a firm that buys nothing.
    """
    if tiers is not None and tiers < 1:
        raise QuestionFault("tiers", str(tiers), "1 or more, or all", "say --tiers 1, 2, ... or all")
    sites = sites_of(links.frame)
    found = find_seeds(sites, seeds)
    rows = _rows(sites, firms)
    shares = sparse.csr_matrix(
        (sites.share, (sites.buyer, sites.node)), shape=(len(sites.names), len(sites.party))
    )
    unnamed = np.clip(1.0 - np.asarray(shares.sum(axis=1)).ravel(), 0.0, 1.0)
    methods = _methods(links.frame, sites)
    parts = []
    for start in range(0, len(found), _BLOCK):
        block = found[start : start + _BLOCK]
        hit = np.column_stack([seed.hit for seed in block]).astype(float)
        maybe = np.column_stack([seed.hit | seed.maybe for seed in block]).astype(float)
        direct = shares @ hit
        low, reached, residual = first_passage(shares, sites.party, hit, np.zeros(len(unnamed)), tiers)
        high, _, _ = first_passage(shares, sites.party, maybe, unnamed, tiers)
        high = np.maximum(high, low)
        high = np.where(high > 1.0 - 1e-12, 1.0, high)
        for k, seed in enumerate(block):
            parts.append(
                pd.DataFrame(
                    {
                        "firm": np.asarray(sites.names)[rows],
                        "seed": seed.words,
                        "direct": direct[rows, k],
                        "exposure": low[rows, k],
                        "low": low[rows, k],
                        "high": high[rows, k],
                        "tiers": pd.array([reached[k]] * len(rows), dtype="Int64"),
                        "residual": residual[rows, k],
                        "paths": top_paths(sites, seed.hit, tiers, rows),
                        "share_method": methods[rows],
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    order = np.argsort(np.tile(np.arange(len(rows)), len(found)), kind="stable")
    return table.iloc[order].reset_index(drop=True)[list(LOOKTHROUGH_COLUMNS)]


def _rows(sites: Sites, firms: Sequence[str] | None) -> np.ndarray:
    buyers = pd.unique(sites.buyer)
    if firms is None:
        return np.asarray(buyers)
    where = sites.names.get_indexer(pd.Index([str(f) for f in firms]))
    odd = np.flatnonzero((where < 0) | ~np.isin(where, buyers))
    if len(odd):
        raise QuestionFault(
            f"firm {firms[int(odd[0])]!r}", "no links as a buyer", "a buyer of the links", "check the name"
        )
    return where


def _methods(frame: pd.DataFrame, sites: Sites) -> np.ndarray:
    pairs = frame[["share_method"]].assign(buyer=sites.buyer).drop_duplicates()
    words = pairs.sort_values(["buyer", "share_method"]).groupby("buyer")["share_method"].agg("; ".join)
    return words.reindex(range(len(sites.names)), fill_value="").to_numpy(dtype=object)


def exposures(links: Links, countries: Sequence[str]) -> pd.DataFrame:
    """First-passage exposure of every party to some countries, without paths.

    Returns
    -------
    pandas.DataFrame
        Index the parties, one column a country code: named inputs only, 0 where nothing leads there.
    """
    sites = sites_of(links.frame)
    shape = (len(sites.names), len(sites.party))
    shares = sparse.csr_matrix((sites.share, (sites.buyer, sites.node)), shape=shape)
    hit = np.column_stack([sites.country == code for code in countries]).astype(float)
    found, _, _ = first_passage(shares, sites.party, hit, np.zeros(shape[0]), None)
    return pd.DataFrame(found, index=sites.names, columns=list(countries))
