"""A world of known truth by construction: links that give each firm exactly its exposures, and its risk."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

__all__ = ["KnownTruth", "make_truth"]

Floats = NDArray[np.float64]

_SIDES = ("US", "CN")
_LARGEST = 0.6
_MIDDLES = 12


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """What was put in.

    Attributes
    ----------
    links : pandas.DataFrame
        `link,buyer,supplier,country,product,share,period,confidence,evidence`; shares are of the
        buyer's inputs.
    firms : pandas.DataFrame
        `firm`; `us`, `cn`: part of inputs first met in that country at any tier; `squeeze`: the smaller
        of the two; `p_choose`: true chance of having had to choose; `had_to_choose`: 1 or 0, drawn with it.
    intercept, slope : float
        `p_choose` = 1 / (1 + exp(-intercept - slope * squeeze)).
    """

    links: pd.DataFrame
    firms: pd.DataFrame
    intercept: float
    slope: float


def make_truth(
    rng: np.random.Generator, firms: int = 96, *, tiers: int = 3, slope: float = 12.0, rate: float = 0.2
) -> KnownTruth:
    """Make firms, their links over some tiers, and their outcome.

    Exposures are chosen first and links are made to them. A firm buys a part of each exposure from a
    supplier in the country itself and the rest through chains of Japanese middlemen: of what the middleman of
    tier k buys, a known part goes one tier further, and the last buys it in the country. A chain passes on
    the product a of its parts: a firm that is to be exposed by e through it buys e / a of its inputs there.

    Parameters
    ----------
    firms : int
        How many.
    tiers : int
        The deepest tier at which a side is met, 1 or more.
    slope : float
        Of the logit in squeeze.
    rate : float
        Mean true chance.

    Raises
    ------
    ValueError
        No firms, no tier, or a rate that is no chance.
    """
    if firms < 1 or tiers < 1 or not 0 < rate < 1:
        raise ValueError(
            f"{firms} firms, {tiers} tiers, rate {rate}; at least 1, at least 1, between 0 and 1"
        )
    names = np.array([f"F{i:05d}" for i in range(1, firms + 1)], dtype=object)
    shared = rng.random(firms)
    total = _LARGEST * rng.beta(1.2, 2.0, firms)
    part = np.clip(shared + 0.25 * rng.standard_normal(firms), 0.02, 0.98)
    exposure = {"US": total * part, "CN": total * (1 - part)}
    pieces, bought = [], np.zeros(firms)
    for side in _SIDES:
        chain = 0.8 + 0.2 * rng.random((tiers - 1, _MIDDLES))
        if tiers > 1:
            pieces += _chains(side, chain)
        direct = rng.random(firms) if tiers > 1 else np.ones(firms)
        seller = rng.integers(0, _MIDDLES, firms)
        pieces.append(_rows(names, _named(side, "source", seller), side, direct * exposure[side]))
        bought += direct * exposure[side]
        if tiers > 1:
            through = (1 - direct) * exposure[side] / chain.prod(axis=0)[seller]
            pieces.append(_rows(names, _named(side, "middle1", seller), "JP", through))
            bought += through
    pieces.append(_rows(names, np.full(firms, "home"), "JP", 1 - bought))
    links = pd.concat(pieces, ignore_index=True)
    links.insert(0, "link", "T" + pd.Series(np.arange(1, len(links) + 1)).astype("str"))
    squeeze = np.minimum(exposure["US"], exposure["CN"])
    intercept = float(brentq(lambda a: expit(a + slope * squeeze).mean() - rate, -50, 50))
    risk = expit(intercept + slope * squeeze)
    truth = pd.DataFrame({"firm": names, "us": exposure["US"], "cn": exposure["CN"], "squeeze": squeeze})
    truth = truth.assign(p_choose=risk, had_to_choose=(rng.random(firms) < risk).astype(float))
    return KnownTruth(links, truth, intercept, slope)


def _chains(side: str, chain: Floats) -> list[pd.DataFrame]:
    """What middlemen buy: one tier further, and the rest at home; the last in the country."""
    number = np.arange(_MIDDLES)
    pieces = []
    for step, onward in enumerate(chain, start=1):
        buyer = _named(side, f"middle{step}", number)
        is_last = step == len(chain)
        name = "source" if is_last else f"middle{step + 1}"
        pieces.append(_rows(buyer, _named(side, name, number), side if is_last else "JP", onward))
        pieces.append(_rows(buyer, np.full(_MIDDLES, "home"), "JP", 1 - onward))
    return pieces


def _named(side: str, role: str, number: NDArray[np.int64]) -> NDArray[np.object_]:
    """Names of parties, shape as `number`."""
    return np.array([f"{role}-{side}-{i}" for i in range(_MIDDLES)], dtype=object)[number]


def _rows(buyer: NDArray, supplier: NDArray, country: str, share: Floats) -> pd.DataFrame:
    """Links in the contract's columns."""
    return pd.DataFrame(
        {
            "buyer": buyer,
            "supplier": supplier,
            "country": country,
            "product": "",
            "share": share,
            "period": "2021",
            "confidence": 1.0,
            "evidence": "synthetic, of known truth",
        }
    )
