"""Run every benchmark there is, print one table, keep it with its date: `make bench`.

    python -m tests.benchmarks [--quick] [--only NAME,..] [--fresh] [--minutes 75] [--out FOLDER]

A benchmark is a module of this folder with a `main`; each is a process of its own, one after the other. Those
that tell their results by `tests.benchmarks.rows` are in the table; of the others stand the seconds they took
and the last lines they printed. All but a quick run also write docs/method/speed.md and, of
what is served, docs/performance.md: the last run of each. With --out table and results go to a folder of
yours, those of a quick run too, and no page is written. Programs that stand beside ours are told with their
versions, and of those that are not here how one gets them.
"""

import argparse
import ast
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import peers
from tests.benchmarks.peers import told as who_is_here
from tests.benchmarks.rows import FOLDER, Row, machine, row_from, show

__all__ = ["benchmarks", "main"]

TOP = Path(__file__).parents[2]
HERE = Path(__file__).parent
SERVED = frozenset({"firm_rows", "hour", "probing", "serving", "takeaway"})
"""Benchmarks of what readers of a served Release wait for, told on a page of their own."""

PAGES = {
    TOP / "docs" / "method" / "speed.md": "# Speed, measured",
    TOP / "docs" / "performance.md": "# Performance of the dashboard, measured",
}
"""Pages written from the results that are kept, and their headings."""
LIMITS = """
## Limits

- One machine is behind each section, named with its day, commit and load. What the code became
  since is not in it until the next run.
- Numbers of one section were measured together; those of two sections may lie days apart.
- Data are made up where the row does not name them. Other data, disks and numbers of cores give other
  seconds.
- The peer is called as its manual shows; who knows it well may get more out of it. A ratio is of this
  task, not of two programs.
- A row that missed its bound stays, and says MISSED, until a run keeps it.
"""
"""What the pages do not say, at the end of each."""
LINES = 12
OPTIONS = ("--quick", "--fresh")
ENDINGS = {0: "", 1: "a bound was missed", 2: "nothing to compare with is installed here"}


@dataclass
class Part:
    """What one benchmark told: rows, last lines, exit code, seconds."""

    name: str
    ended: int
    seconds: float
    rows: list[Row] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def why(self) -> str:
        """Why it did not end well, or has no rows; "" where all is kept."""
        if self.ended not in (0, 2) and not self.rows:
            return f"it broke (ended with {self.ended}), see above"
        told = [ENDINGS.get(self.ended, f"ended with {self.ended}")] if self.ended else []
        return "; ".join(told + ([] if self.rows else ["no rows, see above"]))


