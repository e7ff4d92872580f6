"""Worlds with a true slope and blanks that hang on the outcome: what imputed limits hold.

python -m tests.benchmarks.imputing [WORLDS]
"""

import sys

import numpy as np
from scipy.special import expit

from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.completing import Lacking, over_sets
from analysis.pressure.imputed import combined_limits
from analysis.pressure.limits import profile_limits
from analysis.pressure.predicting import predict_choice

__all__ = ["main"]

SLOPE, BASE, FIRMS, LEVEL = 1.0, -1.3, 120, 0.90
AT = np.array([[-1.0], [0.0], [1.5]])


def main(words: list[str]) -> int:
    """Print how often 90% limits hold the slope and the mean risk, with one Monte Carlo standard error."""
    worlds = int(words[0]) if words else 200
    held: dict[str, list[list[float]]] = {"imputed": [], "left out": []}
    for seed in range(worlds):
        rng = np.random.default_rng([seed, 8])
        x = rng.normal(size=FIRMS)
        y = (rng.random(FIRMS) < expit(BASE + SLOPE * x)).astype(float)
        lacks = rng.random(FIRMS) < np.where(y > 0, 0.4, 0.15)
        known = np.where(lacks, np.nan, x)[:, None]
        made = train_choice(known, y, rng, draws=400)
        if not isinstance(made, ChoiceModel):
            continue
        none = np.full(FIRMS, "", dtype=object)
        ids = tuple(map(str, range(FIRMS)))
        firms = Lacking(ids, known, ("squeeze",), y, np.ones(FIRMS), None, none, none)
        over = over_sets(made, firms, seed=seed, sets=20, draws=400)
        unit, held_by = np.array([[0.0, 1.0]]), made.fitted
        ends = {
            "imputed": combined_limits(over.sets, unit, LEVEL),
            "left out": profile_limits(
                held_by.likelihood, held_by.peak, held_by.covariance, held_by.fit.penalised, unit, LEVEL
            ),
        }
        truth = expit(BASE + SLOPE * AT[:, 0])
        for name, model in (("imputed", over), ("left out", made)):
            risk, (low, high) = predict_choice(model, AT, level=LEVEL), ends[name]
            of_risk = np.mean((risk.low <= truth) & (truth <= risk.high))
            row = [low[0] <= SLOPE <= high[0], of_risk, model.slope("squeeze"), high[0] - low[0]]
            held[name].append([float(v) for v in row])
    for name, rows in held.items():
        mean, error = np.mean(rows, axis=0), np.std(rows, axis=0) / np.sqrt(len(rows))
        told = zip(("slope held", "mean risk held", "slope", "width"), mean, error, strict=True)
        print(f"{name}: {len(rows)} worlds;", "; ".join(f"{w} {m:.3f} +- {e:.3f}" for w, m, e in told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
