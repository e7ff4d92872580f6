"""`ledger`: who released, corrected or withdrew what, when and why, and whether it is made again."""

import argparse
from pathlib import Path

from dashboard.command.options import add_out, day, open_study
from dashboard.command.outputs import check_out, put_table
from dashboard.command.refusing import refusal_told
from dashboard.command.saying import say, working

__all__ = ["COMMANDS"]

_SHOWN = 10
"""Differences said in words; the table holds all of them."""


def _ledger_options(parser: argparse.ArgumentParser) -> None:
    """Options of `ledger`."""
    parser.add_argument("ledger", metavar="LEDGER", help="folder of the ledger; made with the first entry")
    parser.add_argument("--add", metavar="RELEASE", help="a Release for members or the public that goes out")
    parser.add_argument("--corrects", type=int, default=0, metavar="N", help="entry it takes the place of")
    parser.add_argument("--withdraw", type=int, metavar="N", help="entry that no longer stands")
    parser.add_argument(
        "--verify", type=int, metavar="N", help="entry to hold against what --against makes now"
    )
    parser.add_argument(
        "--against", metavar="STUDY", help="study, built again as it was then, or a Release; beside --verify"
    )
    parser.add_argument("--who", metavar="NAME", default="", help="who does it")
    parser.add_argument("--on", metavar="DATE", help="day of it, YYYY-MM-DD")
    parser.add_argument("--why", metavar="TEXT", default="", help="reason")
    add_out(parser, "a table .csv or .json; without it, CSV on stdout")


def _ledger(args: argparse.Namespace) -> int:
    """Check a ledger, add to it, and print it; 1 where what is verified is not what was recorded."""
    from analysis import record_table, record_withdrawal
    from survey import QuestionFault

    out = check_out(args.out, (".csv", ".json"))
    folder = Path(args.ledger)
    if args.add and args.withdraw is not None:
        raise QuestionFault("--withdraw", "--add beside it", "one of the two", "do one after the other")
    if args.verify is not None or args.against:
        return _verify(args, folder, out)
    on = day(args.on)
    if (args.add or args.withdraw is not None) and on is None:
        raise QuestionFault("--on", "no day", "the day of the release", "say --on YYYY-MM-DD")
    if args.add and on is not None:
        from analysis import read_release, release_on_record

        languages = read_release(Path(args.add)).manifest["languages"]
        with working("attacking", quiet=args.quiet), refusal_told(languages):
            entry = release_on_record(
                folder, Path(args.add), who=args.who, on=on, why=args.why, corrects=args.corrects
            )
        say(f"No. {entry['number']} is recorded.", quiet=args.quiet)
    if args.withdraw is not None and on is not None:
        entry = record_withdrawal(folder, args.withdraw, who=args.who, on=on, why=args.why)
        say(f"No. {args.withdraw} is withdrawn by no. {entry['number']}.", quiet=args.quiet)
    put_table(record_table(folder), out)
    return 0


def _verify(args: argparse.Namespace, folder: Path, out: Path | None) -> int:
    """Hold an entry against a Release, or against the study built again; 1 where they differ."""
    from analysis import compare_with_record, rebuild_recorded
    from survey import QuestionFault

    if args.verify is None or not args.against:
        lacks = "--against" if args.verify is not None else "--verify"
        raise QuestionFault(
            lacks, "nothing", "an entry, and the study or Release it is held against",
            "say --verify N --against STUDY",
        )  # fmt: skip
    if args.add or args.withdraw is not None:
        raise QuestionFault(
            "--verify", "--add or --withdraw beside it", "one of them", "do one after the other"
        )
    given = Path(args.against)
    if (given / "manifest.json").is_file():
        table = compare_with_record(folder, args.verify, given)
    else:
        study = open_study(args.against)
        with working(f"building {study.id} as for no. {args.verify}", quiet=args.quiet):
            table = rebuild_recorded(folder, args.verify, study)
    put_table(table, out)
    if bool(table["is_same"].iloc[0]):
        what = f"No. {args.verify} is what {args.against} is now, to the last byte"
        say(f"{what}: manifest {table['now'].iloc[0][:12]}, {len(table) - 1} parts.", quiet=args.quiet)
        return 0
    apart = table[~table["is_same"]].iloc[1:]
    say(f"No. {args.verify} is not what {args.against} is now:", quiet=args.quiet)
    for row in apart.head(_SHOWN).to_dict(orient="records"):
        then, now = (str(row[end])[:40] or "not there" for end in ("recorded", "now"))
        say(f"- {row['part']} {row['what']}: recorded {then}, now {now}", quiet=args.quiet)
    if len(apart) > _SHOWN:
        say(f"- and {len(apart) - _SHOWN} more: the table holds all", quiet=args.quiet)
    if not set(apart["part"]) & {"version", "settings", "source"}:
        say(
            "Version, settings and sources are those recorded: another version of a library, a private file, "
            "or a Release taken out of the ledger would do this.",
            quiet=args.quiet,
        )
    return 1


COMMANDS = {
    "ledger": (
        "check and extend the ledger of releases: who released what, when and why",
        'crosspressure ledger releases --add data/built/demo/public --who "A. Editor" --on 2026-02-01',
        _ledger_options,
        _ledger,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
