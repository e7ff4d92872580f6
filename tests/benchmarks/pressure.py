"""How long the doubt about many firms takes: draws, limits, order and shares of variance, in blocks.

Run: python -m tests.benchmarks.pressure [--quick]. The demonstration is pressed whole, reading and model
included. Then made-up flows of 5,000 firms, and unless --quick of 100,000, are drawn 2,000 times over
links, with a model of 96 answers, each in a process of its own so that its highest memory is its own.
Processor seconds and clock; once.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.pressure.assemble import Measured
from analysis.pressure.channels import Reach
from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.drawing import Told, draw_firms
from analysis.pressure.pressing import press
from analysis.pressure.ranks import rank_intervals, top_share
from analysis.pressure.settings import PressureSettings
from analysis.pressure.unsure import Unsure, with_links_alone
from survey import data_folder, load_study
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FLOWS = 8
"""Flows of each firm."""

SIZES = {5_000: 10.0, 100_000: 120.0}
MEMORY = 4096.0


def made(firms: int) -> tuple[Reach, Unsure]:
    """Flows of firms, half of them in doubt, in the two channels of trade."""
    rng = np.random.default_rng(11)
    f = firms * FLOWS
    weight = rng.choice([0.0, 0.25, 0.5, 1.0], (2, f), p=[0.4, 0.2, 0.3, 0.1])
    weight = np.vstack([weight, weight.min(axis=0) * rng.choice([0.25, 1.0], f)])
    names = pd.util.hash_array(np.arange(f, dtype=np.int64))
    reach = Reach(
        firms=tuple(f"F{i:06d}" for i in range(firms)),
        channels=("inputs", "sales"),
        firm=np.repeat(np.arange(firms), FLOWS),
        channel=np.tile(np.arange(FLOWS) % 2, firms),
        flow=np.array([f"L{i}" for i in range(f)], dtype=object),
        share=rng.dirichlet(np.ones(FLOWS), firms).ravel(),
        weight=weight,
        worst=weight,
        confidence=rng.choice([1.0, 0.9, 0.6, 0.3], f),
        name=names,
    )
    return reach, with_links_alone(reach)


def trained() -> ChoiceModel:
    """A model of 96 firms, 12 or so of which had to choose."""
    rng = np.random.default_rng(5)
    x = rng.beta(1.0, 6.0, (96, 1))
    chose = (rng.random(96) < 1.0 / (1.0 + np.exp(2.7 - 5.0 * x[:, 0]))).astype(np.float64)
    groups = np.array([f"g{i % 6}" for i in range(96)], dtype=object)
    model = train_choice(x, chose, np.random.default_rng(1), draws=2000, apart=groups)
    if not isinstance(model, ChoiceModel):
        raise SystemExit("the made-up answers carry no model")
    return model


def draw(firms: int) -> None:
    """Draw firms once and print clock, processor seconds and the highest memory in MiB."""
    reach, unsure = made(firms)
    model, settings = trained(), PressureSettings(outcome="q")
    asked = np.arange(firms) < 96
    told = Told(model, model, asked, np.zeros(firms, dtype=bool))
    start, cpu = time.perf_counter(), time.process_time()
    drawn = draw_firms(reach, unsure, told, settings, has_parts=True)
    point: Measured = drawn.measured
    rank_intervals(drawn.risk.eta, drawn.ranked_by, settings.level, least=float(np.log(1.1)))
    top_share(drawn.ranked_by, is_known=np.isfinite(drawn.risk.eta))
    assert_held = bool((point.low <= point.point).all() and (point.point <= point.high).all())
    clock, spent = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(clock, spent, peak, int(assert_held))


def of_size(firms: int, bound: float) -> list[Row]:
    """Rows of one size, drawn in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pressure", "--one", str(firms)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    clock, spent, peak, held = (float(word) for word in done.stdout.split()[-4:])
    what = f"{firms:,} firms x 2,000 draws, {FLOWS} flows each: limits, order, top tenth, shares of variance"
    how = "limits hold their points" if held else "limits do NOT hold their points"
    return [
        Row(what, spent, "cpu s", bound=f"under {bound:g} s", is_kept=spent < bound and held == 1, how=how),
        Row(what, clock, "s", how="by the clock, on a machine that others use too"),
        Row(what, peak, "MiB", bound=f"under {MEMORY:,.0f} MiB", is_kept=peak < MEMORY, how="highest memory"),
    ]


def whole() -> list[Row]:
    """The demonstration pressed from its files."""
    start, cpu = time.perf_counter(), time.process_time()
    press(load_study(data_folder() / "demo"))
    clock, spent = time.perf_counter() - start, time.process_time() - cpu
    what = "100 firms pressed whole: survey, links, rules, model, validation, draws"
    return [
        Row(what, spent, "cpu s", bound="under 5 s", is_kept=spent < 5.0),
        Row(what, clock, "s", how="by the clock, on a machine that others use too"),
    ]


def main() -> int:
    """Measure and store; 1 where a bound is missed."""
    if "--one" in sys.argv:
        draw(int(sys.argv[sys.argv.index("--one") + 1]))
        return 0
    rows = whole()
    for firms, bound in SIZES.items():
        if firms == max(SIZES) and "--quick" in sys.argv:
            continue
        rows += of_size(firms, bound)
    return store("pressure", rows)


if __name__ == "__main__":
    raise SystemExit(main())
