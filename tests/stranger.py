"""What somebody who installed the wheel finds, from a folder of their own: standard library only.

`python stranger.py PORT DATA`: tests/installed.py copies this file away from the checkout and runs it by the
Python that has the wheel. DATA is the number of files that must be inside. Exits 1 at the first thing that is
not as promised.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from importlib import import_module
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

FLOORS = ("analysis", "dashboard", "survey")
PAGES = ("/", "/pressure", "/survey", "/suppliers", "/rules", "/scenarios", "/benchmark", "/method")
PATIENCE = 180
PROVIDER = 'issuer = "https://in.example.org"\nclient = "a"\naddress = "https://our.example.org"\n'
READ_IO = "; ".join(
    (
        "from pathlib import Path",
        "from analysis.supply.averages.iotable import read_io_table",
        "read_io_table(Path(), 'oecd')",
    )
)

ASKING = {
    "export": ["brief", "data/built/demo/public", "--format", "pptx"],
    "io": [READ_IO],
    "oidc": ["serve", "data/built/demo/internal", "--accounts", "a.db", "--oidc", "provider.toml"],
    "postgres": ["lookthrough", "postgresql://127.0.0.1:1/none#links", "--seeds", "country=CN"],
    "spark": ["lookthrough", "links.csv", "--seeds", "country=CN", "--engine", "spark"],
}
"""What asks for each extra: words of a command, or one line of Python."""


def must(is_so: object, told: str) -> None:
    """Stop here unless it is so."""
    if not is_so:
        sys.exit(f"NOT AS PROMISED: {told}")


def front_doors(many: int) -> None:
    """All names behind the three front doors, and the data inside."""
    for floor in FLOORS:
        door = import_module(floor)
        must("site-packages" in str(door.__file__), f"{floor} comes from {door.__file__}")
        names = getattr(door, "__all__", ())
        must(names or floor == "dashboard", f"{floor} offers nothing")
        lacking = [name for name in names if not hasattr(door, name)]
        must(not lacking, f"{floor} has no {lacking}")
    from survey import data_folder

    files = sum(path.is_file() for path in data_folder().rglob("*") if "__pycache__" not in path.parts)
    must("site-packages" in str(data_folder()) and files == many, f"{files} of {many} files of data inside")


def names_are_ours_alone() -> None:
    """The three top-level names belong to this distribution alone, and it brings no other."""
    owners = packages_distributions()
    for floor in FLOORS:
        must(set(owners[floor]) == {"crosspressure"}, f"{floor} belongs to {owners[floor]}")
    ours = {name for name, dists in owners.items() if "crosspressure" in dists}
    must(ours == set(FLOORS), f"the wheel brings {ours}")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The installed command."""
    command = shutil.which("crosspressure", path=str(Path(sys.executable).parent))
    must(command, "no command crosspressure beside this Python")
    return subprocess.run(
        [str(command), *words], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def commands_work() -> None:
    """Help, version, and numbers from the data inside."""
    from survey import data_folder

    must("lookthrough" in run("--help").stdout, "no help")
    told = run(
        "estimate", str(data_folder() / "demo"), "--stat", "share", "--of", "impact_type", "--out", "e.csv"
    )
    must(told.returncode == 0 and Path("e.csv").stat().st_size > 200, f"estimate: {told.stderr}")
    Path("links.csv").write_text("buyer,supplier,country,share\na,b,CN,0.5\n", encoding="utf-8")
    told = run("lookthrough", "links.csv", "--seeds", "country=CN", "--out", "l.csv")
    must(told.returncode == 0 and "0.5" in Path("l.csv").read_text(encoding="utf-8"), f"links: {told.stderr}")


def demo_is_served(port: int) -> None:
    """The demonstration is built and every page of it answers."""
    command = str(Path(sys.executable).parent / "crosspressure")
    with open("demo.log", "w+", encoding="utf-8") as said:
        server = subprocess.Popen(
            [command, "demo", "--no-browser", "--port", str(port)],
            stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
        try:
            give_up = time.monotonic() + PATIENCE
            while True:
                try:
                    fetch(port, "/")
                    break
                except OSError:
                    must(server.poll() is None and time.monotonic() < give_up, tail())
                    time.sleep(0.2)
            for page in PAGES:
                must("crosspressure" in fetch(port, page).lower(), f"{page} is empty")
            layout = json.loads(fetch(port, "/_dash-layout"))
            must(layout and json.loads(fetch(port, "/_dash-dependencies")), "no pages behind the frame")
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def tail() -> str:
    """What the server said last."""
    return "the demonstration was not served: " + Path("demo.log").read_text(encoding="utf-8")[-2000:]


def fetch(port: int, path: str) -> str:
    """The words of a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read().decode("utf-8")


def extras_are_named() -> None:
    """What needs an extra that is not here ends with 2 and the line that installs it."""
    offered = set(distribution("crosspressure").metadata.get_all("Provides-Extra") or ())
    must(offered == set(ASKING), f"extras {offered}, asked for {set(ASKING)}")
    from survey import has_extra

    Path("provider.toml").write_text(PROVIDER, encoding="utf-8")
    for extra, words in ASKING.items():
        if has_extra(extra):
            continue
        if len(words) == 1:
            code = [sys.executable, "-c", words[0]]
            told = subprocess.run(code, capture_output=True, text=True, timeout=PATIENCE, check=False)
        else:
            told = run(*words)
            must(told.returncode == 2 and "Traceback" not in told.stderr, f"{extra}: {told.stderr}")
        must(f'pip install "crosspressure[{extra}]"' in told.stderr, f"{extra}: {told.stderr}")


if __name__ == "__main__":
    front_doors(int(sys.argv[2]))
    names_are_ours_alone()
    commands_work()
    demo_is_served(int(sys.argv[1]))
    extras_are_named()
    print("as promised")
