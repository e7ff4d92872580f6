"""Tables with a notice before them as one file: JSON, a workbook, a web page that fetches nothing."""

import datetime
import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.command.book_styles import BOOK, TINT, WARNING, Styles
from dashboard.lines import fit_lines, text_width
from dashboard.straight import straight_text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["MOST_ROWS", "book_of", "json_of", "page_of"]

MOST_ROWS = 2000
"""Rows of a table that a page shows; the others are in the other files."""

_Tables = Mapping[str, "pd.DataFrame"]
_SHOWN = {
    "contacts": "firm flow side instrument outcome gate clause risk value share path warning",
    "collisions": "firm flow lethal status at_stake share kind duty act duty_article clause article trigger "
    "addressee addressed value path warning",
    "stakes": "firm channel sides status flows lethal value share at_stake at_stake_high value_at_stake",
}
"""Columns of a table that a page shows; in a workbook they stand first, and they alone are printed."""

_WIDTHS = {
    "path": 48,
    "warning": 40,
    "clause": 28,
    "trigger": 40,
    "act": 36,
    "addressee": 28,
    "notice": 40,
    "duty_article": 24,
    "article": 24,
    "risk": 40,
}
_SIZE = 11.6
"""Pixels of the letters of a workbook, of 10 points."""
_STYLE = """
:root { color-scheme: light dark;
  --ink: #1a1c1f; --quiet: #565b63; --line: #d9dce1; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceef1; --quiet: #a9afb8; --line: #3a3f47; --ground: #14161a; } }
body { margin: 32px auto; max-width: 1360px; padding: 0 24px; color: var(--ink); background: var(--ground);
  font: 15px/1.5 Inter, "Segoe UI", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 24px; } h2 { font-size: 18px; margin-top: 40px; }
aside { border-left: 3px solid var(--line); padding: 0 0 0 16px; margin: 16px 0; }
aside ul { list-style: none; margin: 0; padding: 0; } aside li { margin: 8px 0; }
aside li, p { max-width: 72ch; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line);
  min-width: 6ch; max-width: 48ch; overflow-wrap: break-word; }
td.word { white-space: nowrap; } td.long { min-width: 32ch; } td.some { min-width: 20ch; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); }
"""


def json_of(path: Path, tables: _Tables, notice: Sequence[str], title: str) -> None:
    """An object: `title`, `notice` (sentences in both languages), and each table as a list of rows."""
    found: dict[str, Any] = {"title": title, "notice": [line for line in notice if line]}
    for name, table in tables.items():
        plain = table.astype(object).where(table.notna(), None)
        found[name] = plain.to_dict(orient="records")
    text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False, default=_plain) + "\n"
    path.write_text(text, encoding="utf-8", newline="")


_WRAP = {"text_wrap": True}
_ACROSS, _READABLE = 2, 205
"""Pages side by side on which a table is printed, the first two columns on both; letters one page holds."""
_NARROW, _USUAL, _LONG, _LINE, _TALLEST = 6, 20, 32, 13.0, 400.0
"""Letters across of the narrowest column, the widest, one of long words; points of a line, a row at most."""


def book_of(path: Path, tables: _Tables, notice: Sequence[str], title: str) -> None:
    """A workbook: the notice on the first sheet, then a sheet a table; numbers as numbers, no formulas."""
    import numpy as np
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), BOOK)
    book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
    styles = Styles(book, "en")
    bold = styles(bold=True, bottom=1, bg_color=TINT, text_wrap=True, valign="top")
    right = styles(bold=True, bottom=1, bg_color=TINT, text_wrap=True, valign="top", align="right", indent=1)
    heading, wrap = styles(bold=True, font_size=14), styles(valign="top", **_WRAP)
    first = book.add_worksheet("notice")
    first.set_column(0, 0, 110, wrap)
    first.write_string(0, 0, title, heading)
    told = sorted({str(word) for table in tables.values() for word in table.get("synthetic", ())})
    first.write_string(1, 0, ", ".join(told), styles(bold=True, font_color=WARNING))
    for row, line in enumerate(notice):
        first.write_string(row + 2, 0, line, wrap)
        first.set_row(row + 2, _high(line, 100))
    for name, table in tables.items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        shown = [column for column in _SHOWN.get(name, "").split() if column in table.columns]
        printed = len(shown) or len(table.columns)
        table = table[[*shown, *(column for column in table.columns if column not in shown)]]
        wide = [_letters(table[column]) for column in table.columns]
        high = np.full(len(table), _LINE)
        for place, column in enumerate(table.columns):
            is_number = table[column].dtype.kind in "fiu"
            page.write_string(0, place, str(column), right if is_number else bold)
            page.set_column(place, place, wide[place])
            cells = table[column].tolist()
            style = styles(valign="top", **(_WRAP if place < printed else {}))
            if place < printed:
                high = np.maximum(high, _heights(table[column], wide[place]))
            if is_number:
                style = styles(valign="top", align="right", indent=1, num_format=_number(table[column]))
            for row, cell in enumerate(cells):
                _write(page, row + 1, place, cell, style)
        for row, points in enumerate(high.tolist()):
            page.set_row(row + 1, points)
        if len(table):
            page.autofilter(0, 0, len(table), len(table.columns) - 1)
        page.print_area(0, 0, len(table), printed - 1)
        page.repeat_rows(0)
        page.repeat_columns(0, 1)
        page.fit_to_pages(1 if sum(wide[:printed]) <= _READABLE else _ACROSS, 0)
    first.fit_to_pages(1, 0)
    for page in book.worksheets():
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4)
        page.set_footer("&L&A&R&P / &N")
        page.set_header(f"&C{', '.join(told)}")
    book.close()


