"""XML read as it comes: its elements told one by one and none kept, damage told by its line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from defusedxml.common import DefusedXmlException, DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden

from survey.faults import FileFault

__all__ = ["Budget", "stream_xml"]

_CHUNK = 65_536
_TAG = 1_048_576
"""Longest tag or comment: older expat reads an unfinished one again with every chunk."""


@dataclass(slots=True)
class Budget:
    """What may still be read of a file before it is called too large.

    Attributes
    ----------
    elements : int
        Elements left.
    text : int
        Bytes of text left, as texts lie in memory.
    cells : int
        Cells left, blank ones among filled ones too.
    shown : int
        Bytes left of texts that cells share, counted for each cell.
    """

    elements: int
    text: int
    cells: int = 0
    shown: int = 0


def stream_xml(
    source: BinaryIO,
    where: str,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    has_doctype: bool = False,
) -> None:
    """Read XML and call `start(name, attributes)`, `end(name)` and `text(characters)` in its order.

    A name is `namespace}local`, or `local` where it has no namespace. Text may come in pieces. A
    fault that a handler raises passes through. A document type is refused unless `has_doctype`
    allows one; what it declares outside the file is never looked at.

    Raises
    ------
    FileFault
        XML that declares entities, is not well formed, breaks off, lies about its encoding, or has
        a tag of more than 1 MiB.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    if not has_doctype:
        parser.StartDoctypeDeclHandler = _no_doctype
    parser.EntityDeclHandler = _no_entity
    parser.ExternalEntityRefHandler = _no_reference
    fed = 0
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _TAG + _CHUNK:
                raise FileFault(
                    where,
                    f"XML with a tag or comment of more than {_TAG:,} bytes",
                    "XML as programs write it",
                    "get the file again from its source",
                )
        parser.Parse(b"", True)
    except DefusedXmlException as error:
        raise FileFault(
            where,
            f"XML that declares entities or points to other files ({type(error).__name__})",
            "XML without entity declarations (they can expand without end)",
            "get the file again from its source",
        ) from error
    except expat.ExpatError as error:
        raise FileFault(
            f"{where}, line {error.lineno}, column {error.offset + 1}",
            f"broken or cut-off XML ({expat.ErrorString(error.code)})",
            "a whole XML document",
            "get the file again",
        ) from error
    except (LookupError, ValueError) as error:
        raise FileFault(
            where,
            f"XML whose encoding cannot be read ({error})",
            "XML in the encoding it states",
            "save it as UTF-8",
        ) from error


def _no_doctype(name: str, system: str | None, public: str | None, has_subset: bool) -> None:
    raise DTDForbidden(name, system, public)


def _no_entity(name: str, is_parameter: bool, value: str | None, *rest: str | None) -> None:
    raise EntitiesForbidden(name, value, *rest)


def _no_reference(context: str, base: str | None, system: str | None, public: str | None) -> int:
    raise ExternalReferenceForbidden(context, base, system, public)
