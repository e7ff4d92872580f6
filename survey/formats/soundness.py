"""Whether the dictionary of a .sav can be true: looked at before a library trusts its lengths and counts."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from survey.faults import FileFault

__all__ = ["Extent", "check_dictionary"]

_HEADER = 176
_MISSING = (0, 1, 2, 3, -2, -3)
_LONGEST_LABEL = 65_536
_TEXTS = (5, 7, 10, 13, 14, 17, 18, 19, 20)
_ENCODINGS = ("cp932", "cp1252", "latin1")
_UNUSED = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")
"""What Python makes of bytes that cp932 does not use."""
_FIXED = {3: (4, 8), 4: (8, 3), 16: (8, 2)}
"""Subtypes of record 7 to the size and number of their elements."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a .sav says it holds.

    Attributes
    ----------
    cases : int
        Cases stated; -1 where the header does not say.
    elements : int
        Elements of 8 bytes in a case.
    start : int
        First byte of the cases.
    size : int
        Bytes of the file.
    compression : int
        0 none, 1 by element, 2 by element and then deflated (.zsav).
    encodings : tuple[str or None, ...]
        Encodings in which all labelled texts can be decoded, None for the one the file states: the
        library checks labels, but not what they label.
    """

    cases: int
    elements: int
    start: int
    size: int
    compression: int
    encodings: tuple[str | None, ...]


class _Unsound(Exception):
    """Something in the dictionary that cannot be true."""


def check_dictionary(path: Path) -> Extent:
    """Walk through the dictionary of a .sav or .zsav, record by record.

    Source: PSPP developers' guide, System File Format.

    Raises
    ------
    FileFault
        The dictionary breaks off, or a length, count or index in it cannot be true.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        walk = _Walk(data)
        try:
            return walk.through()
        except (_Unsound, struct.error, IndexError) as error:
            found = str(error) if isinstance(error, _Unsound) else "it breaks off"
            raise FileFault(
                str(path),
                f"an SPSS dictionary that is damaged or cut off ({found}, at byte {walk.at:,})",
                "a whole .sav file",
                "get the file again, or save it anew in SPSS",
            ) from error


