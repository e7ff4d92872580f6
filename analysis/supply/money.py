"""Amounts in several currencies become one money, at the rate of their day."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.periods import days_of, period_bounds
from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from analysis.supply.words import as_words, respelt
from survey import FileFault, Finding, currency_codes

__all__ = ["currencies_of", "read_rates", "to_one_money"]

_OLD = 400
"""Days after which a rate is old enough to be told."""


def currencies_of(column: pd.Series, where: str, numbering: np.ndarray) -> pd.Series:
    """ISO 4217 codes of the currencies of rows, in any spelling.

    Raises
    ------
    FileFault
        A currency nobody knows, with its rows.
    """
    codes, lost = respelt(column, currency_codes)
    odd = np.flatnonzero(lost)
    if len(odd):
        raise FileFault(
            f"{where}, column {column.name}, {place_rows(numbering[odd])}",
            f"{str(column.iloc[int(odd[0])])!r}, a currency nobody knows",
            "a currency such as JPY, US dollar or 円 (a bare $ or ¥ could be several)",
            "write the three letters of ISO 4217",
        )
    return codes


def read_rates(path: Path) -> pd.DataFrame:
    """Dated rates: `day` (datetime64), `currency` (code), `rate` (money of the study for one unit), in order.

    A file has `date,currency,rate` and may have `per`: 15.2 for `per` 100 is 0.152 for one.

    Raises
    ------
    FileFault
        No such file or column, a day or currency that is none, a rate that is not above 0, a day twice.
    """
    rows = read_rows(path)
    require_columns(rows, ("date", "currency", "rate"), str(path))
    numbering = np.arange(1, len(rows) + 1)
    rate = numbers(rows["rate"], str(path), low=0.0, high=np.inf)
    per = (
        numbers(rows["per"], str(path), low=0.0, high=np.inf)
        if "per" in rows.columns
        else np.full(len(rows), 1.0)
    )
    made = pd.DataFrame(
        {
            "day": days_of(as_words(rows["date"]), str(path), numbering),
            "currency": currencies_of(as_words(rows["currency"]), str(path), numbering).astype("str"),
            "rate": rate / np.where(np.isnan(per), 1.0, per),
        }
    )
    for bad, found, do in (
        (~(made["rate"] > 0) | np.isinf(made["rate"]), "a rate that is blank or 0", "write a rate above 0"),
        (made["day"].isna() | (made["currency"] == ""), "a rate without day or currency", "fill the cell in"),
        (made.duplicated(["day", "currency"]), "a second rate of one day and currency", "take one out"),
    ):
        odd = np.flatnonzero(bad.to_numpy())
        if len(odd):
            raise FileFault(f"{path}, {place_rows(odd + 1)}", found, "date,currency,rate a row", do)
    return made.sort_values(["currency", "day"], ignore_index=True)


def to_one_money(
    amount: np.ndarray,
    frame: pd.DataFrame,
    money: str,
    rates: pd.DataFrame | None,
    as_of: date | None,
    first_month: int,
    where: str,
    findings: list[Finding],
) -> tuple[np.ndarray, str]:
    """Amounts turned into `money`, and the money they are in now ("" where nobody said).

    Parameters
    ----------
    amount : numpy.ndarray
        Shape (rows,), nan where blank.
    frame : pandas.DataFrame
        `row`, `currency` (codes, categorical), `day` (datetime64), `period` (categorical) of the same rows.
    money : str
        Code to turn into; "" where the study names none.
    rates : pandas.DataFrame or None
        `read_rates`; that of the last day not after the row's counts. A row without a day has the last
        day of its period, else `as_of`.

    Raises
    ------
    FileFault
        Two currencies and no money named, an amount without a currency beside others that have one,
        a currency without a rate, a rate that starts after the row's day: with the rows.
    """
    row = frame["row"].to_numpy()
    codes, words = frame["currency"].cat.codes.to_numpy(), [str(w) for w in frame["currency"].cat.categories]
    needed = ~np.isnan(amount)
    there = [word for k, word in enumerate(words) if word and bool((needed & (codes == k)).any())]
    if not there:
        return amount, money
    blank = np.flatnonzero(needed & np.array([not word for word in words])[codes])
    if len(blank) and not money:
        raise FileFault(
            f"{where}, column currency, {place_rows(row[blank])}",
            f"amounts without a currency beside others in {', '.join(there)}",
            "a currency on every row",
            'fill the column, or say  currency = "JPY"  under [supply]: blanks are then in that money',
        )
    if not money and len(there) == 1:
        return amount, there[0]
    foreign = [word for word in there if word != money]
    if not money or (foreign and rates is None):
        places = "; ".join(
            f"{word}: {place_rows(row[np.flatnonzero(needed & (codes == words.index(word)))])}"
            for word in (foreign if money else there)
        )
        raise FileFault(
            f"{where}, column currency, {places}",
            f"{len(there)} currencies ({', '.join(there)}) without a rate"
            if len(there) > 1
            else f"amounts in {there[0]} and no rate to {money}",
            "one currency, or dated rates to one",
            'write  currency = "JPY"  and  rates = "rates.csv"  (date,currency,rate) under [supply]',
        )
    if not foreign or rates is None:
        return amount, money
    day = _days(frame, as_of, first_month)
    made = amount.copy()
    old = np.zeros(len(amount), dtype=bool)
    for word in foreign:
        rows = np.flatnonzero(needed & (codes == words.index(word)))
        own = rates[rates["currency"] == word]
        at = np.searchsorted(own["day"].to_numpy("datetime64[D]"), day[rows], side="right") - 1
        at[np.isnat(day[rows])] = -1 if len(own) != 1 else 0
        lost = rows[at < 0]
        if len(lost):
            undated = bool(np.isnat(day[lost[0]]))
            raise FileFault(
                f"{where}, column currency, {place_rows(row[lost])}",
                f"amounts in {word} "
                + (
                    "without a day to choose its rate by"
                    if undated and len(own)
                    else f"and no rate of {word} to {money} on or before their day"
                ),
                f"a rate of {word} that starts on or before the day",
                "add  date,currency,rate  to the file of rates",
            )
        made[rows] = amount[rows] * own["rate"].to_numpy()[at]
        age = day[rows] - own["day"].to_numpy("datetime64[D]")[at]
        old[rows] = age > np.timedelta64(_OLD, "D")
    if old.any():
        findings.append(
            Finding(
                f"{where}, column currency, {place_rows(row[old])}",
                f"{int(old.sum())} amounts whose rate is more than {_OLD} days older than they are",
                "They are turned at that old rate.",
                "Add later rates to the file.",
            )
        )
    return made, money


def _days(frame: pd.DataFrame, as_of: date | None, first_month: int) -> np.ndarray:
    """The day whose rate counts for each row."""
    _, last = period_bounds(frame["period"].cat.categories, first_month)
    by_period = last[frame["period"].cat.codes.to_numpy()]
    day = frame["day"].to_numpy("datetime64[D]")
    day = np.where(np.isnat(day), by_period, day)
    otherwise = np.datetime64(as_of, "D") if as_of else np.datetime64("NaT", "D")
    return np.where(np.isnat(day), otherwise, day)
