"""Cells of rows become what they mean: numbers, countries, days, periods, codes, one money."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.supply.classification import checked_codes
from analysis.supply.kinds import KINDS, Kind, in_our_words, their_word
from analysis.supply.money import currencies_of, read_rates, to_one_money
from analysis.supply.periods import days_of, periods_of
from analysis.supply.places import places_of
from analysis.supply.settings import Settings
from analysis.supply.tables import numbers, place_rows
from analysis.supply.words import as_words, coded, in_words, shared_words
from survey import FileFault, Finding

__all__ = ["rows_typed"]

_AMOUNTS = ("value", "inputs", "output")


def rows_typed(
    rows: pd.DataFrame,
    numbering: np.ndarray,
    where: str,
    settings: Settings,
    as_of: date | None,
    findings: list[Finding],
) -> tuple[pd.DataFrame, str]:
    """Rows of one kind of file as typed rows of links, and the money of their amounts ("" if nobody said).

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns in the words of the kind (`KINDS`), of words or of numbers.
    numbering : numpy.ndarray
        Row of the file of each row, for messages.
    where : str
        The file, for messages.
    settings : Settings
        What `[supply]` says.
    as_of : date or None
        Day whose rate an amount without day and period takes.
    findings : list of Finding
        Grows by what is odd.

    Returns
    -------
    tuple
        `row,link,buyer,supplier,country,product,period,evidence` (categoricals; buyer and supplier of one
        list of words), `value,share,inputs,output,confidence` (floats), and `buyer_country` where known.

    Raises
    ------
    FileFault
        Cells that cannot be understood, a missing column, a row without a party; each with its rows.
    """
    kind = KINDS[settings.kind]
    frame = in_our_words(rows, kind, where)
    words = {name: as_words(frame[name]) for name in ("link", "product", "period", "evidence")}
    words["buyer"], words["supplier"] = shared_words(as_words(frame["buyer"]), as_words(frame["supplier"]))
    for name in ("country", "buyer_country", "shipped_from"):
        if name in frame.columns:
            cells = as_words(frame[name]).rename(their_word(kind, name))
            words[name] = places_of(cells, where, numbering, settings.territories)
    if settings.products:
        cells = words["product"].rename(their_word(kind, "product"))
        words["product"] = checked_codes(
            cells, settings.products, settings.digits, where, numbering, findings
        )
    amounts = _amounts(frame, kind, settings, where, numbering, findings)
    day = days_of(as_words(frame["date"]).rename("date"), where, numbering)
    if settings.periods:
        words["period"] = _filled(words["period"], periods_of(day, settings.periods, settings.first_month))
    currency = currencies_of(as_words(frame["currency"]).rename("currency"), where, numbering)
    money = settings.money
    if (currency.cat.categories != "").any():
        paid = pd.DataFrame({"row": numbering, "currency": currency.array, "period": words["period"].array})
        amounts["value"], money = to_one_money(
            amounts["value"],
            paid.assign(day=day),
            money,
            read_rates(settings.rates) if settings.rates else None,
            as_of,
            settings.first_month,
            where,
            findings,
        )
    if kind.reading == "output":
        amounts["value"] = np.where(
            np.isnan(amounts["value"]), amounts["share"] * amounts["output"], amounts["value"]
        )
    coded_words = {name: column.array for name, column in words.items()}
    typed = pd.DataFrame({"row": numbering, **coded_words, **amounts}, copy=False)
    _check_names(typed, where, may_lack_supplier=kind.is_lines)
    return _shipped(typed, where, findings), money


def _amounts(
    frame: pd.DataFrame,
    kind: Kind,
    settings: Settings,
    where: str,
    numbering: np.ndarray,
    findings: list[Finding],
) -> dict[str, np.ndarray]:
    highest = {"share": settings.percent, "confidence": 1.0}
    made = {}
    for name in ("value", "share", "inputs", "output", "confidence"):
        cells = frame[name].rename(their_word(kind, name))
        is_free = (name == "value" and kind.is_lines) or (settings.tells_below and name in _AMOUNTS)
        lowest = -np.inf if is_free else 0.0
        found = numbers(cells, where, low=lowest, high=highest.get(name, np.inf), numbering=numbering)
        if settings.tells_below and not (name == "value" and kind.is_lines):
            found = _without_below(found, f"{where}, column {cells.name}", numbering, findings)
        scale = settings.unit if name in _AMOUNTS else 1.0 / settings.percent if name == "share" else 1.0
        made[name] = found if scale == 1.0 else found * scale
    return made


def _without_below(
    amount: np.ndarray, where: str, numbering: np.ndarray, findings: list[Finding]
) -> np.ndarray:
    """Amounts of which those below zero are set aside, and told."""
    below = np.flatnonzero(amount < 0)
    if not len(below):
        return amount
    findings.append(
        Finding(
            f"{where}, {place_rows(numbering[below])}",
            f"{len(below)} amounts below zero, {amount[below].sum():,.6g} in all",
            "Nothing is computed from these links: other commands refuse the file.",
            'Correct the cells; credit notes belong into a ledger (kind = "ledger").',
        )
    )
    made = amount.copy()
    made[below] = np.nan
    return made


def _filled(given: pd.Series, found: pd.Series) -> pd.Series:
    """Periods as given, and where none is given those of the days."""
    first, second = shared_words(given, as_words(found))
    blank = in_words(first, [""])
    codes = np.where(blank, second.cat.codes.to_numpy(), first.cat.codes.to_numpy())
    return coded(codes, first.cat.categories)


def _check_names(frame: pd.DataFrame, where: str, *, may_lack_supplier: bool) -> None:
    blank = in_words(frame["buyer"], [""])
    if not may_lack_supplier:
        blank = blank | in_words(frame["supplier"], [""])
    empty = np.flatnonzero(blank)
    if len(empty):
        raise FileFault(
            f"{where}, {place_rows(frame['row'].to_numpy()[empty])}",
            "a link without a buyer or without a supplier",
            "two parties a link",
            "fill in the name, or take the row out",
        )


def _shipped(frame: pd.DataFrame, where: str, findings: list[Finding]) -> pd.DataFrame:
    """Country of origin as the country of the link; where it is blank, the one goods were shipped from."""
    if "shipped_from" not in frame.columns:
        return frame
    origin, shipped = shared_words(frame["country"], frame["shipped_from"])
    made = _filled(origin, shipped)
    differ = np.flatnonzero(
        ~in_words(origin, [""])
        & ~in_words(shipped, [""])
        & (origin.cat.codes.to_numpy() != shipped.cat.codes.to_numpy())
    )
    if len(differ):
        findings.append(
            Finding(
                f"{where}, column origin, {place_rows(frame['row'].to_numpy()[differ])}",
                f"{len(differ)} declarations of goods shipped from another country than that of their origin",
                "The origin counts; sellers there may be traders.",
                "",
            )
        )
    return frame.drop(columns="shipped_from").assign(country=made)
