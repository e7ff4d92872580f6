"""Numbers and dates as people type them: full-width digits, `1,234`, `△5`, `令和3年12月15日`."""

import re
import unicodedata
from datetime import date, datetime

__all__ = ["ERAS", "typed_date", "typed_number"]

ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
"""First year of each era since 1868 (Cabinet Office of Japan, list of gengo); year 1 is this year."""

_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_SIGNS = str.maketrans(dict.fromkeys("△▲−–‐﹣", "-"))
_PLAIN = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_YEAR = rf"(?:(?P<era>{'|'.join(ERAS)}|[MTSHR])\s*(?P<eyear>\d{{1,2}}|元)|(?P<year>\d{{4}}))"
_ONLY_YEAR = re.compile(_YEAR + r"\s*(?:年度?|)")
_DAY = re.compile(
    _YEAR + r"\s*(?:年|[-/.])\s*(?P<month>\d{1,2})\s*(?:(?:月|[-/.])\s*(?P<day>\d{1,2})\s*日?|月|)"
    r"(?:\s*\(.\))?(?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,9}))?)?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def _narrow(text: str) -> str:
    """Full-width letters and digits narrowed, signs made plain, spaces around taken off."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip()


def typed_number(text: str, unit: str = "") -> float | None:
    """The number a cell holds, or None where it holds none.

    Read are `1234`, `1,234.5`, `－５`, `△5` and `▲5` (minus, as Japanese accounts write it),
    `(5)` (minus), `0012` (12), `.5`, and `令和3年` or `2021年` (the year). A sign of `unit` after the
    number is taken off. `1,23`, `about 5` and `3-5` are no numbers.
    """
    said = _narrow(text)
    wanted = _narrow(unit)
    if wanted and said.endswith(wanted):
        said = said[: -len(wanted)].strip()
    if said.startswith("(") and said.endswith(")") and said[1:2].isdigit():
        said = "-" + said[1:-1]
    said = re.sub(r"^([+-])\s+", r"\1", said)
    if _GROUPED.fullmatch(said):
        return float(said.replace(",", ""))
    if _PLAIN.fullmatch(said):
        number = float(said)
        return number if abs(number) < float("inf") else None
    year = _ONLY_YEAR.fullmatch(said)
    return float(_year(year)) if year and said.endswith(("年", "年度")) else None


def typed_date(text: str) -> tuple[datetime, bool] | None:
    """The date a cell holds and whether its day is known, or None where it holds none.

    Read are ISO dates with or without a time, `2021/12/15`, `2021年12月15日`, `20211215`,
    `令和3年12月15日`, `R3.12.15`, `平成元年5月`, and a bare year; where day or month are not said the
    first one stands in, and the second value is False. A time with a zone, such as `14:15:48-04:00`, is
    the time on the clock of that place. `3/4/2021` is not read: its day could be
    either.
    """
    said = _narrow(text)
    found = _PACKED.fullmatch(said) or _DAY.fullmatch(said) or _ONLY_YEAR.fullmatch(said)
    if found is None:
        return None
    parts = {key: value for key, value in found.groupdict().items() if value is not None}
    try:
        day = date(_year(found), int(parts.get("month", 1)), int(parts.get("day", 1)))
        when = datetime(
            day.year,
            day.month,
            day.day,
            int(parts.get("hour", 0)),
            int(parts.get("minute", 0)),
            int(parts.get("second", 0)),
            int(parts.get("part", "0").ljust(6, "0")[:6]),
        )
    except ValueError:
        return None
    return when, "day" in parts


def _year(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if not parts.get("era"):
        return int(parts["year"])
    era = _LETTERS.get(parts["era"], parts["era"])
    return ERAS[era] + (1 if parts["eyear"] == "元" else int(parts["eyear"])) - 1
