"""Text cells made numbers and dates, but only where the codebook says number or date."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from survey.cell_numbers import typed_date, typed_number
from survey.codebook import Codebook, MissingCode, Question
from survey.coding import code_text
from survey.faults import Finding

__all__ = ["type_answers"]

_SHOWN = 5


def type_answers(
    frame: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, Codebook, tuple[Finding, ...]]:
    """Type the text columns of number and date questions; all other columns stay as they are.

    A column of which every filled cell can be read, missing codes apart, becomes numbers
    (float64) or dates (datetime64); where some cannot, or missing codes are text, it holds numbers
    or dates among the texts. Nothing is blanked: cells that cannot be read stay verbatim and are
    told by row. `NA` in such a column becomes a missing code for no answer.

    Parameters
    ----------
    frame : pandas.DataFrame
        Raw codes of n firms; not changed.
    codebook : Codebook
        What the codes mean.

    Returns
    -------
    tuple[pandas.DataFrame, Codebook, tuple[Finding, ...]]
        Frame and codebook, the very same objects where nothing was to be typed.
    """
    typed: dict[str, pd.Series] = {}
    changed: dict[str, Question] = {}
    findings: list[Finding] = []
    for question in codebook.questions:
        if question.kind not in ("number", "date") or question.columns[0] not in frame.columns:
            continue
        name = question.columns[0]
        column = frame[name]
        packed = question.kind == "date" and _whole_numbers(column)
        if packed:
            column = column.map(code_text, na_action="ignore").astype("str")
        elif not isinstance(column.dtype, pd.StringDtype) and column.dtype != object:
            continue
        new, question_now = _typed(question, column, findings)
        if new is not None and not (packed and new.dtype == object):
            typed[name] = new
            changed[question.id] = question_now
    if not typed:
        return frame, codebook, tuple(findings)
    questions = tuple(changed.get(q.id, q) for q in codebook.questions)
    return frame.assign(**typed), replace(codebook, questions=questions), tuple(findings)


def _whole_numbers(column: pd.Series) -> bool:
    """Whether dates may stand here as numbers such as 20211215."""
    if not pd.api.types.is_numeric_dtype(column) or column.dtype == bool:
        return False
    filled = column.dropna()
    return bool(len(filled) and (filled % 1 == 0).all())


def _typed(
    question: Question, column: pd.Series, findings: list[Finding]
) -> tuple[pd.Series | None, Question]:
    """The column typed (None where no cell needs it), and the question with `NA` declared missing."""
    places, uniques = pd.factorize(column, use_na_sentinel=True)
    reasons = {code_text(end) for code in question.missing for end in (code.low, code.high)}
    values: list[object] = []
    odd: list[int] = []
    vague: list[int] = []
    for i, cell in enumerate(uniques):
        value, known = _value(question, cell, reasons)
        if value is None and cell.strip() == "NA":
            missing = (*question.missing, MissingCode("NA", "NA", "no_answer"))
            question = replace(question, missing=missing)
        elif value is None and cell.strip():
            odd.append(i)
        if not known:
            vague.append(i)
        values.append(cell if value is None and cell.strip() else value)
    if odd:
        findings.append(_odd(question, np.isin(places, odd), uniques[odd], len(column)))
    if vague:
        findings.append(
            Finding(
                f"question {question.id}",
                f"{int(np.isin(places, vague).sum())} cells name a year or month and no day",
                "They stand as the first day of it.",
                "Make it a number or text in codebook.toml where this matters.",
            )
        )
    if all(old is new for old, new in zip(uniques, values, strict=True)):
        return None, question
    return _column(question, column.index, places, values), question


def _value(question: Question, cell: object, reasons: set[str]) -> tuple[object, bool]:
    """What a cell holds, None where it cannot be read or is blank, and whether its day is known."""
    if not isinstance(cell, str):
        return cell, True
    if not cell.strip():
        return None, True
    coded = cell.strip() in reasons
    if question.kind == "number":
        number = typed_number(cell, question.unit)
        return (cell if number is None and coded else number), True
    day = None if coded else typed_date(cell)
    if day is None:
        return (cell if coded else None), True
    return pd.Timestamp(day[0]), day[1]


def _column(question: Question, index: pd.Index, places: np.ndarray, values: list[object]) -> pd.Series:
    """Numbers or dates where all are, else an object column of them among texts; None is blank."""
    if any(isinstance(v, str) for v in values):
        cells = np.empty(len(values) + 1, dtype=object)
        cells[:-1] = values
        cells[-1] = None
        return pd.Series(cells[places], index=index, dtype=object)
    if question.kind == "number":
        return pd.Series(np.array([*values, None], dtype=np.float64)[places], index=index)
    days = pd.Series([*values, pd.NaT], dtype="datetime64[us]").to_numpy()
    return pd.Series(days[places], index=index)


def _odd(question: Question, rows: np.ndarray, cells: Any, n: int) -> Finding:
    at = ", ".join(str(r + 1) for r in np.flatnonzero(rows)[:_SHOWN])
    more = " ..." if rows.sum() > _SHOWN else ""
    shown = ", ".join(repr(str(c)) for c in list(cells)[:_SHOWN])
    return Finding(
        f"question {question.id}, column {question.columns[0]}",
        f"{int(rows.sum())} of {n} cells are no {question.kind}: {shown} (rows {at}{more})",
        "They stay as they stand and count as no answer."
        if question.kind == "number"
        else "They stay as they stand.",
        "Mend them, or declare them missing with a reason.",
    )
