"""Reading a large .sav whole, against the bare library on the same file in the same run.

    python -m tests.benchmarks.reading [--cases 1000000] [--runs 3] [--quick]

Each reading is a process of its own, in turns; medians of seconds, of processor seconds and of peak memory
are compared. Bounds: 1.3 times the processor seconds and 2.5 times the memory of `pyreadstat.read_sav`.
Figures are stored with their date.
"""

import argparse
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from survey.formats.soundness import check_dictionary
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

TOP = Path(__file__).parent.parent.parent
END = b"\xfc" + bytes(7)
"""The code that ends compressed cases."""
COLUMNS, CHUNK = 100, 20_000
MOST_SECONDS, MOST_MEMORY = 1.3, 2.5
READERS = {
    "bare": "import pyreadstat; table, _ = pyreadstat.read_sav(sys.argv[1])",
    "ours": "import survey; table = survey.read_wave(sys.argv[1]).frame",
}
"""What is compared: the library as it comes, and a Wave with its codebook, checks and checksum."""

FRAME = """
import resource, sys, time
start, busy = time.perf_counter(), time.process_time()
{reader}
assert table.shape == ({cases}, {columns}), table.shape
print(time.perf_counter() - start, time.process_time() - busy,
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def answers(cases: int, seed: int = 1) -> pd.DataFrame:
    """A wave as surveys have them: ids, 84 coded questions with missing codes, amounts, days, few words."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {"firm": [f"firm {k:09d} of the made-up population" for k in range(cases)]}
    for k in range(84):
        codes = rng.integers(1, 6, cases).astype(float)
        codes[rng.random(cases) < 0.05] = 99
        codes[rng.random(cases) < 0.03] = np.nan
        columns[f"q{k}"] = codes
    for k in range(11):
        columns[f"amount{k}"] = np.round(rng.lognormal(3, 1, cases), 2)
    for k in range(2):
        columns[f"day{k}"] = 13.8e9 + rng.integers(0, 5000, cases) * 86_400.0
    for k in range(2):
        columns[f"sector{k}"] = rng.choice(["auto", "steel", "food", "食品", ""], cases)
    return pd.DataFrame(columns)


def write_large(path: Path, cases: int) -> None:
    """A compressed .sav of so many cases: one chunk written by the library, its bytes repeated.

    The library begins each case with a new group of eight codes, so that cases stand on their own.
    """
    questions = [f"q{k}" for k in range(84)]
    labels = {1: "very bad", 2: "bad", 3: "neither", 4: "good", 5: "very good", 99: "no answer"}
    pyreadstat.write_sav(
        answers(CHUNK),
        str(path),
        row_compress=True,
        missing_ranges={name: [99] for name in questions},
        variable_value_labels=dict.fromkeys(questions, labels),
        variable_format={"day0": "DATE11", "day1": "DATE11"},
    )
    extent = check_dictionary(path)
    data = bytearray(path.read_bytes())
    struct.pack_into("<i", data, 80, cases)
    at = data.find(struct.pack("<4i", 7, 16, 8, 2))
    if 0 < at < extent.start:
        struct.pack_into("<q", data, at + 24, cases)
    with path.open("wb") as file:
        file.write(data.removesuffix(END))
        for _ in range(cases // CHUNK - 1):
            file.write(data[extent.start :].removesuffix(END))
        file.write(END)


def read_once(reader: str, path: Path, cases: int) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak MiB of one reading in a process of its own."""
    script = FRAME.format(reader=READERS[reader], cases=cases, columns=COLUMNS)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=TOP, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{reader} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    clock, busy, memory = map(float, done.stdout.split())
    return clock, busy, memory


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000, help=f"a multiple of {CHUNK:,}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="100,000 cases, once")
    args = parser.parse_args(words)
    if args.quick:
        args.cases, args.runs = 100_000, 1
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.sav"
        write_large(path, args.cases)
        size = path.stat().st_size
        for _ in range(args.runs):
            for name, runs in found.items():
                runs.append(read_once(name, path, args.cases))
                print(name, *(f"{number:.1f}" for number in runs[-1]), flush=True)
    middle = {
        name: [statistics.median(run[k] for run in runs) for k in range(3)] for name, runs in found.items()
    }
    ratio = [ours / bare for ours, bare in zip(middle["ours"], middle["bare"], strict=True)]
    what, peer = f"reading a .sav of {args.cases:,} x {COLUMNS}", f"pyreadstat {pyreadstat.__version__} alone"
    ours, bare = middle["ours"], middle["bare"]
    how = f"median of {args.runs} in turns, {size / 2**20:.0f} MiB"
    rows = [
        Row(what, ours[0], "s", peer, bare[0], how=how),
        Row(what, ours[1], "cpu s", peer, bare[1], f"{MOST_SECONDS:g} times", ratio[1] <= MOST_SECONDS, how),
        Row(what, ours[2], "MiB", peer, bare[2], f"{MOST_MEMORY:g} times", ratio[2] <= MOST_MEMORY, how),
    ]
    return store("reading", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
