"""Tables as a workbook: contents, one sheet a question, notes, numbers as numbers."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.command.outputs import SYNTHETIC, neutral, replace_file
from dashboard.command.sheets import PRINTED, decimals, notes_for, sheets_for

if TYPE_CHECKING:
    import pandas as pd

    from survey import Study, Wave

__all__ = ["write_workbook"]

_LONGEST = 31
_WIDTHS = {"label": 42, "group_label": 24, "method": 16, "flag": 22, "estimate": 11}


def write_workbook(estimates: "pd.DataFrame", wave: "Wave", study: "Study", out: Path) -> None:
    """Write the tables to an .xlsx file, whole or not at all; the same tables give the same bytes."""
    replace_file(out, lambda path: _fill(estimates, wave, study, path))


def _fill(estimates: "pd.DataFrame", wave: "Wave", study: "Study", path: Path) -> None:
    """Fill the workbook."""
    import datetime

    import xlsxwriter

    sheets = sheets_for(estimates, wave, study.languages[0] if study.languages else "")
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": study.id, "created": datetime.datetime(2000, 1, 1)})
    style = {
        "bold": book.add_format({"bold": True}),
        "banner": book.add_format({"bold": True, "font_color": "#B0482B"}),
        2: book.add_format({"num_format": "0.00"}),
        3: book.add_format({"num_format": "0.000"}),
        4: book.add_format({"num_format": "0.0000"}),
        "plain": book.add_format({"num_format": "General"}),
        "link": book.add_format({"font_color": "#1F5FA8", "underline": 1}),
    }
    contents = book.add_worksheet("Contents")
    taken = {"contents", "notes"}
    tabs = [_tab(sheet.question, taken) for sheet in sheets]
    row = _banner(contents, study.synthetic, style)
    contents.write_string(row, 0, study.id, style["bold"])
    for place, (sheet, tab) in enumerate(zip(sheets, tabs, strict=True), start=row + 1):
        contents.write_url(place, 0, f"internal:'{tab}'!A1", style["link"], sheet.question)
        contents.write_string(place, 1, sheet.title)
    contents.write_url(row + 1 + len(sheets), 0, "internal:'Notes'!A1", style["link"], "Notes")
    contents.set_column(0, 0, 30)
    contents.set_column(1, 1, 80)
    for sheet, tab in zip(sheets, tabs, strict=True):
        _question_sheet(book.add_worksheet(tab), sheet.title, sheet.table, study.synthetic, style)
    notes = book.add_worksheet("Notes")
    row = _banner(notes, study.synthetic, style)
    for place, (heading, text) in enumerate(notes_for(estimates, wave, study), start=row):
        notes.write_string(place, 0, heading, style["bold"])
        notes.write_string(place, 1, text)
    notes.set_column(0, 0, 16)
    notes.set_column(1, 1, 100)
    book.close()


def _question_sheet(
    sheet: Any, title: str, table: "pd.DataFrame", is_synthetic: bool, style: dict[Any, Any]
) -> None:
    """One question: banner, wording, header, rows; the header stays in sight."""
    row = _banner(sheet, is_synthetic, style)
    sheet.write_string(row, 0, title, style["bold"])
    head = row + 1
    for place, name in enumerate(PRINTED):
        sheet.write_string(head, place, name, style["bold"])
        sheet.set_column(place, place, _WIDTHS.get(name, 10))
    for down, record in enumerate(neutral(table).to_dict(orient="records"), start=head + 1):
        digits = decimals(record["n"], record["stat"] == "share")
        for across, name in enumerate(PRINTED):
            value = record[name]
            if isinstance(value, str):
                sheet.write_string(down, across, value)
            elif value == value:  # nan is left empty
                sheet.write_number(
                    down, across, float(value), style["plain" if name in ("n", "base", "count") else digits]
                )
    sheet.freeze_panes(head + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head)


def _banner(sheet: Any, is_synthetic: bool, style: dict[Any, Any]) -> int:
    """Say that respondents are made up, where they are; the next free row."""
    if is_synthetic:
        sheet.write_string(0, 0, SYNTHETIC, style["banner"])
        sheet.set_header(f"&C{SYNTHETIC}")
    return 1 if is_synthetic else 0


def _tab(question: str, taken: set[str]) -> str:
    """A name a sheet may have: 31 letters, none of []:*?/\\, no quote at an end, each once."""
    stem = re.sub(r"[\[\]:*?/\\]", "_", question).strip("'")[:_LONGEST] or "_"
    name, turn = stem, 1
    while name.casefold() in taken:
        turn += 1
        name = stem[: _LONGEST - len(str(turn)) - 1] + f"~{turn}"
    taken.add(name.casefold())
    return name
