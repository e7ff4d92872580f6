"""A banner book as a workbook: contents, one sheet a question, notes, numbers as numbers."""

import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.command.book_words import said
from dashboard.command.outputs import replace_file
from dashboard.command.sheets import Cell, Head, Part, Sheet, quoted_tab, tab_names
from dashboard.lines import even_lines, fit_lines
from dashboard.steps import Tick, untold

__all__ = ["make_workbook", "write_workbook"]

_NAMES, _NUMBER, _LETTERS, _ALONE = 40, 10.5, 6, 17
_WORDING, _NOTE, _HEADING, _ROW = 90, 110, 24, 16
"""Letters across of a wording, a note, the heading of a note; points of a row of one line."""
_LETTER, _SIZE, _TALLEST = 7.0, 13.4, 400.0
"""Pixels of a letter across a column and of the letters of 10 points; points Excel lets a row be high."""
_WIDEST, _SMALL = 11, 0.85
_PAPER = 940, 470
"""What a page of A4 on its side holds at full size: pixels across, points down."""
_TIGHT = 2.0
"""Pages up to which a question with several bases is made smaller to stand on one, its heads above it."""
_INK, _QUIET, _LINE, _TINT = "#222222", "#6B6B6B", "#C9CDD3", "#F1F4F8"

_Notes = Sequence[tuple[str, str]]


def write_workbook(
    title: str,
    sheets: Sequence[Sheet],
    notes: _Notes,
    out: Path,
    *,
    lang: str,
    is_synthetic: bool,
    source: str = "",
) -> None:
    """Write the book to an .xlsx file, whole or not at all; the same tables give the same bytes."""
    book = make_workbook(title, sheets, notes, lang=lang, is_synthetic=is_synthetic, source=source)
    replace_file(out, lambda path: path.write_bytes(book))


