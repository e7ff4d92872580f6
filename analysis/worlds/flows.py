"""Who sells what to whom in the made-up world: customers of the firms, and suppliers over three tiers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.worlds.goods import GOODS, SOLD
from analysis.worlds.parties import Parties, draw

__all__ = ["Firms", "between", "link_table", "make_firms"]

_TIER_LINKS = (23, 4.6, 2.4)
_COVERAGE = ((0.55, 0.92), (0.35, 0.8), (0.25, 0.7))
_CONFIDENCE = ((0.85, 1.0), (0.5, 0.9), (0.3, 0.8))


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms of the survey as sellers and buyers; arrays of shape (firms,).

    Attributes
    ----------
    id : NDArray
        Ids as in the survey.
    sector : NDArray
        Codes of `SOLD`.
    sales, inputs : NDArray[np.float64]
        Yearly, in millions of yen.
    us, cn : NDArray[np.float64]
        Share of sales made in the United States and in China, inside the bands of the answers.
    listed : NDArray[np.float64]
        Share of sales: items subject to US export rules, to Chinese buyers listed on the day of the survey.
    controlled : NDArray
        The good each firm makes with controlled US content.
    plain : NDArray
        Shape (firms, 3): its other goods; the first of them made in Japan without US content.
    """

    id: NDArray[np.object_]
    sector: NDArray[np.str_]
    sales: NDArray[np.float64]
    inputs: NDArray[np.float64]
    us: NDArray[np.float64]
    cn: NDArray[np.float64]
    listed: NDArray[np.float64]
    controlled: NDArray[np.str_]
    plain: NDArray[np.str_]


def between(
    rng: np.random.Generator, low: NDArray | float, high: NDArray | float, rows: int
) -> NDArray[np.float64]:
    """Uniform draws between ends; shape (rows,)."""
    return np.asarray(low + (np.asarray(high) - low) * rng.random(rows))


def make_firms(
    rng: np.random.Generator,
    firm_id: NDArray[np.object_],
    sector: NDArray[np.str_],
    us_band: tuple[NDArray[np.float64], NDArray[np.float64]],
    cn_band: tuple[NDArray[np.float64], NDArray[np.float64]],
    listed: NDArray[np.float64],
) -> Firms:
    """Draw sizes, goods and exact shares of sales inside the bands that the firms answered.

    Parameters
    ----------
    us_band, cn_band : pairs of arrays, shape (firms,)
        Low and high ends of the share of sales.
    listed : NDArray[np.float64]
        Shape (firms,): share of sales to listed buyers; each must fit into the band for China.

    Raises
    ------
    ValueError
        A share to listed buyers over the top of the band.
    """
    rows = firm_id.size
    sales = np.round(np.exp(12.6 + 0.9 * np.sqrt(3) * (2 * rng.random(rows) - 1)), 0)
    inputs = np.round(sales * between(rng, 0.45, 0.7, rows), 0)
    us = between(rng, us_band[0], np.minimum(us_band[1], us_band[0] + 0.25), rows)
    cn = between(rng, cn_band[0], np.minimum(cn_band[1], cn_band[0] + 0.25), rows)
    cn = np.maximum(cn, np.minimum(listed / 0.9, cn_band[1] - 1e-3 * (cn_band[1] > 0)))
    if (listed > cn).any():
        raise ValueError("a firm cannot sell more to listed buyers than it sells in China")
    over = np.maximum(us + cn - 0.97, 0.0)
    us = np.maximum(us - over, us_band[0])
    controlled, plain = np.full(rows, "", dtype="U24"), np.full((rows, 3), "", dtype="U24")
    for code, (inside, without, further) in SOLD.items():
        members = sector == code
        many = int(members.sum())
        controlled[members] = draw(rng, dict.fromkeys(inside, 1.0), many)
        plain[members, 0] = draw(rng, dict.fromkeys(without, 1.0), many)
        plain[members, 1:] = draw(rng, dict.fromkeys(further, 1.0), 2 * many).reshape(many, 2)
    return Firms(firm_id, sector, sales, inputs, us, cn, listed, controlled, plain)


