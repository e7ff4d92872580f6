"""A PDF's title and language as XMP metadata, which browsers leave out: added at its end, as PDF allows."""

import re
from html import unescape
from xml.sax.saxutils import escape

__all__ = ["with_title"]

_END = re.compile(rb"trailer\s*<<([^<>]*)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z")
_TITLE, _LANG = re.compile(r"<title>(.*?)</title>", re.DOTALL), re.compile(r'<html lang="([\w-]+)"')
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>Crosspressure</xmp:CreatorTool></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def with_title(pdf: bytes, page: str) -> bytes:
    """The PDF with title and language of the page it was printed from in XMP.

    An incremental update (ISO 32000-1, 7.5.6): the bytes before stay as they are. A PDF built otherwise
    than browsers build theirs today (without a plain table of its objects at its end) is left as it is.
    """
    end, title, lang = _END.search(pdf[-2048:]), _TITLE.search(page), _LANG.search(page)
    if not (end and title and lang):
        return pdf
    told = dict(re.findall(rb"/(Size|Root|Info|Prev)\s+(\d+)", end[1]))
    if not {b"Size", b"Root"} <= set(told):
        return pdf
    root, number = int(told[b"Root"]), int(told[b"Size"])
    found = re.findall(rb"[\r\n]%d 0 obj\s*<<(.*?)>>\s*endobj" % root, pdf, re.DOTALL)
    if len(found) != 1 or b"/Catalog" not in found[0] or b"/Metadata" in found[0]:
        return pdf
    xmp = _XMP.format(title=escape(unescape(title[1].strip())), lang=lang[1]).encode()
    start = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    catalog = b"%d 0 obj\n<<%s\n/Metadata %d 0 R>>\nendobj\n" % (root, found[0].rstrip(), number)
    stream = b"%d 0 obj\n<</Type /Metadata\n/Subtype /XML\n/Length %d>> stream\n%s\nendstream\nendobj\n" % (
        number, len(xmp), xmp,
    )  # fmt: skip
    first, second = len(start), len(start) + len(catalog)
    table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (root, first, number, second)
    info = b"\n/Info %s 0 R" % told[b"Info"] if b"Info" in told else b""
    trailer = b"trailer\n<</Size %d\n/Root %d 0 R%s\n/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        number + 1, root, info, end[2], second + len(stream),
    )  # fmt: skip
    return start + catalog + stream + table + trailer
