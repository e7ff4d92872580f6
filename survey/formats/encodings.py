"""Bytes into text: the encoding found by looking, said where it was guessed, and damage told by its place."""

import csv
import io
import re
from pathlib import Path

from survey.faults import FileFault, Finding

__all__ = ["decode", "encoding_of"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3040-\u30ff]")
_HIGH = re.compile(r"[^\x00-\x7f]")
_KANJI = re.compile("[\u4e00-\u9fff]")
_BESIDE_LETTERS = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
_LOST = re.compile("[\udc80-\udcff]")
_UNUSED = re.compile("[\x80\uf8f0-\uf8f3]")
"""What cp932 makes of the bytes 80, a0, fd, fe, ff, which no Japanese text holds."""

_SAMPLE = 2_000_000


def decode(path: Path) -> tuple[str, str, list[Finding]]:
    """Text of a file, its encoding, and a finding where the encoding is a guess.

    Marks at the start (UTF-8, UTF-16, UTF-32) are believed; then UTF-8, then UTF-16 without a mark,
    then cp932 (Shift-JIS) or EUC-JP, whichever gives more kana and kanji and fewer half-width kana,
    then cp1252. A file that is almost UTF-8, cp932 or EUC-JP is a damaged one, and not of another
    encoding.

    Raises
    ------
    FileFault
        The file is empty or no text, or some bytes cannot be decoded (row and column are named).
    """
    data = path.read_bytes()
    if not data.strip():
        raise FileFault(str(path), "the file is empty", "a survey file", "export the survey again")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(path, data, encoding), encoding, []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return _checked(path, data, "utf-8"), "utf-8", []
    encoding = _guess(data)
    if not encoding:
        raise _no_text(path)
    text = _checked(path, data, encoding)
    finding = Finding(
        str(path),
        f"read as {encoding}, a guess",
        "The file does not say its encoding.",
        "Look at some texts; save it as UTF-8 to be sure.",
    )
    return text, encoding, [finding]


def encoding_of(texts: bytes, where: str) -> tuple[str, list[Finding]]:
    """Encoding of texts taken out of a file that does not say it: UTF-8, or a guess and its finding."""
    try:
        texts.decode("utf-8")
        return "utf-8", []
    except UnicodeDecodeError:
        encoding = _guess(texts.replace(b"\0", b" ")) or "cp1252"
    return encoding, [
        Finding(
            where,
            f"text read as {encoding}, a guess",
            "The file does not say its encoding.",
            "Look at some texts.",
        )
    ]


def _guess(data: bytes) -> str:
    """The encoding that fits best, be it that a few bytes are damaged; "" where it is no text."""
    head = data[:_SAMPLE]
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if min(odd, even) * 20 > max(odd, even) or 50 * max(odd, even) < len(head):
            return ""
        return "utf-16-le" if odd > even else "utf-16-be"
    text = head.decode("utf-8", "surrogateescape")
    lost = len(_LOST.findall(text))
    if len(head) - len(text) >= lost > 0:
        return "utf-8"
    best, score = "", 0.0
    for encoding in ("cp932", "euc_jp"):
        points = _japanese(head, encoding, data)
        if points > score:
            best, score = encoding, points
    if best:
        return best
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return "cp1252"


def _japanese(head: bytes, encoding: str, data: bytes) -> float:
    """How much the bytes look like Japanese in this encoding; 0 where they do not."""
    text = head.decode(encoding, "surrogateescape")
    lost = len(_LOST.findall(text)) + len(_UNUSED.findall(text))
    high = len(_HIGH.findall(text)) - lost
    kana, kanji = len(_KANA.findall(text)), len(_KANJI.findall(text))
    if lost and (10 * lost > high or 10 * kana < high):
        return 0.0
    if not lost:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            if 10 * kana < high:
                return 0.0
    beside = len(_BESIDE_LETTERS.findall(text))
    if not high or (2 * beside > high and 5 * kana < high):
        return 0.0
    half = len(_HALF_KANA.findall(text))
    return max(kana + kanji / 2 - 2 * half - 10 * lost, 0.1 if half == high else 0.0, 0.01)


def _checked(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + (len(_MARKS[0][0]) if encoding == "utf-8-sig" else 0)
        raise _undecodable(path, data, encoding, at) from error
    unused = _UNUSED.search(text) if encoding == "cp932" else None
    if unused:
        raise _undecodable(path, data, encoding, len(text[: unused.start()].encode("cp932")))
    if len(_CONTROL.findall(text[:20_000])) > 3:
        raise _no_text(path)
    return text


def _undecodable(path: Path, data: bytes, encoding: str, at: int) -> FileFault:
    """The fault of bytes that fit no encoding, at the row and column of the table where they stand."""
    text = data[:at].decode(encoding, "replace").replace("\0", "?") + "?"
    header = text.split("\n", 1)[0]
    delimiter = max(",\t;|", key=header.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    column = len(rows[-1])
    name = f" ({rows[0][column - 1]})" if len(rows) > 1 and column <= len(rows[0]) else ""
    row = f"row {len(rows) - 1}" if len(rows) > 1 else "header"
    shown = " ".join(f"{byte:02x}" for byte in data[at : at + 4])
    return FileFault(
        f"{path}, {row}, column {column}{name}",
        f"bytes that are not {encoding}: {shown} (byte {at} of the file)",
        f"text in one encoding; all before it is {encoding}",
        "mend that cell, or export the survey again as UTF-8",
    )


def _no_text(path: Path) -> FileFault:
    return FileFault(
        str(path),
        "neither text nor a known survey format",
        "a .sav, .dta, .csv, .tsv or .parquet file",
        "export the survey in one of these",
    )
