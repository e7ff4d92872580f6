"""What is uncertain about an indicator: links that may not exist, and inputs and sales nobody named."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pressure.across import figure_of, figures_of
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.draws import keyed_uniforms

__all__ = ["draw_indicators", "limits_round", "outer_bounds"]

Floats = NDArray[np.float64]

BLOCK = 8_000_000
"""Numbers (draws x links) held at once."""


def draw_indicators(reach: Reach, seed: int, draws: int = 2000) -> Floats:
    """Draws of us, cn and squeeze of n firms over link confidence.

    In each draw a link is there with probability `confidence`; denominators stay as reported, so a
    link that is not there moves its share to the unnamed rest. A link's draws belong to its name
    and the seed: firms that share the link share the draw, and other links, rules or dates leave it
    as it is.

    Parameters
    ----------
    reach : Reach
    seed : int
    draws : int

    Returns
    -------
    shape (3, draws, n); nan where the indicator is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    point = channel_sums(reach)
    out = np.empty((len(STATS), draws, n))
    out[:] = figures_of(reach, point)[:, None, :]
    amounts = reach.weight * np.nan_to_num(reach.share)
    unsure = (reach.confidence < 1.0) & (amounts > 0).any(axis=0)
    at = np.flatnonzero(unsure)
    if not at.size:
        return out
    cell = reach.firm * c + reach.channel
    certain = np.where(unsure, 0.0, amounts)
    base = np.stack([np.bincount(cell, weights=row, minlength=n * c) for row in certain])
    touched = np.unique(cell[at] // c)
    cells = (touched[:, None] * c + np.arange(c)).ravel()
    column = np.searchsorted(cells, cell[at])
    spread = [
        sparse.csr_matrix((a[at], (np.arange(len(at)), column)), (len(at), len(cells))) for a in amounts
    ]
    empty = np.isnan(point.reshape(len(STATS), n * c)[:, cells])
    rows = max(1, BLOCK // len(at))
    for first in range(0, draws, rows):
        last = min(first + rows, draws)
        there = (keyed_uniforms(seed, reach.name[at], first, last) < reach.confidence[at]).astype(np.float64)
        for s, stat in enumerate(STATS):
            sums = np.minimum(base[s, cells] + (spread[s].T @ there.T).T, 1.0)
            sums[:, empty[s]] = np.nan
            out[s, first:last, touched] = figure_of(reach, stat, sums.reshape(len(sums), -1, c)).T
    return out


def limits_round(point: Floats, draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Quantiles of draws, moved outwards where need be to hold the point.

    The point takes every reported link as there; draws can only take links away. So the point is at
    or near the upper limit, and the doubt is on one side.

    Parameters
    ----------
    point : shape (..., n)
    draws : shape (..., d, n)
    level : float

    Returns
    -------
    low, high : shape (..., n)
    """
    ends = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=-2)
    return np.minimum(ends[0], point), np.maximum(ends[1], point)


def outer_bounds(reach: Reach) -> Floats:
    """Highest us, cn and squeeze if all inputs and sales that nobody named were under the strictest rule.

    Flows whose outcome is undecided count at their worst.

    The unnamed rest of a channel is 1 less the shares of its named flows; it is one joint allocation
    over us, cn and others, so bounds of different indicators do not hold at once and are never added.

    Returns
    -------
    shape (3, n); nan where the indicator is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    named = np.bincount(reach.firm * c + reach.channel, weights=np.nan_to_num(reach.share), minlength=n * c)
    rest = np.clip(1.0 - named.reshape(n, c), 0.0, 1.0)
    sums = channel_sums(reach, reach.worst)
    seen = np.bincount(reach.firm * c + reach.channel, minlength=n * c).reshape(n, c) > 0
    return figures_of(reach, np.where(seen, np.minimum(sums + rest, 1.0), sums))
