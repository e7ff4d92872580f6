"""`init` and `check`: a survey file becomes a study, and a study is looked over."""

import argparse

from dashboard.command.options import add_lang, add_study, names, open_study
from dashboard.command.saying import say, say_findings, working

__all__ = ["COMMANDS"]


def _init_options(parser: argparse.ArgumentParser) -> None:
    """Options of `init`."""
    parser.add_argument("file", metavar="FILE", help=".sav, .dta, .csv or .parquet")
    parser.add_argument("folder", metavar="DIR", help="folder of the new study, made if need be")
    parser.add_argument("--id", metavar="C", default="", help="column of firm ids")
    parser.add_argument("--weight", metavar="C", default="", help="column of weights")
    parser.add_argument("--strata", metavar="C,..", action="append", help="one column a stage")
    parser.add_argument("--cluster", metavar="C,..", action="append", help="one column a stage")
    parser.add_argument(
        "--population",
        metavar="C,..|N",
        action="append",
        help="one column or number a stage: units of that stage",
    )
    parser.add_argument("--unnested", action="store_true", help="ids are unique over strata")
    parser.add_argument("--replicates", metavar="GLOB", help="quoted pattern of the replicate weights' names")
    parser.add_argument(
        "--method", choices=("brr", "fay", "jk1", "jkn", "bootstrap"), help="how replicates were made"
    )
    parser.add_argument("--rho", type=float, help="Fay's coefficient (default 0.5)")
    parser.add_argument("--scale", type=float, help="overall scale of the replicate variance")
    parser.add_argument("--rscales", metavar="FILE", help="one scale a line, one line a replicate")
    parser.add_argument(
        "--instrument", metavar="FILE", help="questionnaire of the platform: .qsf, REDCap, DDI, .lss, XLSForm"
    )
    parser.add_argument("--sheet", default="", help="sheet of an Excel workbook (default: the largest)")


def _init(args: argparse.Namespace) -> int:
    """Write `study.toml` and the codebook beside a copy of the file."""
    from pathlib import Path

    from survey import init_study

    with working(f"reading {args.file}", quiet=args.quiet):
        study, findings = init_study(
            Path(args.file),
            Path(args.folder),
            id=args.id,
            weight=args.weight,
            strata=names(args.strata),
            clusters=names(args.cluster),
            population=names(args.population),
            unnested=args.unnested,
            replicates=args.replicates or "",
            method=args.method or "",
            rho=args.rho,
            scale=args.scale,
            rscales=Path(args.rscales) if args.rscales else None,
            instrument=Path(args.instrument) if args.instrument else None,
            sheet=args.sheet,
        )
    say(
        f"{study.folder / 'study.toml'} is written. Next: crosspressure check {study.folder}",
        quiet=args.quiet,
    )
    return say_findings(findings, quiet=args.quiet)


def _check_options(parser: argparse.ArgumentParser) -> None:
    """Options of `check`."""
    add_study(parser)
    add_lang(parser)


def _check(args: argparse.Namespace) -> int:
    """Print findings; write nothing."""
    from survey import check_study

    study = open_study(args.study)
    with working(f"looking over {study.id}", quiet=args.quiet):
        findings = check_study(study)
        if study.section("supply"):
            from analysis import check_links

            findings += check_links(study)
        if study.section("rules"):
            from analysis import check_flows, check_parties, check_rules

            findings += check_rules(study) + check_parties(study) + check_flows(study)
    if not findings:
        say(f"{study.id}: nothing found.", quiet=args.quiet)
    return say_findings(findings, quiet=args.quiet, lang=args.lang)


COMMANDS = {
    "init": (
        "make a study of a survey file",
        "crosspressure init answers.sav mystudy --id firm_id --population 100",
        _init_options,
        _init,
    ),
    "check": (
        "look a study over; nothing is written",
        "crosspressure check data/demo",
        _check_options,
        _check,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
