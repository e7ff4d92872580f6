"""Every line of text and numbers in a file beside a Release: workbooks, decks, pages, tables, PDF."""

import csv
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.ElementTree import fromstring

from analysis.attack.leafing import Line, lines_of_page, lines_of_values
from analysis.attack.printed import lines_of_pdf
from survey import FileFault, check_parquet

__all__ = ["Piece", "open_file", "open_text"]

_DEEPEST = 4
"""Archives within archives that are opened: a deck holds workbooks."""

_LARGEST = 64_000_000
"""Bytes of one member that are read; more is no chart and no sheet."""


_MOST = 512 * 1024 * 1024
"""Bytes of all members of one file together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One sheet, slide, chart, page or table.

    Attributes
    ----------
    place : str
        File, and member within it.
    lines : tuple of tuple of str
        In the order of the document; a row of a table is one line of several cells.
    """

    place: str
    lines: tuple[Line, ...]


def open_file(path: Path, place: str = "") -> list[Piece]:
    """All that a file says: hidden sheets, comments, names, properties and what stands behind charts too.

    Parameters
    ----------
    path : Path
    place : str
        What to call it; by default its name.

    Notes
    -----
    Archives (xlsx, pptx, docx, zip) are opened member by member, those within them too; of anything unknown
    the words that can be read as UTF-8, plain or inflated, are taken.

    Raises
    ------
    FileFault
        An archive that unpacks to more than 512 MiB, or a Parquet file whose table `check_parquet` refuses.
    """
    return _open(path.read_bytes(), place or path.name, 0, (), _Room())


def open_text(text: str, place: str) -> Piece:
    """A page or an answer of the server, HTML or JSON, as lines."""
    return Piece(place, tuple(lines_of_page(text)))


class _Room:
    """Bytes that may still be unpacked of one file, archives within archives together."""

    def __init__(self) -> None:
        self.left = _MOST

    def take(self, place: str, many: int) -> None:
        self.left -= many
        if self.left < 0:
            raise FileFault(
                place,
                "an archive that unpacks to more than can be looked through",
                f"at most {_MOST:,} bytes, archives within it too",
                "take out what is no page, sheet or slide, or unpack it and give its files",
            )


def _open(data: bytes, place: str, depth: int, above: tuple[Line, ...], room: _Room) -> list[Piece]:
    name = place.rpartition("/")[2].casefold()
    if depth < _DEEPEST and zipfile.is_zipfile(io.BytesIO(data)):
        return _archive(data, place, depth, above, room)
    if data.startswith(b"%PDF"):
        return [Piece(place, tuple(lines_of_pdf(data)))]
    if data.startswith(b"PAR1"):
        check_parquet(Path(place), data)
        table = pd.read_parquet(io.BytesIO(data))
        return [Piece(place, tuple(lines_of_values([list(table.columns), *table.to_numpy().tolist()])))]
    text = data.decode("utf-8", "replace")
    if name.endswith((".xml", ".rels", ".vml")):
        return [Piece(place, (*above, *_xml(data, {})))]
    if name.endswith((".html", ".htm", ".svg", ".json", ".geojson")) or text.lstrip()[:1] in ("{", "[", "<"):
        return [Piece(place, (*above, *lines_of_page(text)))]
    if name.endswith((".csv", ".tsv", ".txt", ".md")):
        mark = "\t" if name.endswith(".tsv") else ","
        with suppress(csv.Error):  # what is no table is words
            rows = csv.reader(io.StringIO(text), delimiter=mark)
            return [Piece(place, tuple(tuple(cell.strip() for cell in row) for row in rows if row))]
    return [Piece(place, tuple((word,) for word in _words_within(data)))]


def _words_within(data: bytes) -> Iterator[str]:
    """Words of an unknown file, and of what is inflated from it."""
    yield from re.findall(r"[^\x00-\x1f\ufffd]{3,}", data.decode("utf-8", "replace"))
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            told = zlib.decompressobj().decompress(data[start.start() :], _LARGEST)
        except zlib.error:
            continue
        if len(told) > 8:
            yield from re.findall(r"[^\x00-\x1f\ufffd]{3,}", told.decode("utf-8", "replace"))


