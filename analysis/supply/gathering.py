"""Rows of one link become one: lines of a ledger are added up, credit notes taken off, repeats merged."""

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from analysis.supply.words import as_words, coded, joined_words, shared_words
from survey import FileFault, Finding

__all__ = ["gather_lines", "merge_links"]

_KEY = ("buyer", "supplier", "country", "product", "period")


def _keys(frame: pd.DataFrame) -> np.ndarray:
    """One number for each link: the same for rows of one buyer, supplier, country, product and period."""
    key = np.zeros(len(frame), dtype=np.int64)
    span = 1
    for name in _KEY:
        many = max(len(frame[name].cat.categories), 1)
        if many == 1:
            continue
        if span * many >= 2**62:
            key, distinct = pd.factorize(key)
            span = len(distinct)
        key *= many
        key += frame[name].cat.codes.to_numpy()
        span *= many
    return key


def _groups(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row the number of its link in order of appearance, and each link's first row."""
    group, distinct = pd.factorize(key)
    first = np.empty(len(distinct), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    return group, first


def _added(values: np.ndarray, group: np.ndarray, many: int) -> np.ndarray:
    """Sums by group, nan where every part is."""
    known = ~np.isnan(values)
    total = np.bincount(group[known], weights=values[known], minlength=many)
    return np.where(np.bincount(group[known], minlength=many) > 0, total, np.nan)


def _least(values: np.ndarray, group: np.ndarray, many: int) -> np.ndarray:
    made = np.full(many, np.inf)
    known = ~np.isnan(values)
    np.minimum.at(made, group[known], values[known])
    return np.where(np.isfinite(made), made, np.nan)


def merge_links(frame: pd.DataFrame, where: str, findings: list[Finding]) -> pd.DataFrame:
    """One row a link (buyer, supplier, country, product, period): values and shares are added up.

    Confidence is the lowest, evidence is joined, the id is that of the first row.
    """
    key = _keys(frame)
    ordered = np.sort(key)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    if not len(repeated):
        return frame.reset_index(drop=True)
    place = np.minimum(np.searchsorted(repeated, key), len(repeated) - 1)
    rows = np.flatnonzero(repeated[place] == key)
    group, first = _groups(key[rows])
    again = np.ones(len(rows), dtype=bool)
    again[first] = False
    findings.append(
        Finding(
            f"{where}, {place_rows(frame['row'].to_numpy()[rows[again]])}",
            f"{int(again.sum())} rows that repeat a link (same buyer, supplier, country, product, period)",
            "Their values and shares are added to the first.",
            "Take rows out that were entered twice.",
        )
    )
    merged = _one_each(frame.iloc[rows].reset_index(drop=True), group, first)
    kept = np.ones(len(frame), dtype=bool)
    kept[rows[again]] = False
    made = frame[kept].reset_index(drop=True)
    at = np.cumsum(kept)[rows[first]] - 1
    for name in ("value", "share", "confidence"):
        column = made[name].to_numpy(copy=True)
        column[at] = merged[name].to_numpy()
        made[name] = column
    if bool((merged["evidence"] != "").any()):
        said = shared_words(made["evidence"], as_words(merged["evidence"]))
        codes = said[0].cat.codes.to_numpy(copy=True)
        codes[at] = said[1].cat.codes.to_numpy()
        made["evidence"] = coded(codes, said[0].cat.categories)
    return made


def _one_each(frame: pd.DataFrame, group: np.ndarray, first: np.ndarray) -> pd.DataFrame:
    many = len(first)
    made = frame.iloc[first].reset_index(drop=True)
    for name in ("value", "share"):
        made[name] = _added(frame[name].to_numpy(), group, many)
    made["confidence"] = _least(frame["confidence"].to_numpy(), group, many)
    made["evidence"] = joined_words(frame["evidence"], group, many).astype("category")
    return made


def gather_lines(frame: pd.DataFrame, where: str, findings: list[Finding]) -> pd.DataFrame:
    """Lines of a ledger as links: amounts added up for each buyer, supplier, country, product and period.

    Lines below zero (credit notes, returns) are taken off the link they belong to; a link that is not
    above zero after that is set aside. Lines without a supplier are purchases nobody named: they belong
    to the buyer's inputs of their period and to no link. `evidence` says how many lines a link is of.

    Raises
    ------
    FileFault
        No line with an amount above zero is left.
    """
    named, unnamed = _without_name(frame, where, findings)
    frame = frame[named]
    group, first = _groups(_keys(frame))
    many = len(first)
    value, row = frame["value"].to_numpy(), frame["row"].to_numpy()
    below = value < 0
    made = _one_each(frame, group, first)
    lines = np.bincount(group, minlength=many)
    notes = np.bincount(group[below], minlength=many)
    counted = pd.Series(lines.astype("str"), dtype="str") + np.where(lines == 1, " line", " lines")
    credited = ", " + pd.Series(notes.astype("str"), dtype="str") + " below zero"
    counted = counted + credited.where(notes > 0, "")
    said = made["evidence"].astype("str")
    made["evidence"] = (counted + ("; " + said).where(said != "", "")).astype("category")
    if below.any():
        findings.append(
            Finding(
                f"{where}, {place_rows(row[below])}",
                f"{int(below.sum())} lines below zero (credit notes), {value[below].sum():,.6g} in all",
                "They are taken off the link they belong to.",
                "Take out those that are no purchases.",
            )
        )
    total = made["value"].to_numpy()
    gone = ~(total > 0)
    if gone.any():
        is_blank = np.isnan(total)
        findings.append(
            Finding(
                f"{where}, {place_rows(row[np.isin(group, np.flatnonzero(gone))])}",
                f"{int(gone.sum())} links of nothing or less after credit notes"
                + (f", {int(is_blank.sum())} of them without any amount" if is_blank.any() else ""),
                "They are set aside.",
                "Look whether a credit note belongs to another supplier or period.",
            )
        )
        made = made[~gone].reset_index(drop=True)
    if made.empty:
        raise FileFault(where, "no link of an amount above zero", "purchases", "check the column of amounts")
    return made if unnamed is None else _with_rest(made, unnamed)


def _pairs(frame: pd.DataFrame) -> np.ndarray:
    """One number for each buyer and period."""
    periods = max(len(frame["period"].cat.categories), 1)
    return (
        frame["buyer"].cat.codes.to_numpy().astype(np.int64) * periods + frame["period"].cat.codes.to_numpy()
    )


def _without_name(
    frame: pd.DataFrame, where: str, findings: list[Finding]
) -> tuple[np.ndarray, pd.Series | None]:
    """Which lines name a supplier, and what each buyer spent in each period on the others."""
    named = np.asarray(frame["supplier"].cat.categories != "")[frame["supplier"].cat.codes.to_numpy()]
    if named.all():
        return named, None
    lost = frame[~named]
    findings.append(
        Finding(
            f"{where}, column supplier, {place_rows(lost['row'].to_numpy())}",
            f"{len(lost)} lines without a supplier, {lost['value'].sum():,.6g} in all",
            "They count as inputs of the buyer that nobody named: inside the outer bound.",
            "Fill in the supplier.",
        )
    )
    return named, lost["value"].groupby(_pairs(lost)).sum().clip(lower=0.0)


def _with_rest(made: pd.DataFrame, unnamed: pd.Series) -> pd.DataFrame:
    """Inputs of buyers that bought from nobody named too: all their lines, where no figure is given."""
    pair, who = _pairs(made), made["buyer"].cat.codes.to_numpy()
    stated = made["inputs"].to_numpy()
    is_open = ~np.isin(who, who[stated > 0]) & np.isin(pair, unnamed.index)
    spent = made["value"].groupby(pair).sum().add(unnamed, fill_value=0.0)
    return made.assign(inputs=np.where(is_open, spent.reindex(pair).to_numpy(), stated))
