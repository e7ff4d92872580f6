"""How often 95% intervals of a logit and of its margins hold the truth, in cluster samples of one population.

Run: python -m tests.benchmarks.models_coverage [--quick]. Forty of 4,000 clusters of ten firms, with effects.
"""

import sys

import numpy as np
import pandas as pd

from analysis import fit, margins
from survey import Choice, Codebook, Design, Origin, Question, Wave
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

CLUSTERS, DRAWN, SEED, SAMPLES = 4_000, 40, 20211215, 1_000
LEAST, MOST = 0.93, 0.975


def population() -> pd.DataFrame:
    """Firms in clusters whose members resemble each other, in what they are and in what they answer."""
    rng = np.random.default_rng(SEED)
    place = np.repeat(np.arange(CLUSTERS), 10)
    effect, common = rng.normal(0, 0.5, CLUSTERS)[place], rng.normal(0, 0.7, CLUSTERS)[place]
    size, sector = common + rng.normal(0, 0.7, len(place)), rng.integers(1, 4, len(place))
    chance = 1 / (1 + np.exp(0.5 - 0.5 * size - 0.4 * (sector == 2) - effect))
    chose = (rng.random(len(place)) < chance).astype(int)
    return pd.DataFrame({"place": place, "size": size, "sector": sector, "chose": chose, "w": 1.0})


def numbers(firms: pd.DataFrame, design: Design) -> dict[tuple[str, ...], tuple[float, float, float]]:
    """Value and limits of each coefficient and margin."""
    questions = (
        Question("chose", "binary", ("chose",), choices=(Choice("0"), Choice("1")), counted="1"),
        Question("size", "number", ("size",)),
        Question("sector", "single", ("sector",), choices=tuple(Choice(c) for c in "123")),
    )
    wave = Wave("made", firms, Codebook(questions), Origin("made", "", "csv", "", len(firms)))
    model = fit(wave, design, "chose", ("size", "sector"), family="logit")
    rows = [e for e in model.coefficients + margins(model) if e.se > 0]
    return {(e.stat, e.by, e.group): (e.estimate, e.low, e.high) for e in rows}


def main(samples: int = SAMPLES) -> int:
    """Draw, fit, count, print and store; 1 where some interval holds the truth too seldom or too often."""
    everybody = population()
    truth = numbers(everybody, Design(weight="w"))
    rng, held = np.random.default_rng(SEED + 1), dict.fromkeys(truth, 0)
    for _ in range(samples):
        drawn = rng.choice(CLUSTERS, DRAWN, replace=False)
        part = everybody[everybody["place"].isin(drawn)].reset_index(drop=True)
        for key, (_, low, high) in numbers(part, Design(weight="w", clusters=("place",))).items():
            held[key] += low <= truth[key][0] <= high
    rows = [
        Row(
            " ".join(filter(None, key)), count / samples, "share", bound=f"{LEAST:g} to {MOST:g}",
            is_kept=LEAST <= count / samples <= MOST, how=f"{samples} samples of {DRAWN} clusters",
        )
        for key, count in held.items()
    ]  # fmt: skip
    return store("models_coverage", rows)


if __name__ == "__main__":
    sys.exit(main(200) if "--quick" in sys.argv else main())
