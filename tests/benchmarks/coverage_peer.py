"""The widest cell of the coverage trial, sample by sample beside R `survey`: whose interval is too wide?

Run: python -m tests.benchmarks.coverage_peer [--quick]. Ten of thirty groups, four of the ten firms in each,
share 50 percent: of the cells with n p(1-p) of ten the one where more than 97 percent of intervals hold the
truth. The same samples go to `svyciprop(method = "beta")`: Korn and Graubard (1998) as R has it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.coverage import SEED, limits_of, two_stages
from tests.benchmarks.peers import of_r
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FIRMS, SHARE, SAMPLES, QUICK = 40, 0.5, 5_000, 500


def main(words: list[str]) -> int:
    """Draw, let both compute, print and store; 1 where the two differ, 2 where R is not there."""
    if not of_r("survey"):
        print("R with its package survey is not installed: nothing to compare with", file=sys.stderr)
        return 2
    many = QUICK if "--quick" in words else SAMPLES
    arrays, y, truth = two_stages(FIRMS, SHARE, many, np.random.default_rng([SEED, 4, 0, 5]))
    ours = limits_of(arrays, y)
    with tempfile.TemporaryDirectory() as folder:
        pd.DataFrame(y.astype(int)).to_csv(f"{folder}/table.csv", index=False)
        script = str(Path(__file__).with_name("coverage_peer.R"))
        subprocess.run(["Rscript", script, f"{folder}/table.csv", f"{folder}/limits.csv"], check=True)
        theirs = pd.read_csv(f"{folder}/limits.csv")
    apart = np.maximum(np.abs(ours.low - theirs["low"]), np.abs(ours.high - theirs["high"]))
    plain = ~np.char.endswith(ours.method.astype(str), "truncated")
    version = f"R survey {theirs['version'].iloc[0]} svyciprop beta"
    held = float(((ours.low <= truth) & (truth <= ours.high)).mean())
    peer = float(((theirs["low"] <= truth) & (truth <= theirs["high"])).mean())
    size = f"{many:,} samples of {FIRMS} firms, four of ten in ten of thirty groups, share {SHARE:.0%}"
    rows = [
        Row(f"coverage, {size}", held, "share", version, peer, how="the same samples"),
        Row("largest difference of a limit, where the variance is not truncated", float(apart[plain].max()),
            "share", bound="under 1e-9", is_kept=bool(apart[plain].max() < 1e-9),
            how=f"{plain.sum():,} of {many:,} samples"),
    ]  # fmt: skip
    return store("coverage_peer", rows, seed=SEED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
