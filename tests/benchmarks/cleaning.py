"""A million firms under thirty rules of cleaning, in turns with pandas by hand.

Run: python -m tests.benchmarks.cleaning [--quick]
"""

import statistics
import sys
import time

import numpy as np
import pandas as pd

from survey import Choice, CleanStep, Codebook, Origin, Question, Wave, clean_wave
from survey.exporting import same_codes
from tests.benchmarks.rows import Row, store

FIRMS, BOUND = 1_000_000, 10.0
SPELLINGS = np.array(["Japan", "日本", "Viet Nam", "US", "u.s.a."], dtype=object)
CODES = {"Japan": "JP", "日本": "JP", "Viet Nam": "VN", "u.s.a.": "US"}


def made_wave(rng: np.random.Generator, firms: int) -> Wave:
    """Six numbers, six scales, four columns of countries, one free text, an id."""
    columns: dict[str, object] = {"id": np.arange(firms)}
    scale = tuple(Choice(str(c), {"en": f"answer {c}"}) for c in range(1, 10))
    questions = [Question("id", "number", ("id",), role="id")]
    for i in range(6):
        columns |= {f"n{i}": rng.lognormal(size=firms), f"q{i}": rng.integers(1, 10, firms).astype(float)}
        questions += [Question(f"n{i}", "number", (f"n{i}",))]
        questions += [Question(f"q{i}", "single", (f"q{i}",), choices=scale)]
    for i in range(4):
        columns[f"t{i}"] = pd.Series(SPELLINGS[rng.integers(0, 5, firms)], dtype="str")
        questions.append(Question(f"t{i}", "text", (f"t{i}",)))
    columns["free"] = pd.Series([f" answer {i}" for i in range(firms)], dtype="str")
    questions.append(Question("free", "text", ("free",)))
    return Wave(
        "made", pd.DataFrame(columns), Codebook(tuple(questions)), Origin("made", "", "csv", "", firms)
    )


def thirty_steps() -> tuple[CleanStep, ...]:
    """Thirty rules of every family that needs no file."""
    steps = [("winsorise", "", {"question": f"n{i}", "low": 0.01, "high": 0.99}) for i in range(6)]
    steps += [("recode", "", {"question": f"q{i}", "codes": {"9": "1", "8": "2"}}) for i in range(6)]
    steps += [("harmonise_country", "", {"question": f"t{i}"}) for i in range(4)]
    steps += [
        ("set_missing", "", {"question": f"q{i}", "codes": ["7"], "missing": "refused"}) for i in range(5)
    ]
    steps += [("set_missing", f"q{i} == 6", {"question": f"n{i}", "missing": "no_answer"}) for i in range(5)]
    steps += [
        ("recode", "", {"question": "t0", "codes": {"JP": "XX"}}),
        ("drop", "q0 == 5 and q1 == 5", {"id": "id"}),
        ("merge_duplicates", "", {"id": "id"}),
        ("correct", "", {"id": "id", "firm": "7", "question": "n0", "value": 3}),
    ]
    return tuple(CleanStep(rule, "benchmark", "", where, (), rule, own) for rule, where, own in steps)


def by_hand(frame: pd.DataFrame) -> pd.DataFrame:
    """The same thirty rules as a person writes them in pandas: no Ledger, no check, no codebook."""
    frame = frame.copy()
    for name in ("t0", "t1", "t2", "t3", "free"):
        frame[name] = frame[name].str.strip()
    for name in (f"n{i}" for i in range(6)):
        low, high = frame[name].quantile(0.01, "lower"), frame[name].quantile(0.99, "lower")
        frame[name] = frame[name].clip(low, high)
    for name in (f"q{i}" for i in range(6)):
        frame[name] = frame[name].replace({9.0: 1.0, 8.0: 2.0})
    for name in (f"t{i}" for i in range(4)):
        frame[name] = frame[name].replace(CODES)
    for i in range(5):
        frame.loc[frame[f"q{i}"] == 6, f"n{i}"] = np.nan
    frame["t0"] = frame["t0"].replace({"JP": "XX"})
    frame = frame[~((frame["q0"] == 5) & (frame["q1"] == 5))].drop_duplicates("id")
    frame.loc[frame["id"] == 7, "n0"] = 3
    return frame.reset_index(drop=True)


def main(words: list[str]) -> int:
    """Measure in turns, print, store; 1 where the processor took longer than the bound."""
    firms, rounds = (FIRMS // 10, 1) if "--quick" in words else (FIRMS, 3)
    wave, steps = made_wave(np.random.default_rng(20211215), firms), thirty_steps()
    spent: dict[str, list[tuple[float, float]]] = {"ours": [], "hand": []}
    for _ in range(rounds):
        start, before = time.perf_counter(), time.process_time()
        cleaned, ledger = clean_wave(wave, steps, id="id")
        spent["ours"].append((time.perf_counter() - start, time.process_time() - before))
        start, before = time.perf_counter(), time.process_time()
        plain = by_hand(wave.frame)
        spent["hand"].append((time.perf_counter() - start, time.process_time() - before))
    same = [name for name in plain if same_codes(plain[name], cleaned.frame[name]).all()]
    ours, hand = (
        [statistics.median(run[k] for run in runs) for k in (0, 1)] for runs in (spent["ours"], spent["hand"])
    )
    what = f"{len(steps)} rules of cleaning on {firms:,} firms x {wave.frame.shape[1]} columns"
    cells = sum(len(change) for change in ledger.changes)
    how = f"median of {rounds} in turns; {cells:,} cells in the Ledger"
    equal = len(same) == plain.shape[1]
    how += "; the same answers" if equal else f"; ANSWERS DIFFER in {sorted(set(plain) - set(same))[:5]}"
    peer = f"pandas {pd.__version__} by hand, no Ledger"
    rows = [
        Row(what, ours[0], "s", peer, hand[0], how=how),
        Row(what, ours[1], "cpu s", peer, hand[1], f"under {BOUND:g} s", ours[1] < BOUND and equal, how),
    ]
    return store("cleaning", rows, rows_left=len(cleaned))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
