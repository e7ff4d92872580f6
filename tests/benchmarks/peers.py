"""Which programs that stand beside ours are here, with their versions, and how one gets the others."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

__all__ = ["Peer", "of_r", "peers", "told"]

LOCKED = "make bench (tests/requirements.lock)"


@dataclass(frozen=True)
class Peer:
    """A program beside ours.

    Attributes
    ----------
    name : str
        Its name; in parentheses what asks it.
    version : str
        "" where it is not here: its rows are then left empty, or the benchmark ends with 2.
    get : str
        How one gets it.
    """

    name: str
    version: str
    get: str


def peers() -> list[Peer]:
    """Every program that a benchmark of this folder asks, here or not."""
    python = os.environ.get("CROSSPRESSURE_NOMENKLATURA", "")
    argus = os.environ.get("CROSSPRESSURE_TAUARGUS", "")
    return [
        Peer("R survey", of_r("survey"), "apt-get install r-cran-survey"),
        Peer("R brglm2", of_r("brglm2"), "apt-get install r-cran-brglm2"),
        *(Peer(name, _of_python(name), LOCKED) for name in ("svy", "firthmodels", "scipy", "networkx")),
        *(Peer(name, _of_python(name), LOCKED) for name in ("pandas", "pyreadstat")),
        Peer(
            "nomenklatura",
            _said([python, "-c", "import importlib.metadata as m; print(m.version('nomenklatura'))"])
            if python
            else "",
            "an environment of its own: pip install nomenklatura (needs libicu-dev); name its Python in "
            "CROSSPRESSURE_NOMENKLATURA",
        ),
        Peer(
            "tau-ARGUS",
            _said([argus, "-c", "import importlib.metadata as m; print(m.version('pytauargus'))"])
            if argus
            else "",
            "its program with Java, and pip install pytauargus; name that Python in CROSSPRESSURE_TAUARGUS",
        ),
    ]


def told(found: Sequence[Peer]) -> str:
    """Who took part, and of each other what to do."""
    here = ", ".join(f"{peer.name} {peer.version}" for peer in found if peer.version)
    lines = [f"Beside ours: {here or 'nobody'}"]
    lines += [f"NOT here: {peer.name}; to have it: {peer.get}" for peer in found if not peer.version]
    return "\n".join(lines)


def _of_python(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def of_r(name: str) -> str:
    """Version of a package of R; "" where R or the package is not here."""
    if shutil.which("Rscript") is None:
        return ""
    return _said(["Rscript", "-e", f"cat(as.character(packageVersion('{name}')))"])


def _said(command: Sequence[str]) -> str:
    """What a program printed; "" where it is not there or failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
