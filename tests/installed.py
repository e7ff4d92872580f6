"""The product as a stranger installs it: its wheel, an empty environment, another folder.

    python -m tests.installed [--every] [--tests] [--only WORDS]

By default the locked versions of what we need on each Python that is here (3.11 to 3.13, on PATH or of
pyenv), the newest allowed on the newest of them, the lowest allowed on the oldest: what `make test` does.
With --every each of the three on each Python. In each environment tests/stranger.py says whether all is as
promised, tests that ask much of the libraries run (with --tests and all extras: all that open no page), and
the demonstration must hold the same numbers as in the first. --only takes those environments whose name
holds the words, such as `3.13` or `lowest`.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from survey.extras import EXTRAS
from tests.house_map import TOP
from tests.interpreters import interpreters

__all__ = ["build_wheel", "empty_environment", "main"]

VERSIONS = ("locked", "newest", "lowest")
NAME = "Python {}, {}"
CLOSE = 1e-8
"""Most that a number may differ between environments, of itself."""

PATIENCE = 900
INSTALL = ("pip", "install", "-q", "--only-binary", ":all:", "--no-binary", "pyspark")
TOOLS = ("firthmodels", "hypothesis", "networkx", "pypdf", "pytest")
"""Of the tools of the tests, those that tests without pages need."""

UNIT = ("tests/survey", "tests/analysis", "tests/dashboard")
SAMPLE = (
    *("tests/survey/test_spss.py", "tests/survey/test_stata.py", "tests/survey/test_excel.py"),
    *("tests/survey/test_workbook.py", "tests/survey/test_raking.py"),
    *("tests/analysis/test_estimate_golden.py", "tests/analysis/test_models_golden.py"),
    *("tests/dashboard/test_signin.py", "tests/test_extras.py"),
)
"""Tests that ask most of the libraries: run in each environment."""


def chosen(found: Sequence[str], *, every: bool) -> list[tuple[str, str]]:
    """Pairs of Python and versions to try; the Pythons that are here are given from the oldest on."""
    if every or not found:
        return [(python, versions) for python in found for versions in VERSIONS]
    return [*((python, "locked") for python in found), (found[-1], "newest"), (found[0], "lowest")]


def uv(*words: str | Path) -> None:
    """The installer of the tests; it stops everything where it fails."""
    command = [sys.executable, "-m", "uv", *map(str, words)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        sys.exit(f"uv {' '.join(map(str, words))}\n{done.stderr[-3000:]}")


def build_wheel(place: Path) -> Path:
    """The wheel of this checkout, made in a folder."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=TOP, check=True, capture_output=True, timeout=PATIENCE)
    return next(place.glob("*.whl"))


def empty_environment(place: Path, python: str, versions: str, wheel: Path) -> Path:
    """An environment with nothing but the wheel and what it asks for; its Python."""
    uv("venv", "-q", "--python", python, place)
    inside = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = (*INSTALL, "--python", inside)
    if versions == "locked":
        uv(*install, "--require-hashes", "-r", "requirements.lock")
        uv(*install, "--no-deps", wheel)
        return inside
    how = ("--resolution", "lowest-direct") if versions == "lowest" else ("--upgrade",)
    uv(*install, *how, wheel)
    return inside


def try_one(folder: Path, python: str, versions: str, wheel: Path, many: int, unit: tuple[str, ...]) -> str:
    """Install, ask the stranger, run tests; what went wrong, or nothing."""
    inside = empty_environment(folder / "env", python, versions, wheel)
    work = folder / "work"
    work.mkdir()
    shutil.copy(TOP / "tests" / "stranger.py", work)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = subprocess.run(
        [inside, "stranger.py", str(port), str(many)],
        cwd=work, env=clean, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    if told.returncode:
        return (told.stdout + told.stderr)[-2000:]
    return run_tests(inside, versions, wheel, unit)


def run_tests(inside: Path, versions: str, wheel: Path, unit: tuple[str, ...]) -> str:
    """Tests of this checkout, with the libraries of such an environment; what failed, or nothing."""
    extras = ",".join(EXTRAS) if unit == UNIT else "export"
    groups = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    tools = [line for line in groups["test"] if line.startswith(TOOLS)]
    how = {"locked": ("-c", "tests/requirements.lock"), "lowest": ("--resolution", "lowest-direct")}
    uv(*(*INSTALL, "--python", inside), *how.get(versions, ()), f"{wheel}[{extras}]", *tools)
    command = [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--maxfail=20", *unit]
    told = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=8 * PATIENCE, check=False)
    print("  " + (told.stdout.strip().splitlines() or [told.stderr[-300:]])[-1], flush=True)
    return told.stdout[-3000:] if told.returncode else ""


def numbers(place: Path) -> pd.DataFrame:
    """The columns of numbers of a table."""
    return pd.read_parquet(place).select_dtypes("number")


def differing(one: Path, other: Path) -> list[str]:
    """Tables of two builds that do not hold the same numbers; words may name the folder, and are left."""
    names = {path.relative_to(one) for path in one.rglob("*.parquet")}
    apart = [str(name) for name in names ^ {path.relative_to(other) for path in other.rglob("*.parquet")}]
    for name in sorted(names):
        try:
            pd.testing.assert_frame_equal(
                numbers(one / name), numbers(other / name),
                rtol=CLOSE, atol=CLOSE, check_dtype=False, check_column_type=False,
            )  # fmt: skip
        except AssertionError as error:
            apart.append(f"{name}: {' '.join(str(error).split())[:200]}")
    return apart


def main(words: list[str]) -> int:
    """Try each environment; 1 where one is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--every", action="store_true", help="all versions on all Pythons")
    parser.add_argument("--tests", action="store_true", help="also the unit tests, in each")
    parser.add_argument("--only", default="", metavar="WORDS", help="environments whose name holds them")
    args = parser.parse_args(words)
    found: dict[str, str] = {}
    for python, path in interpreters().items():
        if path is None:
            print(f"Python {python}: -  left out, not on this machine", flush=True)
        else:
            found[python] = path
    wanted = [pair for pair in chosen(list(found), every=args.every) if args.only in NAME.format(*pair)]
    if not wanted:
        sys.exit(f"No environment to try: none on this machine is named {args.only!r}.")
    built: Path | None = None
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        wheel = build_wheel(top)
        data = TOP / "data"
        many = sum(p.is_file() and "built" not in p.relative_to(data).parts[:1] for p in data.rglob("*"))
        for python, versions in wanted:
            told = NAME.format(python, versions)
            start, folder = time.perf_counter(), top / f"{python}-{versions}"
            wrong = try_one(folder, found[python], versions, wheel, many, UNIT if args.tests else SAMPLE)
            here = folder / "work" / "data" / "built" / "demo"
            if not wrong and built is not None:
                wrong = "\n".join(differing(built, here))
            built = built or (here if not wrong else None)
            failed += bool(wrong)
            print(f"{told}: {wrong or 'as promised'} ({time.perf_counter() - start:.0f} s)", flush=True)
            shutil.rmtree(folder / "env", ignore_errors=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
