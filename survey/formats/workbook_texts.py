"""The texts that the cells of a workbook share: runs joined, readings of signs left out, escapes undone."""

import re
from typing import BinaryIO

from survey.faults import FileFault
from survey.formats.xml_stream import Budget, stream_xml

__all__ = ["plain_text", "shared_texts"]

_ESCAPED = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")


def plain_text(written: str) -> str:
    """A text with its escapes undone: `_x000D_` is a carriage return (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(_signs, written) if "_x" in written else written


def _signs(escaped: re.Match[str]) -> str:
    units = bytes.fromhex(escaped.group().replace("_x", "").replace("_", ""))
    try:
        return units.decode("utf-16-be")
    except UnicodeDecodeError:
        return escaped.group()


def shared_texts(source: BinaryIO, where: str, main: str, budget: Budget) -> list[str]:
    """The table of shared texts in its order.

    Parameters
    ----------
    source : BinaryIO
        Its XML.
    where : str
        What faults name.
    main : str
        Namespace of the workbook, with the closing brace.
    budget : Budget
        What may still be read; lessened by what was.

    Raises
    ------
    FileFault
        Damaged XML, another namespace, or a budget that is spent.
    """
    item, t, phonetic = (main + name for name in ("si", "t", "rPh"))
    most, room = budget.elements, budget.text
    found: list[str] = []
    texts: list[str] = []
    in_item = collecting = silent = False
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal in_item, collecting, silent, count
        count += 1
        if count > most:
            raise _too_large(where)
        if name == t:
            collecting = in_item and not silent
        elif name == item:
            in_item = True
            silent = False
            texts.clear()
        elif name == phonetic:
            silent = True
        elif count == 1 and name != main + "sst":
            raise FileFault(
                where,
                "a damaged workbook (no shared texts in their XML)",
                "a workbook as Excel saves it",
                "save it anew in Excel",
            )

    def end(name: str) -> None:
        nonlocal in_item, collecting, silent, room
        if name == t:
            collecting = False
        elif name == item:
            in_item = False
            text = plain_text("".join(texts))
            room -= text.__sizeof__() + 8
            if room < 0:
                raise _too_large(where)
            found.append(text)
        elif name == phonetic:
            silent = False

    def text(characters: str) -> None:
        nonlocal room
        if collecting:
            texts.append(characters)
            if len(texts) > 1_000:
                joined = "".join(texts)
                texts[:] = [joined]
                if len(joined) > room:
                    raise _too_large(where)

    stream_xml(source, where, start, end, text)
    budget.elements -= count
    budget.text = room
    return found


def _too_large(where: str) -> FileFault:
    return FileFault(
        where,
        "more text than can be read as a workbook",
        "a table of answers",
        "save the sheet as CSV (UTF-8)",
    )
