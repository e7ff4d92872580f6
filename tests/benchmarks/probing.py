"""Bad input over and over, by everybody: to every route, callback, download and upload; nothing may fail.

Run: python -m tests.benchmarks.probing [--quick] [--requests N] [--seed N]. Nobody, a tamperer with a changed
cookie, a viewer and an analyst ask an internal Release behind its gate; somebody of another audience asks the
public one, also for what only the team has. The analyst and the other audience send each callback every
payload of the list in tests.dashboard.probes, then all of them send values at random, in turns, until there
are as many requests as asked for: routes with any method, callbacks with a part bent, downloads, damaged
uploads, headers. An answer with 500, one that holds words of our insides or of firms to who may not
have them, or a callback that failed is a finding, and the run ends with 1; so does it where viewer or
analyst could not read the pages at the end, for then little was asked.
"""

import argparse
import base64
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from dashboard.access import CALLBACKS
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from tests.benchmarks.rows import Row, store
from tests.dashboard.made_up import write_made_up
from tests.dashboard.probes import bent_bodies, made_up_value, true_bodies
from tests.dashboard.roles import OTHER, PATHS, WHO, Elsewhere, Guarded, faults_of

__all__ = ["main"]

_METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
_SLOW = frozenset({*BRIEFS, OWN_STEPS})
"""Paths whose answers take seconds to make, for who may have them: tested elsewhere, left out here."""

_NAMES = ("a.csv", "a.sav", "a.xlsx", "a.dta", "..", "a\x00b.csv", "x" * 300, "a.zip")
_FILES = (b"PK\x03\x04", b"$FL2" + bytes(200), b"\xff\xfe", b"question,answer\r\nhad_to_choose,1\r\n" * 25)
_HEADERS: tuple[dict[str, str], ...] = (
    *({}, {}, {}, {"Sec-Fetch-Site": "cross-site"}, {"X-Forwarded-For": "127.0.0.1, 10.0.0.1"}),
    *({"X-Remote-User": "analyst"}, {"Remote-User": "analyst"}, {"Host": "elsewhere.example"}),
    *({"Accept-Encoding": "br;q=nan, \x00"}, {"If-None-Match": '"' * 999}, {"Range": "bytes=0-,5-1"}),
    *({"Accept-Language": "x" * 5_000}, {"Content-Length": "7"}, {"Accept": "*/*"}, {"Origin": "null"}),
)


class _Failures(logging.Handler):
    """What the server wrote to its log as failed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.found[f"{record.getMessage()}: {type(error).__name__}: {str(error)[:120]}"] += 1


@dataclass
class Prober:
    """Two servers, those who ask them, and what was found wrong with the answers."""

    guarded: Guarded
    elsewhere: Elsewhere
    rng: random.Random
    told: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    def send(self, who: str, method: str, path: str, **how: Any) -> TestResponse:
        """One request; its answer is counted, and what is wrong with it kept."""
        server = self.elsewhere if who == OTHER else self.guarded
        answer = server.ask(who, method, path, **how)
        self.told.setdefault(who, Counter())[answer.status_code] += 1
        sent = str(how)[:200]
        self.wrong.update(f"{fault} ({sent})" for fault in faults_of(who, method, path, answer))
        return answer

    def listed(self) -> Iterator[Any]:
        """Every payload of the list to every callback, by who may send them."""
        for who, app in (("analyst", self.guarded.app), (OTHER, self.elsewhere.app)):
            for body in true_bodies(app.callback_map).values():
                for bent in bent_bodies(body):
                    yield self.send(who, "POST", CALLBACKS, json=bent)

    def drawn(self, who: str) -> None:
        """One round of values at random by somebody: routes, a callback, a download, an upload."""
        app = self.elsewhere.app if who == OTHER else self.guarded.app
        for path in self.rng.sample(PATHS, 6):
            if path in _SLOW and who in ("analyst", OTHER):
                continue
            headers = self.rng.choice(_HEADERS)
            self.send(who, self.rng.choice(_METHODS), self._address(path), headers=headers)
        body = self.rng.choice(list(true_bodies(app.callback_map).values()))
        for bent in self.rng.sample(list(bent_bodies(body, self.rng)), 8):
            self.send(who, "POST", CALLBACKS, json=bent)
        self.send(who, "GET", self._address(self.rng.choice(list(DOWNLOADS))))
        self.send(who, "POST", BENCHMARK_POSTS[0], json=self._damaged())

    def _address(self, path: str) -> str:
        """A path with made-up words behind it, now and then."""
        if self.rng.random() < 0.3 or "%" in path or "\x00" in path:
            return path
        return path + str(made_up_value(self.rng, kind=1)).replace("\x00", "%00")

    def _damaged(self) -> dict[str, Any]:
        """A file brought to the benchmark that is damaged, or none."""
        content = bytearray(self.rng.choice(_FILES))
        for _ in range(self.rng.randrange(30)):
            content[self.rng.randrange(len(content))] = self.rng.randrange(256)
        one = {"name": self.rng.choice(_NAMES), "content": base64.b64encode(bytes(content)).decode()}
        return {"files": {self.rng.choice(("answers", "links", "parties", "items")): one}, "lang": "en"}

    def many(self) -> int:
        """Requests so far."""
        return sum(one.total() for one in self.told.values())

    def see_that_all_were_let_in(self) -> None:
        """Who may read can read to the end: else what was sent met a closed door."""
        for who in ("viewer", "analyst", OTHER):
            if (status := self.send(who, "GET", "/pressure").status_code) != 200:
                self.wrong[f"{who} could not read any more: {status}"] += 1


def main(words: list[str]) -> int:
    """Probe, print, store; 1 where anything failed or leaked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="500 requests at random")
    parser.add_argument("--requests", type=int, default=12_000, help="at least so many (default 12000)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    failures = _Failures()
    logging.getLogger("crosspressure.dashboard").addHandler(failures)
    logging.getLogger("crosspressure.dashboard").propagate = False
    with tempfile.TemporaryDirectory() as folder:
        made = [write_made_up(Path(folder) / one, one) for one in ("internal", "public")]
        guarded = Guarded(made[0], Path(folder))
        prober = Prober(guarded, Elsewhere(made[1]), random.Random(args.seed))
        for answer in () if args.quick else prober.listed():
            if prober.many() % 1000 == 0:
                print(f"{prober.many():,} requests, the last {answer.status_code}", flush=True)
        while prober.many() < (500 if args.quick else args.requests):
            for who in (*WHO, OTHER):
                prober.drawn(who)
        prober.see_that_all_were_let_in()
    for words_of, many in [*prober.wrong.most_common(10), *failures.found.most_common(10)]:
        print(f"{many} x {words_of}")
    bad = prober.wrong.total() + failures.found.total()
    told = sum(prober.told.values(), Counter[int]())
    how = ", ".join(f"{status}: {many}" for status, many in sorted(told.items()))
    by = ", ".join(f"{who} {told.total():,}" for who, told in prober.told.items())
    row = Row(
        f"failures and leaks in {told.total():,} requests with bad input", bad, "findings",
        bound="none", is_kept=not bad, how=f"seed {args.seed}; by {by}; by status {how}",
    )  # fmt: skip
    return store("probing", [row])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
