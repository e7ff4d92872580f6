"""Adds what persons decided about names to the judgements, and notes it on a server's trail."""

import argparse
import time
from datetime import date
from pathlib import Path

from dashboard.command.options import add_settings
from dashboard.command.saying import say

__all__ = ["add_judging_options", "judge"]


def add_judging_options(parser: argparse.ArgumentParser) -> None:
    """Options of judgements, for `match`."""
    parser.add_argument("--judge", metavar="REVIEW", help="filled-in review file to add to the judgements")
    add_settings(parser, "accounts")


def judge(args: argparse.Namespace, path: Path, as_of: date | None) -> int:
    """Add the filled-in rows of a review file to a file of judgements; one that does not fit stops all.

    Raises
    ------
    Fault
        No day is known, rows do not fit, or the trail cannot be written.
    """
    from analysis import add_judgements
    from dashboard.settled import read_settings
    from survey import Fault

    if as_of is None:
        raise Fault("--as-of", "no day", "the day of the judgements", "write for example --as-of 2026-01-15")
    place = str(read_settings({"accounts": args.accounts})["accounts"].value)
    if not place:
        many = add_judgements(Path(args.judge), path, as_of)
    else:
        from analysis import read_judgements
        from dashboard.signin.store import open_store
        from dashboard.signin.trail import add_to_trail

        with open_store(place).writing() as connection:
            many = add_judgements(Path(args.judge), path, as_of)
            if many:
                rows = read_judgements(path).tail(many)
                who = ", ".join(sorted(set(rows["who"])))
                told = f"{many} in {path.name}, last checksum {rows['checksum'].iloc[-1]}, by {who}"
                add_to_trail(connection, "command", "judged", told, at=time.time())
    say(f"{many} judgements added to {path}", quiet=args.quiet)
    return 0
