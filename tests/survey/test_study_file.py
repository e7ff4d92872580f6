"""A study file is read whole, or refused with line, key and the nearest word."""

from datetime import date

import pytest

from survey import FileFault, StudyFault, latest_wave, load_study
from tests.survey.small_waves import STUDY, study_folder


def test_a_folder_or_its_file_gives_the_same_study(tmp_path):
    folder = study_folder(tmp_path / "s")
    study = load_study(folder)
    assert study == load_study(folder / "study.toml")
    assert study.id == "small"
    assert study.title == {"en": "Small", "ja": "小さな調査"}
    assert study.languages == ("en", "ja")
    assert study.as_of == date(2026, 1, 15)
    assert study.calibrated_at is None
    assert not study.synthetic
    assert study.waves[0].file == folder / "answers.csv"
    assert study.design.weight == "w" and study.design.id == "firm"
    assert study.waves[0].design == study.design


def test_sections_of_the_floors_above_are_kept_unread_with_their_lines(tmp_path):
    text = STUDY + '\n[supply]\nlinks = "l.csv"\n[supply.columns]\nbuyer = { const = "Apple" }\n'
    study = load_study(study_folder(tmp_path, text))
    assert study.section("supply") == {"links": "l.csv", "columns": {"buyer": {"const": "Apple"}}}
    assert study.section("rules") == {}
    line = text.splitlines().index('links = "l.csv"') + 1
    assert study.place("supply.links").endswith(f"study.toml, line {line}, key supply.links")
    assert f"line {line + 2}" in study.place("supply.columns.buyer")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("schema = 1", "schema = 2", 1, "schema", "schema = 1"),
        ('languages = ["en", "ja"]', 'langauges = ["en"]', 4, "langauges", "did you mean languages?"),
        ("as_of = 2026-01-15", 'as_of = "soon"', 5, "as_of", "2026-01-15"),
        ('weight = "w"', 'wieght = "w"', 13, "design.wieght", "did you mean weight?"),
        ('weight = "w"', "weight = [1]", 13, "design.weight", "text in double quotes"),
        ('weight = "w"', 'unnested = "yes"', 13, "design.unnested", "true or false"),
        ('weight = "w"', 'method = "fey"', 13, "design.method", "did you mean fay?"),
        ('weight = "w"', 'replicates = "r*"', 12, "design.method", "replicate weights without their method"),
        ('file = "answers.csv"', 'file = "anwsers.csv"', 9, "waves.0.file", "did you mean answers.csv?"),
        ('name = "2021"', 'nmae = "2021"', 8, "waves.0.nmae", "did you mean name?"),
    ],
)
def test_each_fault_names_its_line_and_key(tmp_path, old, new, line, key, said):
    assert old in STUDY
    with pytest.raises((StudyFault, FileFault)) as fault:
        load_study(study_folder(tmp_path, STUDY.replace(old, new)))
    assert f"key {key}" in fault.value.where
    if "without their method" not in said:
        assert f"line {line}," in fault.value.where
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("bad", "line", "key"),
    [
        ('id = "small', 2, "id"),
        ("id = small", 2, "id"),
        ('id "small"', 2, 'id "small'),
        ('id = "small"\nid = "again"', 3, "id"),
    ],
)
def test_broken_toml_names_line_and_key(tmp_path, bad, line, key):
    with pytest.raises(StudyFault) as fault:
        load_study(study_folder(tmp_path, STUDY.replace('id = "small"', bad)))
    assert f"line {line}" in fault.value.where
    assert key in fault.value.where


def test_a_folder_without_a_study_is_the_wrong_folder(tmp_path):
    study_folder(tmp_path / "inner")
    with pytest.raises(FileFault, match="wrong folder") as fault:
        load_study(tmp_path)
    assert "inner" in fault.value.do
    with pytest.raises(FileFault, match="no such file or folder") as fault:
        load_study(tmp_path / "iner")
    assert fault.value.do == "did you mean inner?"
    with pytest.raises(FileFault, match="crosspressure init"):
        load_study(tmp_path / "inner" / "answers.csv")


def test_an_empty_or_foreign_study_file_is_a_fault(tmp_path):
    with pytest.raises(FileFault, match="empty"):
        load_study(study_folder(tmp_path, " \n"))
    (tmp_path / "study.toml").write_bytes('id = "日本"'.encode("cp932"))
    with pytest.raises(FileFault, match="UTF-8"):
        load_study(tmp_path)


def test_a_study_of_links_only_has_no_waves_and_says_so_when_answers_are_wanted(tmp_path):
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "links"\ntitle = "Links"\n[supply]\nlinks = "links.csv"\n', encoding="utf-8"
    )
    study = load_study(tmp_path)
    assert study.waves == ()
    with pytest.raises(StudyFault, match="links only"):
        latest_wave(study)
