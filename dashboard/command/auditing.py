"""`audit`: what printed percentages imply, as a table or as a report to read."""

import argparse
from pathlib import Path

from dashboard.command.options import add_lang, add_out
from dashboard.command.outputs import check_out, put_table, replace_file
from dashboard.command.saying import say, say_findings, working

__all__ = ["COMMANDS"]

_CLASHES = "stated base not reachable|no base fits|misprint|complement|swapped|cut, not|mixed|adds past"


def _audit_options(parser: argparse.ArgumentParser) -> None:
    """Options of `audit`."""
    parser.add_argument("file", metavar="PUBLISHED", help="table of printed figures (.csv, .xlsx, .parquet)")
    parser.add_argument("--gates", metavar="F", help="follow-ups: question_id,gate_question,gate_option")
    parser.add_argument("--breaks", metavar="F", help="changed questions: wave,question_id,reason")
    parser.add_argument(
        "--least", type=int, default=1, metavar="N", help="smallest base possible (default 1)"
    )
    parser.add_argument(
        "--most", type=int, metavar="N", help="largest base possible (default: as the file tells)"
    )
    parser.add_argument("--floor", type=int, default=5, metavar="N", help="fewest firms readable (default 5)")
    add_lang(parser)
    add_out(parser, "file to write: .csv or .json, or a report .html or .pdf; without it, CSV on stdout")


def _audit(args: argparse.Namespace) -> int:
    """Audit a table of printed figures."""
    from analysis import audit_figures, read_breaks, read_figures, read_gates, usual_breaks, usual_gates
    from survey import QuestionFault

    out = check_out(args.out, (".csv", ".json", ".html", ".pdf"))
    for name in ("least", "most", "floor"):
        number = getattr(args, name)
        if number is not None and not 1 <= number <= 100_000:
            raise QuestionFault(f"--{name}", str(number), "a whole number from 1 to 100000", f"mend --{name}")
    with working(f"auditing {Path(args.file).name}", quiet=args.quiet):
        figures = read_figures(Path(args.file))
        breaks = read_breaks(Path(args.breaks)) if args.breaks else usual_breaks()
        audit = audit_figures(
            figures,
            read_gates(Path(args.gates)) if args.gates else usual_gates(),
            least=args.least,
            most=args.most,
            floor=args.floor,
            breaks=breaks,
        )
    if out is not None and out.suffix.lower() in (".html", ".pdf"):
        from dashboard.command.audit_page import page_of_audit

        page = page_of_audit(audit, figures, args.lang, args.floor, breaks)
        if out.suffix.lower() == ".pdf":
            from dashboard.command.printing import print_page

            with working("printing", quiet=args.quiet):
                replace_file(out, lambda path: print_page(page, path))
        else:
            replace_file(out, lambda path: path.write_text(page, encoding="utf-8", newline=""))
    else:
        put_table(audit.table, out)
    clashes = int(audit.table["flag"].str.contains(_CLASHES).sum())
    if clashes or len(audit.small):
        say(
            f"{clashes} figures do not fit what their source says; {len(audit.small)} cells of fewer than "
            f"{args.floor} firms can be read",
            quiet=args.quiet,
        )
    return max(say_findings(audit.findings, quiet=args.quiet), int(bool(clashes or len(audit.small))))


COMMANDS = {
    "audit": (
        "say what printed percentages imply: bases, counts, intervals, misprints, single firms",
        "crosspressure audit published_waves.csv --out audit.html",
        _audit_options,
        _audit,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
