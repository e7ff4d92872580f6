"""`export`: the answers of a study, or a questionnaire, as a file that other programs open."""

import argparse
from pathlib import Path

from dashboard.command.options import add_study, open_study
from dashboard.command.outputs import check_out
from dashboard.command.saying import say, say_findings, working

__all__ = ["COMMANDS"]

_ANSWERS = {
    "sav": (".sav", ".zsav"),
    "dta": (".dta",),
    "parquet": (".parquet", ".pq"),
    "csv": (".csv",),
    "ddi": (".xml",),
}
_QUESTIONNAIRES = {"xlsform": (".xlsx",), "lss": (".lss",), "print": (".html",)}


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `export`."""
    add_study(parser)
    parser.add_argument(
        "--format",
        required=True,
        choices=(*_ANSWERS, *_QUESTIONNAIRES),
        help="answers: sav, dta, parquet, csv, ddi; a folder with instrument.toml: xlsform, lss, print",
    )
    parser.add_argument("--out", metavar="F", required=True, help="file to write")
    parser.add_argument(
        "--lang", metavar="L", default="", help="first language of a questionnaire (default: its own)"
    )


def _export(args: argparse.Namespace) -> int:
    """Write the last wave, cleaned; or the questionnaire of a folder."""
    out = check_out(args.out, (_ANSWERS | _QUESTIONNAIRES)[args.format]) or Path(args.out)
    if args.format in _QUESTIONNAIRES:
        return _questionnaire(args)
    from survey import export_study

    study = open_study(args.study)
    with working(f"writing {out}", quiet=args.quiet):
        findings = export_study(study, out, args.format)
    say(f"{out} is written.", quiet=args.quiet)
    return say_findings(findings, quiet=args.quiet)


def _questionnaire(args: argparse.Namespace) -> int:
    """Write the questionnaire that stands in `instrument.toml`."""
    import survey

    write = {"xlsform": "write_xlsform", "lss": "write_lss", "print": "write_form"}[args.format]
    instrument = survey.load_instrument(args.study)
    with working(f"writing {args.out}", quiet=args.quiet):
        getattr(survey, write)(instrument, Path(args.out), lang=args.lang)
    say(f"{args.out} is written.", quiet=args.quiet)
    return 0


COMMANDS = {
    "export": (
        "write the answers of a study, or a questionnaire, for other programs",
        "crosspressure export data/demo --format sav --out demo.sav",
        _options,
        _export,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
