"""Cells hidden in example tables of the handbook, beside tau-ARGUS and the hypercube, in one run.

Run: python -m tests.benchmarks.handbook [--quick]. CROSSPRESSURE_TAUARGUS names a Python that has pytauargus,
the engine of tau-ARGUS without its windows (optimal and modular; no hypercube), which is no dependency: a
virtual environment of its own. Each cell costs 1, zeros are known, primary cells and levels are the same.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.bounding import is_wide, ranges_of
from analysis.disclosure.concentration import Concentration
from analysis.disclosure.linked import Axis, Linked, cross_tables
from analysis.disclosure.problems import amount_tables
from analysis.disclosure.suppressing import suppress
from tests.benchmarks.disclosure import axis, hypercube
from tests.benchmarks.rows import Row, store

__all__ = ["Example", "examples", "main", "printed_examples"]

GIVEN = "CROSSPRESSURE_TAUARGUS"
Hidden = NDArray[np.bool_] | None
SEED, RULE = 20101, Concentration(p=12)


@dataclass(frozen=True)
class Example:
    """One table: where it is from, its axes, and what must be hidden in it."""

    source: str
    axes: tuple[Axis, ...]
    linked: Linked

    @property
    def is_plain(self) -> bool:
        """Two axes without nets: what the hypercube written out here can do."""
        return len(self.axes) == 2 and all(len(one.sums) == 1 for one in self.axes)

    def places(self) -> Iterator[tuple[list[str], int]]:
        """Codes of each cell, "Total" for all, and where it is."""
        for codes in product(*(("", *one.codes) for one in self.axes)):
            pairs = [(one.name, code) for one, code in zip(self.axes, codes, strict=True) if code]
            yield [code or "Total" for code in codes], self.linked.keys.place(*pairs)


def of_cells(source: str, table: list[Any], unsafe: list[tuple[int, ...]], level: float) -> Example:
    """A printed table without its totals; the unsafe cells need `level` above and below."""
    cells = np.array(table, dtype=float)
    where = np.array(list(np.ndindex(cells.shape)))
    axes = []
    for number, name in zip(range(cells.ndim), "rcd", strict=False):
        codes = tuple(f"{name}{k}" for k in range(cells.shape[number]))
        axes.append(Axis(name, codes, where[:, [number]] == np.arange(len(codes)), (("", codes),)))
    crossed = cross_tables([axes], cells.ravel())
    many, value = len(crossed.value), crossed.value
    primary = np.zeros(many, dtype=bool)
    for spot in unsafe:
        primary[crossed.keys.place(*[(a.name, a.codes[k]) for a, k in zip(axes, spot, strict=True)])] = True
    fixed = value == 0
    fixed[crossed.keys.place()] = True
    needed = np.where(primary, level, 0.0)
    linked = Linked(
        crossed.keys, value, crossed.relations, np.zeros(many), np.full(many, cells.sum()), np.ones(many),
        primary, fixed, needed, needed, np.minimum(needed, value),
    )  # fmt: skip
    return Example(source, tuple(axes), linked)


def printed_examples() -> list[Example]:
    """Tables printed in the Handbook (2nd ed.), and the one of the authors of the optimal method."""
    by_sex = [[38, 17], [7, 4], [3, 1]]
    by_hours = [[[30, 6, 2], [14, 3, 0]], [[3, 4, 0], [2, 2, 0]], [[2, 0, 1], [0, 0, 1]]]
    few = [(i, j, k) for i, j, k in product(range(3), range(2), range(3)) if 0 < by_hours[i][j][k] < 3]
    least = [(1, 1), (2, 0), (2, 1)]
    return [
        of_cells("Handbook 4.1, subsectors", [998, 47_600, 8_002], [(0,)], 100),
        of_cells("Handbook 5.2, marital status by sex", by_sex, [(2, 1)], 1),
        of_cells("Handbook 5.2, marital status by sex by hours", by_hours, few, 1),
        of_cells("Handbook 5.2, marital status by hours", [[6, 0], [5, 1], [2, 2]], least, 1),
        of_cells(
            "Handbook 5.2, hours by sex", [[6, 1, 8, 5, 8, 4], [10, 0, 38, 51, 42, 32]], [(0, 1)], 1
        ),
        of_cells(
            "Fischetti and Salazar-Gonzalez, activity by region",
            [[20, 50, 10], [8, 19, 22], [17, 32, 12]], [(1, 2)], 5,
        ),
    ]  # fmt: skip


def nested(rng: np.random.Generator, name: str, firms: int, nets: int, parts: int) -> Axis:
    """An axis of two levels: nets, each the sum of its parts."""
    plain = axis(rng, name, firms, nets * parts)
    heads = tuple(f"{name}n{k}" for k in range(nets))
    below = [plain.codes[k * parts : (k + 1) * parts] for k in range(nets)]
    members = np.stack([plain.members[:, k * parts : (k + 1) * parts].any(axis=1) for k in range(nets)], 1)
    sums = (("", heads), *zip(heads, below, strict=True))
    return Axis(name, (*heads, *plain.codes), np.hstack([members, plain.members]), sums)


def examples(many: int) -> list[Example]:
    """Amounts of firms under the p% rule, in shapes as in the Handbook's study (4.3), its data not public."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(many):
        firms = 300
        for source, axes in (
            ("9 x 9", (axis(rng, "r", firms, 9), axis(rng, "c", firms, 9))),
            ("3 nets of 4 by 7", (nested(rng, "r", firms, 3, 4), axis(rng, "c", firms, 7))),
            ("3 nets of 2 by 2 nets of 3", (nested(rng, "r", firms, 3, 2), nested(rng, "c", firms, 2, 3))),
            ("4 x 3 x 3", tuple(axis(rng, n, firms, k) for n, k in (("r", 4), ("c", 3), ("d", 3)))),
        ):
            linked, _unions = amount_tables([axes], np.ceil(rng.lognormal(3, 1.4, firms)), RULE, cost="cells")
            zero = linked.value == 0
            linked = replace(linked, primary=linked.primary & ~zero, fixed=linked.fixed | zero)
            found.append(Example(source, axes, linked))
    return found


