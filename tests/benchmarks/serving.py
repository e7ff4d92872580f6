"""What a reader waits for once pages are served: filters, the first page, its weight, fifty at once.

Run: python -m tests.benchmarks.serving [--quick] [--release FOLDER] [--seconds S]. Filters go through the
whole server, in this process; the rest through gunicorn with two workers, on a Release of 5,000 made-up
firms or the one given. What the functions behind the filters take alone is in tests.benchmarks.firm_rows.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.release.manifest import MANIFEST, checksum, write_manifest
from dashboard.access import CALLBACKS
from dashboard.app import make_app
from dashboard.pages.frame import PAGES
from tests.benchmarks.crowd import WORDS, body_of, children_of, memory_of, read_along, served, steps_of
from tests.benchmarks.rows import Row, store
from tests.benchmarks.wide import write_wide
from tests.dashboard.made_up import write_made_up
from tests.setup_chromium import FLAGS, NAMES

__all__ = ["main"]

USERS, WORKERS, THINKS = 50, 2, (1.0, 3.0)
"""Readers at once, processes that answer, and the seconds between two steps of a reader."""

FILTER_BOUNDS = {5_000: 0.100, 100_000: 0.250}
ANSWER_BOUND, FIRST_BOUND, WEIGHT_BOUND, MEMORY_BOUND = 1.0, 2.0, 1.6e6, 250.0


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
            search = f"?q={rng.choice(WORDS)}&sector={rng.choice(('', 'a', 'b'))}&stat={place}"
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


def together(release: Path, seconds: float, worn: float) -> list[Row]:
    """Fifty readers on two workers, who open a page or a firm, read it, and go on; then as fast as may be."""
    step = steps_of(release)
    with served(release, WORKERS) as (port, parent):
        began = max(memory_of(worker) for worker in children_of(parent))
        took, wrong = read_along(port, step, USERS, seconds, THINKS)
        more, wrong_too = read_along(port, step, 4 * WORKERS, worn, (0.0, 0.0))
        memory = max(memory_of(worker) for worker in children_of(parent))
    middle, most = np.quantile(took, [0.5, 0.95])
    load = os.getloadavg()[0]
    how = f"{len(took)} answers in {seconds:.0f} s, each reader thinks {THINKS[0]:g} to {THINKS[1]:g} s; "
    how += f"median {middle:.3f} s; load {load:.1f}; errors: {len(wrong)} {'; '.join(sorted(set(wrong))[:3])}"
    answers = Row(
        f"an answer to one of {USERS} readers on {WORKERS} workers, p95",
        float(most),
        bound=f"under {ANSWER_BOUND:g} s, no error",
        is_kept=bool(most < ANSWER_BOUND) and not wrong,
        how=how,
    )
    hourly = (len(took) + len(more)) / 60
    how = (
        f"resident, what it shares counted in; its own part {memory[1]:.0f} MB, at first {began[0]:.0f} MB; "
    )
    how += f"{len(took) + len(more)} answers by {WORKERS} workers, {hourly:.0f} a minute over an hour; "
    worker = Row(
        "memory of the larger worker after that, and as many answers as it gave in a row",
        memory[0],
        "MB",
        bound=f"under {MEMORY_BOUND:g} MB, no error",
        is_kept=memory[0] < MEMORY_BOUND and not wrong_too,
        how=f"{how}errors: {len(wrong_too)} {'; '.join(sorted(set(wrong_too))[:3])}",
    )
    return [answers, worker]


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
    with served(release, WORKERS) as (port, _), sync_playwright() as playwright:
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
    parser.add_argument("--quick", action="store_true", help="fewer filters, readers for 15 seconds")
    parser.add_argument("--release", metavar="FOLDER", help="Release to serve (default: 5,000 made-up firms)")
    parser.add_argument("--seconds", type=float, default=45.0, help="of readers, twice (default 45)")
    args = parser.parse_args(words)
    asked = 30 if args.quick else 200
    rows = [filtered(firms, asked) for firms in FILTER_BOUNDS]
    with tempfile.TemporaryDirectory() as folder:
        made = args.release or write_wide(Path(folder) / "internal")
        rows += looked_at(Path(made))
        seconds = 15.0 if args.quick else args.seconds
        rows += together(Path(made), seconds, seconds)
    return store("serving", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
