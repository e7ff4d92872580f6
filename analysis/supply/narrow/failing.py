"""How much of all output stands still when one of the largest suppliers fails: ESRI, with its bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.links import Links
from analysis.supply.narrow.cascade import ROLES, cascade_of, follow_failures
from analysis.supply.seeds import sites_of
from analysis.supply.tables import place_rows, read_rows, require_columns
from survey import FileFault, QuestionFault, Study, StudyFault, nearest

__all__ = ["SHOCK_COLUMNS", "ShockSettings", "shock_settings", "shocks"]

KEYS = ("sectors", "roles")
"""Keys of `[supply.shock]`."""

SHOCK_COLUMNS = (
    *("party", "name", "country", "sector", "size", "esri", "low", "high", "down", "up", "steps", "residual"),
    *("method", "n_firms", "n_links", "named"),
)
"""Columns of a table of shocks."""

_MANY = 8000
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class ShockSettings:
    """What a shock needs to know beyond the links.

    Attributes
    ----------
    sectors : pandas.DataFrame or None
        `party,sector` and optionally `market`, within which others can stand in; default a party's sector
        is the product it sells most of.
    roles : pandas.DataFrame or None
        `supplier_sector,buyer_sector,role`, a role one of `essential`, `non-essential`, `negligible`.
    """

    sectors: pd.DataFrame | None = None
    roles: pd.DataFrame | None = None


def shock_settings(study: Study) -> ShockSettings:
    """The files of `[supply.shock]`, read and checked.

    Raises
    ------
    StudyFault
        An unknown key, or one that is no name of a file.
    FileFault
        A column that is missing, a party or a pair of sectors named twice, a role nobody knows.
    """
    given = study.section("supply").get("shock", {})
    if not isinstance(given, Mapping):
        raise StudyFault(study.place("supply.shock"), repr(given), "a table", "write  [supply.shock]")
    for key, name in given.items():
        place = study.place(f"supply.shock.{key}")
        if key not in KEYS:
            raise StudyFault(place, f"unknown key {key!r}", "one of: " + ", ".join(KEYS), nearest(key, KEYS))
        if not isinstance(name, str):
            raise StudyFault(place, repr(name), "the name of a file", f'write  {key} = "..."')
    return ShockSettings(
        _sectors(study.folder / given["sectors"]) if "sectors" in given else None,
        _roles(study.folder / given["roles"]) if "roles" in given else None,
    )


def _sectors(path: Path) -> pd.DataFrame:
    rows = read_rows(path)
    require_columns(rows, ("party", "sector"), str(path))
    _once(rows, ["party"], path)
    return rows[[name for name in ("party", "sector", "market") if name in rows.columns]]


def _roles(path: Path) -> pd.DataFrame:
    rows = read_rows(path)
    require_columns(rows, ("supplier_sector", "buyer_sector", "role"), str(path))
    _once(rows, ["supplier_sector", "buyer_sector"], path)
    odd = np.flatnonzero(~rows["role"].isin(list(ROLES)).to_numpy())
    if len(odd):
        word = str(rows["role"].iloc[int(odd[0])])
        raise FileFault(
            f"{path}, column role, {place_rows(odd + 1)}",
            repr(word),
            "one of: " + ", ".join(ROLES),
            nearest(word, tuple(ROLES)),
        )
    return rows[["supplier_sector", "buyer_sector", "role"]]


def _once(rows: pd.DataFrame, key: list[str], path: Path) -> None:
    twice = np.flatnonzero(rows.duplicated(key).to_numpy())
    if len(twice):
        words = ", ".join(str(rows[name].iloc[int(twice[0])]) for name in key)
        raise FileFault(
            f"{path}, {place_rows(twice + 1)}",
            f"{words!r} a second time",
            f"one row for each {' and '.join(key)}",
            "take the second row out",
        )


def shocks(
    links: Links,
    settings: ShockSettings | None = None,
    *,
    failed: Sequence[str] | None = None,
    top: int = 20,
    eps: float = 1e-9,
) -> pd.DataFrame:
    """ESRI of the largest suppliers: the share of all output that is lost when one of them stops.

    Parameters
    ----------
    links : Links
        With values, or shares and inputs.
    settings : ShockSettings, optional
        Sectors and roles; without roles inputs are non-essential.
    failed : sequence of str, optional
        Parties that fail, one at a time; default the `top` largest by sales within the links.
    eps : float
        Losses are at rest when none grows by more in a step.

    Returns
    -------
    pandas.DataFrame
        Columns `SHOCK_COLUMNS`, hardest shock first: `size` = share of all sales within the links; `esri` =
        share of output lost, of which `down` (buyers cannot make) and `up` (suppliers cannot sell) each
        alone; nobody stands in for the failed. `low`: others of its market stand in as far as they can.
        `high`: roles that are not stated are essential, and what is not named behaves like what is.
        `steps` until all three were at rest; `residual` = the most any firm lost in the last of them (above
        `eps` where they were not: then `high` is 1, everything); `method`; `n_firms`, `n_links` with money,
        and `named` share of inputs.

    Raises
    ------
    QuestionFault
        No link with money, a party that is not there, `top` under 1, too many sectors.
    """
    if top < 1:
        raise QuestionFault("top", str(top), "1 or more", "say --top 20")
    settings = settings or ShockSettings()
    frame = links.frame
    money = frame["value"].to_numpy(dtype=float, copy=True)
    inputs = frame["inputs"].to_numpy(dtype=float)
    guessed = np.isnan(money)
    money[guessed] = (frame["share"].to_numpy(dtype=float) * inputs)[guessed]
    paid = money > 0
    if not paid.any():
        raise QuestionFault(
            "links",
            "no link with a value",
            "links with value, or with share and inputs: a shock is counted in money",
            "give the column value, or ask for removals instead",
        )
    sites = sites_of(frame)
    names, buyer = sites.names, np.asarray(sites.buyer)
    seller = np.asarray(sites.party)[sites.node][paid]
    cost = np.full(len(names), np.nan)
    np.fmax.at(cost, buyer, inputs)
    buyer, money = buyer[paid], money[paid]
    revenue = _sales(links, names)
    words, sector, market = _places(
        names, frame["product"].to_numpy(dtype=object)[paid], seller, money, settings
    )
    roles = _matrix(words, settings.roles)
    size = np.bincount(seller, money, minlength=len(names))
    chosen = np.argsort(-size, kind="stable")[:top] if failed is None else _asked(names, failed)
    mild = np.where(roles == _UNKNOWN, ROLES["non-essential"], roles)
    hard = np.where(roles == _UNKNOWN, ROLES["essential"], roles)
    softened = cascade_of(seller, buyer, money, sector, mild, market=market, revenue=revenue, cost=cost)
    point = follow_failures(softened, chosen, eps=eps)
    least = follow_failures(softened, chosen, is_replaceable=True, eps=eps)
    most = follow_failures(cascade_of(seller, buyer, money, sector, hard), chosen, eps=eps)
    bought = np.bincount(buyer, money, minlength=len(names))
    known = np.isfinite(cost)
    table = pd.DataFrame(
        {
            "party": names[chosen],
            "sector": np.asarray(words, dtype=object)[sector[chosen]],
            "size": size[chosen] / size.sum(),
            "esri": point.both,
            "low": np.minimum(least.both, point.both),
            "high": np.where(most.left > eps, 1.0, np.maximum(most.both, point.both)),
            "down": point.down,
            "up": point.up,
            "steps": np.maximum.reduce([point.steps, least.steps, most.steps]),
            "residual": np.maximum.reduce([point.left, least.left, most.left]),
            "method": _method(settings),
            "n_firms": len(np.union1d(seller, buyer)),
            "n_links": int(paid.sum()),
            "named": bought[known].sum() / np.fmax(cost, bought)[known].sum() if known.any() else np.nan,
        }
    )
    known_parties = links.parties.set_index("party") if len(links.parties) else pd.DataFrame()
    for column in ("name", "country"):
        found = known_parties[column].reindex(names[chosen]) if column in known_parties else None
        table[column] = "" if found is None else found.fillna("").to_numpy(dtype=object)
    table = table.sort_values(["esri", "party"], ascending=[False, True], ignore_index=True)
    return table[list(SHOCK_COLUMNS)]


def _sales(links: Links, names: pd.Index) -> np.ndarray:
    if "sales" not in links.parties:
        return np.full(len(names), np.nan)
    return links.parties.set_index("party")["sales"].reindex(names).to_numpy(dtype=float)


def _asked(names: pd.Index, failed: Sequence[str]) -> np.ndarray:
    where = names.get_indexer(pd.Index([str(party) for party in failed]))
    odd = np.flatnonzero(where < 0)
    if len(odd):
        word = str(failed[int(odd[0])])
        raise QuestionFault(
            f"party {word!r}", "not in the links", "a party of the links", nearest(word, list(names))
        )
    return where


def _places(
    names: pd.Index, product: np.ndarray, seller: np.ndarray, money: np.ndarray, settings: ShockSettings
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Words of the sectors, and the sector and market of each party by number."""
    most = (
        pd.DataFrame({"party": seller, "sector": product, "money": money})
        .groupby(["party", "sector"], observed=True)["money"]
        .sum()
        .reset_index()
        .sort_values(["party", "money", "sector"], ascending=[True, False, True])
        .drop_duplicates("party")
    )
    own = np.full(len(names), "", dtype=object)
    own[most["party"].to_numpy()] = most["sector"].to_numpy(dtype=object)
    words = pd.Series(own, index=names, dtype="str")
    market = None
    if settings.sectors is not None:
        told = settings.sectors.set_index("party")
        words = told["sector"].reindex(names).fillna(words)
        if "market" in told:
            market = told["market"].reindex(names).replace("", np.nan).fillna(words)
    sector, known = pd.factorize(words, sort=True)
    if len(known) > _MANY:
        raise QuestionFault(
            "sectors", f"{len(known):,} sectors", f"{_MANY:,} at most", "give [supply.shock] sectors = a file"
        )
    markets = sector if market is None else pd.factorize(market)[0]
    return [str(word) for word in known], sector, markets


def _matrix(words: list[str], stated: pd.DataFrame | None) -> np.ndarray:
    """Roles by sector of supplier and of buyer; -1 where nothing is stated."""
    roles = np.full((len(words), len(words)), _UNKNOWN, dtype=np.int8)
    if stated is not None:
        index = pd.Index(words)
        row = index.get_indexer(pd.Index(stated["supplier_sector"]))
        column = index.get_indexer(pd.Index(stated["buyer_sector"]))
        there = (row >= 0) & (column >= 0)
        roles[row[there], column[there]] = stated["role"].map(ROLES).to_numpy(dtype=np.int8)[there]
    return roles


def _method(settings: ShockSettings) -> str:
    sectors = "sectors given" if settings.sectors is not None else "sector = product sold most"
    roles = "roles given, others non-essential" if settings.roles is not None else "all inputs non-essential"
    return f"{sectors}; {roles}"
