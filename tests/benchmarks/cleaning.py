"""A million firms under thirty rules of cleaning: `python -m tests.benchmarks.cleaning`."""

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from survey import Choice, CleanStep, Codebook, Origin, Question, Wave, clean_wave

FIRMS, BOUND = 1_000_000, 10.0
SPELLINGS = np.array(["Japan", "日本", "Viet Nam", "US", "u.s.a."], dtype=object)


def made_wave(rng: np.random.Generator) -> Wave:
    """Six numbers, six scales, four columns of countries, one free text, an id."""
    columns: dict[str, object] = {"id": np.arange(FIRMS)}
    scale = tuple(Choice(str(c), {"en": f"answer {c}"}) for c in range(1, 10))
    questions = [Question("id", "number", ("id",), role="id")]
    for i in range(6):
        columns |= {f"n{i}": rng.lognormal(size=FIRMS), f"q{i}": rng.integers(1, 10, FIRMS).astype(float)}
        questions += [Question(f"n{i}", "number", (f"n{i}",))]
        questions += [Question(f"q{i}", "single", (f"q{i}",), choices=scale)]
    for i in range(4):
        columns[f"t{i}"] = pd.Series(SPELLINGS[rng.integers(0, 5, FIRMS)], dtype="str")
        questions.append(Question(f"t{i}", "text", (f"t{i}",)))
    columns["free"] = pd.Series([f" answer {i}" for i in range(FIRMS)], dtype="str")
    questions.append(Question("free", "text", ("free",)))
    return Wave(
        "made", pd.DataFrame(columns), Codebook(tuple(questions)), Origin("made", "", "csv", "", FIRMS)
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


def main() -> int:
    """Measure once, print, store; 1 where the processor took longer than the bound."""
    wave, steps = made_wave(np.random.default_rng(20211215)), thirty_steps()
    start, before = time.perf_counter(), time.process_time()
    cleaned, ledger = clean_wave(wave, steps, id="id")
    clock, processor = time.perf_counter() - start, time.process_time() - before
    now = datetime.now(UTC)
    record = {
        "date": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "rows": FIRMS,
        "rules": len(steps),
        "rows_left": len(cleaned),
        "cells_changed": sum(len(change) for change in ledger.changes),
        "seconds": round(clock, 2),
        "processor": round(processor, 2),
        "bound": BOUND,
    }
    file = Path(__file__).parent / "results" / f"cleaning-{now:%Y-%m-%dT%H%M%S}.json"
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return int(processor > BOUND)


if __name__ == "__main__":
    sys.exit(main())
