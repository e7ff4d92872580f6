"""XML read so that it cannot harm: no entities, no outside files, and damage told by its line."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder

from survey.faults import FileFault
from survey.formats.xml_stream import Budget, stream_xml

__all__ = ["child_text", "local_name", "read_xml", "xml_root"]

_LARGEST = 256 * 1024 * 1024
_ELEMENTS = 1_500_000
_TEXT = 192 * 1024 * 1024
_DEPTH = 500
_NAMES = 10_000
"""Bytes of a file; elements and attributes, bytes of text and depth of its tree; names kept."""

_FEWER = "export fewer answers at once, or as CSV"


def read_xml(path: Path) -> Element:
    """The root of an XML document.

    Raises
    ------
    FileFault
        Larger than 256 MiB or 1,500,000 elements, declares entities, is not well formed, or lies about
        its encoding.
    """
    if path.stat().st_size > _LARGEST:
        found = f"an XML document of {path.stat().st_size:,} bytes"
        raise FileFault(str(path), found, f"at most {_LARGEST:,} bytes", _FEWER)
    with path.open("rb") as source:
        return _tree(source, str(path))


def xml_root(data: bytes, where: str) -> Element:
    """The root of an XML document held in memory; faults name `where` it came from.

    Raises
    ------
    FileFault
        As for `read_xml`.
    """
    return _tree(BytesIO(data), where)


def _tree(source: BinaryIO, where: str) -> Element:
    """The tree of a document, built as it is read so that it is refused before it fills the memory."""
    builder = TreeBuilder()
    names: dict[str, str] = {}
    room = Budget(_ELEMENTS, _TEXT)
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        room.elements -= 1 + len(attributes)
        if room.elements < 0:
            raise FileFault(where, f"XML of more than {_ELEMENTS:,} elements", "a survey", _FEWER)
        if depth > _DEPTH:
            found = f"XML nested more than {_DEPTH} deep"
            raise FileFault(where, found, "XML as survey programs write it", "get the file again")
        builder.start(named(name), {named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(named(name))

    def text(characters: str) -> None:
        room.text -= characters.__sizeof__()
        if room.text < 0:
            raise FileFault(where, f"XML with more than {_TEXT:,} bytes of text", "a survey", _FEWER)
        builder.data(characters)

    def named(name: str) -> str:
        """A name as element trees write it; what a file names without end is not kept."""
        known = names.get(name)
        if known is None:
            known = "{" + name if "}" in name else name
            if len(names) < _NAMES:
                names[name] = known
        return known

    stream_xml(source, where, start, end, text, has_doctype=True)
    return builder.close()


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """Text of the first child of this local name, with all it holds; "" if there is none."""
    for child in element:
        if local_name(child) == name:
            return " ".join("".join(child.itertext()).split())
    return ""
