"""Simulated worlds of known truth: how often the intervals of mean risk, and the rank sets, hold it.

    python -m tests.benchmarks.worlds [--worlds 2000] [--seed 1] [--only 60,96,300,2000] [--form F] [--quick]

Cells are firms (60, 96, 300, 2,000) x strength of the slope x how many had the event, 5 to 40 percent, with
at least 2,000 worlds each. The chance of the event differs from world to world (3 to 55 percent, even on the
log scale), and worlds are then grouped by the events that came out: grouping worlds of one expected number by
what came out would choose the lucky and the unlucky ones. Worlds in which the model is right are gated, those
in which it is wrong are reported. An interval holds the truth exactly where the profile at the truth has not
fallen below the bound, so that one ascent a firm decides, and firms of a block of worlds go at once. Worlds
of a block have the same firms, so Monte Carlo errors are those of means of blocks. A run of 2,000 worlds
stores its figures with their date and writes its rows of the table in docs/method/pressure.md; rows of other
numbers of firms and other models stay.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import chi2

from analysis.pressure.choice import LEAST_EVENTS, Abstained, train_choice
from analysis.pressure.firth import ascend
from analysis.pressure.flic import correct_intercept
from analysis.pressure.predicting import predict_choice
from analysis.pressure.ranks import rank_intervals
from analysis.worlds.truth import make_truth
from tests.benchmarks.rows import Row, store

__all__ = ["Block", "Cell", "Kind", "cells", "held", "kinds", "main", "make_block"]

Floats = NDArray[np.float64]

LEVEL = 0.90
BLOCK = 10
"""Worlds of the same firms."""

LEAST, MOST = 0.05, 0.40
RATES = (0.03, 0.55)
DRAWS = 1000
PAGE = Path(__file__).parents[2] / "docs" / "method" / "pressure.md"
MARKS = ("<!-- worlds: written by `python -m tests.benchmarks.worlds` -->", "<!-- end of worlds -->")


@dataclass(frozen=True)
class Kind:
    """Worlds of one kind: firms, how risk depends on squeeze, how strongly (slope a standard deviation)."""

    firms: int
    form: str
    slope: float


@dataclass(frozen=True)
class Block:
    """Worlds of the same n firms: indicator x (n,), true mean risk and outcome (worlds, n), true rate."""

    x: Floats
    risk: Floats
    chose: Floats
    rate: Floats


@dataclass(frozen=True)
class Cell:
    """Results of worlds of one kind and group; errors are Monte Carlo standard errors."""

    firms: int
    form: str
    slope: float
    group: str
    worlds: int
    abstained: float
    coverage: float
    error: float
    top_decile: float
    top_error: float
    median_firm: float
    median_error: float
    rank_sets: float
    rank_error: float
    ranked: int
    bound: str
    is_kept: bool


def kinds(only: tuple[int, ...]) -> tuple[Kind, ...]:
    """All kinds of worlds, of these numbers of firms."""
    right = [Kind(n, "right", slope) for n in (60, 96, 300, 2000) for slope in (0.0, 0.7, 1.4)]
    right.append(Kind(96, "right, exposures of made links", 1.0))
    wrong = [
        Kind(n, form, slope)
        for n in (96, 300, 2000)
        for form in ("unseen heterogeneity", "threshold")
        for slope in (0.7, 1.4)
    ]
    return tuple(kind for kind in (*right, *wrong) if kind.firms in only)


def make_block(kind: Kind, rng: np.random.Generator, spread: CubicSpline) -> Block:
    """Draw the firms, and for each world a rate, true risks and outcomes.

    `spread` is the mean risk at a linear predictor where each firm has an effect of its own that nobody sees.
    """
    n = kind.firms
    rate = np.exp(rng.uniform(np.log(RATES[0]), np.log(RATES[1]), BLOCK))
    if kind.form == "right, exposures of made links":
        x = make_truth(rng, n).firms["squeeze"].to_numpy(dtype=float)
        z = x / x.std()
    else:
        z = np.maximum(0.0, rng.normal(0.3, 1.0, n))
        x = 0.1 * z

    def mean(intercept: float) -> Floats:
        if kind.form == "threshold":
            return expit(intercept + kind.slope * (z > 1.0))
        if kind.form == "unseen heterogeneity":
            return np.asarray(spread(intercept + kind.slope * z))
        return expit(intercept + kind.slope * z)

    risk = np.array([mean(brentq(lambda a, r=r: mean(a).mean() - r, -30, 30)) for r in rate])
    return Block(x, risk, (rng.random(risk.shape) < risk).astype(float), rate)


def held(block: Block, at: NDArray[np.int64], level: float = LEVEL) -> Floats:
    """Whether the interval of mean risk holds it, for firms `at` of each world; shape (worlds, firms).

    Where the model abstains: nan.
    """
    n, worlds = len(block.x), len(block.chose)
    X = np.c_[np.ones(n), block.x]
    events = block.chose.sum(axis=1)
    fair = np.minimum(events, n - events) >= LEAST_EVENTS
    out = np.full((worlds, len(at)), np.nan)
    y = block.chose[fair]
    if not len(y):
        return out
    b, terms, _ = ascend(X, y, many=len(y))
    shift = correct_intercept(b[:, 1:] * block.x, y) - b[:, 0]
    wanted = logit(block.risk[fair][:, at]) - shift[:, None]
    c = np.c_[np.ones(len(at)), block.x[at]]
    start = np.repeat(b, len(at), axis=0)
    start[:, 0] += (wanted - b @ c.T).ravel()
    free = np.tile(np.c_[-block.x[at], np.ones(len(at))], (len(y), 1))[:, :, None]
    _, there, _ = ascend(X, np.repeat(y, len(at), axis=0), start=start, free=free)
    fall = 2.0 * (np.repeat(terms.value, len(at)) - there.value)
    out[fair] = (fall <= chi2.ppf(level, 1)).reshape(len(y), len(at))
    return out


def groups(events: Floats, firms: int) -> NDArray[np.object_]:
    """The cell each world falls into by the events that came out; "" for none."""
    share = events / firms
    inside = (share >= LEAST) & (share <= MOST) & (np.minimum(events, firms - events) >= LEAST_EVENTS)
    if firms <= 96:
        names = np.where(events < 12, "5 to 11 events", "12 events or more")
    else:
        names = np.select([share < 0.1, share < 0.2], ["5 to 10%", "10 to 20%"], "20 to 40%")
    return np.where(inside, names, "").astype(object)


def cells(kind: Kind, worlds: int, seed: int) -> Iterator[Cell]:
    """Worlds of one kind until each of its cells has as many as asked for."""
    forms = [k.form for k in kinds((60, 96, 300, 2000))]
    rng = np.random.default_rng([seed, kind.firms, forms.index(kind.form), int(10 * kind.slope)])
    own = 1.5 * rng.standard_normal((1, 400))
    grid = np.linspace(-40.0, 40.0, 8001)
    spread = CubicSpline(grid, expit(grid[:, None] + own).mean(axis=1))
    names = (
        ("5 to 11 events", "12 events or more")
        if kind.firms <= 96
        else ("5 to 10%", "10 to 20%", "20 to 40%")
    )
    found: dict[str, list[Floats]] = {name: [] for name in names}
    ranked: dict[str, list[float]] = {name: [] for name in names}
    looked, without = 0, 0
    most_ranked = {60: worlds // 10, 96: worlds // 10, 300: worlds // 100}.get(kind.firms, 0)
    most_ranked //= 1 if kind.form.startswith("right") else 4
    while min(sum(len(part) for part in parts) for parts in found.values()) < worlds:
        block = make_block(kind, rng, spread)
        order = np.argsort(block.x, kind="stable")
        at, part, top, middle = _firms(order, rng)
        result = held(block, at)
        events = block.chose.sum(axis=1)
        inside = (block.rate >= LEAST) & (block.rate <= MOST)
        looked += int(inside.sum())
        without += int((inside & (events < LEAST_EVENTS)).sum())
        which = groups(events, kind.firms)
        for name in names:
            rows = result[which == name]
            if len(rows):
                told = np.c_[rows[:, part].mean(axis=1), rows[:, top].mean(axis=1), rows[:, middle]]
                found[name].append(told)
            for i in np.flatnonzero(which == name)[:2]:
                if len(ranked[name]) < most_ranked:
                    ranked[name].append(_sets(block.x, block.chose[i], block.risk[i], rng))
    for name in names:
        yield _cell(kind, name, found[name], ranked[name], without / max(looked, 1))


def _firms(order: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.int64], slice, slice, int]:
    """Firms looked at: one in so many of all in order of squeeze, some of the top decile, the median."""
    n = len(order)
    step = max(1, n // (24 if n <= 300 else 12))
    all_of = order[int(rng.integers(step)) :: step]
    decile = order[-(n // 10) :]
    top = decile[:: max(1, len(decile) // (6 if n <= 300 else 4))]
    at = np.r_[all_of, top, order[n // 2]]
    return at, slice(0, len(all_of)), slice(len(all_of), len(at) - 1), len(at) - 1


def _sets(x: Floats, y: Floats, risk: Floats, rng: np.random.Generator) -> float:
    """Whether all rank sets of a world hold the true ranks at once."""
    model = train_choice(x[:, None], y, rng, draws=DRAWS)
    if isinstance(model, Abstained):
        return float("nan")
    told = predict_choice(model, x[:, None], level=LEVEL)
    order = rank_intervals(told.eta, told.draws, LEVEL)
    first = 1 + (risk[None] > risk[:, None] + 1e-12).sum(axis=1)
    last = len(x) - (risk[None] < risk[:, None] - 1e-12).sum(axis=1)
    return float(((order.low <= first) & (last <= order.high)).all())


def _cell(kind: Kind, group: str, parts: list[Floats], sets: list[float], abstained: float) -> Cell:
    sizes = np.array([len(part) for part in parts], dtype=float)
    means = np.array([part.mean(axis=0) for part in parts])
    total = sizes.sum()
    share = (sizes[:, None] * means).sum(axis=0) / total
    error = np.sqrt((sizes[:, None] ** 2 * (means - share) ** 2).sum(axis=0)) / total
    rank = np.array(sets)
    rank = rank[np.isfinite(rank)]
    held_ranks = float(rank.mean()) if len(rank) else float("nan")
    rank_error = float(np.sqrt(LEVEL * (1 - LEVEL) / len(rank))) if len(rank) else float("nan")
    low, high = (0.85, 0.97) if group.startswith("5 to 11") else (0.87, 0.94)
    kept, bound = True, "reported"
    if kind.form.startswith("right"):
        bound = f"{low:.2f} to {high:.2f}; top decile and median firm 0.80; rank sets 0.90"
        kept = low - 2 * error[0] <= share[0] <= high + 2 * error[0]
        kept &= bool((share[1:] >= 0.80 - 2 * error[1:]).all())
        kept &= not len(rank) or held_ranks >= LEVEL - 2 * rank_error
    rounded = [round(float(v), 4) for v in (abstained, share[0], error[0], share[1], error[1], share[2])]
    return Cell(
        kind.firms, kind.form, kind.slope, group, int(total), *rounded, round(float(error[2]), 4),
        round(held_ranks, 4), round(rank_error, 4), len(rank), bound, bool(kept),
    )  # fmt: skip


def page(table: list[Cell]) -> None:
    """Rows of docs/method/pressure.md, between its marks; those of other firms and models stay."""
    head = "| firms | model | slope | events | worlds | held | top decile | median | rank sets | no model |"
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    now, after = rest.split(MARKS[1])
    lines = [line for line in now.splitlines() if line.startswith("| ") and line != head]
    new = {(f"{cell.firms:,}", cell.form) for cell in table}
    lines = [line for line in lines if tuple(part.strip() for part in line.split("|")[1:3]) not in new]
    for cell in table:
        ranks = f"{cell.rank_sets:.3f} ± {cell.rank_error:.3f}" if cell.ranked else ""
        lines.append(
            f"| {cell.firms:,} | {cell.form} | {cell.slope:g} | {cell.group} | {cell.worlds:,} "
            f"| {cell.coverage:.3f} ± {cell.error:.3f} | {cell.top_decile:.3f} ± {cell.top_error:.3f} "
            f"| {cell.median_firm:.3f} ± {cell.median_error:.3f} | {ranks} | {cell.abstained:.3f} |"
        )
    lines.sort(key=lambda line: int(line.split("|")[1].replace(",", "")))
    table_of = [head, "|---:|---|---:|---|---:|---:|---:|---:|---:|---:|", *lines]
    text = before + "\n".join([MARKS[0], "", *table_of, "", MARKS[1]]) + after
    PAGE.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    """Run the cells, print them, store them; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=2000, help="worlds a cell, at least (default 2000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="60,96,300,2000", help="numbers of firms")
    parser.add_argument("--form", default="", help="worlds of this model only, such as threshold")
    parser.add_argument("--quick", action="store_true", help="100 worlds a cell")
    args = parser.parse_args(words)
    worlds = 100 if args.quick else args.worlds
    only = tuple(int(word) for word in args.only.split(","))
    start = time.perf_counter()
    table: list[Cell] = []
    chosen = [kind for kind in kinds(only) if args.form in ("", kind.form)]
    for kind in chosen:
        for cell in cells(kind, worlds, args.seed):
            table.append(cell)
            print(
                f"{time.perf_counter() - start:5.0f} s {cell.firms:5d} {cell.form:<31} {cell.slope:3.1f} "
                f"{cell.group:<17} {cell.worlds:6d} held {cell.coverage:.3f} +- {cell.error:.3f} "
                f"top {cell.top_decile:.3f} median {cell.median_firm:.3f} ranks {cell.rank_sets:.3f} "
                f"abstained {cell.abstained:.3f} {'' if cell.is_kept else 'MISSED'}",
                flush=True,
            )
    rows = [
        Row(
            f"mean risk held: {c.firms:,} firms, model {c.form}, slope {c.slope:g}, {c.group}",
            c.coverage, "share", "level asked for", LEVEL, "" if c.bound == "reported" else c.bound,
            c.is_kept, f"{c.worlds:,} worlds, +- {c.error:.3f}",
        )
        for c in table
    ]  # fmt: skip
    if worlds >= 2000:
        page(table)
    seconds = round(time.perf_counter() - start)
    told = [asdict(cell) for cell in table]
    return store("worlds", rows, seed=args.seed, worlds=worlds, seconds=seconds, cells=told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
