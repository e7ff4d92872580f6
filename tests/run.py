"""Run every check in turn, all of them even after one failed, and say at the end which did: `make test`."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests import setup_services
from tests.interpreters import interpreters
from tests.setup_chromium import chromium

__all__ = ["main"]

CODE = ("survey", "analysis", "dashboard", "tests")
CHECKS = {
    "ruff check": ("ruff", "check", *CODE),
    "ruff format": ("ruff", "format", "--check", *CODE),
    "mypy": ("mypy",),
    "site": ("tests.site",),
    "paths": ("tests.site.walking",),
    "tests": ("pytest", "--ignore=tests/browser", "-rs", "--durations=10"),
    "ratios": ("tests.benchmarks.ratios",),
    "installed": ("tests.installed",),
    "browser tests": ("pytest", "tests/browser", "-rs", "--durations=5"),
}
"""Name of each check to the module and arguments it runs with."""


def main() -> int:
    """Run the checks; 0 when all passed. Without Chromium the browser tests are left out, and CI fails."""
    os.chdir(Path(__file__).parent.parent)
    must_have_all = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    results: list[tuple[str, str, float]] = []
    print("\n== services for the tests of the engines", flush=True)
    if setup_services.main() and must_have_all:
        results.append(("services", "FAILED: no Java 17 or no PostgreSQL", 0.0))
    for name, command in CHECKS.items():
        start = time.perf_counter()
        if name == "browser tests" and not _chromium_is_set():
            results.append((name, "FAILED: no Chromium" if must_have_all else "LEFT OUT: no Chromium", 0.0))
            continue
        print(f"\n== {name}: python -m {' '.join(command)}", flush=True)
        code = subprocess.run([sys.executable, "-m", *command], check=False).returncode
        results.append(
            (name, "passed" if code == 0 else f"FAILED (exit {code})", time.perf_counter() - start)
        )
    print("\n== Summary")
    for name, outcome, seconds in results:
        print(f"{name:<14} {seconds:7.1f} s  {outcome}")
    for version, path in interpreters().items():
        if path is None:
            print(f"{f'Python {version}':<14} {'-':>7}    left out: not on this machine")
    if any(outcome.startswith("LEFT OUT") for _, outcome, _ in results):
        print("\n!! The browser tests did NOT run: no Chromium could be found or fetched (see above).")
        print("!! Do this: install chromium, or name one: CROSSPRESSURE_CHROMIUM=/path/to/chromium make test")
    return int(any(outcome.startswith("FAILED") for _, outcome, _ in results))


def _chromium_is_set() -> bool:
    """Find Chromium and pass its path on to the tests in CROSSPRESSURE_CHROMIUM."""
    path = chromium()
    if path:
        print(f"\nChromium for the browser tests: {path}", flush=True)
        os.environ["CROSSPRESSURE_CHROMIUM"] = path
    return path is not None


if __name__ == "__main__":
    sys.exit(main())
