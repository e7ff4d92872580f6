"""Measure what a user waits for, print it as a table, store it with its date: `make bench`.

Speed on one machine says little about another, so start-up is also given as a ratio to an empty Python,
measured in turns with it; medians of five.
"""

import json
import os
import platform
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
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["main"]

TOP = Path(__file__).parent.parent.parent
RESULTS = Path(__file__).parent / "results"
COMMAND = [sys.executable, "-m", "dashboard.command"]
PROGRAM = [str(Path(sys.executable).with_name("crosspressure"))]


@dataclass(frozen=True)
class Measure:
    """One thing a user waits for: seconds (median), the bound, and how it was measured."""

    name: str
    seconds: float
    bound: float
    how: str

    @property
    def is_kept(self) -> bool:
        """Whether it stayed under its bound."""
        return self.seconds < self.bound


def seconds_of(command: list[str], **options) -> float:
    """Wall-clock seconds of one run; a run that fails is a fault of the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False, **options)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def help_against_empty_python() -> list[Measure]:
    """`crosspressure --help`, in turns with a Python that does nothing."""
    pairs = [(seconds_of([*PROGRAM, "--help"]), seconds_of([sys.executable, "-c", "pass"])) for _ in range(5)]
    ratio = statistics.median(ours / empty for ours, empty in pairs)
    return [
        Measure(
            "crosspressure --help",
            statistics.median(ours for ours, _ in pairs),
            0.5,
            f"median of 5; {ratio:.1f} times an empty Python",
        )
    ]


def cold_build() -> list[Measure]:
    """`crosspressure build data/demo` into an empty folder, with no bytecode of ours from before."""
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            fresh = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
            times.append(seconds_of([*COMMAND, "build", "data/demo", "--out", f"{folder}/out"], env=fresh))
    return [Measure("build data/demo, cold", statistics.median(times), 20.0, "median of 3, nothing compiled")]


def second_demo() -> list[Measure]:
    """`make demo` once the environment stands: from the command to a page that is served."""
    return [Measure("make demo, second time", _until_served(["make", "demo"], TOP), 15.0, "one run")]


def first_demo() -> list[Measure]:
    """`make demo` in a fresh clone without any cache: only with `--fresh`, for it downloads everything."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(TOP), str(clone)], check=True)
        empty = {"PIP_NO_CACHE_DIR": "1", "XDG_CACHE_HOME": f"{folder}/cache"}
        seconds = _until_served(["make", "demo"], clone, empty)
        return [Measure("make demo, fresh clone, no caches", seconds, 240.0, "one run")]


def _until_served(command: list[str], place: Path, more: dict[str, str] | None = None) -> float:
    """Seconds until the address answers; the server and all it started are stopped again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [*command, f"PORT={port}", "ARGS=--no-browser"]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        run = subprocess.Popen(
            words,
            cwd=place,
            env={**os.environ, **(more or {})},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            while time.perf_counter() - start < 600:
                if run.poll() is not None:
                    said.seek(0)
                    sys.exit(
                        f"{' '.join(words)} ended with {run.returncode}:\n{said.read().decode()[-2000:]}"
                    )
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                        if answer.status == 200:
                            return time.perf_counter() - start
                except OSError:
                    time.sleep(0.1)
            sys.exit(f"{' '.join(words)} served nothing in ten minutes")
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGTERM)
                try:
                    run.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(run.pid, signal.SIGKILL)


def main(words: list[str]) -> int:
    """Measure, print, store; 1 where a bound was missed."""
    todo: list[Callable[[], list[Measure]]] = [help_against_empty_python, cold_build]
    if shutil.which("make"):
        todo += [second_demo, *([first_demo] if "--fresh" in words else [])]
    measures = [measure for task in todo for measure in task()]
    print(f"{'what':<36} {'seconds':>8} {'bound':>7}        how")
    for measure in measures:
        verdict = "kept  " if measure.is_kept else "MISSED"
        print(f"{measure.name:<36} {measure.seconds:8.2f} {measure.bound:7.1f} {verdict} {measure.how}")
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=TOP, capture_output=True, text=True, check=False
    ).stdout.strip()
    record = {
        "date": now.isoformat(timespec="seconds"),
        "commit": commit,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "measures": [asdict(measure) for measure in measures],
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y-%m-%dT%H%M%S}.json"
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"Stored in {file.relative_to(TOP)}")
    return int(not all(measure.is_kept for measure in measures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
