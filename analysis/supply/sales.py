"""The sales side: which share of what each party sells goes where."""

import numpy as np
import pandas as pd

from analysis.supply.links import Links
from analysis.supply.network import Network, network_of
from analysis.supply.seeds import Sites
from survey import QuestionFault

__all__ = ["homes", "output_network", "sales_sites"]


def homes(links: Links, names: pd.Index) -> np.ndarray:
    """The country of each of some parties, "" where not known."""
    if links.parties.empty:
        return np.full(len(names), "", dtype=object)
    known = links.parties.set_index("party")["country"].astype("str")
    return known.reindex(names).fillna("").to_numpy(dtype=object)


def sales_sites(links: Links, sites: Sites) -> Sites:
    """Sellers in the place of buyers: each link leads from its seller to its buyer, at home.

    Shares are of the seller's sales: the value over the party's `sales`, else over its named sales; as they
    are in links whose shares are of the seller's output (a list of customers).

    Raises
    ------
    QuestionFault
        Links without values.
    """
    seller = sites.party[sites.node]
    if links.reading == "output":
        share = np.nan_to_num(links.frame["share"].to_numpy(dtype=float))
    else:
        value = _values(links)
        if not np.isfinite(value).any():
            raise QuestionFault(
                "the sales side",
                "links without values",
                "a value of each link, or shares and inputs",
                "add the values, or ask for the side of inputs",
            )
        value = np.nan_to_num(value)
        named = np.bincount(seller, weights=value, minlength=len(sites.names))
        stated = _stated(links, sites.names)
        whole = np.where(stated > 0, stated, named)
        share = np.divide(value, whole[seller], out=np.zeros_like(value), where=whole[seller] > 0)
    return Sites(
        party=np.arange(len(sites.names)),
        country=homes(links, sites.names),
        names=sites.names,
        buyer=seller,
        node=np.asarray(sites.buyer),
        share=share,
    )


def output_network(links: Links, sites: Sites) -> tuple[Network, np.ndarray, np.ndarray]:
    """Inputs as a share of the buyer's output, and what is left of it.

    Returns
    -------
    tuple
        The network with shares of output (value over the buyer's `sales`); the value added of each party, its
        sales less its inputs over its sales, 0 where not known; and the part of its output nothing is known
        of: unnamed inputs, all of it where a party names no sales or no inputs. The three add to 1.

    Raises
    ------
    QuestionFault
        No buyer with sales and inputs, inputs above sales, links whose shares are of the seller's output.
    """
    if links.reading == "output":
        raise QuestionFault(
            "the origin of value added",
            "shares of the seller's output",
            "what each firm buys",
            "give links with the side of inputs",
        )
    count = len(sites.names)
    inputs = np.zeros(count)
    np.maximum.at(inputs, sites.buyer, np.nan_to_num(links.frame["inputs"].to_numpy(dtype=float)))
    value = np.nan_to_num(_values(links))
    inputs = np.maximum(inputs, np.bincount(sites.buyer, weights=value, minlength=count))
    sales = _stated(links, sites.names)
    known = (sales > 0) & (inputs > 0)
    if not known.any():
        raise QuestionFault(
            "the origin of value added",
            "no party with both sales and inputs",
            "sales in the file of parties, inputs or values in the links",
            "add  parties = ...  with a column sales, or ask for first_passage",
        )
    odd = np.flatnonzero(known & (inputs > sales * (1 + 1e-9)))
    if len(odd):
        raise QuestionFault(
            f"{sites.names[odd[0]]!r}",
            f"inputs of {inputs[odd[0]]:g} above sales of {sales[odd[0]]:g}",
            "inputs that sales can pay for, in the same money and period",
            "correct the one or the other",
        )
    whole = np.where(known, sales, 1.0)
    share = np.where(known[sites.buyer], value / whole[sites.buyer], 0.0)
    added = np.where(known, 1.0 - inputs / whole, 0.0)
    network = network_of(sites, share, side="output")
    unknown = np.clip(network.unnamed() - added, 0.0, 1.0)
    return network, added, unknown


def _values(links: Links) -> np.ndarray:
    """Value of each link, from its share of the inputs where it has none; nan where neither is known."""
    frame = links.frame
    value = pd.to_numeric(frame["value"], errors="coerce").to_numpy(dtype=float)
    other = frame["share"].to_numpy(dtype=float) * pd.to_numeric(frame["inputs"], errors="coerce").to_numpy(
        float
    )
    return np.where(np.isnan(value), other, value)


def _stated(links: Links, names: pd.Index) -> np.ndarray:
    """Sales of each party as its file states them, 0 where it does not."""
    if links.parties.empty or "sales" not in links.parties:
        return np.zeros(len(names))
    return np.nan_to_num(links.parties.set_index("party")["sales"].reindex(names).to_numpy(dtype=float))
