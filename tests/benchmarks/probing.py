"""Bad input over and over: made-up values to every callback, every download, every upload; nothing may fail.

Run: python -m tests.benchmarks.probing [--quick] [--seconds S] [--seed N]. Each callback first gets every
payload of the list in tests.dashboard.probes, then values at random; downloads get addresses at random and
the benchmark gets damaged files; and every route behind the gate is asked by nobody, a tamperer, a viewer
and an analyst. An answer with 500, one that holds words of our insides, or a callback that
failed is a finding, and the run ends with 1.
"""

import argparse
import base64
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from dashboard.access import CALLBACKS
from dashboard.app import make_app
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from tests.benchmarks.rows import Row, store
from tests.dashboard.made_up import write_made_up
from tests.dashboard.probes import LEAKS, bent_bodies, made_up_value, true_bodies
from tests.dashboard.roles import PATHS, WHO, Guarded, faults_of

__all__ = ["main"]


class _Failures(logging.Handler):
    """What the server wrote to its log as failed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.found[f"{record.getMessage()}: {type(error).__name__}: {str(error)[:120]}"] += 1


class Prober:
    """One application and what was found wrong with its answers."""

    def __init__(self, release: Path, failures: _Failures) -> None:
        self.app = make_app(release)
        self.client = self.app.server.test_client()
        self.client.get("/")
        self.failures = failures
        self.told: Counter[int] = Counter()
        self.wrong: Counter[str] = Counter()

    def check(self, what: str, sent: object, answer: Any) -> None:
        """Count an answer, and keep what is wrong with it."""
        self.told[answer.status_code] += 1
        if answer.status_code >= 500:
            self.wrong[f"{answer.status_code} from {what}: {str(sent)[:200]}"] += 1
        if answer.status_code >= 400 or len(answer.data) < 2_000:
            text = answer.get_data(as_text=True)
            self.wrong.update(f"{word!r} from {what}: {str(sent)[:200]}" for word in LEAKS if word in text)

    def callbacks(self, rng: random.Random | None) -> None:
        """Every callback, each part of what it is sent bent."""
        for name, body in true_bodies(self.app.callback_map).items():
            for bent in bent_bodies(body, rng):
                answer = self.client.post(CALLBACKS, data=json.dumps(bent), content_type="application/json")
                self.check(name, bent, answer)

    def downloads(self, rng: random.Random) -> None:
        """Every download, addresses at random."""
        for path in DOWNLOADS:
            address = path + str(made_up_value(rng, kind=1)).replace("\x00", "%00")
            self.check(path, address, self.client.get(address))

    def uploads(self, rng: random.Random) -> None:
        """The benchmark, files that are damaged, or are none."""
        plain = b"question,answer\r\nhad_to_choose,1\r\nus_china_impact,2\r\n"
        for _ in range(20):
            content = bytearray(
                rng.choice((plain, b"PK\x03\x04", b"$FL2" + bytes(200), b"\xff\xfe", plain * 50))
            )
            for _ in range(rng.randrange(30)):
                content[rng.randrange(len(content))] = rng.randrange(256)
            name = rng.choice(("a.csv", "a.sav", "a.xlsx", "a.dta", "..", "a\x00b.csv", "x" * 300, "a.zip"))
            one = {"name": name, "content": base64.b64encode(bytes(content)).decode()}
            asked = {"files": {rng.choice(("answers", "links", "parties", "items")): one}, "lang": "en"}
            self.check("upload", asked, self.client.post(BENCHMARK_POSTS[0], json=asked))


def _roles(guarded: Guarded, rng: random.Random, told: Counter[int], wrong: Counter[str]) -> None:
    """Every route by everybody, addresses and methods at random; what takes long to make stays out."""
    for path in PATHS:
        for who in WHO:
            method = rng.choice(("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
            if who == "analyst" and (path in BRIEFS or path == OWN_STEPS):
                continue
            address = path
            if rng.random() < 0.7 and "%" not in path and "\x00" not in path:
                address += str(made_up_value(rng, kind=1)).replace("\x00", "%00")
            answer = guarded.ask(who, method, address)
            told[answer.status_code] += 1
            wrong.update(faults_of(who, method, path, answer))


def main(words: list[str]) -> int:
    """Probe, print, store; 1 where anything failed or leaked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="ten seconds")
    parser.add_argument("--seconds", type=float, default=60.0, help="of random values (default 60)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    failures, rng = _Failures(), random.Random(args.seed)
    logging.getLogger("crosspressure.dashboard").addHandler(failures)
    logging.getLogger("crosspressure.dashboard").propagate = False
    with tempfile.TemporaryDirectory() as folder:
        made = [write_made_up(Path(folder) / one, one) for one in ("internal", "public")]
        probers = [Prober(one, failures) for one in made]
        if not args.quick:
            for one in probers:
                one.callbacks(None)
        guarded = Guarded(made[0], Path(folder))
        asked, faults = Counter[int](), Counter[str]()
        until = time.monotonic() + (10.0 if args.quick else args.seconds)
        while time.monotonic() < until:
            _roles(guarded, rng, asked, faults)
            for one in probers:
                one.callbacks(rng)
                one.downloads(rng)
                one.uploads(rng)
    told = sum((one.told for one in probers), asked)
    wrong = sum((one.wrong for one in probers), faults)
    for words_of, many in [*wrong.most_common(10), *failures.found.most_common(10)]:
        print(f"{many} x {words_of}")
    bad = wrong.total() + failures.found.total()
    how = ", ".join(f"{status}: {many}" for status, many in sorted(told.items()))
    row = Row(
        f"failures and leaks in {told.total():,} requests with bad input", bad, "findings",
        bound="none", is_kept=not bad, how=f"seed {args.seed}; by status {how}",
    )  # fmt: skip
    return store("probing", [row])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
