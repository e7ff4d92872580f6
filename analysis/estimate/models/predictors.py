"""Predictors coded from the codebook: choices become columns of 0 and 1, numbers stay numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey import QuestionFault, State, Wave, answers_to, nearest

__all__ = ["ModelMatrix", "Predictor", "Term", "matrix_of", "read_predictors"]


@dataclass(frozen=True, slots=True)
class Predictor:
    """Answers of n firms to one question that explains.

    Attributes
    ----------
    question : str
        Question id.
    kind : str
        `levels` (one of k), `ticks` (several of k, or yes and no), `number`.
    codes : tuple[str, ...]
        Codes of the columns; `("",)` for a number.
    values : NDArray[np.float64]
        Shape (n, codes): 0 and 1, or the number.
    known : NDArray[np.bool_]
        Shape (n,): firms that answered.
    """

    question: str
    kind: str
    codes: tuple[str, ...]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Term:
    """One predictor in a model.

    Attributes
    ----------
    question, kind : str
        As in `Predictor`.
    reference : str
        Level all others are compared with; "" where there is none.
    codes : tuple[str, ...]
        Codes that have a column.
    columns : tuple[int, ...]
        Their places in the model matrix.
    empty : tuple[str, ...]
        Codes without a column, because no firm in the model gave them.
    """

    question: str
    kind: str
    reference: str
    codes: tuple[str, ...]
    columns: tuple[int, ...]
    empty: tuple[str, ...]

    def name(self, code: str) -> str:
        """Words for one column, such as `sector = 3`."""
        return f"{self.question} = {code}" if code else self.question


@dataclass(frozen=True, slots=True)
class ModelMatrix:
    """Columns of a model, the first all ones, for n firms; and the terms they belong to."""

    columns: NDArray[np.float64]
    terms: tuple[Term, ...]

    def names(self) -> list[str]:
        """Words for each column; `the constant` first."""
        said = ["the constant"]
        return said + [term.name(code) for term in self.terms for code in term.codes]


def read_predictors(wave: Wave, questions: Sequence[str]) -> tuple[Predictor, ...]:
    """Answers to the questions that explain.

    Raises
    ------
    QuestionFault
        No such question, one named twice, or a text or date.
    """
    twice = sorted({q for q in questions if list(questions).count(q) > 1})
    if twice:
        raise QuestionFault(f"predictor {twice[0]!r}", "named twice", "each question once", "name it once")
    return tuple(_read(wave, name) for name in questions)


def matrix_of(
    predictors: Sequence[Predictor], inside: NDArray[np.bool_], reference: Mapping[str, str]
) -> ModelMatrix:
    """Columns of the firms `inside`, shape (inside.sum(), k); levels nobody gave get none.

    The reference of a question of one choice is the first choice of the codebook that occurs,
    or the one that `reference` names.

    Raises
    ------
    QuestionFault
        A reference for a question that has none, or that no firm in the model gave.
    """
    known = [p.question for p in predictors if p.kind == "levels"]
    for name in reference:
        if name not in known:
            raise QuestionFault(
                f"reference of {name!r}",
                "no predictor with one choice of several",
                "a predictor that has levels",
                nearest(name, known),
            )
    blocks, terms, place = [np.ones((int(inside.sum()), 1))], [], 1
    for predictor in predictors:
        values = predictor.values[inside]
        there = np.atleast_1d(values.any(axis=0)) | (predictor.kind == "number")
        codes = [c for c, is_there in zip(predictor.codes, there, strict=True) if is_there]
        empty = tuple(c for c in predictor.codes if c not in codes)
        against = ""
        if predictor.kind == "levels" and codes:
            against = reference.get(predictor.question, codes[0])
            if against not in codes:
                raise QuestionFault(
                    f"reference of {predictor.question!r}",
                    f"{against!r}, which no firm in the model gave",
                    "a code that occurs",
                    nearest(against, codes),
                )
            codes = [c for c in codes if c != against]
        places = tuple(range(place, place + len(codes)))
        terms.append(Term(predictor.question, predictor.kind, against, tuple(codes), places, empty))
        blocks.append(values[:, [predictor.codes.index(c) for c in codes]])
        place += len(codes)
    return ModelMatrix(np.concatenate(blocks, axis=1), tuple(terms))


def _read(wave: Wave, name: str) -> Predictor:
    answers = answers_to(wave, name)
    answered = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
    if answers.kind in ("text", "date"):
        raise QuestionFault(
            f"predictor {name!r}",
            f"a {answers.kind}",
            "a question with choices, or a number",
            "code it into choices in the codebook",
        )
    if answers.kind == "number":
        known = answered & np.isfinite(answers.values)
        return Predictor(name, "number", ("",), np.where(known, answers.values, 0.0)[:, None], known)
    if answers.kind == "binary":
        known = answered & np.isfinite(answers.values)
        counted = wave.codebook.question(name).counted or "1"
        return Predictor(name, "ticks", (counted,), (known & (answers.values == 1))[:, None] * 1.0, known)
    if answers.kind == "multiple":
        return Predictor(name, "ticks", tuple(answers.options), answers.ticks.astype(float), answered)
    known = answered & answers.ticks.any(axis=1)
    return Predictor(name, "levels", tuple(answers.options), answers.ticks.astype(float), known)
