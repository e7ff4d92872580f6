"""Coefficients and Wald tests of a fitted model as Estimates."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr, stdtrit

from analysis.estimate.models.predictors import Term
from analysis.estimate.models.solved import Answered, Solved
from analysis.estimate.record import Estimate
from analysis.estimate.rows import FEWEST

__all__ = ["coefficient_rows", "wald_rows", "with_doubt"]

_NAN = float("nan")


def with_doubt(row: Estimate, value: float, variance: float) -> Estimate:
    """A row with its value, standard error, t interval on its df and p that the value is zero."""
    se = float(np.sqrt(max(variance, 0.0)))
    if "census" in row.flag.split(";"):
        return replace(row, estimate=value, se=0.0, low=value, high=value, method="census")
    if row.df < 1:
        return replace(row, estimate=value, se=se)
    reach = float(stdtrit(row.df, 0.5 + row.level / 2)) * se
    p = float(2 * stdtr(row.df, -abs(value) / se)) if se > 0 else _NAN
    return replace(row, estimate=value, se=se, low=value - reach, high=value + reach, p=p)


def coefficient_rows(
    solved: Solved, firms: Answered, empty: Sequence[str], template: Estimate
) -> tuple[Estimate, ...]:
    """Rows of all coefficients: constants, predictors in order, thresholds.

    The level all others are compared with has the value 0 and the flag `reference`; a level or a
    category that no firm gave has none and the flag `empty`; a level of fewer than 10 firms is flagged
    `low base`.

    Parameters
    ----------
    empty : sequence of str
        Categories of the outcome that no firm gave.
    """
    places = {label: i for i, label in enumerate(solved.model.labels)}
    given = sorted({category for category, column in places if column >= 0})
    rows: list[Estimate] = []

    def row(label: tuple[int, int], **more: object) -> None:
        at = places[label]
        filled = replace(template, **more)  # type: ignore[arg-type]
        rows.append(with_doubt(filled, float(solved.parameters[at]), float(solved.covariance[at, at])))

    for category in given:
        option = firms.codes[category] if category >= 0 else template.option
        if (category, 0) in places:
            row((category, 0), option=option)
        for term in firms.matrix.terms:
            if term.reference:
                rows.append(
                    replace(
                        _level(template, term, term.reference, firms, "reference"),
                        option=option, estimate=0.0, se=0.0, low=0.0, high=0.0, method="",
                    )
                )  # fmt: skip
            for code, column in zip(term.codes, term.columns, strict=True):
                at = _level(template, term, code, firms)
                row((category, column), option=option, by=at.by, group=at.group, flag=at.flag)
            rows += [
                replace(
                    template, option=option, by=term.question, group=code, flag="empty", method="", n=0,
                    base=0.0, df=_NAN,
                )
                for code in term.empty
            ]  # fmt: skip
    for category, column in places:
        if column < 0:
            row((category, column), option=f"{firms.codes[category]}|{firms.codes[category + 1]}")
    gone = replace(template, flag="empty", method="", n=0, base=0.0, df=_NAN)
    return tuple(rows) + tuple(replace(gone, option=code) for code in empty)


def wald_rows(solved: Solved, firms: Answered, template: Estimate) -> tuple[Estimate, ...]:
    """For each predictor: F = b' V^-1 b / q that its q coefficients are all zero (Korn and Graubard
    1990; R `regTermTest`), on q and the model's degrees of freedom.
    """
    rows = []
    for term in firms.matrix.terms:
        at = [i for i, (_, column) in enumerate(solved.model.labels) if column in term.columns]
        b, v = solved.parameters[at], solved.covariance[np.ix_(at, at)]
        blank = replace(template, option="", by=term.question, stat="wald", method=f"F on {len(at)}")
        if not at or solved.is_census or template.df < 1:
            rows.append(blank)
            continue
        f = _quadratic(b, v) / len(at)
        flag = blank.flag if np.isfinite(f) else ";".join(filter(None, (blank.flag, "no df")))
        p = float(fdtrc(len(at), template.df, f)) if np.isfinite(f) else _NAN
        rows.append(replace(blank, estimate=f, p=p, flag=flag))
    return tuple(rows)


def _quadratic(b: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """b' V^-1 b; nan where V has not its full rank (fewer first-stage units than coefficients)."""
    size = np.sqrt(np.diag(v))
    if not (size > 0).all():
        return _NAN
    unit = v / np.outer(size, size)
    if np.linalg.cond(unit) > 1e12:
        return _NAN
    return float((b / size) @ np.linalg.solve(unit, b / size))


def _level(template: Estimate, term: Term, code: str, firms: Answered, word: str = "") -> Estimate:
    """The template for one level, with the word, and `low base` where few firms gave it."""
    columns = firms.matrix.columns[:, list(term.columns)]
    if term.kind == "number":
        few = False
    elif code == term.reference:
        few = int((columns.sum(axis=1) == 0).sum()) < FEWEST
    else:
        few = int(columns[:, term.codes.index(code)].sum()) < FEWEST
    flag = ";".join(w for w in (template.flag, word, "low base" if few else "") if w)
    return replace(template, by=term.question, group=code, flag=flag)
