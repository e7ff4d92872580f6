"""Walk the paths of docs/paths as a stranger would: run each command, and hold the page against the output.

    python -m tests.site.walking [--fresh | --wheel] [PAGE ..]

A block marked `sh` is run, in an empty folder beside a copy of data/; its exit is 0 or 1 (done, with
findings). Each line of a block marked `text` must stand in what the last block printed. One that ends with
`crosspressure serve` is a server: it gets a free port, and every address that follows must answer with 200.
A Japanese page has the blocks of the English one (tests/test_site.py holds it), so it is walked with it: its
addresses are asked for as well. With --fresh the command is that of a clone with an environment of its own,
made as `make demo` makes it; with --wheel, that of an environment with nothing but the wheel, decks and the
pinned versions of what it needs; without, that of this environment.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.installed import build_wheel, empty_environment

__all__ = ["blocks", "main", "walk"]

TOP = Path(__file__).parents[2]
PAGES = TOP / "docs" / "paths"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"\((http://127\.0\.0\.1:8050[^)\s]*)\)")
BY_PYTHON = "import sys; from dashboard.command import main; sys.exit(main(sys.argv[1:]))"
WAIT = 120.0


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Mark and text of each block of a page, and the prose up to the next one."""
    parts = BLOCK.split(page)
    return list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))


def walk(page: Path, folder: Path, environment: dict[str, str]) -> list[str]:
    """What of a page is not as it says; nothing, where a stranger gets through."""
    faults: list[str] = []
    said = ""
    twin = blocks(page.with_suffix(".ja.md").read_text(encoding="utf-8"))
    japanese = [prose for mark, block, prose in twin if mark == "sh" and _serves(block)]
    for mark, block, prose in blocks(page.read_text(encoding="utf-8")):
        if mark == "sh":
            *before, last = block.rstrip().split("\n")
            serves = _serves(block)
            code, said = _run("\n".join(before) if serves else block, folder, environment)
            if code not in (0, 1):
                faults.append(f"{page.name}: exit {code} of\n{block}{said}")
            if serves:
                addresses = ADDRESS.findall(prose + japanese.pop(0))
                found = _served(last, addresses, folder, environment)
                faults += [f"{page.name}: {fault}" for fault in found]
        elif mark == "text":
            squeezed = " ".join(said.split())
            faults += [
                f"{page.name}: `{line}` is not in the output:\n{said}"
                for line in block.splitlines()
                if " ".join(line.split()) not in squeezed
            ]
    return faults


def _serves(block: str) -> bool:
    """Whether a block ends with a server."""
    return block.rstrip().split("\n")[-1].startswith("crosspressure serve")


def _run(lines: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit code, the worst of all lines, and what they printed; 0 and nothing of no lines."""
    if not lines.strip():
        return 0, ""
    script = 'worst=0\n_keep() { code=$?; [ "$code" -le "$worst" ] || worst=$code; }\n'
    script += "trap _keep ERR\n" + lines + "\nexit $worst\n"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return done.returncode, done.stdout


def _served(line: str, addresses: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
    """What is wrong with the addresses that follow a server's line."""
    if not addresses:
        return [f"no address follows `{line}`"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        ["bash", "-c", f"exec {line} --port {port}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        faults = []
        for address in addresses:
            status = _status(address.replace(":8050", f":{port}"), server)
            faults += [] if status == 200 else [f"{address} answers {status}"]
        return faults
    finally:
        server.terminate()
        server.wait(30)


def _status(address: str, server: "subprocess.Popen[bytes]") -> int:
    """Status of an address, asked again until the server is up; 0 where it never is."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as fault:
            return fault.code
        except OSError:
            time.sleep(0.3)
    return 0


def _beside(folder: Path) -> dict[str, str]:
    """A folder with a copy of data/, and an environment whose `crosspressure` is this checkout's."""
    shutil.copytree(TOP / "data", folder / "data", ignore=shutil.ignore_patterns("built"))
    tools = folder / ".tools"
    tools.mkdir()
    command = tools / "crosspressure"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{BY_PYTHON}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "PATH": f"{tools}{os.pathsep}{kept['PATH']}", "PYTHONPATH": str(TOP)}


def _cloned(folder: Path) -> dict[str, str]:
    """A clone with an environment of its own, made as `make demo` makes it."""
    subprocess.run(["git", "clone", "-q", str(TOP), str(folder)], check=True)
    subprocess.run(["sh", "tests/environment.sh", "requirements.lock"], cwd=folder, check=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return {**kept, "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{kept['PATH']}"}


def _installed(folder: Path) -> dict[str, str]:
    """A folder with a copy of data/, and an environment that holds the wheel and what the lock pins."""
    shutil.copytree(TOP / "data", folder / "data", ignore=shutil.ignore_patterns("built"))
    with tempfile.TemporaryDirectory() as place:
        wheel = build_wheel(Path(place))
        inside = empty_environment(folder.parent / "env", sys.executable, "locked", wheel)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return {**kept, "PATH": f"{inside.parent}{os.pathsep}{kept['PATH']}"}


def main(words: list[str]) -> int:
    """Walk the pages, each in a folder of its own; 1 where one of them is not true."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names such as analyst; all, if left out")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--fresh", action="store_true", help="in a clone with an environment of its own")
    where.add_argument("--wheel", action="store_true", help="in an environment with the wheel alone")
    args = parser.parse_args(words)
    pages = [PAGES / f"{name}.md" for name in args.pages] or sorted(
        path for path in PAGES.glob("*.md") if not path.stem.endswith(".ja")
    )
    is_true = True
    for page in pages:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as room:
            folder = Path(room) / "checkout"
            if args.fresh:
                environment = _cloned(folder)
            else:
                folder.mkdir()
                environment = _installed(folder) if args.wheel else _beside(folder)
            found = walk(page, folder, environment)
        is_true = is_true and not found
        said = "FAILED" if found else "as written"
        print(f"{page.name:<16} {time.perf_counter() - start:6.1f} s  {said}", *found, sep="\n", flush=True)
    return int(not is_true)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
