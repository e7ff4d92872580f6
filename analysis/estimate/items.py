"""What a book has a block of rows for: options of a question in shares, or a number in means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import Base, amounts_of, base_of
from survey import Question, QuestionFault, Wave, answers_to

__all__ = ["RESPONSES", "Item", "items_of"]

RESPONSES = "responses"
"""Base rule of shares of responses: the base is every answer given, not every firm."""


@dataclass(frozen=True, slots=True)
class Item:
    """One block of rows over the n firms of a wave.

    Attributes
    ----------
    base : Base
        Question, codes, who is counted and, of shares, the ticks.
    stat, rule : str
        `share` or `mean`; the base rule that is printed.
    values : NDArray[np.float64] or None
        Shape (rows,): numbers to average, 0 outside the base; None for shares.
    plain : int
        Of shares of responses, how many of the codes are options and not nets.
    """

    base: Base
    stat: str
    rule: str
    values: NDArray[np.float64] | None = None
    plain: int = 0

    @property
    def responses(self) -> NDArray[np.intp]:
        """Shape (rows,): how many options each firm ticked, nets left out."""
        return np.count_nonzero(self.base.ticks[:, : self.plain], axis=1)

    @property
    def codes(self) -> tuple[str, ...]:
        """Options, in order; one without a code for a mean."""
        return self.base.codes or ("",)


def items_of(
    wave: Wave,
    rows: Sequence[str] | None,
    rule: str,
    *,
    means: Sequence[str] = (),
    boxes: int = 0,
    of_responses: bool = False,
) -> list[Item]:
    """The blocks of a book, question by question.

    Parameters
    ----------
    rows : sequence of str or None
        Question ids; None for all but ids, weights, design columns, dates and free text.
    rule : str
        Base rule of shares.
    means : sequence of str
        Questions of choices whose codes are numbers (scales): the mean code follows their shares.
    boxes : int
        Nets `top N` and `bottom N` for those scales, N options each; 0 for none.
    of_responses : bool
        Shares of multiple-response questions are of the answers given.

    Raises
    ------
    QuestionFault
        A question that does not exist, is text or a date, or has codes that are not numbers.
    """
    asked = wave.codebook.tabulated() if rows is None else [wave.codebook.question(name) for name in rows]
    for name in means:
        wave.codebook.question(name)
    items: list[Item] = []
    for question in asked:
        items += _items(wave, question, rule, question.id in means, boxes, of_responses)
    return items


def _items(
    wave: Wave, question: Question, rule: str, has_mean: bool, boxes: int, of_responses: bool
) -> list[Item]:
    """Blocks of one question: its shares, or the mean of a number, or both of a scale."""
    if question.kind in ("text", "date"):
        raise QuestionFault(
            f"question {question.id!r}",
            f"a question of kind {question.kind!r}",
            "a question of codes or numbers",
            "leave it out of --rows",
        )
    if question.kind == "number":
        amounts = amounts_of(wave, question.id)
        if not amounts.is_binary:
            return [Item(amounts.base, "mean", "answered", amounts.values)]
        ones = ((amounts.values == 1) & amounts.base.member)[:, None]
        return [Item(_with(amounts.base, ("",), ones), "mean", "answered")]
    base = base_of(wave, question.id, rule)
    if of_responses and question.kind == "multiple":
        return [Item(base, "share", RESPONSES, plain=len(base.codes) - len(question.nets))]
    if not has_mean or question.kind == "binary":
        return [Item(base, "share", rule)]
    return _scale(wave, question.id, base, rule, boxes)


def _scale(wave: Wave, name: str, base: Base, rule: str, boxes: int) -> list[Item]:
    """Shares of a scale with its boxes, and the mean of its codes."""
    answers = answers_to(wave, name)
    answered = base_of(wave, name).member
    if answers.kind != "single" or np.isnan(answers.values[answered]).any():
        raise QuestionFault(
            f"--means {name!r}",
            "codes that are names, or several answers a firm",
            "a question with one answer whose codes are numbers",
            "leave it out of --means",
        )
    if boxes:
        order = sorted(range(len(answers.options)), key=lambda j: float(answers.options[j]))
        ends = {f"top {boxes}": order[-boxes:], f"bottom {boxes}": order[:boxes]}
        ticks = [base.ticks[:, places].any(axis=1) for places in ends.values()]
        base = _with(base, (*base.codes, *ends), np.column_stack([base.ticks, *ticks]))
    firms = base_of(wave, name)
    values = np.where(answered, answers.values, 0.0)
    mean = Item(_with(firms, (), np.zeros((len(values), 0), dtype=bool)), "mean", "answered", values)
    return [Item(base, "share", rule), mean]


def _with(base: Base, codes: tuple[str, ...], ticks: NDArray[np.bool_]) -> Base:
    """The same firms with other codes."""
    return replace(base, codes=codes, ticks=ticks)
