"""One allocation of a firm's inputs: what meets each seed first, what stays elsewhere, what nobody knows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.asking import buyers_asked, sites_asked
from analysis.supply.links import Links
from analysis.supply.network import network_of
from analysis.supply.passage import follow
from analysis.supply.seeds import Sites, sites_of
from survey import QuestionFault

__all__ = ["ALLOCATION_COLUMNS", "allocate"]

ALLOCATION_COLUMNS = ("firm", "part", "share", "low", "high", "tiers", "residual")
"""Columns of `allocate`."""


def allocate(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    tiers: int | None = None,
    firms: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Where a unit of inputs is stopped first: at one of the seeds, at the end of what is known, or nowhere.

    A unit stops at the first seed it meets, whichever; where a supplier names no inputs, or has no country,
    it is unknown from there on. The parts of a firm add to 1 exactly. The unknown part is one: it may be any
    seed's, but not all of theirs at once, so `high` = `low` + unknown of two seeds may not be added up.

    Parameters
    ----------
    links, seeds, tiers, firms
        As `look_through`; no node may be of two seeds.

    Returns
    -------
    pandas.DataFrame
        One row a firm and part, the parts in the order of the seeds, then `other` (met no seed within these
        tiers; for all tiers what goes round in closed circles) and `unknown`. `share` as worked out; `low`
        and `high` its bounds.

    Raises
    ------
    QuestionFault
        As `look_through`; seeds that share a node.
    """
    if tiers is not None and tiers < 1:
        raise QuestionFault("tiers", str(tiers), "1 or more, or all", "say --tiers 1, 2, ... or all")
    sites, found = sites_asked(sites_of(links.frame), links.frame["product"], seeds)
    rows = buyers_asked(sites, firms)
    wide = np.column_stack([seed.hit for seed in found])
    _check_apart(sites, [seed.words for seed in found], wide)
    nowhere = (np.asarray(sites.country).astype(str) == "") & ~wide.any(axis=1)
    end = len(sites.names)
    stopped = Sites(
        party=np.where(wide.any(axis=1) | nowhere, end, sites.party),
        country=sites.country,
        names=sites.names.append(pd.Index(["(end)"])),
        buyer=sites.buyer,
        node=sites.node,
        share=sites.share,
    )
    network = network_of(stopped)
    unnamed = network.unnamed()
    unnamed[end] = 0.0
    columns = network.spread(np.column_stack([wide, nowhere]).astype(float))
    none = np.zeros(len(unnamed))
    met, reached, left = follow(network.shares, network.owner, columns, none, tiers, is_stopped=False)
    ended, _, _ = follow(network.shares, network.owner, columns[:, :1] * 0, unnamed, tiers, is_stopped=False)
    parts = np.column_stack([met[:, :-1], np.zeros(len(met)), met[:, -1] + ended[:, 0]])[rows]
    parts[:, -2] = np.clip(1.0 - parts.sum(axis=1), 0.0, 1.0)
    words = [*(seed.words for seed in found), "other", "unknown"]
    count = len(words)
    unknown = np.repeat(parts[:, -1], count)
    is_unknown = np.tile(np.arange(count) == count - 1, len(rows))
    share = parts.ravel()
    return pd.DataFrame(
        {
            "firm": np.repeat(np.asarray(sites.names)[rows], count),
            "part": np.tile(np.asarray(words, dtype=object), len(rows)),
            "share": share,
            "low": np.where(is_unknown, 0.0, share),
            "high": np.where(is_unknown, share, np.minimum(share + unknown, 1.0)),
            "tiers": pd.array([reached[0]] * len(share), dtype="Int64"),
            "residual": np.repeat(np.minimum(np.asarray(left)[rows, 0], 1.0), count),
        }
    )[list(ALLOCATION_COLUMNS)]


def _check_apart(sites: Sites, words: list[str], wide: np.ndarray) -> None:
    twice = np.flatnonzero(wide.sum(axis=1) > 1)
    if len(twice):
        both = [words[k] for k in np.flatnonzero(wide[twice[0]])]
        raise QuestionFault(
            "seeds " + " and ".join(both),
            f"{sites.names[sites.party[twice[0]]]!r} is of both",
            "seeds without a common node: a unit stops at one of them",
            "ask for them one by one, or for them as one seed",
        )
