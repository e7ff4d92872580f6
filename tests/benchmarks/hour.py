"""An hour by the clock of fifty readers who think a while between two steps: what a worker holds then.

Run: python -m tests.benchmarks.hour [--quick] [--release FOLDER] [--seconds S]. Every minute the memory of
each worker is printed, so that a growth without end would be seen. A quick run lasts a minute.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.crowd import children_of, memory_of, read_along, served, steps_of
from tests.benchmarks.rows import Row, store
from tests.benchmarks.serving import MEMORY_BOUND, USERS, WORKERS
from tests.benchmarks.wide import write_wide

__all__ = ["main"]

THINKS = (10.0, 30.0)
"""Seconds between two steps of a reader."""


def watched(parent: int, until: threading.Event) -> list[tuple[float, float]]:
    """Minutes since the beginning and megabytes of the larger worker, once a minute, printed as they come."""
    began, seen = time.monotonic(), []
    while not until.wait(60.0):
        held = [memory_of(worker) for worker in children_of(parent)]
        seen.append(((time.monotonic() - began) / 60, max(whole for whole, _ in held)))
        words = ", ".join(f"{whole:.0f} MB (own part {own:.0f})" for whole, own in held)
        print(f"minute {seen[-1][0]:.0f}: {words}", flush=True)
    return seen


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a minute")
    parser.add_argument("--release", metavar="FOLDER", help="Release to serve (default: 5,000 made-up firms)")
    parser.add_argument("--seconds", type=float, default=3600.0, help="how long (default 3600)")
    args = parser.parse_args(words)
    seconds = 60.0 if args.quick else args.seconds
    with tempfile.TemporaryDirectory() as folder:
        made = Path(args.release or write_wide(Path(folder) / "internal"))
        with served(made, WORKERS) as (port, parent):
            began = max(memory_of(worker) for worker in children_of(parent))
            over, seen = threading.Event(), []
            watch = threading.Thread(target=lambda: seen.extend(watched(parent, over)))
            watch.start()
            took, wrong = read_along(port, steps_of(made), USERS, seconds, THINKS)
            over.set()
            watch.join()
            held = max(memory_of(worker) for worker in children_of(parent))
    middle, most = np.quantile(took, [0.5, 0.95])
    how = f"resident, what it shares counted in; its own part {held[1]:.0f} MB; at first {began[0]:.0f} MB"
    how += "".join(f", after {at:.0f} minutes {whole:.0f}" for at, whole in seen[9::10])
    how += f"; {len(took)} answers, median {middle:.3f} s, p95 {most:.3f} s; "
    how += f"errors: {len(wrong)} {'; '.join(sorted(set(wrong))[:3])}"
    row = Row(
        f"memory of the larger of {WORKERS} workers after {seconds / 60:.0f} minutes of {USERS} readers",
        held[0],
        "MB",
        bound=f"under {MEMORY_BOUND:g} MB, no error",
        is_kept=held[0] < MEMORY_BOUND and not wrong,
        how=how,
    )
    return store("hour", [row])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
