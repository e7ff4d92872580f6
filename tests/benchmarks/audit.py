"""How long the audit takes: the published series, and 10,000 made-up questions on bases up to 5,000.

Run: python -m tests.benchmarks.audit
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analysis.published.audit import audit_figures
from analysis.published.figures import read_figures
from analysis.published.gates import usual_gates
from analysis.published.grouping import lead_figures
from analysis.published.recover import recover_bases
from survey import data_folder

__all__ = ["main"]

QUESTIONS, ANSWERS = 10_000, 8


def made_up(questions: int, rng: np.random.Generator) -> pd.DataFrame:
    """Printed percents of questions with bases from 20 to 5,000, one decimal, of which a tenth is cut."""
    base = np.repeat(rng.integers(20, 5001, questions), ANSWERS)
    count = rng.binomial(base, rng.uniform(0.02, 0.98, questions * ANSWERS))
    is_cut = np.repeat(rng.random(questions) < 0.1, ANSWERS)
    tenths = np.where(is_cut, 1000 * count // base, (2000 * count + base) // (2 * base))
    return pd.DataFrame(
        {
            "wave": "2021",
            "question_id": [f"q{i}" for i in np.repeat(np.arange(questions), ANSWERS)],
            "option_id": np.tile([f"o{i}" for i in range(ANSWERS)], questions),
            "value": [f"{t // 10}.{t % 10}" for t in tenths],
            "multi_response": "yes",
            "true_base": base,
        }
    )


def main() -> None:
    """Print processor seconds, and how often the true base is among those that fit."""
    series = data_folder() / "reference" / "published" / "published_waves.csv"
    start = time.process_time()
    audit_figures(read_figures(series), usual_gates())
    print(f"published series: {time.process_time() - start:.2f} s of processor time")
    for questions in (100, 1_000, QUESTIONS):
        frame = made_up(questions, np.random.default_rng(1))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "figures.csv"
            frame.drop(columns="true_base").to_csv(path, index=False)
            start = time.process_time()
            audit = audit_figures(read_figures(path))
            seconds = time.process_time() - start
            leads = lead_figures(read_figures(path))
        found = recover_bases(leads, pd.Series(pd.NA, index=leads.index, dtype="Int64"))
        true = frame["true_base"].to_numpy()[::ANSWERS]
        held = np.mean([r.way_of(int(b)) != "" for r, b in zip(found.values(), true, strict=True)])
        many = np.median([len(r.bases) for r in found.values()])
        print(
            f"{questions:,} questions: {len(audit.table):,} figures in {seconds:.1f} s; "
            f"the true base fits in {held:.2%} of questions, beside {many - 1:.0f} others in the median one"
        )


if __name__ == "__main__":
    main()
