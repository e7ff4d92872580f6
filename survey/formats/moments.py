"""Counts since an origin as dates and times of day: how SPSS, Stata and SAS store them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_text
from survey.faults import Finding

__all__ = ["SAS", "SPSS", "STATA", "Calendar", "moment_text", "place_moments"]

_US = {"days": 86_400_000_000, "seconds": 1_000_000, "milliseconds": 1_000}
_MONTHS = {"months": 1, "quarters": 3, "half-years": 6}
_CLOCKS = {"clock": 1_000_000, "clock in milliseconds": 1_000, "time of day": 1_000_000}
_FIRST, _LAST = np.datetime64("0001-01-01", "us"), np.datetime64("9999-12-31T23:59:59.999999", "us")
_LARGEST = 4e17


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one program stores moments.

    Attributes
    ----------
    origin : numpy.datetime64
        The moment called 0.
    units : Sequence[tuple[re.Pattern[str], str]]
        Pattern of a column's display format and what is counted; the first that fits is taken.
    """

    origin: np.datetime64
    units: Sequence[tuple[re.Pattern[str], str]]

    def unit(self, form: str | None) -> str:
        """What a column of this display format counts; "" where it holds no moments."""
        return next((unit for pattern, unit in self.units if pattern.match(form or "")), "")


def _units(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), unit) for pattern, unit in pairs)


SPSS = Calendar(
    np.datetime64("1582-10-14", "us"),
    _units(
        (r"(DATETIME|YMDHMS|[AEJS]?DATE|QYR|MOYR|WKYR)[\d.]*$", "seconds"),
        (r"[DM]?TIME[\d.]*$", "clock"),
    ),
)
STATA = Calendar(
    np.datetime64("1960-01-01", "us"),
    _units(
        (r"%-?t[cC](HH|Hh|hh)(?!.*([DdNnYyCcJj]|[Mm]on))", "clock in milliseconds"),
        (r"%-?t[cC]", "milliseconds"),
        (r"%-?(td|d)", "days"),
        (r"%-?tw", "weeks"),
        (r"%-?tm", "months"),
        (r"%-?tq", "quarters"),
        (r"%-?th", "half-years"),
    ),
)
SAS = Calendar(
    np.datetime64("1960-01-01", "us"),
    _units(
        (r"(NL)?(DATETIME|DATEAMPM|MDYAMPM|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|NLDATM|EURDFDT)", "seconds"),
        (r"(IS8601|[EB]8601)(DT|DN|DX|DZ|LX)", "seconds"),
        (r"TOD[\d.]*$", "time of day"),
        (r"(TIME|HHMM|TIMEAMPM|MMSS|NLTIMAP|NLTIME)[\d.]*$", "clock"),
        (r"(IS8601|[EB]8601)(TM|TZ|LZ|TX)", "clock"),
        (
            r"(DATE|MMDDYY[BCDNPS]?|DDMMYY[BCDNPS]?|YYMMDD[BCDNPS]?|MONYY|YYMON|JULIAN|MINGUO|NENGO)[\d.]*$",
            "days",
        ),
        (r"(DAY|WEEKDAY|DOWNAME|MONTH|MONNAME|QTRR?|YEAR|JULDAY)[\d.]*$", "days"),
        (r"(YYMM[CDNPS]?|MMYY[CDNPS]?|YYQR?[CDNPS]?)[\d.]*$", "days"),
        (r"(WEEKDAT[EX]|WORDDAT[EX]|NLDATE|EURDFD[DE]|EURDFW[DK]X|HDATE|(IS8601|[EB]8601)DA)", "days"),
    ),
)


