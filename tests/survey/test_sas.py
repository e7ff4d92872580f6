"""SAS tables and transport files: special missing values apart, dates dates, no row lost without a word."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey import FileFault, State, answers_to, read_wave
from survey.formats.xport import read_xpt
from tests.survey.small_waves import real_file

FRAME = pd.DataFrame(
    {
        "q": [1.0, -2.5, np.nan, 1e10, 0.1],
        "t": ["a", "", "日本", "dd", "e"],
        "d": [0.0, 10_000.0, np.nan, -5.0, 21_915.0],
    }
)


def written(folder, version, frame=FRAME):
    file = folder / f"w{version}.xpt"
    pyreadstat.write_xport(
        frame,
        str(file),
        file_format_version=version,
        variable_format={"d": "DATE9."},
        column_labels={"q": "question"},
    )
    return file


@pytest.mark.parametrize("version", [5, 8])
def test_a_transport_file_is_read_as_the_library_reads_it(tmp_path, version):
    file = written(tmp_path, version)
    wave = read_wave(file)
    theirs, _ = pyreadstat.read_xport(str(file), disable_datetime_conversion=True)
    assert wave.origin.format == "xpt" and wave.origin.rows == 5
    np.testing.assert_array_equal(wave.frame["q"], theirs["q"])
    assert wave.frame["t"].fillna("").tolist() == theirs["t"].tolist()
    assert wave.frame["d"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "1960-01-01",
        "1987-05-19",
        "",
        "1959-12-27",
        "2020-01-01",
    ]
    assert wave.codebook.question("q").label == {"": "question"}
    assert ["does not state how many rows" in f.found for f in wave.findings] == [True] * (version == 5)


def test_every_cut_of_a_transport_file_is_a_fault_or_is_told(tmp_path):
    """The bare library returns fewer rows, without a word."""
    for version in (5, 8):
        whole = written(tmp_path, version).read_bytes()
        file = tmp_path / "cut.xpt"
        silent = 0
        for size in range(len(whole) - 1, 0, -13):
            file.write_bytes(whole[:size])
            try:
                wave = read_wave(file)
            except FileFault:
                continue
            assert len(wave) == 5 or wave.findings, size
            silent += 1
        assert silent < 12


def test_special_missing_values_of_a_transport_file_are_codes(tmp_path):
    file = written(tmp_path, 5)
    data = bytearray(file.read_bytes())
    at = data.find(b"HEADER RECORD*******OBS ") + 80
    data[at : at + 8] = b"B" + bytes(7)
    data[at + 22 : at + 30] = b"_" + bytes(7)
    file.write_bytes(data)
    wave = read_wave(file)
    assert wave.frame["q"].tolist()[:2] == [".B", "._"]
    assert [m.low for m in wave.codebook.question("q").missing] == [".B", "._"]
    assert answers_to(wave, "q").state.tolist() == [State.NO_ANSWER] * 3 + [0, 0]


def test_two_tables_in_one_transport_file_are_told(tmp_path):
    one, two = written(tmp_path, 5).read_bytes(), written(tmp_path, 5, FRAME.head(2)).read_bytes()
    file = tmp_path / "both.xpt"
    file.write_bytes(one + two[240:])
    reading = read_xpt(file)
    assert len(reading.frame) == 5
    assert any("holds 2 tables" in finding.found for finding in reading.findings)


def test_a_transport_file_with_columns_that_cannot_be_is_a_fault(tmp_path):
    whole = written(tmp_path, 8).read_bytes()
    at = whole.find(b"NAMSTV8 HEADER RECORD!!!!!!!")
    file = tmp_path / "bad.xpt"
    file.write_bytes(whole[: at + 28] + b"0000999999" + whole[at + 38 :])
    with pytest.raises(FileFault, match="transport"):
        read_wave(file)


def test_real_table_with_special_missing_values():
    wave = read_wave(real_file("haven_tagged-na.sas7bdat"))
    assert wave.origin.format == "sas7bdat" and wave.findings == ()
    assert wave.frame["x"].tolist() == [1, 2, 3, 4, 5, ".A", ".H", ".Z"]
    assert answers_to(wave, "x").state.tolist() == [0] * 5 + [State.NO_ANSWER] * 3
    assert wave.notes["formats"] == "x XFMT"


@pytest.mark.parametrize(("name", "said"), [("sjis", "CP932"), ("jeuc", "EUC-JP")])
def test_real_tables_of_japanese_code_pages(name, said):
    wave = read_wave(real_file(f"parso_charset_{name}.sas7bdat"))
    assert wave.frame.shape == (150, 5) and wave.origin.encoding == said
    assert wave.frame["Species"].value_counts().to_dict() == dict.fromkeys(
        ("Iris-setosa", "Iris-versicolor", "Iris-virginica"), 50
    )


def test_real_table_of_date_formats_that_the_library_cannot_convert():
    wave = read_wave(real_file("parso_date_formats.sas7bdat"))
    assert wave.frame.shape == (1, 67)
    assert wave.frame["yymmddn"][0] == wave.frame["worddatx"][0] == pd.Timestamp("2017-03-14")
    assert wave.frame["dtdate"][0] == pd.Timestamp("2017-03-14 15:36:56.546")
    assert wave.frame["tod"][0] == "15:36:56.546000"


@pytest.mark.parametrize("name", ["parso_invalid_lengths.sas7bdat", "parso_sas_infinite_loop.sas7bdat"])
def test_real_tables_that_are_damaged_say_so(name):
    with pytest.raises(FileFault, match="pages of"):
        read_wave(real_file(name))


def test_a_cut_table_is_a_fault(tmp_path):
    whole = real_file("haven_tagged-na.sas7bdat").read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 70_000, 300, 100):
        (tmp_path / "cut.sas7bdat").write_bytes(whole[:size])
        with pytest.raises(FileFault):
            read_wave(tmp_path / "cut.sas7bdat")
