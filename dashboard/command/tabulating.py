"""`tables`: every option of every question, for all firms and group by group."""

import argparse

from dashboard.command.options import add_by, add_out, add_study, names, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import working

__all__ = ["COMMANDS"]


def _tables_options(parser: argparse.ArgumentParser) -> None:
    """Options of `tables`."""
    add_study(parser)
    parser.add_argument("--rows", metavar="all|Q,..", action="append", help="questions (default: all)")
    add_by(parser)
    parser.add_argument(
        "--base",
        choices=("answered", "routed", "returned"),
        default="answered",
        help="base rule (default: answered)",
    )
    add_out(parser, "file to write: .csv, .xlsx, .html or .json; without it, CSV on stdout")


def _tables(args: argparse.Namespace) -> int:
    """Estimate every option of every question, for all firms and by group."""
    from analysis import as_frame, banner
    from survey import latest_wave

    out = check_out(args.out, (".csv", ".xlsx", ".html", ".json"))
    study = open_study(args.study)
    with working(f"tabulating {study.id}", quiet=args.quiet):
        wave = latest_wave(study)
        rows = names(args.rows)
        if rows in ((), ("all",)):
            rows = tuple(q.id for q in wave.codebook.tabulated())
        estimates = as_frame(banner(wave, study.design, rows, names(args.by), base_rule=args.base))
        if out is not None and out.suffix.lower() == ".xlsx":
            from dashboard.command.workbook import write_workbook

            write_workbook(estimates, wave, study, out)
        elif out is not None and out.suffix.lower() == ".html":
            from dashboard.command.webpage import write_webpage

            write_webpage(estimates, wave, study, out)
        else:
            put_table(label_synthetic(estimates, study.synthetic), out)
    return 0


COMMANDS = {
    "tables": (
        "tabulate questions with n, base and interval",
        "crosspressure tables data/demo --rows all --by sector --out tables.xlsx",
        _tables_options,
        _tables,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
