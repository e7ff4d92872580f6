"""Rows of workbooks: the values openpyxl reads, escapes undone, and nothing read that is not sure."""

import datetime as dt
import io
import tracemalloc

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import FileFault
from survey.formats import workbook as module
from survey.formats.workbook import workbook_sheets
from survey.formats.workbook_texts import plain_text
from survey.formats.xml_stream import stream_xml
from tests.survey.test_excel import FIRST, ROWS, rewritten, workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8)
CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e300, 1e300),
    TEXT,
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2099, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.timedeltas(dt.timedelta(0), dt.timedelta(9)).map(
        lambda t: dt.timedelta(seconds=t // dt.timedelta(0, 1))
    ),
    st.sampled_from(["#N/A", "#DIV/0!", "_x000D_", " a ", "a\nb", "0012"]),
)


def by_openpyxl(path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: [
            ["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }


def by_us(path) -> dict[str, list[list[object]]]:
    """Every row up to the last, as wide as the widest."""
    found = {}
    for sheet in workbook_sheets(path):
        rows = dict(sheet.rows)
        width = max(map(len, rows.values()), default=0)
        found[sheet.name] = [
            ["" if cell is None else cell for cell in (*rows.get(i, ()), *[None] * width)[:width]]
            for i in range(1, max(rows, default=0) + 1)
        ]
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
def test_what_openpyxl_writes_and_reads_is_what_we_read(tmp_path, rows):
    path = workbook(tmp_path / "a.xlsx", answers=[["a", "b", "c"], *rows, ["x", "y", "z"]])
    ours, theirs = by_us(path)["answers"], by_openpyxl(path)["answers"]
    theirs = [[plain_text(c) if isinstance(c, str) else c for c in row] for row in theirs]
    assert ours == theirs
    assert [[type(c) for c in row] for row in ours] == [[type(c) for c in row] for row in theirs]


def test_what_xlsxwriter_writes_is_what_we_read(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        clock = book.add_format({"num_format": "[hh]:mm:ss"})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("答え")
        sheet.write_row(0, 0, ["a_x000D_b", "tab\there", "<&>"])
        sheet.write_datetime(1, 0, dt.datetime(2021, 12, 15), day)
        sheet.write_number(1, 1, 1.5, clock)
        sheet.write_rich_string(1, 2, "plain ", bold, "bold", " plain")
        sheet.write_formula(2, 0, "=1+1", None, 2)
        sheet.write_boolean(2, 1, False)
        book.add_worksheet("away").hide()
    first, second = workbook_sheets(path)
    assert [row for _, row in first.rows] == [
        ("a_x000D_b", "tab\there", "<&>"),
        (dt.datetime(2021, 12, 15), dt.timedelta(days=1.5), "plain bold plain"),
        (2, False),
    ]
    assert (first.hidden, second.hidden, first.uncalculated) == (False, True, 0)


def test_dates_of_the_calendar_that_begins_in_1904(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(
            0, 0, dt.datetime(2021, 12, 15, 6), book.add_format({"num_format": "d/m/yy h:mm"})
        )
    assert workbook_sheets(tmp_path / "a.xlsx")[0].rows == ((1, (dt.datetime(2021, 12, 15, 6),)),)


def cells(tmp_path, *written: str, row: str = '<row r="1">'):
    path = workbook(tmp_path / "a.xlsx", answers=ROWS)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row}{"".join(written)}</row></sheetData></worksheet>'
    return workbook_sheets(rewritten(path, FIRST, lambda text: sheet))[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("<c><v> 12 </v></c>", 12),
        ("<c><v>-1.5E-3</v></c>", -0.0015),
        ("<c><v>0.1</v></c>", 0.1),
        ("<c><v>123456789012345678</v></c>", 123456789012345678),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="d"><v>2021-12-15T10:00:00Z</v></c>', dt.datetime(2021, 12, 15, 10)),
        ('<c t="d"><v>2021-12-15</v></c>', dt.date(2021, 12, 15)),
        ('<c t="d"><v>PT1H30M</v></c>', dt.timedelta(hours=1.5)),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="str"><v>a_x000D_\nb</v></c>', "a\r\nb"),
        ('<c t="str"><v>_x005F_x000D_</v></c>', "_x000D_"),
        ('<c t="str"><v>_xD83D__xDE00_ _xD83D_</v></c>', "\U0001f600 _xD83D_"),
        (
            '<c t="inlineStr"><is><r><t>日</t></r><r><t>本</t></r><rPh sb="0" eb="1"><t>ニ</t></rPh></is>'
            "</c>",
            "日本",
        ),
        ("<c><f>1+1</f><v>2</v></c>", 2),
        ('<c r="a1"><v>2</v></c>', 2),
    ],
)
def test_a_cell_as_its_xml_holds_it(tmp_path, written, value):
    rows = cells(tmp_path, written).rows
    assert rows == ((1, (value,)),) and type(rows[0][1][0]) is type(value)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("<c><v>1_000</v></c>", "number"),
        ("<c><v>１２</v></c>", "number"),
        ("<c><v>nan</v></c>", "number"),
        ("<c><v>1e999</v></c>", "number"),
        (f"<c><v>{'9' * 5000}</v></c>", "number"),
        ("<c><v>1</v><v>2</v></c>", "two values"),
        ('<c t="s"><v>-1</v></c>', "points to"),
        ('<c t="s"><v>999</v></c>', "shows text 999"),
        ('<c t="b"><v>2</v></c>', "kind 'b'"),
        ('<c t="d"><v>2021-12-15 and more</v></c>', "date"),
        ('<c t="d"><v>PT1Hx</v></c>', "date"),
        ('<c t="q"><v>2</v></c>', "kind 'q'"),
        ('<c r="B7"><v>2</v></c>', "'B7' in row 1"),
        ('<c r="XFE1"><v>2</v></c>', "beyond column"),
        ('<c r="B1"><v>2</v></c><c r="B1"><v>3</v></c>', "twice"),
        ("<c><c><v>2</v></c></c>", "inside a cell"),
        ('<c s="x"><v>2</v></c>', "points to"),
    ],
)
def test_a_cell_that_cannot_be_sure_is_a_fault(tmp_path, written, word):
    with pytest.raises(FileFault) as fault:
        cells(tmp_path, written)
    assert word in fault.value.found and "row 1" in fault.value.where


def test_cells_in_any_order_and_rows_without_numbers(tmp_path):
    found = cells(tmp_path, '<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c>', "</row><row><c><v>4</v></c>")
    assert found.rows == ((1, (1, None, 3)), (2, (4,)))
    assert cells(tmp_path, "<c><f>1+1</f><v></v></c>").uncalculated == 1
    assert cells(tmp_path, '<c t="str"><f>""</f><v></v></c>').uncalculated == 0, "its result is no text"


def test_a_workbook_saved_as_strict_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["a", "日本", 2])
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    for member in ("xl/workbook.xml", FIRST, "xl/sharedStrings.xml", "xl/styles.xml"):
        rewritten(path, member, lambda text: text.replace(MAIN, strict))
    assert by_us(path) == {"Sheet1": [["a", "日本", 2]]}


