"""What a user waits for: help, a cold build, `make demo`.

Run: python -m tests.benchmarks.waiting [--quick] [--fresh]. Speed on one machine says little about another,
so help is also given beside an empty Python, in turns with it.
"""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.rows import Row, store

__all__ = ["main"]

TOP = Path(__file__).parent.parent.parent
PROGRAM = [str(Path(sys.executable).with_name("crosspressure"))]


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds on the clock, seconds of processor time (0 where the system hides it)."""

    clock: float
    processor: float


def run_once(command: list[str], more: dict[str, str] | None = None) -> Run:
    """Run a command to its end; one that fails is a fault of the benchmark."""
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(
        command, cwd=TOP, env={**os.environ, **(more or {})}, capture_output=True, text=True, check=False
    )
    clock, after = time.perf_counter() - start, os.times()
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return Run(
        clock, after.children_user + after.children_system - before.children_user - before.children_system
    )


def measured(name: str, runs: list[Run], bound: float, how: str) -> Row:
    """Medians over runs; the clock is what is bound, processor seconds are told beside it."""
    clock, processor = (
        statistics.median(getattr(run, field) for run in runs) for field in ("clock", "processor")
    )
    return Row(
        name, clock, bound=f"under {bound:g} s", is_kept=clock < bound, how=f"{how}; {processor:.2f} cpu s"
    )


def help_against_empty_python() -> Row:
    """`crosspressure --help`, in turns with a Python that does nothing."""
    pairs = [(run_once([*PROGRAM, "--help"]), run_once([sys.executable, "-c", "pass"])) for _ in range(5)]
    row = measured("crosspressure --help", [ours for ours, _ in pairs], 0.5, "median of 5, in turns")
    return replace(
        row, peer="a Python that does nothing", theirs=statistics.median(e.clock for _, e in pairs)
    )


def cold_build() -> Row:
    """`crosspressure build data/demo` into an empty folder, with no bytecode from before."""
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            build = [*PROGRAM, "build", "data/demo", "--out", f"{folder}/out"]
            runs.append(run_once(build, {"PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}))
    return measured("build data/demo, cold", runs, 20.0, "median of 3, nothing compiled")


def second_demo() -> Row:
    """`make demo` once it has run before: from the command to a page that is served."""
    demo_once(TOP)
    return measured("make demo, second time", [demo_once(TOP)], 15.0, "one run, until a page is served")


def first_demo() -> Row:
    """`make demo` in a fresh clone without any cache: only with `--fresh`, for it downloads everything."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(TOP), str(clone)], check=True)
        run = demo_once(clone, {"PIP_NO_CACHE_DIR": "1", "XDG_CACHE_HOME": f"{folder}/cache"})
        return measured("make demo, fresh clone, no caches", [run], 240.0, "one run, until a page is served")


def demo_once(place: Path, more: dict[str, str] | None = None) -> Run:
    """`make demo` until its address answers; the server and all it started are stopped again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["make", "demo", f"PORT={port}", "ARGS=--no-browser"]
    start, before = time.perf_counter(), os.times()
    with tempfile.TemporaryFile() as said:
        run = subprocess.Popen(
            words,
            cwd=place,
            env={**os.environ, **(more or {})},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        clock = 0.0
        try:
            while not clock and time.perf_counter() - start < 600:
                if run.poll() is not None:
                    said.seek(0)
                    sys.exit(
                        f"{' '.join(words)} ended with {run.returncode}:\n{said.read().decode()[-2000:]}"
                    )
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                        clock = time.perf_counter() - start if answer.status == 200 else 0.0
                except OSError:
                    time.sleep(0.1)
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGTERM)
                try:
                    run.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(run.pid, signal.SIGKILL)
                    run.wait()
    if not clock:
        sys.exit(f"{' '.join(words)} served nothing in ten minutes")
    after = os.times()
    return Run(
        clock, after.children_user + after.children_system - before.children_user - before.children_system
    )


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    todo: list[Callable[[], Row]] = [help_against_empty_python, cold_build]
    if shutil.which("make") and "--quick" not in words:
        todo += [second_demo, *([first_demo] if "--fresh" in words else [])]
    return store("waiting", [task() for task in todo])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
