"""`ledger`: who released, corrected or withdrew what, when and why; attacked before it is written down."""

import argparse
from pathlib import Path

from dashboard.command.options import add_out, day
from dashboard.command.outputs import check_out, put_table
from dashboard.command.saying import say, working

__all__ = ["COMMANDS"]


def _ledger_options(parser: argparse.ArgumentParser) -> None:
    """Options of `ledger`."""
    parser.add_argument("ledger", metavar="LEDGER", help="folder of the ledger; made with the first entry")
    parser.add_argument("--add", metavar="RELEASE", help="a Release for members or the public that goes out")
    parser.add_argument("--corrects", type=int, default=0, metavar="N", help="entry it takes the place of")
    parser.add_argument("--withdraw", type=int, metavar="N", help="entry that no longer stands")
    parser.add_argument("--who", metavar="NAME", default="", help="who does it")
    parser.add_argument("--on", metavar="DATE", help="day of it, YYYY-MM-DD")
    parser.add_argument("--why", metavar="TEXT", default="", help="reason")
    add_out(parser, "a table .csv or .json; without it, CSV on stdout")


def _ledger(args: argparse.Namespace) -> int:
    """Check a ledger, add to it, and print it."""
    from analysis import record_table, record_withdrawal
    from survey import QuestionFault

    out = check_out(args.out, (".csv", ".json"))
    folder = Path(args.ledger)
    if args.add and args.withdraw is not None:
        raise QuestionFault("--withdraw", "--add beside it", "one of the two", "do one after the other")
    on = day(args.on)
    if (args.add or args.withdraw is not None) and on is None:
        raise QuestionFault("--on", "no day", "the day of the release", "say --on YYYY-MM-DD")
    if args.add and on is not None:
        from analysis import release_on_record

        with working("attacking", quiet=args.quiet):
            entry = release_on_record(
                folder, Path(args.add), who=args.who, on=on, why=args.why, corrects=args.corrects
            )
        say(f"No. {entry['number']} is recorded.", quiet=args.quiet)
    if args.withdraw is not None and on is not None:
        entry = record_withdrawal(folder, args.withdraw, who=args.who, on=on, why=args.why)
        say(f"No. {args.withdraw} is withdrawn by no. {entry['number']}.", quiet=args.quiet)
    put_table(record_table(folder), out)
    return 0


COMMANDS = {
    "ledger": (
        "check and extend the ledger of releases: who released what, when and why",
        'crosspressure ledger releases --add data/built/demo/public --who "A. Editor" --on 2026-02-01',
        _ledger_options,
        _ledger,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
