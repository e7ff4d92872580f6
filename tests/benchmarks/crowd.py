"""Readers at once on a server of its own: pages, firms, files, decks, scenarios of their own, comparisons."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from analysis import read_release
from dashboard.access import CALLBACKS, HEALTH
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.jobs import STEPS
from dashboard.own import OWN_STEPS, pack_text
from dashboard.pages.frame import PAGES

__all__ = [
    "WORDS",
    "Asked",
    "body_of",
    "children_of",
    "memory_of",
    "read_along",
    "served",
    "signed_in",
    "steps_of",
]

TOP = Path(__file__).parents[2]
WORDS = ("", "7", "made-up 1", "架空", "zz", "T00", "9", "made", "12")
"""What readers look for among firms."""


OWN = """schema = 1
id = "mine"
title = {{ en = "Mine", ja = "自分の" }}

[[change]]
do = "threshold"
instrument = ["US-DEMIN-25", "US-EL"]
field = "us_content"
was = 0.25
operator = "more_than"
value = {value:.2f}
why = "another threshold"
"""
"""A scenario of a reader's own, with one number that differs."""


class Asked(NamedTuple):
    """One request: method, path, what is sent, and whether the steps of the work are asked for."""

    method: str
    path: str
    body: bytes | None = None
    has_steps: bool = False


def body_of(output: str, inputs: dict[str, Any], state: dict[str, Any]) -> bytes:
    """What the page would send to a callback: names such as `ground.data` to values."""

    def listed(given: dict[str, Any]) -> list[dict[str, Any]]:
        parts = [(*name.rsplit(".", 1), value) for name, value in given.items()]
        return [{"id": one, "property": part, "value": value} for one, part, value in parts]

    name, part = output.rsplit(".", 1)
    told = {"output": output, "outputs": {"id": name, "property": part}, "inputs": listed(inputs)}
    return json.dumps(told | {"state": listed(state), "changedPropIds": [next(iter(inputs))]}).encode()


def steps_of(release: Path) -> Callable[[random.Random], list[Asked]]:
    """What a reader of a Release does next, at random.

    Of a thousand steps 550 open a page, at another question, scenario, or search each time, 300 a firm, 100
    take a table, 40 compare answers, four take a deck, two a workbook, and four work out a scenario of their
    own and open it.
    """
    opened = read_release(release)
    held = opened.tables()
    questions = sorted({str(q) for q in opened.table("estimates")["question"] if "." not in str(q)})
    scenarios = [str(s) for s in opened.table("scenarios")["scenario"]] if "scenarios" in held else [""]
    firms = [str(firm) for firm in opened.table("firms")["firm"][:100]] if "firms" in held else [""]
    form = opened.table("form") if "form" in held else None
    choices = form[form["kind"] == "single"]["question"] if form is not None else []
    has_scene = "kept" in held
    first = next((str(question) for question in choices), "")

    def step(rng: random.Random) -> list[Asked]:
        lang, chance = rng.choice(("en", "ja")), rng.random()
        ground = {"ground.data": {"ground": rng.choice(("light", "dark")), "narrow": False}}
        if chance < 0.30 and firms != [""]:
            search = f"?lang={lang}&firm={rng.choice(firms)}"
            body = body_of("drawer.children", {"asked-firm.data": search}, {})
            return [Asked("GET", f"/pressure{search}"), Asked("POST", CALLBACKS, body)]
        if chance < 0.40:
            return [Asked("GET", f"/survey.csv?lang={lang}&question={quote(rng.choice(questions))}")]
        if chance < 0.44 and first:
            sent = json.dumps({"answers": {first: [rng.choice("12")]}, "lang": lang}).encode()
            return [Asked("POST", BENCHMARK_POSTS[0], sent)]
        if chance < 0.446:
            form, chosen = rng.choice(("pptx", "pptx", "xlsx")), rng.choice(scenarios)
            return [Asked("GET", f"/brief.{form}?lang={lang}&scenario={chosen}", has_steps=True)]
        if chance < 0.45 and has_scene:
            search = f"?lang={lang}&own={pack_text(OWN.format(value=rng.randrange(25) / 100))}"
            body = body_of("scenarios-page.children", ground, {"_pages_location.search": search})
            seen = [Asked("GET", f"/scenarios{search}"), Asked("POST", CALLBACKS, body)]
            return [Asked("GET", f"{OWN_STEPS}{search}", has_steps=True), *seen]
        name, path = rng.choice(PAGES)
        search = f"?lang={lang}" + {
            "pressure": f"&q={quote(rng.choice(WORDS))}",
            "survey": f"&question={quote(rng.choice(questions))}",
            "scenarios": f"&scenario={rng.choice(scenarios)}",
        }.get(name, "")
        body = body_of(f"{name}-page.children", ground, {"_pages_location.search": search})
        return [Asked("GET", f"{path}{search}"), Asked("POST", CALLBACKS, body)]

    return step


