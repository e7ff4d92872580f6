"""How often 95% intervals of differences hold the truth: groups of one wave, and changes between two.

Run: python -m tests.benchmarks.coverage_differences [--quick]. Seeded; each sample goes the whole way that a
user goes, from a wave to the table.
"""

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.stats import norm

from analysis import changes, difference
from survey import Design, Wave
from tests.analysis.waves_by_hand import question, wave_of
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

SEED, SAMPLES, QUICK = 20211215, 600, 40
LEAST, MOST = 0.93, 0.98
ANSWERS = (question("y", "binary", ("0", "1")), question("g", "single", ("0", "1")))
FIRMS = (question("id", "text", role="id"), question("y", "binary", ("0", "1")))

Held = Callable[[np.random.Generator], list[bool]]


def in_strata(n: int, p: tuple[float, float]) -> Held:
    """Two groups across four strata taken at different rates (weights 1, 4, 8, 16)."""

    def once(rng: np.random.Generator) -> list[bool]:
        stratum, weight = np.repeat(np.arange(4), n // 4), np.array([1.0, 4.0, 8.0, 16.0])
        tilt, g = np.array([0.7, 0.9, 1.1, 1.3]), rng.integers(0, 2, n)
        truth = (p[0] - p[1]) * (weight / weight.sum()) @ tilt
        y = (rng.random(n) < tilt[stratum] * np.array(p)[g]).astype(float)
        wave = wave_of({"y": y, "g": g, "s": stratum, "w": weight[stratum]}, *ANSWERS)
        found = difference(wave, Design(strata=("s",), weight="w"), "y", "g", against="each")
        return [e.low <= truth <= e.high for e in found]

    return once


def in_groups(n: int, p: tuple[float, float]) -> Held:
    """Two groups across fours of firms that resemble each other."""

    def once(rng: np.random.Generator) -> list[bool]:
        unit, g = np.repeat(np.arange(n // 4), 4), rng.integers(0, 2, n)
        leaning = rng.normal(0, 0.8, n // 4)[unit] + rng.normal(0, 0.6, n)
        wave = wave_of({"y": (norm.cdf(leaning) < np.array(p)[g]) * 1.0, "g": g, "c": unit}, *ANSWERS)
        found = difference(wave, Design(clusters=("c",)), "y", "g", against="each")
        return [e.low <= p[0] - p[1] <= e.high for e in found]

    return once


def over_waves(groups: int, kept: int, p: tuple[float, float]) -> Held:
    """Fours of firms in two waves, `kept` of the groups in both: the panel's interval and everybody's."""

    def wave(name: str, y: np.ndarray, unit: np.ndarray, inside: np.ndarray) -> Wave:
        ids = np.array([f"F{i}" for i in np.flatnonzero(inside)])
        return replace(wave_of({"id": ids, "y": y[inside], "c": unit[inside]}, *FIRMS), name=name)

    def once(rng: np.random.Generator) -> list[bool]:
        many = 2 * groups - kept
        unit = np.repeat(np.arange(many), 4)
        lasting = rng.normal(0, 0.7, many)[unit] + rng.normal(0, 0.5, 4 * many)
        y = [(norm.cdf(lasting + rng.normal(0, np.sqrt(0.26), 4 * many)) < q) * 1.0 for q in p]
        one = wave("a", y[0], unit, unit < groups)
        two = wave("b", y[1], unit, unit >= groups - kept)
        found, _ = changes(one, two, Design(id="id", clusters=("c",)))
        return [c.low <= p[1] - p[0] <= c.high for c in found]

    return once


CELLS: dict[str, Held] = {
    "strata, n = 80, 10 and 30%": in_strata(80, (0.1, 0.3)),
    "strata, n = 200, 5 and 15%": in_strata(200, (0.05, 0.15)),
    "groups, n = 80, 10 and 30%": in_groups(80, (0.1, 0.3)),
    "groups, n = 200, 30 and 50%": in_groups(200, (0.3, 0.5)),
    "waves of 100, 60 in both, 20 and 30%": over_waves(25, 15, (0.2, 0.3)),
    "waves of 240, 160 in both, 8 and 15%": over_waves(60, 40, (0.08, 0.15)),
    "waves of 240, all in both, 40 and 50%": over_waves(60, 60, (0.4, 0.5)),
}
"""What is compared to what draws a sample and says, interval by interval, whether it holds the truth."""


def main(words: list[str]) -> int:
    """Simulate, print and store; 1 where an interval holds the truth too rarely or too often."""
    samples = QUICK if "--quick" in words else SAMPLES
    slack = 2 * np.sqrt(0.95 * 0.05 / samples)
    rows = []
    for place, (name, once) in enumerate(CELLS.items()):
        rng = np.random.default_rng([SEED, place])
        shares = np.mean([once(rng) for _ in range(samples)], axis=0)
        sides = ("panel", "everybody") if len(shares) == 2 else ("",)
        rows += [
            Row(
                f"{name} {side}".strip(), float(share), "share", bound=f"{LEAST:.0%} to {MOST:.0%}",
                is_kept=bool(LEAST - slack <= share <= MOST + slack), how=f"{samples} samples",
            )
            for side, share in zip(sides, shares, strict=True)
        ]  # fmt: skip
        print(name, shares, flush=True)
    return store("coverage_differences", rows, seed=SEED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
