"""Multiple-response sets in a .sav: the dictionary record that declares them, read and written."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import cast

from survey.faults import FileFault
from survey.formats.reading import ResponseSet

__all__ = ["add_record", "add_response_sets", "pin_creation", "read_response_sets", "record_text"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HEADER = 176
_VERY_LONG = 14
_LONG_NAMES = 13
_ENCODING = 20
_SETS = (7, 19)


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of the dictionary: its type, subtype, first and last byte, and payload."""

    kind: int
    subtype: int
    start: int
    end: int
    payload: bytes


def _records(data: bytes | mmap, path: str) -> Iterator[_Record]:
    """Records of a .sav dictionary up to and with the closing record 999 (PSPP, System File Format)."""
    order = _byte_order(data, path)
    at = _HEADER

    def number(offset: int) -> int:
        return int(struct.unpack_from(order + "i", data, offset)[0])

    try:
        while True:
            start, kind, subtype = at, number(at), 0
            if kind == 2:
                labelled, missing = number(at + 8), number(at + 12)
                end = at + 32
                if labelled:
                    end += 4 + -(-number(end) // 4) * 4
                end += 8 * abs(missing)
            elif kind == 3:
                end = at + 8
                for _ in range(number(at + 4)):
                    end += 8 + -(-(data[end + 8] + 1) // 8) * 8
            elif kind == 4:
                end = at + 8 + 4 * number(at + 4)
            elif kind == 6:
                end = at + 8 + 80 * number(at + 4)
            elif kind == 7:
                subtype = number(at + 4)
                end = at + 16 + number(at + 8) * number(at + 12)
            elif kind == 999:
                yield _Record(kind, 0, start, at + 8, b"")
                return
            else:
                raise ValueError(kind)
            if end <= at or end > len(data):
                raise ValueError(end)
            yield _Record(kind, subtype, start, end, data[start:end])
            at = end
    except (struct.error, ValueError, IndexError) as error:
        raise FileFault(
            path, f"the SPSS dictionary breaks off at byte {at}", "a whole .sav file", "get the file again"
        ) from error


def _byte_order(data: bytes | mmap, path: str) -> str:
    if data[:4] not in (b"$FL2", b"$FL3") or len(data) < _HEADER:
        raise FileFault(path, "no SPSS header", "a .sav file", "export it from SPSS again")
    return "<" if struct.unpack_from("<i", data, 64)[0] in (2, 3) else ">"


def _names(records: Sequence[_Record], order: str, encoding: str) -> dict[str, str]:
    """Short name (lower case) to long name of each variable."""
    names: dict[str, str] = {}
    for record in records:
        if record.kind == 2 and struct.unpack_from(order + "i", record.payload, 4)[0] >= 0:
            short = record.payload[24:32].decode(encoding, "replace").rstrip()
            names[short.lower()] = short
    for record in records:
        if record.kind == 7 and record.subtype == _LONG_NAMES:
            for pair in record.payload[16:].decode(encoding, "replace").split("\t"):
                short, _, long = pair.rstrip("\0").partition("=")
                if long:
                    names[short.lower()] = long
    return names


def _encoding(records: Sequence[_Record]) -> str:
    for record in records:
        if record.kind == 7 and record.subtype == _ENCODING:
            name = record.payload[16:].decode("ascii", "replace").strip("\0 ")
            try:
                "".encode(name)
                return name
            except LookupError:
                break
    return "cp1252"


def read_response_sets(path: Path) -> tuple[ResponseSet, ...]:
    """Sets declared in the records of type 7, subtypes 7 and 19, of a .sav file.

    Layouts: `$a=C 10 my mcgroup v1 v2`, `$b=D3 Yes 10 mdgroup #2 v3 v4`,
    `$c=E 1 2 34 13 third mdgroup v5 v6` (counts are bytes; variables stand under their short
    names, in lower case). Source: PSPP developers' guide, System File Format.

    Raises
    ------
    FileFault
        The dictionary breaks off.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        order, records = _byte_order(data, str(path)), tuple(_records(data, str(path)))
    encoding = _encoding(records)
    names = _names(records, order, encoding)
    sets: dict[str, ResponseSet] = {}
    for record in records:
        if record.kind == 7 and record.subtype in _SETS:
            for line in record.payload[16:].rstrip(b"\0").split(b"\n"):
                found = _parse(line, encoding, names)
                if found is not None:
                    sets.setdefault(found.name, found)
    return tuple(sets.values())


def _parse(line: bytes, encoding: str, names: dict[str, str]) -> ResponseSet | None:
    match = re.match(rb"\$?([^=]+)=([CDE])", line)
    if match is None:
        return None
    rest = line[match.end() :]
    counted = ""
    if match.group(2) == b"E":
        rest = re.sub(rb"^ *\d+ +", b"", rest)
    if match.group(2) in b"DE":
        value, rest = _counted_text(rest)
        counted = value.decode(encoding, "replace").strip()
    label, rest = _counted_text(rest.lstrip(b" "))
    columns = [names.get(n.lower(), n) for n in rest.decode(encoding, "replace").split()]
    name = match.group(1).decode(encoding, "replace")
    return ResponseSet(name, label.decode(encoding, "replace").strip(), tuple(columns), counted)


def _counted_text(rest: bytes) -> tuple[bytes, bytes]:
    """A text written as its length in bytes, a space, and itself."""
    match = re.match(rb" *(\d+) ", rest)
    if match is None:
        return b"", rest
    end = match.end() + int(match.group(1))
    return rest[match.end() : end], rest[end:]


def add_response_sets(path: Path, sets: Sequence[ResponseSet]) -> None:
    """Write sets into the dictionary of a .sav file, before its closing record.

    Raises
    ------
    FileFault
        The dictionary breaks off, or a set names a column that the file does not have.
    """
    data = path.read_bytes()
    order = _byte_order(data, str(path))
    if data[:4] == b"$FL3":
        raise FileFault(
            str(path), "a .zsav, whose blocks are addressed by position", "a .sav", "write a .sav"
        )
    records = tuple(_records(data, str(path)))
    encoding = _encoding(records)
    short = {long: key for key, long in _names(records, order, encoding).items()}
    lines = b"".join(_line(s, short, encoding, str(path)) for s in sets)
    path.write_bytes(_with_record(data, order, records[-1].start, _SETS[0], lines))


def _with_record(data: bytes, order: str, cut: int, subtype: int, payload: bytes) -> bytes:
    """The bytes of a .sav with one more record of type 7 at byte `cut` of its dictionary."""
    return data[:cut] + struct.pack(order + "4i", 7, subtype, 1, len(payload)) + payload + data[cut:]


def add_record(path: Path, subtype: int, text: str) -> None:
    """Write one record of type 7 into the dictionary of a .sav file of UTF-8, before its closing record.

    Raises
    ------
    FileFault
        The dictionary breaks off.
    """
    data = path.read_bytes()
    cut = list(_records(data, str(path)))[-1].start
    order = _byte_order(data, str(path))
    path.write_bytes(_with_record(data, order, cut, subtype, text.encode("utf-8")))


def record_text(path: Path, subtype: int) -> str:
    """Text of the first record of type 7 of a subtype in the dictionary of a .sav or .zsav; "" if none.

    Raises
    ------
    FileFault
        The dictionary breaks off.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        for record in _records(cast(bytes, data), str(path)):
            if record.kind == 7 and record.subtype == subtype:
                return record.payload[16:].decode("utf-8", "replace")
    return ""


def _line(entry: ResponseSet, short: dict[str, str], encoding: str, path: str) -> bytes:
    for column in entry.columns:
        if column not in short:
            raise FileFault(
                f"{path}, set {entry.name}", f"no column {column!r}", "columns of the file", "mend the set"
            )
    label = entry.label.encode(encoding)
    columns = b"".join(b" " + short[c].encode(encoding) for c in entry.columns)
    counted = entry.counted.encode(encoding)
    kind = b"D%d %s" % (len(counted), counted) if counted else b"C"
    return b"$%s=%s %d %s%s\n" % (entry.name.encode(encoding), kind, len(label), label, columns)


def pin_creation(path: Path, created: datetime) -> None:
    """Write a time of creation into the header of a .sav, so that the same input gives the same bytes."""
    data = bytearray(path.read_bytes())
    _byte_order(bytes(data[:_HEADER]), str(path))
    day = f"{created.day:02d} {_MONTHS[created.month - 1]} {created.year % 100:02d}"
    data[92:101] = day.encode("ascii")
    data[101:109] = f"{created:%H:%M:%S}".encode("ascii")
    path.write_bytes(bytes(data))
