"""Who is counted: a question's base under a rule, its ticks, and the firms it concerns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey import Answers, QuestionFault, State, Wave, answers_to, nearest

__all__ = ["BASE_RULES", "Amounts", "Base", "amounts_of", "base_of"]

BASE_RULES = ("answered", "routed", "returned")
"""answered: firms that answered, routed or not. routed: firms whose routing is known, silence is no
tick. returned: every returned questionnaire, silence is no tick."""

_MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class Base:
    """Base of a question that is counted in shares.

    Attributes
    ----------
    question, rule : str
        Question id, base rule.
    codes : tuple[str, ...]
        Option codes, then names of nets.
    ticks : NDArray[np.bool_]
        Shape (rows, codes): ticks of the firms in the base.
    member : NDArray[np.bool_]
        Shape (rows,): firms in the base.
    surely, perhaps : NDArray[np.bool_]
        Shape (rows,): firms the rule surely concerns; firms it may concern.
    reaches_all : bool
        Whether firms that returned nothing are surely concerned as well.
    leak : NDArray[np.bool_]
        Shape (rows,): firms in the base that answered though they were not routed here.
    """

    question: str
    rule: str
    codes: tuple[str, ...]
    ticks: NDArray[np.bool_]
    member: NDArray[np.bool_]
    surely: NDArray[np.bool_]
    perhaps: NDArray[np.bool_]
    reaches_all: bool
    leak: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Answers of a question that is a number.

    Attributes
    ----------
    base : Base
        Firms that gave a number (rule `answered`); no codes.
    values : NDArray[np.float64]
        Shape (rows,): the number, 0 outside the base.
    is_binary : bool
        Whether only 0 and 1 occur, so that the mean is a share.
    """

    base: Base
    values: NDArray[np.float64]
    is_binary: bool


def base_of(wave: Wave, question: str, rule: str = "answered") -> Base:
    """Base, ticks and concerned firms of a question under a rule.

    Under `answered` a question that is not routed, or whose routing leaks, concerns every firm; a
    well-kept routing concerns the firms asked, and perhaps those whose gate is blank. `routed` and
    `returned` are counts of the questionnaires that came back: they concern exactly their base.

    Raises
    ------
    QuestionFault
        No such question or rule; a text, date or many-valued number, which has no shares.
    """
    if rule not in BASE_RULES:
        raise QuestionFault(
            "base rule", repr(rule), f"one of {', '.join(BASE_RULES)}", nearest(rule, list(BASE_RULES))
        )
    answers = answers_to(wave, question)
    codes, ticks = _options(wave, answers)
    member, surely, perhaps, reaches_all, leak = _members(answers, rule)
    return Base(question, rule, codes, ticks & member[:, None], member, surely, perhaps, reaches_all, leak)


def amounts_of(wave: Wave, question: str) -> Amounts:
    """Numbers given to a question of kind `number` or `binary`.

    Raises
    ------
    QuestionFault
        No such question, or one whose answers are codes and not numbers.
    """
    answers = answers_to(wave, question)
    if answers.kind not in ("number", "binary") and not set(answers.options) <= {"0", "1"}:
        raise QuestionFault(
            f"question {question!r}",
            f"a question of kind {answers.kind!r}: its codes are names, not numbers",
            "a question of kind number or binary",
            "use --stat share, or set kind = 'number' in the codebook if the codes are amounts",
        )
    member, surely, perhaps, reaches_all, leak = _members(answers, "answered")
    member = member & np.isfinite(answers.values)
    values = np.where(member, answers.values, 0.0)
    given = answers.values[member]
    binary = bool(len(given)) and bool(np.isin(given, (0.0, 1.0)).all())
    ticks = np.zeros((len(member), 0), dtype=bool)
    base = Base(question, "answered", (), ticks, member, surely, perhaps, reaches_all, leak)
    return Amounts(base, values, binary or answers.kind == "binary")


def _members(
    answers: Answers, rule: str
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], bool, NDArray[np.bool_]]:
    everybody = np.ones(len(answers.state), dtype=bool)
    leaky = answers.state == State.ANSWERED_NOT_ROUTED
    answered = (answers.state == State.ANSWERED) | leaky
    if rule == "answered":
        if leaky.any() or bool((answers.asked == 1).all()):
            return answered, everybody, everybody, True, leaky
        return answered, (answers.asked == 1) | answered, (answers.asked != 0) | answered, False, leaky
    if rule == "routed":
        known = answers.asked != -1
        return known, known, known, bool((answers.asked == 1).all()), leaky & known
    return everybody, everybody, everybody, True, leaky


def _options(wave: Wave, answers: Answers) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Codes that get a row and who gave them; `binary` has one row, the value that counts."""
    if answers.kind == "binary":
        counted = wave.codebook.question(answers.question).counted or "1"
        return (counted,), (answers.values == 1)[:, None]
    codes, ticks = answers.options, answers.ticks
    if answers.kind in ("number", "text", "date"):
        codes, ticks = _values(answers)
    nets = tuple(answers.nets)
    if nets:
        ticks = np.column_stack([ticks, *(answers.nets[name] for name in nets)])
    return tuple(codes) + nets, ticks


def _values(answers: Answers) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Distinct numbers as options, where they are few."""
    given = answers.values[np.isfinite(answers.values)]
    distinct = np.unique(given)
    if answers.kind != "number" or len(distinct) > _MOST_VALUES:
        found = f"{len(distinct)} distinct numbers" if answers.kind == "number" else f"a {answers.kind}"
        raise QuestionFault(
            f"question {answers.question!r}",
            found,
            "a question with choices",
            "use --stat mean, total or quantile for numbers; texts and dates are not tabulated",
        )
    if not len(distinct):  # nobody answered: one row that says so
        return ("",), np.zeros((len(answers.values), 1), dtype=bool)
    return tuple(f"{v:g}" for v in distinct), answers.values[:, None] == distinct
