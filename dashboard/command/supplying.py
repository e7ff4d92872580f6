"""`lookthrough` and `contact`: how deep dependence goes, and which rules touch which flow."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_as_of, add_out, add_study, day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    from survey import Study

__all__ = ["COMMANDS"]


def _lookthrough_options(parser: argparse.ArgumentParser) -> None:
    """Options of `lookthrough`."""
    parser.add_argument("links", metavar="LINKS|STUDY", help="CSV of links, or a study with [supply]")
    parser.add_argument(
        "--seeds",
        metavar="FILE|country=CN",
        action="extend",
        nargs="+",
        help="one or more of: a CSV of parties, a country (default: the United States and China)",
    )
    parser.add_argument("--tiers", metavar="K|all", default="all", help="how many tiers deep (default: all)")
    parser.add_argument("--engine", choices=("memory",), default="memory", help="where the work is done")
    add_out(parser)


def _contact_options(parser: argparse.ArgumentParser) -> None:
    """Options of `contact`."""
    add_study(parser)
    add_as_of(parser)
    parser.add_argument("--all", action="store_true", help="also flows that no rule touches")
    add_out(parser, "CSV file to write, collisions beside it (F.collisions.csv); without it, CSV on stdout")


def _lookthrough(args: argparse.Namespace) -> int:
    """Follow the links of each firm back to the seeds."""
    from analysis import load_links, look_through, usual_seeds

    out = check_out(args.out, (".csv", ".json"))
    tiers = _tiers(args.tiers)
    study = _study_at(args.links)
    with working("following the links", quiet=args.quiet):
        links = load_links(study or Path(args.links))
        seeds = tuple(args.seeds) if args.seeds else usual_seeds(links.frame)
        table = look_through(links, seeds, tiers=tiers)
        put_table(label_synthetic(table, study is not None and study.synthetic), out)
    say(f"shares of inputs: {links.share_method}", quiet=args.quiet)
    for finding in links.findings:
        say(f"note: {finding}", quiet=args.quiet)
    return 0


def _contact(args: argparse.Namespace) -> int:
    """Hold each flow against each rule in force, and each pair of rules against each other."""
    from analysis import touch_firms

    out = check_out(args.out, (".csv",))
    as_of = day(args.as_of)
    study = open_study(args.study)
    with working("holding flows against rules", quiet=args.quiet):
        touched = touch_firms(study, as_of=as_of, every=args.all)
        if out is not None:
            beside = out.with_name(out.stem + ".collisions.csv")
            put_table(label_synthetic(touched.collisions, study.synthetic), beside)
        put_table(label_synthetic(touched.contacts, study.synthetic), out)
    for finding in touched.findings:
        say(f"note: {finding}", quiet=args.quiet)
    return 0


def _study_at(given: str) -> "Study | None":
    """The study, if `given` is a folder or a study.toml; None where it is a file of links."""
    path = Path(given)
    if path.is_dir() or path.suffix.lower() == ".toml":
        return open_study(given)
    return None


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
    "contact": (
        "say which rules touch which flow, and which of them collide",
        "crosspressure contact data/demo --as-of 2026-01-15 --out contact.csv",
        _contact_options,
        _contact,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
