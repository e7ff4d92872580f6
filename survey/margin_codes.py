"""Margins laid on a wave: the category of every firm, and totals that agree with each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Question
from survey.coding import code_text
from survey.faults import DesignFault, Finding, QuestionFault, nearest
from survey.margins import CROSSED, Margin
from survey.routing import answers_to
from survey.wave import Wave

__all__ = ["NO_ANSWER", "Laid", "agree", "lay_margin"]

NO_ANSWER = "(no answer)"
"""Category of firms that gave none of a margin's categories; it keeps its weighted share."""

_AGREE = 1e-6
_MOST_NUMBERS = 200


@dataclass(frozen=True, slots=True)
class Laid:
    """A margin on the n firms of a wave.

    Attributes
    ----------
    margin : Margin
        As in the file.
    codes : NDArray[np.int64]
        Shape (n,): category of each firm, -1 where it gave none; zeros for a number.
    values : NDArray[np.float64]
        Shape (n,): the number given (0 where none); ones for categories.
    categories : tuple[str, ...]
        Of the margin, `NO_ANSWER` after them where firms are without.
    totals : NDArray[np.float64]
        Shape (categories,): wanted.
    unmatched : NDArray[np.bool_]
        Shape (n,): firms of positive weight without a category.
    """

    margin: Margin
    codes: NDArray[np.int64]
    values: NDArray[np.float64]
    categories: tuple[str, ...]
    totals: NDArray[np.float64]
    unmatched: NDArray[np.bool_]

    def columns(self) -> NDArray[np.float64]:
        """Shape (n, categories): an indicator of each category, or the number."""
        if self.margin.is_number:
            return self.values[:, None]
        return (self.codes[:, None] == np.arange(len(self.categories))).astype(float)


def lay_margin(wave: Wave, margin: Margin, base: NDArray[np.float64]) -> Laid:
    """Find each firm's category; totals still as in the file.

    Raises
    ------
    QuestionFault
        No such question, one of several answers, text or dates, or a category it does not have.
    DesignFault
        A category that is wanted and has no firm of positive weight; firms in a category that the
        margin leaves out or sets to zero. The message says how many and how much.
    """
    live = base > 0
    if margin.is_number:
        values = answers_to(wave, margin.name).values
        if wave.codebook.question(margin.name).kind not in ("number", "binary"):
            raise _unfit(margin, "a question of codes with a row without a category", "a number question")
        silent = np.isnan(values)
        zeros = np.zeros(len(wave), dtype=np.int64)
        return Laid(margin, zeros, np.where(silent, 0.0, values), ("",), margin.totals, silent & live)
    codes = _codes(wave, margin)
    silent = codes == -1
    left_out = (codes == -2) & live
    if left_out.any():
        row = int(np.flatnonzero(left_out)[0])
        raise DesignFault(
            margin.where,
            f"{int(left_out.sum())} firms ({_part(base, left_out)} of the weight) gave categories it has "
            f"not, the first {_given(wave, margin, row)!r} in row {row + 1}",
            "a total for every category that firms gave",
            "add the category, or recode these firms",
        )
    held = np.bincount(codes[live & (codes >= 0)], minlength=len(margin.categories))
    share = margin.totals / max(float(margin.totals.sum()), np.finfo(float).tiny)
    for at in np.flatnonzero((held == 0) & (margin.totals > 0))[:1]:
        raise DesignFault(
            f"{margin.where}, category {margin.categories[at]!r}",
            f"no firm of positive weight, with {margin.totals[at]:g} wanted ({share[at]:.2%} of the margin)",
            "at least one firm in each category that the population has",
            "merge the category with its nearest, in the file and in the answers",
        )
    for at in np.flatnonzero((held > 0) & (margin.totals == 0))[:1]:
        raise DesignFault(
            f"{margin.where}, category {margin.categories[at]!r}",
            f"a total of 0, and {held[at]} firms in it",
            "a total above zero where there are firms",
            "correct the total, or the answers",
        )
    return Laid(margin, codes, np.ones(len(wave)), margin.categories, margin.totals, silent & live)