def hidden_by_argus(many: list[Example], python: str) -> tuple[str, dict[str, list[Hidden]]]:
    """Version, and by method what tau-ARGUS hides in each table; None where it gave none."""
    asked = []
    for one in many:
        of, axes = one.linked, []
        for each in one.axes:
            children = [[head, list(parts)] for head, parts in each.sums if head]
            axes.append({"name": each.name, "children": children})
        cells = [
            {
                "codes": codes, "value": float(of.value[at]),
                "down": float(of.down[at]), "up": float(of.up[at]),
                "state": "U" if of.primary[at] else "P" if of.fixed[at] else "S",
            }
            for codes, at in one.places()
        ]  # fmt: skip
        asked.append({"axes": axes, "cells": cells})
    with TemporaryDirectory() as folder:
        given, out = Path(folder) / "tables.json", Path(folder) / "out.json"
        given.write_text(json.dumps(asked), encoding="utf-8")
        peer = str(Path(__file__).with_name("handbook_peer.py"))
        subprocess.run(
            [python, peer, str(given), str(out)], check=True, stdout=subprocess.DEVNULL, cwd=folder
        )
        told = json.loads(out.read_text(encoding="utf-8"))
    found: dict[str, list[Hidden]] = {}
    for one, entry in zip(many, told["tables"], strict=True):
        where = {tuple(codes): at for codes, at in one.places()}
        for method, said in entry.items():
            hide = np.zeros(len(one.linked.value), dtype=bool)
            hide[[where[tuple(codes)] for codes in said.get("hidden", [])]] = True
            found.setdefault(method, []).append(None if "fault" in said else hide)
    return f"pytauargus {told['version']}", found


def compared(
    what: str, many: list[Example], ours: list[NDArray[np.bool_]], peer: str,
    theirs: list[Hidden],
) -> Row:  # fmt: skip
    """Cells hidden over those tables that both protect, all levels kept; the rest told."""
    both, more, narrow = [], 0, 0
    for one, mine, other in zip(many, ours, theirs, strict=True):
        if other is None or not is_wide(one.linked, ranges_of(one.linked, other)).all():
            narrow += 1
            continue
        both.append((int(mine.sum()), int(other.sum())))
        more += mine.sum() > other.sum()
    mine_all, other_all = (sum(pair[k] for pair in both) for k in (0, 1))
    safe = all(is_wide(o.linked, ranges_of(o.linked, h)).all() for o, h in zip(many, ours, strict=True))
    how = f"{len(both)} of {len(many)} tables; in {narrow} it gave none or left a level unmet, we met all"
    return Row(
        f"{what}, cells hidden", mine_all, "cells", peer, other_all, "no more in any table, all levels kept",
        bool(safe and not more and both), how,
    )  # fmt: skip


def main(words: list[str]) -> int:
    """Hide, compare, print and store; 1 where we hide more or leave a level unmet, 2 without tau-ARGUS."""
    rows: list[Row] = []
    python = os.environ.get(GIVEN)
    for what, many in (
        ("6 printed examples", printed_examples()),
        ("amounts under the p% rule", examples(2 if "--quick" in words else 4)),
    ):
        start = time.process_time()
        solved = [suppress(one.linked) for one in many]
        seconds, ours = time.process_time() - start, [found.hide for found in solved]
        exact = sum(found.method == "exact" for found in solved)
        rows.append(Row(f"{what}, {len(many)} tables protected", seconds, "cpu s", how=f"{exact} exactly"))
        plain = [i for i, one in enumerate(many) if one.is_plain]
        cubes: list[Hidden] = [
            hypercube(many[i].linked, *(len(a.codes) for a in many[i].axes)) for i in plain
        ]
        rows.append(compared(what, [many[i] for i in plain], [ours[i] for i in plain], "hypercube", cubes))
        if python:
            version, found = hidden_by_argus(many, python)
            rows += [
                compared(what, many, ours, f"tau-ARGUS {method}, {version}", theirs)
                for method, theirs in found.items()
            ]
            if many[0].source.startswith("Handbook"):
                for i, one in enumerate(many):
                    said = {m: None if t[i] is None else int(t[i].sum()) for m, t in found.items()}
                    print(f"{one.source}: {int(ours[i].sum())} by us, {said}")
    missed = store("handbook", rows)
    return missed or (0 if python else 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
