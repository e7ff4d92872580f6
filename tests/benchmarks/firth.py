"""One Firth fit of six slopes on 96 firms with profile limits of all of them, in turns with R brglm2.

Run: python -m tests.benchmarks.firth [--quick]. R fits with brglm2 and finds each limit by `uniroot` over
refits with an offset (logistf and profileModel are not to be had here; a coefficient held by an offset drops
its column from the determinant of the refit, so R's limits are near ours, not equal). Processor time of one
thread, medians.
"""

import os

THREADS = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ.update(THREADS)

import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from analysis.pressure.firth import fit_firth  # noqa: E402
from analysis.pressure.jeffreys import logits  # noqa: E402
from analysis.pressure.limits import profile_limits  # noqa: E402
from tests.benchmarks.peers import of_r  # noqa: E402
from tests.benchmarks.rows import Row, store  # noqa: E402

__all__ = ["main"]

FIRMS, SLOPES, LEVEL, MOST, RATIO = 96, 6, 0.90, 0.005, 3.0
SCRIPT = Path(__file__).with_suffix(".R")


def firms() -> tuple[np.ndarray, np.ndarray]:
    """Ones and six indicators, and who had to choose: about a quarter."""
    rng = np.random.default_rng(20211215)
    X = np.c_[np.ones(FIRMS), rng.normal(size=(FIRMS, SLOPES))]
    return X, (rng.random(FIRMS) < 1 / (1 + np.exp(1.2 - X[:, 1]))).astype(float)


def ours(X: np.ndarray, y: np.ndarray, times: int) -> tuple[float, np.ndarray]:
    """Processor seconds of one fit with limits, and coefficients, low, high."""
    units = np.eye(1 + SLOPES)[1:]
    start = time.process_time()
    for _ in range(times):
        fit = fit_firth(X, y)
        low, high = profile_limits(
            logits(X, y), fit.coefficients, fit.covariance, fit.penalised, units, LEVEL
        )
    return (time.process_time() - start) / times, np.c_[fit.coefficients[1:], low, high]


def theirs(X: np.ndarray, y: np.ndarray, times: int) -> tuple[float, np.ndarray, str]:
    """The same of R, with its version."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savetxt(folder / "table.csv", np.c_[y, X[:, 1:]], delimiter=",", fmt="%.17g")
        words = [str(folder / "table.csv"), str(folder / "out.csv"), str(times), str(LEVEL)]
        done = subprocess.run(
            ["Rscript", str(SCRIPT), *words],
            env={**os.environ, **THREADS},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, version = done.stdout.split()
        return float(seconds), np.loadtxt(folder / "out.csv", delimiter=","), version


def main(rounds: int = 5, times: int = 50) -> int:
    """Measure in turns, print and store; 1 where a bound is broken, 2 where R is not there."""
    if not of_r("brglm2"):
        print("R with its package brglm2 is not installed: nothing to compare with", file=sys.stderr)
        return 2
    X, y = firms()
    mine, other = [], []
    ours(X, y, 3)
    for _ in range(rounds):
        seconds, found = ours(X, y, times)
        mine.append(seconds)
        seconds, wanted, version = theirs(X, y, 2)
        other.append(seconds)
    ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
    spent = statistics.median(mine)
    off = float(np.abs(found[:, 0] - wanted[:, 0]).max())
    apart = float(np.abs(found[:, 1:] - wanted[:, 1:]).max())
    rows = [
        Row(
            f"Firth fit and profile limits of {SLOPES} slopes, {FIRMS} firms",
            spent, "cpu s", f"R brglm2 {version}, limits by uniroot", statistics.median(other),
            f"under {MOST * 1000:g} ms, {RATIO:g} times as fast, slopes within 1e-6",
            ratio >= RATIO and spent < MOST and off < 1e-6,
            f"median of {rounds} in turns, one thread; slopes {off:.1g} apart, limits {apart:.1g}",
        )
    ]  # fmt: skip
    return store("firth", rows, ratio=ratio, slopes_apart=off, limits_apart=apart)


if __name__ == "__main__":
    sys.exit(main(1, 20) if "--quick" in sys.argv else main())
