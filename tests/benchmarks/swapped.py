"""Fifty readers who signed in, on a Release that is replaced every half minute: no request may be lost.

    python -m tests.benchmarks.swapped [--minutes 10] [--every 30] [--users 50] [--quick]

Readers open pages and firms, take files (each on the trail) and compare answers, as in `serving`, each in a
session of an account of its own. Meanwhile another Release, of other firms, is put in the place of the one
served, in the one step in which `build` does it, and back again. A request is lost where it is answered with
anything but 200, or not within a minute. At the end the trail must hold, with one row for each file taken.
"""

import argparse
import http.client
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from analysis import read_release
from analysis.release.staging import put_in_place
from dashboard.access import HEALTH, RELEASE
from dashboard.downloads import DOWNLOADS
from dashboard.signin.accounts import Accounts
from dashboard.signin.store import open_store
from dashboard.signin.trail import check_trail, trail_rows
from tests.benchmarks.crowd import children_of, memory_of, read_along, served, signed_in, steps_of
from tests.benchmarks.rows import Row, store
from tests.dashboard.made_up import write_made_up

__all__ = ["main"]

_PASSWORD = "a sentence nobody knows"
_THINKS = (1.0, 4.0)
_WORKERS = 2


class _Swapping(threading.Thread):
    """Puts one Release after the other in the place of the one served, until told to end."""

    def __init__(self, place: Path, others: list[Path], every: float) -> None:
        super().__init__(daemon=True)
        self._place, self._others, self._every = place, others, every
        self.is_over = threading.Event()
        self.many = 0

    def run(self) -> None:
        while not self.is_over.wait(self._every):
            work = self._place.parent / f".next-{self.many}"
            shutil.copytree(self._others[self.many % len(self._others)], work)
            put_in_place(work, self._place)
            self.many += 1


class _Watching(threading.Thread):
    """Asks which Release answers, five times a second: how often that changed, and to which."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._port, self._cookie = port, cookie
        self.is_over = threading.Event()
        self.seen: set[str] = set()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.is_over.wait(0.2):
            link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                link.request("GET", "/assets/look.css", headers={"Cookie": self._cookie})
                answer = link.getresponse()
                answer.read()
                self.seen.add(str(answer.headers[RELEASE]))
                if answer.status != 200:
                    self.wrong.append(f"{answer.status} while watching")
            except OSError as error:
                self.wrong.append(f"{type(error).__name__} while watching")
            finally:
                link.close()


def main(words: list[str]) -> int:
    """Read along, print and store; 1 where a request was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two Releases")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="20 readers for half a minute, every 5 s")
    args = parser.parse_args(words)
    minutes, every, users = (0.5, 5.0, 20) if args.quick else (args.minutes, args.every, args.users)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        kept = [
            write_made_up(folder / "one" / "internal", many=300),
            write_made_up(folder / "two" / "internal", many=400),
        ]
        place = Path(shutil.copytree(kept[0], folder / "served" / "internal"))
        held = open_store(folder / "accounts.db", is_new=True)
        accounts = Accounts(held)
        for number in range(users):
            accounts.open(accounts.invite(f"reader{number}", "analyst"), _PASSWORD)
        swapping = _Swapping(place, [kept[1], kept[0]], every)
        with served(place, _WORKERS, "--accounts", str(folder / "accounts.db")) as (port, parent):
            cookies = [signed_in(port, f"reader{number}", _PASSWORD) for number in range(users)]
            watching = _Watching(port, cookies[0])
            began = time.monotonic()
            swapping.start()
            watching.start()
            took, wrong = read_along(port, steps_of(kept[0]), users, 60 * minutes, _THINKS, cookies)
            for one in (swapping, watching):
                one.is_over.set()
                one.join()
            clock = time.monotonic() - began
            memory = max(memory_of(worker)[0] for worker in children_of(parent))
        rows, broken = trail_rows(held), check_trail(held)
        taken = sum(row["act"] == "exported" for row in rows)
        known = {read_release(one).checksum[:16] for one in kept}
    lost = wrong + watching.wrong
    odd = watching.seen - known
    middle, most = np.quantile(took, [0.5, 0.95])
    load = os.getloadavg()[0]
    how = (
        f"{len(took)} requests of {users} readers in {clock / 60:.1f} minutes, {swapping.many} Releases put "
    )
    how += f"in place, {len(watching.seen)} seen; median {middle:.2f} s, p95 {most:.2f} s, load {load:.1f}; "
    how += "; ".join(sorted(set(lost))[:3])
    result = [
        Row("requests lost while Releases are replaced, sign-in on", len(lost), "requests", bound="0",
            is_kept=not lost, how=how),
        Row("Releases shown that were never put there whole", len(odd), "Releases", bound="0, both shown",
            is_kept=not odd and watching.seen == known),
        Row("rows of the trail for files taken", taken, "rows", bound="the chain holds",
            is_kept=broken is None and taken > 0, how=f"{len(rows)} rows; paths of {len(DOWNLOADS)} tables"),
        Row("memory of the larger worker at the end", memory, "MB"),
    ]  # fmt: skip
    return store("swapped", result, minutes=minutes, every=every, users=users, probe=HEALTH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
