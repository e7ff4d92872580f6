"""Numbers beyond a limit are put on it (winsorised), so that one firm does not make the mean."""

import numpy as np

from survey.cleaning.cells import change_cells, chosen_rows, columns_named, number_cells, put_cells
from survey.cleaning.settings import CleanStep
from survey.faults import QuestionFault, StudyFault
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["winsorise"]


def winsorise(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Put numbers below or above a limit on the limit.

    Limits are `min` and `max` in the question's unit, or the quantiles `low` and `high` (0 to 1) of the
    chosen rows, unweighted, each a value that was given (the smallest value with at least that share of
    the answers at or below it). Codes that stand for a reason are neither counted nor changed.

    Raises
    ------
    StudyFault
        No limit, or a lower one above the upper one.
    QuestionFault
        A question that is no number.
    """
    if not {"low", "high", "min", "max"} & set(step.own):
        raise StudyFault(step.place, "no limit", "low, high, min or max", "write  high = 0.99")
    rows = chosen_rows(wave, step)
    made: list[Change] = []
    for question, name in columns_named(wave, step):
        numbers = number_cells(wave.frame[name], question.missing)
        given = numbers[rows & ~np.isnan(numbers)]
        if question.kind not in ("number", "text") or (len(given) == 0 and question.kind == "text"):
            raise QuestionFault(
                f"{step.place}, question",
                f"{question.id!r} is no number",
                "a question of kind number",
                "mend it",
            )
        if not len(given):
            continue
        bounds = (step.own.get("min", -np.inf), step.own.get("max", np.inf))
        if "low" in step.own:
            bounds = (max(bounds[0], np.quantile(given, step.own["low"], method="inverted_cdf")), bounds[1])
        if "high" in step.own:
            bounds = (bounds[0], min(bounds[1], np.quantile(given, step.own["high"], method="inverted_cdf")))
        if bounds[0] > bounds[1]:
            raise StudyFault(
                step.place, f"limits {bounds[0]:g} and {bounds[1]:g}", "low below high", "exchange them"
            )
        with np.errstate(invalid="ignore"):
            hit = rows & ((numbers < bounds[0]) | (numbers > bounds[1]))
        after = np.clip(numbers[hit], *bounds)
        wave, entries = change_cells(wave, step, name, put_cells(wave.frame[name], hit, after), hit)
        made += entries
    return wave, tuple(made)
