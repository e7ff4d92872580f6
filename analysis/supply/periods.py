"""Which period a link belongs to, and which period of a buyer counts as of a day."""

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from analysis.supply.words import coded, respelt
from survey import FileFault, Finding

__all__ = ["COUNTS", "PERIODS", "days_of", "latest_periods", "period_bounds", "periods_of"]

PERIODS = ("month", "quarter", "year", "fiscal year")
"""What days are gathered into."""

COUNTS = ("started", "ended")
"""Which periods may count as of a day: those that have started, or only those that have ended."""

_DAY = re.compile(
    r"^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T ].*)?$|^(\d{4})(\d{2})(\d{2})$"
)
_LABEL = re.compile(
    r"^(?P<fy>FY)?(?P<year>\d{4})(?:年度?)?"
    r"(?:-?Q(?P<quarter>[1-4])|[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?$",
    re.IGNORECASE,
)


def _day(word: str) -> str | None:
    found = _DAY.match(word)
    if found is None:
        return None
    year, month, day = (part for part in found.groups() if part is not None)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def days_of(column: pd.Series, where: str, numbering: np.ndarray) -> np.ndarray:
    """Words such as `2021-12-15`, `2021/12/15`, `20211215`, `2021年12月15日` as days (NaT where blank).

    Raises
    ------
    FileFault
        A word that is no day, with its rows.
    """
    words = column.cat.categories
    found = [_day(word) if word else "NaT" for word in words]
    lost = np.array([day is None for day in found], dtype=bool)
    codes = column.cat.codes.to_numpy()
    odd = np.flatnonzero(lost[codes]) if lost.any() else np.zeros(0, dtype=int)
    if len(odd):
        raise FileFault(
            f"{where}, column {column.name}, {place_rows(numbering[odd])}",
            repr(str(column.iloc[int(odd[0])])),
            "a day such as 2021-12-15, or an empty cell",
            "correct the day",
        )
    return np.array(found, dtype="datetime64[D]")[codes]


def periods_of(days: np.ndarray, kind: str, first_month: int) -> pd.Series:
    """The month (`2021-04`), quarter (`2021-Q2`), year (`2021`) or fiscal year (`FY2021`) of days.

    A fiscal year bears the year it starts in; `first_month` is its first month.
    """
    months = days.astype("datetime64[M]").astype(np.int64)
    months[np.isnat(days)] = -(2**40)
    codes, distinct = pd.factorize(months)
    make: dict[str, Callable[[int, int], str]] = {
        "month": lambda year, month: f"{year}-{month:02d}",
        "quarter": lambda year, month: f"{year}-Q{(month + 2) // 3}",
        "year": lambda year, month: f"{year}",
        "fiscal year": lambda year, month: f"FY{year - (month < first_month)}",
    }
    words = [make[kind](1970 + m // 12, m % 12 + 1) if m > -(2**40) else "" for m in distinct.tolist()]
    return respelt(
        coded(codes, [str(k) for k in range(len(words))]), lambda _: pd.Series(words, dtype="str")
    )[0]


def period_bounds(words: pd.Index, first_month: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of periods by their words; NaT for a word that names no period."""
    first = np.full(len(words), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    last = first.copy()
    for k, word in enumerate(words):
        found = _LABEL.match(word)
        if found is None:
            continue
        year = np.datetime64(found["year"], "M")
        month, day, quarter = (int(found[name]) if found[name] else 0 for name in ("month", "day", "quarter"))
        if month > 12 or (found["fy"] and (month or quarter)):
            continue
        span = 1 if month else 3 if quarter else 12
        shift = month - 1 if month else 3 * quarter - 3 if quarter else 0
        is_fiscal = bool(found["fy"]) or word.endswith("年度")
        start = year + np.timedelta64(shift + (first_month - 1 if is_fiscal else 0), "M")
        first[k] = start.astype("datetime64[D]")
        last[k] = (start + np.timedelta64(span, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
        if day:
            first[k] = last[k] = first[k] + np.timedelta64(day - 1, "D")
    return first, last


def latest_periods(
    frame: pd.DataFrame,
    party: str,
    as_of: date | None,
    counts: str,
    first_month: int,
    where: str,
    findings: list[Finding],
) -> pd.DataFrame:
    """The rows that count as of a day: of each party its latest period, and what bears no period.

    Where none of a party's periods has started (or ended) by that day, its first one counts.

    Raises
    ------
    FileFault
        Parties with several periods, and words that name no period.
    """
    words, codes = frame["period"].cat.categories, frame["period"].cat.codes.to_numpy()
    who = frame[party].cat.codes.to_numpy()
    is_dated = (words != "")[codes]
    if not is_dated.any() or len(words[words != ""]) < 2:
        return frame
    first, last = period_bounds(words, first_month)
    order = np.lexsort((-last.astype(np.int64), first.astype(np.int64)))
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    at = rank[codes]
    many = len(frame[party].cat.categories)
    lowest = np.full(many, len(words), dtype=np.int64)
    highest = np.full(many, -1, dtype=np.int64)
    np.minimum.at(lowest, who[is_dated], at[is_dated])
    np.maximum.at(highest, who[is_dated], at[is_dated])
    has_several = (lowest < highest)[who] & is_dated
    if not has_several.any():
        return frame
    odd = np.flatnonzero(has_several & np.isnat(first)[codes])
    if len(odd):
        raise FileFault(
            f"{where}, column period, {place_rows(frame['row'].to_numpy()[odd])}",
            f"{str(frame['period'].iloc[int(odd[0])])!r}, beside other periods of the same {party}",
            "periods such as 2021, FY2021, 2021-Q2, 2021-04 or 2021-04-30",
            "rewrite the period, or choose one under [supply.where]",
        )
    edge = first if counts == "started" else last
    usable = np.ones(len(words), dtype=bool) if as_of is None else edge <= np.datetime64(as_of, "D")
    reached = np.full(many, -1, dtype=np.int64)
    ready = is_dated & usable[codes]
    np.maximum.at(reached, who[ready], at[ready])
    chosen = np.where(reached >= 0, reached, lowest)
    kept = ~is_dated | (at == chosen[who])
    day = f" that had {counts} by {as_of.isoformat()}" if as_of else ""
    findings.append(
        Finding(
            f"{where}, column period",
            f"{int((~kept).sum())} links of other periods",
            f"Each {party}'s latest period{day} counts, others are set aside.",
            "Choose a period under [supply.where] to look at another.",
        )
    )
    return frame[kept]
