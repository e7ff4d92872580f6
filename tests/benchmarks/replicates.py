"""Bootstrap weights for 100,000 firms, and one banner question under 500 of them, in turns with R `survey`.

Run: python -m tests.benchmarks.replicates [--quick]. Processor seconds, one thread each. The quick run gives
R 20 replicates and one break; both of its tasks grow with their number.
"""

# ruff: noqa: E402
import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # before numpy is there

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import banner
from analysis.estimate.blocks import blocks_of
from analysis.estimate.compiled import arrays_of
from analysis.estimate.items import items_of
from analysis.estimate.layout import lay_out
from survey import Choice, Codebook, Creation, Design, Origin, Question, Wave, create_replicates, design_frame
from tests.benchmarks.peers import of_r
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FIRMS, STRATA, REPLICATES, BREAKS, SEED = 100_000, 20, 500, 8, 20211215
MOST, TIMES = 0.2, 100.0


def wave_of() -> Wave:
    """Firms in strata with one of five answers to a question, in one of four groups of each break."""
    rng = np.random.default_rng(SEED)
    columns = {"q": rng.integers(1, 6, FIRMS)}
    columns |= {f"b{i}": rng.integers(1, 5, FIRMS) for i in range(BREAKS)}
    questions = [
        Question(name, "single", (name,), choices=tuple(Choice(str(c + 1)) for c in range(5 - (name != "q"))))
        for name in columns
    ]
    columns |= {
        "h": rng.integers(0, STRATA, FIRMS),
        "w": rng.uniform(1, 5, FIRMS),
        "N": np.full(FIRMS, 30_000),
    }
    frame = pd.DataFrame(columns)
    return Wave("made up", frame, Codebook(tuple(questions)), Origin("made up", "", "csv", "", FIRMS))


def creation(wave: Wave, method: str, replicates: int) -> float:
    """Processor seconds of making the weights from a checked design."""
    known = () if method == "subbootstrap" else ("N",)
    design = Design(weight="w", strata=("h",), population=known, create=Creation(method, replicates, SEED))
    frame = design_frame(wave, Design(weight="w", strata=("h",), population=known), ids=False)
    start = time.process_time()
    create_replicates(frame, design, np.random.default_rng(SEED))
    return time.process_time() - start


def question(wave: Wave, rounds: int) -> tuple[float, float]:
    """Processor seconds of one question by all breaks after creation: its errors, and the whole table."""
    design = Design(weight="w", strata=("h",), create=Creation("subbootstrap", REPLICATES, SEED))
    breaks = [f"b{i}" for i in range(BREAKS)]
    layout, items = lay_out(wave, design, breaks), items_of(wave, ["q"], "answered")
    cells, tables = [], []
    for _ in range(rounds):
        start = time.process_time()
        blocks_of(items, layout, None)
        cells.append(time.process_time() - start)
        arrays_of(wave, design)  # compiled already
        start = time.process_time()
        banner(wave, design, ["q"], breaks)
        tables.append(time.process_time() - start)
    return statistics.median(cells), statistics.median(tables)


def theirs(wave: Wave, replicates: int, breaks: int) -> tuple[float, float, str]:
    """Processor seconds of R for both tasks, and the version of its package."""
    with tempfile.TemporaryDirectory() as folder:
        wave.frame.to_csv(f"{folder}/table.csv", index=False, float_format="%.17g")
        script = str(Path(__file__).with_name("replicates.R"))
        done = subprocess.run(
            ["Rscript", script, f"{folder}/table.csv", str(replicates), str(breaks)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    made, asked, version = done.stdout.split()
    return float(made), float(asked), version


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound is broken, 2 where R is not there."""
    if not of_r("survey"):
        print("R with its package survey is not installed: nothing to compare with", file=sys.stderr)
        return 2
    quick = "--quick" in words
    wave = wave_of()
    replicates, breaks = (20, 1) if quick else (REPLICATES, BREAKS)
    creation(wave, "subbootstrap", replicates)  # warms up
    before = [creation(wave, "subbootstrap", replicates) for _ in range(3)]
    made, asked, version = theirs(wave, replicates, breaks)
    mine = statistics.median(before + [creation(wave, "subbootstrap", replicates) for _ in range(2)])
    cells, table = question(wave, 3 if quick else 5)
    size = f"{FIRMS:,} firms in {STRATA} strata"
    rows = [
        Row(
            f"{replicates} replicates of {size} (subbootstrap)", mine, "cpu s", f"R survey {version}", made,
            f"{TIMES:g} times as fast", made >= TIMES * mine, "median of 5 around one run of R, one thread",
        ),
        Row(
            f"{REPLICATES} replicates of {size} (rao-wu, with correction)",
            statistics.median(creation(wave, "rao-wu", REPLICATES) for _ in range(3)), "cpu s",
            how="R has no such form",
        ),
        Row(
            f"one question by {BREAKS} breaks under {REPLICATES} replicates, after creation", table, "cpu s",
            f"R survey {version} svyby, {replicates} replicates, {breaks} break(s)", asked,
            f"under {MOST:g} s", table < MOST, "the whole table with its intervals, one thread",
        ),
        Row("of that, estimates and errors of 165 cells", cells, "cpu s"),
    ]  # fmt: skip
    return store("replicates", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
