"""What draws allow us to say about order: sets of ranks, tiers, and the chance of being in the top tenth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.jointly import Bands, band_order, joint_bands

__all__ = ["Order", "rank_intervals", "tiers_of", "top_share"]

Floats = NDArray[np.float64]

BLOCK = 8_000_000
"""Numbers (draws x firms) held at once."""


@dataclass(frozen=True, slots=True)
class Order:
    """Rank sets of n firms, 1 the highest; 0 and "" where the firm has no value.

    Attributes
    ----------
    low, high : shape (n,) int
        Ends of the set of ranks.
    tier : shape (n,) int
        1 the highest tier.
    critical : float
        Larger critical value of the joint bands, in standard deviations.
    separated : int
        Pairs of firms whose order is sure.
    bands : Bands or None
        What the sets were made from, of firms with a value in their order; None where there is none.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    tier: NDArray[np.int64]
    critical: float
    separated: int
    bands: Bands | None = None


def rank_intervals(
    estimate: Floats,
    draws: Floats,
    level: float = 0.90,
    *,
    least: float = 0.0,
) -> Order:
    """Rank sets from simultaneous intervals of all differences on shared draws.

    Firm j is surely higher than firm i where the interval of `theta_j - theta_i` lies above 0; the
    true rank of i is then in `[1 + number surely higher, n - number surely lower]`, for all i at once
    (Mogstad, Romano, Shaikh, Wilhelm, Review of Economic Studies 91, 2024). Intervals are those of
    `joint_bands`; the work grows with n log n, not with the pairs.

    Parameters
    ----------
    estimate : shape (n,)
        nan where a firm has no value.
    draws : shape (d, n)
        Draws of the same quantity for all firms at once.
    level : float
    least : float
        Smallest difference that counts: firm j is surely higher where the interval of the difference
        lies above `least`. With one slope the sign of every difference is known as soon as that of the
        slope is; a difference nobody would act on must not make an order. It only widens the sets.

    Returns
    -------
    Order
    """
    n_all = len(estimate)
    known = np.flatnonzero(np.isfinite(estimate) & np.isfinite(draws).all(axis=0))
    low, high, tier = (np.zeros(n_all, dtype=np.int64) for _ in range(3))
    if not known.size:
        return Order(low, high, tier, float("nan"), 0)
    theta = np.asarray(estimate, dtype=np.float64)[known]
    bands = joint_bands(theta, draws if len(known) == n_all else draws[:, known], level)
    by_value = np.argsort(-theta, kind="stable")
    above, below, lead = band_order(bands.lower, bands.upper, by_value, least)
    low[known], high[known] = 1 + above, len(known) - below
    place = np.empty(len(known), dtype=np.int64)
    place[by_value] = np.arange(len(known))
    tier[known] = tiers_of(lead[by_value])[place]
    return Order(low, high, tier, bands.critical, int(above.sum()), bands)


def tiers_of(first_lower: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut firms in descending order into the fewest tiers that hold no pair of sure order.

    Parameters
    ----------
    first_lower : shape (n,)
        For each firm, in descending order, the place of the first firm surely lower than it;
        n or more where there is none.

    Returns
    -------
    tier : shape (n,), 1 the highest; non-decreasing
    """
    n = len(first_lower)
    # the first cut after each start: the nearest "surely lower" of any firm from there on
    reach = np.minimum.accumulate(first_lower[::-1])[::-1]
    tier = np.ones(n, dtype=np.int64)
    start, number = 0, 1
    while start < n and reach[start] < n:
        start = int(reach[start])
        number += 1
        tier[start:] = number
    return tier


def top_share(draws: Floats, share: float = 0.10, *, is_known: NDArray[np.bool_] | None = None) -> Floats:
    """Probability of each firm to be among the highest `share` of firms, from shared draws.

    In each draw ceil(share x n) places are given out; firms tied at the last place divide what is left.

    Parameters
    ----------
    draws : shape (d, n)
        nan columns have no value.
    share : float
    is_known : shape (n,), optional
        Which firms count; those whose draws are numbers if not given.

    Returns
    -------
    shape (n,), which sums to ceil(share x n); nan where a firm has no value
    """
    out = np.full(draws.shape[1], np.nan)
    number = np.isfinite(draws).all(axis=0)
    known = np.flatnonzero(number if is_known is None else number & is_known)
    if not known.size:
        return out
    places = int(np.ceil(share * len(known) - 1e-9))
    total, rows = np.zeros(len(known)), max(1, BLOCK // len(known))
    for first in range(0, len(draws), rows):
        values = draws[first : first + rows, known]
        last = np.partition(values, len(known) - places, axis=1)[:, len(known) - places, None]
        higher, tied = values > last, values == last
        left = places - higher.sum(axis=1, keepdims=True)
        total += (higher + tied * (left / tied.sum(axis=1, keepdims=True))).sum(axis=0)
    out[known] = total / len(draws)
    return out
