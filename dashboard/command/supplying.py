"""`lookthrough`: how deep dependence goes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_out, study_at
from dashboard.command.outputs import check_out, label_synthetic, put_pieces, put_table
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    from survey import Finding, Study

__all__ = ["COMMANDS"]


def _lookthrough_options(parser: argparse.ArgumentParser) -> None:
    """Options of `lookthrough`."""
    parser.add_argument(
        "links",
        metavar="LINKS|STUDY",
        help="a study with [supply]; or links: CSV, Parquet or a folder of it, an address or a .duckdb file "
        "with #TABLE behind it",
    )
    parser.add_argument(
        "--seeds",
        metavar="FILE|country=CN",
        action="extend",
        nargs="+",
        help="one or more of: a CSV of parties, a country (default: the United States and China)",
    )
    parser.add_argument("--tiers", metavar="K|all", default="all", help="how many tiers deep (default: all)")
    parser.add_argument(
        "--method",
        choices=("first_passage", "leontief", "sales", "ghosh", "origin", "joint"),
        default="first_passage",
        help="what is counted (default: first_passage, each unit once; joint: all seeds, other and unknown "
        "as parts of one)",
    )
    parser.add_argument(
        "--paths",
        metavar="N",
        type=int,
        default=3,
        help="largest paths a firm and seed (default 3, 0: none); with --out, their links and evidence "
        "beside it (F.paths.csv)",
    )
    parser.add_argument(
        "--engine",
        choices=("memory", "duckdb", "spark"),
        help="where the work is done (default: memory, or DuckDB above 20,000,000 links)",
    )
    parser.add_argument(
        "--scratch",
        metavar="FOLDER",
        help="where DuckDB or Spark keep each tier: a folder with room; with Spark also hdfs://... or s3a://...",
    )
    add_out(parser, "file to write: .csv, .json or .parquet; without it, CSV on stdout")


def _lookthrough(args: argparse.Namespace) -> int:
    """Follow the links of each firm back to the seeds."""
    import pandas as pd

    from analysis import (
        allocate,
        beside_links,
        engine_for,
        has_only_sectors,
        load_links,
        look_through,
        trace,
        usual_seeds,
    )

    out = check_out(args.out, (".csv", ".json", ".parquet"))
    tiers = _tiers(args.tiers)
    study = study_at(args.links)
    if study is not None and has_only_sectors(study):
        return _averages(args, study, tiers, out)
    engine, why = engine_for(study or args.links, args.engine)
    if engine != "memory":
        say(f"engine: {engine} ({why})", quiet=args.quiet)
        _only_first_passage(args.method, engine)
        return _follow(args, engine, study, tiers, out)
    notes: tuple[Finding, ...] = ()
    with working("following the links", quiet=args.quiet):
        links = load_links(study or Path(args.links))
        seeds = tuple(args.seeds) if args.seeds else usual_seeds(links.frame)
        is_synthetic = study is not None and study.synthetic
        if args.method == "joint":
            table, steps = allocate(links, seeds, tiers=tiers), None
        else:
            side = "sales" if args.method in ("sales", "ghosh") else "inputs"
            table = look_through(links, seeds, tiers=tiers, method=args.method, paths=args.paths)
            if study is not None and args.method == "first_passage":
                more, notes = beside_links(study, links, seeds, tiers=tiers)
                table = table if more.empty else pd.concat([table, more], ignore_index=True)
            wanted = out is not None and args.paths
            steps = trace(links, seeds, tiers=tiers, side=side, paths=args.paths) if wanted else None
        if out is not None and steps is not None:
            beside = out.with_name(out.stem + ".paths.csv")
            put_table(label_synthetic(steps, is_synthetic), beside)
        put_pieces((label_synthetic(table, is_synthetic),), out)
    say(f"engine: {engine} ({why})", quiet=args.quiet)
    left = float(table["residual"].max())
    say(f"shares of {links.reading}: {links.share_method}; residual at most {left:.1e}", quiet=args.quiet)
    say(f"places counted: {links.territories}", quiet=args.quiet)
    for finding in (*links.findings, *notes):
        say(f"note: {finding}", quiet=args.quiet)
    return 0


def _averages(args: argparse.Namespace, study: "Study", tiers: int | None, out: Path | None) -> int:
    """Look through the sectors of firms, where a study has no links at all."""
    from analysis import beside_links

    _only_first_passage(args.method, "a table of sectors")
    with working("looking through the table of sectors", quiet=args.quiet):
        table, notes = beside_links(study, None, args.seeds or ("country=US", "country=CN"), tiers=tiers)
        put_pieces((label_synthetic(table, study.synthetic),), out)
    for finding in notes:
        say(f"note: {finding}", quiet=args.quiet)
    return 0


def _only_first_passage(method: str, engine: str) -> None:
    """Check that an engine out of memory is asked for what it can do.

    Raises
    ------
    Fault
        Another method than first passage.
    """
    if method != "first_passage":
        from survey import Fault

        raise Fault(
            "--method", f"{method} on {engine}", "first_passage, or --engine memory", "leave one of them out"
        )


def _follow(
    args: argparse.Namespace, name: str, study: "Study | None", tiers: int | None, out: Path | None
) -> int:
    """Look through on an engine; rows go out piece by piece."""
    from analysis import follow_links, open_engine

    with (
        working(f"following the links on {name}", quiet=args.quiet),
        open_engine(name, args.scratch) as engine,
    ):
        followed = follow_links(engine, study or args.links, args.seeds or None, tiers=tiers)
        is_synthetic = study is not None and study.synthetic
        put_pieces((label_synthetic(piece, is_synthetic) for piece in followed.batches()), out)
    say(f"shares of inputs: {followed.share_method}", quiet=args.quiet)
    say(
        f"{followed.links:,} links, {followed.tiers} tiers; paths and averages of sectors are left to the "
        "memory engine",
        quiet=args.quiet,
    )
    for finding in followed.findings:
        say(f"note: {finding}", quiet=args.quiet)
    return 0


def _tiers(text: str) -> int | None:
    """Number of tiers; None for all.

    Raises
    ------
    Fault
        Neither `all` nor a whole number of 1 or more.
    """
    if text == "all":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    from survey import Fault

    raise Fault("--tiers", repr(text), "`all`, or a whole number of 1 or more", "write for example --tiers 3")


COMMANDS = {
    "lookthrough": (
        "follow each firm's inputs back through its suppliers to countries or listed parties",
        "crosspressure lookthrough data/demo --seeds country=CN --tiers 3",
        _lookthrough_options,
        _lookthrough,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
