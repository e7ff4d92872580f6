"""Where the numbers come from: files with checksums, versions, the origin of printed figures."""

from dash import html
from dash.development.base_component import Component

from dashboard.pages.marks import folded_rows
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_whole, say

__all__ = ["origin_sections"]


def origin_sections(shelf: Shelf, lang: str) -> list[tuple[str, list[Component]]]:
    """Key and content of the sections on sources and on versions."""
    manifest = shelf.manifest
    facts = [
        (say(lang, "versions.product"), str(manifest.get("product_version", ""))),
        (say(lang, "versions.layout"), str(manifest.get("schema", ""))),
        (
            say(lang, "frame.study"),
            say(lang, "method_page.study_of", title=shelf.title(lang), study=str(manifest.get("study", ""))),
        ),
        (say(lang, "frame.wave"), str(manifest.get("wave", ""))),
        (say(lang, "frame.as_of"), as_date(lang, str(manifest.get("as_of") or ""))),
        (say(lang, "versions.calibrated"), as_date(lang, str(manifest.get("calibrated_at") or ""))),
        (say(lang, "frame.audience"), say(lang, f"audience.{shelf.audience}")),
    ]
    told = [part for term, value in facts if value for part in (html.Dt(term), html.Dd(value))]
    files: list[list[Component | str]] = [
        [name, as_whole(entry["rows"]) if "rows" in entry else "", html.Code(str(entry.get("sha256", "")))]
        for name, entry in sorted((manifest.get("files") or {}).items())
    ]
    heads = [say(lang, f"versions.{key}") for key in ("file", "rows", "checksum")]
    title = say(lang, "versions.files")
    parts: list[Component] = [html.Dl(told, className="rules-explained")]
    parts.append(folded_rows(lang, heads, files, title, numbers=(1,)))
    return [("sources", _sources(shelf, lang)), ("versions", parts)]


def _sources(shelf: Shelf, lang: str) -> list[Component]:
    """Files the numbers were made from, then the printed figures with title, publisher, version."""
    manifest = shelf.manifest
    lines: list[list[Component | str]] = [
        [str(source.get("file", "")), html.Code(str(source.get("sha256", "")))]
        for source in manifest.get("sources", ())
    ]
    printed = manifest.get("published") or {}
    parts: list[Component] = [html.P(say(lang, "method_page.sources_text"), className="said")]
    if printed:
        titles, publishers = printed.get("title") or {}, printed.get("publisher") or {}
        words = {
            "title": titles.get(lang) or next(iter(titles.values()), printed.get("file", "")),
            "publisher": publishers.get(lang) or next(iter(publishers.values()), "–"),
            "version": printed.get("version") or "–",
            "dated": as_date(lang, str(printed.get("dated") or "")) or "–",
        }
        parts.append(html.P(say(lang, "method_page.sources_printed", **words), className="said"))
        lines.append([str(printed.get("file", "")), html.Code(str(printed.get("sha256", "")))])
    heads = [say(lang, f"versions.{key}") for key in ("file", "checksum")]
    return [*parts, folded_rows(lang, heads, lines, say(lang, "method_page.sources"))]
