"""Delimited text: nothing is lost, and what is odd is said."""

import numpy as np
import pytest

from survey import FileFault, State, answers_to, held_file, read_wave
from survey.formats.tabular import read_csv


def wave_of(tmp_path, text: str | bytes, name: str = "w.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_wave(file)


def test_codes_stay_text_and_plain_numbers_become_numbers(tmp_path):
    wave = wave_of(
        tmp_path, "zip,cc,code,n,x,r\n0012,NA,1e5,1,1.5,2e+05\n0013,JP,2,2,,3\n0012,NA,1e5,3,-2,4\n"
    )
    frame = wave.frame
    assert frame["zip"].tolist() == ["0012", "0013", "0012"]
    assert frame["cc"].tolist() == ["NA", "JP", "NA"]
    assert frame["code"].tolist() == ["1e5", "2", "1e5"]
    assert frame["n"].tolist() == [1, 2, 3] and frame["n"].dtype == "int64"
    assert frame["x"].tolist()[0] == 1.5 and np.isnan(frame["x"][1])
    assert frame["r"].tolist() == [200000, 3, 4]
    assert answers_to(wave, "cc").options == ("JP", "NA")
    assert answers_to(wave, "zip").options == ("0012", "0013")
    assert wave.findings == () and wave.origin.format == "csv" and wave.origin.rows == 3


def test_na_among_numbers_stays_and_means_no_answer(tmp_path):
    wave = wave_of(tmp_path, "q\n1\n2\nNA\n7\n")
    assert wave.frame["q"].tolist() == [1, 2, "NA", 7]
    answers = answers_to(wave, "q")
    assert answers.kind == "number"
    assert answers.state.tolist() == [0, 0, State.NO_ANSWER, 0]


def test_long_digits_are_codes(tmp_path):
    assert wave_of(tmp_path, "id,q\n12345678901234567,1\n12345678901234568,2\n").frame["id"].tolist() == [
        "12345678901234567",
        "12345678901234568",
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_quotes_and_line_ends(tmp_path, delimiter):
    rows = [["a", "b, c; d"], ['say ""x"" twice', "2"], ["two\r\nlines", "3"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    wave = wave_of(tmp_path, text, "w.tsv" if delimiter == "\t" else "w.csv")
    assert list(wave.frame.columns) == ["a", "b, c; d"]
    assert wave.frame["a"].tolist() == ['say "x" twice', "two\r\nlines"]
    assert wave.frame["b, c; d"].tolist() == [2, 3]


def test_short_rows_and_blank_cells_past_the_end_are_kept_and_told(tmp_path):
    wave = wave_of(tmp_path, "a,b\n1,2\n3\n4,5,\n")
    assert wave.frame["a"].tolist() == [1, 3, 4]
    assert np.isnan(wave.frame["b"][1]) and wave.frame["b"][2] == 5
    assert "2 rows do not have 2 cells (rows 2, 3)" in wave.findings[0].found


@pytest.mark.parametrize(
    ("text", "where", "found", "do"),
    [
        ("a,b\n1,2\n\n3,4\n4,5,6\n5,1,,x\n", "row 3 (line 5)", "no column for '6'; 2 rows in all", "quotes"),
        ('a,b\n"1\n2",2\n3,4,"x, y"\n', "row 2 (line 4)", "no column for 'x, y'", "quotes"),
        ("q1 q2\tq3\n1\t2\t3\n2\t2\t3\n", "row 1 (line 2)", "3 cells under 2 columns", "3 names"),
    ],
)
def test_an_answer_without_a_column_is_a_fault_and_never_cut(tmp_path, text, where, found, do):
    with pytest.raises(FileFault) as fault:
        wave_of(tmp_path, text)
    assert where in fault.value.where and found in fault.value.found and do in fault.value.do


@pytest.mark.parametrize(
    ("text", "columns", "unnamed"),
    [
        ("a,b,\n1,2,\n3,4\n", ["a", "b"], False),
        ("a,b,\n1,2,\n3,4,5\n", ["a", "b", "column 3"], True),
        ("a,,c\n1,2,3\n", ["a", "column 2", "c"], True),
    ],
)
def test_a_column_without_a_name_is_said_unless_it_is_a_delimiter_at_the_end(
    tmp_path, text, columns, unnamed
):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    reading = read_csv(path)
    assert list(reading.frame.columns) == columns and len(reading.frame) == text.count("\n") - 1
    assert any("without a name" in f.found for f in reading.findings) is unnamed


def test_blank_lines_above_the_header_are_none(tmp_path):
    assert wave_of(tmp_path, "\r\n\na,b\n1,2\n").frame["b"].tolist() == [2]
    with pytest.raises(FileFault):
        wave_of(tmp_path, "\r,")


def test_control_signs_around_a_number_are_blanks(tmp_path):
    assert wave_of(tmp_path, "U,v\n\x1e6, 1.5\n").frame.iloc[0].tolist() == [6, 1.5]


def test_blank_rows_without_end_are_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr("survey.formats.tabular._BLANK", 300)
    with pytest.raises(FileFault, match="300 blank cells"):
        wave_of(tmp_path, "a,b\n1,2\n" + ",\n" * 101)


def test_a_row_of_cells_without_end_is_a_fault(tmp_path):
    with pytest.raises(FileFault, match="more than 65,536 cells"):
        wave_of(tmp_path, "a,b\n1" + "," * 70_000 + "\n")


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ('a,b\n1,x\n2,"never closed\n3,y\n4,z\n', "never closed", "line 3"),
        ('a,b\n1,"x"y\n2,z\n', "broken quote", "line 2"),
        ('a,b,c\n1,"x\n2,y\n3,z\n4"\n5,w,v\n', "runs over many lines", "row 1"),
    ],
)
def test_quotes_that_swallow_rows_are_faults(tmp_path, text, said, where):
    with pytest.raises(FileFault) as fault:
        wave_of(tmp_path, text)
    assert said in fault.value.found and where in fault.value.where


def test_rows_swallowed_by_two_stray_quotes_are_told(tmp_path):
    wave = wave_of(tmp_path, 'a,b\n1,"x\n2,y\n3,z\n4"\n5,w\n')
    assert "look like rows" in wave.findings[0].found and "row 1" in wave.findings[0].found
    assert wave_of(tmp_path, 'a,b\n1,"x\nline two\nthree"\n5,w\n').findings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n \n", "empty"),
        ("a,b\n", "no rows"),
        ("a,b,a\n1,2,3\n", "two columns called 'a'"),
        (b"\x00\x01\x02\x03binary\x00\x00" * 20, "neither text nor"),
        (b"PK\x03\x04" + b"x" * 99, "zip archive or Excel"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b'{"a": 1}', "JSON"),
        (b"<?xml version='1.0'?>", "XML"),
    ],
)
def test_what_is_no_survey_is_a_fault(tmp_path, text, said):
    with pytest.raises(FileFault) as fault:
        wave_of(tmp_path, text)
    assert said in fault.value.found
    assert fault.value.do


