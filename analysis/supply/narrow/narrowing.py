"""Chokepoints: the suppliers through which most of the dependence on a seed runs, and whom it serves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.asking import buyers_asked, sites_asked
from analysis.supply.depth import look_through
from analysis.supply.links import Links
from analysis.supply.narrow.cutting import Cuts, cut_network
from analysis.supply.narrow.removing import Walks, removal_bounds, removals, walks_to
from analysis.supply.network import network_of
from analysis.supply.seeds import Sites, sites_of
from analysis.supply.tables import read_rows, require_columns
from survey import QuestionFault

__all__ = ["CHOKEPOINT_COLUMNS", "CUT_COLUMNS", "chokepoints", "cut_points", "read_firms", "who_hangs_on"]

CHOKEPOINT_COLUMNS = (
    *("seed", "party", "name", "country", "drop", "low", "high", "mean_exposure", "part", "firms", "cut_off"),
    *("largest_drop", "hardest_hit", "pieces", "n_firms", "n_links", "named", "share_method"),
)
"""Columns of a table of chokepoints."""

CUT_COLUMNS = ("party", "name", "country", "pieces", "cut_off", "part", "n_firms", "n_links")
"""Columns of a table of articulation points."""

_BLOCK = 4
_TOUCHED = 1e-12
_GONE = 1e-9
"""Of a firm's exposure; a firm left with no more is cut off."""


