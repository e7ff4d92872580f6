"""A logit refitted to 500 sets of replicate weights, in turns with R svyglm: processor time of one thread.

Run: python -m tests.benchmarks.models [--quick]. Also one-step refits with their error, and 100,000 firms.
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
import pandas as pd  # noqa: E402

from analysis import Fit, fit  # noqa: E402
from survey import Choice, Codebook, Design, Origin, Question, Wave  # noqa: E402
from tests.benchmarks.peers import of_r  # noqa: E402
from tests.benchmarks.rows import Row, store  # noqa: E402

__all__ = ["main"]

FIRMS, REPLICATES, SEED, BOUND, CLOSE = 10_000, 500, 20211215, 4.0, 1e-6
PREDICTORS = ("size", "sector", "region")
DESIGN = Design(weight="w", replicates=("b*",), method="bootstrap")


def firms(many: int, replicates: int) -> Wave:
    """Firms with a yes or no that depends on a number, five sectors and eight regions; bootstrap weights."""
    rng = np.random.default_rng(SEED)
    sector, region = rng.integers(1, 6, many), rng.integers(1, 9, many)
    size, weight = rng.normal(0, 1, many), rng.uniform(1, 5, many)
    pull = 0.4 * size + 0.3 * np.sin(sector) - 0.2 * np.cos(region) - 1
    table = pd.DataFrame(
        {
            "y": (rng.random(many) < 1 / (1 + np.exp(-pull))).astype(int),
            "size": size,
            "sector": sector,
            "region": region,
            "w": weight,
        }
    )
    draws = rng.multinomial(many - 1, np.full(many, 1 / many), size=replicates).T * (many / (many - 1))
    columns = pd.DataFrame(draws * weight[:, None], columns=[f"b{r}" for r in range(replicates)])
    questions = (
        Question("y", "binary", ("y",), choices=(Choice("0"), Choice("1")), counted="1"),
        Question("size", "number", ("size",)),
        *(
            Question(name, "single", (name,), choices=tuple(Choice(str(c)) for c in range(1, top)))
            for name, top in (("sector", 6), ("region", 9))
        ),
    )
    origin = Origin("made", "", "csv", "", many)
    return Wave("made", pd.concat([table, columns], axis=1), Codebook(questions), origin)


def ours(wave: Wave, refits: str = "exact") -> tuple[float, Fit]:
    """Processor seconds of one fit, design compiled and all, and the fit."""
    start = time.process_time()
    found = fit(wave, DESIGN, "y", PREDICTORS, family="logit", refits=refits)
    return time.process_time() - start, found


def theirs(folder: Path, wave: Wave, replicates: int) -> tuple[float, np.ndarray, str]:
    """Processor seconds of svyglm, its coefficients and errors, its version."""
    wave.frame[["y", *PREDICTORS, "w"]].to_csv(folder / "table.csv", index=False, float_format="%.17g")
    weights = wave.frame[[f"b{r}" for r in range(replicates)]].to_numpy(dtype=float)
    (folder / "weights.bin").write_bytes(weights.tobytes(order="F"))
    words = [str(folder / "table.csv"), str(folder / "weights.bin"), str(replicates), str(folder / "out.csv")]
    done = subprocess.run(
        ["Rscript", str(Path(__file__).with_name("models.R")), *words],
        env={**os.environ, **THREADS},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, version = done.stdout.split()
    return float(seconds), np.loadtxt(folder / "out.csv"), version


def apart(found: Fit, wanted: np.ndarray) -> float:
    """Largest relative difference of coefficients and errors."""
    rows = [e for e in found.coefficients if e.flag != "reference"]
    mine = np.array([e.estimate for e in rows] + [e.se for e in rows])
    return float(np.abs(mine / wanted - 1).max())


def main(rounds: int = 5, replicates: int = REPLICATES) -> int:
    """Measure in turns, print and store; 1 where a bound is broken, 2 where R is not there."""
    if not of_r("survey"):
        print("R with its package survey is not installed: nothing to compare with", file=sys.stderr)
        return 2
    wave, mine, other = firms(FIRMS, replicates), [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = firms(2_000, 40)
        off = apart(ours(few)[1], theirs(folder, few, 40)[1])
        for _ in range(rounds):
            seconds, found = ours(wave)
            mine.append(seconds)
            seconds, wanted, version = theirs(folder, wave, replicates)
            other.append(seconds)
    ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
    near, quick = ours(wave, "one-step")
    peer = f"R survey {version} svyglm"
    said = quick.template.flag
    rows = [
        Row(
            f"logit of 13 columns, {FIRMS:,} firms, refitted to {replicates} replicates",
            statistics.median(mine), "cpu s", peer, statistics.median(other),
            f"{BOUND:g} times as fast, within {CLOSE:g} of R with a tight epsilon",
            ratio >= BOUND and off <= CLOSE,
            f"median of {rounds} in turns, one thread; {off:.1g} apart at 40 replicates, "
            f"{apart(found, wanted):.1g} at R's usual epsilon",
        ),
        Row(f"the same, {said}", near, "cpu s", peer, statistics.median(other), how="approximate, one run"),
    ]  # fmt: skip
    if rounds > 1:
        large, _ = ours(firms(100_000, replicates))
        rows.append(Row(f"the same, 100,000 firms, {replicates} replicates", large, "cpu s", how="one run"))
    return store("models", rows, ratio=ratio, largest_relative_difference=off)


if __name__ == "__main__":
    sys.exit(main(1, 100) if "--quick" in sys.argv else main())
