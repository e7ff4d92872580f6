"""SAS transport files (.xpt, versions 5 and 8), with as many rows as the file can be shown to hold."""

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.faults import FileFault, Finding
from survey.formats.encodings import encoding_of
from survey.formats.moments import SAS, place_moments
from survey.formats.reading import Reading
from survey.formats.special import letters_as_codes, special_codes

__all__ = ["read_xpt"]

_CARD = 80
_HEADER = re.compile(rb"HEADER RECORD\*{7}(\w+) +HEADER RECORD!{7}(.{30})  ", re.DOTALL)
_MEMBERS = (b"HEADER RECORD*******MEMBER  ", b"HEADER RECORD*******MEMBV8  ")
_LETTERS = np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_WIDEST = 32_767


@dataclass(frozen=True, slots=True)
class _Column:
    """One variable: its names, where it stands in a row, and how it is shown."""

    name: bytes
    label: bytes
    form: str
    at: int
    width: int
    is_text: bool


def read_xpt(path: Path) -> Reading:
    """Read the first table of a SAS transport file; special missing values stand as `.A` to `.Z` and `._`.

    Version 8 may state how many rows there are, and then they must be there. Else the rows must
    end where the file ends, and a finding says that a cut between two rows cannot be seen.
    Source: SAS Institute, Record Layout of a SAS Version 5 or 6 Data Set in Transport Format
    (TS-140), and of Version 8 or 9.

    Raises
    ------
    FileFault
        The file breaks off, or its description of the columns cannot be true.
    """
    data = path.read_bytes()
    where = str(path)
    columns, at, stated, long = _layout(data, where)
    width = sum(c.width for c in columns)
    end, findings = _end(data, at, where)
    rows = _rows(data[at:end], width, stated, all(c.is_text for c in columns), where, findings)
    table = np.frombuffer(data, dtype=np.uint8, count=rows * width, offset=at).reshape(rows, width)
    texts = b"".join([*(c.name + b" " + c.label for c in columns), *long.values()])
    texts += b"".join(table[:, c.at : c.at + c.width].tobytes() for c in columns if c.is_text)
    encoding, guessed = encoding_of(texts, where)
    cells: dict[str, Any] = {}
    for number, column in enumerate(columns, start=1):
        name = column.name.decode(encoding, "replace").strip() or f"column {number}"
        if name in cells:
            raise FileFault(where, f"two columns called {name!r}", "one name for each", "get the file again")
        block = np.ascontiguousarray(table[:, column.at : column.at + column.width])
        cells[name] = _texts(block, encoding) if column.is_text else _numbers(block)
    names = list(cells)
    frame = pd.DataFrame(cells)
    forms = {name: column.form for name, column in zip(names, columns, strict=True)}
    missing = special_codes(frame)
    times, odd = place_moments(frame, forms, SAS, where)
    labels = {n: c.label.decode(encoding, "replace").strip() for n, c in zip(names, columns, strict=True)}
    labels |= {names[k - 1]: text.decode(encoding, "replace").strip() for k, text in long.items()}
    return Reading(
        frame=frame,
        labels={name: text for name, text in labels.items() if text},
        missing=missing,
        times=times,
        encoding=encoding,
        findings=(*findings, *guessed, *odd),
        notes={"verified": f"{rows} rows of {width} bytes fill the file"},
    )


