"""SPSS portable files (.por): numbers to base 30, read with missing codes and to their end mark."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.faults import FileFault
from survey.formats.encodings import encoding_of
from survey.formats.moments import SPSS, moment_text, place_moments
from survey.formats.reading import Reading
from survey.formats.spss import missing_codes

__all__ = ["read_por"]

_SPLASH, _TABLE = 200, 256
_ASCII = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER = re.compile(r" *(?:(\*)\.|(-?)([0-9A-T]*)(?:\.([0-9A-T]*))?(?:([+-])([0-9A-T]+))?/)")
_LONGEST = 400
_LINE = 80
_FORMS = {20: "DATE", 21: "TIME", 22: "DATETIME", 23: "ADATE", 24: "JDATE", 25: "DTIME", 28: "MOYR"}
_FORMS |= {29: "QYR", 30: "WKYR", 38: "EDATE", 39: "SDATE", 40: "MTIME", 41: "YMDHMS"}
_RECENT = 82
"""Recent SPSS adds this to the numbers of formats of dates and times."""
_HIGHEST = float(np.finfo(float).max)


class _Broken(Exception):
    """The text does not go on as the format asks."""


@dataclass(slots=True)
class _Column:
    name: str
    width: int
    form: str
    label: str = ""
    missing: list[Any] = field(default_factory=list)
    labels: dict[Any, str] = field(default_factory=dict)


class _Stream:
    """The characters after the header, read one value after the other; one character a byte."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.known: dict[str, float] = {}

    def tag(self) -> str:
        if self.at >= len(self.text):
            raise _Broken("no end mark")
        self.at += 1
        return self.text[self.at - 1]

    def number(self) -> float:
        found = _NUMBER.match(self.text, self.at, self.at + _LONGEST)
        if found is None:
            raise _Broken("no number where one should stand")
        self.at = found.end()
        token = found.group()
        if token not in self.known:
            self.known[token] = _base_30(found)
        return self.known[token]

    def count(self, most: int) -> int:
        number = self.number()
        if not number.is_integer() or not 0 <= number <= most:
            raise _Broken(f"a count of {number:g}")
        return int(number)

    def words(self) -> str:
        length = self.count(len(self.text) - self.at)
        if self.at + length > len(self.text):
            raise _Broken("a text that runs past the end")
        self.at += length
        return self.text[self.at - length : self.at]


def read_por(path: Path) -> Reading:
    """Read an SPSS portable file with its labels and user-missing codes.

    Source: PSPP manual, Portable File Format.

    Raises
    ------
    FileFault
        The file breaks off, is damaged, or is not written in ASCII.
    """
    stream = _Stream(_characters(path))
    columns: dict[str, _Column] = {}
    notes: dict[str, str] = {}
    cells: list[list[Any]] = []
    try:
        _dictionary(stream, columns, notes)
        cells = _cells(stream, list(columns.values()))
    except _Broken as error:
        row = f" in row {len(cells[0]) + 1}" if cells else ""
        raise FileFault(
            str(path),
            f"an SPSS portable file that breaks off or is damaged{row}: {error}, at character {stream.at:,}",
            "a whole .por file, up to its end mark",
            "get the file again",
        ) from error
    encoding, findings = encoding_of(stream.text.encode("latin-1"), str(path))

    def said(text: str) -> str:
        return text.encode("latin-1").decode(encoding, "replace")

    frame = pd.DataFrame(
        {
            said(c.name): _texts(column, encoding) if c.width else pd.Series(column, dtype=np.float64)
            for c, column in zip(columns.values(), cells, strict=True)
        }
    )
    forms = {said(c.name): c.form for c in columns.values()}
    times, odd = place_moments(frame, forms, SPSS, str(path))
    labels: dict[str, dict[str, str]] = {}
    missing = {}
    for name, column in zip(frame.columns, columns.values(), strict=True):
        form = column.form
        labels[name] = {_code(v, form, said): said(text).strip() for v, text in column.labels.items()}
        codes = [
            {"lo": _end(lo, form, said), "hi": _end(hi, form, said)} if lo != hi else _end(lo, form, said)
            for lo, hi in column.missing
        ]
        if codes:
            missing[name] = missing_codes(codes, labels[name])
    return Reading(
        frame=frame,
        labels={said(c.name): said(c.label).strip() for c in columns.values() if c.label.strip()},
        value_labels={name: found for name, found in labels.items() if found},
        missing=missing,
        times=times,
        encoding=encoding,
        findings=(*findings, *odd),
        notes={key: said(text) for key, text in notes.items()}
        | {"verified": f"{len(frame)} rows, then the end mark"},
    )


def _characters(path: Path) -> str:
    """What follows the signature, line ends taken out and short lines filled up."""
    data = path.read_bytes()
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    text = b"".join(line.ljust(_LINE) if len(line) < _LINE else line for line in lines[:-1]) + lines[-1]
    start = _SPLASH + _TABLE
    if text[start : start + 8] != b"SPSSPORT":
        raise FileFault(
            str(path),
            "an SPSS portable file in another character set than ASCII, or damaged in its first bytes",
            "the mark SPSSPORT after the table of characters",
            "open it in SPSS or PSPP and save it as .sav",
        )
    table = text[_SPLASH:start]
    if any(byte not in (ord("0"), sign) for byte, sign in zip(table[64:100], _ASCII, strict=True)):
        raise FileFault(
            str(path),
            "an SPSS portable file in another character set than ASCII",
            "letters and digits in ASCII",
            "open it in SPSS or PSPP and save it as .sav",
        )
    return text[start + 8 :].decode("latin-1")


