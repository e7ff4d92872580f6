"""`estimate`: numbers of one statistic."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.command.modelling import (
    add_imputed,
    add_regression,
    over_imputations,
    refuse_strays,
    regression_rows,
)
from dashboard.command.options import add_by, add_out, add_study, names, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import working
from dashboard.command.targets import add_target, aim, say_target

if TYPE_CHECKING:
    from analysis import Estimate
    from survey import Wave

__all__ = ["COMMANDS"]

_STATS = ("share", "mean", "total", "ratio", "quantile", "difference", "crosstab", "regression")


def _estimate_options(parser: argparse.ArgumentParser) -> None:
    """Options of `estimate`."""
    add_study(parser)
    parser.add_argument("--stat", required=True, choices=_STATS, help="what is estimated")
    parser.add_argument(
        "--of", metavar="Q,..", action="append", help="questions; `total` without it counts firms"
    )
    parser.add_argument("--over", metavar="Q", help="the question below the line of a ratio")
    parser.add_argument("--p", type=float, default=0.5, help="which quantile, 0 to 1 (default 0.5)")
    add_by(parser)
    parser.add_argument(
        "--against",
        choices=("rest", "each"),
        default="rest",
        help="whom groups of a difference are compared with",
    )
    parser.add_argument("--where", metavar="EXPR", default="", help="only firms for which this holds")
    add_target(parser)
    add_imputed(parser)
    add_out(parser)
    add_regression(parser)


def _estimate(args: argparse.Namespace) -> int:
    """Estimate one statistic of one or more questions."""
    from analysis import as_frame, crosstab, difference, mean, quantile, ratio, share, total
    from survey import QuestionFault, latest_wave

    out = check_out(args.out, (".csv", ".json"))
    study = open_study(args.study)
    questions = names(args.of)
    refuse_strays(args)
    if args.over and args.stat != "ratio":
        raise QuestionFault(
            "--over", f"--stat {args.stat}", "--stat ratio", "leave --over out, or ask for a ratio"
        )
    if args.stat == "ratio" and not args.over:
        raise QuestionFault("--stat ratio", "no --over", "the question below the line", "add --over QUESTION")
    if not questions and args.stat not in ("total", "regression"):
        known = ", ".join(q.id for q in latest_wave(study).codebook.tabulated()[:8])
        raise QuestionFault(
            f"--stat {args.stat}", "no --of", "one or more questions", f"add --of with some of {known}"
        )
    if args.stat in ("crosstab", "difference") and len(names(args.by)) != 1:
        raise QuestionFault(
            f"--stat {args.stat}",
            f"{len(names(args.by))} in --by",
            "one question that makes the groups",
            "add --by QUESTION",
        )
    default = "mechanism" if args.stat == "regression" else None
    design = aim(study, args.target or default)
    with working(f"estimating the {args.stat}", quiet=args.quiet):
        settings = {"by": names(args.by), "where": args.where}

        def estimates(wave: "Wave") -> "Sequence[Estimate]":
            """The statistic asked for, of one wave."""
            if args.stat == "regression":
                return regression_rows(args, study, wave)
            if args.stat == "crosstab":
                (column,) = names(args.by)
                found = [crosstab(wave, design, q, column, where=args.where) for q in questions]
                return tuple(row for table in found for row in table)
            if args.stat == "difference":
                (column,) = names(args.by)
                return difference(wave, design, questions, column, against=args.against, where=args.where)
            if args.stat == "ratio":
                return ratio(wave, design, questions, args.over, **settings)
            if args.stat == "quantile":
                return quantile(wave, design, questions, p=args.p, **settings)
            one_number = {"share": share, "mean": mean, "total": total}[args.stat]
            return one_number(wave, design, questions or None, **settings)

        found = over_imputations(args, latest_wave(study), estimates)
        put_table(label_synthetic(as_frame(found), study.synthetic), out)
    say_target(design, quiet=args.quiet)
    return 0


COMMANDS = {
    "estimate": (
        "estimate shares, means, totals, ratios, quantiles, differences, crosstabs, regressions",
        "crosspressure estimate data/demo --stat share --of had_to_choose --by sector",
        _estimate_options,
        _estimate,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
