"""`technologies`: who holds and who needs each technology, and what to protect, source or compete with."""

import argparse

from dashboard.command.options import add_as_of, add_out, add_study, day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, working

__all__ = ["COMMANDS"]


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `technologies`."""
    add_study(parser)
    add_as_of(parser)
    parser.add_argument(
        "--by",
        metavar="country",
        default="",
        help="country: Japan, Korea, Taiwan and Europe side by side, by the country of the party",
    )
    parser.add_argument(
        "--high", metavar="P", type=float, help="least part that counts as high, above 0 and below 1 (0.3)"
    )
    add_out(
        parser,
        "file to write: .csv or .json, with what the map is made of and the firms beside it; without it, "
        "the map as CSV on stdout",
    )


def _technologies(args: argparse.Namespace) -> int:
    """Measure dependence and indispensability of each technology on each side."""
    from analysis import HIGH_PART, technologies_of

    out = check_out(args.out, (".csv", ".json"))
    as_of = day(args.as_of)
    study = open_study(args.study)
    high = HIGH_PART if args.high is None else args.high
    with working("following technologies between the sides", quiet=args.quiet):
        found = technologies_of(study, as_of=as_of, by=args.by, high=high)
        if out is not None:
            for name, table in (("sides", found.sides), ("firms", found.firms)):
                beside = out.with_name(f"{out.stem}.{name}{out.suffix}")
                put_table(label_synthetic(table, study.synthetic), beside)
        put_table(label_synthetic(found.map, study.synthetic), out)
    many = int((found.map["quadrant"] == "").sum())
    acting = found.map[["dependence_by", "indispensability_by"]].eq("activities").any(axis=1)
    if acting.any():
        say(f"{int(acting.sum())} rows are what they are by activities, counted alike", quiet=args.quiet)
    say(
        f"rule: high is {high:g} or more; protect: indispensability alone is high, source: dependence alone, "
        f"both: both, compete: neither; {many} of {len(found.map)} rows without, since links name no other "
        "supplier to that side",
        quiet=args.quiet,
    )
    return 0


COMMANDS = {
    "technologies": (
        "say who holds and who needs each technology, and how much each side hangs on whom",
        "crosspressure technologies data/demo --by country --out technologies.csv",
        _options,
        _technologies,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
