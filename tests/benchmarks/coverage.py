"""How often 95% intervals of shares hold the truth: seven designs, n from 40 to 2,000, shares from 2 to 50%.

Run: python -m tests.benchmarks.coverage [--quick]. Every sample of a cell is a column of one table, so that
a cell is a few calls of the intervals. Stores a dated result and draws the figure of docs/method.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimate.columns import ratio_columns
from analysis.estimate.design_arrays import DesignArrays, compile_design
from analysis.estimate.limits import Counts, Limits, even_firms, share_limits
from analysis.estimate.residuals import Residuals
from survey import Design
from survey.raking import rake
from tests.benchmarks.rows import Row, store

__all__ = ["SEED", "Cell", "cover", "limits_of", "main", "rows_of", "two_stages"]

FIGURE = Path(__file__).parents[2] / "docs" / "method" / "coverage.svg"
SIZES = (40, 100, 300, 1000, 2000)
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
SEED, SAMPLES, QUICK, CHUNK = 20211215, 10_000, 1_000, 1_000
LEAST, MOST, ENOUGH = 0.93, 0.97, 10.0

Booleans = NDArray[np.bool_]
Draw = tuple[DesignArrays, Booleans, NDArray[np.float64]]


@dataclass(frozen=True)
class Cell:
    """One design at one n and share: samples, how often the interval held the truth, its mean width.

    `unknown` is n p(1-p), p the share that intervals shall hold (of the firms there are, where they are
    counted); n is n(1 - n/N) for the list of which nearly all answered.
    """

    design: str
    n: int
    share: float
    samples: int
    coverage: float
    width: float
    method: str
    unknown: float

    @property
    def is_kept(self) -> bool:
        """At least 93%, at most 97% where there is enough to be fine about; two standard errors allowed."""
        slack = 2 * np.sqrt(0.95 * 0.05 / self.samples)
        return LEAST - slack <= self.coverage and (self.unknown < ENOUGH or self.coverage <= MOST + slack)


def simple(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """Firms drawn from endlessly many."""
    arrays = compiled(n, Design())
    return arrays, rng.random((n, samples)) < p, np.full(samples, p)


def finite(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """Firms drawn from a list four times as long."""
    big = 4 * n
    arrays = compiled(n, Design(population=(float(big),)), population_1=float(big))
    yes = round(big * p)
    picked = first_places(big, n, samples, rng)
    return arrays, picked < yes, np.full(samples, yes / big)


def stratified(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """Four strata taken at different rates (weights 1, 4, 8, 16) and with different shares."""
    size = np.array([0.2, 0.2, 0.3, 0.3])
    rate = np.array([1.0, 1 / 4, 1 / 8, 1 / 16])
    taken = np.maximum(np.round(n * size).astype(int), 2)
    taken[-1] = n - taken[:-1].sum()
    stratum = np.repeat(np.arange(4), taken)
    weight = 1 / rate
    tilt = np.array([0.6, 0.8, 1.0, 1.2])
    part = taken * weight / (taken * weight).sum()
    chance = np.minimum(p * tilt / (part @ tilt), 1.0)
    arrays = compiled(n, Design(weight="w", strata=("s",)), stratum=stratum, weight=weight[stratum])
    return arrays, rng.random((n, samples)) < chance[stratum][:, None], np.full(samples, part @ chance)


def clustered(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """Groups of four firms that resemble each other (intraclass correlation 0.1)."""
    groups, rho = n // 4, 0.1
    shape = (1 - rho) / rho
    chance = rng.beta(p * shape, (1 - p) * shape, (groups, samples))
    unit = np.repeat(np.arange(groups), 4)
    arrays = compiled(n, Design(clusters=("c",)), unit=unit)
    return arrays, rng.random((n, samples)) < chance[unit], np.full(samples, p)


def two_stages(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """A third of the groups, and four of the ten firms in each: both stages with their populations."""
    groups, drawn, inside, kept = 3 * (n // 4), n // 4, 10, 4
    shape = (1 - 0.1) / 0.1
    answers = rng.random((groups, inside, samples)) < rng.beta(
        p * shape, (1 - p) * shape, (groups, 1, samples)
    )
    truth = answers.mean(axis=(0, 1))
    chosen = np.argsort(rng.random((groups, samples)), axis=0)[:drawn]
    picked = np.take_along_axis(answers, chosen[:, None, :], axis=0)
    order = np.argsort(rng.random((drawn, inside, samples)), axis=1)[:, :kept]
    y = np.take_along_axis(picked, order, axis=1).reshape(drawn * kept, samples)
    unit = np.repeat(np.arange(drawn), kept)
    design = Design(clusters=("c", "i"), population=("N1", "N2"))
    frame = pd.DataFrame(
        {
            "weight": groups / drawn * inside / kept,
            "stratum_1": 0, "unit_1": unit, "population_1": float(groups),
            "stratum_2": unit, "unit_2": np.arange(drawn * kept), "population_2": float(inside),
        }
    )  # fmt: skip
    return compile_design(frame, design), y, truth


def calibrated(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """Firms weighted to two known margins that tell something about the answer."""
    first, second = np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.4])
    tilt = np.outer([0.6, 1.0, 1.4], [0.8, 1.2])
    part = np.outer(first, second)
    chance = np.minimum(p * tilt / (part * tilt).sum(), 1.0)
    a, b = rng.choice(3, n, p=first), rng.choice(2, n, p=second)
    while min(np.bincount(a, minlength=3).min(), np.bincount(b, minlength=2).min()) < 2:
        a, b = rng.choice(3, n, p=first), rng.choice(2, n, p=second)
    raked = rake(np.ones(n), [a, b], [n * first, n * second]).weight
    columns = np.column_stack([np.eye(3)[a], np.eye(2)[b][:, 1]])
    basis, _ = np.linalg.qr(columns)
    plain = compiled(n, Design(weight="w"), weight=raked)
    arrays = DesignArrays(
        plain.weight, plain.stages, None, plain.population, False, plain.target, plain.selection,
        Residuals(basis, raked),
    )  # fmt: skip
    return arrays, rng.random((n, samples)) < chance[a, b][:, None], np.full(samples, (part * chance).sum())


def near_census(n: int, p: float, samples: int, rng: np.random.Generator) -> Draw:
    """96 percent of a list answered, the silent ones at random."""
    big = round(n / 0.96)
    arrays = compiled(big, Design(population=(float(big),), selection="list"), population_1=float(big))
    yes = round(big * p)
    picked = first_places(big, n, samples, rng)
    return arrays, picked < yes, np.full(samples, yes / big)


DESIGNS: dict[str, Callable[[int, float, int, np.random.Generator], Draw]] = {
    "simple": simple,
    "simple, with its population": finite,
    "strata, unequal weights": stratified,
    "groups": clustered,
    "two stages, with populations": two_stages,
    "weighted to margins": calibrated,
    "list, 96% answered": near_census,
}
"""Name of a design to what draws samples of it."""


def compiled(
    n: int,
    design: Design,
    *,
    weight: object = 1.0,
    stratum: object = 0,
    unit: object = None,
    population_1: float = np.nan,
) -> DesignArrays:
    """A design of one stage from its columns."""
    frame = pd.DataFrame(
        {
            "weight": np.broadcast_to(np.asarray(weight, dtype=float), n),
            "stratum_1": np.broadcast_to(np.asarray(stratum), n),
            "unit_1": np.arange(n) if unit is None else unit,
            "population_1": population_1,
        }
    )
    return compile_design(frame, design)


def first_places(big: int, n: int, samples: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Shape (n, samples): n different firms out of `big`, anew for each sample."""
    return np.argpartition(rng.random((big, samples)), n - 1, axis=0)[:n]


