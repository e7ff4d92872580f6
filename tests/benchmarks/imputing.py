"""Worlds of known truth, blanks that hang on the outcome: what limits over imputed sets hold, and their cost.

Run: python -m tests.benchmarks.imputing [--worlds 200] [--seed 1] [--quick]. A fifth of 120 firms lack
the indicator, those that had to choose more often. How often 90% limits hold the slope, and the mean risk of
firms like them, with one Monte Carlo standard error: over imputed sets, and of firms that lack nothing alone.
Then processor seconds of the model and of 2,000 draws, where a tenth of the firms lack the indicator.
"""

import argparse
import sys
import time

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.completing import Lacking, over_sets
from analysis.pressure.drawing import Told, draw_firms
from analysis.pressure.limits import profile_limits
from analysis.pressure.predicting import predict_choice
from analysis.pressure.ranks import rank_intervals, top_share
from analysis.pressure.settings import PressureSettings
from analysis.pressure.together import combined_limits
from tests.benchmarks.pressure import made
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

Floats = NDArray[np.float64]

SLOPE, BASE, FIRMS, LEVEL = 1.0, -1.3, 120, 0.90
BLANK = (0.15, 0.375)
"""How often the indicator is blank of a firm that had not to choose, and of one that had: a fifth of all."""

DRAWS = 400
HELD = {"imputed": (0.87, 0.95), "left out": (0.0, 1.0)}
"""What the limits over imputed sets are to hold on average; those of complete cases are told beside it."""

SIZES = {100: 5.0, 5_000: 10.0}


def lacking(known: Floats, y: Floats) -> Lacking:
    """Firms of one group with equal weights."""
    n = len(y)
    none = np.full(n, "", dtype=object)
    ids = tuple(f"F{i}" for i in range(n))
    return Lacking(ids, known, ("squeeze",), y, np.ones(n), None, none, none)


def one_world(seed: int, number: int) -> dict[str, list[float]] | None:
    """Of each way: slope held, share of mean risks held, slope, width of its limits; None without a model."""
    rng = np.random.default_rng([seed, number])
    x = rng.normal(size=FIRMS)
    y = (rng.random(FIRMS) < expit(BASE + SLOPE * x)).astype(float)
    known = np.where(rng.random(FIRMS) < np.where(y > 0, BLANK[1], BLANK[0]), np.nan, x)[:, None]
    alone = train_choice(known, y, rng, draws=DRAWS)
    if not isinstance(alone, ChoiceModel):
        return None
    over = over_sets(alone, lacking(known, y), seed=number, sets=20, draws=DRAWS)
    unit, held = np.array([[0.0, 1.0]]), alone.fitted
    at = np.quantile(x, np.linspace(0.05, 0.95, 10))[:, None]
    truth = expit(BASE + SLOPE * at[:, 0])
    found = {}
    for name, model in (("imputed", over), ("left out", alone)):
        low, high = (
            (ends[0] for ends in combined_limits(model.sets, unit, (LEVEL,)))
            if model.sets
            else profile_limits(held.likelihood, held.peak, held.covariance, held.fit.penalised, unit, LEVEL)
        )
        risk = predict_choice(model, at, level=LEVEL)
        of_risk = np.mean((risk.low <= truth) & (truth <= risk.high))
        row = [low[0] <= SLOPE <= high[0], of_risk, model.slope("squeeze"), high[0] - low[0]]
        found[name] = [float(v) for v in row]
    return found


def coverage(worlds: int, seed: int) -> list[Row]:
    """Rows of what limits hold."""
    told = [one for one in (one_world(seed, number) for number in range(worlds)) if one]
    made_rows = []
    for name, (least, most) in HELD.items():
        values = np.array([one[name] for one in told])
        mean, error = values.mean(axis=0), values.std(axis=0) / np.sqrt(len(values))
        how = f"{len(values)} worlds, seed {seed}, {FIRMS} firms; +- {{:.3f}}"
        for place, what in enumerate(
            ("slope held", "mean risk held", "slope (truth 1)", "width of its limits")
        ):
            is_bound = place < 2 and name == "imputed"
            kept = least - 2 * error[place] <= mean[place] <= most + 2 * error[place]
            made_rows.append(
                Row(
                    f"{name}: {what}, a fifth blank", float(mean[place]), "share" if place < 2 else "",
                    bound=f"{least:.2f} to {most:.2f}" if is_bound else "",
                    is_kept=bool(kept) if is_bound else True,
                    how=how.format(error[place]),
                )
            )  # fmt: skip
    return made_rows


def cost(firms: int, bound: float) -> list[Row]:
    """Rows of processor seconds: model, imputed sets, 2,000 draws with limits and order."""
    reach, unsure = made(firms)
    rng = np.random.default_rng(3)
    x = rng.beta(1.0, 6.0, firms)
    y = (rng.random(firms) < expit(-2.7 + 5.0 * x)).astype(float)
    known = np.where(rng.random(firms) < 0.1, np.nan, x)[:, None]
    start = time.process_time()
    alone = train_choice(known, y, np.random.default_rng(1), draws=2000)
    if not isinstance(alone, ChoiceModel):
        raise SystemExit("the made-up answers carry no model")
    trained = time.process_time()
    model = over_sets(alone, lacking(known, y), seed=1, sets=20, draws=2000)
    imputed = time.process_time()
    settings, nobody = PressureSettings(outcome="q"), np.zeros(firms, dtype=bool)
    drawn = draw_firms(reach, unsure, Told(model, model, ~nobody, nobody), settings, has_parts=True)
    rank_intervals(drawn.risk.eta, drawn.ranked_by, LEVEL, least=float(np.log(1.1)))
    top_share(drawn.ranked_by, is_known=np.isfinite(drawn.risk.eta))
    spent = time.process_time() - start
    what = f"{firms:,} firms of a survey, a tenth blank, x 2,000 draws"
    how = (
        f"model {trained - start:.2f}, 20 imputed sets {imputed - trained:.2f}, {model.imputed} firms imputed"
    )
    return [Row(what, spent, "cpu s", bound=f"under {bound:g} s", is_kept=spent < bound, how=how)]


def main() -> int:
    """Measure and store; 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    said = parser.parse_args()
    rows = [row for firms, bound in SIZES.items() for row in cost(firms, bound)]
    rows += coverage(20 if said.quick else said.worlds, said.seed)
    return store("imputing", rows)


if __name__ == "__main__":
    sys.exit(main())