def benchmarks() -> dict[str, str]:
    """Name and source of each module of this folder that has a `main`, in order."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        functions = {n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
        if "main" in functions and path.name != "__main__.py":
            found[path.stem] = text
    return found


def run(name: str, options: list[str], minutes: float) -> Part:
    """One benchmark in a process of its own; one that takes too long is stopped, and all it started."""
    print(f"\n== {name} {' '.join(options)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{name}", *options],
            cwd=TOP,
            env={**os.environ, FOLDER: folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            text, _ = process.communicate(timeout=60 * minutes)
            ended = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
            ended = -1
            text += f"\nstopped after {minutes:g} minutes\n"
        print(text, end="", flush=True)
        rows = [row_from(row) for file in sorted(Path(folder).glob("*.json")) for row in _record(file)]
        said = [line.rstrip() for line in text.splitlines() if line.strip()]
        said = [line for line in said if not line.startswith(("|", "Stored in "))][-LINES:]
        return Part(name, ended, round(time.perf_counter() - start, 1), rows, said)


def _record(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")).get("rows", [])
    return rows


def page(title: str, names: Collection[str]) -> str:
    """One page of `PAGES`: of each of these benchmarks that still exists the last run that was kept.

    A run is one of `make bench`; of a benchmark that never was in one, of its module alone.
    """
    last: dict[str, tuple[dict[str, Any], Part]] = {}
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in (HERE / "results").glob("*.json")]
    for run_then in sorted((one for one in kept if "benchmarks" in one), key=lambda one: str(one["date"])):
        for told in run_then["benchmarks"]:
            rows = [row_from(row) for row in told["rows"]]
            last[told["name"]] = (run_then, Part(**{**told, "rows": rows}))
    alone = [one for one in kept if {"name", "date", "rows"} <= one.keys() and one["name"] not in last]
    for run_then in sorted(alone, key=lambda one: str(one["date"])):
        rows = [row_from(row) for row in run_then["rows"]]
        last[run_then["name"]] = (
            run_then,
            Part(run_then["name"], int(not all(r.is_kept for r in rows)), 0.0, rows),
        )
    lines = [
        title,
        "",
        "Written by `make bench`; each run is kept in `tests/benchmarks/results`. Ours and what stands",
        "beside it were measured in one run, in turns. The ratio is theirs over ours: 20 is twenty times as",
        "fast, below 1 is slower. Clock seconds of a busy machine say much about the machine; ratios and",
        "processor seconds (`cpu s`) say more.",
    ]
    for name in sorted(last.keys() & set(names)):
        where, part = last[name]
        load = "" if where["load"] is None else f", load {where['load']} at the start"
        lines += ["", f"## {name}", ""]
        told = (
            where["date"][:10],
            f"commit {where['commit']}",
            where["machine"],
            f"Python {where['python']}",
        )
        lines += [", ".join(told) + f"{load}."]
        if part.ended:
            lines += [f"Ended with {part.ended}: {ENDINGS.get(part.ended, 'it broke, or was stopped')}."]
        if part.rows:
            lines += ["", show(part.rows)]
        else:
            lines += [f"{part.seconds:g} s in all; it said:", "", "```text", *part.said, "```"]
    return "\n".join([*lines, LIMITS])


def main(words: list[str]) -> int:
    """Run, print, keep; 1 where a bound was missed or a benchmark broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds; writes no page")
    parser.add_argument("--fresh", action="store_true", help="also the first start in a fresh clone")
    parser.add_argument("--only", metavar="NAME,..", default="", help="these benchmarks")
    parser.add_argument("--minutes", type=float, default=75.0, help="most for one benchmark (default 75)")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="keep table and results here, write no page"
    )
    args = parser.parse_args(words)
    known = benchmarks()
    chosen = [name for name in args.only.split(",") if name] or list(known)
    for name in chosen:
        if name not in known:
            parser.error(f"no benchmark {name!r}; there are {', '.join(known)}")
    beside = peers()
    print(who_is_here(beside), flush=True)
    where, parts = {**machine(), "peers": [asdict(peer) for peer in beside]}, []
    for name in chosen:
        given = [word for word in OPTIONS if word in words and word in known[name]]
        if args.quick and "--quick" not in given:
            print(f"\n== {name}: left out, it has no --quick", flush=True)
            continue
        parts.append(run(name, given, args.minutes))
    table = show([row for part in parts for row in part.rows])
    said = [f"{part.name} ({part.seconds:g} s): {why}" for part in parts if (why := part.why())]
    said = [*said, f"{sum(part.seconds for part in parts):.0f} s in all.", who_is_here(beside)]
    print("\n".join(["", table, *said]))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "table.md").write_text("\n".join([table, "", *said, ""]), encoding="utf-8")
    if args.out or not args.quick:
        file = (args.out or HERE / "results") / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
        record = {**where, "options": words, "benchmarks": [asdict(part) for part in parts]}
        file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"Stored in {file}")
    if not (args.out or args.quick):
        for path, title in PAGES.items():
            told = {name for name in benchmarks() if (name in SERVED) == (path.name == "performance.md")}
            path.write_text(page(title, told), encoding="utf-8")
            print(f"Written: {path.relative_to(TOP)}")
    return int(any(part.ended not in (0, 2) for part in parts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
