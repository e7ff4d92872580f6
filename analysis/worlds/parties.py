"""Who lives in the made-up world: firms, customers and suppliers, and the lists they stand on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.worlds.goods import ANYWHERE, GOODS, TIERS

__all__ = ["CUSTOMERS", "SUPPLIERS", "Parties", "draw", "make_listings", "make_parties", "places_of"]

CUSTOMERS = 640
SUPPLIERS = (560, 480, 320)
"""Customers, and suppliers of the first, second and third tier: 2,000 parties beside the firms."""

_MARKETS = {"CN": 170, "US": 150, "JP": 140}
_LISTED_THEN, _LISTED_LATER = 24, 55
_DEFENCE, _UTILITIES = 18, 15


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties other than the firms.

    Attributes
    ----------
    customers : pandas.DataFrame
        `party,name,name_ja,country,kind`; `role`: `listed_then` (on a US list on the day of the
        survey), `listed_later`, `defence`, or "".
    suppliers : pandas.DataFrame
        The same, and `tier` 1 to 3, `origin` (country or ISO 3166-2 region), `first`, `second`
        (goods sold; `second` may be "").
    """

    customers: pd.DataFrame
    suppliers: pd.DataFrame


def draw(rng: np.random.Generator, weights: dict[str, float], rows: int) -> NDArray[np.str_]:
    """Names drawn with given weights; shape (rows,)."""
    edges = np.cumsum(np.asarray(list(weights.values()), dtype=float))
    places = np.searchsorted(edges, rng.random(rows) * edges[-1], side="right")
    return np.asarray(list(weights))[np.minimum(places, len(weights) - 1)]


def places_of(rng: np.random.Generator, goods: NDArray[np.str_]) -> NDArray[np.str_]:
    """Where each of some goods is made, drawn from the weights of its kind; shape of `goods`."""
    place = rng.random(goods.size)
    origin = np.full(goods.size, "", dtype="U6")
    for good in np.unique(goods):
        rows = goods == good
        weights = dict(GOODS[str(good)].made) or dict(ANYWHERE)
        edges = np.cumsum(list(weights.values()))
        origin[rows] = np.asarray(list(weights))[
            np.searchsorted(edges, place[rows] * edges[-1], side="right")
        ]
    return origin


def _named(prefix: str, en: str, ja: str, rows: int) -> pd.DataFrame:
    number = pd.Series(np.arange(1, rows + 1)).map("{:04d}".format)
    return pd.DataFrame(
        {"party": prefix + number, "name": f"Synthetic {en} " + number, "name_ja": f"合成{ja}" + number}
    )


def make_parties(rng: np.random.Generator) -> Parties:
    """Draw customers and suppliers over some 25 countries."""
    customers = _named("C", "Customer", "販売先", CUSTOMERS)
    home = np.repeat(list(_MARKETS), list(_MARKETS.values()))
    elsewhere = {country: weight for country, weight in ANYWHERE.items() if country not in _MARKETS}
    rest = draw(rng, elsewhere, CUSTOMERS - home.size)
    customers["country"] = np.concatenate([home, rest])
    role = np.full(CUSTOMERS, "", dtype="U12")
    role[:_LISTED_THEN] = "listed_then"
    role[_LISTED_THEN : _LISTED_THEN + _LISTED_LATER] = "listed_later"
    for market in ("US", "JP"):
        role[np.flatnonzero(home == market)[:_DEFENCE]] = "defence"
    customers["role"] = role
    kind = np.where(role == "defence", "defence", "customer").astype("U24")
    kind[np.flatnonzero((home == "CN") & (role[: home.size] == ""))[:_UTILITIES]] = "critical infrastructure"
    customers["kind"] = kind

    suppliers = _named("T", "Supplier", "仕入先", sum(SUPPLIERS))
    suppliers["tier"] = np.repeat([1, 2, 3], SUPPLIERS)
    goods = [draw(rng, dict(weights), rows) for weights, rows in zip(TIERS, SUPPLIERS, strict=True)]
    others = [draw(rng, dict(weights), rows) for weights, rows in zip(TIERS, SUPPLIERS, strict=True)]
    first, second = np.concatenate(goods), np.concatenate(others)
    has_two = rng.random(first.size) < 0.35
    origin = places_of(rng, first)
    suppliers["country"] = pd.Series(origin).str[:2]
    suppliers["kind"] = "supplier"
    suppliers["origin"] = origin
    suppliers["first"] = first
    suppliers["second"] = np.where(has_two & (second != first), second, "")
    return Parties(customers, suppliers)


def make_listings(rng: np.random.Generator, parties: Parties) -> pd.DataFrame:
    """Put parties on lists, from dates on which the real lists grew.

    Returns
    -------
    pandas.DataFrame
        `party,list,from,to,evidence`; `list` is the id of an instrument. Every listing is invented.
    """
    customers, suppliers = parties.customers, parties.suppliers
    then = customers["party"][customers["role"] == "listed_then"].to_numpy()
    later = customers["party"][customers["role"] == "listed_later"].to_numpy()
    american = customers["party"][
        (customers["country"] == "US") & (customers["role"] == "defence")
    ].to_numpy()
    xinjiang = suppliers["party"][suppliers["origin"] == "CN-XJ"].to_numpy()
    rows = [
        _listed(rng, then[:5], "US-EL", ("2019-05-16", "2019-08-21")),
        _listed(rng, then[5:], "US-EL", ("2019-10-09", "2020-06-05", "2020-12-18", "2021-04-08")),
        _listed(rng, then[:5], "US-FDP-FN1", ("2020-05-15", "2020-08-17")),
        _listed(rng, then[:3], "US-889", ("2019-08-13",)),
        _listed(rng, then[:3], "US-FCC", ("2021-03-12",)),
        _listed(rng, then[9:14], "US-EL-HR2019", ("2019-10-09",)),
        _listed(rng, then[5:9], "US-FDP-FN4", ("2022-10-21",)),
        _listed(rng, then[9:13], "US-1260H", ("2022-10-05", "2024-01-31", "2025-01-07")),
        _listed(
            rng, later[:40], "US-EL", ("2022-12-16", "2023-10-19", "2024-12-02", "2025-03-28", "2025-09-16")
        ),
        _listed(rng, later[:6], "US-FDP-FN5", ("2024-12-02",)),
        _listed(rng, later[40:45], "US-MEU", ("2022-03-09", "2023-01-17")),
        _listed(rng, later[45:51], "US-UVL", ("2022-10-07", "2023-12-19")),
        _listed(rng, later[51:55], "US-SDN", ("2023-04-12", "2024-05-01")),
        _listed(rng, american[:3], "CN-UEL", ("2023-02-16", "2025-01-02")),
        _listed(rng, american[3:8], "CN-CTRL", ("2025-01-02", "2025-03-04")),
        _listed(rng, american[8:10], "CN-AFSL", ("2024-12-05",)),
        _listed(rng, xinjiang[: xinjiang.size // 2], "US-UFLPA", ("2022-06-21", "2023-06-12", "2025-01-15")),
    ]
    made = pd.concat(rows, ignore_index=True)
    made["to"] = ""
    made["evidence"] = "synthetic"
    return made.sort_values(["party", "list"], kind="stable", ignore_index=True)


def _listed(
    rng: np.random.Generator, party: NDArray[np.object_], name: str, dates: tuple[str, ...]
) -> pd.DataFrame:
    since = np.asarray(dates)[(rng.random(party.size) * len(dates)).astype(int)]
    return pd.DataFrame({"party": party, "list": name, "from": since})
