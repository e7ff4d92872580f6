"""`demo`: the made-up survey of 100 firms, built once and shown."""

import argparse
import hashlib
import json
import os
from pathlib import Path

from dashboard.command.options import add_settings, open_study
from dashboard.command.releasing import check_port, serve_release
from dashboard.command.saying import say, working

__all__ = ["COMMANDS", "cache_folder"]

_HOST = "127.0.0.1"
_STAMP = "stamp.json"


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `demo`."""
    add_settings(parser, "port")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    parser.add_argument("--remake", metavar="DIR", help="write the made-up study into DIR and stop")


def _demo(args: argparse.Namespace) -> int:
    """Build the demonstration if anything changed since, and serve it."""
    if args.remake:
        from analysis import remake_demo

        with working("making firms up", quiet=args.quiet):
            remake_demo(args.remake)
        say(f"{args.remake} is written.", quiet=args.quiet)
        return 0
    from dashboard.settled import read_settings
    from survey import data_folder

    number = int(read_settings({"port": args.port})["port"].value)
    check_port(_HOST, number)

    folder = data_folder() / "demo"
    out = cache_folder() / "demo"
    stamp = _stamp(folder)
    if not _is_fresh(out, stamp):
        from analysis import write_release

        with working("building the demonstration", quiet=args.quiet):
            write_release(open_study(str(folder)), out)
            (out / _STAMP).write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return serve_release(out / "internal", number, is_shown=not args.no_browser)


def cache_folder() -> Path:
    """`data/built` under the current folder, or under the user's cache where that cannot be written."""
    here = Path("data") / "built"
    nearest = next(place for place in (here, here.parent, Path(".")) if place.is_dir())
    if os.access(nearest, os.W_OK):
        return here
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(home) / "crosspressure" / "built"


def _stamp(folder: Path) -> dict[str, str]:
    """Checksums of the demonstration's files, of the rules, and of the program that builds from them."""
    from analysis import product_version

    code = Path(__file__).parents[2]
    groups = {
        "inputs": folder,
        "rules": folder.parent / "regulation",
        "geography": folder.parent / "geography",
        "survey": code / "survey",
        "analysis": code / "analysis",
    }
    stamp = {"product_version": product_version()}
    for name, place in groups.items():
        total = hashlib.sha256()
        for path in sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            if place.name in ("survey", "analysis") and path.suffix != ".py":
                continue
            total.update(path.relative_to(place).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        stamp[name] = total.hexdigest()
    return stamp


def _is_fresh(out: Path, stamp: dict[str, str]) -> bool:
    """Whether the Release in the cache was made of these inputs by this program."""
    try:
        kept = json.loads((out / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(kept == stamp and (out / "internal" / "manifest.json").is_file())


COMMANDS = {
    "demo": (
        "build the demonstration and show it",
        "crosspressure demo --port 8060 --no-browser",
        _options,
        _demo,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