def limits_of(arrays: DesignArrays, y: Booleans) -> Limits:
    """Limits of the share in every sample; y of shape (firms that answered, samples)."""
    n, many = y.shape
    tops = np.zeros((len(arrays), many))
    bottoms = np.zeros((len(arrays), many))
    tops[:n], bottoms[:n] = y, 1.0
    columns = ratio_columns(tops, bottoms, arrays)
    df = arrays.df(bottoms[:, :1] > 0)[0]
    big = np.full(many, arrays.population)
    full = np.full(many, float(len(arrays)))
    even = np.full(many, even_firms(bottoms[:, :1] > 0, arrays.weight)[0])
    answered, whole = np.full(many, float(n)), np.full(many, True)
    counts = Counts(y.sum(axis=0), answered, big, big, full, np.full(many, df), whole, even)
    return share_limits(columns, counts, arrays, 0.95)


def cover(design: str, n: int, p: float, samples: int, rng: np.random.Generator) -> Cell:
    """Draw samples of one design and look how often the interval holds the truth."""
    held = width = spread = 0.0
    methods: set[str] = set()
    done = 0
    while done < samples:
        many = min(CHUNK if design != "weighted to margins" else CHUNK // 10, samples - done)
        arrays, y, truth = DESIGNS[design](n, p, many, rng)
        limits = limits_of(arrays, y)
        held += float(((limits.low <= truth + 1e-12) & (truth <= limits.high + 1e-12)).sum())
        width += float((limits.high - limits.low).sum())
        spread += float((truth * (1 - truth)).sum())
        methods |= set(np.unique(limits.method).tolist())
        done += many
    left = 1 - len(y) / arrays.population if arrays.selection == "list" else 1.0
    unknown = n * left * spread / samples
    return Cell(design, n, p, samples, held / samples, width / samples, ", ".join(sorted(methods)), unknown)


def cells(samples: int) -> Iterator[Cell]:
    """All cells, each with a generator of its own."""
    for i, design in enumerate(DESIGNS):
        for j, n in enumerate(SIZES):
            for k, p in enumerate(SHARES):
                yield cover(design, n, p, samples, np.random.default_rng([SEED, i, j, k]))


def draw(found: list[Cell]) -> str:
    """The figure: a panel a design, coverage up, n across, a line a share."""
    wide, high, left, top, gap = 210, 150, 46, 44, 34
    low, most = 0.90, 1.0
    names = list(DESIGNS)
    columns = 4
    rows = -(-len(names) // columns)
    across, down = left + columns * (wide + gap), top + rows * (high + 62)
    colours = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#b5a30a")
    out = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11" '
        f'viewBox="0 0 {across} {down}">',
        f'<rect width="{across}" height="{down}" fill="white"/>',
        f'<text x="{left}" y="18" font-size="14">Samples whose 95% interval holds the truth</text>',
    ]
    for k, (share, colour) in enumerate(zip(SHARES, colours, strict=True)):
        x = left + 330 + 88 * k
        out.append(f'<line x1="{x}" x2="{x + 18}" y1="14" y2="14" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{x + 22}" y="18">share {share:.0%}</text>')
    places = np.linspace(0, wide, len(SIZES))
    for i, name in enumerate(names):
        x0, y0 = left + (i % columns) * (wide + gap), top + (i // columns) * (high + 62)
        at = lambda c, y0=y0: y0 + 14 + high * (most - max(c, low)) / (most - low)  # noqa: E731
        out.append(f'<text x="{x0}" y="{y0 + 4}" font-weight="bold">{name}</text>')
        out.append(
            f'<rect x="{x0}" y="{at(MOST):.1f}" width="{wide}" '
            f'height="{at(LEAST) - at(MOST):.1f}" fill="#e8eef4"/>'
        )
        for level in (0.90, 0.93, 0.95, 0.97, 1.0):
            dash = ' stroke-dasharray="3 3"' if level == 0.95 else ""
            out.append(
                f'<line x1="{x0}" x2="{x0 + wide}" y1="{at(level):.1f}" y2="{at(level):.1f}" stroke="#999" '
                f'stroke-width="0.6"{dash}/>'
            )
            if i % columns == 0:
                out.append(f'<text x="{x0 - 6}" y="{at(level) + 4:.1f}" text-anchor="end">{level:.0%}</text>')
        for size, place in zip(SIZES, places, strict=True):
            out.append(
                f'<text x="{x0 + place:.0f}" y="{y0 + 14 + high + 15}" text-anchor="middle">{size}</text>'
            )
        for share, colour in zip(SHARES, colours, strict=True):
            line = [c for c in found if c.design == name and c.share == share]
            points = [(x0 + place, at(c.coverage), c) for place, c in zip(places, line, strict=True)]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
            out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.3"/>')
            for x, y, cell in points:
                fill = colour if cell.unknown >= ENOUGH else "white"
                out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{fill}" stroke="{colour}"/>')
        out.append(
            f'<text x="{x0 + wide / 2}" y="{y0 + high + 44}" text-anchor="middle">firms that answered</text>'
        )
    return "\n".join([*out, "</svg>", ""])


def main(words: list[str]) -> int:
    """Simulate, print, store, draw; 1 where a cell left its bounds. `--quick` draws nothing."""
    start = time.perf_counter()
    is_quick = "--quick" in words
    found = []
    for cell in cells(QUICK if is_quick else SAMPLES):
        found.append(cell)
        mark = "    " if cell.is_kept else " OUT"
        size = f"{cell.n:5d} {cell.share:5.2f} {cell.coverage:7.4f} {cell.width:7.4f}"
        print(f"{cell.design:<30} {size}{mark} {cell.method}", flush=True)
    if not is_quick:
        FIGURE.write_text(draw(found), encoding="utf-8")
    seconds = round(time.perf_counter() - start)
    told = [asdict(cell) | {"kept": bool(cell.is_kept)} for cell in found]
    return store("coverage", rows_of(found), seed=SEED, seconds=seconds, cells=told)


def rows_of(found: list[Cell]) -> list[Row]:
    """Lowest coverage of each design, and the highest where it must not be high."""
    slack = 2 * np.sqrt(0.95 * 0.05 / found[0].samples)
    rows = []
    for design in DESIGNS:
        mine = [cell for cell in found if cell.design == design]
        lowest = min(cell.coverage for cell in mine)
        highest = max((cell.coverage for cell in mine if cell.unknown >= ENOUGH), default=0.95)
        how = f"{mine[0].samples:,} samples a cell, {len(mine)} cells"
        rows += [
            Row(f"lowest coverage, {design}", lowest, "share", bound=f"at least {LEAST:.0%}",
                is_kept=bool(lowest >= LEAST - slack), how=how),
            Row(f"highest coverage, {design}", highest, "share", bound=f"at most {MOST:.0%}",
                is_kept=bool(highest <= MOST + slack), how="n p(1-p) of ten and more"),
        ]  # fmt: skip
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
