"""`contact` of flows in a file too large for memory: rows go out piece by piece, with their notice."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.noticing import put_notice, tell_notice
from dashboard.command.options import day
from dashboard.command.outputs import check_out, put_pieces
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Contacted

__all__ = ["add_engine", "contact_of_flows", "is_flows", "refuse_engine"]


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add `--engine`, `--lists` and `--scratch`, for flows in a file."""
    parser.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        help="where flows of a file are met (default: duckdb); a study is met in memory",
    )
    parser.add_argument(
        "--lists", metavar="F", help="listings of the parties of flows in a file: party,list,from,to"
    )
    parser.add_argument("--scratch", metavar="FOLDER", help="where DuckDB or Spark work: a folder with room")


def is_flows(given: str) -> bool:
    """Whether what is asked about is a file, a folder of Parquet, an address or a table, and no study."""
    path = Path(given)
    if path.is_dir():
        return not (path / "study.toml").is_file() and any(path.rglob("*.parquet"))
    return "://" in given or "#" in given or (path.is_file() and path.suffix.lower() != ".toml")


def refuse_engine(args: argparse.Namespace) -> None:
    """Check that a study is not asked for what only a file of flows can be asked.

    Raises
    ------
    Fault
        `--engine`, `--lists` or `--scratch` with a study.
    """
    from survey import Fault

    for name in ("engine", "lists", "scratch"):
        if getattr(args, name) is not None:
            raise Fault(
                f"--{name}",
                "a study, whose flows are put together in memory",
                f"--{name} with a file of flows",
                "leave it out" if name != "lists" else 'write  listings = "..."  under [rules] of study.toml',
            )


def contact_of_flows(args: argparse.Namespace) -> int:
    """Hold each flow of a file against each rule in force.

    Raises
    ------
    Fault
        No `--as-of`, `--scenario` with a file, flows or listings at fault.
    """
    import pandas as pd

    from analysis import contact_file, list_ages, load_catalogue, open_engine, read_listings, tell_ages
    from survey import Fault

    out = check_out(args.out, (".csv", ".parquet", ".json"))
    as_of = day(args.as_of)
    if as_of is None:
        raise Fault(
            "--as-of", "no day", "the day of the rules, for flows in a file", "write --as-of 2026-01-15"
        )
    if args.scenario:
        raise Fault("--scenario", "a file of flows", "a study", "put the flows into a study, or leave it out")
    catalogue = load_catalogue()
    listings = read_listings(Path(args.lists), catalogue) if args.lists else None
    name = args.engine or "duckdb"
    with (
        working(f"holding flows against rules on {name}", quiet=args.quiet),
        open_engine(name, args.scratch) as engine,
    ):
        done = contact_file(engine, args.study, catalogue, as_of, listings, every=args.all)
        named = pd.DataFrame({"list": list(done.lists), "taken": ""})
        listed = named if listings is None else listings
        ages = list_ages(listed, as_of) if len(listed) else None
        put_pieces(_noted(done, ages), out)
        if out is not None:
            put_notice(out, ages)
    tell_notice(ages, quiet=args.quiet)
    for finding in tell_ages(listed, as_of, args.lists or args.study) if len(listed) else ():
        say(f"note: {finding}", quiet=args.quiet)
    say(_summary(done, every=args.all), quiet=args.quiet)
    say(
        "collisions need shares of a firm's sales and inputs, and are worked out for a study",
        quiet=args.quiet,
    )
    return 0


def _noted(done: "Contacted", ages: "pd.DataFrame | None") -> "Iterator[pd.DataFrame]":
    from analysis import noted

    return (noted(piece, ages) for piece in done.batches())


def _summary(done: "Contacted", *, every: bool) -> str:
    touched = done.totals[done.totals["outcome"] != "none"]
    by = touched.groupby("outcome")["flows"].sum().sort_values(ascending=False)
    told = ", ".join(f"{count:,} {word}" for word, count in by.items()) or "none"
    rows = int(done.totals["flows"].sum()) if every else int(touched["flows"].sum())
    return f"{rows:,} rows of contact over {touched['instrument'].nunique()} instruments: {told}"
