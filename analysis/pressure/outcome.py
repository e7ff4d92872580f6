"""Who had to choose, by their own answer: the outcome the model is trained on."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.settings import PressureSettings
from survey import QuestionFault, State, Study, Wave, answers_to, design_frame, nearest

__all__ = ["firm_ids", "outcome_of"]


def firm_ids(wave: Wave, study: Study) -> tuple[str, ...]:
    """Ids of n firms as text, in the order of rows; row numbers where the design names no id.

    Raises
    ------
    DesignFault
        An id that is blank or stands twice.
    """
    return tuple(design_frame(wave, study.design)["id"].astype("str"))


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
    yes = np.any(answers.ticks[:, [known.index(code) for code in settings.event]], axis=1)
    if answered.any() and not yes[answered].any():
        raise QuestionFault(
            where,
            f"nobody of the {int(answered.sum())} firms that answered {settings.outcome!r} chose "
            + " or ".join(repr(code) for code in settings.event),
            "an outcome at least one firm chose",
            "correct  event  under [pressure], or remove  outcome  to have squeeze only",
        )
    return np.where(answered, yes.astype(np.float64), np.nan)
