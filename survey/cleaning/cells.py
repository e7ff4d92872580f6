"""Cells changed in a column at once, with the entry of the Ledger that says so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.cleaning.settings import CleanStep
from survey.codebook import MissingCode, Question
from survey.coding import NUMBER, code_column, code_text
from survey.faults import Finding, StudyFault, nearest
from survey.ledger import Change
from survey.routing import select
from survey.wave import Wave

__all__ = [
    "change_cells",
    "chosen_rows",
    "columns_named",
    "holding",
    "number_cells",
    "put_cells",
    "put_question",
    "with_finding",
]


def chosen_rows(wave: Wave, step: CleanStep) -> NDArray[np.bool_]:
    """Shape (n,): rows for which the `where` of a step holds; all where it has none."""
    return select(wave, step.where, where=f"{step.place}, where")


def columns_named(wave: Wave, step: CleanStep) -> Iterator[tuple[Question, str]]:
    """Each question and column that the `question` of a step names.

    Raises
    ------
    StudyFault
        A name that is neither a question nor a column.
    """
    by_id = {q.id: q for q in wave.codebook.questions}
    owners = {c: q for q in wave.codebook.questions for c in q.columns}
    for name in step.texts("question"):
        if name in by_id:
            yield from ((by_id[name], column) for column in by_id[name].columns)
        elif name in owners:
            yield owners[name], name
        elif name in wave.frame.columns:
            yield Question(name, "text", (name,), role="set_aside"), name
        else:
            known = [*by_id, *map(str, wave.frame.columns)]
            raise StudyFault(
                f"{step.place}, question",
                f"no question or column {name!r}",
                "one of the wave",
                nearest(name, list(dict.fromkeys(known))),
            )


def number_cells(column: pd.Series, missing: tuple[MissingCode, ...] = ()) -> NDArray[np.float64]:
    """Shape (n,): numbers in the cells; nan for blanks, texts and codes that stand for a reason."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return code_column(column, missing).number
    numbers = column.to_numpy(dtype=float, na_value=np.nan, copy=True)
    for code in missing:
        try:
            low, high = float(code.low), float(code.high)
        except ValueError:
            continue
        numbers[(numbers >= low) & (numbers <= high)] = np.nan
    return numbers


def holding(column: pd.Series, code: str) -> NDArray[np.bool_]:
    """Shape (n,): cells that hold a code, given as text."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        if not NUMBER.fullmatch(code):
            return np.zeros(len(column), dtype=bool)
        return column.to_numpy(dtype=float, na_value=np.nan) == float(code)
    if isinstance(column.dtype, pd.StringDtype):
        return (column == code).to_numpy(dtype=bool, na_value=False)
    places, uniques = pd.factorize(column)
    return np.array([*(code_text(v) == code for v in uniques), False], dtype=bool)[places]


def put_cells(column: pd.Series, hit: NDArray[np.bool_], values: Any) -> pd.Series:
    """The column with `values`, one or shape (m,), in its m hit cells; its type kept where they fit.

    Texts put into numbers become numbers where all of them are; else the column becomes a mixed one.
    """
    filled = np.broadcast_to(np.asarray(values, dtype=object), (int(hit.sum()),))
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        numbers = _numbers(filled)
        if numbers is not None:
            new = column.to_numpy(dtype=float, na_value=np.nan, copy=True)
            new[hit] = numbers
            whole = pd.api.types.is_integer_dtype(column.dtype) and not np.isnan(new).any()
            if whole and bool((new == np.floor(new)).all()):
                return pd.Series(new.astype(np.int64), index=column.index).astype(column.dtype)
            return pd.Series(new, index=column.index)
    new = column.to_numpy(dtype=object, copy=True)
    if isinstance(column.dtype, pd.StringDtype):
        if pd.api.types.infer_dtype(filled, skipna=True) not in ("string", "empty"):
            filled = np.array([v if pd.isna(v) else code_text(v) for v in filled], dtype=object)
        new[hit] = filled
        return pd.Series(new, index=column.index, dtype=column.dtype)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = pd.to_datetime(pd.Series(filled), errors="coerce")
        if bool((days.isna() == pd.isna(filled)).all()):
            new[hit] = days.to_numpy(dtype=object)
            return pd.Series(pd.to_datetime(pd.Series(new)).to_numpy(), index=column.index)
    new[hit] = filled
    return pd.Series(new, index=column.index, dtype=object)


def _numbers(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """Values as numbers, or None if a text among them is none."""
    codes, uniques = pd.factorize(values)
    texts = [code_text(v) for v in uniques]
    if not all(NUMBER.fullmatch(t) or isinstance(v, float) for t, v in zip(texts, uniques, strict=True)):
        return None
    return np.array([*map(float, uniques), np.nan])[codes]


def change_cells(
    wave: Wave,
    step: CleanStep,
    column: str,
    new: pd.Series,
    hit: NDArray[np.bool_],
    *,
    missing: str = "",
) -> tuple[Wave, tuple[Change, ...]]:
    """The wave with a new column, and the entry of its m hit cells; no entry where none was hit."""
    if not hit.any():
        return wave, ()
    old = wave.frame[column]
    frame = wave.frame.copy(deep=False)
    frame[column] = new
    change = Change(
        step.rule,
        column,
        frame.index.to_numpy(dtype=np.int64)[hit],
        old[hit].to_numpy(),
        new[hit].to_numpy(),
        step.reason,
        step.who,
        missing,
        str(new.dtype),
    )
    return replace(wave, frame=frame), (change,)


def put_question(wave: Wave, question: Question) -> Wave:
    """The wave with another question in the place of the one of this id."""
    book = wave.codebook
    asked = tuple(question if q.id == question.id else q for q in book.questions)
    return replace(wave, codebook=replace(book, questions=asked))


def with_finding(wave: Wave, step: CleanStep, found: str, meaning: str, do: str) -> Wave:
    """The wave with a finding of a step."""
    return replace(wave, findings=(*wave.findings, Finding(step.place, found, meaning, do)))