_AGAIN, _PATIENCE = 1.5, 60.0
"""Seconds before a page asks a busy server again; seconds a reader stays after the others went."""


@contextmanager
def served(release: Path, workers: int, *more: str) -> Iterator[tuple[int, int]]:
    """Port and process of a server of its own, with more flags, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "dashboard.command", "serve", str(release), "--quiet"]
    command += ["--port", str(port), "--workers", str(workers), *more]
    with tempfile.TemporaryFile() as said:
        run = subprocess.Popen(command, cwd=TOP, stdout=said, stderr=said, env=dict(os.environ))
        try:
            for _ in range(600):
                if run.poll() is not None:
                    said.seek(0)
                    sys.exit(f"the server ended with {run.returncode}: {said.read().decode()[-500:]}")
                try:
                    if _fetch(port, Asked("GET", HEALTH))[0] == 200:
                        break
                except OSError:
                    time.sleep(0.1)
            yield port, run.pid
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(20)


def signed_in(port: int, name: str, password: str) -> str:
    """The cookie of a reader who signs in as a browser does."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        link.request("GET", "/sign-in", headers={"Accept": "text/html"})
        page = link.getresponse()
        seed = str(page.headers["Set-Cookie"]).partition(";")[0]
        mark = page.read().decode().partition('name="mark" value="')[2][:64]
        said = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        form = urlencode({"name": name, "password": password, "mark": mark})
        link.request("POST", "/sign-in", form, {**said, "Cookie": seed})
        answer = link.getresponse()
        answer.read()
        kept = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or ()]
        return next(one for one in kept if one.startswith("crosspressure="))
    finally:
        link.close()


def _fetch(port: int, asked: Asked, cookie: str = "") -> tuple[int, bytes]:
    """Status and body of one request."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        said = {"Content-Type": "application/json"} if asked.body else {}
        said |= {STEPS: "1"} if asked.has_steps else {}
        said |= {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"} if cookie else {}
        link.request(asked.method, asked.path, asked.body, {**said, "Accept-Encoding": "br"})
        answer = link.getresponse()
        body = answer.read()
        if asked.has_steps and answer.status == 200 and b'"failed"' in body[:100_000]:
            return 500, body
        return answer.status, body
    finally:
        link.close()


def read_along(
    port: int,
    step: Callable[[random.Random], list[Asked]],
    readers: int,
    seconds: float,
    thinks: tuple[float, float],
    cookies: Sequence[str] = ("",),
) -> tuple[list[float], list[str]]:
    """Seconds each answer took, and what went wrong, of readers who read on for so many seconds.

    Work that is told in steps is no answer to be waited for: it goes wrong or not, and its seconds are left
    aside. A reader who is asked to come again, since others work, does so as a page does (assets/steps.js),
    until it comes, at most a minute after the end.
    Readers have `cookies` in turn, where they are signed in.
    """
    took: list[float] = []
    wrong: list[str] = []
    until = time.monotonic() + seconds

    def read(seed: int) -> None:
        rng = random.Random(seed)
        cookie = cookies[seed % len(cookies)]
        time.sleep(rng.uniform(0, thinks[1]))
        while time.monotonic() < until:
            for asked in step(rng):
                before = time.perf_counter()
                try:
                    status = _fetch(port, asked, cookie)[0]
                    while asked.has_steps and status == 503 and time.monotonic() < until + _PATIENCE:
                        time.sleep(_AGAIN)
                        status = _fetch(port, asked, cookie)[0]
                    if status != 200:
                        wrong.append(f"{status} {asked.path}")
                except OSError as error:
                    wrong.append(f"{type(error).__name__} {asked.path}")
                if not asked.has_steps:
                    took.append(time.perf_counter() - before)
            time.sleep(rng.uniform(*thinks))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took, wrong


def children_of(parent: int) -> list[int]:
    """Processes a process started."""
    told = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(one) for one in told.read_text().split()] if told.exists() else [parent]


def memory_of(process: int) -> tuple[float, float]:
    """Resident memory in MB of 10**6 bytes, whole and as its own part of what is shared; nan if untold."""
    told = {}
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
            name, size = line.split(":")
            told[name] = int(size.split()[0]) * 1024 / 1e6
    except OSError:
        pass
    return told.get("Rss", float("nan")), told.get("Pss", float("nan"))
