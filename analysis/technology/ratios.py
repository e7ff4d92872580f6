"""Parts of wholes over links that may not exist: points, limits on shared draws, and shares of draws."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.pressure.draws import keyed_uniforms

__all__ = ["Drawn", "Parts", "draw_ratios", "ratio_of"]

Floats = NDArray[np.float64]

BLOCK = 6_000_000
"""Numbers (draws x links, draws x ratios) held at once."""


@dataclass(frozen=True, slots=True)
class Parts:
    """k ratios over m links; several may be parts of one of w wholes.

    Attributes
    ----------
    links : shape (m,) str
        Ids, each once.
    confidence : shape (m,)
    above : sparse, shape (k, m)
        What each link adds to the numerator of each ratio, 0 or more.
    below : sparse, shape (w, m)
        What it adds to each whole.
    fixed : shape (w,)
        What is in each whole whichever links exist.
    whole : shape (k,) int
        Place of the whole of each ratio.
    """

    links: NDArray[np.object_]
    confidence: Floats
    above: sparse.csr_matrix
    below: sparse.csr_matrix
    fixed: Floats
    whole: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Ratios with their doubt, shape (k,) each: point, limits, draws (draws, k) where they were asked for."""

    estimate: Floats
    low: Floats
    high: Floats
    draws: NDArray[np.float32] | None


def draw_ratios(parts: Parts, *, seed: int, draws: int, level: float, keeps: bool = False) -> Drawn:
    """Ratios of sums over the links that exist in each draw; the point takes every link as there.

    A link's draws belong to its id and the seed, as those of the indicators do. A draw in which nothing of a
    whole exists says nothing of the ratio. Limits are moved outwards where need be to hold the point.

    Parameters
    ----------
    parts : Parts
    seed, draws : int
    level : float
    keeps : bool
        Whether to hand out the draws.
    """
    k = parts.above.shape[0]
    sides = (parts.above, parts.below)
    constant = (np.zeros(k), parts.fixed)
    sums = [np.asarray(side.sum(axis=1)).ravel() + base for side, base in zip(sides, constant, strict=True)]
    estimate = ratio_of(sums[0], sums[1][parts.whole])
    doubtful = np.flatnonzero(parts.confidence < 1.0)
    sure = np.flatnonzero(parts.confidence >= 1.0)
    fixed = [
        np.asarray(side[:, sure].sum(axis=1)).ravel() + base
        for side, base in zip(sides, constant, strict=True)
    ]
    moving = [side[:, doubtful].tocsr() for side in sides]
    names = pd.util.hash_array(parts.links[doubtful])
    low, high = estimate.copy(), estimate.copy()
    made = np.empty((draws, k), dtype=np.float32)
    rows = max(1, BLOCK // max(1, len(doubtful), k))
    for first in range(0, draws, rows):
        last = min(first + rows, draws)
        there = (keyed_uniforms(seed, names, first, last) < parts.confidence[doubtful]).T.astype(np.float64)
        top, under = (side @ there + base[:, None] for side, base in zip(moving, fixed, strict=True))
        made[first:last] = ratio_of(top, under[parts.whole]).T
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    known = np.isfinite(made).any(axis=0)
    if known.any():
        ends = _quantiles(made[:, known], tails)
        low[known], high[known] = np.fmin(ends[0], estimate[known]), np.fmax(ends[1], estimate[known])
    return Drawn(estimate, low, high, made if keeps else None)


def _quantiles(values: NDArray[np.float32], tails: list[float]) -> Floats:
    """Quantiles of each column, nan left aside, linear between order statistics; each column has a number."""
    ordered = np.sort(values, axis=0)  # nan last
    last = np.isfinite(values).sum(axis=0) - 1
    out = np.empty((len(tails), values.shape[1]))
    column = np.arange(values.shape[1])
    for i, tail in enumerate(tails):
        place = tail * last
        under = np.floor(place).astype(np.int64)
        low, high = ordered[under, column], ordered[np.minimum(under + 1, last), column]
        out[i] = low + (place - under) * (high - low)
    return out


def ratio_of(above: Floats, below: Floats) -> Floats:
    """Above over below, nan where below is 0."""
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=np.asarray(below) > 0)
