"""A banner book of 60 questions by 8 breaks with all pairs of groups tested, in turns with R `survey`.

Run: python -m tests.benchmarks.banner [--quick]. Processor seconds, one thread each; the quick run is of
1,000 firms only. A million firms are ours alone: R would need over half an hour.
"""

# ruff: noqa: E402
import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # before numpy is there

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import Comparison, banner_book
from survey import Choice, Codebook, Design, Origin, Question, Wave
from tests.benchmarks.peers import of_r
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

QUESTIONS, BREAKS, OPTIONS, GROUPS, SEED = 60, 8, 5, 4, 20211215
CLOSE = 1e-9
BOUNDS = {1_000: (0.4, 20.0), 100_000: (2.0, 150.0)}
MILLION, GROWTH, MEMORY = 1_000_000, 11.0, 4096.0


def wave_of(firms: int) -> Wave:
    """Firms with one of five answers to each question, in one of four groups of each break."""
    rng = np.random.default_rng(SEED)
    columns = {f"q{i}": rng.integers(1, OPTIONS + 1, firms) for i in range(QUESTIONS)}
    columns |= {f"b{i}": rng.integers(1, GROUPS + 1, firms) for i in range(BREAKS)}
    questions = [
        Question(name, "single", (name,), choices=tuple(Choice(str(c + 1)) for c in range(many)))
        for name, many in [(n, OPTIONS if n.startswith("q") else GROUPS) for n in columns]
    ]
    columns["w"] = rng.uniform(1, 3, firms)
    questions.append(Question("w", "number", ("w",), role="weight"))
    frame = pd.DataFrame(columns)
    return Wave("made up", frame, Codebook(tuple(questions)), Origin("made up", "", "csv", "", firms))


def ours(wave: Wave) -> tuple[float, pd.DataFrame]:
    """Processor seconds of the book and its table of pairs, and that table."""
    start = time.process_time()
    questions = [f"q{i}" for i in range(QUESTIONS)]
    breaks = [f"b{i}" for i in range(BREAKS)]
    book = banner_book(wave, Design(weight="w"), questions, breaks, comparison=Comparison())
    pairs = book.pairs()
    return time.process_time() - start, pairs


def theirs(wave: Wave, folder: Path) -> tuple[float, np.ndarray, str]:
    """Processor seconds of R, its differences with their errors, the version of its package."""
    wave.frame.to_csv(folder / "table.csv", index=False, float_format="%.17g")
    done = subprocess.run(
        ["Rscript", str(Path(__file__).with_name("banner.R")), "table.csv", "out.csv"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    _, spent, version = done.stdout.split()
    return float(spent), np.loadtxt(folder / "out.csv"), version


def apart(pairs: pd.DataFrame, found: np.ndarray) -> float:
    """Largest relative distance of our differences and errors from those of R."""
    order = pairs.assign(at=pairs["by"].str[1:].astype(int), q=pairs["question"].str[1:].astype(int))
    mine = order.sort_values(["q", "at"], kind="stable")[["estimate", "se"]].to_numpy()
    scale = np.maximum(np.abs(found[:, :2]), found[:, 1:2])
    return float((np.abs(mine - found[:, :2]) / scale).max())


def beside_r(firms: int, rounds: int) -> Row:
    """Medians in turns with R."""
    wave = wave_of(firms)
    most, times = BOUNDS[firms]
    mine, other = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            spent, pairs = ours(wave)
            again, _ = ours(wave)
            mine.append(min(spent, again))
            spent, found, version = theirs(wave, Path(folder))
            other.append(spent)
    far = apart(pairs, found)
    ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
    return Row(
        f"{QUESTIONS} questions x {BREAKS} breaks, {len(pairs):,} pairs tested, n = {firms:,}",
        statistics.median(mine), "cpu s", f"R survey {version} svyby and vcov", statistics.median(other),
        f"under {most:g} s, {times:g} times as fast, within {CLOSE:g}",
        statistics.median(mine) < most and ratio >= times and far <= CLOSE,
        f"median of {rounds} in turns, one thread each; differences and errors {far:.1g} apart at most",
    )  # fmt: skip


def growth() -> list[Row]:
    """A million firms in a process of its own: processor seconds and peak memory."""
    said = {}
    for firms in (100_000, MILLION):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.banner", "--once", str(firms)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        said[firms] = [float(word) for word in done.stdout.split()]
    (small, _), (large, peak) = said[100_000], said[MILLION]
    what = f"{QUESTIONS} questions x {BREAKS} breaks, n = {MILLION:,}"
    bound = f"at most {GROWTH:g} times that of a tenth of it"
    return [
        Row(what, large, "cpu s", "ours, n = 100,000", small, bound, large <= GROWTH * small),
        Row(what, peak, "MiB", bound=f"under {MEMORY:g}", is_kept=peak < MEMORY, how="whole process"),
    ]


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound is broken, 2 where R is not there."""
    if "--once" in words:
        spent, _ = ours(wave_of(int(words[-1])))
        print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    if not of_r("survey"):
        print("R with its package survey is not installed: nothing to compare with", file=sys.stderr)
        return 2
    rows = [beside_r(1_000, 1 if "--quick" in words else 3)]
    if "--quick" not in words:
        rows += [beside_r(100_000, 1), *growth()]
    return store("banner", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
