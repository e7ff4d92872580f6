"""A made-up world around the firms of a survey: links drawn given what the firms answered."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.pressure.firth import fit_firth
from analysis.pressure.flic import correct_intercept
from analysis.worlds.flows import link_table, make_firms
from analysis.worlds.holdings import holding_table
from analysis.worlds.items import item_table
from analysis.worlds.materials import bill_table
from analysis.worlds.parties import make_listings, make_parties
from analysis.worlds.strength import order_to_strength

__all__ = ["STRENGTH", "WORLD_SEED", "World", "make_world"]

WORLD_SEED = 20260115
"""Seed of the demonstration world."""

STRENGTH = 0.70
"""AUC at which collisions on the day of the survey separate firms that had to choose from the others."""

_ZEROS = 26
_LARGEST = 0.24
_BEND = 1.7
_SPREAD = 0.012


@dataclass(frozen=True, slots=True)
class World:
    """Tables of a made-up world, each as it is written to a file.

    Attributes
    ----------
    links : pandas.DataFrame
        `link,buyer,supplier,country,product,value,share,inputs,period,confidence,evidence`.
    parties : pandas.DataFrame
        `party,name,name_ja,country,kind,sales`.
    items : pandas.DataFrame
        `party,product,hs,eccn,technology,us_content_low,us_content_high,cn_content_low,
        cn_content_high,origin,direct_product,evidence`.
    listings : pandas.DataFrame
        `party,list,from,to,evidence`.
    bom : pandas.DataFrame
        `party,product,component,supplier,origin,value,price,licence_to,evidence`.
    ownership : pandas.DataFrame
        `owner,owned,share,from,to,evidence`.
    """

    links: pd.DataFrame
    parties: pd.DataFrame
    items: pd.DataFrame
    listings: pd.DataFrame
    bom: pd.DataFrame
    ownership: pd.DataFrame


def make_world(
    firm_id: NDArray[np.object_],
    sector: NDArray[np.str_],
    chose: NDArray[np.float64],
    us_band: tuple[NDArray[np.float64], NDArray[np.float64]],
    cn_band: tuple[NDArray[np.float64], NDArray[np.float64]],
    seed: int = WORLD_SEED,
) -> World:
    """Make parties, links, items, bills, listings and holdings round firms, given whether they had to choose.

    The share of a firm's sales that goes to Chinese buyers listed on the day of the survey, of items
    subject to US export rules, follows an order made to `STRENGTH` (`order_to_strength`); 26 firms
    sell nothing of the kind. Firms that did not answer the outcome stand where the model trained on
    the others gives them, on average, the observed rate. All else is independent of the outcome.

    Parameters
    ----------
    firm_id, sector : shape (firms,)
        Ids; codes of the sector.
    chose : shape (firms,)
        1 had to choose, 0 did not, nan no answer.
    us_band, cn_band : pairs of arrays, shape (firms,)
        Low and high ends of the share of sales made in each market.
    seed : int

    Returns
    -------
    World
    """
    rng = np.random.default_rng(seed)
    exposure = cn_band[0] + 0.08 * rng.random(firm_id.size) * (cn_band[1] > 0)
    listed = _listed_share(chose, exposure)
    parties = make_parties(rng)
    firms = make_firms(rng, firm_id, sector, us_band, cn_band, listed)
    links = link_table(rng, firms, parties)
    items = item_table(rng, links, firms, parties)
    number = pd.Series(firm_id).str.removeprefix("S")
    own = pd.DataFrame(
        {
            "party": firm_id,
            "name": "Synthetic Firm " + number,
            "name_ja": "合成企業" + number,
            "country": "JP",
            "kind": "firm",
            "sales": firms.sales,
        }
    )
    columns = list(own.columns)
    customers = parties.customers.assign(sales=np.nan)
    suppliers = parties.suppliers.assign(sales=np.nan)
    everyone = pd.concat([own, customers[columns], suppliers[columns]], ignore_index=True)
    bom = bill_table(links, items, firm_id)
    listings = make_listings(rng, parties)
    return World(links, everyone, items, listings, bom, holding_table(parties.customers, listings))


def _listed_share(chose: NDArray[np.float64], exposure: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of sales at stake with buyers listed on the day of the survey; shape (firms,)."""
    answered = np.isfinite(chose)
    event = chose[answered] == 1
    place = order_to_strength(event, exposure[answered], STRENGTH, _ZEROS)
    share = np.zeros(chose.size)
    share[answered] = np.where(place > 0, _LARGEST * (0.03 + 0.97 * place) ** _BEND, 0.0)
    x, y = share[answered], event.astype(float)
    slope = fit_firth(np.column_stack([np.ones(x.size), x]), y).coefficients[1]
    intercept = float(correct_intercept((slope * x)[None], y)[0])
    silent = np.flatnonzero(~answered)
    steps = np.arange(silent.size) - (silent.size - 1) / 2
    lowest = float(expit(intercept))
    reach = min(_SPREAD, 0.9 * (y.mean() - lowest) / max(steps.max(initial=0.5), 0.5))
    by_exposure = silent[np.argsort(exposure[silent], kind="stable")]
    share[by_exposure] = (logit(y.mean() + reach * steps) - intercept) / slope
    return share
