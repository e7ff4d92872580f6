"""What is asked of the links: seeds, and nodes of their own for links of a product that is a seed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.seeds import Asked, Seed, Sites, asked_seeds, seeds_among
from survey import QuestionFault, nearest

__all__ = ["buyers_asked", "sites_asked"]


def sites_asked(
    sites: Sites, products: pd.Series, seeds: str | Path | Sequence[str | Path]
) -> tuple[Sites, tuple[Seed, ...]]:
    """Nodes and seeds; links of a product (`product=8542`, `product=85*`) lead to nodes of their own.

    Parameters
    ----------
    sites : Sites
        Nodes and links.
    products : pandas.Series
        Shape (links,), the product of each.
    seeds : str, path or sequence of them
        As `seeds.asked_seeds`.

    Raises
    ------
    QuestionFault, FileFault
        As `seeds.asked_seeds`; a seed that matches nothing.
    """
    asked = asked_seeds(seeds)
    wanted = [one for one in asked if one.products]
    if not wanted:
        return sites, seeds_among(sites, asked)
    matches = np.column_stack([_of_product(products, one) for one in wanted])
    kinds, kind = np.unique(matches, axis=0, return_inverse=True)
    pair, node = np.unique(sites.node.astype(np.int64) * len(kinds) + kind.ravel(), return_inverse=True)
    before = pair // len(kinds)
    made = Sites(sites.party[before], sites.country[before], sites.names, sites.buyer, node, sites.share)
    plain = {one.words: one for one in seeds_among(sites, [one for one in asked if not one.products])}
    found, which = [], 0
    for one in asked:
        if one.products:
            hit = kinds[pair % len(kinds), which]
            found.append(Seed(one.words, hit, np.zeros(len(hit), dtype=bool)))
            which += 1
        else:
            seed = plain[one.words]
            found.append(Seed(seed.words, seed.hit[before], seed.maybe[before], seed.countries))
    return made, tuple(found)


def _of_product(products: pd.Series, asked: Asked) -> np.ndarray:
    """Whether each link is of a product; `85*` means all that begin so."""
    codes, kinds = pd.factorize(products)
    known = pd.Series(np.asarray(kinds, dtype=object), dtype="str")
    exact = [name for name in asked.products if not name.endswith("*")]
    starts = tuple(name[:-1] for name in asked.products if name.endswith("*"))
    of = known.isin(exact).to_numpy(dtype=bool)
    if starts:
        of = of | known.str.startswith(starts).to_numpy(dtype=bool)
    of = of & (known != "").to_numpy(dtype=bool)
    if not of.any():
        raise QuestionFault(
            f"seed {asked.where!r}",
            "no link of that product",
            "a product of the links",
            nearest(asked.products[0], sorted(set(known) - {""})),
        )
    return np.asarray(of[codes])


def buyers_asked(sites: Sites, firms: Sequence[str] | None, *, side: str = "inputs") -> np.ndarray:
    """Rows of the firms to report: those asked for, else all that have links on this side.

    Raises
    ------
    QuestionFault
        A firm without such links.
    """
    buyers = pd.unique(sites.buyer)
    if firms is None:
        return np.asarray(buyers)
    where = sites.names.get_indexer(pd.Index([str(f) for f in firms]))
    odd = np.flatnonzero((where < 0) | ~np.isin(where, buyers))
    if len(odd):
        role = "seller" if side == "sales" else "buyer"
        raise QuestionFault(
            f"firm {firms[int(odd[0])]!r}",
            f"no links as a {role}",
            f"a {role} of the links",
            "check the name",
        )
    return np.asarray(where)