def place_moments(
    frame: pd.DataFrame, formats: Mapping[str, str | None], calendar: Calendar, where: str
) -> tuple[frozenset[str], list[Finding]]:
    """Turn counts into moments, in the frame itself.

    Dates become datetime64[us], times of day text such as `09:30:00` (`25:00:00` is a time beyond
    a day, no time of the next day). Where codes for a reason stand among the dates, or numbers
    outside the years 1 to 9999, the column becomes text: ISO dates, the code or number verbatim.

    Parameters
    ----------
    frame : pandas.DataFrame
        Shape (n, columns), counts as numbers, perhaps with text codes among them; changed.
    formats : Mapping[str, str | None]
        Column to its display format.
    calendar : Calendar
        How the program that wrote the file counts.
    where : str
        File, for findings.

    Returns
    -------
    tuple[frozenset[str], list[Finding]]
        Columns of times of day, and what was odd.
    """
    clocks: set[str] = set()
    findings: list[Finding] = []
    for name in frame.columns:
        unit = calendar.unit(formats.get(name))
        column = frame[name]
        if not unit or isinstance(column.dtype, pd.StringDtype):
            continue
        numbers = pd.to_numeric(column, errors="coerce") if column.dtype == object else column
        counts = numbers.to_numpy(dtype=np.float64)
        codes = np.isnan(counts) & column.notna().to_numpy()
        if unit in _CLOCKS:
            clocks.add(str(name))
            frame[name] = _texts(column, _clock(_micro(counts, unit)), ~np.isnan(counts))
            continue
        moments, fits = _dates(counts, unit, calendar.origin)
        beyond = int((~np.isnan(counts) & ~fits).sum())
        if beyond:
            findings.append(
                Finding(
                    f"{where}, column {name}",
                    f"{beyond} dates beyond the calendar",
                    "They are kept as the numbers that stand in the file.",
                    "Mend them in the source.",
                )
            )
        if beyond or codes.any():
            days = unit != "milliseconds" and bool((moments[fits] == moments[fits].astype("M8[D]")).all())
            texts = np.datetime_as_string(moments, unit="D" if days else "s")
            frame[name] = _texts(column, np.char.replace(texts, "T", " "), fits)
        else:
            frame[name] = pd.Series(moments, index=frame.index)
    return frozenset(clocks), findings


def moment_text(count: float, form: str | None, calendar: Calendar) -> str:
    """One count as the code that stands in every output, such as a missing code of a column of dates."""
    unit = calendar.unit(form)
    if unit in _CLOCKS:
        return str(_clock(_micro(np.array([float(count)]), unit))[0])
    if unit:
        moments, fits = _dates(np.array([float(count)]), unit, calendar.origin)
        if fits[0]:
            return code_text(pd.Timestamp(moments[0]))
    return code_text(count)


def _dates(
    counts: NDArray[np.float64], unit: str, origin: np.datetime64
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Moments of counts, NaT where there is none, and where the count is within the years 1 to 9999."""
    fits = np.isfinite(counts)
    whole = np.where(fits, counts, 0.0)
    if unit in _MONTHS:
        fits &= np.abs(whole) < 120_000
        months = np.where(fits, np.floor(whole) * _MONTHS[unit], 0).astype(np.int64)
        moments = (origin.astype("M8[M]") + months).astype("M8[us]")
    elif unit == "weeks":
        fits &= np.abs(whole) < 500_000
        years, week = np.divmod(np.where(fits, np.floor(whole), 0).astype(np.int64), 52)
        moments = (origin.astype("M8[Y]") + years).astype("M8[D]").astype("M8[us]")
        moments = moments + (week * 7 * _US["days"]).astype("m8[us]")
    else:
        micro = whole * _US[unit]
        fits &= np.abs(micro) < _LARGEST
        moments = origin + np.rint(np.where(fits, micro, 0)).astype(np.int64).astype("m8[us]")
    fits &= (moments >= _FIRST) & (moments <= _LAST)
    moments[~fits] = np.datetime64("NaT", "us")
    return moments, fits


def _micro(counts: NDArray[np.float64], unit: str) -> NDArray[np.float64]:
    """Microseconds since midnight; `time of day` shows a moment without its date."""
    micro = counts * _CLOCKS[unit]
    return np.mod(micro, _US["days"]) if unit == "time of day" else micro


def _clock(micro: NDArray[np.float64]) -> NDArray[np.object_]:
    """Microseconds since midnight as HH:MM:SS, hours beyond 24 kept."""
    uniques, places = np.unique(micro, return_inverse=True)
    texts = np.array([_clock_text(value) for value in uniques], dtype=object)
    return texts[places] if len(texts) else np.array([], dtype=object)


def _clock_text(micro: float) -> str:
    if not np.isfinite(micro) or abs(micro) > _LARGEST:
        return code_text(micro / _US["seconds"])
    seconds, rest = divmod(abs(round(micro)), _US["seconds"])
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return ("-" if micro < 0 else "") + text + (f".{rest:06d}" if rest else "")


def _texts(
    column: pd.Series, texts: NDArray[np.object_] | NDArray[np.str_], use: NDArray[np.bool_]
) -> pd.Series:
    """Texts where they are meant, the column's own cells as text elsewhere, blanks as blanks."""
    own = column.map(code_text, na_action="ignore").astype(object).to_numpy()
    return pd.Series(np.where(use, texts.astype(object), own), index=column.index).astype("str")
