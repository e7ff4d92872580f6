"""Raking 100,000 firms to five margins, in turns with R survey::rake on the same table: speed and weights.

Run: python -m tests.benchmarks.raking [--quick]. Stores a dated result; says so where R is not there.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from survey.raking import rake
from tests.benchmarks.peers import of_r
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FIRMS, SIZES, SEED, BOUND, CLOSE = 100_000, (8, 5, 12, 4, 10), 20211215, 20.0, 1e-8


def firms() -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Base weights, codes that hang together, and margins of other weights of the same firms."""
    rng = np.random.default_rng(SEED)
    lead = rng.integers(0, 12, FIRMS)
    codes = [np.where(rng.random(FIRMS) < 0.3, lead % k, rng.integers(0, k, FIRMS)) for k in SIZES]
    weight = rng.uniform(1, 5, FIRMS)
    other = weight * np.exp(sum(0.2 * np.sin(c) for c in codes) + rng.normal(0, 0.3, FIRMS))
    return weight, codes, [np.bincount(c, weights=other) for c in codes]


def ours(rounds: int) -> tuple[list[float], np.ndarray, int]:
    """Seconds of each round, the weights and the number of turns over the margins."""
    weight, codes, totals = firms()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        raked = rake(weight, codes, totals)
        spent.append(time.perf_counter() - start)
    return spent, raked.weight, raked.rounds


def theirs(folder: Path) -> tuple[float, np.ndarray, str]:
    """Seconds of one run of R, its weights and the version of its package."""
    weights = folder / "weights.csv"
    done = subprocess.run(
        ["Rscript", str(Path(__file__).with_name("raking.R")), str(folder / "table.csv"), str(weights)],
        capture_output=True,
        text=True,
        check=True,
    )
    clock, _, version = done.stdout.split()
    return float(clock), np.loadtxt(weights), version


def main(rounds: int = 5) -> int:
    """Measure in turns, print and store; 1 where a bound is broken, 2 where R is not there."""
    if not of_r("survey"):
        print("R with its package survey is not installed: nothing to compare with", file=sys.stderr)
        return 2
    weight, codes, totals = firms()
    mine: list[float] = []
    other: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = pd.DataFrame({f"m{i + 1}": c for i, c in enumerate(codes)} | {"w": weight})
        table.to_csv(folder / "table.csv", index=False, float_format="%.17g")
        for i, total in enumerate(totals):
            margin = pd.DataFrame({f"m{i + 1}": np.arange(len(total)), "Freq": total})
            margin.to_csv(folder / f"totals_m{i + 1}.csv", index=False, float_format="%.17g")
        for _ in range(rounds):
            spent, found, turns = ours(1)
            mine += spent
            clock, wanted, version = theirs(folder)
            other.append(clock)
    ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
    apart = float(np.abs(found / wanted - 1).max())
    row = Row(
        f"raking {FIRMS:,} firms to {len(SIZES)} margins of {SIZES} categories, {turns} turns",
        statistics.median(mine),
        peer=f"R survey {version} rake, epsilon 1e-13",
        theirs=statistics.median(other),
        bound=f"{BOUND:g} times as fast, weights within {CLOSE:g}",
        is_kept=ratio >= BOUND and apart <= CLOSE,
        how=f"median of {rounds} in turns; weights differ by {apart:.1g} at most",
    )
    return store("raking", [row], ratio=ratio, largest_relative_difference=apart)


if __name__ == "__main__":
    sys.exit(main(1 if "--quick" in sys.argv else 5))
