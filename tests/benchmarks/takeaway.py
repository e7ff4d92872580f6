"""What is taken away: a deck of the made-up Release, and a workbook of 60 questions by 8 breaks.

Run: python -m tests.benchmarks.takeaway
"""

import itertools
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from dashboard.export.making import make_brief
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from tests.benchmarks.rows import Row, store
from tests.dashboard.made_up import write_made_up

__all__ = ["main"]

BOUND = 10.0


def wide_book(shelf: Shelf) -> Shelf:
    """The same Release with 60 questions of 6 answers, for all firms and by 8 breaks of 5 groups."""
    first = shelf.tables["estimates"].dropna(subset=["estimate"]).iloc[[0]]
    columns = [("", ""), *itertools.product((f"b{k}" for k in range(8)), "12345")]
    cells = list(itertools.product((f"q{k}" for k in range(60)), columns, "123456"))
    rows = first.loc[first.index.repeat(len(cells))].reset_index(drop=True)
    named = pd.DataFrame([(q, by, group, option) for q, (by, group), option in cells])
    rows[["question", "by", "group", "option"]] = named.to_numpy()
    return Shelf(shelf.manifest, {**shelf.tables, "estimates": rows})


def measured(name: str, shelf: Shelf, form: str) -> Row:
    """Seconds on the clock and of the processor for one brief."""
    clock, processor = time.perf_counter(), time.process_time()
    made = make_brief(shelf, View(), form)[1]
    took, worked = time.perf_counter() - clock, time.process_time() - processor
    how = f"{len(made):,} bytes; {worked:.2f} cpu s"
    return Row(name, took, bound=f"under {BOUND:g} s", is_kept=took < BOUND, how=how)


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = open_shelf(write_made_up(Path(folder) / "internal", "internal"))
        rows = [
            measured("deck, first of a process", shelf, "pptx"),
            measured("deck", shelf, "pptx"),
            measured("workbook of 60 questions by 8 breaks", wide_book(shelf), "xlsx"),
        ]
    return store("takeaway", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