def agree(
    laid: Sequence[Laid], base: NDArray[np.float64], total: float, rescale: bool
) -> tuple[tuple[Laid, ...], float, tuple[Finding, ...]]:
    """Totals of all margins on one total of firms, with the share of firms without answer kept.

    The total is `total`, else that of the first margin given as totals, else the sum of the base
    weights. A firm without a category belongs to a category of its own that keeps its share of the
    base weights; the others give way in proportion.

    Returns
    -------
    tuple
        The margins, their total (nan where only numbers are given), and findings.

    Raises
    ------
    DesignFault
        Margins that do not add up to one total and are not to be rescaled: which, and by how much.
    """
    groups = [one for one in laid if not one.margin.is_number]
    counted = [float(one.totals.sum()) for one in groups if not one.margin.is_share]
    if np.isnan(total) and groups:
        total = counted[0] if counted else float(base.sum())
    found: list[Finding] = []
    result: list[Laid] = []
    for one in laid:
        apart = float(base[one.unmatched].sum() / base.sum())
        if one.margin.is_number:
            result.append(replace(one, totals=one.totals * (1 - apart)))
            continue
        wanted = 1.0 if one.margin.is_share else total
        miss = float(one.totals.sum()) - wanted
        if abs(miss) > _AGREE * wanted:
            more = "more" if miss > 0 else "less"
            said = f"adds up to {one.totals.sum():.10g}, {abs(miss):.6g} {more} than {wanted:.10g}"
            if not rescale:
                raise DesignFault(
                    one.margin.where,
                    said,
                    "margins of one population, with one total (shares: 1)",
                    "correct the file, or write  rescale = true  in [weights] to scale each margin",
                )
            found.append(Finding(one.margin.where, said, "It was scaled.", "Look at its source."))
        totals = one.totals * (total / one.totals.sum())
        if one.unmatched.any():
            totals = np.append(totals * (1 - apart), total * apart)
            codes = np.where(one.codes < 0, len(one.categories), one.codes)
            result.append(replace(one, codes=codes, totals=totals, categories=(*one.categories, NO_ANSWER)))
        else:
            result.append(replace(one, codes=np.maximum(one.codes, 0), totals=totals))
    return tuple(result), total, tuple(found)


def _codes(wave: Wave, margin: Margin) -> NDArray[np.int64]:
    """Category of each firm: -1 without an answer, -2 where the margin has no such category."""
    parts = [category.split(CROSSED) for category in margin.categories]
    if len(margin.questions) == 1:
        parts = [[category] for category in margin.categories]
    for category, names in zip(margin.categories, parts, strict=True):
        if len(names) != len(margin.questions):
            raise _unfit(margin, f"category {category!r}", "one part for each question, joined by *")
    key = np.zeros(len(wave), dtype=np.int64)
    wanted = np.zeros(len(parts), dtype=np.int64)
    silent = np.zeros(len(wave), dtype=bool)
    for at, name in enumerate(margin.questions):
        options, index = _options(wave, margin, name)
        known = {option: i for i, option in enumerate(options)}
        labels = _labels(wave.codebook.question(name), known)
        place = [_place(margin, names[at], known, labels) for names in parts]
        key = key * len(options) + np.maximum(index, 0)
        wanted = wanted * len(options) + np.array(place, dtype=np.int64)
        silent |= index < 0
    if len(np.unique(wanted)) < len(wanted):
        raise _unfit(margin, "two names of one category", "each category once, by its code or its label")
    order = np.argsort(wanted)
    found = np.minimum(np.searchsorted(wanted[order], key), len(wanted) - 1)
    codes = np.where(wanted[order][found] == key, order[found], -2)
    return np.where(silent, -1, codes).astype(np.int64)


def _options(wave: Wave, margin: Margin, name: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Codes of a question and the one each firm gave, -1 where none."""
    answers = answers_to(wave, name)
    if answers.kind == "number":
        given = np.isfinite(answers.values)
        distinct, index = np.unique(answers.values[given], return_inverse=True)
        if len(distinct) > _MOST_NUMBERS:
            raise _unfit(margin, f"{len(distinct)} distinct numbers in {name!r}", "a question of categories")
        where = np.full(len(wave), -1, dtype=np.int64)
        where[given] = index
        return tuple(code_text(v) for v in distinct), where
    if answers.kind not in ("single", "binary"):
        raise _unfit(margin, f"{name!r} is a question of kind {answers.kind!r}", "one answer a firm")
    ticked = answers.ticks.any(axis=1)
    return answers.options, np.where(ticked, answers.ticks.argmax(axis=1), -1).astype(np.int64)


def _labels(question: Question, known: dict[str, int]) -> dict[str, int]:
    """Labels that stand for one code only."""
    labels: dict[str, set[int]] = {}
    for choice in question.choices:
        for text in choice.label.values():
            if choice.code in known:
                labels.setdefault(text, set()).add(known[choice.code])
    return {text: next(iter(codes)) for text, codes in labels.items() if len(codes) == 1}


def _place(margin: Margin, name: str, known: dict[str, int], labels: dict[str, int]) -> int:
    if name in known:
        return known[name]
    if name in labels:
        return labels[name]
    raise QuestionFault(
        margin.where,
        f"category {name!r}, which the question has not",
        "a code or a label of the question",
        nearest(name, [*known, *labels]),
    )


def _given(wave: Wave, margin: Margin, row: int) -> str:
    names = []
    for name in margin.questions:
        options, index = _options(wave, margin, name)
        names.append(options[int(index[row])])
    return CROSSED.join(names)


def _part(base: NDArray[np.float64], rows: NDArray[np.bool_]) -> str:
    return f"{base[rows].sum() / base.sum():.2%}"


def _unfit(margin: Margin, found: str, expected: str) -> QuestionFault:
    return QuestionFault(margin.where, found, expected, "mend the file of margins")
