"""Where the value of what a firm sells was added: by origin, adding to one with what nobody knows."""

from collections.abc import Callable, Sequence

import numpy as np

from analysis.supply.links import Links
from analysis.supply.passage import follow
from analysis.supply.sales import homes, output_network
from analysis.supply.seeds import Seed, Sites

__all__ = ["origin_blocks", "own_part"]


def origin_blocks(
    links: Links, sites: Sites, tiers: int | None
) -> Callable[[Sequence[Seed]], dict[str, np.ndarray]]:
    """What makes the origin of value added of a block of seeds.

    With A the inputs as shares of output, v value added over output, L = (I - A)^-1 by rows: the part of a
    firm's output whose value the seed added is sum over its nodes j of L_ij v_j (OECD TiVA: VB = diag(v) B,
    B = (I - A)^-1, a firm in the place of a column; sources in docs/method/supply.md). The firm's own value
    added is part of it. What is not known, L u with u the unnamed inputs (all output of a party without
    figures), is one column for all seeds: origins of a partition of the world and this add to 1.

    Parameters
    ----------
    links, sites : Links, Sites
        Links with values, parties with sales.
    tiers : int or None
        Tiers up, or all.
    """
    network, added, unknown = output_network(links, sites)
    shares, owner = network.shares, network.owner
    home = homes(links, sites.names)
    nowhere = network.spread(sites.country == "")
    own_nowhere = home == ""
    none = np.zeros(len(added))
    rest = (unknown[owner] + np.where(nowhere, added[owner], 0.0))[:, None]
    open_, _, _ = follow(shares, owner, rest, none, tiers, is_stopped=False)
    open_ += (unknown + np.where(own_nowhere, added, 0.0))[:, None]

    def made(block: Sequence[Seed]) -> dict[str, np.ndarray]:
        hit = network.spread(np.column_stack([seed.hit for seed in block])).astype(float)
        direct = shares @ hit
        low, reached, left = follow(shares, owner, hit * added[owner][:, None], none, tiers, is_stopped=False)
        low = low + own_part(sites, home, block) * added[:, None]
        high = np.clip(low + open_ + (left if tiers is not None else 0.0), 0.0, 1.0)
        return {
            **{"direct": direct, "low": low, "high": high, "residual": left},
            "reached": np.array(reached, dtype=object),
        }

    return made


def own_part(sites: Sites, home: np.ndarray, block: Sequence[Seed]) -> np.ndarray:
    """Whether each party is itself of each seed, by its home or its name; shape (parties, seeds)."""
    made = np.zeros((len(home), len(block)))
    for k, seed in enumerate(block):
        if seed.countries:
            made[:, k] = np.isin(home.astype(str), np.asarray(seed.countries, dtype=str))
        else:
            nodes = np.bincount(sites.party, minlength=len(home))
            made[:, k] = (nodes > 0) & (np.bincount(sites.party[seed.hit], minlength=len(home)) == nodes)
    return made
