"""What a Release says of suppliers: exposure, paths, chokepoints and concentration of a study's firms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.release.exposure import SIDE_SEEDS, exposure_table
from analysis.supply.averages.unlinked import AVERAGE, beside_links
from analysis.supply.depth import LOOKTHROUGH_COLUMNS, look_through
from analysis.supply.links import Links
from analysis.supply.narrow.bloc import dependency
from analysis.supply.narrow.concentrating import concentration, months_to_qualify
from analysis.supply.narrow.narrowing import chokepoints
from analysis.supply.narrow.trade import trade_of
from analysis.supply.tracing import trace
from survey import Finding, Study

__all__ = ["Dependence", "dependence_of"]

_CANDIDATES, _OTHERS, _PATHS, _TOP = 30, 10, 12, 20
"""Countries looked at and shown beside the two sides; paths a firm and side; chokepoints a side."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """What was found of the suppliers of a study's firms, before any audience is thought of.

    Attributes
    ----------
    tables : dict[str, pandas.DataFrame]
        `lookthrough`, `exposure`, `paths`, `chokepoints`, `concentration`, `dependency`, `parties`; each
        with `stat`, `n` and `estimate`, but for `parties` (names); those without a row are left out.
    suppliers : pandas.Series
        Suppliers in the country of each seed.
    findings : tuple[Finding, ...]
        What is not known.
    """

    tables: dict[str, pd.DataFrame]
    suppliers: pd.Series
    findings: tuple[Finding, ...]


def dependence_of(study: Study, links: Links | None, firms: Sequence[str] | None) -> Dependence | None:
    """Everything a Release holds of suppliers; None where no link says what firms buy, or where.

    Parameters
    ----------
    study : Study
        A study with `[supply]`.
    links : Links or None
        Its links; None where it names a table of sectors in their place.
    firms : sequence of str or None
        Its firms; None for every buyer of the links. Those without links take their sector's average where
        the study names a table of sectors; else they have no rows.

    Notes
    -----
    Seeds are the United States, China, and of the countries that most inputs of the network come from the
    ten with the largest mean exposure. Paths and chokepoints are found for the two sides alone, else for
    the first country.
    """
    if links is not None and links.reading != "inputs":
        return None
    buyers = [] if links is None else list(links.frame["buyer"].astype("str").unique())
    asked = buyers if firms is None else [firm for firm in firms if firm in set(buyers)]
    seeds = _candidates(links)
    if not seeds:
        return None
    table = pd.DataFrame(columns=list(LOOKTHROUGH_COLUMNS))
    if links is not None and asked:
        table = look_through(links, seeds, firms=asked, paths=0)
    average, findings = beside_links(study, links, seeds) if study.waves else (table.iloc[:0], ())
    if table.empty and average.empty:
        return None
    own = table if len(table) else average
    seeds = _shown(own, seeds)
    held = [part[part["seed"].isin(seeds)] for part in (table, average) if len(part)]
    rows = pd.concat(held, ignore_index=True) if len(held) > 1 else held[0].reset_index(drop=True)
    rows["flag"] = np.where(rows["share_method"].str.startswith(AVERAGE), AVERAGE, "")
    named = np.empty(0)
    tables: dict[str, pd.DataFrame] = {}
    if links is not None and asked:
        buyer = links.frame["buyer"].astype("str")
        mine = replace(links, frame=links.frame[buyer.isin(asked).to_numpy()])
        shares = mine.frame.groupby(mine.frame["buyer"].astype("str"))["share"].sum()
        named = shares.reindex(asked).fillna(0.0).clip(upper=1.0).to_numpy(dtype=float)
        tables = _beyond(study, links, mine, asked, seeds)
    tables["exposure"] = exposure_table(own[own["seed"].isin(seeds)].pipe(_in_order, seeds), named)
    tables["exposure"]["flag"] = AVERAGE if table.empty else ""
    tables["lookthrough"] = _stated(rows.drop(columns=["paths"]), "exposure", 1)
    tables = {name: made for name, made in tables.items() if len(made)}
    if links is not None:
        tables["parties"] = _named(links, tables)
    return Dependence(tables, _suppliers(links, seeds), tuple(findings))


def _candidates(links: Links | None) -> list[str]:
    """Seeds looked at: the two sides, then the countries most of the inputs of the network come from."""
    if links is None:
        return list(SIDE_SEEDS)
    frame = links.frame
    share = frame["share"].astype(float).groupby(frame["country"].astype("str")).sum()
    codes = [str(code) for code in share.sort_values(ascending=False, kind="stable").index if code]
    seeds = [f"country={code}" for code in codes]
    sides = [seed for seed in SIDE_SEEDS if seed in seeds]
    return [*sides, *[seed for seed in seeds if seed not in sides][:_CANDIDATES]]


def _shown(table: pd.DataFrame, seeds: Sequence[str]) -> list[str]:
    """The sides, then the others with the largest mean exposure."""
    sides = [seed for seed in seeds if seed in SIDE_SEEDS]
    mean = table.groupby("seed", sort=False)["exposure"].mean().drop(index=sides, errors="ignore")
    others = mean[mean > 0].sort_values(ascending=False, kind="stable").index[:_OTHERS]
    return [*sides, *[str(seed) for seed in others]]


def _in_order(table: pd.DataFrame, seeds: Sequence[str]) -> pd.DataFrame:
    place = {seed: at for at, seed in enumerate(seeds)}
    return table.assign(at=table["seed"].map(place)).sort_values("at", kind="stable").drop(columns="at")


def _beyond(
    study: Study, links: Links, mine: Links, firms: Sequence[str], seeds: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Tables that need links: paths and chokepoints of the sides, concentration and dependency by product."""
    sides = [seed for seed in seeds if seed in SIDE_SEEDS] or list(seeds[:1])
    tables = {}
    if sides:
        paths = trace(links, sides, firms=firms, paths=_PATHS)
        tables["paths"] = paths.assign(stat="weight", n=1, estimate=paths["weight"].astype(float))
        points = chokepoints(links, sides, top=_TOP, firms=firms)
        tables["chokepoints"] = _stated(points, "drop", len(firms))
    months = months_to_qualify(study) if study.waves else None
    found = concentration(mine, levels=("product", "all"), months=months)
    tables["concentration"] = found.assign(stat="hhi", n=found["n_firms"], estimate=found["hhi"])
    home = _home(links, firms)
    money = links.frame["value"].fillna(links.frame["share"] * links.frame["inputs"])
    if home and bool((money > 0).any()):
        bloc = dependency(trade_of(links), [home])
        tables["dependency"] = bloc.assign(home=home, stat="value", n=bloc["n_firms"], estimate=bloc["value"])
    return tables


