"""A banner book as a workbook: contents, one sheet a question, notes, numbers as numbers."""

import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.command.book_pages import PAPER, WIDEST, page_ends, page_scale
from dashboard.command.book_styles import BOOK, LINE, QUIET, TINT, WARNING, Styles
from dashboard.command.book_words import said
from dashboard.command.outputs import replace_file
from dashboard.command.sheets import Cell, Head, Part, Sheet, quoted_tab, tab_names
from dashboard.lines import even_lines, fit_lines, text_width
from dashboard.steps import Tick, untold

__all__ = ["make_workbook", "write_workbook"]

_NAMES, _NUMBER, _LETTERS, _ALONE, _WORD = 40, 10.5, 6, 17, 23
"""Letters across of labels, of a number beside letters, of those, of a number alone, of a word at most."""
_WORDING, _NOTE, _HEADING, _ROW = 90, 110, 24, 16
"""Letters across of a wording, a note, the heading of a note; points of a row of one line."""
_LETTER, _SIZE, _TALLEST = 7.0, 12.6, 400.0
"""Pixels of a letter across a column and of the letters of 10 points; points Excel lets a row be high."""
_SMALL = 0.85
_TIGHT = 2.0
"""Pages up to which a question with several bases is made smaller to stand on one, its heads above it."""

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
    book = xlsxwriter.Workbook(file, BOOK)
    book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
    styles = Styles(book, lang)
    names = [said("contents", lang), *tab_names([s.question for s in sheets], lang), said("notes", lang)]
    first, *rest = [book.add_worksheet(name) for name in names]
    warning = said("synthetic", lang) if is_synthetic else ""
    _contents(first, (title, source), sheets, names, styles, lang, warning)
    for number, (page, sheet) in enumerate(zip(rest, sheets, strict=False), start=1):
        tick("sheet", number, len(sheets))
        below = _question(page, sheet, names[0], styles, lang, warning)
        page.write_string(below, 0, source, styles(font_size=8, font_color=QUIET))
    _notes_page(rest[-1], notes, styles, names[0], warning)
    for page in (first, *rest):
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_footer("&L&A&R&P / &N")
    book.close()
    return file.getvalue()


def _warned(page: Any, warning: str, styles: Styles) -> int:
    """Say that respondents are made up, where they are; the next free row."""
    if not warning:
        return 0
    page.write_string(0, 0, warning, styles(bold=True, font_color=WARNING))
    page.set_header(f"&C{warning}")
    return 1


def _contents(
    page: Any,
    titles: tuple[str, str],
    sheets: Sequence[Sheet],
    names: list[str],
    styles: Styles,
    lang: str,
    warning: str,
) -> None:
    """Links to all sheets, with their questions."""
    row = _warned(page, warning, styles)
    page.write_string(row, 0, titles[0], styles(bold=True, font_size=14))
    page.set_row(row, 24)
    row += 1
    page.write_string(row, 0, titles[1], styles(font_color=QUIET))
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


def _question(page: Any, sheet: Sheet, contents: str, styles: Styles, lang: str, warning: str) -> int:
    """One question: wording, then each part with its heads, bases, lines; the row for its source."""
    row = _warned(page, warning, styles)
    page.write_string(row, 0, sheet.title, styles(bold=True, font_size=12))
    page.set_row(row, 20)
    link = styles(font_color="#1F5FA8", underline=1)
    page.write_url(row + 1, 0, f"internal:'{quoted_tab(contents)}'!A1", link, f"← {contents}")
    title, row, tall = row, row + 3, 0.0
    step = 2 if sheet.has_letters else 1
    many, each = max(len(part.heads) for part in sheet.parts), _across(sheet)
    for place, part in enumerate(sheet.parts):
        below, head = _heads(page, row, part, styles, lang, (step, each))
        if not place:
            page.freeze_panes(below, 1)
            page.repeat_rows(*((row, below - 1) if len(sheet.parts) == 1 else (title, title)))
        row, body = _lines(page, below, part, styles, lang, step)
        row, tall = row + 1, tall + head + body + 15
    page.set_column(0, 0, _NAMES)
    for column in range(1, step * many + 1, step):
        page.set_column(column, column, each - (_LETTERS if step == 2 else 0))
        if step == 2:
            page.set_column(column + 1, column + 1, _LETTERS)
    page.repeat_columns(0)
    is_one = len(sheet.parts) > 1 and tall < _TIGHT * _page(many, each)
    if many <= WIDEST:
        page.fit_to_pages(1, int(is_one))
        return row
    ends = page_ends([width for _, width in max(sheet.parts, key=lambda part: len(part.heads)).tiers()[0]])
    # of pages a program fits by itself one would end inside a break
    page.set_v_pagebreaks([1 + step * end for end in ends[:-1]])
    page.set_print_scale(
        page_scale(_LETTER * (_NAMES + 1), _LETTER * (each + step), ends, tall + 60 if is_one else 0)
    )
    return row


def _across(sheet: Sheet) -> float:
    """Letters across of the columns of one group: its numbers, and the longest word of its heads."""
    labels = [text for part in sheet.parts for text, _ in part.tiers()[-1]]
    words = [text_width(word, _SIZE) / _LETTER + 2 for label in labels for word in label.split()]
    letters = _LETTERS if sheet.has_letters else 0
    least = _NUMBER + letters if letters else _ALONE
    return max(least, letters + sheet.letters_wide(_SMALL) + 1.5, min(max(words, default=0.0), _WORD))


def _page(many: int, each: float) -> float:
    """Points down a page once it is made small enough for so many columns."""
    return PAPER[1] * max(1.0, (_LETTER * (_NAMES + (each + 1) * min(many, WIDEST))) / PAPER[0])


def _heads(
    page: Any, row: int, part: Part, styles: Styles, lang: str, wide: tuple[int, float]
) -> tuple[int, float]:
    """Base rule, break, outer group, group and letter, firms, base, note; the next free row, the height."""
    tiers, tall = part.tiers(), 0.0
    step, each = wide
    for depth, tier in enumerate(tiers):
        end = {"bottom": 1} if depth == len(tiers) - 1 else {}
        first = "" if depth else said(part.rule, lang)
        quiet = styles(font_color=QUIET, bg_color=TINT, text_wrap=True, **end)
        page.write_string(row + depth, 0, first, quiet)
        column = 1
        style = styles.head(left=1, left_color=LINE, **end)
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
        page.write_string(row + place, 0, said(key, lang), styles(font_color=QUIET))
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
    page: Any, row: int, column: int, head: Head, key: str, styles: Styles, lang: str, step: int
) -> None:
    edge = {"left": 1, "left_color": LINE, "font_color": QUIET, "align": "right"}
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


def _lines(page: Any, row: int, part: Part, styles: Styles, lang: str, step: int) -> tuple[int, float]:
    """Each option: its numbers with letters, under them their intervals; the next free row, the height."""
    tall, edge, over = 0.0, {"left": 1, "left_color": LINE}, {"top": 1, "top_color": LINE}
    quiet = styles(**edge, font_size=8, font_color=QUIET, align="right")
    for line in part.lines:
        page.write_string(row, 0, line.label, styles(text_wrap=True, bold=line.is_net, **over))
        has_limits = any(cell.limits for cell in line.cells)
        if has_limits:
            page.write_string(
                row + 1, 0, said("interval", lang), styles(font_size=8, font_color=QUIET, indent=1)
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


def _notes_page(page: Any, notes: _Notes, styles: Styles, contents: str, warning: str) -> None:
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
