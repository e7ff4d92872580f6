"""Workbooks: the sheet, the header, each cell as what it is, and no row lost without a word."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from survey import Design, FileFault, State, StudyFault, WaveSource, answers_to, load_study, read_wave
from survey.formats.excel import read_xlsx
from tests.survey.small_waves import STUDY, real_file

ROWS = [
    ["firm", "w", "sector", "sales", "day", "at", "ok", "code"],
    ["a", 1, "auto", 10.5, dt.date(2021, 1, 2), dt.time(3, 4), True, "0012"],
    ["b", 2, "steel", "NA", dt.datetime(2021, 1, 3), dt.time(5, 4), None, "1e5"],
    ["c", 2, "鉄鋼", "7", None, None, False, "NA"],
]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rewritten(path: Path, member: str, change) -> Path:
    """The workbook with the text of one member changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members[member] = change(members[member].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)
    return path


FIRST = "xl/worksheets/sheet1.xml"


def test_each_cell_is_what_it_is(tmp_path):
    wave = read_wave(workbook(tmp_path / "a.xlsx", answers=ROWS))
    assert wave.origin.format == "xlsx" and len(wave) == 3
    frame = wave.frame
    assert frame["w"].tolist() == [1, 2, 2] and frame["w"].dtype == "int64"
    assert frame["code"].tolist() == ["0012", "1e5", "NA"], "texts stay texts"
    assert str(frame["day"].dtype) == "datetime64[us]" and frame["day"].isna().tolist() == [
        False,
        False,
        True,
    ]
    assert frame["at"].tolist()[:2] == ["03:04:00", "05:04:00"]
    kinds = {q.id: q.kind for q in wave.codebook.questions}
    assert (kinds["sales"], kinds["day"], kinds["ok"]) == ("number", "date", "binary")
    sales = answers_to(wave, "sales")
    assert sales.values[0] == 10.5 and sales.values[2] == 7 and sales.state[1] == State.NO_ANSWER
    assert any("1 numbers stand as text" in f.found for f in wave.findings)


def test_titles_above_the_header_blank_rows_and_other_sheets_are_told(tmp_path):
    rows = [["2021年 調査"], [], ROWS[0], ROWS[1], [], *ROWS[2:]]
    path = workbook(tmp_path / "a.xlsx", readme=[["Read this"], ["first"]], answers=rows)
    reading = read_xlsx(path)
    assert list(reading.frame.columns) == ROWS[0] and len(reading.frame) == 3
    said = " ".join(str(f) for f in reading.findings)
    assert "row 3" in said and "1 blank rows" in said and "Not read: readme" in said
    assert reading.notes == {"above_header": "2021年 調査", "sheet": "answers"}


def test_a_sheet_may_be_named_in_the_study(tmp_path):
    other = [["firm", "w", "x"], ["a", 1, 1], ["b", 2, 0]]
    workbook(tmp_path / "answers.xlsx", answers=ROWS, other=other)
    text = STUDY.replace("answers.csv", "answers.xlsx")
    (tmp_path / "study.toml").write_text(
        text.replace("[design]", 'sheet = "other"\n\n[design]'), encoding="utf-8"
    )
    source = load_study(tmp_path).waves[0]
    assert read_wave(source).frame["x"].tolist() == [1, 0]
    with pytest.raises(FileFault, match="did you mean other"):
        read_wave(WaveSource("w", tmp_path / "answers.xlsx", None, Design(), sheet="othr"))
    (tmp_path / "study.toml").write_text(
        text.replace("[design]", "sheet = true\n\n[design]"), encoding="utf-8"
    )
    with pytest.raises(StudyFault, match="sheet"):
        load_study(tmp_path)


def test_a_wrong_size_in_the_file_shortens_nothing(tmp_path):
    path = workbook(tmp_path / "a.xlsx", answers=ROWS)
    rewritten(path, FIRST, lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"', text))
    assert read_xlsx(path).frame.shape == (3, 8)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda text: text.replace('<row r="4"', '<row r="2"'), "row 2 after row 3"),
        (lambda text: text.replace('<row r="4"', '<row r="99999999"'), "row 99,999,999"),
        (lambda text: text[: len(text) // 2], "cut-off XML"),
        (lambda text: '<!DOCTYPE x [<!ENTITY a "b">]>' + text, "entities"),
    ],
)
def test_damaged_sheets(tmp_path, change, word):
    path = rewritten(workbook(tmp_path / "a.xlsx", answers=ROWS), FIRST, change)
    with pytest.raises(FileFault) as caught:
        read_wave(path)
    assert word in caught.value.found


def test_damaged_and_protected_files(tmp_path):
    path = workbook(tmp_path / "a.xlsx", answers=ROWS)
    data = path.read_bytes()
    for cut in (100, len(data) // 2, len(data) - 30):
        path.write_bytes(data[:cut])
        with pytest.raises(FileFault, match=r"broken|damaged|cut off"):
            read_wave(path)
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(FileFault, match="password"):
        read_wave(path)


def test_formulas_without_results_and_errors_are_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", answers=[["firm", "x", "y"], ["a", 1, "=B2*2"], ["b", 2, "#N/A"]])
    reading = read_xlsx(path)
    said = " ".join(str(f) for f in reading.findings)
    assert "1 formulas without a stored result" in said and "#N/A" in said
    assert reading.missing["y"][0].low == "#N/A"


def test_headers_twice_or_blank(tmp_path):
    with pytest.raises(FileFault, match="two columns called 'x'"):
        read_xlsx(workbook(tmp_path / "a.xlsx", s=[["firm", "x", "x"], ["a", 1, 2]]))
    reading = read_xlsx(workbook(tmp_path / "b.xlsx", s=[["firm", None, "x"], ["a", 1, 2]]))
    assert list(reading.frame.columns) == ["firm", "column 2", "x"]
    assert any("columns without a name: [2]" in f.found for f in reading.findings)
    with pytest.raises(FileFault, match="without a table"):
        read_xlsx(workbook(tmp_path / "c.xlsx", s=[["firm", "x"]]))


def test_a_workbook_of_thousands_of_styled_blank_columns_is_read(tmp_path):
    reading = read_xlsx(real_file("xlsform_extra_columns.xlsx"))
    assert reading.frame.to_dict("list") == {"type": ["text"], "name": ["a"], "label": ["A"]}
