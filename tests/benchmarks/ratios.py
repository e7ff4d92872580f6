"""A few small works beside what others need for the same, held to half of the ratios that are kept.

    python -m tests.benchmarks.ratios [--keep]

Each pair is done in turns in one process of one thread, one warm-up left aside; processor seconds, median of
five ratios, theirs over ours. Ends with 1 where a ratio is under half of that in ratios.json, where a pair is
kept there that cannot be measured in CI, or where the two answers are apart; --keep writes that file anew.
"""

# ruff: noqa: E402
import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_threads] = "1"  # before numpy and polars are there

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat

from analysis.pressure.firth import fit_firth
from analysis.supply.network import network_of
from survey import Design, read_wave
from tests.benchmarks import amounts, depth, firth, reading
from tests.benchmarks.rows import FOLDER, Row, machine, show, store

__all__ = ["main"]

KEPT = Path(__file__).with_suffix(".json")
TURNS, SLACK, CLOSE = 5, 2.0, 1e-6
Work = Callable[[], Any]


def means() -> tuple[Work, Work]:
    """Mean, total and ratio of 100,000 firms in strata, beside svy."""
    import polars

    wave = amounts.wave_of()
    table = polars.from_pandas(wave.frame)
    design = Design(weight="w", strata=("h",))
    return lambda: amounts.ours(wave, design), lambda: amounts.theirs(table, {"stratum": "h", "wgt": "w"})


def tiers() -> tuple[Work, Work]:
    """Five tiers of 100,000 firms, beside a bare product of scipy that neither stops at seeds nor bounds."""
    sites = depth.sites_for(100_000, 1_000_000)
    network = network_of(sites)
    seeds = (sites.country[:, None] == np.arange(depth.SEEDS)).astype(float)
    return lambda: depth.ours(network, seeds, depth.TIERS), lambda: depth.bare(network.shares, seeds)


def penalised() -> tuple[Work, Work]:
    """Firth fits of 96 firms and six slopes, beside firthmodels."""
    from firthmodels import FirthLogisticRegression

    X, y = firth.firms()

    def theirs() -> np.ndarray:
        for _ in range(20):
            peer = FirthLogisticRegression(backend="numpy", gtol=1e-8, xtol=1e-8, max_iter=500)
            peer.fit(X[:, 1:], y)
        return np.r_[peer.intercept_, np.ravel(peer.coef_)]

    def ours() -> np.ndarray:
        for _ in range(20):
            fit = fit_firth(X, y)
        return fit.coefficients

    return ours, theirs


def sheet(path: Path) -> tuple[Work, Work]:
    """A .sav of 20,000 firms and 100 columns with codebook and checks, beside bare pyreadstat."""
    reading.write_large(path, reading.CHUNK)
    return (
        lambda: read_wave(path).frame["amount0"].to_numpy(),
        lambda: pyreadstat.read_sav(path)[0]["amount0"].to_numpy(),
    )


def pairs(folder: Path) -> Iterator[tuple[str, str, Work, Work, bool]]:
    """Name, what stands beside it, both works, and whether both give the same numbers."""
    if find_spec("svy"):
        yield "mean, total, ratio of 100,000 firms", "svy", *means(), True
    yield "look-through, 100,000 firms, five tiers", "scipy", *tiers(), False
    if find_spec("firthmodels"):
        yield "Firth, 96 firms, six slopes, 20 fits", "firthmodels", *penalised(), True
    yield "a .sav of 20,000 firms by 100", "pyreadstat", *sheet(folder / "made.sav"), True


def in_turns(ours: Work, theirs: Work, *, same: bool) -> tuple[float, float, float]:
    """Median seconds of both and median ratio; nan for a ratio where their numbers are apart."""
    spent = []
    for _ in range(TURNS + 1):
        start = time.process_time()
        mine = ours()
        between = time.process_time()
        other = theirs()
        spent.append((between - start, time.process_time() - between))
    a, b = (statistics.median(side) for side in zip(*spent[1:], strict=True))
    if same and not np.allclose(mine, other, rtol=CLOSE, atol=CLOSE, equal_nan=True):
        return a, b, float("nan")
    return a, b, statistics.median(two / one for one, two in spent[1:])


def main(words: list[str]) -> int:
    """Measure, print and judge; with --keep, keep instead."""
    if set(words) - {"--keep"}:
        print(__doc__, file=sys.stderr)
        return 2
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["ratios"] if KEPT.exists() else {}
    rows, found = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for name, peer, ours, theirs, same in pairs(Path(folder)):
            mine, other, ratio = in_turns(ours, theirs, same=same)
            found[name] = round(ratio, 3)
            least = kept.get(name, 0.0) / SLACK
            rows.append(
                Row(
                    name,
                    mine,
                    "cpu s",
                    f"{peer} {version(peer)}",
                    other,
                    f"ratio over {least:.3g}",
                    bool(ratio >= least),
                    "numbers apart" if np.isnan(ratio) else f"median of {TURNS} in turns: {ratio:.3g}",
                )
            )
    if FOLDER in os.environ:
        store("ratios", rows)  # `make bench` gathers it
    else:
        print(show(rows), flush=True)
    if "--keep" in words:
        text = json.dumps({**machine(), "ratios": found}, indent=1) + "\n"
        new = KEPT.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(KEPT)
        print(f"Kept in {KEPT.name}")
        return 0
    missing = [name for name in kept if name not in found]
    for name in missing:
        print(
            f"{name}: kept in {KEPT.name}, and not measured: install what stands beside it", file=sys.stderr
        )
    new_ones = [name for name in found if name not in kept]
    for name in new_ones:
        print(f"{name}: not in {KEPT.name}; run with --keep on a quiet machine", file=sys.stderr)
    lacks = bool(missing) and os.environ.get("CI", "").lower() in ("1", "true", "yes")
    return int(lacks or bool(new_ones) or not all(row.is_kept for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