class _Walk:
    def __init__(self, data: mmap) -> None:
        self.data = data
        self.at = 0
        self.order = "<"
        self.widths: list[int] = []
        self.labels = False
        self.values: list[bytes] = []
        self.texts: set[bytes] = set()
        self.encoding = b""
        self.page = 0

    def number(self, at: int) -> int:
        if at < 0 or at + 4 > len(self.data):
            raise _Unsound("it breaks off")
        return int(struct.unpack_from(self.order + "i", self.data, at)[0])

    def within(self, end: int) -> int:
        """A place in the file; every length and count leads to one."""
        if not self.at < end <= len(self.data):
            raise _Unsound("a length that runs past the end")
        return end

    def through(self) -> Extent:
        if len(self.data) < _HEADER:
            raise _Unsound("it breaks off")
        self.order = "<" if struct.unpack_from("<i", self.data, 64)[0] in (2, 3) else ">"
        if self.number(64) not in (2, 3):
            raise _Unsound("an unknown layout")
        compression, cases = self.number(72), self.number(80)
        if compression not in (0, 1, 2) or (compression == 2) != (self.data[:4] == b"$FL3"):
            raise _Unsound("an unknown compression")
        if cases < -1:
            raise _Unsound(f"{cases} cases")
        self.at = _HEADER
        steps: dict[int, Callable[[], int]] = {
            2: self._variable,
            3: self._labels,
            4: self._labelled,
            6: self._documents,
            7: self._extension,
        }
        while (kind := self.number(self.at)) != 999:
            if kind not in steps:
                raise _Unsound(f"an unknown record {kind}")
            if self.labels != (kind == 4):
                raise _Unsound("value labels without their columns")
            self.at = self.within(steps[kind]())
        if self.labels:
            raise _Unsound("value labels without their columns")
        self._check_widths()
        return Extent(cases, len(self.widths), self.at + 8, len(self.data), compression, self._encodings())

    def _variable(self) -> int:
        width, labelled, missing = (self.number(self.at + k) for k in (4, 8, 12))
        if not -1 <= width <= 255 or labelled not in (0, 1) or missing not in _MISSING:
            raise _Unsound("a column that cannot be")
        name = bytes(self.data[self.at + 24 : self.at + 32]).rstrip()
        if width >= 0 and (not name or name[0] <= 32 or b"\0" in name):
            raise _Unsound("a column without a name")
        self.widths.append(width)
        end = self.at + 32
        if labelled:
            length = self.number(end)
            if not 0 <= length <= _LONGEST_LABEL:
                raise _Unsound("a label of impossible length")
            end += 4 + -(-length // 4) * 4
        return end + 8 * abs(missing)

    def _labels(self) -> int:
        many, end = self.number(self.at + 4), self.at + 8
        if not 0 <= many <= len(self.data) // 9:
            raise _Unsound(f"{many} value labels")
        self.values = []
        for _ in range(many):
            self.values.append(bytes(self.data[end : end + 8]))
            end += 8 + -(-(self.data[end + 8] + 1) // 8) * 8
        self.labels = True
        return end

    def _labelled(self) -> int:
        many = self.number(self.at + 4)
        if not 1 <= many <= len(self.widths):
            raise _Unsound(f"value labels of {many} columns")
        for k in range(many):
            place = self.number(self.at + 8 + 4 * k)
            if not 1 <= place <= len(self.widths) or self.widths[place - 1] == -1:
                raise _Unsound(f"value labels of column {place}, which there is not")
            if self.widths[place - 1] > 0:
                self.texts.update(self.values)
        self.labels = False
        return self.at + 8 + 4 * many

    def _documents(self) -> int:
        many = self.number(self.at + 4)
        if not 0 <= many <= len(self.data) // 80:
            raise _Unsound(f"{many} lines of notes")
        return self.at + 8 + 80 * many

    def _extension(self) -> int:
        kind, size, many = (self.number(self.at + k) for k in (4, 8, 12))
        if size < 0 or many < 0 or size * many > len(self.data):
            raise _Unsound("a length that runs past the end")
        if (kind in _FIXED and (size, many) != _FIXED[kind]) or (kind in _TEXTS and size != 1 and many):
            raise _Unsound(f"a record 7, {kind} of wrong size")
        start, end = self.at + 16, self.at + 16 + size * many
        if end > len(self.data):
            raise _Unsound("a length that runs past the end")
        if kind == 20:
            self.encoding = bytes(self.data[start:end]).strip(b"\0 ").upper()
        elif kind == 3:
            self.page = self.number(start + 28)
        columns = sum(width >= 0 for width in self.widths)
        if kind == 11 and (size != 4 or not columns or many not in (2 * columns, 3 * columns)):
            # very long strings are several columns here and one there: fewer entries are usual
            if size != 4 or many > 3 * columns:
                raise _Unsound("display settings of wrong size")
        elif kind == 21:
            self._long_labels(start, end)
        elif kind == 22:
            self._long_missing(start, end)
        return end

    def _text(self, at: int, end: int) -> int:
        """Place after a text that is written as its length and itself."""
        length = self.number(at)
        if length < 0 or at + 4 + length > end:
            raise _Unsound("a text that runs past its record")
        return at + 4 + length

    def _encodings(self) -> tuple[str | None, ...]:
        stated = self.encoding.decode("ascii", "replace")
        if not stated:
            stated = f"cp{self.page}" if self.page in range(100, 65_000) else "utf-8"
        found: list[str | None] = [None] if self._decode(stated) else []
        return (*found, *(encoding for encoding in _ENCODINGS if self._decode(encoding)))

    def _decode(self, encoding: str) -> bool:
        try:
            found = "".join(text.decode(encoding) for text in self.texts)
            return encoding != "cp932" or _UNUSED.isdisjoint(found)
        except UnicodeDecodeError:
            return False
        except LookupError:
            return all(text.isascii() for text in self.texts)

    def _long_labels(self, at: int, end: int) -> None:
        while at < end:
            at = self._text(at, end)
            width, many = self.number(at), self.number(at + 4)
            at += 8
            if not 0 <= width <= 32_767 or not 0 <= many <= (end - at) // 8:
                raise _Unsound("value labels of a long text that cannot be")
            for _ in range(many):
                value = self._text(at, end)
                self.texts.add(bytes(self.data[at + 4 : value]))
                at = self._text(value, end)

    def _long_missing(self, at: int, end: int) -> None:
        while at < end:
            at = self._text(at, end)
            many = self.data[at]
            length = self.number(at + 1)
            at += 5
            if not 1 <= many <= 3 or length != 8 or at + many * length > end:
                raise _Unsound("missing codes of a long text that cannot be")
            at += many * length

    def _check_widths(self) -> None:
        """A text of n bytes stands in n/8 elements, all but the first of width -1."""
        at = 0
        if not any(width >= 0 for width in self.widths):
            raise _Unsound("no columns")
        while at < len(self.widths):
            many = max(1, -(-self.widths[at] // 8))
            if self.widths[at] < 0 or any(w != -1 for w in self.widths[at + 1 : at + many]):
                raise _Unsound("a column whose width does not fit the elements it has")
            at += many
        if at != len(self.widths):
            raise _Unsound("a column whose width does not fit the elements it has")
