"""The comparison of one firm as a report that stands alone: one page of HTML, to print or to keep."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.benchmark_sheet import sheet_of_benchmark
from dashboard.shelf import Shelf
from dashboard.wording import say

if TYPE_CHECKING:
    from analysis import Benchmark

__all__ = ["report_of_benchmark"]

_PAPER = """
@page { size: A4; margin: 16mm 14mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #565B63; } }
body { max-width: 960px; margin: 0 auto; padding: 24px; }
main { display: flex; flex-direction: column; gap: 32px; }
.files { list-style: none; margin: 0; padding: 0; columns: 3 14em; font-size: 13px; }
@media print { body { max-width: none; padding: 0; font-size: 12px; }
  main { gap: 16px; } .banner { display: none; } h1 { margin-top: 0; }
  tr, .stand-row, details.about, .notes li { break-inside: avoid; }
  .stands { break-after: avoid; } .stands + details.about { break-before: avoid; }
  .about dl { gap: 2px 16px; font-size: 11px; line-height: 1.35; max-width: none; margin-bottom: 0; }
  .about summary { font-size: 11px; padding: 2px 0; } .sentence, .notes { max-width: none; font-size: 12px; }
  .table-scroll table { font-size: 12px; line-height: 1.35; } .table-scroll td .quiet { font-size: 11px; }
  .table-scroll :is(th, td) { padding-block: 4px; }
  .stand-row { min-height: 0; font-size: 12px; } .stand-name .quiet { font-size: 11px; }
  .panel, section { break-inside: auto !important; }
  table.moves-of-one, table.alike-of-one, .moves-of-one th, .moves-of-one td { min-width: 0 !important; }
  .moves-of-one td:nth-child(2) { width: 21%; }
  h2 { font-size: 18px; } h3 { break-after: avoid; } .table-scroll { overflow: visible; } }
"""


def report_of_benchmark(shelf: Shelf, found: "Benchmark", lang: str) -> str:
    """The whole report in English or Japanese; it fetches nothing, and is open throughout."""
    assets = Path(__file__).parent / "assets"
    style = "".join((assets / f"{name}.css").read_text(encoding="utf-8") for name in ("look", "benchmark"))
    sheet = sheet_of_benchmark(shelf, found, lang).replace(
        '<details class="about">', '<details class="about" open>'
    )
    report, study = say(lang, "benchmark.report"), shelf.title(lang)
    title = f"{report} · {study}"
    foot = title.replace("\\", "").replace('"', "'").replace("<", "")
    paper = f'@page {{ @bottom-left {{ content: "{foot}"; font: 8pt sans-serif; color: #565B63; }} }}'
    banner = ""
    if found.about["synthetic"]:
        words = say(lang, "frame.synthetic")
        banner = f'<p class="banner" role="note">{escape(words)}</p>'
        paper += f'@page {{ @top-left {{ content: "{words}"; font: 7.5pt sans-serif; color: #8A2F14; }} }}'
    return (
        f'<!doctype html>\n<html lang="{lang}" data-theme="system"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{style}{_PAPER}{paper}</style></head><body class="report"><main>{banner}'
        f'<h1>{escape(report)}<span class="claim-interval">{escape(study)}</span></h1>'
        f"{sheet}{_sources(shelf, lang)}</main></body></html>\n"
    )


def _sources(shelf: Shelf, lang: str) -> str:
    """The files of the Release with the first digits of their checksums, as at the foot of a page."""
    named = [
        f"<li>{escape(str(one.get('file', '')))} <code>{escape(str(one.get('sha256', ''))[:12])}</code></li>"
        for one in shelf.manifest.get("sources", ())
    ]
    title = f"{say(lang, 'foot.sources')} · SHA-256"
    rows = f'<ul class="files">{"".join(named)}</ul>'
    return f'<section class="panel"><h3>{escape(title)}</h3>{rows}</section>' if named else ""
