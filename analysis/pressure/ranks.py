"""What draws allow us to say about order: sets of ranks, tiers, and the chance of being in the top tenth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Order", "rank_intervals", "tiers_of", "top_share"]

Floats = NDArray[np.float64]

BLOCK = 8_000_000
"""Numbers (draws x pairs) held at once."""

WORK = 1_000_000_000
"""Most numbers looked at for the joint critical value; beyond it the draws are thinned evenly."""

LEAST = 200
"""Draws kept by that thinning at least."""


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
        Joint critical value of the pairwise differences, in standard deviations.
    separated : int
        Pairs of firms whose order is sure.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    tier: NDArray[np.int64]
    critical: float
    separated: int


def rank_intervals(
    estimate: Floats,
    draws: Floats,
    level: float = 0.90,
    *,
    joint: bool = True,
    least: float = 0.0,
) -> Order:
    """Rank sets from simultaneous intervals of all pairwise differences on shared draws.

    Firm j is surely higher than firm i where the interval of `theta_j - theta_i` lies above 0; the
    true rank of i is then in `[1 + number surely higher, n - number surely lower]` (Mogstad,
    Romano, Shaikh, Wilhelm, Review of Economic Studies 91, 2024). Intervals are
    `difference +- c sd`, with c the `level` quantile over draws of the largest standardised
    deviation over all pairs (`joint`), or of each firm's own pairs (not `joint`, marginal sets).

    Parameters
    ----------
    estimate : shape (n,)
        nan where a firm has no value.
    draws : shape (d, n)
        Draws of the same quantity for all firms at once.
    level : float
    joint : bool
        Whether all sets hold together with probability `level`.
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
    error = np.asarray(draws, dtype=np.float64)[:, known] - theta
    twins, back, times = np.unique(np.vstack([theta, error]), axis=1, return_inverse=True, return_counts=True)
    back = np.ravel(back)
    theta, error = twins[0], twins[1:]
    n = len(theta)
    rows = max(1, int(BLOCK // max(1, n * len(error))))
    blocks = [slice(i, min(i + rows, n)) for i in range(0, n, rows)]
    centred = error - error.mean(axis=0)
    thin = _thinned(error, n)
    largest = np.zeros((len(thin), 1 if joint else n))
    for rows_of in blocks:
        onward = slice(rows_of.start if joint else 0, n)  # each pair once is enough for the joint maximum
        gap = np.abs(thin[:, rows_of, None] - thin[:, None, onward])
        sd = _spread(centred, rows_of)[:, onward]
        ratio = np.divide(gap, sd, out=np.zeros_like(gap), where=sd > 0)
        if joint:
            np.maximum(largest[:, 0], ratio.max(axis=(1, 2)), out=largest[:, 0])
        else:
            largest[:, rows_of] = ratio.max(axis=2)
    c = np.quantile(largest, level, axis=0, method="higher")
    above, below = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    lead = np.full(n, n_all, dtype=np.int64)
    by_value = np.argsort(-theta, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[by_value] = np.arange(n)
    for rows_of in blocks:
        margin = (c[0] if joint else c[rows_of, None]) * _spread(centred, rows_of)
        difference = theta[rows_of, None] - theta[None, :]
        higher = difference < -margin - least - 1e-12
        lower = difference > margin + least + 1e-12
        above[rows_of] = higher @ times
        below[rows_of] = lower @ times
        lead[rows_of] = np.where(lower, place[None, :], n_all).min(axis=1)
    low[known] = (1 + above)[back]
    high[known] = (len(known) - below)[back]
    tier[known] = tiers_of(lead[by_value])[place][back]
    separated = int((above * times).sum())
    return Order(low, high, tier, float(np.max(c)), separated)


def _spread(centred: Floats, rows_of: slice) -> Floats:
    """Standard deviation over draws of the difference of each firm of a block with each firm."""
    d = max(1, len(centred) - 1)
    own = np.einsum("dn,dn->n", centred, centred)
    cross = centred[:, rows_of].T @ centred
    square = own[rows_of, None] + own[None, :] - 2.0 * cross
    square[square < 1e-14 * (own[rows_of, None] + own[None, :])] = 0.0
    return np.sqrt(square / d)


def _thinned(error: Floats, n: int) -> Floats:
    keep = int(max(LEAST, min(len(error), WORK // max(1, n * n))))
    if keep >= len(error):
        return error
    return error[np.linspace(0, len(error) - 1, keep).astype(np.int64)]


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


def top_share(draws: Floats, share: float = 0.10) -> Floats:
    """Probability of each firm to be among the highest `share` of firms, from shared draws.

    In each draw ceil(share x n) places are given out; firms tied at the last place divide what is left.

    Parameters
    ----------
    draws : shape (d, n)
        nan columns have no value.

    Returns
    -------
    shape (n,), which sums to ceil(share x n); nan where a firm has no value
    """
    out = np.full(draws.shape[1], np.nan)
    known = np.flatnonzero(np.isfinite(draws).all(axis=0))
    if not known.size:
        return out
    values = draws[:, known]
    places = int(np.ceil(share * len(known) - 1e-9))
    last = np.partition(values, len(known) - places, axis=1)[:, len(known) - places, None]
    higher, tied = values > last, values == last
    left = places - higher.sum(axis=1, keepdims=True)
    out[known] = (higher + tied * (left / tied.sum(axis=1, keepdims=True))).mean(axis=0)
    return out
