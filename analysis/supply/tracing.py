"""Each of the largest paths from a firm to a seed, step by step, with the links that are its evidence."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.asking import buyers_asked, sites_asked
from analysis.supply.links import Links
from analysis.supply.network import network_of
from analysis.supply.sales import sales_sites
from analysis.supply.seeds import Sites, sites_of
from analysis.supply.trails import path_steps
from analysis.supply.words import joined_words
from survey import QuestionFault

__all__ = ["TRACE_COLUMNS", "trace"]

TRACE_COLUMNS = (
    *("firm", "seed", "path", "weight", "step", "from", "to", "country", "share"),
    *("links", "product", "period", "confidence", "evidence"),
)
"""Columns of `trace`."""

_TEXT = ("link", "product", "period", "evidence")


def trace(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    tiers: int | None = None,
    firms: Sequence[str] | None = None,
    side: str = "inputs",
    paths: int = 3,
) -> pd.DataFrame:
    """The largest paths of each firm to each seed, of any length, stopped where they first meet it.

    Parameters
    ----------
    links, seeds, tiers, firms
        As `look_through`.
    side : str
        `inputs` (from buyer to supplier) or `sales` (from seller to buyer).
    paths : int
        How many a firm and seed, at least 1.

    Returns
    -------
    pandas.DataFrame
        One row a step, columns `TRACE_COLUMNS`: `path` from 1, the largest first; `weight` the product of its
        shares; `share` of the step over all its links, whose ids, products, periods and evidence are joined
        by `; `; `confidence` the lowest of them (nan where none states one).

    Raises
    ------
    QuestionFault
        As `look_through`.
    """
    if paths < 1:
        raise QuestionFault("paths", str(paths), "1 or more", "say for example --paths 5")
    plain = sites_of(links.frame)
    sites, found = sites_asked(
        sales_sites(links, plain) if side == "sales" else plain, links.frame["product"], seeds
    )
    rows = buyers_asked(sites, firms, side=side)
    network = network_of(sites, side=side)
    parts = []
    for seed in found:
        steps = path_steps(sites, network, seed.hit, rows, paths, tiers)
        if len(steps):
            parts.append(_told(links.frame, sites, steps).assign(seed=seed.words))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in TRACE_COLUMNS})
    table = pd.concat(parts, ignore_index=True)
    place = pd.Index(np.asarray(sites.names)[rows]).get_indexer(pd.Index(table["firm"]))
    order = np.argsort(place, kind="stable")
    return table.iloc[order].reset_index(drop=True)[list(TRACE_COLUMNS)]


def _told(frame: pd.DataFrame, sites: Sites, steps: pd.DataFrame) -> pd.DataFrame:
    """Steps with names and evidence."""
    names = np.asarray(sites.names)
    met = steps["met"].to_numpy(dtype=np.int64)
    firm = steps["party"].to_numpy(dtype=np.int64)
    first = (steps["step"] == 1).to_numpy()
    at = np.where(first, firm, np.r_[0, met[:-1]])
    node = steps["node"].to_numpy(dtype=np.int64)
    evidence = _evidence(frame, sites, pd.DataFrame({"at": at, "node": node}).drop_duplicates())
    told = pd.DataFrame(
        {
            "firm": names[firm],
            "path": steps["rank"].to_numpy(dtype=np.int64),
            "weight": steps["weight"].to_numpy(dtype=float),
            "step": steps["step"].to_numpy(dtype=np.int64),
            "from": names[at],
            "to": names[met],
            "country": np.asarray(steps["country"], dtype=object),
            "share": steps["share"].to_numpy(dtype=float),
        }
    )
    found = evidence.reindex(pd.MultiIndex.from_arrays([at, node])).reset_index(drop=True)
    return pd.concat([told, found.rename(columns={"link": "links"})], axis=1)


def _evidence(frame: pd.DataFrame, sites: Sites, ends: pd.DataFrame) -> pd.DataFrame:
    """What the links between some ends say, joined: indexed by who takes and the node."""
    many = len(sites.party)
    wanted = np.unique(ends["at"].to_numpy(dtype=np.int64) * many + ends["node"].to_numpy(dtype=np.int64))
    key = np.asarray(sites.buyer).astype(np.int64) * many + np.asarray(sites.node)
    place = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
    row = np.flatnonzero(wanted[place] == key)
    confidence = pd.to_numeric(frame["confidence"].iloc[row], errors="coerce").to_numpy(dtype=float)
    group = place[row]
    told = pd.DataFrame({name: joined_words(frame[name].iloc[row], group, len(wanted)) for name in _TEXT})
    told["confidence"] = pd.Series(confidence).groupby(group).min()
    told.index = pd.MultiIndex.from_arrays([wanted // many, wanted % many])
    return told
