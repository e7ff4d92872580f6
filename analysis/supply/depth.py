"""How deep dependence goes: exposure of every buyer to every seed, in one pass, beside its face value."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.asking import buyers_asked, sites_asked
from analysis.supply.links import Links
from analysis.supply.meeting import met_directly
from analysis.supply.network import Network, network_of
from analysis.supply.origins import origin_blocks
from analysis.supply.passage import first_passage, follow
from analysis.supply.sales import sales_sites
from analysis.supply.seeds import Seed, Sites, sites_of
from analysis.supply.totals import check_gain
from analysis.supply.trails import path_steps, path_words
from survey import QuestionFault, nearest

__all__ = ["LOOKTHROUGH_COLUMNS", "LOOKTHROUGH_METHODS", "exposures", "look_through"]

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
    "hidden",
    "confidence",
)
"""Columns of a look-through; the first nine are the contract."""

LOOKTHROUGH_METHODS = {
    "first_passage": "share of inputs that meets the seed, each unit counted once, where it first does",
    "leontief": "total requirements: inputs of the seed at every tier added up, so a unit may count twice",
    "sales": "first passage down the chain: share of sales that ends with the seed as buyer, or passes it",
    "ghosh": "total of the sales side: sales to the seed at every tier added up (Ghosh 1958)",
    "origin": "share of output whose value was added by the seed (needs sales of the parties)",
}
"""What `look_through` can work out, and what each is."""

_BLOCK = 16


def look_through(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    tiers: int | None = None,
    firms: Sequence[str] | None = None,
    method: str = "first_passage",
    paths: int = 3,
) -> pd.DataFrame:
    """Exposure of each buyer to each seed, tier by tier; by first passage every unit of inputs counts once.

    With A the shares of inputs and s the indicator of the seed, A~ = diag(1 - s) A,
    (I - A~) y = s and exposure e = A y: the probability that a unit of inputs, followed up the chain
    of named suppliers, meets the seed, where it stops (first passage, so no double count). The seed
    columns form dense blocks of 16. The outer bound `high` solves the same system with the unnamed rest
    of every party (all of it where a supplier names no inputs, or has no country) counted as the seed: the
    rest is one allocation, so the `high` of several seeds may not be added up (`allocate` splits it).

    Parameters
    ----------
    links : Links
        Shares of inputs.
    seeds : str, path or sequence of them
        `country=CN`, `party=NAME`, `product=8542`, or a file of parties.
    tiers : int, optional
        Look that many tiers up (1 = direct suppliers); default all.
    firms : sequence of str, optional
        Buyers (sellers, on the sales side) to report; default every one.
    method : str
        One of `LOOKTHROUGH_METHODS`.
    paths : int
        Largest paths to write per firm and seed, of any length (0: none).

    Returns
    -------
    pandas.DataFrame
        One row a firm and seed, columns `LOOKTHROUGH_COLUMNS`: `direct` = face value, share bought from the
        seed itself; `exposure` = `low` = named inputs only; `high` = outer bound (nan for totals, which have
        none); `tiers` = tiers looked through (missing where the system was solved for all tiers at once);
        `residual` = upper bound of what deeper named tiers could add, at most rho^(K+1)/(1-rho), or of the
        error of the solution; `paths` = the largest paths; `share_method` of the firm's links; `hidden` =
        exposure less direct; `confidence` = exposure with each share times the link's confidence, over
        exposure (1 where links state none; nan where no link of the file does).

    Raises
    ------
    QuestionFault
        A seed that matches nothing, tiers under 1, paths under 0, an unknown method, a firm that buys
        nothing, shares over 1, a circle with gain (totals only), a method that needs figures not there.
    """
    _check(tiers, method, paths)
    side = "sales" if method in ("sales", "ghosh") else "inputs"
    if links.reading == "output" and side == "inputs":
        raise QuestionFault(
            "links",
            "shares of the seller's output (a list of customers)",
            "shares of inputs, for what a firm's inputs depend on",
            "follow them on the sales side: --method ghosh (or sales)",
        )
    plain = sites_of(links.frame)
    methods = _methods(links.frame, plain.party[plain.node] if side == "sales" else plain.buyer, plain)
    if side == "sales":
        plain = sales_sites(links, plain)
    sites, found = sites_asked(plain, links.frame["product"], seeds)
    rows = buyers_asked(sites, firms, side=side)
    network = network_of(sites, side=side)
    trust = _trust(links, sites, side)
    blocks = _blocks(links, sites, network, method, tiers)
    parts = []
    for start in range(0, len(found), _BLOCK):
        block = found[start : start + _BLOCK]
        made = blocks(block)
        sure = None if trust is None else _certain(trust, block, method, tiers)
        for k, seed in enumerate(block):
            steps = path_steps(sites, network, seed.hit, rows, paths, tiers) if paths else None
            low = made["low"][rows, k]
            parts.append(
                pd.DataFrame(
                    {
                        "firm": np.asarray(sites.names)[rows],
                        "seed": seed.words,
                        "direct": made["direct"][rows, k],
                        "exposure": low,
                        "low": low,
                        "high": made["high"][rows, k],
                        "tiers": pd.array([made["reached"][k]] * len(rows), dtype="Int64"),
                        "residual": made["residual"][rows, k],
                        "paths": "" if steps is None else path_words(sites, steps, rows),
                        "share_method": methods[rows],
                        "hidden": low - made["direct"][rows, k],
                        "confidence": _ratio(None if sure is None else sure[rows, k], low),
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    order = np.argsort(np.tile(np.arange(len(rows)), len(found)), kind="stable")
    return table.iloc[order].reset_index(drop=True)[list(LOOKTHROUGH_COLUMNS)]


def _check(tiers: int | None, method: str, paths: int) -> None:
    if tiers is not None and tiers < 1:
        raise QuestionFault("tiers", str(tiers), "1 or more, or all", "say --tiers 1, 2, ... or all")
    if paths < 0:
        raise QuestionFault("paths", str(paths), "0 or more", "say for example --paths 5")
    if method not in LOOKTHROUGH_METHODS:
        known = list(LOOKTHROUGH_METHODS)
        raise QuestionFault("method", repr(method), "one of: " + ", ".join(known), nearest(method, known))


def _blocks(
    links: Links, sites: Sites, network: Network, method: str, tiers: int | None
) -> Callable[[Sequence[Seed]], dict[str, np.ndarray]]:
    """What makes direct, low, high, reached and residual of a block of seeds."""
    if method == "origin":
        return origin_blocks(links, sites, tiers)
    unnamed = network.unnamed()
    none = np.zeros(len(unnamed))
    if method in ("leontief", "ghosh"):
        check_gain(sites, network, tiers)

    def made(block: Sequence[Seed]) -> dict[str, np.ndarray]:
        hit = network.spread(np.column_stack([seed.hit for seed in block])).astype(float)
        direct = met_directly(network.shares, hit)
        if method in ("leontief", "ghosh"):
            low, reached, left = follow(network.shares, network.owner, hit, none, tiers, is_stopped=False)
            high = np.full(low.shape, np.nan)
        else:
            low, reached, left = first_passage(network.shares, network.owner, hit, none, tiers)
            maybe = network.spread(np.column_stack([seed.hit | seed.maybe for seed in block]))
            high = np.maximum(_outer(network, maybe.astype(float), unnamed, tiers), low)
            high = np.where(high > 1.0 - 1e-12, 1.0, high)
        return {
            **{"direct": direct, "low": low, "high": high, "residual": left},
            "reached": np.array(reached, dtype=object),
        }

    return made


def _outer(network: Network, maybe: np.ndarray, unnamed: np.ndarray, tiers: int | None) -> np.ndarray:
    """The outer bound; 1 for all tiers wherever every party can lead to an unnamed rest."""
    if tiers is None:
        ends = unnamed > 1e-12
        while not ends.all():
            wider = ends | (network.shares @ ends[network.owner].astype(float) > 0)
            if bool((wider == ends).all()):
                break
            ends = wider
        if ends.all():
            return np.ones((len(unnamed), maybe.shape[1]))
    return first_passage(network.shares, network.owner, maybe, unnamed, tiers)[0]


def _trust(links: Links, sites: Sites, side: str) -> Network | None:
    """The network with each share times the confidence in its link; None where no link states one."""
    confidence = pd.to_numeric(links.frame["confidence"], errors="coerce").to_numpy(dtype=float)
    if np.isnan(confidence).all():
        return None
    return network_of(sites, sites.share * np.nan_to_num(confidence, nan=1.0), side=side)


def _certain(trust: Network, block: Sequence[Seed], method: str, tiers: int | None) -> np.ndarray | None:
    if method == "origin":
        return None
    hit = trust.spread(np.column_stack([seed.hit for seed in block])).astype(float)
    none = np.zeros(trust.shares.shape[0])
    is_stopped = method in ("first_passage", "sales")
    return follow(trust.shares, trust.owner, hit, none, tiers, is_stopped=is_stopped)[0]


def _ratio(sure: np.ndarray | None, low: np.ndarray) -> np.ndarray:
    if sure is None:
        return np.full(len(low), np.nan)
    return np.divide(sure, low, out=np.full(len(low), np.nan), where=low > 0)


def _methods(frame: pd.DataFrame, firm: np.ndarray, sites: Sites) -> np.ndarray:
    """How the shares of each firm's links came about, the words joined by `; `."""
    code, words = pd.factorize(frame["share_method"])
    order = np.argsort(np.asarray(words, dtype=str))
    text = np.full(len(sites.names), "", dtype=object)
    for k in order.tolist():
        there = np.zeros(len(text), dtype=bool)
        there[firm[code == k]] = True
        text[there] = np.where(text[there] == "", str(words[k]), text[there] + f"; {words[k]}")
    return text


def exposures(links: Links, countries: Sequence[str]) -> pd.DataFrame:
    """First-passage exposure of every party to some countries, without paths.

    Returns
    -------
    pandas.DataFrame
        Index the parties, one column a country code: named inputs only, 0 where nothing leads there, and
        everywhere where shares are not of inputs (a list of customers).
    """
    sites = sites_of(links.frame)
    if links.reading != "inputs":
        return pd.DataFrame(0.0, index=sites.names, columns=list(countries))
    network = network_of(sites)
    hit = network.spread(np.column_stack([sites.country == code for code in countries]).astype(float))
    found, _, _ = first_passage(network.shares, network.owner, hit, np.zeros(len(sites.names)), None)
    return pd.DataFrame(found, index=sites.names, columns=list(countries))
