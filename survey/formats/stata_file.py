"""The bytes of a .dta of release 118 (Stata 14 and later), from columns that already fit."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

__all__ = ["STRL", "StataColumn", "StataTable", "dta_bytes"]

STRL = 32768
"""Type of texts of more than 2,045 bytes."""
_TYPES = {"f8": 65526, "i4": 65528, "i2": 65529, "i1": 65530}
_NAME, _LABEL, _FORMAT = 129, 321, 57
_MISSING_LABEL = 2_147_483_621
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class StataColumn:
    """One variable.

    Attributes
    ----------
    name, label, shown : str
        Name, label of at most 80 characters, display format such as `%9.0g`.
    values : numpy.ndarray
        Shape (n,): numbers of type f8, i4, i2 or i1 with Stata's own missing values, fixed bytes
        (`S`), or an object array of bytes for long texts.
    labels : str
        Name of its value labels; "" if none.
    """

    name: str
    label: str
    shown: str
    values: NDArray[np.generic]
    labels: str = ""


@dataclass(frozen=True, slots=True)
class StataTable:
    """A data set.

    Attributes
    ----------
    columns : tuple[StataColumn, ...]
        Its variables.
    label : str
        At most 80 characters.
    value_labels : Mapping[str, Mapping[int | str, str]]
        Name to code (a whole number, or `.a` to `.z`) to label.
    characteristics : tuple[tuple[str, str, str], ...]
        Variable or `_dta`, name, text of at most 67,783 bytes.
    """

    columns: tuple[StataColumn, ...]
    label: str = ""
    value_labels: Mapping[str, Mapping[int | str, str]] = field(default_factory=dict)
    characteristics: tuple[tuple[str, str, str], ...] = ()


def dta_bytes(table: StataTable, created: datetime) -> bytes:
    """A data set of k variables and n rows as bytes (Stata, help dta, release 118)."""
    columns = table.columns
    n = len(columns[0].values) if columns else 0
    label = table.label.encode("utf-8")
    stamp = f"{created.day:02d} {_MONTHS[created.month - 1]} {created:%Y %H:%M}".encode("ascii")
    data, longs = _data(columns, n)
    sections = (
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
        + b"<K>" + struct.pack("<H", len(columns)) + b"</K><N>" + struct.pack("<Q", n) + b"</N>"
        + b"<label>" + struct.pack("<H", len(label)) + label + b"</label>"
        + b"<timestamp>" + bytes([len(stamp)]) + stamp + b"</timestamp></header>",
        b"<map>" + bytes(14 * 8) + b"</map>",
        _tagged("variable_types", (struct.pack("<H", _type(c.values)) for c in columns)),
        _tagged("varnames", (_fixed(c.name, _NAME) for c in columns)),
        _tagged("sortlist", [bytes(2 * (len(columns) + 1))]),
        _tagged("formats", (_fixed(c.shown, _FORMAT) for c in columns)),
        _tagged("value_label_names", (_fixed(c.labels, _NAME) for c in columns)),
        _tagged("variable_labels", (_fixed(c.label, _LABEL) for c in columns)),
        _tagged("characteristics", (_characteristic(*entry) for entry in table.characteristics)),
        _tagged("data", [data]),
        _tagged("strls", longs),
        _tagged("value_labels", (_label_table(name, t) for name, t in table.value_labels.items())),
        b"</stata_dta>",
    )  # fmt: skip
    starts = np.cumsum([0, *map(len, sections)]).tolist()
    head = b"<map>" + struct.pack("<14Q", *starts[:14]) + b"</map>"
    return b"".join((sections[0], head, *sections[2:]))


def _tagged(tag: str, parts: Iterable[bytes]) -> bytes:
    return b"<" + tag.encode() + b">" + b"".join(parts) + b"</" + tag.encode() + b">"


def _fixed(text: str, size: int) -> bytes:
    return text.encode("utf-8")[: size - 1].ljust(size, b"\0")


def _type(values: NDArray[np.generic]) -> int:
    if values.dtype == object:
        return STRL
    return values.dtype.itemsize if values.dtype.kind == "S" else _TYPES[values.dtype.str[1:]]


def _data(columns: Sequence[StataColumn], n: int) -> tuple[bytes, list[bytes]]:
    """All rows, and the long texts they refer to by number of variable and row."""
    kinds = [(f"c{i}", "V8" if c.values.dtype == object else c.values.dtype) for i, c in enumerate(columns)]
    rows = np.zeros(n, dtype=np.dtype(kinds))
    longs: list[bytes] = []
    for i, column in enumerate(columns):
        if column.values.dtype != object:
            rows[f"c{i}"] = column.values
            continue
        filled = np.array([bool(text) for text in column.values])
        row = np.arange(1, n + 1, dtype="<u8")
        refer = np.where(filled, (row << np.uint64(16)) | np.uint64(i + 1), np.uint64(0)).astype("<u8")
        rows[f"c{i}"] = refer.view("V8")
        longs += [
            b"GSO"
            + struct.pack("<IQBI", i + 1, at + 1, 130, len(column.values[at]) + 1)
            + column.values[at]
            + b"\0"
            for at in np.flatnonzero(filled)
        ]
    return rows.tobytes(), longs


def _characteristic(variable: str, name: str, text: str) -> bytes:
    body = _fixed(variable, _NAME) + _fixed(name, _NAME) + text.encode("utf-8") + b"\0"
    return b"<ch>" + struct.pack("<I", len(body)) + body + b"</ch>"


def _label_table(name: str, labels: Mapping[int | str, str]) -> bytes:
    texts = [text.encode("utf-8") + b"\0" for text in labels.values()]
    codes = [_MISSING_LABEL + ord(c[1]) - 96 if isinstance(c, str) else c for c in labels]
    order = np.argsort(codes, kind="stable")
    offsets = np.cumsum([0, *map(len, texts)])[:-1]
    table = struct.pack("<II", len(codes), sum(map(len, texts)))
    table += (
        np.asarray(offsets, dtype="<u4")[order].tobytes() + np.asarray(codes, dtype="<i4")[order].tobytes()
    )
    table += b"".join(texts)
    return b"<lbl>" + struct.pack("<I", len(table)) + _fixed(name, _NAME) + bytes(3) + table + b"</lbl>"
