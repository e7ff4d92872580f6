"""Where a firm would stand if its figure were another: its tier among all others, which stay as they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.jointly import Bands

__all__ = ["Field", "field_of", "tiers_after"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

BLOCK = 4_000_000
"""Numbers (firms x firms) held at once."""

_NEAR = 1e-12


@dataclass(frozen=True, slots=True)
class Field:
    """m firms with a value, and what is sure of their order.

    Attributes
    ----------
    theta : shape (m,)
        Point of what is ordered.
    lower, upper : shape (m,)
        Ends of their joint bands.
    bands : Bands
        As they were found; their critical values are held.
    least : float
        Smallest difference that counts.
    lead : shape (2, m)
        Points of the two highest firms surely lower than each; -inf where there is none.
    first : shape (m,) int
        Place of the higher of the two.
    """

    theta: Floats
    lower: Floats
    upper: Floats
    bands: Bands
    least: float
    lead: Floats
    first: Whole


def field_of(theta: Floats, bands: Bands, least: float) -> Field:
    """What is sure of the order of m firms, by the rule of `rank_intervals`.

    Parameters
    ----------
    theta : shape (m,)
        Without nan.
    bands : Bands
        Of the same firms.
    least : float
    """
    lead, first = _leads(theta, bands.lower, bands.upper, least)
    return Field(theta, bands.lower, bands.upper, bands, least, lead, first)


def tiers_after(field: Field, at: Whole, theta: Floats, draws: Floats) -> Whole:
    """Tier of one firm in each of k cases in which only its own figure is another.

    Parameters
    ----------
    field : Field
    at : shape (k,) int
        Place of the firm in the field.
    theta, draws : shapes (k,), (d, k)
        Its figure then, on the same draws.

    Returns
    -------
    shape (k,), 1 the highest
    """
    tier = np.ones(len(at), dtype=np.int64)
    rows = max(1, BLOCK // max(1, len(field.theta)))
    for start in range(0, len(at), rows):
        some = slice(start, start + rows)
        tier[some] = _block(field, at[some], theta[some], draws[:, some])
    return tier


def _leads(theta: Floats, lower: Floats, upper: Floats, least: float) -> tuple[Floats, Whole]:
    """Points of the two highest firms surely lower than each, shape (2, m), and the place of the higher."""
    order = np.argsort(upper, kind="stable")
    many = np.searchsorted(upper[order], lower - least - _NEAR, side="left")
    points = np.r_[-np.inf, theta[order]]
    best = np.maximum.accumulate(points)
    # where a new best comes, the old one is second; else the point itself may be
    second = np.maximum.accumulate(np.r_[-np.inf, np.minimum(points[1:], best[:-1])])
    rises = np.where(points > np.r_[-np.inf, best[:-1]], np.arange(len(points)), 0)
    place = np.r_[-1, order][np.maximum.accumulate(rises)]
    return np.stack([best[many], second[many]]), place[many].astype(np.int64)


def _block(field: Field, at: Whole, theta: Floats, draws: Floats) -> Whole:
    lower, upper = field.bands.ends(theta, draws)
    case, edge = np.arange(len(at)), field.least + _NEAR
    is_below = field.upper[None] < lower[:, None] - edge
    is_below[case, at] = False
    below = np.where(is_below, field.theta[None], -np.inf).max(axis=1)
    lead = np.where(field.first[None] == at[:, None], field.lead[1][None], field.lead[0][None])
    is_above = field.lower[None] - edge > upper[:, None]
    lead = np.where(is_above, np.maximum(lead, theta[:, None]), lead)
    lead[case, at] = below
    value = np.repeat(field.theta[None], len(at), axis=0)
    value[case, at] = theta
    return _tiers(value, lead, at[:, None])[:, 0]


def _tiers(value: Floats, lead: Floats, wanted: Whole) -> Whole:
    """Tiers of wanted places in k orders: the fewest cuts that leave no surely ordered pair inside a tier.

    Parameters
    ----------
    value, lead : shapes (k, m)
        Points, and the highest point surely lower than each.
    wanted : shape (k, w)
    """
    order = np.argsort(-value, axis=1, kind="stable")
    high = np.take_along_axis(value, order, axis=1)
    cuts = np.take_along_axis(lead, order, axis=1)
    cuts = np.maximum.accumulate(cuts[:, ::-1], axis=1)[:, ::-1]
    mine = np.take_along_axis(value, wanted, axis=1)
    tier = np.ones(wanted.shape, dtype=np.int64)
    case, start = np.arange(len(value)), np.zeros(len(value), dtype=np.int64)
    while True:
        cut = cuts[case, start]
        passed = mine <= cut[:, None]
        if not passed.any():
            return tier
        tier += passed
        start = np.where(
            passed.any(axis=1), np.minimum((high > cut[:, None]).sum(axis=1), value.shape[1] - 1), start
        )
        done = ~passed.any(axis=1)
        cuts[done] = -np.inf
