"""Protecting linked tables: 60 questions by 5 breaks, 1,000 tables of 200 cells, beside the hypercube.

Run: python -m tests.benchmarks.disclosure [--quick]. The engine of tau-ARGUS that can be installed has no
hypercube (what it has stands beside ours in tests.benchmarks.handbook): that heuristic (Giessing and
Repsilber, 2002) is written out here for tables of two axes.
"""

import resource
import sys
import time

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.bounding import is_wide, ranges_of
from analysis.disclosure.concentration import Concentration
from analysis.disclosure.linked import Axis, Linked
from analysis.disclosure.problems import amount_tables, count_tables
from analysis.disclosure.suppressing import suppress
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

SEED, FLOOR = 20211215, 5
RULE = Concentration(p=12)


def axis(rng: np.random.Generator, name: str, firms: int, many: int) -> Axis:
    """A question of one answer a firm, answers of unequal popularity."""
    named = tuple(f"{name}{k}" for k in range(many))
    codes = rng.choice(many, p=rng.dirichlet(np.full(many, 4.0)), size=firms)
    return Axis(name, named, codes[:, None] == np.arange(many), (("", named),))


def questions(
    rng: np.random.Generator, many: int, firms: int, options: int, groups: tuple[int, ...]
) -> list[Linked]:
    """Each question by all breaks: tables linked by the answers of all firms."""
    breaks = [axis(rng, f"b{k}", firms, size) for k, size in enumerate(groups)]
    asked = [axis(rng, "q", firms, options) for _ in range(many)]
    return [count_tables([[question, other] for other in breaks], FLOOR) for question in asked]


def protected(tables: list[Linked]) -> tuple[float, float, int, int, int]:
    """Clock and processor seconds, cells, hidden cells, and sets that were not solved exactly."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = [suppress(linked) for linked in tables]
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    cells = sum(len(linked.value) for linked in tables)
    return clock, cpu, cells, sum(int(f.hide.sum()) for f in found), sum(f.method != "exact" for f in found)


def hypercube(linked: Linked, rows: int, columns: int) -> NDArray[np.bool_]:
    """The heuristic of tau-ARGUS for two axes: the cheapest rectangle each unsafe cell is a corner of.

    Only rectangles along which the cell can move by its protection level, where there are any.
    """
    at = np.array(
        [
            [linked.keys.place(*([("r", f"r{i}")] * (i < rows)), *([("c", f"c{j}")] * (j < columns)))
             for j in range(columns + 1)]
            for i in range(rows + 1)
        ]
    )  # fmt: skip
    hide = linked.primary.copy()
    for cell in np.flatnonzero(linked.primary):
        i, j = (int(part[0]) for part in np.nonzero(at == cell))
        price = np.where(hide, 0.0, linked.cost)[at]
        free = (linked.value[at] > 0) & ~linked.fixed[at]
        total = price[i][None, :] + price[:, j][:, None] + price
        is_open = free & free[i][None, :] & free[:, j][:, None]
        is_open[i], is_open[:, j] = False, False
        far = np.minimum(linked.value[at][i][None, :], linked.value[at][:, j][:, None]) >= linked.up[cell]
        far &= linked.value[at] >= linked.down[cell]
        is_open = is_open & far if (is_open & far).any() else is_open
        other = np.unravel_index(np.argmin(np.where(is_open, total, np.inf)), total.shape)
        hide[[at[i, other[1]], at[other[0], j], at[other]]] = True
    return hide


def against_hypercube(rng: np.random.Generator, many: int) -> Row:
    """Cells hidden in tables of amounts at cost 1 a cell, and whether ours keeps every protection level."""
    ours = theirs = 0
    safe = True
    for _ in range(many):
        firms = 400
        axes = [axis(rng, "r", firms, 9), axis(rng, "c", firms, 9)]
        linked, _ = amount_tables([axes], rng.lognormal(3, 1.4, firms), RULE, cost="cells")
        found = suppress(linked)
        ours += int(found.hide.sum())
        theirs += int(hypercube(linked, 9, 9).sum())
        safe &= found.method == "exact" and bool(is_wide(linked, ranges_of(linked, found.hide)).all())
    return Row(
        f"{many} tables of amounts of 100 cells, cells hidden", ours, "cells", "hypercube", theirs,
        "no more, all levels kept", safe and ours <= theirs, "p% rule, cost 1 a cell",
    )  # fmt: skip


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound is missed."""
    rng = np.random.default_rng(SEED)
    part = 10 if "--quick" in words else 1
    rows = []
    for what, sets, bound in (
        (
            "60 questions of 6 answers by 5 breaks, 100 firms",
            questions(rng, 60 // part, 100, 6, (8, 6, 5, 4, 10)),
            30.0,
        ),
        (
            "1,000 tables of 200 cells, linked by fives, 400 firms",
            questions(rng, 200 // part, 400, 9, (19,) * 5),
            300.0,
        ),
        (
            "1,000 tables of 200 cells, linked by fives, 1,500 firms",
            questions(rng, 200 // part, 1500, 9, (19,) * 5),
            300.0,
        ),
        ("a table of three axes, 10 x 10 x 10, 3,000 firms", cubes(rng), 0.0),
    ):
        clock, cpu, cells, hidden, rough = protected(sets)
        how = f"{clock:.1f} s by the clock; {hidden} of {cells} cells hidden; {rough} sets by the heuristic"
        said = f"at most {bound:g} s, all exact" if bound else ""
        rows.append(Row(what, cpu, "cpu s", "", None, said, not bound or (cpu <= bound and not rough), how))
    rows.append(against_hypercube(rng, 20 // part))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(Row("greatest memory of all this", memory, "MiB"))
    return store("disclosure", rows)


def cubes(rng: np.random.Generator) -> list[Linked]:
    """One table of three axes."""
    return [count_tables([[axis(rng, name, 3000, 9) for name in ("q", "b", "c")]], FLOOR)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
