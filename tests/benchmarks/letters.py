"""How often letters appear where nothing differs: our tests, Wald's and SPSS's, over sizes and designs.

Run: python -m tests.benchmarks.letters [--quick]. Each question of a made-up wave is one repetition.
"""

import sys

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis import Comparison, banner_book
from survey import Choice, Codebook, Design, Origin, Question, Wave
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

REPETITIONS, SEED, LEVEL, MOST = 2_000, 20211215, 0.05, 0.065
SIZES = ((12, 60), (30, 30), (100, 300))
SHARES = (0.05, 0.2, 0.5)
DESIGNS = {
    "simple": Design(),
    "weights": Design(weight="w"),
    "clusters": Design(clusters=("c",)),
}


def wave_of(sizes: tuple[int, int], share: float, design: str, many: int, rng: np.random.Generator) -> Wave:
    """Two groups with one share; clusters of four that cut across the groups are alike in half of them."""
    firms = sum(sizes)
    cluster = rng.permutation(np.arange(firms) // 4)
    uniform = rng.random((firms, many))
    if design == "clusters":
        alike = rng.random((cluster.max() + 1, many)) < 0.5
        drawn = rng.random((cluster.max() + 1, many))
        uniform = np.where(alike[cluster], drawn[cluster], uniform)
    yes = pd.DataFrame((uniform < share).astype(int), columns=[f"q{i}" for i in range(many)])
    more = pd.DataFrame({"g": np.repeat([1, 2], sizes), "c": cluster, "w": np.exp(rng.normal(0, 0.5, firms))})
    questions = [
        Question(name, "binary", (name,), choices=(Choice("0"), Choice("1")), counted="1") for name in yes
    ]
    questions.append(Question("g", "single", ("g",), choices=(Choice("1"), Choice("2"))))
    frame = pd.concat([yes, more], axis=1)
    return Wave("made up", frame, Codebook(tuple(questions)), Origin("made up", "", "csv", "", firms))


def levels(wave: Wave, design: Design) -> tuple[float, float, float]:
    """Share of repetitions with p below the level: ours, Wald on our standard error, SPSS."""
    rows = [q.id for q in wave.codebook.questions if q.kind == "binary"]
    ours = banner_book(wave, design, rows, ["g"], comparison=Comparison()).pairs()
    spss = banner_book(wave, design, rows, ["g"], comparison=Comparison("spss")).pairs()
    with np.errstate(divide="ignore", invalid="ignore"):
        wald = 2 * norm.sf(np.abs(ours["estimate"] / ours["se"]))
    return tuple(float((p < LEVEL).mean()) for p in (ours["p"], wald, spss["p"]))  # type: ignore[return-value]


def main(words: list[str]) -> int:
    """Simulate, print and store; 1 where our tests find differences too often."""
    rng = np.random.default_rng(SEED)
    rows = []
    for name, design in DESIGNS.items():
        for sizes in SIZES:
            for share in SHARES:
                wave = wave_of(sizes, share, name, 400 if "--quick" in words else REPETITIONS, rng)
                ours, wald, spss = levels(wave, design)
                what = f"{name}, {sizes[0]} and {sizes[1]} firms, {share:.0%} yes"
                bound, how = f"at most {MOST:g}", f"SPSS: {spss:.3g}; level {LEVEL:g}"
                rows.append(Row(what, ours, "share", "Wald", wald, bound, ours <= MOST, how))
    return store("letters", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
