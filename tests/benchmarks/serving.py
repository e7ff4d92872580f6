"""What a reader waits for once pages are served: filters, the first page, its weight, fifty at once.

Run: python -m tests.benchmarks.serving [--quick] [--release FOLDER] [--minutes M]. Filters go through the
whole server, in this process; the rest through gunicorn with two workers, on a Release of 5,000 made-up
firms or the one given. What the functions behind the filters take alone is in tests.benchmarks.firm_rows.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.release.manifest import MANIFEST, checksum, write_manifest
from dashboard.access import CALLBACKS, HEALTH
from dashboard.app import make_app
from dashboard.pages.frame import PAGES
from tests.benchmarks.rows import Row, store
from tests.dashboard.made_up import write_made_up
from tests.setup_chromium import FLAGS, NAMES

__all__ = ["main"]

TOP = Path(__file__).parents[2]
USERS, WORKERS, THINKS = 50, 2, (1.0, 3.0)
"""Readers at once, processes that answer, and the seconds between two steps of a reader."""

FILTER_BOUNDS = {5_000: 0.100, 100_000: 0.250}
ANSWER_BOUND, FIRST_BOUND, WEIGHT_BOUND, MEMORY_BOUND = 1.0, 2.0, 1.6e6, 250.0

_WORDS = ("", "7", "made-up 1", "架空", "zz", "T00", "9", "made", "12")


def body_of(output: str, inputs: dict[str, Any], state: dict[str, Any]) -> bytes:
    """What the page would send to a callback: names such as `ground.data` to values."""

    def listed(given: dict[str, Any]) -> list[dict[str, Any]]:
        parts = [(*name.rsplit(".", 1), value) for name, value in given.items()]
        return [{"id": one, "property": part, "value": value} for one, part, value in parts]

    name, part = output.rsplit(".", 1)
    told = {"output": output, "outputs": {"id": name, "property": part}, "inputs": listed(inputs)}
    return json.dumps(told | {"state": listed(state), "changedPropIds": [next(iter(inputs))]}).encode()


def many_firms(folder: Path, firms: int) -> Path:
    """A Release of so many made-up firms: 5,000 of them, again and again under other names."""
    made = write_made_up(folder / "internal", many=min(firms, 5_000))
    manifest = json.loads((made / MANIFEST).read_text(encoding="utf-8"))
    for name in ("firms.parquet", "pressure.parquet") if firms > 5_000 else ():
        rows = pd.read_parquet(made / name)
        parts = [rows.assign(firm=rows["firm"] + f"-{turn}") for turn in range(firms // 5_000)]
        pd.concat(parts, ignore_index=True).to_parquet(made / name)
        manifest["files"][name]["sha256"] = checksum(made / name)
    write_manifest(made, manifest)
    return made


def filtered(firms: int, asked: int) -> Row:
    """Rows and count for filters at random, none asked twice, through the whole server."""
    rng = random.Random(1)
    took: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        client = make_app(many_firms(Path(folder), firms)).server.test_client()
        for place in range(asked + 3):
            search = f"?q={rng.choice(_WORDS)}&sector={rng.choice(('', 'a', 'b'))}&stat={place}"
            order = [{"colId": rng.choice(("us", "squeeze", "name")), "sort": rng.choice(("asc", "desc"))}]
            start = 100 * rng.randrange(40)
            block = {"startRow": start, "endRow": start + 100, "sortModel": order}
            state = {"asked-filter.data": search, "_pages_location.search": search}
            for body in (
                body_of("grid.getRowsResponse", {"grid.getRowsRequest": block}, state),
                body_of("shown.children", {"asked-filter.data": search}, {}),
            ):
                before = time.perf_counter(), time.process_time()
                said = {"Accept-Encoding": "br"}
                answer = client.post(CALLBACKS, data=body, content_type="application/json", headers=said)
                took.append((time.perf_counter() - before[0], time.process_time() - before[1]))
                if answer.status_code != 200:
                    sys.exit(f"a filter was answered with {answer.status_code}")
    clock, processor = (np.quantile([one[end] for one in took[6:]], 0.95) for end in (0, 1))
    bound = FILTER_BOUNDS[firms]
    return Row(
        f"a filter at the server, {firms:,} firms, p95",
        float(processor),
        "cpu s",
        bound=f"under {bound:g} s",
        is_kept=bool(processor < bound),
        how=f"{asked} filters, rows and count, none kept from before; {clock:.3f} s on the clock",
    )


@contextmanager
def served(release: Path, workers: int = WORKERS) -> Iterator[tuple[int, int]]:
    """Port and process of a server of its own, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "dashboard.command", "serve", str(release), "--quiet"]
    command += ["--port", str(port), "--workers", str(workers)]
    with tempfile.TemporaryFile() as said:
        run = subprocess.Popen(command, cwd=TOP, stdout=said, stderr=said, env=dict(os.environ))
        try:
            for _ in range(600):
                if run.poll() is not None:
                    said.seek(0)
                    sys.exit(f"the server ended with {run.returncode}: {said.read().decode()[-500:]}")
                try:
                    if fetch(port, "GET", HEALTH)[0] == 200:
                        break
                except OSError:
                    time.sleep(0.1)
            yield port, run.pid
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(20)