def _dictionary(stream: _Stream, columns: dict[str, _Column], notes: dict[str, str]) -> None:
    """Everything before the cases."""
    most = len(stream.text)
    if stream.tag() != "A":
        raise _Broken("an unknown version")
    day, clock = stream.words(), stream.words()
    if re.fullmatch(r"\d{8}", day) and re.fullmatch(r"\d{6}", clock):
        notes["created"] = f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:]}"
    stated = -1
    column: _Column | None = None
    while (tag := stream.tag()) != "F":
        if tag in "123":
            stream.words()
        elif tag == "4":
            stated = stream.count(most)
        elif tag == "5":
            stream.number()
        elif tag == "6":
            notes["weight"] = stream.words()
        elif tag == "7":
            width, name = stream.count(32_767), stream.words().strip()
            kind, shown, _, *_ = [stream.count(255) for _ in range(6)]
            form = _FORMS.get(kind, _FORMS.get(kind - _RECENT, ""))
            column = _Column(name, width, f"{form}{shown}" if form else "")
            if name in columns or not name:
                raise _Broken(f"two columns called {name!r}" if name else "a column without a name")
            columns[name] = column
        elif tag in "89ABC" and column is not None:
            _more(stream, tag, column)
        elif tag == "D":
            _value_labels(stream, columns)
        elif tag == "E":
            lines = [stream.words().rstrip() for _ in range(stream.count(most))]
            notes["documents"] = "\n".join(line for line in lines if line)
        else:
            raise _Broken(f"an unknown record {tag!r}")
    if not columns or stated not in (-1, len(columns)):
        raise _Broken(f"{len(columns)} columns of {stated} that its header states")


def _more(stream: _Stream, tag: str, column: _Column) -> None:
    """A missing code, a missing range, or the label of a column."""
    if tag == "C":
        column.label = stream.words()
        return
    first = stream.words() if column.width else stream.number()
    if tag == "8":
        column.missing.append((first, first))
    elif tag == "9":
        column.missing.append((-_HIGHEST, first))
    elif tag == "A":
        column.missing.append((first, _HIGHEST))
    else:
        column.missing.append((first, stream.words() if column.width else stream.number()))


def _value_labels(stream: _Stream, columns: dict[str, _Column]) -> None:
    names = [stream.words().strip() for _ in range(stream.count(len(columns)))]
    unknown = [name for name in names if name not in columns]
    if unknown or not names:
        raise _Broken(f"labels for {unknown[0]!r}, which is no column" if unknown else "labels for no column")
    width = columns[names[0]].width
    for _ in range(stream.count(len(stream.text))):
        value: Any = stream.words() if width else stream.number()
        text = stream.words()
        for name in names:
            columns[name].labels[value] = text


def _cells(stream: _Stream, columns: list[_Column]) -> list[list[Any]]:
    """Values of each column, up to the end mark."""
    cells: list[list[Any]] = [[] for _ in columns]
    readers = [
        (stream.words if c.width else stream.number, cell.append)
        for c, cell in zip(columns, cells, strict=True)
    ]
    while stream.text[stream.at : stream.at + 1] != "Z":
        if stream.at >= len(stream.text):
            raise _Broken(f"no end mark after row {len(cells[0])}")
        for read, keep in readers:
            keep(read())
    if stream.text[stream.at :].strip("Z "):
        raise _Broken("characters after the end mark")
    return cells


def _base_30(found: re.Match[str]) -> float:
    star, minus, whole, part, sign, power = found.groups()
    if star:
        return float("nan")
    part = part or ""
    if not whole + part:
        raise _Broken("a number without digits")
    exponent = (int(power, 30) if power else 0) * (-1 if sign == "-" else 1) - len(part)
    if abs(exponent) > _LONGEST:
        raise _Broken("a number out of range")
    digits = int(whole + part, 30)
    try:
        value = digits * 30**exponent if exponent >= 0 else digits / 30**-exponent
        return -float(value) if minus else float(value)
    except OverflowError as error:
        raise _Broken("a number out of range") from error


def _texts(cells: list[str], encoding: str) -> pd.Series:
    column = pd.Series(
        [cell.encode("latin-1").decode(encoding, "replace").rstrip() for cell in cells], dtype="str"
    )
    return column.mask(column == "")


def _code(value: Any, form: str, said: Any) -> str:
    return said(value).rstrip() if isinstance(value, str) else moment_text(value, form, SPSS)


def _end(value: Any, form: str, said: Any) -> Any:
    """End of a missing range as it stands in the frame: text, date or number."""
    if isinstance(value, str) or (SPSS.unit(form) and abs(value) < _HIGHEST):
        return _code(value, form, said)
    return value