def _home(links: Links, firms: Sequence[str]) -> str:
    """The country most of the firms are in; "" where none is known."""
    country = links.parties.set_index("party")["country"].astype("str").reindex(list(firms)).fillna("")
    known = country[country != ""]
    return str(known.mode().iloc[0]) if len(known) else ""


def _stated(table: pd.DataFrame, column: str, n: int) -> pd.DataFrame:
    return table.assign(stat=column, n=n, estimate=table[column].astype(float))


def _named(links: Links, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Name, name_ja and country of every party that a table speaks of."""
    ids: list[str] = []
    for name, columns in (
        ("lookthrough", ("firm",)),
        ("paths", ("to",)),
        ("chokepoints", ("party", "hardest_hit")),
        ("concentration", ("largest",)),
    ):
        ids += [str(one) for column in columns if name in tables for one in tables[name][column].unique()]
    known = links.parties[links.parties["party"].astype("str").isin(ids)]
    return known[["party", "name", "name_ja", "country"]].astype("str").reset_index(drop=True)


def _suppliers(links: Links | None, seeds: Sequence[str]) -> pd.Series:
    """Suppliers in the country of each seed; a table of sectors names none."""
    if links is None:
        return pd.Series(dtype="int64")
    pairs = links.frame[["supplier", "country"]].astype("str").drop_duplicates()
    counts = pairs["country"].value_counts()
    return pd.Series([int(counts.get(seed.partition("=")[2], 0)) for seed in seeds], index=list(seeds))