def fetch(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Status and body of one request."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        said = {"Content-Type": "application/json"} if body else {}
        link.request(method, path, body, {**said, "Accept-Encoding": "br"})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


def _step(rng: random.Random) -> tuple[str, bytes]:
    """A page somebody opens, or a firm looked at: its path, and its callback."""
    lang, ground = rng.choice(("en", "ja")), {"ground": rng.choice(("light", "dark")), "narrow": False}
    firm = f"T{rng.randrange(1, 100):03d}"
    if rng.random() < 0.3:
        search = f"?lang={lang}&firm={firm}"
        body = body_of("drawer.children", {"asked-firm.data": search}, {"ground.data": ground})
        return f"/pressure{search}", body
    name, path = rng.choice(PAGES)
    search = f"?lang={lang}" + (f"&q={rng.choice(_WORDS)}" if name == "pressure" else "")
    state = {"_pages_location.search": search}
    return f"{path}?lang={lang}", body_of(f"{name}-page.children", {"ground.data": ground}, state)


def together(release: Path, seconds: float) -> list[Row]:
    """Fifty readers on two workers: each opens a page or a firm, reads it, and goes on."""
    took: list[float] = []
    wrong: list[str] = []

    def read(seed: int, port: int, until: float) -> None:
        rng = random.Random(seed)
        time.sleep(rng.uniform(0, THINKS[1]))
        while time.monotonic() < until:
            path, body = _step(rng)
            for method, where, sent in (("GET", path, None), ("POST", CALLBACKS, body)):
                before = time.perf_counter()
                try:
                    status = fetch(port, method, where, sent)[0]
                    if status != 200:
                        wrong.append(f"{status} {where}")
                except OSError as error:
                    wrong.append(f"{type(error).__name__} {where}")
                took.append(time.perf_counter() - before)
            time.sleep(rng.uniform(*THINKS))

    with served(release) as (port, parent):
        until = time.monotonic() + seconds
        readers = [threading.Thread(target=read, args=(seed, port, until)) for seed in range(USERS)]
        for one in readers:
            one.start()
        for one in readers:
            one.join()
        memory = max(memory_of(worker) for worker in children_of(parent))
    middle, most = np.quantile(took, [0.5, 0.95])
    load = os.getloadavg()[0]
    how = f"{len(took)} answers in {seconds:.0f} s, each reader thinks {THINKS[0]:g} to {THINKS[1]:g} s; "
    how += f"median {middle:.3f} s; load {load:.1f}; errors: {len(wrong)} {'; '.join(sorted(set(wrong))[:3])}"
    is_kept = bool(most < ANSWER_BOUND) and not wrong
    answers = Row(
        f"an answer to one of {USERS} readers on {WORKERS} workers, p95",
        float(most),
        bound=f"under {ANSWER_BOUND:g} s, no error",
        is_kept=is_kept,
        how=how,
    )
    worker = Row(
        "memory of the larger worker after that load",
        memory,
        "MiB",
        bound=f"under {MEMORY_BOUND:g} MiB",
        is_kept=memory < MEMORY_BOUND,
        how="resident, what it shares with its parent counted in",
    )
    return [answers, worker]


def children_of(parent: int) -> list[int]:
    """Processes a process started."""
    told = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(one) for one in told.read_text().split()] if told.exists() else [parent]


def memory_of(process: int) -> float:
    """Resident memory in MiB; nan where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), float("nan"))


def looked_at(release: Path) -> list[Row]:
    """The briefing in Chromium until its figures stand, and what each page weighs over the wire."""
    path = os.environ.get("CROSSPRESSURE_CHROMIUM") or next(
        (p for n in NAMES if (p := shutil.which(n))), None
    )
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    weigh = "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
    weigh += ".reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
    times, weights = [], {}
    with served(release) as (port, _), sync_playwright() as playwright:
        flags = [flag for flag in FLAGS if flag != "--headless"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for name, where in PAGES:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(f"http://127.0.0.1:{port}{where}", wait_until="networkidle")
            weights[name] = float(page.evaluate(weigh))
            page.context.close()
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        for _ in range(6):
            page = context.new_page()
            before = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            page.wait_for_selector(".figures .figure")
            times.append(time.perf_counter() - before)
            page.close()
        browser.close()
    first = float(np.median(times[1:]))
    heaviest = max(weights, key=lambda name: weights[name])
    load = os.getloadavg()[0]
    return [
        Row(
            "first useful content of the briefing, warm",
            first,
            bound=f"under {FIRST_BOUND:g} s",
            is_kept=first < FIRST_BOUND,
            how=f"Chromium, until its four figures stand; median of 5; load {load:.1f}",
        ),
        Row(
            f"weight of the heaviest page ({heaviest}) over the wire",
            weights[heaviest] / 1e6,
            "MB",
            bound=f"under {WEIGHT_BOUND / 1e6:g} MB",
            is_kept=weights[heaviest] < WEIGHT_BOUND,
            how=", ".join(f"{name} {size / 1e6:.2f}" for name, size in weights.items()),
        ),
    ]


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer filters, half a minute of readers")
    parser.add_argument("--release", metavar="FOLDER", help="Release to serve (default: 5,000 made-up firms)")
    parser.add_argument("--minutes", type=float, default=1.0, help="of readers (default 1)")
    args = parser.parse_args(words)
    asked = 30 if args.quick else 200
    rows = [filtered(firms, asked) for firms in FILTER_BOUNDS]
    with tempfile.TemporaryDirectory() as folder:
        made = args.release or write_made_up(Path(folder) / "internal", many=5_000)
        rows += looked_at(Path(made))
        rows += together(Path(made), 30.0 if args.quick else 60 * args.minutes)
    return store("serving", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
