"""Seeded worlds of 40 to 400 firms, released and attacked: nothing is recovered, and planted leaks are.

    python -m tests.benchmarks.attack [--worlds 200] [--seed 1] [--quick]

Each world is a made-up survey with shares of its own, groups in every second one. Its Releases for members
and the public are attacked alone and together, by strangers and by coalitions of three firms drawn at random,
the benchmark asked too in a tenth (the build of each has asked it before). What is bounded is held against
what the firms said: each count must lie between its ends. Then, in a tenth of the worlds, each protection is
switched off in turn and must be found out wherever something leaks: a world without a cell for it is not
counted, nor one in which trying every combination of counts shows that nothing can be told. A fifth as many
worlds more are weighted, by a weight of each firm or of each sector: there it is nobody and everybody that a
share tells, and these cells are planted.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import attack_releases, read_release, read_several, write_release
from analysis.attack.joining import Coalition
from analysis.release.proving import true_counts
from survey import Fault, load_study, study_wave
from tests.analysis.attack.enumerating import leaks
from tests.analysis.attack.planting import LEAKS, cells
from tests.analysis.attack.small_world import write_world
from tests.benchmarks.rows import Row, store

__all__ = ["SIZES", "false_ends", "main", "make_world"]

SIZES = (40, 48, 60, 75, 90, 110, 140, 180, 240, 320, 400)


REFEREED = frozenset({"standard error", "limits", "effective number"})
"""Kinds of which every combination of counts is tried (`leaks`) where nothing was found: does it tell?"""


def make_world(folder: Path, seed: int, weights: str = "") -> list[Path]:
    """Releases of one world: internal, members, public."""
    firms = SIZES[seed % len(SIZES)]
    more = 'by = ["sector"]' if seed % 2 else ""
    study = write_world(
        folder / "study", firms, seed, more=more, population=firms + (seed % 3) * 7, weights=weights
    )
    return write_release(study, folder / "out")


def false_ends(table: pd.DataFrame, internal: Path, *, is_supposed: bool = False) -> pd.DataFrame:
    """Rows of an attack on cells whose true count does not lie between its ends.

    What is `supposed` says so where its supposition holds, and is told apart.
    """
    key = ["question", "option", "by", "group"]
    study = load_study(internal.parents[1] / "study")
    truth = true_counts(study_wave(study), read_release(internal).manifest["by"])
    count = truth[key].assign(truth=truth["count"])
    is_stated = table["way"].isin(["margins", "percents"]) & ((table["verdict"] == "supposed") == is_supposed)
    both = table[is_stated].merge(count, on=key)
    return both[(both["truth"] < both["low"]) | (both["truth"] > both["high"])]


def threes(folder: Path, members: Path, seed: int, many: int = 3) -> list[Coalition]:
    """Answers of three firms each, drawn at random, read from a file as `attack --known` reads it."""
    answers = pd.read_csv(folder / "study" / "w.csv", dtype=str)
    rng = np.random.default_rng([seed, 17])
    found = []
    for _ in range(many):
        answers.iloc[rng.choice(len(answers), 3, replace=False)].to_csv(folder / "known.csv", index=False)
        found.append([one.answers for one in read_several(read_release(members), folder / "known.csv")])
    return found


def weighted_world(seed: int) -> tuple[int, int, int, int]:
    """Counts broken, ends that are false, and cells of nobody or everybody planted (0 or 1) and found."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        internal, members, public = make_world(folder, seed, "drawn" if seed % 2 else "strata")
        attack = attack_releases([members, public], ask=False, coalitions=threes(folder, members, seed))
        odd = false_ends(attack.table, internal)
        if len(attack.broken) or len(odd):
            print(f"weighted world {seed}\n{attack.broken.to_string()}\n{odd.to_string()}", flush=True)
        leaky = folder / "leaky"
        shutil.copytree(members, leaky)
        try:
            cells(leaky, internal, lambda t: t["share"].isin([0.0, 1.0]))
        except LookupError:
            return len(attack.broken), len(odd), 0, 0
        broken = attack_releases([leaky], ask=False)
        odd_too = false_ends(broken.table, internal)
        return len(attack.broken), len(odd) + len(odd_too), 1, int(len(broken.broken) > 0)