def _letters(column: "pd.Series") -> float:
    """Letters across of a column: as its longest cell, never wider than is easy to read."""
    texts = [_words(cell) if column.dtype.kind == "O" else f"{cell:,.4g}" for cell in column.unique()]
    most = max((text_width(text, _SIZE) / 7 for text in [*texts, str(column.name)]), default=0)
    return float(min(max(most + 2, _NARROW), min(_WIDTHS.get(str(column.name), _USUAL), _LONG)))


def _high(cell: object, wide: float) -> float:
    """Points a cell needs in so wide a column."""
    lines = len(fit_lines(cell, _SIZE, 7 * wide)) if isinstance(cell, str) else 1
    return min(_LINE * lines + 2, _TALLEST)


def _heights(column: "pd.Series", wide: float) -> "NDArray[np.float64]":
    """Points each cell of a column needs; each text is measured once."""
    import numpy as np
    import pandas as pd

    places, texts = pd.factorize(column, use_na_sentinel=False)
    return np.array([_high(text, wide) for text in texts.tolist()], dtype=float)[places]


def _number(column: "pd.Series") -> str:
    """Format of numbers: shares with four digits, values of thousands without."""
    return "0.0000" if column.dtype.kind == "f" and not (column.abs() > 1).any() else "#,##0"


def page_of(path: Path, tables: _Tables, notice: Sequence[str], title: str) -> None:
    """A page: the notice first, then the tables, collisions before contacts."""
    split = list(notice).index("") if "" in notice else len(notice)
    parts = [
        f'<aside role="note" lang="{lang}"><ul>'
        + "".join(f"<li>{escape(line)}</li>" for line in lines)
        + "</ul></aside>"
        for lang, lines in (("en", notice[:split]), ("ja", notice[split + 1 :]))
        if lines
    ]
    told = {str(word) for table in tables.values() for word in table.get("synthetic", ())}
    parts[:0] = [f"<p><strong>{escape(word)}</strong></p>" for word in sorted(told)]
    for name in sorted(tables, key=lambda name: (name == "contacts", name)):
        parts.append(_table(name, tables[name]))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>\n"
    )
    path.write_text(straight_text(page), encoding="utf-8", newline="")


def _table(name: str, table: "pd.DataFrame") -> str:
    wanted = _SHOWN.get(name, "").split() or list(table.columns)
    shown = table[[column for column in wanted if column in table.columns]].head(MOST_ROWS)
    numbers = [column for column in shown.columns if shown[column].dtype.kind in "fiu"]
    head = "".join(
        f'<th scope="col">{escape(str(column).replace("_", " "))}</th>' for column in shown.columns
    )
    columns = [
        [
            f'<td class="number">{_digits(cell)}</td>'
            if column in numbers
            else f'<td class="{_width(str(column))}">{escape(_words(cell))}</td>'
            for cell in shown[column].tolist()
        ]
        for column in shown.columns
    ]
    rows = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    many = f"{len(shown)} of {len(table)} rows" if len(table) > len(shown) else f"{len(table)} rows"
    return (
        f'<h2 id="{escape(name)}">{escape(name.capitalize())}</h2>'
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{escape(name)}">'
        f"<table><caption>{many}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _digits(cell: float) -> str:
    if cell != cell:
        return ""
    return f"{cell:,.0f}" if abs(cell) >= 1000 or float(cell).is_integer() else f"{cell:.4f}"


def _width(column: str) -> str:
    wide = _WIDTHS.get(column, 0)
    return "long" if wide >= 40 else "some" if wide or column == "clause" else "word"


def _words(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    missing = cell is None or (isinstance(cell, float) and math.isnan(cell))
    return "" if missing else str(cell)


def _write(page: Any, row: int, place: int, cell: Any, style: Any) -> None:
    if isinstance(cell, bool):
        page.write_boolean(row, place, cell, style)
    elif isinstance(cell, (int, float)):
        if math.isfinite(cell):
            page.write_number(row, place, cell, style)
    elif _words(cell):
        page.write_string(row, place, str(cell), style)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