def _archive(data: bytes, place: str, depth: int, above: tuple[Line, ...], room: _Room) -> list[Piece]:
    """Members of an archive; a chart, and the workbook behind it, under the words of its slide."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        room.take(place, sum(info.file_size for info in archive.infolist()))
        members = {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if not info.is_dir() and info.file_size <= _LARGEST
        }
    shared = _shared_strings(members.get("xl/sharedStrings.xml", b""))
    owners = _owners(members)
    told: dict[str, tuple[Line, ...]] = {}

    def lines_of(member: str) -> tuple[Line, ...]:
        if member not in told:
            is_xml = member.endswith((".xml", ".rels", ".vml"))
            told[member] = tuple(_xml(members[member], shared)) if is_xml else ()
        return told[member]

    pieces = []
    for member, content in members.items():
        where = f"{place}:{member}"
        over: tuple[Line, ...] = above
        owner, seen = owners.get(member), {member}
        while owner is not None and owner in members and owner not in seen:
            over = (*lines_of(owner), *over)
            seen.add(owner)
            owner = owners.get(owner)
        if member.endswith((".xml", ".rels", ".vml")):
            is_part = "/charts/" in member or "/comments" in member or "/notesSlides/" in member
            pieces.append(Piece(where, (*(over if is_part else above), *lines_of(member))))
        else:
            pieces += _open(content, where, depth + 1, over, room)
        pieces.append(Piece(where, ((member,),)))
    return pieces


def _owners(members: dict[str, bytes]) -> dict[str, str]:
    """Which member refers to which: chart to slide, workbook to chart, comments to sheet."""
    found: dict[str, str] = {}
    for name, content in members.items():
        if not name.endswith(".rels"):
            continue
        folder, _, last = name.rpartition("/_rels/")
        owner = posixpath.join(folder, last.removesuffix(".rels"))
        if "slideLayout" in owner or "slideMaster" in owner or owner in ("", ".rels"):
            continue
        for part in _elements(content):
            target = part.get("Target", "")
            if target and part.get("TargetMode") != "External":
                inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.setdefault(posixpath.normpath(inside), owner)
    return found


def _elements(content: bytes) -> list[Element]:
    try:
        return list(fromstring(content).iter()) if content else []
    except (ParseError, ValueError):
        return []


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _said(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _shared_strings(content: bytes) -> dict[str, str]:
    """Words of a workbook by their number."""
    items = [part for part in _elements(content) if _name(part) == "si"]
    return {str(at): _said(item) for at, item in enumerate(items)}


def _xml(content: bytes, shared: dict[str, str]) -> Iterator[Line]:
    """Rows of sheets, of tables on slides and of charts as lines; every other word and property alone."""
    elements = _elements(content)
    if not elements:
        yield from ((word,) for word in re.findall(r"[^\x00-\x1f<>]{3,}", content.decode("utf-8", "replace")))
        return
    done: set[Element] = set()
    for part in elements:
        if part in done:
            continue
        name = _name(part)
        if name == "row":
            yield tuple(cell for cell in (_cell(c, shared) for c in part if _name(c) == "c") if cell)
        elif name == "tr":
            yield tuple(_said(c) for c in part if _name(c) == "tc")
        elif name == "ser":
            yield from _series(part)
        elif name == "p":  # a paragraph whose words are cut into runs
            if text := _said(part):
                yield (text,)
        else:
            text = (part.text or "").strip()
            values = tuple(value for value in part.attrib.values() if len(value) > 2 and " " in value)
            yield from ((word,) for word in (*values, text) if word)
            if name == "definedName":
                yield tuple(word for word in (part.get("name", ""), text) if word)
            continue
        done.update(part.iter())


def _cell(cell: Element, shared: dict[str, str]) -> str:
    """What a cell of a sheet holds."""
    kind = cell.get("t", "")
    if kind == "inlineStr":
        return _said(cell)
    value = next((_said(part) for part in cell if _name(part) == "v"), "")
    return shared.get(value, "") if kind == "s" else value


def _series(series: Element) -> Iterator[Line]:
    """The points of one series of a chart: its name, the category, the values, as the file keeps them."""
    texts: dict[str, dict[str, str]] = {}
    for part in series:
        points = [point for point in part.iter() if _name(point) == "pt"]
        texts[_name(part)] = {str(point.get("idx")): _said(point) for point in points}
    name = " ".join(texts.get("tx", {}).values())
    names = texts.get("cat") or texts.get("xVal") or {}
    for kind in ("val", "yVal", "bubbleSize"):
        for at, value in texts.get(kind, {}).items():
            yield tuple(word for word in (name, names.get(at, ""), value) if word)
