"""Codes put in the place of others, and codes that stand for a reason and not for an answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.cleaning.cells import change_cells, chosen_rows, columns_named, put_cells, put_question
from survey.cleaning.settings import CleanStep
from survey.codebook import MissingCode, Question
from survey.coding import NUMBER, code_text
from survey.faults import StudyFault, nearest
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["recode", "set_missing"]


def recode(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Put new codes in the place of old ones; `""` as old code stands for a blank cell.

    Raises
    ------
    StudyFault
        A new code that the question does not know, or a blank as new code.
    """
    rows = chosen_rows(wave, step)
    swap = {str(old): code_text(new) for old, new in step.own["codes"].items()}
    made: list[Change] = []
    for question, name in columns_named(wave, step):
        _known(step, question, swap)
        column = wave.frame[name]
        hit, after = _swapped(column, swap)
        keep = rows[hit]
        hit &= rows
        wave, entries = change_cells(wave, step, name, put_cells(column, hit, after[keep]), hit)
        made += entries
    return wave, tuple(made)


def _known(step: CleanStep, question: Question, swap: Mapping[str, str]) -> None:
    codes = [c.code for c in question.choices]
    if question.is_dichotomies or question.kind in ("number", "text", "date"):
        codes = []
    reasons = [code_text(m.low) for m in question.missing if m.low == m.high]
    for new in swap.values():
        if not new:
            raise StudyFault(
                f"{step.place}, codes",
                "a blank as new code",
                "a code",
                "use rule set_missing, with its reason",
            )
        if codes and new not in codes and new not in reasons:
            raise StudyFault(
                f"{step.place}, codes",
                f"question {question.id!r} has no code {new!r}",
                "a code of its choices",
                nearest(new, codes) + " Or add it to its choices in codebook.toml.",
            )


def _swapped(column: pd.Series, swap: Mapping[str, str]) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Which of n cells hold an old code, and the m new codes."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        new = np.full(len(values), None, dtype=object)
        for old, code in swap.items():
            if old and not NUMBER.fullmatch(old):
                continue
            new[np.isnan(values) if not old else values == float(old)] = code
        hit = ~pd.isna(new)
        return hit, new[hit]
    places, uniques = pd.factorize(column)
    after = np.array([swap.get(code_text(v)) for v in uniques] + [swap.get("")], dtype=object)
    hit = (~pd.isna(after))[places]
    return hit, after[places][hit]


def set_missing(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Say that cells hold no answer, and for which reason.

    Cells that hold one of `codes` keep it, and the codebook learns that it stands for the reason.
    Where `code` is given, or where rows are chosen by `where`, the cells get the code `code`, else
    the question's own code for the reason, else, for `no_answer`, a blank.

    Raises
    ------
    StudyFault
        Neither `codes` nor `where`, or no code for the reason.
    """
    codes, reason = step.texts("codes"), step.text("missing")
    if not codes and not step.where:
        raise StudyFault(
            step.place, "neither codes nor where", "the cells that hold no answer", 'write  codes = ["-9"]'
        )
    rows = chosen_rows(wave, step)
    made: list[Change] = []
    for question, name in columns_named(wave, step):
        column = wave.frame[name]
        hit = rows & column.notna().to_numpy()
        if codes:
            hit &= _swapped(column, dict.fromkeys(codes, "x"))[0]
        if codes and not step.where and "code" not in step.own:
            new = column
            wave = _declare(wave, question, codes, reason)
        else:
            code = _code(step, question, reason)
            new = put_cells(column, hit, code if code else None)
            if code:
                wave = _declare(wave, question, (code,), reason)
        wave, entries = change_cells(wave, step, name, new, hit, missing=reason)
        made += entries
    return wave, tuple(made)


def _code(step: CleanStep, question: Question, reason: str) -> str:
    """The code that stands for a reason; "" for a blank."""
    if "code" in step.own:
        return step.text("code")
    for known in question.missing:
        if known.reason == reason and known.low == known.high:
            return code_text(known.low)
    if reason == "no_answer":
        return ""
    raise StudyFault(
        step.place,
        f"question {question.id!r} has no code for {reason}",
        "a code for the cells",
        "write  code = -8, or any code that is no answer",
    )


def _declare(wave: Wave, question: Question, codes: tuple[str, ...], reason: str) -> Wave:
    """The wave whose question knows these codes as missing; they are no choices any more."""
    now = next((q for q in wave.codebook.questions if q.id == question.id), None)
    if now is None:
        return wave
    labels = {c.code: c.label for c in now.choices}
    new = tuple(
        MissingCode(*(2 * (float(c) if NUMBER.fullmatch(c) else c,)), reason, labels.get(c, {}))
        for c in codes
    )
    kept = tuple(m for m in now.missing if m.low != m.high or code_text(m.low) not in codes)
    choices = now.choices if now.is_dichotomies else tuple(c for c in now.choices if c.code not in codes)
    return put_question(wave, replace(now, missing=(*new, *kept), choices=choices))
