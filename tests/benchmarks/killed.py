"""A thousand builds killed at random moments: after each, whole Releases stand there and no others.

    python -m tests.benchmarks.killed [--builds 1000] [--seed 1] [--quick]

A small study of two questions is built once. Then, again and again, its answers are changed and it is built
anew over the same output in a process of its own, which is killed (SIGKILL) at a moment drawn uniformly over
the time a build takes. After each kill every folder under the output must be whole by its own checksums, of
the build before or of this one, and no other folder may be seen; what was left unfinished must be gone after
the next build.
"""

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from analysis import read_release, write_release
from survey import Fault, Study, load_study
from tests.analysis.attack.small_world import CODEBOOK, draw_answers, write_world
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

_AUDIENCES = ("internal", "members", "public")
_FIRMS = 40
_TIMED = 5


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


def _forked(study: Study, out: Path) -> int:
    """A process that builds and ends."""
    child = os.fork()
    if child:
        return child
    try:
        write_release(study, out)
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


def main(words: list[str]) -> int:
    """Kill the builds, print and store what was left; 1 where a Release was not whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--builds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="20 builds")
    args = parser.parse_args(words)
    builds = 20 if args.quick else args.builds
    chance = random.Random(args.seed)
    broken, odd, mixed, ended, unfinished, faults, uncleaned = 0, 0, 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as made:
        folder, out = Path(made) / "study", Path(made) / "out"
        write_release(_study(folder, 0), out)
        took = []
        for turn in range(_TIMED):
            study = _study(folder, turn + 1)
            start = time.monotonic()
            faults += os.waitstatus_to_exitcode(os.waitpid(_forked(study, out), 0)[1]) != 0
            took.append(time.monotonic() - start)
        length = statistics.median(took)
        for turn in range(builds):
            study = _study(folder, _TIMED + turn + 1)
            left = {path.name for path in out.iterdir() if path.name.startswith(".")}
            child = _forked(study, out)
            time.sleep(chance.uniform(0.0, length))
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
                took = []
                for again in range(3):
                    start = time.monotonic()
                    study = _study(folder, 10_000 + 10 * turn + again)
                    os.waitpid(_forked(study, out), 0)
                    took.append(time.monotonic() - start)
                length = statistics.median(took)
                uncleaned += {path.name for path in out.iterdir()} != set(_AUDIENCES)
                print(f"{turn + 1} builds, {length:.2f} s each", flush=True)
        write_release(_study(folder, -1), out)
        uncleaned += {path.name for path in out.iterdir()} != set(_AUDIENCES)
        broken += len(set(_state(out))) != 1
    how = f"{builds} builds killed at uniformly random moments; {ended} had ended, {unfinished} left folders"
    rows = [
        Row("Releases not whole after a kill", broken, "builds", bound="0", is_kept=not broken, how=how),
        Row("folders seen that are no audience", odd, "builds", bound="0", is_kept=not odd),
        Row("unfinished folders that a build did not clean", uncleaned, "builds", bound="0",
            is_kept=not uncleaned),
        Row("builds that failed by themselves", faults, "builds", bound="0", is_kept=not faults),
        Row("killed between two audiences", mixed, "builds",
            how="each folder whole, some of the build before, some of this one"),
        Row("one build", round(length, 2), "s"),
    ]  # fmt: skip
    return store("killed", rows, seed=args.seed, builds=builds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