def _pick(
    rng: np.random.Generator, weights: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct partners for each row, more likely by weight: row and partner of each pair.

    Exponential keys (Efraimidis and Spirakis, 2006): the `counts` smallest of -log(u) / weight.
    """
    with np.errstate(divide="ignore"):
        keys = -np.log(rng.random(weights.shape)) / weights
    order = np.argsort(keys, axis=1, kind="stable")
    counts = np.minimum(counts, (weights > 0).sum(axis=1))
    place = np.arange(weights.shape[1])[None, :] < counts[:, None]
    row = np.repeat(np.arange(weights.shape[0]), counts)
    return row, order[place]


def _split(
    rng: np.random.Generator, row: NDArray[np.int64], total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Parts of each row's total, unequal, adding to it; shape of `row`."""
    part = 0.15 - np.log(rng.random(row.size))
    return np.asarray(total[row] * part / np.bincount(row, part, total.size)[row])


def _customer_links(rng: np.random.Generator, firms: Firms, parties: Parties) -> pd.DataFrame:
    """Sales of each firm, market by market; values add to its sales."""
    customers = parties.customers
    country, role = customers["country"].to_numpy(), customers["role"].to_numpy()
    then, rows = role == "listed_then", firms.id.size
    rest = 1.0 - firms.us - firms.cn
    abroad = rest * between(rng, 0.1, 0.4, rows)
    open_cn = firms.cn - firms.listed
    plain_to_listed = np.where(rng.random(rows) < 0.45, 0.08, 0.0) * open_cn
    # share of sales, who buys, most buyers a firm, chance of the good with US content, of its other goods
    markets = (
        (firms.listed, then, 2, 1.0, 1),
        (plain_to_listed, then, 1, 0.0, 1),
        (open_cn - plain_to_listed, (country == "CN") & ~then, 8, 0.45, 3),
        (firms.us, country == "US", 9, 0.5, 3),
        (rest - abroad, country == "JP", 11, 0.3, 3),
        (abroad, ~np.isin(country, ["CN", "US", "JP"]), 9, 0.3, 3),
    )
    pieces = []
    popular = 0.3 - np.log(rng.random(country.size))
    for share, buyers, most, controlled, others in markets:
        counts = np.where(share > 1e-9, 1 + np.floor(most * rng.random(rows)), 0).astype(np.int64)
        row, column = _pick(rng, np.broadcast_to(popular * buyers, (rows, country.size)), counts)
        good = firms.plain[row, (others * rng.random(row.size)).astype(int)]
        good = np.where(rng.random(row.size) < controlled, firms.controlled[row], good)
        pieces.append(
            pd.DataFrame(
                {
                    "buyer": customers["party"].to_numpy()[column],
                    "supplier": firms.id[row],
                    "country": "JP",
                    "product": good,
                    "value": np.round(_split(rng, row, share * firms.sales), 3),
                }
            )
        )
    made = pd.concat(pieces, ignore_index=True)
    # a firm screens the buyers of its exports to both sides and knows them; others reach it through dealers
    screened = made["buyer"].map(customers.set_index("party")["country"]).isin(["CN", "US"]).to_numpy()
    made["confidence"] = np.where(screened, 1.0, np.round(between(rng, 0.9, 1.0, len(made)), 2))
    bought = made["value"].groupby(made["buyer"]).transform("sum")
    part = pd.Series(between(rng, 0.02, 0.3, country.size), index=customers["party"])
    made["inputs"] = np.round(bought / made["buyer"].map(part), 0)
    return made


def _supplier_links(rng: np.random.Generator, firms: Firms, parties: Parties) -> pd.DataFrame:
    """Purchases of the firms and of their suppliers, three tiers deep."""
    suppliers = parties.suppliers
    tier = suppliers["tier"].to_numpy()
    party, first = suppliers["party"].to_numpy(), suppliers["first"].to_numpy().astype(str)
    second, country = suppliers["second"].to_numpy().astype(str), suppliers["country"].to_numpy()
    size = 0.2 - np.log(rng.random(tier.size))
    wanted = _wanted(firms, first)
    pieces = []
    buyers: NDArray[np.object_] = firms.id
    inputs = firms.inputs
    for depth, (many, coverage, sure) in enumerate(
        zip(_TIER_LINKS, _COVERAGE, _CONFIDENCE, strict=True), start=1
    ):
        sellers = np.flatnonzero(tier == depth)
        weights = np.broadcast_to(size[sellers], (buyers.size, sellers.size))
        if depth == 1:
            weights = weights * wanted[:, sellers]
        counts = np.maximum(1, np.round(many * between(rng, 0.6, 1.4, buyers.size))).astype(np.int64)
        row, column = _pick(rng, weights, counts)
        seller = sellers[column]
        sells_second = (second[seller] != "") & (rng.random(row.size) < 0.4)
        covered = inputs * between(rng, *coverage, buyers.size)
        pieces.append(
            pd.DataFrame(
                {
                    "buyer": buyers[row],
                    "supplier": party[seller],
                    "country": country[seller],
                    "product": np.where(sells_second, second[seller], first[seller]),
                    "value": np.round(_split(rng, row, covered), 3),
                    "confidence": np.round(between(rng, *sure, row.size), 2),
                    "inputs": inputs[row],
                }
            )
        )
        bought = pieces[-1]["value"].groupby(pieces[-1]["supplier"]).sum()
        buyers = party[sellers]
        sold = pd.Series(buyers).map(bought).fillna(100.0).to_numpy()
        inputs = np.round(sold * between(rng, 1.5, 6.0, buyers.size), 0)
    return pd.concat(pieces, ignore_index=True)


def _wanted(firms: Firms, good: NDArray[np.str_]) -> NDArray[np.float64]:
    """How much more a firm buys of what its own goods need; shape (firms, suppliers)."""
    main = {name: entry.technology.split(";")[0] for name, entry in GOODS.items()}
    technology = np.asarray([main[name] for name in good])
    sold = np.column_stack([firms.controlled, firms.plain])
    own = np.asarray([main[name] for name in sold.ravel()]).reshape(sold.shape)
    same = (technology[None, :, None] == own[:, None, :]).any(axis=2) & (technology != "")[None, :]
    services = np.isin(good, ["software", "services", "encryption_software", "data_services"])
    makes_nothing = firms.sector == "5"
    fits = np.where(
        makes_nothing[:, None], np.where(services, 3.0, 0.15), np.where(services, 0.6, 1.0)[None, :]
    )
    return np.asarray(fits * np.where(same, 4.0, 1.0))


def link_table(rng: np.random.Generator, firms: Firms, parties: Parties) -> pd.DataFrame:
    """All links: sales of the firms, and purchases over three tiers.

    Returns
    -------
    pandas.DataFrame
        `link,buyer,supplier,country,product,value,share,inputs,period,confidence,evidence`; values in
        millions of yen; `share` is the value over the buyer's inputs.
    """
    made = pd.concat(
        [_customer_links(rng, firms, parties), _supplier_links(rng, firms, parties)], ignore_index=True
    )
    made = made[made["value"] > 0].reset_index(drop=True)
    made["share"] = np.round(made["value"] / made["inputs"], 9)
    made["link"] = pd.Series(np.arange(1, len(made) + 1)).map("L{:05d}".format)
    made["period"] = "2021"
    made["evidence"] = "synthetic"
    order = "link,buyer,supplier,country,product,value,share,inputs,period,confidence,evidence"
    return made[order.split(",")]
