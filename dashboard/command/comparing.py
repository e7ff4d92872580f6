"""`change`: what moved between waves, with the overlap of firms, the bounds of silence and the breaks."""

import argparse

from dashboard.command.options import add_out, add_study, names, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, say_findings, working
from dashboard.command.targets import add_target, aim, say_target

__all__ = ["COMMANDS"]


def _change_options(parser: argparse.ArgumentParser) -> None:
    """Options of `change`."""
    add_study(parser)
    parser.add_argument(
        "--waves",
        metavar="A,B",
        action="append",
        required=True,
        help="waves, the earlier first; of several, each with the next",
    )
    parser.add_argument(
        "--of",
        metavar="Q,..",
        action="append",
        help="questions or concepts (default: all that both waves asked)",
    )
    parser.add_argument(
        "--base",
        choices=("answered", "routed", "returned"),
        default="answered",
        help="base rule (default: answered)",
    )
    add_target(parser)
    parser.add_argument(
        "--across-breaks", action="store_true", help="also where a question changed its meaning"
    )
    parser.add_argument("--trend", action="store_true", help="the number of each wave instead of the changes")
    add_out(parser, "CSV or JSON file to write; without it, CSV on stdout")


def _change(args: argparse.Namespace) -> int:
    """Compare waves, each with the next, or line them up."""
    from dataclasses import replace
    from itertools import pairwise

    from analysis import as_frame, changes_frame, study_changes, trend
    from survey import QuestionFault, study_wave

    out = check_out(args.out, (".csv", ".json"))
    study = open_study(args.study)
    waves, questions = names(args.waves), names(args.of)
    known = ", ".join(source.name for source in study.waves)
    if len(waves) < 2 or len(set(waves)) < len(waves):
        raise QuestionFault(
            "--waves",
            ",".join(waves),
            "two different waves or more, the earlier first",
            f"the study has {known}",
        )
    if args.trend and not questions:
        raise QuestionFault("--trend", "no --of", "questions or concepts", "add --of QUESTION,..")
    design = aim(study, args.target)
    with working(f"comparing {len(waves)} waves", quiet=args.quiet):
        if args.trend:
            lined = [study_wave(study, name) for name in waves]
            rows = trend(lined, design, questions, base_rule=args.base, across_breaks=args.across_breaks)
            put_table(label_synthetic(as_frame(rows), study.synthetic), out)
            say_target(design, quiet=args.quiet)
            return 0
        found, findings = [], []
        for earlier, later in pairwise(waves):
            some, seen = study_changes(
                replace(study, design=design), earlier, later, questions,
                base_rule=args.base, across_breaks=args.across_breaks,
            )  # fmt: skip
            found += some
            findings += [finding for finding in seen if finding not in findings]
        table = changes_frame(found)
    say_target(design, quiet=args.quiet)
    for earlier, later in pairwise(waves):
        rows = table[(table["earlier"] == earlier) & (table["later"] == later)]
        say(_overlap(earlier, later, rows), quiet=args.quiet)
    put_table(label_synthetic(table, study.synthetic), out)
    return say_findings(findings, quiet=args.quiet)


def _overlap(earlier: str, later: str, rows) -> str:  # type: ignore[no-untyped-def]
    """What the comparison of two waves rests on, in one line."""
    if not len(rows):
        return f"{earlier} and {later}: nothing to compare."
    if rows["overlap"].isna().all():
        return f"{earlier} and {later}: nobody knows which firms are in both; limits hold for any overlap."
    low, high = rows["overlap"].min(), rows["overlap"].max()
    if high == 0:
        return f"{earlier} and {later}: no firm gave an answer in both waves; they are compared as two draws."
    many = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"{earlier} and {later}: {many} firms gave an answer in both waves and are compared with themselves."
    )


COMMANDS = {
    "change": (
        "compare waves: paired where firms overlap, with bounds for silence",
        "crosspressure change mystudy --waves 2021,2022 --of effect --out change.csv",
        _change_options,
        _change,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
