"""Whether a model has one finite answer at all: columns that repeat others, levels that foretell all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.likelihood import Likelihood
from analysis.estimate.models.predictors import ModelMatrix, Term
from analysis.estimate.models.separation import improving_direction
from survey import QuestionFault

__all__ = ["refuse_repeated", "refuse_separated"]

Floats = NDArray[np.float64]

_REPEATED = 1e-9
_MOVED = 1e-6


def refuse_repeated(matrix: ModelMatrix, weight: Floats) -> None:
    """Fault for the first predictor with one answer, or column that the columns before it already say.

    Parameters
    ----------
    weight : NDArray[np.float64]
        Shape (m,), positive where a row counts.

    Raises
    ------
    QuestionFault
        The column, and the columns it is a sum of.
    """
    for term in matrix.terms:
        if not term.columns:
            said = term.reference or "none of its choices"
            raise QuestionFault(
                f"predictor {term.question!r}",
                f"all {len(weight)} firms of the model gave one answer ({said})",
                "answers that differ",
                f"leave {term.question!r} out, or widen the part of the firms",
            )
    x = matrix.columns * np.sqrt(np.abs(weight))[:, None]
    length = np.sqrt((x**2).sum(axis=0))
    x = x / np.where(length > 0, length, 1.0)
    if x.shape[0] > x.shape[1]:
        x = np.asarray(np.linalg.qr(x, mode="r"))
    names = matrix.names()
    owners = {place: term for term in matrix.terms for place in term.columns}
    kept: list[int] = [0]
    for j in range(1, x.shape[1]):
        before = x[:, kept]
        parts, *_ = np.linalg.lstsq(before, x[:, j], rcond=None)
        left = x[:, j] - before @ parts
        if length[j] > 0 and np.sqrt(left @ left) > _REPEATED:
            kept.append(j)
            continue
        same = [names[kept[i]] for i in np.flatnonzero(np.abs(parts) > 1e-6)]
        raise QuestionFault(
            f"predictor {owners[j].question!r}, column {names[j]}",
            f"it says nothing that {_said(same) or 'the constant'} did not say, in the firms of this model",
            "columns none of which is a sum of others",
            f"leave {owners[j].question!r} out, or merge its answers in the codebook",
        )


def refuse_separated(
    model: Likelihood, matrix: ModelMatrix, outcome: str, codes: Sequence[str], values: Floats
) -> None:
    """Fault where some direction of the parameters makes every row likelier without end.

    First each level by itself, then all columns together by linear programmes (`improving_direction`);
    of those, predictors that are not needed for it are taken away again. Returns where there is none.

    Parameters
    ----------
    values : NDArray[np.float64]
        Shape (m,): outcome of each row; places of `codes` where there are any.

    Raises
    ------
    QuestionFault
        The level all of whose firms gave one answer, or the columns that together foretell it.
    """
    for term in matrix.terms:
        said = _one_answer(model, term, matrix.columns, codes, values)
        if said is not None:
            where, what = said
            raise QuestionFault(
                f"predictor {term.question!r}, {where}",
                f"{what} to {outcome!r}: perfect separation, its coefficient has no finite value",
                "different answers among the firms of each level",
                f"merge this level with another in the codebook, or leave {term.question!r} out",
            )
    gains, held = model.improving()
    column = np.array([place for _, place in model.labels])
    free = np.ones(len(column), dtype=bool)
    direction = improving_direction(gains, held, free)
    if direction is None:
        return
    for term in reversed(matrix.terms):
        fewer = free & ~np.isin(column, term.columns)
        less = improving_direction(gains, held, fewer)
        if less is not None:
            free, direction = fewer, less
    moved = set(column[np.abs(direction) > _MOVED].tolist())
    names = matrix.names()
    raise QuestionFault(
        f"predictors of {outcome!r}: {_said([names[j] for j in sorted(moved - {0, -1})])}",
        "they foretell every answer, or all answers of some firms: perfect separation",
        "predictors that leave some doubt about the answer",
        "leave one of them out, or merge its levels in the codebook",
    )


def _one_answer(
    model: Likelihood, term: Term, columns: Floats, codes: Sequence[str], values: Floats
) -> tuple[str, str] | None:
    """The first level of a term whose answers alone leave no finite coefficient, and what they are."""
    if term.kind == "number":
        return None
    places = {code: columns[:, j] == 1 for code, j in zip(term.codes, term.columns, strict=True)}
    parts = [(f"level {code}", inside) for code, inside in places.items()]
    if term.kind == "levels":
        rest = ~np.any([columns[:, j] == 1 for j in term.columns], axis=0)
        parts.insert(0, (f"level {term.reference}", rest))
    else:
        parts += [(f"firms without {code}", ~inside) for code, inside in places.items()]
    answers = np.unique(values)
    for where, part in parts:
        there = np.unique(values[part])
        if len(there) == 1 and model.is_end(there[0]):
            answer = codes[int(there[0])] if codes else ("no", "yes")[int(there[0] > 0)]
            return where, f"all its firms gave one answer ({answer})"
        lacking = np.setdiff1d(answers, there)
        if codes and len(there) and len(lacking) and model.is_each:
            return where, f"none of its firms gave {codes[int(lacking[0])]}"
    return None


def _said(names: Sequence[str]) -> str:
    shown = list(names[:6]) + ([f"{len(names) - 6} more"] if len(names) > 6 else [])
    return ", ".join(shown)
