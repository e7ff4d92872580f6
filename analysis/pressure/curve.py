"""How often firms had to choose, along the probability that a model which has not seen them gives."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.estimate.intervals import clopper_pearson
from analysis.pressure.flic import correct_intercept
from analysis.pressure.trusting import refitted

if TYPE_CHECKING:
    from analysis.pressure.choice import ChoiceModel

__all__ = ["CALIBRATION_COLUMNS", "calibration_curve", "held_out", "smoothed_share"]

Floats = NDArray[np.float64]

CALIBRATION_COLUMNS = ("stat", "n", "base", "predicted", "estimate", "low", "high", "level", "method")
"""Columns of the curve, a row a point: `predicted` is the model's probability, `estimate` the share near it,
`base` how many firms that share counts for."""

FOLDS = 10
REPEATS = 5
POINTS = 21
MOST = 5000
"""Firms beyond which the curve rests on a random part of that size."""

LEAST_NEAR = 5.0
"""Firms that a point of the curve must at least count for."""


def calibration_curve(model: "ChoiceModel", rng: np.random.Generator, *, level: float = 0.90) -> pd.DataFrame:
    """Observed share of firms that had to choose along the predicted probability, with a band.

    Each firm is predicted by a model fitted to the other folds (10, both outcomes spread evenly, cut anew
    five times), so that the curve does not flatter itself. The share near a probability is a mean weighted
    by a Gaussian kernel on the logit (Copas, Applied Statistics 32, 1983). Its band is the exact binomial one
    (Clopper and Pearson 1934) for as many firms as these weights count for, `(sum k)^2 / sum k^2`: it stays
    wide where nobody near had to choose, and is about each point, not about the whole curve at once. It has
    no slope in it: under 50 events a slope would not be an estimate.

    Parameters
    ----------
    model : ChoiceModel
    rng : numpy.random.Generator
    level : float

    Returns
    -------
    pandas.DataFrame
        `CALIBRATION_COLUMNS`; points that count for fewer than 5 firms are left out, none where there is no
        spread of predictions.
    """
    n = len(model.y)
    scores, rows = held_out(model, rng)
    if scores.size == 0 or np.ptp(scores) < 1e-9:
        return pd.DataFrame(columns=list(CALIBRATION_COLUMNS))
    ends = np.quantile(scores, [0.01, 0.99])
    grid = np.linspace(ends[0], ends[1], POINTS)
    share, base = smoothed_share(grid, scores, model.y[rows], model.weights[rows])
    low, high = clopper_pearson(share * base, base, level)
    used = rows.shape[0]
    told = (
        f"kernel mean over {FOLDS}-fold predictions, cut {REPEATS} times, exact binomial band at each point"
    )
    told += f"; {used} of {n} firms, at random" if used < n else ""
    table = pd.DataFrame(
        {
            "stat": "calibration",
            "n": used,
            "base": base,
            "predicted": expit(grid),
            "estimate": share,
            "low": np.minimum(np.nan_to_num(low), share),
            "high": np.maximum(np.nan_to_num(high, nan=1.0), share),
            "level": level,
            "method": told,
        }
    )
    return table[table["base"] >= LEAST_NEAR].reset_index(drop=True)


def held_out(model: "ChoiceModel", rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Logits of firms from models that have not seen them, shape (repeats, m), and which m firms these are.

    Folds hold both outcomes evenly, as far as there are enough of the rarer.
    """
    n, y = len(model.y), model.y
    rows = np.arange(n) if n <= MOST else np.sort(rng.choice(n, MOST, replace=False))
    scarce = int(min(y.sum(), n - y.sum()))
    folds = min(FOLDS, scarce)
    out = np.full((REPEATS, n), np.nan)
    for repeat in range(REPEATS):
        fold = np.empty(n, dtype=np.int64)
        for side in (0.0, 1.0):
            mine = rng.permutation(np.flatnonzero(y == side))
            fold[mine] = (np.arange(len(mine)) + rng.integers(folds)) % folds
        away = fold[None] == np.arange(folds)[:, None]
        weights = np.where(away, 0.0, model.weights)
        b = refitted(model.fitted, weights)
        offset = b[:, 1:] @ model.X[:, 1:].T
        solved = np.isfinite(offset).all(axis=1)
        told = correct_intercept(offset[solved], y, weights[solved])[:, None] + offset[solved]
        place = np.full(folds, -1)
        place[solved] = np.arange(solved.sum())
        mine = place[fold]
        out[repeat] = np.where(mine >= 0, told[mine, np.arange(n)], np.nan)
    out = out[np.isfinite(out).all(axis=1)]
    return out[:, rows], rows


def smoothed_share(grid: Floats, scores: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Kernel mean of y near each point, shape (g,), and how many firms it counts for, shape (g,).

    Parameters
    ----------
    grid : shape (g,)
        Logits.
    scores : shape (repeats, m)
        Logits of m firms; a firm counts once, however often it is scored.
    y, weights : shape (m,)

    Notes
    -----
    Bandwidth: 1.06 sd n^(-1/5) of the scores (Silverman 1986, eq. 3.28). No loop over firms: one table of
    points by firms, summed over repeats.
    """
    width = 1.06 * float(scores.std()) * scores.shape[1] ** -0.2
    near = np.zeros((len(grid), scores.shape[1]))
    for row in scores:
        near += np.exp(-0.5 * ((grid[:, None] - row[None]) / width) ** 2)
    near *= weights / scores.shape[0]
    total = near.sum(axis=1)
    known = total > 0
    share = np.divide(near @ y, total, out=np.zeros(len(grid)), where=known)
    base = np.divide(total**2, (near**2).sum(axis=1), out=np.zeros(len(grid)), where=known)
    base *= min(1.0, float(weights.mean()))  # weights of a design are scaled to what it is worth
    return np.clip(share, 0.0, 1.0), base
