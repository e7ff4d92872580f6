"""Whether a model has one finite answer at all: columns that repeat others, levels that foretell all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.likelihood import Likelihood
from analysis.estimate.models.predictors import ModelMatrix, Term
from survey import QuestionFault

__all__ = ["refuse_repeated", "refuse_separated"]

Floats = NDArray[np.float64]

_REPEATED = 1e-9
_GAIN = 1e-6


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

    Decided by a linear program (Konis 2007; Albert and Anderson 1984): d with A d >= 0, B d = 0 and
    some A d > 0. Returns where there is none.

    Parameters
    ----------
    values : NDArray[np.float64]
        Shape (m,): outcome of each row; places of `codes` where there are any.

    Raises
    ------
    QuestionFault
        The level all of whose firms gave one answer, or the columns that together foretell it.
    """
    from scipy.optimize import linprog

    gains, held = model.improving()
    if not len(gains):
        return
    gains, held = np.unique(gains, axis=0), np.unique(held, axis=0)
    found = linprog(
        -gains.sum(axis=0),
        A_ub=-gains,
        b_ub=np.zeros(len(gains)),
        A_eq=held if len(held) else None,
        b_eq=np.zeros(len(held)) if len(held) else None,
        bounds=(-1, 1),
    )
    if found.status != 0 or found.x is None or gains.sum(axis=0) @ found.x < _GAIN:
        return
    moved = {model.labels[i][1] for i in np.flatnonzero(np.abs(found.x) > _GAIN)}
    each = any(category >= 0 and column >= 0 for category, column in model.labels)
    guilty = [term for term in matrix.terms if moved & set(term.columns)]
    for term in guilty:
        said = _one_answer(term, matrix.columns, codes, values, each)
        if said is not None:
            where, what = said
            raise QuestionFault(
                f"predictor {term.question!r}, {where}",
                f"{what} to {outcome!r}: perfect separation, its coefficient has no finite value",
                "different answers among the firms of each level",
                f"merge this level with another in the codebook, or leave {term.question!r} out",
            )
    names = matrix.names()
    together = [names[j] for j in sorted(moved - {0, -1})]
    raise QuestionFault(
        f"predictors of {outcome!r}: {_said(together)}",
        "together they foretell every answer, or all answers of some firms: perfect separation",
        "predictors that leave some doubt about the answer",
        "leave one of them out, or merge its levels in the codebook",
    )


def _one_answer(
    term: Term, columns: Floats, codes: Sequence[str], values: Floats, each: bool
) -> tuple[str, str] | None:
    """The first level of a term with one answer only; with `each`, without an answer that others gave."""
    if term.kind == "number":
        return None
    places = {code: columns[:, j] == 1 for code, j in zip(term.codes, term.columns, strict=True)}
    if term.kind == "levels":
        rest = ~np.any([columns[:, j] == 1 for j in term.columns], axis=0)
        places = {term.reference: rest, **places}
    for code, inside in places.items():
        for part, where in ((inside, f"level {code}"), (~inside, f"firms without {code}")):
            if where.startswith("firms") and term.kind == "levels":
                continue
            there = np.unique(values[part])
            if len(there) == 1:
                answer = codes[int(there[0])] if codes else ("no", "yes")[int(there[0] > 0)]
                return where, f"all its firms gave one answer ({answer})"
            for place, name in enumerate(codes):
                if each and place not in there and (values == place).any():
                    return where, f"none of its firms gave {name}"
    return None


def _said(names: Sequence[str]) -> str:
    shown = list(names[:6]) + ([f"{len(names) - 6} more"] if len(names) > 6 else [])
    return ", ".join(shown)
