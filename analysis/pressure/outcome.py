"""Who had to choose, by their own answer: the outcome the model is trained on."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.settings import PressureSettings
from survey import Finding, QuestionFault, State, Study, Wave, answers_to, design_frame, nearest

__all__ = ["firm_ids", "grades_given", "groups_given", "outcome_findings", "outcome_of"]


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
        No such question or code, or a question without codes.
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
    return np.where(answered, yes.astype(np.float64), np.nan)


def grades_given(wave: Wave, study: Study, settings: PressureSettings) -> NDArray[np.float64] | None:
    """Grade of each firm, 0 the lowest, nan where not answered, shape (n,); None where there are no grades.

    Raises
    ------
    QuestionFault
        A grade the outcome does not have.
    """
    if not settings.outcome or not settings.grades:
        return None
    answers = answers_to(wave, settings.outcome)
    known = list(answers.options)
    for code in settings.grades:
        if code not in known:
            raise QuestionFault(
                study.place("pressure.grades"),
                f"code {code!r}, which {settings.outcome!r} does not have",
                "codes of the outcome from the lowest grade",
                nearest(code, known),
            )
    ticks = answers.ticks[:, [known.index(code) for code in settings.grades]]
    answered = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED)) & ticks.any(axis=1)
    return np.where(answered, np.argmax(ticks, axis=1).astype(np.float64), np.nan)


def groups_given(wave: Wave, study: Study, question: str, key: str) -> NDArray[np.object_] | None:
    """Code each firm answered to a question of one choice, "" where none, shape (n,); None for no question.

    Parameters
    ----------
    question : str
        Id; "" for none.
    key : str
        Setting of `[pressure]` that names it.

    Raises
    ------
    QuestionFault
        A question without codes.
    """
    if not question:
        return None
    answers = answers_to(wave, question)
    if not answers.options:
        raise QuestionFault(
            study.place(f"pressure.{key}"),
            f"{question!r}, a question of kind {answers.kind}",
            "a question with choices",
            "name a question whose answers are codes",
        )
    codes = np.array([*answers.options, ""], dtype=object)
    at = np.where(answers.ticks.any(axis=1), np.argmax(answers.ticks, axis=1), len(answers.options))
    return np.asarray(codes[at], dtype=object)


def outcome_findings(wave: Wave, study: Study, settings: PressureSettings) -> tuple[Finding, ...]:
    """What is odd about the outcome and does not stop a run: nobody chose, all did, codes that nobody named.

    Where there are more than two codes and no grades, those beside the event count as no, which is said.
    """
    if not settings.outcome:
        return ()
    answers = answers_to(wave, settings.outcome)
    chose = outcome_of(wave, study, settings)
    answered = int(np.isfinite(chose).sum())
    found = []
    event = " or ".join(repr(code) for code in settings.event)
    if answered and np.nansum(chose) in (0, answered):
        who = "nobody" if not np.nansum(chose) else "everybody"
        found.append(
            Finding(
                study.place("pressure.event"),
                f"{who} of the {answered} firms that answered {settings.outcome!r} chose {event}",
                "There is no probability of having to choose; squeeze is given alone.",
                "Correct  event  under [pressure] if another code is meant.",
            )
        )
    given = np.asarray(answers.ticks[np.isfinite(chose)].sum(axis=0)) > 0
    others = [code for code, is_given in zip(answers.options, given.tolist(), strict=True) if is_given]
    others = [code for code in others if code not in settings.event]
    declared = {choice.code for choice in wave.codebook.question(settings.outcome).choices}
    unknown = [code for code in answers.options if code not in declared]
    many = int(answers.ticks[:, [answers.options.index(code) for code in unknown]].any(axis=1).sum())
    if declared and many:
        found.append(
            Finding(
                study.place("pressure.outcome"),
                f"{many} answers to {settings.outcome!r} have codes its codebook does not know "
                f"({', '.join(unknown)})",
                "The file may have been made with another codebook; these answers count as no.",
                "Name the codebook of this file, or add the codes to it.",
            )
        )
    if len(others) > 1 and not settings.grades:
        found.append(
            Finding(
                study.place("pressure.event"),
                f"{settings.outcome!r} has {len(others)} codes beside the event "
                f"({', '.join(others)}), all counted as no",
                "A middle answer counted as no blurs who had to choose.",
                "Declare  grades  from the lowest, or mark codes that are no answer as missing.",
            )
        )
    return tuple(found)
