"""Tidying that always runs: spaces, full-width digits, commas in numbers."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.cleaning.cells import change_cells
from survey.cleaning.settings import CleanStep
from survey.codebook import Question
from survey.coding import NUMBER
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["tidy_column"]

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


def tidy_column(
    wave: Wave, question: Question, name: str, rules: dict[str, str]
) -> tuple[Wave, tuple[Change, ...]]:
    """One column of texts through all rules, each distinct text looked at once.

    Parameters
    ----------
    rules : dict[str, str]
        Rule to its reason, in order: words of `survey.CLEANING_RULES`.
    """
    column = wave.frame[name]
    if not isinstance(column.dtype, pd.StringDtype) and column.dtype != object:
        return wave, ()
    made: list[Change] = []
    places, uniques = pd.factorize(column)
    is_text = np.ones(len(uniques), dtype=bool)
    if column.dtype == object:
        is_text = np.array([isinstance(v, str) for v in uniques], dtype=bool)
    texts = pd.Series(np.where(is_text, uniques, ""), dtype="str")
    known = {c.code for c in question.choices}
    for rule, reason in rules.items():
        new = _by_rule(rule, texts, question, known)
        differs = (new != texts).to_numpy() & is_text
        if not differs.any():
            continue
        hit = np.append(differs, False)[places]
        after = np.append(new.to_numpy(dtype=object), "")
        after[after == ""] = None
        column = wave.frame[name].mask(hit, pd.Series(after[places], index=column.index).astype(column.dtype))
        wave, entries = change_cells(wave, CleanStep(rule, reason), name, column, hit)
        made += entries
        texts = texts.mask(differs, new)
        is_text &= (texts != "").to_numpy()
    if made and question.kind == "number":
        wave, made[-1] = _as_numbers(wave, name, made[-1], texts[is_text], bool(is_text.all()))
    return wave, tuple(made)


def _by_rule(rule: str, texts: pd.Series, question: Question, known: set[str]) -> pd.Series:
    """Distinct texts after one rule."""
    if rule == "trim_text":
        return texts.str.strip()
    if rule == "narrow_digits":
        narrow = texts.str.normalize("NFKC")
        if question.kind == "number":
            fits = narrow.str.fullmatch(NUMBER.pattern) | narrow.str.fullmatch(_THOUSANDS.pattern)
        else:
            fits = narrow.isin(known) & ~texts.isin(known)
        return texts.mask(fits.to_numpy(dtype=bool), narrow)
    if question.kind != "number":
        return texts
    grouped = texts.str.fullmatch(_THOUSANDS.pattern).to_numpy(dtype=bool)
    return texts.mask(grouped, texts.str.replace(",", "", regex=False))


def _as_numbers(
    wave: Wave, name: str, last: Change, texts: pd.Series, only_texts: bool
) -> tuple[Wave, Change]:
    """The column as floats, if no text is left that is no number; its last change says the type."""
    column = wave.frame[name]
    if not only_texts and column.dtype == object:
        numeric = pd.to_numeric(column, errors="coerce").notna().sum() == column.notna().sum()
    else:
        numeric = True
    if not numeric or not texts.str.fullmatch(NUMBER.pattern).all():
        return wave, last
    frame = wave.frame.copy(deep=False)
    frame[name] = pd.to_numeric(column, errors="coerce").astype(float)
    return replace(wave, frame=frame), replace(last, dtype="float64")
