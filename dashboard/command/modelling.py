"""`estimate --stat regression`, and imputed answers: models and completed data sets from the command line."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dashboard.command.options import names

if TYPE_CHECKING:
    from analysis import Estimate
    from survey import Study, Wave

__all__ = ["add_imputed", "add_regression", "over_imputations", "refuse_strays", "regression_rows"]


def add_regression(parser: argparse.ArgumentParser) -> None:
    """Options of a regression: what explains, how, and what is printed."""
    group = parser.add_argument_group("with --stat regression")
    group.add_argument("--on", metavar="X,..", action="append", help="questions that explain --of")
    group.add_argument(
        "--family", metavar="F", help="gaussian, logit, poisson, proportional_odds or multinomial"
    )
    group.add_argument(
        "--event", metavar="CODE,..", action="append", help="answers that count as yes in a logit"
    )
    group.add_argument(
        "--reference", metavar="X=CODE,..", action="append", help="level that others are compared with"
    )
    group.add_argument("--margins", action="store_true", help="also what the model says in plain units")
    group.add_argument(
        "--refits", metavar="R", default="exact", help="of replicates: exact (default) or one-step"
    )


def add_imputed(parser: argparse.ArgumentParser) -> None:
    """Add `--imputed`, the columns that hold completed answers."""
    parser.add_argument(
        "--imputed",
        metavar="COLUMN=PATTERN,..",
        action="append",
        help="columns of imputed answers for a column, combined by Rubin's rules",
    )


def refuse_strays(args: argparse.Namespace) -> None:
    """Stop where options of a regression stand beside another statistic.

    Raises
    ------
    QuestionFault
        The first such option.
    """
    from survey import QuestionFault

    given = {"--on": args.on, "--family": args.family, "--event": args.event, "--reference": args.reference}
    given |= {"--margins": args.margins, "--refits": args.refits != "exact"}
    for option, value in given.items():
        if value and args.stat != "regression":
            raise QuestionFault(
                option,
                f"--stat {args.stat}",
                "--stat regression",
                f"leave {option} out, or ask for a regression",
            )


def regression_rows(args: argparse.Namespace, study: "Study", wave: "Wave") -> tuple["Estimate", ...]:
    """Coefficients, tests and, if asked for, margins of the model that the options name.

    Raises
    ------
    QuestionFault
        Options that are missing or do not go together; see `analysis.fit`.
    """
    from analysis import FAMILIES, combine, fit, margins, pooled_tests
    from survey import QuestionFault

    outcome, predictors = names(args.of), names(args.on)
    for option, given, expected, do in (
        ("--of", len(outcome) == 1, "the one question that is explained", "add --of QUESTION"),
        ("--on", predictors, "questions that explain it", "add --on QUESTION,.."),
        ("--family", args.family, f"one of {', '.join(FAMILIES)}", "add --family gaussian for a number"),
        ("--by", not args.by, "no --by", "use --where for one group, or put the question into --on"),
    ):
        if not given:
            found = f"{len(outcome)} questions" if option == "--of" and outcome else f"no {option}"
            raise QuestionFault(
                f"--stat regression, {option}", "--by" if option == "--by" else found, expected, do
            )
    models = [
        fit(
            completed,
            study.design,
            outcome[0],
            predictors,
            family=args.family,
            event=names(args.event),
            reference=_pairs(args.reference, "--reference"),
            where=args.where,
            target=args.target or "mechanism",
            refits=args.refits,
        )
        for completed in _completed(args, wave)
    ]
    if len(models) == 1:
        rows = models[0].coefficients + models[0].tests
        return rows + margins(models[0]) if args.margins else rows
    rows = combine([model.coefficients for model in models]) + pooled_tests(models)
    return rows + combine([margins(model) for model in models]) if args.margins else rows


def over_imputations(
    args: argparse.Namespace, wave: "Wave", estimate: "Callable[[Wave], Sequence[Estimate]]"
) -> "Sequence[Estimate]":
    """What `estimate` says of a wave, or of all its completed data sets together.

    A regression puts them together by itself, for its tests need whole models.
    """
    if not args.imputed or args.stat == "regression":
        return estimate(wave)
    from analysis import combine

    return combine([estimate(completed) for completed in _completed(args, wave)])


def _completed(args: argparse.Namespace, wave: "Wave") -> "Sequence[Wave]":
    """The wave, or one for each imputation."""
    if not args.imputed:
        return (wave,)
    from analysis import imputed_waves

    columns = {target: (pattern,) for target, pattern in _pairs(args.imputed, "--imputed").items()}
    return imputed_waves(wave, columns)


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """`a=b,c=d` as a mapping.

    Raises
    ------
    QuestionFault
        A part without `=`.
    """
    from survey import QuestionFault

    pairs = {}
    for part in names(given):
        name, sign, value = part.partition("=")
        if not (name and sign and value):
            raise QuestionFault(
                f"{option} {part}", "no name and value", "name=value", f"write {option} {part}=.."
            )
        pairs[name.strip()] = value.strip()
    return pairs
