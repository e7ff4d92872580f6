"""Where nobody asked who had to choose: a declared index of us, cn, squeeze, and how firm its order is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.tied import mean_ranks

__all__ = [
    "AGGREGATIONS",
    "COMPOSITE_COLUMNS",
    "NORMALISATIONS",
    "Composite",
    "composite_scores",
    "composite_table",
    "rank_shifts",
]

Floats = NDArray[np.float64]

NORMALISATIONS = ("share", "minmax", "ranks")
"""`share`: as measured, 0 to 1 already. `minmax`: least 0, greatest 1. `ranks`: rank over n, ties shared."""

AGGREGATIONS = ("arithmetic", "geometric", "largest")
"""Weighted mean; weighted geometric mean, which a low value pulls down; largest value times its weight."""

COMPOSITE_COLUMNS = ("firm", "stat", "n", "estimate", "low", "high", "level", "method")

FLOOR = 0.01
"""Least value in a geometric mean: without it one zero would decide."""

RUNS = 1024


@dataclass(frozen=True, slots=True)
class Composite:
    """A declared index.

    Attributes
    ----------
    weights : mapping
        Indicator (us, cn, squeeze) to its weight; they are brought to a sum of 1.
    normalisation, aggregation : str
        Of `NORMALISATIONS` and `AGGREGATIONS`.
    spread : float
        Each weight is tried between (1 - spread) and (1 + spread) times itself.
    """

    weights: Mapping[str, float]
    normalisation: str = "share"
    aggregation: str = "arithmetic"
    spread: float = 0.5


def composite_scores(values: Floats, weights: Floats, normalisation: str, aggregation: str) -> Floats:
    """Scores of n firms, 0 to 1, shape (n,); nan where a value is missing.

    Parameters
    ----------
    values : shape (n, k)
    weights : shape (k,)
    normalisation, aggregation : str
    """
    known = np.isfinite(values).all(axis=1)
    out = np.full(len(values), np.nan)
    if known.any():
        scaled = _scaled(values[known], normalisation)
        out[known] = _joined(scaled, (weights / weights.sum())[None], aggregation)[0]
    return out


def composite_table(
    firms: tuple[str, ...],
    values: Mapping[str, Floats],
    declared: Composite,
    rng: np.random.Generator,
    *,
    level: float = 0.90,
    runs: int = RUNS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and rank ranges of firms, and what the order hangs on.

    Weights, normalisation and aggregation are all drawn anew in each run, ranks are recomputed and their
    quantiles reported beside the score (OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step
    7). `mean |rank shift|` of a run is the mean over firms of |declared rank - rank|; its variance is shared
    out by first-order and total-order indices (Saltelli and others 2010; Jansen 1999).

    Parameters
    ----------
    firms : n ids
    values : mapping
        Indicator to (n,) values.
    declared : Composite
    rng : numpy.random.Generator
    level : float
    runs : int

    Returns
    -------
    firms' rows (`COMPOSITE_COLUMNS`; stat `composite`, and `composite_rank` without a point: only its
    range), and rows of what it hangs on (`stat,n,estimate,low,high,method`)
    """
    names = tuple(declared.weights)
    table = np.stack([values[name] for name in names], axis=1)
    known = np.flatnonzero(np.isfinite(table).all(axis=1))
    weights = np.array([declared.weights[name] for name in names], dtype=np.float64)
    n = len(known)
    told = f"{declared.aggregation} mean" if declared.aggregation != "largest" else "largest"
    method = f"{told} of " + ", ".join(
        f"{name} {weight:.2f}" for name, weight in zip(names, weights / weights.sum(), strict=True)
    )
    method += f"; normalisation {declared.normalisation}"
    score = composite_scores(table, weights, declared.normalisation, declared.aggregation)
    if n < 2:
        rows = [
            (firm, "composite", n, score[i], np.nan, np.nan, level, method) for i, firm in enumerate(firms)
        ]
        return pd.DataFrame(rows, columns=list(COMPOSITE_COLUMNS)), pd.DataFrame(
            columns=["stat", "n", "estimate", "low", "high", "method"]
        )
    scores, ranks, shares = rank_shifts(table[known], declared, rng, runs)
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    low, high = np.full((2, len(firms)), np.nan)
    rank_low, rank_high = np.full((2, len(firms)), np.nan)
    low[known], high[known] = np.quantile(scores, tails, axis=0)
    rank_low[known], rank_high[known] = np.quantile(ranks, tails, axis=0, method="nearest")
    low, high = np.fmin(low, score), np.fmax(high, score)
    both = [
        pd.DataFrame({"firm": list(firms), "stat": "composite", "estimate": score, "low": low, "high": high}),
        pd.DataFrame(
            {
                "firm": list(firms),
                "stat": "composite_rank",
                "estimate": np.nan,
                "low": rank_low,
                "high": rank_high,
            }
        ),
    ]
    rows_of = pd.concat(both, ignore_index=True).assign(n=n, level=level, method=method)
    about = [(f"composite {name}", n, value, np.nan, np.nan, how) for name, (value, how) in shares.items()]
    hangs = pd.DataFrame(about, columns=["stat", "n", "estimate", "low", "high", "method"])
    return rows_of[list(COMPOSITE_COLUMNS)], hangs


