"""XML read so that it cannot harm: no entities, no outside files, and damage told by its line."""

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from survey.faults import FileFault

__all__ = ["child_text", "local_name", "read_xml", "xml_root"]

_LARGEST = 256 * 1024 * 1024
"""Largest XML file that is read, in bytes: a tree in memory takes several times as much."""


def read_xml(path: Path) -> Element:
    """The root of an XML document.

    Raises
    ------
    FileFault
        Larger than 256 MiB, declares entities, is not well formed, or lies about its encoding.
    """
    if path.stat().st_size > _LARGEST:
        raise FileFault(
            str(path),
            f"an XML document of {path.stat().st_size:,} bytes",
            f"at most {_LARGEST:,} bytes",
            "export fewer answers at once, or as CSV",
        )
    return xml_root(path.read_bytes(), str(path))


def xml_root(data: bytes, where: str) -> Element:
    """The root of an XML document held in memory; faults name `where` it came from.

    Raises
    ------
    FileFault
        As for `read_xml`.
    """
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise FileFault(
            where,
            f"XML that declares entities or points to other files ({type(error).__name__})",
            "XML without entity declarations (they can expand without end)",
            "get the file again from its source",
        ) from error
    except ParseError as error:
        line, column = error.position
        found = f"broken or cut-off XML ({str(error).split(':')[0]})"
        raise FileFault(
            f"{where}, line {line}, column {column + 1}",
            found,
            "a whole XML document",
            "get the file again",
        ) from error
    except (ValueError, LookupError) as error:
        raise FileFault(
            where,
            f"XML whose encoding cannot be read ({error})",
            "XML in the encoding it states",
            "save it as UTF-8",
        ) from error
    return root


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """Text of the first child of this local name, with all it holds; "" if there is none."""
    for child in element:
        if local_name(child) == name:
            return " ".join("".join(child.itertext()).split())
    return ""
