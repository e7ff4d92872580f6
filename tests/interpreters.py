"""The Pythons we promise to run on, as far as they are on this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["PYTHONS", "interpreters"]

PYTHONS = ("3.11", "3.12", "3.13")


def interpreters() -> dict[str, str | None]:
    """Path of each Python we promise to run on: ours, one on PATH, one of pyenv; None where there is none."""
    return {version: next(_found(version), None) for version in PYTHONS}


def _found(version: str) -> Iterator[str]:
    """Paths of Pythons of a version that answer so."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield sys.executable
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    beside = sorted(home.glob(f"{version}.*/bin/python{version}"))
    for path in (shutil.which(f"python{version}"), *map(str, reversed(beside))):
        if path and _says(path).startswith(f"Python {version}."):
            yield path


def _says(path: str) -> str:
    """What a Python says of its version: nothing where it does not run, as a shim of pyenv may not."""
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return told.stdout