def rank_shifts(
    values: Floats, declared: Composite, rng: np.random.Generator, runs: int = RUNS
) -> tuple[Floats, Floats, dict[str, tuple[float, str]]]:
    """Scores and ranks (runs, n) over random choices, and shares of variance by choice.

    Parameters
    ----------
    values : shape (n, k)
        Nothing missing.
    declared : Composite
    rng : numpy.random.Generator
    runs : int
    """
    k = values.shape[1]
    one, two = rng.random((runs, k + 2)), rng.random((runs, k + 2))
    weights = np.array(list(declared.weights.values()), dtype=np.float64)
    point = composite_scores(values, weights, declared.normalisation, declared.aggregation)
    usual = mean_ranks(-point)
    scaled = [_scaled(values, name) for name in NORMALISATIONS]

    def run(draw: Floats) -> tuple[Floats, Floats]:
        tried = weights * (1.0 + declared.spread * (2.0 * draw[:, :k] - 1.0))
        tried /= tried.sum(axis=1, keepdims=True)
        scores = np.empty((len(draw), len(values)))
        by = np.minimum((draw[:, k:] * 3).astype(int), 2)
        for i, table in enumerate(scaled):
            for j, aggregation in enumerate(AGGREGATIONS):
                rows = (by[:, 0] == i) & (by[:, 1] == j)
                if rows.any():
                    scores[rows] = _joined(table, tried[rows], aggregation)
        return scores, mean_ranks(-scores)

    scores, ranks = run(one)
    _, others = run(two)
    shift, other = (np.abs(r - usual).mean(axis=1) for r in (ranks, others))
    whole = float(np.var(np.r_[shift, other]))
    shares = {"rank shift": (float(shift.mean()), "mean over runs of mean |declared rank - rank|")}
    for name, columns in (("weights", range(k)), ("normalisation", [k]), ("aggregation", [k + 1])):
        mixed = one.copy()
        mixed[:, list(columns)] = two[:, list(columns)]
        moved = np.abs(run(mixed)[1] - usual).mean(axis=1)
        first = float(np.mean(other * (moved - shift))) / whole if whole > 0 else 0.0
        total = 0.5 * float(np.mean((shift - moved) ** 2)) / whole if whole > 0 else 0.0
        shares[f"{name} alone"] = (first, "first-order share of the variance of the rank shift")
        shares[f"{name} in all"] = (total, "total-order share of the variance of the rank shift")
    return scores, ranks, shares


def _scaled(values: Floats, normalisation: str) -> Floats:
    """Columns brought to 0 to 1, shape (n, k)."""
    if normalisation == "minmax":
        low, width = values.min(axis=0), np.ptp(values, axis=0)
        return np.divide(values - low, width, out=np.zeros_like(values), where=width > 0)
    if normalisation == "ranks":
        return mean_ranks(values, axis=0) / len(values)
    return values


def _joined(scaled: Floats, weights: Floats, aggregation: str) -> Floats:
    """Scores of n firms under m weights, shape (m, n)."""
    if aggregation == "geometric":
        return np.asarray(np.exp(weights @ np.log(np.maximum(scaled, FLOOR)).T))
    if aggregation == "largest":
        return np.asarray((weights[:, None, :] * scaled[None]).max(axis=2) / weights.max(axis=1)[:, None])
    return np.asarray(weights @ scaled.T)