def test_a_sheet_of_something_else_or_that_is_not_there_is_a_fault(tmp_path):
    path = workbook(tmp_path / "a.xlsx", answers=ROWS)
    with pytest.raises(FileFault, match="no sheet in its XML"):
        workbook_sheets(rewritten(path, FIRST, lambda text: text.replace(MAIN, "urn:other")))
    path = workbook(tmp_path / "b.xlsx", answers=ROWS)
    rewritten(path, "xl/_rels/workbook.xml.rels", lambda text: text.replace("sheet1.xml", "sheet7.xml"))
    with pytest.raises(FileFault, match=r"does not hold 'xl/worksheets/sheet7\.xml'"):
        workbook_sheets(path)


@pytest.mark.parametrize("name", ["_ELEMENTS", "_TEXT", "_CELLS"])
def test_a_workbook_past_its_bounds_is_a_fault(tmp_path, monkeypatch, name):
    path = workbook(tmp_path / "a.xlsx", answers=ROWS)
    monkeypatch.setattr(module, name, 30)
    with pytest.raises(FileFault, match=r"too large|more text"):
        workbook_sheets(path)


def test_a_row_of_blank_cells_without_end_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_ELEMENTS", 50_000)
    with pytest.raises(FileFault, match="too large"):
        cells(tmp_path, "<c/>" * 60_000, *["<c>"] * 2)


def test_a_tag_without_end_takes_little_memory(tmp_path):
    tracemalloc.start()
    with pytest.raises(FileFault, match="more than 1,048,576 bytes"):
        stream_xml(io.BytesIO(b'<a b="' + b"x" * 20_000_000), "a")
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
