"""A thousand builds killed at random moments: after each, whole Releases stand there and no others.

    python -m tests.benchmarks.killed [--builds 1000] [--seed 1] [--seconds S] [--quick]

A small study of two questions is built once. Then, again and again, its answers are changed and it is built
anew over the same output in a process of its own, which is killed (SIGKILL) at a moment drawn uniformly over
the time that takes. Every 25th is a whole build; of the others the numbers, and what the attack found, are
there beforehand, so that the kill falls where files are written, marked as attacked, and put in their places.
After each kill every folder under the output must be whole by its own checksums, of the build before or of
this one, and no other folder may be seen; what was left unfinished must be gone after the next build.
"""

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from analysis import read_release, write_release
from analysis.release import proving, write
from analysis.release.staging import only_build
from survey import Fault, Study, load_study
from tests.analysis.attack.small_world import CODEBOOK, draw_answers, write_world
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

_AUDIENCES = ("internal", "members", "public")
_FIRMS = 40
_VARIANTS = 4


def _study(folder: Path, turn: int) -> Study:
    """The study with the answers of a turn: the same firms, each time another order of what they said."""
    answers = draw_answers(_FIRMS, 2)
    said = [column for column in answers if column != "id"]
    order = list(range(_FIRMS))
    random.Random(turn).shuffle(order)
    answers[said] = answers[said].iloc[order].to_numpy()
    study = write_world(folder, _FIRMS, answers=pd.DataFrame(answers))
    kept = CODEBOOK.partition("[questions.sales]")[0] + CODEBOOK[CODEBOOK.index("[questions.chose]") :]
    (folder / "codebook.toml").write_text(kept, encoding="utf-8")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("headline", "contrasts"))]
    (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_study(study.folder)


def _prepared(study: Study, out: Path) -> Callable[[], None]:
    """The writing of a build whose numbers, and what the attack found, are there already."""
    kept: dict[str, Any] = {}
    real, attacked = proving.write_proved, proving._attacks

    def remember(*args: Any) -> list[Path]:
        kept["args"] = args
        return real(*args)

    def found(*args: Any) -> Any:
        kept["attacks"] = attacked(*args)
        return kept["attacks"]

    with patch.object(write, "write_proved", remember), patch.object(proving, "_attacks", found):
        write_release(study, out)

    def again() -> None:
        with only_build(out), patch.object(proving, "_attacks", lambda *args: kept["attacks"]):
            real(*kept["args"])

    return again


def _forked(build: Callable[[], object]) -> int:
    """A process that builds and ends."""
    child = os.fork()
    if child:
        return child
    try:
        build()
        os._exit(0)
    except Fault:
        os._exit(2)
    except BaseException:
        os._exit(3)


def _state(out: Path) -> tuple[str, ...]:
    """Checksums of what the answers were, by audience, each folder checked file by file."""
    found = []
    for audience in _AUDIENCES:
        manifest = read_release(out / audience).manifest
        found.append(";".join(str(source["sha256"]) for source in manifest["sources"]))
    return tuple(found)


def _length(builds: Sequence[Callable[[], object]], out: Path) -> float:
    """Seconds one of some builds takes that is let run to its end."""
    took = []
    for build in builds:
        start = time.monotonic()
        os.waitpid(_forked(build), 0)
        took.append(time.monotonic() - start)
    return statistics.median(took)


def main(words: list[str]) -> int:
    """Kill the builds, print and store what was left; 1 where a Release was not whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--builds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--quick", action="store_true", help="20 builds")
    args = parser.parse_args(words)
    builds = 20 if args.quick else args.builds
    chance = random.Random(args.seed)
    broken, odd, mixed, ended, unfinished, faults, uncleaned = 0, 0, 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as made:
        folder, out = Path(made) / "study", Path(made) / "out"
        write_release(_study(folder, 0), out)
        writing = [_prepared(_study(folder, turn + 1), out) for turn in range(_VARIANTS)]
        studies = [_study(Path(made) / f"study{turn}", turn + 1) for turn in range(_VARIANTS)]
        kinds: dict[bool, list[Callable[[], object]]] = {
            False: list(writing),
            True: [partial(write_release, study, out) for study in studies],
        }
        length = {kind: _length(builds_of[:3], out) for kind, builds_of in kinds.items()}
        end = time.monotonic() + args.seconds
        done = 0
        for turn in range(builds):
            if time.monotonic() > end:
                break
            done += 1
            is_whole = turn % 25 == 24
            left = {path.name for path in out.iterdir() if path.name.startswith(".")}
            child = _forked(kinds[is_whole][turn % _VARIANTS])
            time.sleep(chance.uniform(0.0, length[is_whole]))
            os.kill(child, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            ended += code == 0
            faults += code in (2, 3)
            try:
                now = _state(out)
            except Fault as fault:
                broken += 1
                print(f"build {turn}: {fault}", flush=True)
                continue
            stands = {path.name for path in out.iterdir()}
            odd += stands & set(_AUDIENCES) != set(_AUDIENCES)
            hidden = {name for name in stands if name.startswith(".")}
            odd += bool(stands - set(_AUDIENCES) - hidden)
            unfinished += bool(hidden - left)
            # a build that came so far as to make folders of its own has first taken the old ones away
            uncleaned += bool(hidden & left) and bool(hidden - left)
            mixed += len(set(now)) > 1
            if turn % 100 == 99:
                length = {kind: _length(builds_of[:1], out) for kind, builds_of in kinds.items()}
                uncleaned += {path.name for path in out.iterdir()} != set(_AUDIENCES)
                print(f"{turn + 1} builds: {length[False]:.2f} s, {length[True]:.2f} s", flush=True)
        write_release(_study(folder, -1), out)
        uncleaned += {path.name for path in out.iterdir()} != set(_AUDIENCES)
        broken += len(set(_state(out))) != 1
    how = f"{done} builds killed at uniformly random moments; {ended} had ended, {unfinished} left folders"
    rows = [
        Row("Releases not whole after a kill", broken, "builds", bound="0", is_kept=not broken, how=how),
        Row("folders seen that are no audience", odd, "builds", bound="0", is_kept=not odd),
        Row("unfinished folders that a build did not clean", uncleaned, "builds", bound="0",
            is_kept=not uncleaned),
        Row("builds that failed by themselves", faults, "builds", bound="0", is_kept=not faults),
        Row("killed between two audiences", mixed, "builds",
            how="each folder whole, some of the build before, some of this one"),
        Row("the writing of one build", round(length[False], 2), "s"),
        Row("one whole build", round(length[True], 2), "s"),
    ]  # fmt: skip
    return store("killed", rows, seed=args.seed, builds=done)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
