"""Means, totals and ratios of 100,000 firms, in turns with svy on the same table: speed and numbers.

Run: python -m tests.benchmarks.amounts [--quick]. Processor seconds, one thread each, from a table in memory
to estimate, error and limits; svy makes its sample once for all three, we keep the design we compiled.
"""

# ruff: noqa: E402
import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_threads] = "1"  # before numpy and polars are there

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pandas as pd

from analysis import mean, ratio, total
from survey import Codebook, Design, Origin, Question, Wave
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FIRMS, STRATA, CLUSTERS, SEED, CLOSE, SLACK = 100_000, 20, 2_000, 20211215, 1e-9, 1.05
Numbers = list[tuple[float, float]]


def wave_of() -> Wave:
    """Firms in strata and clusters with two numbers each."""
    rng = np.random.default_rng(SEED)
    frame = pd.DataFrame(
        {
            "h": rng.integers(0, STRATA, FIRMS),
            "c": rng.integers(0, CLUSTERS, FIRMS),
            "w": rng.uniform(1, 5, FIRMS),
            "y": rng.normal(100, 20, FIRMS),
            "x": rng.gamma(3, 50, FIRMS),
        }
    )
    frame["c"] += frame["h"] * CLUSTERS
    questions = tuple(Question(name, "number", (name,)) for name in ("y", "x"))
    return Wave("made up", frame, Codebook(questions), Origin("made up", "", "csv", "", FIRMS))


def ours(wave: Wave, design: Design) -> Numbers:
    """Mean, total and ratio from a wave that was not seen before."""
    wave = replace(wave, frame=wave.frame.copy())
    found = (mean(wave, design, "y"), total(wave, design, "y"), ratio(wave, design, "y", "x"))
    return [(one[0].estimate, one[0].se) for one in found]


def theirs(table: object, columns: dict[str, str]) -> Numbers:
    """The same by svy."""
    import svy

    sample = svy.Sample(data=table, design=svy.Design(**columns))
    ask = sample.estimation
    return [
        (e.estimates[0].est, e.estimates[0].se) for e in (ask.mean("y"), ask.total("y"), ask.ratio("y", "x"))
    ]


def spent(task: Callable[[], Numbers]) -> tuple[float, Numbers]:
    """Processor seconds, and what was found."""
    start = time.process_time()
    found = task()
    return time.process_time() - start, found


def in_turns(what: str, wave: Wave, design: Design, columns: dict[str, str], rounds: int) -> Row:
    """Medians of both, and how far their numbers are apart."""
    import polars
    import svy

    table = polars.from_pandas(wave.frame)
    pairs = []
    for _ in range(rounds + 1):
        mine, found = spent(lambda: ours(wave, design))
        other, wanted = spent(lambda: theirs(table, columns))
        pairs.append((mine, other))
    pairs = pairs[1:]  # the first warms up
    apart = float(np.abs(np.array(found) / np.array(wanted) - 1).max())
    faster = statistics.median(b / a for a, b in pairs)
    return Row(
        f"mean, total and ratio, {FIRMS:,} firms in {what}", statistics.median(a for a, _ in pairs), "cpu s",
        f"svy {svy.__version__}", statistics.median(b for _, b in pairs),
        f"as fast, within {CLOSE:g}", faster * SLACK >= 1 and apart <= CLOSE,
        f"median of {rounds} in turns, one thread each; {apart:.1g} apart at most",
    )  # fmt: skip


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound is broken, 2 where svy is not there."""
    if find_spec("svy") is None:
        print("svy is not installed: nothing to compare with", file=sys.stderr)
        return 2
    rounds = 5 if "--quick" in words else 15
    wave = wave_of()
    strata, clusters = Design(weight="w", strata=("h",)), Design(weight="w", strata=("h",), clusters=("c",))
    rows = [
        in_turns("strata", wave, strata, {"stratum": "h", "wgt": "w"}, rounds),
        in_turns("strata and clusters", wave, clusters, {"stratum": "h", "psu": "c", "wgt": "w"}, rounds),
    ]
    return store("amounts", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
