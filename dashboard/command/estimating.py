"""`estimate`: numbers of one statistic."""

import argparse

from dashboard.command.options import add_by, add_out, add_study, names, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import working

__all__ = ["COMMANDS"]

_STATS = ("share", "mean", "total", "ratio", "quantile")


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
    parser.add_argument("--where", metavar="EXPR", default="", help="only firms for which this holds")
    add_out(parser)


def _estimate(args: argparse.Namespace) -> int:
    """Estimate one statistic of one or more questions."""
    from analysis import as_frame, mean, quantile, ratio, share, total
    from survey import QuestionFault, latest_wave

    out = check_out(args.out, (".csv", ".json"))
    study = open_study(args.study)
    questions = names(args.of)
    if args.over and args.stat != "ratio":
        raise QuestionFault(
            "--over", f"--stat {args.stat}", "--stat ratio", "leave --over out, or ask for a ratio"
        )
    if args.stat == "ratio" and not args.over:
        raise QuestionFault("--stat ratio", "no --over", "the question below the line", "add --over QUESTION")
    if not questions and args.stat != "total":
        known = ", ".join(q.id for q in latest_wave(study).codebook.tabulated()[:8])
        raise QuestionFault(
            f"--stat {args.stat}", "no --of", "one or more questions", f"add --of with some of {known}"
        )
    with working(f"estimating the {args.stat}", quiet=args.quiet):
        wave = latest_wave(study)
        settings = {"by": names(args.by), "where": args.where}
        if args.stat == "ratio":
            found = ratio(wave, study.design, questions, args.over, **settings)
        elif args.stat == "quantile":
            found = quantile(wave, study.design, questions, p=args.p, **settings)
        else:
            one_number = {"share": share, "mean": mean, "total": total}[args.stat]
            found = one_number(wave, study.design, questions or None, **settings)
        put_table(label_synthetic(as_frame(found), study.synthetic), out)
    return 0


COMMANDS = {
    "estimate": (
        "estimate shares, means, totals, ratios or quantiles with their intervals",
        "crosspressure estimate data/demo --stat share --of had_to_choose --by sector",
        _estimate_options,
        _estimate,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
