"""Simulated worlds of known truth: how often the intervals of mean risk, and the rank sets, hold it.

    python -m tests.benchmarks.worlds [--worlds 2000] [--seed 1] [--quick]

The expected number of events differs from world to world (3 to 48, even on the log scale), and worlds are
then grouped by the events that came out: grouping worlds of one expected number by what came out would
choose the lucky and the unlucky ones. Worlds in which the model is right are gated (with Monte Carlo
error); worlds in which it is wrong are reported. Figures are stored with their date.
"""

import argparse
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from analysis.pressure.choice import Abstained, predict_choice, train_choice
from analysis.pressure.limits import linear_predictor_interval
from analysis.pressure.ranks import rank_intervals
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

Floats = NDArray[np.float64]

FIRMS, LEVEL = 96, 0.90
RANKED = 10
"""One world in this many has its rank sets made too: they cost far more than intervals."""

FORMS = ("right", "unseen heterogeneity", "threshold")
"""How risk depends on squeeze: as the model says; with an effect of its own for each firm; a step."""


@dataclass(frozen=True)
class Cell:
    """Results of one kind of world; errors are Monte Carlo standard errors of the worlds."""

    form: str
    slope: float
    group: str
    worlds: int
    abstained: float
    coverage: float
    error: float
    top_decile: float
    median_firm: float
    rank_sets: float
    ranked: int
    bound: str
    is_kept: bool


def risks(form: str, z: Floats, slope: float, events: float, own: Floats) -> Floats:
    """True mean risk of firms with indicator z; averaged over the firms' own effects where they have one."""

    def mean(intercept: float) -> Floats:
        if form == "threshold":
            return expit(intercept + slope * (z > 1.0))
        if form == "unseen heterogeneity":
            return expit(intercept + slope * z[:, None] + own).mean(axis=1)
        return expit(intercept + slope * z)

    return mean(brentq(lambda a: mean(a).mean() * FIRMS - events, -30, 30))


def cells(form: str, slope: float, worlds: int, seed: int) -> list[Cell]:
    """Worlds of one kind, split by the number of events that came out."""
    rng = np.random.default_rng([seed, FORMS.index(form), int(10 * slope)])
    own = 1.5 * rng.standard_normal((1, 400))
    rows: dict[str, list[tuple[float, float, float, float]]] = {"5 to 11 events": [], "12 events or more": []}
    abstained = 0
    for i in range(worlds):
        z = np.maximum(0.0, rng.normal(0.3, 1.0, FIRMS))
        p = risks(form, z, slope, float(np.exp(rng.uniform(np.log(3.0), np.log(48.0)))), own)
        y = (rng.random(FIRMS) < p).astype(float)
        draws = 1000 if i % RANKED == 0 else 200
        model = train_choice(0.1 * z[:, None], y, rng, draws=draws)
        if isinstance(model, Abstained):
            abstained += 1
            continue
        low, high = linear_predictor_interval(model.X, model.y, np.c_[np.ones(FIRMS), 0.1 * z], LEVEL)
        held = (expit(low + model.shift) <= p) & (p <= expit(high + model.shift))
        order = np.argsort(z, kind="stable")
        sets = float("nan")
        if i % RANKED == 0:
            risk = predict_choice(model, 0.1 * z[:, None], level=LEVEL)
            found = rank_intervals(risk.eta, risk.draws, LEVEL)
            first = 1 + (p[None] > p[:, None] + 1e-12).sum(axis=1)
            last = FIRMS - (p[None] < p[:, None] - 1e-12).sum(axis=1)
            sets = float(((found.low <= first) & (last <= found.high)).all())
        group = "5 to 11 events" if model.events < 12 else "12 events or more"
        rows[group].append((held.mean(), held[order[-10:]].mean(), float(held[order[FIRMS // 2]]), sets))
    return [
        _cell(form, slope, group, np.array(found), abstained / worlds)
        for group, found in rows.items()
        if len(found) >= max(20, worlds // 10)
    ]


def _cell(form: str, slope: float, group: str, found: Floats, abstained: float) -> Cell:
    coverage, top, middle = found[:, 0].mean(), found[:, 1].mean(), found[:, 2].mean()
    error = found[:, 0].std() / np.sqrt(len(found))
    sets = found[np.isfinite(found[:, 3]), 3]
    low, high = (0.85, 0.97) if group.startswith("5") else (0.87, 0.94)
    kept, bound = True, "reported"
    if form == "right":
        bound = f"{low:.2f} to {high:.2f}, top decile and median firm 0.80 or more"
        kept = low - 2 * error <= coverage <= high + 2 * error
        kept &= min(top, middle) >= 0.80 - 2 * np.sqrt(0.16 / len(found))
    return Cell(
        form=form,
        slope=slope,
        group=group,
        worlds=len(found),
        abstained=round(abstained, 4),
        coverage=round(float(coverage), 4),
        error=round(float(error), 4),
        top_decile=round(float(top), 4),
        median_firm=round(float(middle), 4),
        rank_sets=round(float(sets.mean()), 4) if len(sets) else float("nan"),
        ranked=len(sets),
        bound=bound,
        is_kept=bool(kept),
    )


def main(words: list[str]) -> int:
    """Run all cells, print them, store them; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=2000, help="worlds of each kind (default 2000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="100 worlds of each kind")
    args = parser.parse_args(words)
    if args.quick:
        args.worlds = 100
    start = time.perf_counter()
    table: list[Cell] = []
    print("form                   slope group              worlds abstain coverage    +-    top median ranks")
    for form in FORMS:
        for slope in (0.0, 0.7, 1.4) if form == "right" else (0.7, 1.4):
            for cell in cells(form, slope, args.worlds, args.seed):
                table.append(cell)
                print(
                    f"{cell.form:<22} {cell.slope:5.1f} {cell.group:<18} "
                    f"{cell.worlds:6d} {cell.abstained:7.3f} {cell.coverage:8.3f} {cell.error:5.3f} "
                    f"{cell.top_decile:6.3f} {cell.median_firm:6.3f} {cell.rank_sets:5.2f} "
                    f"{'' if cell.is_kept else 'MISSED'}",
                    flush=True,
                )
    rows = [
        Row(
            f"intervals that hold the mean risk: model {cell.form}, slope {cell.slope:g}, {cell.group}",
            cell.coverage,
            "share",
            "level asked for",
            LEVEL,
            "" if cell.bound == "reported" else cell.bound,
            cell.is_kept,
            f"{cell.worlds:,} worlds, +- {cell.error:.3f}",
        )
        for cell in table
    ]
    seconds = round(time.perf_counter() - start)
    told = [asdict(cell) for cell in table]
    return store("worlds", rows, seed=args.seed, worlds=args.worlds, seconds=seconds, cells=told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
