"""Spellings brought to one code, and amounts to one currency: country, sector, currency."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.cleaning.cells import (
    change_cells,
    chosen_rows,
    columns_named,
    number_cells,
    put_cells,
    put_question,
    with_finding,
)
from survey.cleaning.settings import CleanStep
from survey.codebook import Choice, Question
from survey.coding import code_column
from survey.countries import country_codes, country_names, fold_name
from survey.currencies import currency_codes
from survey.faults import FileFault, StudyFault
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["harmonise_country", "harmonise_currency", "harmonise_sector"]

_Done = tuple[Wave, tuple[Change, ...]]


def harmonise_country(wave: Wave, step: CleanStep) -> _Done:
    """Countries in any spelling become ISO 3166 alpha-2 codes; an unknown one stays, with a finding."""
    names = {lang: country_names(lang) for lang in ("en", "ja")}

    def label(code: str) -> Mapping[str, str]:
        return {lang: known[code] for lang, known in names.items() if code in known}

    return _spelt(wave, step, lambda _, texts: country_codes(texts), label)


def harmonise_sector(wave: Wave, step: CleanStep) -> _Done:
    """Sectors as written become codes of the question's choices: by label in any language, and by `table`.

    `table` is a CSV with the columns `spelling,code`. An unknown spelling stays, with a finding.

    Raises
    ------
    FileFault
        A table without these columns.
    """
    table = {}
    if "table" in step.own:
        rows = _read(step.own["table"], ("spelling", "code"))
        table = dict(zip(rows["spelling"].map(fold_name), rows["code"], strict=True))

    def codes(question: Question, texts: pd.Series) -> pd.Series:
        known = {fold_name(text): c.code for c in question.choices for text in (*c.label.values(), c.code)}
        known |= table
        places, distinct = pd.factorize(texts)
        found = pd.array([known.get(fold_name(t)) for t in distinct], dtype="str")
        return pd.Series(found[places], index=texts.index)

    return _spelt(wave, step, codes, None)


def _spelt(
    wave: Wave,
    step: CleanStep,
    codes: Callable[[Question, pd.Series], pd.Series],
    label: Callable[[str], Mapping[str, str]] | None,
) -> _Done:
    """Texts of the chosen rows become codes; codes for a reason are left as they are."""
    rows = chosen_rows(wave, step)
    made: list[Change] = []
    for question, name in columns_named(wave, step):
        column = wave.frame[name]
        coded = code_column(column, question.missing)
        asked = rows & (coded.index >= 0)
        distinct = pd.Series(coded.found, dtype="str")
        found = codes(question, distinct).to_numpy(dtype=object)
        found = np.array([None if pd.isna(f) or not f else f for f in found] + [None], dtype=object)
        after = found[coded.index]
        unknown = asked & pd.isna(after)
        texts = np.array([*coded.found, ""], dtype=object)[coded.index]
        hit = asked & ~unknown & np.asarray(after != texts, dtype=bool)
        new = put_cells(column, hit, after[hit])
        wave, entries = change_cells(wave, step, name, new, hit)
        made += entries
        if unknown.any():
            wave = _told(wave, step, question, texts[unknown])
        if label and entries and question.kind == "single":
            seen = dict.fromkeys(f for f in found[:-1] if f)
            left = {c.code: c for c in question.choices if c.code in set(texts[unknown])}
            choices = [Choice(code, label(code)) for code in sorted(seen)] + list(left.values())
            wave = put_question(wave, replace(question, choices=tuple(choices)))
    return wave, tuple(made)


def _told(wave: Wave, step: CleanStep, question: Question, texts: np.ndarray) -> Wave:
    distinct = list(dict.fromkeys(texts))
    shown = ", ".join(map(repr, distinct[:5])) + (" ..." if len(distinct) > 5 else "")
    return with_finding(
        wave,
        step,
        f"answers to {question.id} in spellings that are not known ({len(texts)}): {shown}",
        "They stay as they are.",
        "Add a rule recode or correct for them.",
    )


def harmonise_currency(wave: Wave, step: CleanStep) -> _Done:
    """Amounts become amounts in `to`, by the currency in another column and a CSV of rates.

    `rates` has the columns `currency,rate`: how many units of `to` one unit of the currency is; `date`
    and `source` may stand beside. The column of currencies then says `to` for each row converted.

    Raises
    ------
    StudyFault
        An amount whose currency is blank, unknown or without a rate: it would be no amount in `to`.
    FileFault
        A table without these columns, or a rate that is no positive number.
    """
    to = currency_codes(pd.Series([step.text("to")], dtype="str")).iloc[0]
    if pd.isna(to) or not to:
        raise StudyFault(
            f"{step.place}, to", repr(step.text("to")), "a currency such as JPY", "write its code"
        )
    unit_column = step.text("currency")
    if unit_column not in wave.frame.columns:
        raise StudyFault(
            f"{step.place}, currency", f"no column {unit_column!r}", "a column", "name it verbatim"
        )
    rates = _rates(step.own["rates"]) | {to: 1.0}
    rows = chosen_rows(wave, step)
    given = code_column(wave.frame[unit_column])
    names = pd.Series([*given.found, ""], dtype="str")
    codes = currency_codes(names).fillna("").tolist()
    factor = np.array([rates.get(code, np.nan) for code in codes])[given.index]
    converted = np.zeros(len(wave), dtype=bool)
    made: list[Change] = []
    for question, name in columns_named(wave, step):
        numbers = number_cells(wave.frame[name], question.missing)
        asked = rows & ~np.isnan(numbers)
        lost = asked & np.isnan(factor)
        if lost.any():
            wanted = dict.fromkeys(names.iloc[i] or "(blank)" for i in np.unique(given.index[lost]))
            raise StudyFault(
                f"{step.place}, rates",
                f"{int(lost.sum())} amounts of {question.id} in {', '.join(list(wanted)[:6])}: no rate",
                "a rate for every currency of an amount",
                f"add them to {step.own['rates'].name}, correct the currency, or choose rows by where",
            )
        hit = asked & (factor != 1.0)
        new = put_cells(wave.frame[name], hit, numbers[hit] * factor[hit])
        wave, entries = change_cells(wave, step, name, new, hit)
        made += entries
        converted |= asked
        if any(q.id == question.id for q in wave.codebook.questions):
            wave = put_question(wave, replace(question, unit=to))
    texts = np.array([*given.found, ""], dtype=object)[given.index]
    hit = converted & (texts != to)
    wave, entries = change_cells(wave, step, unit_column, put_cells(wave.frame[unit_column], hit, to), hit)
    return wave, (*made, *entries)


def _rates(path: Path) -> dict[str, float]:
    rows = _read(path, ("currency", "rate"))
    rate = pd.to_numeric(rows["rate"], errors="coerce")
    codes = currency_codes(rows["currency"])
    bad = ~(rate > 0) | codes.isna() | (codes == "") | codes.duplicated(keep=False)
    if bad.any():
        line = int(np.flatnonzero(bad)[0])
        found = f"{rows['currency'].iloc[line]!r} at {rows['rate'].iloc[line]!r}"
        raise FileFault(
            f"{path}, line {line + 2}", found, "each currency once, with a positive rate", "mend this line"
        )
    return dict(zip(codes, rate.astype(float), strict=True))


def _read(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError) as error:
        raise FileFault(str(path), f"no table ({error})"[:200], "CSV in UTF-8", "save it so") from error
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise FileFault(str(path), f"no column {missing[0]!r}", ", ".join(needed), "add the column")
    return table