def _layout(data: bytes, where: str) -> tuple[list[_Column], int, int | None, dict[int, bytes]]:
    """Columns, first byte of the rows, rows stated (None if not), and long labels by column number."""
    at, many, long = 0, None, dict[int, bytes]()
    columns: list[_Column] = []
    try:
        while True:
            header = _HEADER.match(data, at)
            if header is None:
                raise ValueError(f"no header record at byte {at}")
            kind, numbers = header.group(1), header.group(2)
            at += _CARD
            if kind in (b"LIBRARY", b"LIBV8"):
                at += 2 * _CARD
            elif kind in (b"MEMBER", b"MEMBV8"):
                size = int(numbers[-4:])
            elif kind in (b"DSCRPTR", b"DSCPTV8"):
                at += 2 * _CARD
            elif kind in (b"NAMESTR", b"NAMSTV8"):
                many = int(numbers[:10])
                if many * size > len(data) - at or size < 136:
                    raise ValueError(f"{many} columns, which the file cannot hold")
                columns = [_column(data[at + i * size : at + (i + 1) * size]) for i in range(many)]
                at += -(-many * size // _CARD) * _CARD
            elif kind in (b"LABELV8", b"LABELV9"):
                at = _long_labels(data, at, int(numbers.split()[0]), kind == b"LABELV9", long)
            elif kind in (b"OBS", b"OBSV8"):
                break
            else:
                raise ValueError(f"an unknown record {kind!r}")
        if not columns:
            raise ValueError("no columns")
        _check_places(columns)
        if any(not 1 <= number <= len(columns) for number in long):
            raise ValueError("a label for a column that is not there")
    except (ValueError, IndexError, struct.error, UnboundLocalError) as error:
        raise FileFault(
            where,
            f"cannot be read as a SAS transport file ({error})",
            "a whole .xpt file",
            "get the file again",
        ) from error
    stated = numbers.split()[0] if numbers.strip() else b""
    return columns, at, int(stated) if kind == b"OBSV8" and stated.isdigit() and int(stated) else None, long


def _column(entry: bytes) -> _Column:
    kind, _, width, _ = struct.unpack_from(">4h", entry)
    name, label, form = entry[8:16], entry[16:56], entry[56:64].decode("ascii", "replace").strip()
    shown, place = struct.unpack_from(">h", entry, 64)[0], struct.unpack_from(">i", entry, 84)[0]
    longer = entry[88:120].rstrip(b" \0")
    if longer and longer[:8].upper() == name.rstrip(b" \0").upper()[: len(longer[:8])]:
        name = longer
    return _Column(name.strip(b" \0"), label.strip(b" \0"), f"{form}{shown or ''}", place, width, kind == 2)


def _check_places(columns: list[_Column]) -> None:
    """Columns must fill a row without gap or overlap."""
    at = 0
    for column in sorted(columns, key=lambda c: c.at):
        if column.at != at or not 1 <= column.width <= (_WIDEST if column.is_text else 8):
            raise ValueError(f"column {column.name!r} at byte {column.at} of a row, {column.width} wide")
        at += column.width


def _long_labels(data: bytes, at: int, many: int, with_formats: bool, long: dict[int, bytes]) -> int:
    start = at
    for _ in range(many):
        number, name, label = struct.unpack_from(">3h", data, at)
        at += 6
        skipped = sum(struct.unpack_from(">2h", data, at)) if with_formats else 0
        at += 4 if with_formats else 0
        if min(name, label, skipped) < 0 or at + name + label + skipped > len(data):
            raise ValueError("a label that runs past the end")
        long[number] = data[at + name : at + name + label]
        at += name + label + skipped
    return start + -(-(at - start) // _CARD) * _CARD


def _end(data: bytes, at: int, where: str) -> tuple[int, list[Finding]]:
    """Where the rows of the first table end, and a finding where other tables follow."""
    found = [m.start() for m in re.finditer(rb"HEADER RECORD\*{7}MEMB(ER|V8)  HEADER RECORD!{7}", data)]
    after = [place for place in found if place >= at and (place - at) % _CARD == 0]
    if not after:
        return len(data), []
    return after[0], [
        Finding(
            where,
            f"holds {len(after) + 1} tables",
            "Only the first was read.",
            "Write the others to files of their own.",
        )
    ]


def _rows(
    block: bytes, width: int, stated: int | None, only_text: bool, where: str, findings: list[Finding]
) -> int:
    """How many rows there are; refuses a block that breaks off."""
    whole, rest = divmod(len(block), width)
    if stated is not None:
        if stated * width > len(block):
            raise FileFault(
                where,
                f"{whole} rows of {stated} that the header states",
                "a whole file",
                "get the file again",
            )
        if len(block) - stated * width >= _CARD or block[stated * width :].strip(b" \0"):
            raise FileFault(
                where,
                f"more bytes than the {stated} rows that the header states",
                "rows as stated",
                "get the file again",
            )
        return stated
    if block[len(block) - rest :].strip(b" ") or rest >= _CARD:
        raise FileFault(
            where, f"breaks off within row {whole + 1}", "a whole .xpt file", "get the file again"
        )
    padded = 0
    while padded < whole and rest + (padded + 1) * width < _CARD:
        if block[(whole - padded - 1) * width : (whole - padded) * width].strip(b" "):
            break
        padded += 1
    told = "the rows fill it to its end" if len(block) % _CARD == 0 else "it is not filled up to 80 bytes"
    if padded and only_text:
        told += f", and {padded} blank rows at its end were taken for filling"
    findings.append(
        Finding(
            where,
            f"this SAS transport file does not state how many rows it has; {told}",
            f"{whole - padded} rows were read; a cut between two rows could not be seen.",
            "Compare the number of rows with the source.",
        )
    )
    return whole - padded


def _texts(block: NDArray[np.uint8], encoding: str) -> pd.Series:
    cells = pd.Series(block.view(f"S{block.shape[1]}").ravel())
    places, uniques = pd.factorize(cells)
    texts = pd.Series([bytes(u).decode(encoding, "replace").rstrip(" \0") for u in uniques], dtype="str")
    column = texts.take(places).reset_index(drop=True)
    return column.mask(column == "")


def _numbers(block: NDArray[np.uint8]) -> pd.Series:
    """IBM floating point (7 bits of a power of 16, 56 bits of a fraction); codes where these are missing."""
    full = np.zeros((len(block), 8), dtype=np.uint8)
    full[:, : block.shape[1]] = block
    bits = full.view(">u8").ravel().astype(np.uint64)
    power = ((bits >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int32)
    fraction = (bits & np.uint64(0x00FF_FFFF_FFFF_FFFF)).astype(np.float64)
    numbers = np.ldexp(fraction, 4 * (power - 64) - 56)
    numbers = np.where(bits >> np.uint64(63) == 1, -numbers, numbers)
    missing = (full[:, 1:] == 0).all(axis=1) & np.isin(full[:, 0], _LETTERS)
    numbers[missing] = np.nan
    letters = np.where(missing & (full[:, 0] != ord(".")), full[:, 0], 0)
    return letters_as_codes(pd.Series(numbers), letters)