@pytest.mark.parametrize(
    ("text", "said"), [(b"id\n", "no rows"), (b"\x68\x8b\x4f\x99\x00" * 99, "neither text")]
)
def test_what_is_named_sav_and_is_none_is_told_by_what_it_is(tmp_path, text, said):
    with pytest.raises(FileFault) as fault:
        wave_of(tmp_path, text, "w.sav")
    with pytest.raises(FileFault) as held, held_file(text, "w.sav") as path:
        read_wave(path)
    for one in (fault.value, held.value):
        assert one.found.startswith("named .sav, but nothing in it is of that format") and said in one.found
        assert ".sav" in one.expected and "CSV" in one.do
    assert list(wave_of(tmp_path, "a,b\n1,2\n", "x.sav").frame.columns) == ["a", "b"]


def test_columns_without_a_name_get_one(tmp_path):
    wave = wave_of(tmp_path, ",q\n1,5\n2,6\n")
    assert list(wave.frame.columns) == ["column 1", "q"]
    assert "without a name" in wave.findings[0].found
    wave = wave_of(tmp_path, "p,q,\n1,5,\n2,6,\n")
    assert list(wave.frame.columns) == ["p", "q"] and wave.findings == ()


JAPANESE = "企業,回答\n東京製作所,はい\n大阪商会,いいえ\n名古屋工業,はい\nソニック,はい\n"


@pytest.mark.parametrize(
    ("encoding", "said", "guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8-sig", False),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True),
        ("cp932", "cp932", True),
        ("euc_jp", "euc_jp", True),
    ],
)
def test_encodings_are_found_and_a_guess_is_told(tmp_path, encoding, said, guessed):
    text = JAPANESE
    if encoding in ("utf-16-le", "utf-16-be"):
        text = "firm,answer\n" + "".join(f"firm{i},yes\n" for i in range(9))
    wave = wave_of(tmp_path, text.encode(encoding))
    assert wave.origin.encoding == said
    assert list(wave.frame.columns) == text.split("\n")[0].split(",")
    assert wave.frame.iloc[0, 0] == text.split("\n")[1].split(",")[0]
    assert bool(wave.findings) is guessed
    if guessed:
        assert said in wave.findings[0].found


def test_western_text_is_read(tmp_path):
    wave = wave_of(tmp_path, "firma,antwort\nMüller,ja\nGroß,nein\nMüller,ja\n".encode("cp1252"))
    assert wave.frame["firma"].tolist()[:2] == ["Müller", "Groß"]
    assert "cp1252" in wave.findings[0].found
