"""How long the server takes over what page Pressure asks of it: python -m tests.benchmarks.firm_rows."""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dashboard.pages.comparison import compare_firms
from dashboard.pages.drawer import show_drawer
from dashboard.pages.grid import rows_asked, shown_words
from dashboard.pages.what_if import what_if_result
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.turned import turned_for
from tests.dashboard.made_up import write_made_up

__all__ = ["main"]

_BOUND = 0.100
"""Seconds in which a filter answers, 95 times in 100, with 5,000 firms."""


def _timed(shelf: Shelf, many: int, rng: np.random.Generator) -> dict[str, list[float]]:
    firms = shelf.firms["firm"].astype(str).to_numpy()
    words = ["", "7", "made-up 1", "架空", "zz", "T00"]
    took: dict[str, list[float]] = {}

    def one(name: str, do: Callable[[], object]) -> None:
        before = time.perf_counter(), time.process_time()
        do()
        took.setdefault(name, []).append(time.perf_counter() - before[0])
        took.setdefault(f"{name}, cpu", []).append(time.process_time() - before[1])

    for _ in range(many):
        view = View(q=str(rng.choice(words)), sector=str(rng.choice(["", "a", "b"])))
        asked = {
            "startRow": int(rng.integers(0, 40)) * 100,
            "sortModel": [{"colId": str(rng.choice(["us", "squeeze", "name"])), "sort": "desc"}],
        }
        asked["endRow"] = asked["startRow"] + 100
        one("filter", lambda v=view, a=asked: (rows_asked(shelf, v, a), shown_words(shelf, v)))
        firm = str(rng.choice(firms))
        one("drawer", lambda f=firm: show_drawer(shelf, View(firm=f)))
        compare = tuple(str(f) for f in rng.choice(firms, 15, replace=False))
        one("compare", lambda c=compare: compare_firms(shelf, View(compare=c)))
        found = turned_for(shelf, View(firm=firm))
        flow = str(found.flows["flow"].iloc[0]) if found is not None else ""
        turned = View(firm=firm, flow=flow, substitutability="0.5", dormant="0.5")
        one("what if", lambda v=turned: what_if_result(shelf, v))
    return took


def main() -> None:
    """Write a Release of made-up firms, ask for rows, drawers, comparisons and what-ifs, print the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--firms", type=int, default=5000)
    parser.add_argument("--asked", type=int, default=100)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = time.perf_counter()
        shelf = open_shelf(write_made_up(Path(folder) / "internal", many=args.firms))
        _timed(shelf, 1, np.random.default_rng(0))
        print(
            f"{args.firms:,} firms; written, read and looked up once in {time.perf_counter() - before:.1f} s"
        )
        for name, times in _timed(shelf, args.asked, np.random.default_rng(1)).items():
            middle, most = np.quantile(times, [0.5, 0.95])
            told = "" if name != "filter, cpu" else f"  (bound {_BOUND * 1000:g} ms)"
            print(f"{name:16} median {middle * 1000:7.1f} ms   p95 {most * 1000:7.1f} ms{told}")


if __name__ == "__main__":
    main()
