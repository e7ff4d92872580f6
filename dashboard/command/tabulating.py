"""`tables`: every option of every question, for all firms and group by group, with who differs from whom."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_by, add_out, add_study, names, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import working
from dashboard.command.targets import add_target, aim, say_target

if TYPE_CHECKING:
    from analysis import Book
    from survey import Design, Study, Wave

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
    parser.add_argument("--where", metavar="EXPR", default="", help="only firms for which this holds")
    add_target(parser)
    parser.add_argument(
        "--means",
        metavar="Q,..",
        action="append",
        help="scales: the mean of their codes stands under the shares",
    )
    parser.add_argument(
        "--boxes", metavar="N", type=int, default=0, help="nets of N options at both ends of --means"
    )
    parser.add_argument(
        "--of-responses",
        action="store_true",
        help="questions of several answers: shares of all answers given",
    )
    parser.add_argument(
        "--test",
        choices=("design", "spss", "displayr_exceptions", "no"),
        default="design",
        help="how groups are compared (default: design)",
    )
    parser.add_argument(
        "--adjust",
        choices=("holm", "none", "bh", "bonferroni"),
        default="",
        help="correction for many pairs (default: holm; spss: bonferroni; displayr_exceptions: none)",
    )
    parser.add_argument("--alpha", type=float, default=0.05, help="letters below this p-value (default 0.05)")
    parser.add_argument(
        "--pairs", metavar="F", help="CSV or JSON file for every pair of groups, with its p-value"
    )
    parser.add_argument(
        "--options", metavar="F", help="CSV or JSON file for every pair of options of a question"
    )
    parser.add_argument(
        "--lang", metavar="L", default="", help="language of .xlsx and .html, such as en or ja"
    )
    add_out(parser, "file to write: .csv, .xlsx, .html or .json; without it, CSV on stdout")


def _tables(args: argparse.Namespace) -> int:
    """Estimate every option of every question, for all firms and by group."""
    from analysis import Comparison, banner_book, compare_options
    from survey import latest_wave

    out = check_out(args.out, (".csv", ".xlsx", ".html", ".json"))
    pairs = check_out(args.pairs, (".csv", ".json"))
    options = check_out(args.options, (".csv", ".json"))
    study = open_study(args.study)
    lang = _language(args.lang, study)
    comparison = None if args.test == "no" else Comparison(args.test, args.adjust, args.alpha)
    design = aim(study, args.target)
    with working(f"tabulating {study.id}", quiet=args.quiet):
        wave = latest_wave(study)
        rows = names(args.rows)
        book = banner_book(
            wave,
            design,
            None if rows in ((), ("all",)) else rows,
            names(args.by),
            args.base,
            where=args.where,
            means=names(args.means),
            boxes=args.boxes,
            of_responses=args.of_responses,
            comparison=comparison,
        )
        if out is not None and out.suffix.lower() in (".xlsx", ".html"):
            _print_book(book, wave, study, design, out, lang)
        else:
            put_table(label_synthetic(book.estimates.frame(), study.synthetic), out)
        if pairs is not None:
            put_table(label_synthetic(book.pairs(), study.synthetic), pairs)
        if options is not None:
            asked = None if rows in ((), ("all",)) else rows
            adjust = args.adjust or "holm"
            found = compare_options(
                wave, design, asked, names(args.by), args.base, where=args.where, adjust=adjust
            )
            put_table(label_synthetic(found, study.synthetic), options)
    say_target(design, quiet=args.quiet)
    return 0


def _print_book(book: "Book", wave: "Wave", study: "Study", design: "Design", out: Path, lang: str) -> None:
    """Write the book as a workbook or a web page."""
    from dashboard.command.book_notes import notes_for
    from dashboard.command.book_words import said
    from dashboard.command.sheets import sheets_for
    from dashboard.command.webpage import write_webpage
    from dashboard.command.workbook import write_workbook

    estimates = book.estimates.frame()
    letters = book.letters if book.comparison and book.comparison.test != "displayr_exceptions" else {}
    sheets = sheets_for(estimates, wave, lang, letters)
    notes = notes_for(estimates, wave, study, design, lang, book.comparison)
    title, source = study.title.get(lang) or study.id, dict(notes)[said("study", lang)]
    write = write_workbook if out.suffix.lower() == ".xlsx" else write_webpage
    write(title, sheets, notes, out, lang=lang, is_synthetic=study.synthetic, source=source)


def _language(word: str, study: "Study") -> str:
    """The language of printed tables: as chosen, else the first of the study, else English.

    Raises
    ------
    Fault
        A language the study has no wordings in, other than English.
    """
    from survey import Fault, nearest

    known = [*study.languages, *(["en"] if "en" not in study.languages else [])]
    if word and word not in known:
        raise Fault("--lang", repr(word), f"one of {', '.join(known)}", nearest(word, known))
    return word or known[0]


COMMANDS = {
    "tables": (
        "tabulate questions with n, base and interval",
        "crosspressure tables data/demo --rows all --by sector --out tables.xlsx",
        _tables_options,
        _tables,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
