"""The format is decided by content; a lie of the name is told; what is not there is a fault."""

import shutil

import pandas as pd
import pytest

from survey import Design, FileFault, WaveSource, file_format, read_wave
from tests.survey.small_waves import real_file


def test_a_suffix_that_lies_is_a_finding(tmp_path):
    file = tmp_path / "answers.sav"
    file.write_text("q,r\n1,2\n3,4\n", encoding="utf-8")
    wave = read_wave(file)
    assert wave.origin.format == "csv" and wave.name == "answers"
    assert "its name ends in .sav but its content is csv" in wave.findings[0].found
    pd.DataFrame({"q": [1]}).to_parquet(tmp_path / "p.csv")
    wave = read_wave(tmp_path / "p.csv")
    assert wave.origin.format == "parquet" and "content is parquet" in wave.findings[0].found
    (tmp_path / "noname").write_text("q\n1\n", encoding="utf-8")
    assert read_wave(tmp_path / "noname").findings == ()


def test_checksum_and_rows_are_those_of_the_file(tmp_path):
    import hashlib

    file = tmp_path / "a.csv"
    file.write_text("q\n1\n2\n", encoding="utf-8")
    origin = read_wave(file).origin
    assert origin.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (origin.rows, origin.path) == (2, str(file))


def test_no_file_a_folder_or_an_empty_file_is_a_fault(tmp_path):
    (tmp_path / "answers.csv").write_bytes(b"")
    with pytest.raises(FileFault, match="no such file") as fault:
        read_wave(tmp_path / "anwsers.csv")
    assert fault.value.do == "did you mean answers.csv?"
    with pytest.raises(FileFault, match="0 bytes"):
        read_wave(tmp_path / "answers.csv")
    with pytest.raises(FileFault, match="a folder"):
        read_wave(tmp_path)


def test_a_source_brings_name_codebook_and_design(tmp_path):
    (tmp_path / "a.csv").write_text("firm,w,q\n1,2,1\n2,2,2\n", encoding="utf-8")
    (tmp_path / "c.toml").write_text(
        'schema = 1\n[questions.q]\nkind = "single"\nlabel = { en = "Q" }\n', encoding="utf-8"
    )
    wave = read_wave(
        WaveSource("2021", tmp_path / "a.csv", tmp_path / "c.toml", Design(weight="w", id="firm"))
    )
    assert wave.name == "2021" and wave.codebook.languages == ("en",)
    assert [q.role for q in wave.codebook.questions] == ["id", "weight", "question"]
    assert wave.codebook.question("q").kind == "single"
    assert read_wave(tmp_path / "a.csv", name="x").name == "x"


def test_parquet_keeps_types_and_categories_nobody_chose(tmp_path):
    frame = pd.DataFrame(
        {
            "c": pd.Categorical(["a", "b", None], categories=["b", "a", "nobody"]),
            "t": [True, False, True],
            "n": [1, 2, 3],
            "day": pd.to_datetime(["2021-01-01"] * 3),
            "s": ["x", "x", None],
            "l": [[1], [2], [3]],
        },
        index=["r1", "r2", "r3"],
    )
    frame.to_parquet(tmp_path / "p.parquet")
    wave = read_wave(tmp_path / "p.parquet")
    assert list(wave.frame.columns) == list(frame.columns)
    kinds = {q.id: q.kind for q in wave.codebook.questions}
    assert kinds == {"c": "single", "t": "binary", "n": "number", "day": "date", "s": "single", "l": "text"}
    assert [c.code for c in wave.codebook.question("c").choices] == ["b", "a", "nobody"]
    assert ["nested" in f.found for f in wave.findings] == [True]
    (tmp_path / "bad.parquet").write_bytes(b"PAR1" + b"x" * 50)
    with pytest.raises(FileFault, match="Parquet"):
        read_wave(tmp_path / "bad.parquet")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pyreadstat_simple_alltypes.sav", "sav"),
        ("pyreadstat_missing_test.dta", "dta"),
        ("svy_ind_sample_wb_2023.parquet", "parquet"),
        ("recs_2015.csv", "csv"),
    ],
)
def test_real_files_without_their_suffix(tmp_path, name, kind):
    shutil.copyfile(real_file(name), tmp_path / "file.dat")
    assert file_format(tmp_path / "file.dat") == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [("<?xml version='1.0'?><rss><channel/></rss>", "XML"), ('{"rows": [1, 2]}', "JSON")],
)
def test_documents_of_other_formats_are_named(tmp_path, text, said):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileFault) as fault:
        read_wave(tmp_path / "a.csv")
    assert said in fault.value.found
