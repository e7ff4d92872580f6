"""Bytes into text: the encoding found by looking, and said where it was guessed."""

import re
from pathlib import Path

from survey.faults import FileFault, Finding

__all__ = ["decode", "encoding_of"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3040-\u30ff]")


def decode(path: Path) -> tuple[str, str, list[Finding]]:
    """Text of a file, its encoding, and a finding where the encoding is a guess.

    Marks at the start (UTF-8, UTF-16) are believed; then UTF-8, then UTF-16 without a mark, then
    cp932 (Shift-JIS) or EUC-JP, whichever gives more kana and fewer half-width ones, then cp1252.

    Raises
    ------
    FileFault
        The file is empty or no text.
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
    """Encoding of bytes that are not UTF-8: the one that makes most kana; "" where they are no text."""
    sample = data[:4096]
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
    if b"\0" in data:
        return ""
    best, score = "", float("-inf")
    for encoding in ("cp932", "euc_jp"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        points = len(_KANA.findall(text)) - 2 * len(_HALF_KANA.findall(text))
        if points > score:
            best, score = encoding, points
    if best and score >= 0:
        return best
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return best
    return "cp1252"


def _checked(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFault(
            str(path), f"byte {error.start} is not {encoding}", "text in one encoding", "save it as UTF-8"
        ) from error
    if len(_CONTROL.findall(text[:20_000])) > 3:
        raise _no_text(path)
    return text


def _no_text(path: Path) -> FileFault:
    return FileFault(
        str(path),
        "neither text nor a known survey format",
        "a .sav, .dta, .csv, .tsv or .parquet file",
        "export the survey in one of these",
    )
