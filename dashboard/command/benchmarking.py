"""`benchmark`: one firm's own answers and links beside what a Release says of the others; nothing is kept."""

import argparse
from pathlib import Path

from dashboard.command.options import add_lang, add_out
from dashboard.command.outputs import check_out, label_synthetic, put_table, replace_file
from dashboard.command.saying import say_findings, working

__all__ = ["COMMANDS"]


def _benchmark_options(parser: argparse.ArgumentParser) -> None:
    """Options of `benchmark`."""
    parser.add_argument("release", metavar="RELEASE", help="a folder `crosspressure build` wrote")
    parser.add_argument("--answers", metavar="F", help="your answers: .csv, .sav, .xlsx, one row")
    parser.add_argument("--links", metavar="F", help="your links: buyer,supplier,country,product,value")
    parser.add_argument("--parties", metavar="F", help="with --links: party,country,kind,sales")
    parser.add_argument("--items", metavar="F", help="with --links: product,hs,eccn,us_content,cn_content")
    parser.add_argument("--listings", metavar="F", help="with --links: party,list,from,to")
    parser.add_argument("--bands", metavar="F", help="with --links: firm,flow,share_low,share_high,..")
    parser.add_argument("--firm", metavar="ID", default="", help="your id, where a file holds several firms")
    add_lang(parser)
    add_out(parser, "a table .csv or .json, or a report .html or .pdf; without it, CSV on stdout")


def _benchmark(args: argparse.Namespace) -> int:
    """Compare one firm."""
    from analysis import OwnFiles, benchmark_firm, read_given, read_release
    from survey import QuestionFault

    out = check_out(args.out, (".csv", ".json", ".html", ".pdf"))
    beside = {name: getattr(args, name) for name in ("parties", "items", "listings", "bands")}
    for name, given in beside.items():
        if given and not args.links:
            raise QuestionFault(f"--{name}", "no links", f"--links beside --{name}", "say --links FILE")
    with working("comparing", quiet=args.quiet):
        release = read_release(args.release)
        given = read_given(release, Path(args.answers), firm=args.firm) if args.answers else None
        files = None
        if args.links:
            named = {name: Path(path) if path else None for name, path in beside.items()}
            files = OwnFiles(Path(args.links), **named)
        found = benchmark_firm(release, given, files, firm=args.firm if args.links else "")
    if out is not None and out.suffix.lower() in (".html", ".pdf"):
        from dashboard.benchmark_report import report_of_benchmark
        from dashboard.shelf import open_shelf

        page = report_of_benchmark(open_shelf(Path(args.release)), found, args.lang)
        if out.suffix.lower() == ".pdf":
            from dashboard.command.printing import print_page

            with working("printing", quiet=args.quiet):
                replace_file(out, lambda path: print_page(page, path))
        else:
            replace_file(out, lambda path: path.write_text(page, encoding="utf-8", newline=""))
        return say_findings(found.findings, quiet=args.quiet)
    is_synthetic = bool(release.manifest.get("synthetic"))
    put_table(label_synthetic(found.table, is_synthetic), out)
    if out is not None and len(found.moves):
        moves = out.with_name(f"{out.stem}.moves{out.suffix}")
        put_table(label_synthetic(found.moves, is_synthetic), moves)
    return say_findings(found.findings, quiet=args.quiet)


COMMANDS = {
    "benchmark": (
        "say where one firm's own answers and links stand among those of a Release; nothing is kept",
        "crosspressure benchmark data/built/demo/members --answers mine.csv --links links.csv --out mine.pdf",
        _benchmark_options,
        _benchmark,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
