"""How much of a sector's inputs comes from, or passes through, a country: look-through of a whole table."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.supply.averages.iotable import IoTable
from analysis.supply.passage import first_passage
from survey import Fault, nearest

__all__ = ["SECTOR_COLUMNS", "bought_from", "sector_exposures"]

SECTOR_COLUMNS = ("sector", "seed", "direct", "exposure", "high", "residual", "largest")
"""Columns of `sector_exposures`."""


def sector_exposures(
    table: IoTable,
    home: str,
    mapping: Mapping[str, Sequence[str]],
    seeds: Mapping[str, Sequence[str]],
    *,
    tiers: int | None = None,
) -> pd.DataFrame:
    """Exposure of each sector of firms to each seed, as a share of its inputs.

    First passage over the table: with a the inputs of a sector per unit of its output and s the seed's
    sectors, e = a y, y = s + (1 - s) a y; the exposure of inputs is e over the sum of a. Beyond
    the first tier each input is followed by its content, so value added ends the walk and each unit of value
    counts once, where it first meets the seed.

    Parameters
    ----------
    table : IoTable
        The table.
    home : str
        Country the firms are in, alpha-2 code.
    mapping : Mapping[str, Sequence[str]]
        Sector of the survey to sectors of the table; several are weighted by their inputs.
    seeds : Mapping[str, Sequence[str]]
        Words of a seed to its countries.
    tiers : int or None
        Tiers to look through; None for all.

    Returns
    -------
    pandas.DataFrame
        `SECTOR_COLUMNS`: `sector` of the survey; `high` counts what comes from regions of no one country as
        the seed; `largest` names the seed's sectors it buys most from, with their share of inputs.

    Raises
    ------
    Fault
        A sector that the table does not have in this country.
    """
    weights = _weights(table, home, mapping)
    names = list(seeds)
    hit = np.column_stack([np.isin(table.country, list(seeds[name])) for name in names]).astype(float)
    maybe = np.maximum(hit, (table.country == "")[:, None])
    nodes = np.arange(len(table.country))
    none = np.zeros(len(nodes))
    low, _, left = first_passage(table.content, nodes, hit, none, tiers)
    high, _, _ = first_passage(table.content, nodes, maybe, none, tiers)
    direct = table.content @ hit
    whole = np.asarray(table.content.sum(axis=1)).ravel()
    per_input = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0)[:, None]
    taken = weights @ (np.stack([direct, low, high, left]) * per_input)
    bought = weights @ _per_input(table)
    parts = []
    for k, name in enumerate(names):
        of_seed = bought * hit[:, k]
        parts.append(
            pd.DataFrame(
                {
                    "sector": list(mapping),
                    "seed": name,
                    **{
                        column: np.minimum(taken[j, :, k], 1.0)
                        for j, column in enumerate(("direct", "exposure", "high"))
                    },
                    "residual": taken[3, :, k],
                    "largest": [_largest(table, row) for row in np.asarray(of_seed)],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[list(SECTOR_COLUMNS)]


def bought_from(table: IoTable, home: str, mapping: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Share of each sector's inputs that is bought from each country.

    Returns
    -------
    pandas.DataFrame
        Index the sectors of the survey, columns alpha-2 codes ("" for regions of no one country); rows add
        to 1 where the sector has inputs.

    Raises
    ------
    Fault
        As `sector_exposures`.
    """
    weights = _weights(table, home, mapping)
    bought = np.asarray(weights @ _per_input(table))
    code, countries = pd.factorize(table.country, sort=True)
    spread = np.zeros((len(code), len(countries)))
    spread[np.arange(len(code)), code] = 1.0
    return pd.DataFrame(bought @ spread, index=list(mapping), columns=list(countries))


def _per_input(table: IoTable) -> sparse.csr_matrix:
    """Inputs of each sector as shares of its inputs, not of its output."""
    whole = np.asarray(table.content.sum(axis=1)).ravel()
    per_input = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0)
    return sparse.csr_matrix(sparse.diags_array(per_input) @ table.content)


def _weights(table: IoTable, home: str, mapping: Mapping[str, Sequence[str]]) -> np.ndarray:
    """Shape (sectors, nodes): what a sector of the table weighs in one of the survey, by its inputs."""
    at_home = table.country == home
    if not at_home.any():
        raise Fault(
            table.source,
            f"no country {home!r}",
            "the country the firms are in",
            nearest(home, sorted(set(table.country) - {""})),
        )
    known = sorted(set(table.sector[at_home]))
    rows = []
    for name, codes in mapping.items():
        for code in codes:
            if code not in known:
                raise Fault(
                    f"{table.source}, sector {code!r} (for {name!r})",
                    "no such sector",
                    f"a sector of {home} in the table",
                    nearest(code, known),
                )
        mass = np.where(at_home & np.isin(table.sector, list(codes)), table.inputs, 0.0)
        if not mass.sum() > 0:
            raise Fault(
                f"{table.source}, sectors {', '.join(codes)} (for {name!r})",
                "no inputs",
                "sectors that buy something",
                "map it to others, or leave it out",
            )
        rows.append(mass / mass.sum())
    return np.array(rows)


def _largest(table: IoTable, shares: np.ndarray, many: int = 3) -> str:
    """The sectors a seed sells most from, in words."""
    best = np.argsort(-shares, kind="stable")[:many]
    return "; ".join(f"{table.country[j]} {table.sector[j]} ({shares[j]:.3f})" for j in best if shares[j] > 0)
