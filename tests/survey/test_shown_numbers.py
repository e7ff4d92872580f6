"""Cells of a workbook read as they show: printed decimals survive a spreadsheet."""

from pathlib import Path

import openpyxl
import pytest

from survey import FileFault, shown_table
from survey.formats.shown_numbers import number_formats


def _book(path: Path, rows: list[tuple[object, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["question", "value"])
    for number, form in rows:
        sheet.append(["q", number])
        sheet.cell(sheet.max_row, 2).number_format = form
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (75.0, "0.0", "75.0"),
        (75.0, "General", "75"),
        (75, "0.00", "75.00"),
        (38.5, "General", "38.5"),
        (75.099999999999994, "General", "75.1"),
        (0.75, "0.0%", "75.0%"),
        (0.75, "0%", "75%"),
        (0.065, "0%", "7%"),
        (2.5, "0", "3"),
        (1.005, "0.00", "1.01"),
        (61.4, "0.0_);[Red](0.0)", "61.4"),
        (61.4, '0.0" percent"', "61.4"),
        (61.4, "0.0##", "61.4"),
        (61, "0.0##", "61.0"),
        (61.25, "0.0##", "61.25"),
        (61.4, "@", "61.4"),
        (61.4, "0.00E+00", "61.4"),
        (1234.5, "#,##0.0", "1234.5"),
        ("75.0", "General", "75.0"),
    ],
)
def test_a_number_keeps_the_decimals_its_cell_shows(tmp_path, number, form, shown):
    frame, _ = shown_table(_book(tmp_path / "a.xlsx", [(number, form), (1, "0")]))
    assert frame["value"].tolist() == [shown, "1"]
    assert str(frame["value"].dtype) == "str"


def test_digits_that_a_cell_hides_are_told(tmp_path):
    path = _book(tmp_path / "a.xlsx", [(75.0, "0.0"), (38.46, "0"), (63.75, "0.0")])
    frame, findings = shown_table(path)
    assert frame["value"].tolist() == ["75.0", "38", "63.8"]
    (finding,) = findings
    assert "row 3" in finding.where and "2 cells" in finding.found and "38.46 shown as 38" in finding.found


def test_a_date_is_no_number_with_decimals(tmp_path):
    assert number_formats(["yyyy-mm-dd", "General", "mm:ss.0", "0.0", "# ?/?"]).keys() == {3}


def test_a_huge_number_keeps_all_its_digits(tmp_path):
    frame, _ = shown_table(_book(tmp_path / "a.xlsx", [(1e25, "0.00000000")]))
    assert frame["value"].tolist() == ["1" + "0" * 25]


def test_blank_cells_and_rows(tmp_path):
    path = _book(tmp_path / "a.xlsx", [(None, "0.0"), (1, "0.0")])
    assert shown_table(path)[0]["value"].tolist() == ["", "1.0"]
    with pytest.raises(FileFault, match="no sheet"):
        shown_table(path, "other")
