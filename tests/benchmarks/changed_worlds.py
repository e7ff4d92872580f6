"""Seeded worlds whose counts are rounded or moved, released and attacked: nothing is certain.

    python -m tests.benchmarks.changed_worlds [--worlds 40] [--seed 1] [--quick]

Each world of 40 to 400 firms is built twice, with `protect = "round"` and with `"cell-key"`, every second one
with groups that all readers see (`open_by`). Its Releases are attacked together, the benchmark asked
too; every count the attack bounds must lie between its ends.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from analysis import attack_releases, write_release
from survey import Fault, load_study
from tests.analysis.attack.small_world import write_world
from tests.benchmarks.attack import SIZES, false_ends
from tests.benchmarks.rows import Row, store

__all__ = ["changed_world", "main"]

SLOWEST = 30.0
"""Processor seconds a build of one world may take."""


def changed_world(folder: Path, seed: int, way: str) -> list[Path]:
    """Releases of one world: internal, members, public; groups are open in every second one."""
    firms = SIZES[seed % len(SIZES)]
    more = 'by = ["sector"]\nopen_by = ["sector"]\n' if seed % 2 else ""
    lines = f'private = "../private.toml"\n[release.members]\nprotect = "{way}"\n'
    (folder / "private.toml").write_text(f'p = 12\nsecret = "0123456789abcdef{seed:04d}"\n', encoding="utf-8")
    write_world(folder / "study", firms, seed, more=f'{more}{lines}[release.public]\nprotect = "{way}"\n')
    return write_release(load_study(folder / "study"), folder / "out")


def main(words: list[str]) -> int:
    """Make and attack the worlds, print and store what was found; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="4 worlds")
    args = parser.parse_args(words)
    worlds = 4 if args.quick else args.worlds
    rows: list[Row] = []
    for way in ("round", "cell-key"):
        broken, refused, wrong, still, slowest = 0, 0, 0, 0, (0.0, 0)
        for seed in range(args.seed, args.seed + worlds):
            with tempfile.TemporaryDirectory() as made:
                folder = Path(made)
                start = time.process_time()
                try:
                    internal, members, public = changed_world(folder, seed, way)
                except Fault as fault:
                    refused += 1
                    print(f"{way} {seed}: refused: {fault.found[:300]}", flush=True)
                    continue
                finally:
                    took = time.process_time() - start
                    slowest = max(slowest, (took, seed))
                names = pd.read_csv(folder / "study" / "w.csv")["id"].tolist()
                attack = attack_releases([members, public], names=names)
                odd = false_ends(attack.table, internal)
                broken, wrong = broken + len(attack.broken), wrong + len(odd)
                still += attack.counts()["open"]
                print(
                    f"{way} {seed}: {took:.1f} cpu s, {len(attack.broken)} broken, {len(odd)} wrong",
                    flush=True,
                )
        rows += [
            Row(f"{way}: counts recovered or bounded under the floor", broken, "counts", bound="0",
                is_kept=not broken, how=f"{worlds} worlds, half with open groups"),
            Row(f"{way}: true counts outside the ends found", wrong, "counts", bound="0", is_kept=not wrong),
            Row(f"{way}: worlds whose build was refused", refused, "worlds", bound="0", is_kept=not refused),
            Row(f"{way}: slowest build", slowest[0], "cpu s", bound=f"at most {SLOWEST:g} cpu s",
                is_kept=slowest[0] <= SLOWEST, how=f"world {slowest[1]}"),
        ]  # fmt: skip
    return store("changed_worlds", rows, seed=args.seed, worlds=worlds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
