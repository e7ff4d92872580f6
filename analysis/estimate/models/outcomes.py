"""Outcomes of a model: a number, a yes or no, a place on a scale or one of several answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import amounts_of, base_of
from survey import QuestionFault, Wave, answers_to, nearest

__all__ = ["FAMILIES", "Outcome", "read_outcome"]

FAMILIES = ("gaussian", "logit", "poisson", "proportional_odds", "multinomial")
"""gaussian: a number. logit: yes or no. poisson: a count. proportional_odds: a place on a scale, in the
order of the codebook. multinomial: one of several answers, against the first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers of n firms to the question that is explained.

    Attributes
    ----------
    question : str
        Question id.
    option : str
        Codes that count as yes, joined with `+`; "" for other families than `logit`.
    codes : tuple[str, ...]
        Codes of the categories, in order; empty for numbers.
    values : NDArray[np.float64]
        Shape (n,): number, 0 or 1, or place of the category; 0 where not known.
    known, leak : NDArray[np.bool_]
        Shape (n,): firms that answered; those of them that were not routed to the question.
    """

    question: str
    option: str
    codes: tuple[str, ...]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    leak: NDArray[np.bool_]


def read_outcome(wave: Wave, question: str, family: str, event: Sequence[str] = ()) -> Outcome:
    """The answers a family explains.

    Raises
    ------
    QuestionFault
        No such question, family or code; a question that does not fit the family; an event where
        none can be, or none where one must be; negative counts.
    """
    if family not in FAMILIES:
        raise QuestionFault(
            "family", repr(family), f"one of {', '.join(FAMILIES)}", nearest(family, FAMILIES)
        )
    if event and family != "logit":
        raise QuestionFault(
            f"event of a {family} model", ", ".join(event), "no event", "leave it out, or ask for logit"
        )
    if family == "logit":
        return _yes_or_no(wave, question, tuple(event))
    if family in ("gaussian", "poisson"):
        amounts = amounts_of(wave, question)
        if family == "poisson" and (amounts.values < 0).any():
            raise QuestionFault(
                f"outcome {question!r}",
                f"{int((amounts.values < 0).sum())} negative numbers",
                "counts from 0 up",
                "ask for gaussian",
            )
        base = amounts.base
        return Outcome(question, "", (), amounts.values, base.member, base.leak)
    kind = wave.codebook.question(question).kind
    if kind != "single":
        raise QuestionFault(
            f"outcome {question!r} of a {family} model",
            f"a question of kind {kind!r}",
            "a question of kind single: one of several answers",
            "ask for logit of one answer, or gaussian of a number",
        )
    base = base_of(wave, question)
    many = len(answers_to(wave, question).options)
    ticks = base.ticks[:, :many]
    known = base.member & ticks.any(axis=1)
    return Outcome(
        question, "", tuple(base.codes[:many]), ticks.argmax(axis=1).astype(float), known, base.leak
    )


def _yes_or_no(wave: Wave, question: str, event: tuple[str, ...]) -> Outcome:
    base = base_of(wave, question)
    is_binary = wave.codebook.question(question).kind == "binary"
    if not event and not is_binary:
        raise QuestionFault(
            f"outcome {question!r} of a logit model",
            "no event",
            f"the answers that count as yes, of {', '.join(base.codes)}",
            f"add --event {base.codes[0] if base.codes else 'CODE'}",
        )
    for code in event:
        if code not in base.codes:
            raise QuestionFault(
                f"event of outcome {question!r}",
                f"{code!r}, which is no answer to it",
                f"one of {', '.join(base.codes)}",
                nearest(code, base.codes),
            )
    wanted = event or base.codes
    yes = base.ticks[:, [base.codes.index(code) for code in wanted]].any(axis=1)
    return Outcome(question, "+".join(wanted), (), yes.astype(float), base.member, base.leak)
