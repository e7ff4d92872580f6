"""Who had to choose, by their own answer: the outcome the model is trained on."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.settings import PressureSettings
from survey import DesignFault, QuestionFault, State, Study, Wave, answers_to, design_frame, nearest

__all__ = ["firm_ids", "outcome_of"]


def firm_ids(wave: Wave, study: Study) -> tuple[str, ...]:
    """Ids of n firms as text, in the order of rows; row numbers from 1 where the design names no id.

    Raises
    ------
    DesignFault
        An id that is blank or stands twice.
    """
    if not study.design.id:
        return tuple(str(row + 1) for row in range(len(wave)))
    ids = design_frame(wave, study.design)["id"].astype("str")
    where = f"{wave.origin.path}, column {study.design.id}"
    blank = np.flatnonzero(ids.isin(["", "nan", "<NA>", "None"]).to_numpy())
    if len(blank):
        raise DesignFault(
            where, f"{len(blank)} firms without an id", "an id for each firm", "fill the column, or name another"
        )
    twice = ids[ids.duplicated()]
    if len(twice):
        raise DesignFault(
            where, f"id {twice.iloc[0]!r} more than once", "one row a firm", "merge or remove the repeated rows"
        )
    return tuple(ids)


def outcome_of(wave: Wave, study: Study, settings: PressureSettings) -> NDArray[np.float64]:
    """1 for firms that had to choose, 0 for those that did not, nan where not answered; shape (n,).

    Raises
    ------
    QuestionFault
        No such question or code, a question without codes, or an outcome nobody chose.
    """
    if not settings.outcome:
        return np.full(len(wave), np.nan)
    where = study.place("pressure.outcome")
    answers = answers_to(wave, settings.outcome)
    if not answers.options:
        raise QuestionFault(
            where,
            f"{settings.outcome!r}, a question of kind {answers.kind}",
            "a question with choices",
            "name a question whose answers are codes",
        )
    known = list(answers.options)
    for code in settings.event:
        if code not in known:
            raise QuestionFault(
                study.place("pressure.event"),
                f"code {code!r}, which {settings.outcome!r} does not have",
                "codes of the outcome that count as yes",
                nearest(code, known),
            )
    answered = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
    yes = answers.ticks[:, [known.index(code) for code in settings.event]].any(axis=1)
    if answered.any() and not yes[answered].any():
        raise QuestionFault(
            where,
            f"nobody of the {int(answered.sum())} firms that answered {settings.outcome!r} chose "
            + " or ".join(repr(code) for code in settings.event),
            "an outcome at least one firm chose",
            "correct  event  under [pressure], or remove  outcome  to have squeeze only",
        )
    return np.where(answered, yes.astype(np.float64), np.nan)
