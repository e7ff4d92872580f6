"""`synthesize`: made-up respondents that reproduce what was printed of a wave, exactly."""

import argparse
from pathlib import Path

from dashboard.command.options import add_out
from dashboard.command.outputs import check_out
from dashboard.command.saying import say, say_findings, working

__all__ = ["COMMANDS"]

_MODELS = ("auto", "additions", "late", "edits")


def _synthesize_options(parser: argparse.ArgumentParser) -> None:
    """Options of `synthesize`."""
    parser.add_argument(
        "file", metavar="PUBLISHED", help="table of printed figures (.csv, .tsv, .xlsx, .parquet)"
    )
    parser.add_argument("--wave", required=True, metavar="W", help="wave of the file")
    parser.add_argument("--survey", default="", metavar="S", help="survey, where the file has several")
    parser.add_argument("--firms", type=int, metavar="N", help="respondents (default: as printed)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of chance (default 1)")
    parser.add_argument(
        "--editions",
        choices=_MODELS,
        default="auto",
        help="what may happen between editions: only new firms; also late answers; also edits, as few "
        "as can be (default auto: the simplest for each question)",
    )
    parser.add_argument("--gates", metavar="F", help="follow-ups: question_id,gate_question,gate_option")
    parser.add_argument("--dependence", metavar="F", help="how answers hang together (.toml)")
    add_out(parser, "file to write: .sav or .zsav")


def _synthesize(args: argparse.Namespace) -> int:
    """Make respondents to printed figures."""
    from analysis import plan_wave, read_gates, usual_gates, usual_wordings, wave_figures
    from survey import QuestionFault, read_dependence, write_synthetic

    out = check_out(args.out, (".sav", ".zsav"))
    if out is None:
        raise QuestionFault("--out", "none given", "a file to write", "write --out wave.sav")
    if args.firms is not None and not 1 <= args.firms <= 1_000_000:
        raise QuestionFault("--firms", str(args.firms), "a whole number from 1 to 1000000", "mend --firms")
    if not 0 <= args.seed < 2**63:
        raise QuestionFault("--seed", str(args.seed), "a whole number from 0", "mend --seed")
    file = Path(args.file)
    with working(f"making respondents for wave {args.wave}", quiet=args.quiet):
        figures = wave_figures(file, args.wave, args.survey)
        say_findings(figures.findings, quiet=args.quiet)
        wave = plan_wave(
            figures,
            read_gates(Path(args.gates)) if args.gates else usual_gates(),
            firms=args.firms,
            model=args.editions,
            wordings={lang: usual_wordings(lang) for lang in ("en", "ja")},
        )
        dependence = read_dependence(Path(args.dependence) if args.dependence else None)
        told = f"{file.name}, wave {args.wave}" + (f", {args.survey}" if args.survey else "")
        renamed = write_synthetic(out, wave, dependence, args.seed, told=told)
    many = sum(c is not None for q in wave.questions for p in q.printings for c in p.counts)
    figure = "figure" if many == 1 else "figures"
    say(f"{wave.firms} synthetic firms reproduce {many} printed {figure}, in {out}", quiet=args.quiet)
    for note in wave.notes:
        say(f"- {note}", quiet=args.quiet)
    say_findings(renamed, quiet=args.quiet)
    return 1 if figures.unread else 0


COMMANDS = {
    "synthesize": (
        "make respondents that reproduce printed percentages exactly, as .sav",
        "crosspressure synthesize published_waves.csv --wave 2022 --firms 81 --seed 1 --out wave.sav",
        _synthesize_options,
        _synthesize,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