def make_workbook(
    title: str,
    sheets: Sequence[Sheet],
    notes: _Notes,
    *,
    lang: str,
    is_synthetic: bool,
    source: str = "",
    tick: Tick = untold,
) -> bytes:
    """The bytes of such a file; `source` stands on each sheet, `tick` is told of each before it is made."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
    styles = _Styles(book, "Yu Gothic" if lang == "ja" else "Calibri")
    names = [said("contents", lang), *tab_names([s.question for s in sheets], lang), said("notes", lang)]
    first, *rest = [book.add_worksheet(name) for name in names]
    warning = said("synthetic", lang) if is_synthetic else ""
    _contents(first, (title, source), sheets, names, styles, lang, warning)
    for number, (page, sheet) in enumerate(zip(rest, sheets, strict=False), start=1):
        tick("sheet", number, len(sheets))
        below = _question(page, sheet, names[0], styles, lang, warning)
        page.write_string(below, 0, source, styles(font_size=8, font_color=_QUIET))
    _notes_page(rest[-1], notes, styles, names[0], warning)
    for page in (first, *rest):
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_footer("&L&A&R&P / &N")
    book.close()
    return file.getvalue()


class _Styles:
    """Formats by what they are for; made when first asked for."""

    def __init__(self, book: Any, font: str) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.plain = {"font_name": font, "font_size": 10, "font_color": _INK, "valign": "vcenter"}

    def __call__(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**self.plain, **more})
        return self.made[key]

    def head(self, **more: Any) -> Any:
        return self(**{"bold": True, "bg_color": _TINT, "text_wrap": True, "align": "center", **more})


def _warned(page: Any, warning: str, styles: _Styles) -> int:
    """Say that respondents are made up, where they are; the next free row."""
    if not warning:
        return 0
    page.write_string(0, 0, warning, styles(bold=True, font_color="#B0482B"))
    page.set_header(f"&C{warning}")
    return 1


def _contents(
    page: Any,
    titles: tuple[str, str],
    sheets: Sequence[Sheet],
    names: list[str],
    styles: _Styles,
    lang: str,
    warning: str,
) -> None:
    """Links to all sheets, with their questions."""
    row = _warned(page, warning, styles)
    page.write_string(row, 0, titles[0], styles(bold=True, font_size=14))
    page.set_row(row, 24)
    row += 1
    page.write_string(row, 0, titles[1], styles(font_color=_QUIET))
    for column, key in enumerate(("question", "wording")):
        page.write_string(row + 2, column, said(key, lang), styles.head(bottom=1, align="left"))
    link = styles(font_color="#1F5FA8", underline=1)
    for place, (sheet, name) in enumerate(zip(sheets, names[1:], strict=False), start=row + 3):
        page.write_url(place, 0, f"internal:'{quoted_tab(name)}'!A1", link, sheet.question)
        page.write_string(place, 1, sheet.title, styles(text_wrap=True))
        page.set_row(place, _height(_wrapped(sheet.title, _WORDING)))
    page.write_url(row + 4 + len(sheets), 0, f"internal:'{quoted_tab(names[-1])}'!A1", link, names[-1])
    page.set_column(0, 0, min(max(28, *(len(sheet.question) + 2 for sheet in sheets)), 60) if sheets else 28)
    page.set_column(1, 1, _WORDING)
    page.fit_to_pages(1, 0)


def _question(page: Any, sheet: Sheet, contents: str, styles: _Styles, lang: str, warning: str) -> int:
    """One question: wording, then each part with its heads, bases, lines; the row for its source."""
    row = _warned(page, warning, styles)
    page.write_string(row, 0, sheet.title, styles(bold=True, font_size=12))
    page.set_row(row, 20)
    link = styles(font_color="#1F5FA8", underline=1)
    page.write_url(row + 1, 0, f"internal:'{quoted_tab(contents)}'!A1", link, f"← {contents}")
    title, row, tall = row, row + 3, 0.0
    step = 2 if sheet.has_letters else 1
    many = max(len(part.heads) for part in sheet.parts)
    for place, part in enumerate(sheet.parts):
        below, head = _heads(page, row, part, styles, lang, step)
        if not place:
            page.freeze_panes(below, 1)
            page.repeat_rows(*((row, below - 1) if len(sheet.parts) == 1 else (title, title)))
        row, body = _lines(page, below, part, styles, lang, step)
        row, tall = row + 1, tall + head + body + 15
    page.set_column(0, 0, _NAMES)
    page.set_column(1, step * many, max(_ALONE, sheet.letters_wide(_SMALL) + 1.5) if step == 1 else None)
    for column in range(1, 2 * many if step == 2 else 0, 2):
        page.set_column(column, column, max(_NUMBER, sheet.letters_wide(_SMALL) + 1.5))
        page.set_column(column + 1, column + 1, _LETTERS)
    page.repeat_columns(0)
    is_one = len(sheet.parts) > 1 and tall < _TIGHT * _page(many, step)
    page.fit_to_pages(1 if many <= _WIDEST else -(-many // _WIDEST), int(is_one))
    return row


def _page(many: int, step: int) -> float:
    """Points down a page once it is made small enough for so many columns."""
    each = 7 * (_NUMBER + _LETTERS) + 10 if step == 2 else 7 * _ALONE + 5
    return _PAPER[1] * max(1.0, (7 * _NAMES + 5 + each * min(many, _WIDEST)) / _PAPER[0])


def _heads(page: Any, row: int, part: Part, styles: _Styles, lang: str, step: int) -> tuple[int, float]:
    """Base rule, break, outer group, group and letter, firms, base, note; the next free row, the height."""
    tiers, tall = part.tiers(), 0.0
    each = _NUMBER + _LETTERS if step == 2 else _ALONE
    for depth, tier in enumerate(tiers):
        end = {"bottom": 1} if depth == len(tiers) - 1 else {}
        first = "" if depth else said(part.rule, lang)
        quiet = styles(font_color=_QUIET, bg_color=_TINT, text_wrap=True, **end)
        page.write_string(row + depth, 0, first, quiet)
        column = 1
        style = styles.head(left=1, left_color=_LINE, **end)
        for text, width in tier:
            _spread(page, row + depth, column, step * width, text, style)
            column += step * width
        lines = max(_wrapped(text, each * width) for text, width in tier)
        lines = max(lines, _wrapped(first, _NAMES))
        page.set_row(row + depth, _height(lines))
        tall += _height(lines)
    row += len(tiers)
    is_noted = any(head.note for head in part.heads)
    keys = ["n", *(["base"] if part.is_weighted else []), *(["note"] if is_noted else [])]
    for place, key in enumerate(keys):
        page.write_string(row + place, 0, said(key, lang), styles(font_color=_QUIET))
        for column, head in zip(range(1, step * len(part.heads) + 1, step), part.heads, strict=True):
            _base_cell(page, row + place, column, head, key, styles, lang, step)
    if is_noted:
        told = max(_wrapped(said(h.note, lang), each / _SMALL) if h.note else 1 for h in part.heads)
        page.set_row(row + len(keys) - 1, 11 * told + 3)
    return row + len(keys), tall + 15 * len(keys) + 9 * is_noted


def _spread(page: Any, row: int, column: int, width: int, text: str, style: Any) -> None:
    """A text over several columns, or in one."""
    if width > 1:
        page.merge_range(row, column, row, column + width - 1, text, style)
    else:
        page.write_string(row, column, text, style)


def _wrapped(text: str, width: float) -> int:
    """Lines a text needs in a cell so many letters wide."""
    return len(fit_lines(text, _SIZE, _LETTER * width))


def _height(lines: int) -> float:
    """Points of a row of so many lines."""
    return min(14.0 * lines + _ROW - 14, _TALLEST)


def _base_cell(
    page: Any, row: int, column: int, head: Head, key: str, styles: _Styles, lang: str, step: int
) -> None:
    edge = {"left": 1, "left_color": _LINE, "font_color": _QUIET, "align": "right"}
    if key == "note":
        text = said(head.note, lang) if head.note else ""
        style = styles(**edge, italic=True, text_wrap=True, font_size=8)
        _spread(page, row, column, step, text, style)
        return
    if head.note == "hidden":
        page.write_string(row, column, "–", styles(**edge))
        return
    value = head.n if key == "n" else head.base
    page.write_number(row, column, value, styles(**edge, num_format="#,##0" if key == "n" else "#,##0.0"))


def _lines(page: Any, row: int, part: Part, styles: _Styles, lang: str, step: int) -> tuple[int, float]:
    """Each option: its numbers with letters, under them their intervals; the next free row, the height."""
    tall, edge, over = 0.0, {"left": 1, "left_color": _LINE}, {"top": 1, "top_color": _LINE}
    quiet = styles(**edge, font_size=8, font_color=_QUIET, align="right")
    for line in part.lines:
        page.write_string(row, 0, line.label, styles(text_wrap=True, bold=line.is_net, **over))
        has_limits = any(cell.limits for cell in line.cells)
        if has_limits:
            page.write_string(
                row + 1, 0, said("interval", lang), styles(font_size=8, font_color=_QUIET, indent=1)
            )
        for column, cell in zip(range(1, step * len(line.cells) + 1, step), line.cells, strict=True):
            number = styles(
                **edge, **over, num_format=_format(cell), bold=line.is_net, italic=cell.kind == "count"
            )
            if cell.value == cell.value:
                page.write_number(row, column, cell.value, number)
            elif cell.words:
                style = styles(**edge, **over, font_size=8, text_wrap=True, align="right")
                page.write_string(row, column, cell.words, style)
            else:
                page.write_blank(row, column, None, number)
            if step == 2:
                page.write_string(
                    row, column + 1, cell.letters, styles(**over, bold=True, font_color="#1F5FA8")
                )
            if has_limits:
                page.write_string(row + 1, column, cell.limits, quiet)
        lines = max(
            _wrapped(line.label, _NAMES), *(_wrapped(c.words, _ALONE) if c.words else 1 for c in line.cells)
        )
        page.set_row(row, _height(lines))  # LibreOffice sets none at opening, Excel does
        tall += _height(lines) + 15 * has_limits
        row += 2 if has_limits else 1
    return row, tall


def _format(cell: Cell) -> str:
    """Number format of a cell."""
    places = "." + "0" * cell.digits if cell.digits else ""
    return {"share": f"0{places}%", "count": "0", "mean": f"#,##0{places}"}[cell.kind]


def _notes_page(page: Any, notes: _Notes, styles: _Styles, contents: str, warning: str) -> None:
    """Each note under the other, a line of it a row: LibreOffice lays wrapped lines over the next row."""
    row = _warned(page, warning, styles)
    link = styles(font_color="#1F5FA8", underline=1)
    page.write_url(row, 0, f"internal:'{quoted_tab(contents)}'!A1", link, f"← {contents}")
    row += 1
    for heading, text in notes:
        page.write_string(row, 0, heading, styles(bold=True))
        for part in text.splitlines() or [""]:
            for place, line in enumerate(even_lines(part, _SIZE, _LETTER * _NOTE)):
                page.write_string(row, 1, line, styles(indent=1) if place else styles())
                row += 1
    page.set_column(0, 0, min(max([_HEADING, *(len(heading) + 2 for heading, _ in notes)]), 60))
    page.set_column(1, 1, _NOTE)
    page.fit_to_pages(1, 0)
