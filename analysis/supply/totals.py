"""Total requirements: what every tier buys of a seed added up, and shares of the sum under named switches."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.asking import buyers_asked, sites_asked
from analysis.supply.links import Links
from analysis.supply.network import Network, closed_circle, network_of
from analysis.supply.origins import own_part
from analysis.supply.passage import follow
from analysis.supply.sales import homes, sales_sites
from analysis.supply.seeds import Sites, sites_of
from survey import QuestionFault

__all__ = ["GROSS_COLUMNS", "check_gain", "gross_lookthrough"]

GROSS_COLUMNS = ("firm", "seed", "face", "gross", "hidden", "total", "denominator")
"""Columns of `gross_lookthrough`."""

_DENOMINATORS = ("all", "foreign")
_BLOCK = 16
_MOST = 512
"""So many firms at most have their own circles taken out: each is a column."""


def check_gain(sites: Sites, network: Network, tiers: int | None) -> None:
    """Check that total requirements end.

    Raises
    ------
    QuestionFault
        Parties that buy everything from each other in a circle, with their links: a unit never leaves, so its
        total has no end. A number of tiers makes it finite.
    """
    if tiers is not None:
        return
    circle = closed_circle(network)
    if len(circle):
        inside = np.zeros(len(sites.names), dtype=bool)
        inside[circle] = True
        rows = np.flatnonzero(inside[sites.buyer] & (np.asarray(sites.share) > 0))
        said = ", ".join(repr(str(name)) for name in sites.names[circle[:5]])
        more = f" and {len(circle) - 5} more" if len(circle) > 5 else ""
        links = ", ".join(str(r + 1) for r in rows[:5]) + (f" and {len(rows) - 5} more" * (len(rows) > 5))
        raise QuestionFault(
            f"links {links}",
            f"a circle with a gain of 1: {said}{more} take everything from each other",
            "circles from which something leaves: totals of this one have no end",
            "ask for first_passage, for a number of tiers, or correct the shares",
        )


def gross_lookthrough(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    firms: Sequence[str] | None = None,
    side: str = "inputs",
    keep_identity: bool = False,
    net_own: bool = False,
    denominator: str = "all",
) -> pd.DataFrame:
    """The seed's part of everything that is bought at any tier for a unit of the firm's inputs.

    With L = (I - A)^-1 by rows, M = L - I (L with `keep_identity`): gross_is = sum over the seed's j of M_ij
    over the sum of M_ij over all j (or all j abroad); `face` puts the direct shares (and I, if kept) over
    the same sum; `hidden` is the rest. On the sales side L is G = (I - B)^-1 with B the shares of sales.

    Parameters
    ----------
    links : Links
        Shares of inputs; for the sales side values.
    seeds : as `look_through`
        Whose part.
    firms : sequence of str, optional
        Firms to report; default all that buy (or sell).
    side : str
        `inputs` or `sales`.
    keep_identity : bool
        Whether the firm's own unit counts, as the Leontief inverse has it.
    net_own : bool
        Whether what comes back to the firm itself is taken out, above and below (512 firms at most).
    denominator : str
        `all`, or `foreign`: only nodes outside the firm's own country, above and below.

    Returns
    -------
    pandas.DataFrame
        `GROSS_COLUMNS`: `total` is the sum below the line, nan in the others where it is 0.

    Raises
    ------
    QuestionFault
        A circle with gain, an unknown switch, a seed that matches nothing, a firm whose country is not known
        (`foreign`), too many firms (`net_own`).
    """
    if denominator not in _DENOMINATORS or side not in ("inputs", "sales"):
        raise QuestionFault(
            "gross_lookthrough",
            repr((side, denominator)),
            "inputs or sales, all or foreign",
            "correct the word",
        )
    plain = sites_of(links.frame)
    sites, found = sites_asked(
        sales_sites(links, plain) if side == "sales" else plain, links.frame["product"], seeds
    )
    rows = buyers_asked(sites, firms, side=side)
    network = network_of(sites, side=side)
    check_gain(sites, network, None)
    home = homes(links, sites.names)
    abroad = denominator == "foreign"
    if abroad and bool((home[rows] == "").any()):
        first = sites.names[rows[int(np.flatnonzero(home[rows] == "")[0])]]
        raise QuestionFault(
            f"firm {first!r}", "no country", "the country of each firm, in the file of parties", "add it"
        )
    own = own_part(sites, home, found)[rows] * (keep_identity and not net_own and not abroad)
    back = _own_circles(network, rows, len(rows) if net_own else 0)
    total = _below(sites, network, home, rows, abroad) + float(keep_identity and not net_own and not abroad)
    total = total - (0.0 if abroad else back)
    parts = []
    for start in range(0, len(found), _BLOCK):
        block = found[start : start + _BLOCK]
        wide = np.column_stack([seed.hit for seed in block]).astype(float)
        direct = network.shares @ network.spread(wide)
        above = follow(
            network.shares, network.owner, network.spread(wide), np.zeros(len(home)), None, is_stopped=False
        )[0]
        for k, seed in enumerate(block):
            at = own[:, start + k]
            come_back = back * own_part(sites, home, [seed])[rows, 0]
            face, gross = direct[rows, k] + at, above[rows, k] + at - come_back
            if abroad:
                face, gross = _abroad(sites, network, home, rows, seed.hit)
            parts.append(
                pd.DataFrame(
                    {
                        "firm": np.asarray(sites.names)[rows],
                        "seed": seed.words,
                        "face": _over(face, total),
                        "gross": _over(gross, total),
                        "hidden": _over(gross - face, total),
                        "total": total,
                        "denominator": denominator,
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    order = np.argsort(np.tile(np.arange(len(rows)), len(found)), kind="stable")
    return table.iloc[order].reset_index(drop=True)[list(GROSS_COLUMNS)]


def _below(sites: Sites, network: Network, home: np.ndarray, rows: np.ndarray, abroad: bool) -> np.ndarray:
    """The sum below the line of each row: everything bought at any tier, or what of it is bought abroad."""
    every = np.ones(len(sites.party), dtype=bool)
    if abroad:
        return _abroad(sites, network, home, rows, every)[1]
    whole = network.spread(every.astype(float))[:, None]
    return np.asarray(
        follow(network.shares, network.owner, whole, np.zeros(len(home)), None, is_stopped=False)[0][rows, 0]
    )


def _abroad(
    sites: Sites, network: Network, home: np.ndarray, rows: np.ndarray, hit: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Direct and total purchases of a seed outside each firm's own country: a column a country of firms."""
    countries, which = np.unique(home[rows].astype(str), return_inverse=True)
    face, gross = np.zeros(len(rows)), np.zeros(len(rows))
    none = np.zeros(len(home))
    for start in range(0, len(countries), _BLOCK):
        some = countries[start : start + _BLOCK]
        wide = hit[:, None] & (np.asarray(sites.country).astype(str)[:, None] != some[None, :])
        columns = network.spread(wide.astype(float))
        direct = network.shares @ columns
        above = follow(network.shares, network.owner, columns, none, None, is_stopped=False)[0]
        mine = np.flatnonzero((which >= start) & (which < start + len(some)))
        face[mine] = direct[rows[mine], which[mine] - start]
        gross[mine] = above[rows[mine], which[mine] - start]
    return face, gross


def _own_circles(network: Network, rows: np.ndarray, many: int) -> np.ndarray:
    """What comes back to each firm itself through its suppliers, per unit; nothing where not asked for."""
    back = np.zeros(len(rows))
    if many > _MOST:
        raise QuestionFault(
            "net_own", f"{many} firms", f"{_MOST} at most, as each is a column of its own", "name the firms"
        )
    for start in range(0, many, _BLOCK):
        some = rows[start : start + _BLOCK]
        wide = (network.owner[:, None] == some[None, :]).astype(float)
        found = follow(
            network.shares, network.owner, wide, np.zeros(network.shares.shape[0]), None, is_stopped=False
        )[0]
        back[start : start + len(some)] = found[some, np.arange(len(some))]
    return back


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