def main(words: list[str]) -> int:
    """Make and attack the worlds, print and store what was found; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="12 worlds, leaks in the first")
    args = parser.parse_args(words)
    worlds = 12 if args.quick else args.worlds
    broken, refused, wrong, held, attacking = 0, 0, 0, 0, 0.0
    supposed = 0
    planted, found = dict.fromkeys(LEAKS, 0), dict.fromkeys(LEAKS, 0)
    for seed in range(args.seed, args.seed + worlds):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            try:
                internal, members, public = make_world(folder, seed)
            except Fault as fault:
                refused += 1
                print(f"world {seed}: refused: {fault.found[:200]}", flush=True)
                continue
            names = pd.read_csv(folder / "study" / "w.csv")["id"].tolist()
            start = time.process_time()
            is_leaky = seed <= args.seed + (0 if args.quick else worlds // 10)
            joined = threes(folder, members, seed)
            attack = attack_releases([members, public], names=names, ask=is_leaky, coalitions=joined)
            attacking += time.process_time() - start
            broken += len(attack.broken)
            held += attack.counts()["open"]
            odd = false_ends(attack.table, internal)
            wrong += len(odd)
            supposed += len(false_ends(attack.table, internal, is_supposed=True))
            if len(attack.broken) or len(odd):
                print(f"world {seed}\n{attack.broken.to_string()}\n{odd.to_string()}", flush=True)
            for name, (plant, _) in LEAKS.items():
                if not is_leaky:
                    break
                leaky = folder / "leaky"
                shutil.copytree(members, leaky)
                try:
                    plant(leaky, internal)
                except LookupError:
                    shutil.rmtree(leaky)
                    continue
                attack = attack_releases([leaky], names=names, ask=False)
                is_found = len(attack.broken) > 0
                wrong += len(false_ends(attack.table, internal))
                supposed += len(false_ends(attack.table, internal, is_supposed=True))
                if is_found or name not in REFEREED or leaks(leaky, internal):
                    planted[name] += 1
                    found[name] += is_found
                    if not is_found:
                        print(f"world {seed}: not found: {name}", flush=True)
                shutil.rmtree(leaky)
    weighted = [weighted_world(seed) for seed in range(args.seed + 1000, args.seed + 1000 + worlds // 5)]
    among, false, said, heard = np.array(weighted, dtype=int).reshape(-1, 4).sum(axis=0).tolist()
    rows = [
        Row("counts recovered or bounded under the floor", broken, "counts", bound="0", is_kept=not broken,
            how=f"{worlds} worlds of 40 to 400 firms, three coalitions each, {held} hidden cells stay open"),
        Row("worlds whose build was refused", refused, "worlds", bound="0", is_kept=not refused),
        Row("true counts outside the ends found", wrong, "counts", bound="0", is_kept=not wrong),
        Row("true counts outside ends that are only supposed", supposed, "counts"),
        Row("attack on members and public of one world", round(attacking / worlds, 2), "cpu s"),
        Row("weighted: counts recovered or bounded", among, "counts", bound="0", is_kept=not among,
            how=f"{len(weighted)} worlds"),
        Row("weighted: true counts outside the ends found", false, "counts", bound="0", is_kept=not false),
        Row("weighted: planted and found: nobody and everybody", round(heard / max(said, 1), 3), "share",
            bound="1", is_kept=heard == said, how=f"{heard} of {said}"),
    ]  # fmt: skip
    for name in LEAKS:
        if not planted[name]:
            continue
        share = found[name] / planted[name]
        how = f"{found[name]} of {planted[name]}"
        rows.append(
            Row(f"planted and found: {name}", round(share, 3), "share", "", None, "1", share == 1, how)
        )
    return store("attack", rows, seed=args.seed, worlds=worlds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