def chokepoints(
    links: Links,
    seeds: str | Path | Sequence[str | Path],
    *,
    top: int = 20,
    firms: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Parties whose removal takes most of the exposure to a seed, per seed, largest first: exact.

    A party is taken out with all its sites, and nobody takes its place. All parties are bounded from
    above by one solve; those that can be among the `top` are then taken out one by one (a change of rank
    one), so that no party left out of the table drops more than its last row.

    Parameters
    ----------
    links : Links
        Shares of inputs.
    seeds : str, path or sequence of them
        `country=CN`, `party=NAME`, or a file of parties.
    top : int
        Rows a seed; parties without any drop get none.
    firms : sequence of str, optional
        Whose exposure counts, each the same; default every buyer.

    Returns
    -------
    pandas.DataFrame
        Columns `CHOKEPOINT_COLUMNS`: `drop` = `low` = fall of the mean exposure, its own aside, named
        links only; `high` = outer bound, were the unnamed rest to run through this party too;
        `mean_exposure` before; `part` = drop over it; `firms` that lose something; `cut_off` = those left
        with nothing; `largest_drop` and the firm it falls on; `pieces` the whole network would fall into
        (2 or more: an articulation point); `n_firms`, `n_links`, `named` (share of inputs named, mean):
        what the numbers rest on; `share_method`.

    Raises
    ------
    QuestionFault
        A seed that matches nothing, `top` under 1, a firm without links.
    """
    if top < 1:
        raise QuestionFault("top", str(top), "1 or more", "say --top 20")
    if links.reading != "inputs":
        raise QuestionFault(
            "links",
            f"shares of {links.reading}",
            "shares of inputs",
            "ask for shocks or cuts, or use links of buyers",
        )
    sites, found = sites_asked(sites_of(links.frame), links.frame["product"], seeds)
    counted = np.unique(buyers_asked(sites, firms))
    network = network_of(sites)
    named = 1.0 - network.unnamed()
    pieces = _cuts(sites).pieces
    tables = []
    for seed in found:
        walks = walks_to(network.shares, network.owner, network.spread(seed.hit))
        outer = np.zeros(len(named))
        whole = walks_to(
            network.shares, network.owner, network.spread(seed.hit | seed.maybe), network.unnamed()
        )
        outer[whole.live] = whole.exposure
        table = _largest(walks, counted, outer, top)
        table.insert(0, "seed", seed.words)
        table["pieces"] = pieces[table["party"].to_numpy()]
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    table["hardest_hit"] = np.asarray(sites.names, dtype=object)[table["hardest_hit"].to_numpy()]
    table = _with_names(table, links, sites)
    table["n_firms"] = len(counted)
    table["n_links"] = int((sites.share > 0).sum())
    table["named"] = float(named[counted].mean())
    table["share_method"] = links.share_method
    return table[list(CHOKEPOINT_COLUMNS)]


def cut_points(links: Links, *, top: int | None = None) -> pd.DataFrame:
    """Articulation points of the network of firms: whose loss breaks it apart, most parties cut off first.

    Returns
    -------
    pandas.DataFrame
        Columns `CUT_COLUMNS`: `pieces` that are left of its part of the network, `cut_off` parties outside
        the largest of them, `part` parties in that part before; `n_firms` and `n_links` of the network.
        Direction and size of links do not matter.
    """
    sites = sites_of(links.frame)
    cuts = _cuts(sites)
    there = np.flatnonzero(cuts.pieces > 1)
    there = there[np.lexsort((there, -cuts.pieces[there], -cuts.cut_off[there]))][:top]
    table = pd.DataFrame(
        {
            "party": there,
            "pieces": cuts.pieces[there],
            "cut_off": cuts.cut_off[there],
            "part": cuts.part[there],
            "n_firms": int((cuts.pieces > 0).sum()),
            "n_links": len(sites.buyer),
        }
    )
    return _with_names(table, links, sites)[list(CUT_COLUMNS)]


def who_hangs_on(
    links: Links, party: str, *, top: int | None = None, firms: Sequence[str] | None = None
) -> pd.DataFrame:
    """The firms whose inputs pass through one party, at any tier, those that lean on it most first.

    Returns
    -------
    pandas.DataFrame
        Columns of a look-through with the party as its seed, for firms with an exposure over 0;
        `n_hanging` firms of `n_firms` looked at hang on it, by `n_links` sized links.

    Raises
    ------
    QuestionFault
        A party that supplies nobody, a firm that buys nothing.
    """
    table = look_through(links, f"party={party}", firms=firms)
    hanging = table[table["exposure"] > 0].sort_values(["exposure", "firm"], ascending=[False, True])
    sized = int((links.frame["share"].to_numpy(dtype=float) > 0).sum())
    return hanging.assign(n_hanging=len(hanging), n_firms=len(table), n_links=sized).head(
        len(hanging) if top is None else top
    )


def read_firms(path: Path) -> tuple[str, ...]:
    """Firms of a CSV: its column `firm` or `party`, or its only column.

    Raises
    ------
    FileFault
        No such file or column.
    """
    rows = read_rows(path)
    column = next((name for name in ("firm", "party") if name in rows.columns), rows.columns[0])
    if len(rows.columns) > 1:
        require_columns(rows, (column if column in ("firm", "party") else "firm",), str(path))
    return tuple(str(firm) for firm in rows[column] if firm)


def _cuts(sites: Sites) -> Cuts:
    """What falls apart when a party is taken out, whatever the direction and size of its links."""
    return cut_network(sites.buyer, sites.party[sites.node], len(sites.names))


def _largest(walks: Walks, counted: np.ndarray, outer: np.ndarray, top: int) -> pd.DataFrame:
    """The `top` parties by weighted drop: bounded all at once, then exact in the order of their bounds."""
    weight = np.isin(walks.live, counted) / len(counted)
    bound = removal_bounds(walks, weight)
    order = np.argsort(-bound, kind="stable")
    order = order[bound[order] > _TOUCHED / len(counted)]
    rest = float(outer[counted].mean() - weight @ walks.exposure)
    outer = outer[walks.live]
    rows: list[pd.DataFrame] = []
    worst = 0.0
    for start in range(0, len(order), _BLOCK):
        if bound[order[start]] <= worst:
            break
        part = next(removals(walks, order[start : start + _BLOCK]))
        drop = np.nan_to_num(part.drop)
        mine = drop * (weight > 0)[:, None]
        worse = np.minimum(drop + (outer - walks.exposure)[:, None], outer[:, None])
        worse[np.isnan(part.drop)] = 0.0
        rows.append(
            pd.DataFrame(
                {
                    "party": part.party,
                    "drop": weight @ drop,
                    "low": weight @ drop,
                    "high": weight @ worse + _elsewhere(rest, weight @ (outer - walks.exposure)),
                    "mean_exposure": float(weight @ walks.exposure),
                    "firms": (mine > _TOUCHED).sum(axis=0),
                    "cut_off": ((mine > _TOUCHED) & (mine >= (1 - _GONE) * walks.exposure[:, None])).sum(
                        axis=0
                    ),
                    "largest_drop": mine.max(axis=0, initial=0.0),
                    "hardest_hit": walks.live[mine.argmax(axis=0)] if len(mine) else 0,
                }
            )
        )
        found = np.sort(np.concatenate([row["drop"].to_numpy() for row in rows]))[::-1]
        worst = float(found[top - 1]) if len(found) >= top else 0.0
    if not rows:
        return _none()
    table = pd.concat(rows, ignore_index=True)
    table["part"] = table["drop"] / table["mean_exposure"]
    table = table.sort_values(["drop", "party"], ascending=[False, True], ignore_index=True)
    return table[table["firms"] > 0].head(top).reset_index(drop=True)


def _elsewhere(rest: float, inside: float) -> float:
    """Outer bound of firms no named walk leads from: all of it may run through the party."""
    return max(rest - inside, 0.0)


def _none() -> pd.DataFrame:
    whole, real = ("party", "firms", "cut_off", "hardest_hit"), ("drop", "low", "high", "mean_exposure")
    kinds = dict.fromkeys(whole, "int64") | dict.fromkeys((*real, "part", "largest_drop"), "float64")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _with_names(table: pd.DataFrame, links: Links, sites: Sites) -> pd.DataFrame:
    """The party's id for its number, with its name and country from the parties of the links."""
    ids = pd.Series(np.asarray(sites.names, dtype=object)[table["party"].to_numpy()], dtype="str")
    known = links.parties.set_index("party") if len(links.parties) else pd.DataFrame()
    for column in ("name", "country"):
        found = known[column].reindex(ids) if column in known else pd.Series("", index=ids)
        table[column] = found.fillna("").to_numpy(dtype=object)
    table["party"] = ids.to_numpy()
    return table
