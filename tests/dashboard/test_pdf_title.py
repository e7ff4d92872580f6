"""Title and language of a PDF in XMP: read back by another program; other bytes are left alone."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from dashboard.command.pdf_title import with_title
from dashboard.command.printing import find_browser, print_page

_PAGE = (
    '<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body><h1>One</h1></body></html>'
)


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this machine")
@pytest.mark.parametrize(
    ("lang", "given", "title"),
    [
        ("en", "Rules &amp; firms &lt;2021&gt;", "Rules & firms <2021>"),
        ("ja", "経済安全保障", "経済安全保障"),
    ],
)
def test_a_printed_page_says_its_title_in_xmp(tmp_path, lang: str, given: str, title: str) -> None:
    out = tmp_path / "page.pdf"
    print_page(_PAGE.format(lang=lang, title=given), out)
    read = PdfReader(out, strict=True)
    root = read.trailer["/Root"]
    assert read.xmp_metadata.dc_title == {"x-default": title} and read.xmp_metadata.dc_language == [lang]
    assert read.metadata.title == title and root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert len(read.pages) == 1 and "One" in read.pages[0].extract_text()
    assert b"pdfuaid" not in out.read_bytes(), "it is not PDF/UA and must not say so"


@pytest.mark.parametrize("end", [b"", b"%%EOF", b"trailer <</Root 1 0 R>> startxref 0 %%EOF"])
def test_what_is_built_otherwise_stays_as_it_is(end: bytes) -> None:
    assert with_title(b"%PDF-1.7\n" + end, _PAGE.format(lang="en", title="T")) == b"%PDF-1.7\n" + end


def test_a_title_that_is_there_is_not_said_twice() -> None:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    page = _PAGE.format(lang="en", title="T")
    once = with_title(file.getvalue(), page)
    assert PdfReader(io.BytesIO(once), strict=True).xmp_metadata.dc_title == {"x-default": "T"}
    assert once.startswith(file.getvalue()) and with_title(once, page) == once
