"""Respondents from printed figures, from the table of figures to the `.sav`: 100 firms and 10,000.

    python -m tests.benchmarks.synthesizing [--quick]

A wave of 60 questions of 8 answers, of which a third is single choice and a third hangs on a gate, is drawn
from made-up firms, printed with one decimal in two editions, and made again by `synthesize` (bases
of the larger wave are stated, as such waves state them). Every figure must print again. Bounds: 5 s for
100 firms, 60 s for 10,000; the published series beside them. Figures are stored with their date.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.published.rounding import printed_as
from dashboard.command import main as run
from survey import answers_to, data_folder, read_wave
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

QUESTIONS, ANSWERS = 60, 8
SERIES = data_folder() / "reference" / "published" / "published_waves.csv"


def printed(firms: int, rng: np.random.Generator, *, is_stated: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of a made-up wave in two editions, and its gates."""
    early = firms - max(2, firms // 50)
    rows = [
        ("early", "response", "n", str(early), "", "base"),
        ("final", "response", "n", str(firms), "", "base"),
    ]
    gates = []
    for q in range(QUESTIONS):
        is_single, is_led = q % 3 == 0, q % 3 == 2
        answered = rng.random(firms) < 0.95
        shares = rng.dirichlet(np.ones(ANSWERS)) if is_single else rng.uniform(0.03, 0.9, ANSWERS)
        gave = rng.multinomial(1, shares, firms) if is_single else rng.random((firms, ANSWERS)) < shares
        for edition, many in (("early", early), ("final", firms)):
            who = answered[:many]
            base = int(who.sum())
            for a, count in enumerate(gave[:many][who].sum(axis=0)):
                value = printed_as(int(count), base, 1, "half-up")
                stated = str(base) if is_stated else ""
                rows.append((edition, f"q{q}", f"a{a}", value, stated, "no" if is_single else "yes"))
        if is_led:
            gates.append((f"q{q}", f"q{q - 2}", "a0"))
    table = pd.DataFrame(rows, columns=["edition", "question_id", "option_id", "value", "base_n", "kind"])
    table["statistic"] = np.where(table["kind"] == "base", "base", "percent")
    table["multi_response"] = table["kind"].where(table["kind"] != "base", "")
    table["confidence"] = np.where(table["kind"] == "base", "exact", "rounded")
    table["side"] = "both"
    table["wave"] = "1"
    return table.drop(columns="kind"), pd.DataFrame(
        gates, columns=["question_id", "gate_question", "gate_option"]
    )


def again(table: pd.DataFrame, sav: Path) -> float:
    """Share of figures that the answers in the file print again."""
    wave = read_wave(sav)
    ids = set(wave.codebook.ids())
    right = []
    for name, part in table[table["statistic"] == "percent"].groupby(["question_id", "edition"]):
        asked = f"{name[0]}_{name[1]}" if f"{name[0]}_{name[1]}" in ids else str(name[0])
        found = answers_to(wave, asked)
        base = int(np.isin(found.state, (0, 3)).sum())
        ticks = dict(zip(found.options, found.ticks.sum(axis=0), strict=True))
        right += [
            printed_as(int(ticks[o]), base, 1, "half-up") == v
            for o, v in part[["option_id", "value"]].itertuples(index=False, name=None)
        ]
    return float(np.mean(right))


def measure(firms: int, bound: float, *, is_stated: bool) -> list[Row]:
    """Make one wave; its processor seconds, and how much of it prints again."""
    table, gates = printed(firms, np.random.default_rng(firms), is_stated=is_stated)
    with tempfile.TemporaryDirectory() as folder:
        figures, follow, sav = (Path(folder) / name for name in ("f.csv", "g.csv", "w.sav"))
        table.to_csv(figures, index=False)
        gates.to_csv(follow, index=False)
        words = [
            "synthesize",
            str(figures),
            "--wave",
            "1",
            "--gates",
            str(follow),
            "--out",
            str(sav),
            "--quiet",
        ]
        start = time.process_time()
        code = run(words)
        seconds = time.process_time() - start
        if code:
            raise RuntimeError(f"synthesize ended with {code}")
        share = again(table, sav)
    many = int((table["statistic"] == "percent").sum())
    what = f"{firms:,} respondents to {many:,} printed figures, two editions"
    return [
        Row(what, round(seconds, 2), "cpu s", "", None, f"{bound:g} s at most", seconds <= bound, ""),
        Row(f"{what}: printed again", share, "share", "", None, "all of them", share == 1, ""),
    ]


def series() -> Row:
    """The four waves of the published series, one after the other."""
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for wave in ("2021", "2022", "2023", "2024"):
            run(["synthesize", str(SERIES), "--wave", wave, "--out", str(Path(folder) / "w.sav"), "--quiet"])
    seconds = (time.process_time() - start) / 4
    return Row(
        "a wave of the published series", round(seconds, 2), "cpu s", "", None, "5 s", seconds <= 5, ""
    )


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without the 10,000 firms")
    args = parser.parse_args(words)
    rows = [series(), *measure(100, 5.0, is_stated=False)]
    if not args.quick:
        rows += measure(10_000, 60.0, is_stated=True)
    return store("synthesizing", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
