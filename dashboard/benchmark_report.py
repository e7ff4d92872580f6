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
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
body { max-width: 960px; margin: 0 auto; padding: 24px; }
main { display: flex; flex-direction: column; gap: 32px; }
@media print { body { max-width: none; padding: 0; font-size: 12px; } main { gap: 20px; }
  tr, .stand-row { break-inside: avoid; }
  .panel, section { break-inside: auto !important; } code { white-space: normal; }
  table.moves-of-one, table.alike-of-one, .moves-of-one th, .moves-of-one td { min-width: 0 !important; }
  h2 { font-size: 18px; } h3 { break-after: avoid; } .table-scroll { overflow: visible; } }
"""


def report_of_benchmark(shelf: Shelf, found: "Benchmark", lang: str) -> str:
    """The whole report in English or Japanese; it fetches nothing, and is open throughout."""
    assets = Path(__file__).parent / "assets"
    style = "".join((assets / f"{name}.css").read_text(encoding="utf-8") for name in ("look", "benchmark"))
    sheet = sheet_of_benchmark(shelf, found, lang).replace(
        '<details class="about">', '<details class="about" open>'
    )
    title = f"{say(lang, 'benchmark.report')} · {shelf.title(lang)}"
    banner = paper = ""
    if found.about["synthetic"]:
        words = say(lang, "frame.synthetic")
        banner = f'<p class="banner" role="note">{escape(words)}</p>'
        paper = f'@page {{ @top-left {{ content: "{words}"; font: 7.5pt sans-serif; color: #8A2F14; }} }}'
    return (
        f'<!doctype html>\n<html lang="{lang}" data-theme="system"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{style}{_PAPER}{paper}</style></head><body><main>{banner}<h1>{escape(title)}</h1>"
        f"{sheet}</main></body></html>\n"
    )
