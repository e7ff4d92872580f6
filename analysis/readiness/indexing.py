"""Scores of controls become an index, and how far the order of firms hangs on choices nobody can prove."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHOICES", "Robust", "index_bounds", "index_of", "robustness"]

Floats = NDArray[np.float64]

CHOICES = ("weights", "aggregation", "normalisation", "all")
"""What is varied: alone, and together."""

_LEAST = 0.05
"""A score of 0 in a geometric mean, which else would make every index 0."""

_SEED = 20211215


@dataclass(frozen=True, slots=True)
class Robust:
    """Index and rank of n firms over draws of all choices.

    Attributes
    ----------
    index : shape (3, n)
        5%, median, 95%; nan without a control known.
    rank : shape (2, n)
        5% and 95%; 1 is the readiest, ties share their middle.
    shift : dict
        Word of `CHOICES` to the mean over firms and draws of how many places a firm moves.
    """

    index: Floats
    rank: Floats
    shift: dict[str, float]


def index_of(scores: Floats, weights: Floats, aggregation: str) -> Floats:
    """Index of n firms over the controls known of each, shape (n,); nan where none is.

    Parameters
    ----------
    scores : shape (n, k)
        0 to 1, nan where not known.
    weights : shape (k,)
    aggregation : str
        `mean` or `geometric`.
    """
    known = np.isfinite(scores)
    weight = known @ weights
    values = np.where(known, scores, 0.0)
    if aggregation == "geometric":
        values = np.where(known, np.log(np.maximum(scores, _LEAST)), 0.0)
    total = np.divide(values @ weights, weight, out=np.full(len(scores), np.nan), where=weight > 0)
    if aggregation == "geometric":
        # 0 where every score is 0, 1 where every score is 1
        return (np.exp(total) - _LEAST) / (1.0 - _LEAST)
    return total


def index_bounds(scores: Floats, weights: Floats, aggregation: str) -> tuple[Floats, Floats]:
    """Index if every control not known were absent, and if it were in place; nan where none is known."""
    nothing = ~np.isfinite(scores).any(axis=1)
    ends = []
    for value in (0.0, 1.0):
        end = index_of(np.where(np.isfinite(scores), scores, value), weights, aggregation)
        ends.append(np.where(nothing, np.nan, end))
    return ends[0], ends[1]


def robustness(scores: Floats, weights: Floats, aggregation: str, *, draws: int = 500) -> Robust:
    """Vary each choice alone, then all together, and see how index and order move.

    Weights are drawn evenly over all that add up to 1 (Dirichlet); the aggregation is the mean or the
    geometric mean; scores stand as declared or count only what is wholly in place. Each is an input drawn at
    random (OECD and JRC, Handbook on Constructing Composite Indicators, 2008, step 7; Saisana, Saltelli and
    Tarantola, JRSS A 168, 2005), summed up as the mean of |reference rank - rank|.

    Firms with the same scores stand together: their number, not that of firms, is what the work grows with.
    """
    known = np.isfinite(scores).any(axis=1)
    kinds, which, many = np.unique(
        np.where(np.isfinite(scores[known]), scores[known], -1.0),
        axis=0,
        return_inverse=True,
        return_counts=True,
    )
    kinds = np.where(kinds < 0, np.nan, kinds)
    rng = np.random.default_rng(_SEED)
    reference = _ranks(index_of(kinds, weights, aggregation), many)
    shift, index, rank = {}, np.empty((draws, len(kinds))), np.empty((draws, len(kinds)))
    for choice in CHOICES:
        moved = 0.0
        for draw in range(draws):
            mine = rng.dirichlet(np.ones(len(weights))) if choice in ("weights", "all") else weights
            how = aggregation
            if choice in ("aggregation", "all"):
                how = ("mean", "geometric")[int(rng.integers(2))]
            strict = choice in ("normalisation", "all") and bool(rng.integers(2))
            found = index_of(_strict(kinds) if strict else kinds, mine, how)
            ranks = _ranks(found, many)
            moved += float(np.average(np.abs(ranks - reference), weights=many))
            if choice == "all":
                index[draw], rank[draw] = found, ranks
        shift[choice] = moved / draws
    out_index, out_rank = np.full((3, len(scores)), np.nan), np.full((2, len(scores)), np.nan)
    out_index[:, known] = np.quantile(index, (0.05, 0.5, 0.95), axis=0)[:, which.ravel()]
    out_rank[:, known] = np.quantile(rank, (0.05, 0.95), axis=0)[:, which.ravel()]
    return Robust(out_index, out_rank, shift)


def _strict(scores: Floats) -> Floats:
    return np.where(np.isfinite(scores), (scores >= 1.0).astype(float), np.nan)


def _ranks(values: Floats, many: NDArray[np.int64]) -> Floats:
    """Middle ranks of kinds of firms, `many` of each; 1 is the highest value."""
    rounded = np.round(values, 9)
    levels, at = np.unique(-rounded, return_inverse=True)
    counts = np.bincount(at.ravel(), weights=many, minlength=len(levels))
    before = np.concatenate([[0.0], np.cumsum(counts)[:-1]])
    return (before + (counts + 1.0) / 2.0)[at.ravel()]
