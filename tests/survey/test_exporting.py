"""What is written in any format reads back as the same wave: codes, names, labels, reasons, sets."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings

from survey import (
    EXPORTS,
    FileFault,
    MissingCode,
    Wave,
    WaveSource,
    answers_to,
    export_study,
    export_wave,
    latest_wave,
    load_study,
    read_wave,
)
from survey.exporting import same_codes
from survey.formats.carried import restored
from survey.formats.csv_write import codebook_beside
from survey.formats.reading import Reading
from tests.survey.odd_waves import waves
from tests.survey.small_waves import dichotomies, real_file, single, wave_of

DEMO = Path(__file__).parents[2] / "data" / "demo"
CREATED = datetime(2021, 12, 15)


def back(wave: Wave, folder: Path, kind: str) -> Wave:
    path = folder / f"w{EXPORTS[kind]}"
    export_wave(wave, path, kind, created=CREATED)
    if kind == "ddi":
        return read_wave(WaveSource("w", path.with_suffix(".csv"), instrument=path))
    return read_wave(WaveSource("w", path, codebook_beside(path) if kind == "csv" else None))


@pytest.mark.parametrize("kind", ["sav", "dta", "parquet", "csv", "ddi"])
@settings(max_examples=25, deadline=None)
@given(wave=waves())
def test_what_is_written_reads_back(kind: str, wave: Wave) -> None:
    with TemporaryDirectory() as folder:
        again = back(wave, Path(folder), kind)
    assert list(again.frame.columns) == list(wave.frame.columns)
    for name in wave.frame.columns:
        assert same_codes(wave.frame[name], again.frame[name]).all(), (wave.frame[name], again.frame[name])
    assert again.codebook == wave.codebook
    for question in wave.codebook.ids():
        if not wave.codebook.question(question).asked_if:
            assert (answers_to(again, question).state == answers_to(wave, question).state).all(), question
    assert not again.findings


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_study_gives_the_same_bytes_and_says_that_it_is_synthetic(kind: str, tmp_path: Path) -> None:
    study = load_study(DEMO)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        export_study(study, tmp_path / name / f"demo{EXPORTS[kind]}", kind)
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert files and files == sorted(p.name for p in (tmp_path / "two").iterdir())
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    made = tmp_path / "one" / f"demo{EXPORTS[kind]}"
    if kind in ("csv", "ddi"):
        rows = made.with_suffix(".csv").read_text(encoding="utf-8-sig").splitlines()
        assert rows[0].endswith(",synthetic")
        assert all(row.endswith(",synthetic respondents") for row in rows[1:])
    else:
        again = read_wave(made)
        assert again.notes["synthetic"] == "yes"
        assert kind == "parquet" or "SYNTHETIC" in again.notes["file_label"]
        assert again.codebook == latest_wave(study).codebook


def test_a_set_that_nobody_ticked_comes_back_unticked_from_ddi(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q_a": [0.0, 0.0], "q_b": [0.0, 0.0]})
    wave = wave_of(frame, dichotomies("q", "a", "b", concept="q"))
    path = tmp_path / "w.xml"
    export_wave(wave, path, "ddi", created=CREATED)
    again = read_wave(WaveSource("w", path.with_suffix(".csv"), instrument=path))
    assert again.codebook.questions == wave.codebook.questions
    assert not answers_to(again, "q").ticks.any()


def test_a_name_that_does_not_fit_is_said_and_restored(tmp_path: Path) -> None:
    wave = wave_of(
        {"売上 高": [1.0, 2.0], "all": [3.0, 4.0]}, single("売上 高", "1", "2"), single("all", "3", "4")
    )
    for kind, names in (("sav", ["売上_高", "v_all"]), ("dta", ["売上_高", "all"])):
        path = tmp_path / f"w.{kind}"
        (finding,) = export_wave(wave, path, kind, created=CREATED)
        assert "'売上 高' is 売上_高" in finding.found
        read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
        assert read(str(path))[1].column_names == names
        assert list(read_wave(path).frame.columns) == ["売上 高", "all"]


def test_more_missing_codes_than_spss_has_room_for_become_a_range(tmp_path: Path) -> None:
    codes = tuple(MissingCode(c, c, reason) for c, reason in ((96.0, "not_asked"), (97.0, "refused")))
    codes += (MissingCode(98.0, 98.0, "do_not_know"), MissingCode(99.0, 99.0, "no_answer"))
    wave = wave_of({"q": [1.0, 2.0, 96.0, 99.0]}, single("q", "1", "2", missing=codes, concept="q"))
    path = tmp_path / "w.sav"
    assert export_wave(wave, path, "sav", created=CREATED) == ()
    assert pyreadstat.read_sav(str(path), user_missing=True)[1].missing_ranges == {
        "q": [{"lo": 96.0, "hi": 99.0}]
    }
    assert read_wave(path).codebook.questions == wave.codebook.questions
    between = wave_of(
        {"q": [1.0, 97.5, 96.0, 5.0]},
        single("q", "1", "2", missing=(*codes, MissingCode(-9.0, -9.0, "refused")), concept="q"),
    )
    (finding,) = export_wave(between, path, "sav", created=CREATED)
    assert "three" in finding.found
    assert read_wave(path).codebook.questions == between.codebook.questions


def test_reasons_are_letters_in_stata(tmp_path: Path) -> None:
    codes = (MissingCode(97.0, 97.0, "refused", {"en": "no comment"}), MissingCode(98.0, 98.0, "do_not_know"))
    wave = wave_of({"q": [1.0, 97.0, 98.0, np.nan]}, single("q", "1", "2", missing=codes, concept="q"))
    path = tmp_path / "w.dta"
    export_wave(wave, path, "dta", created=CREATED)
    frame, meta = pyreadstat.read_dta(str(path), user_missing=True)
    assert frame["q"].tolist()[:3] == [1.0, "r", "d"]
    assert meta.variable_value_labels["q"]["r"] == "no comment"
    assert list(answers_to(read_wave(path), "q").state) == [0, 5, 4, 1]


def test_what_cannot_be_held_leaves_nothing_behind(tmp_path: Path) -> None:
    wave = wave_of({"q": [1.0, np.inf]}, single("q", "1"))
    for kind in ("sav", "dta"):
        with pytest.raises(FileFault) as fault:
            export_wave(wave, tmp_path / f"w.{kind}", kind, created=CREATED)
        assert "infinite" in fault.value.found
    assert list(tmp_path.iterdir()) == []


def test_a_carried_codebook_of_another_hand_is_no_way_in(tmp_path: Path) -> None:
    wave = wave_of({"q": [1.0, 2.0]}, single("q", "1", "2"))
    twice = (
        '{"schema": 1, "names": {"q": "a", "r": "a"}, "seen": {}, "columns": [], "codebook": "", "codes": {}}'
    )
    for text in (
        twice,
        "[" * 100_000,
        '{"schema": 9}',
        "[]",
        "{",
        '{"schema": 1, "names": 3, "seen": {}, "columns": [], "codebook": ""}',
    ):
        reading = restored(Reading(wave.frame), text, tmp_path)
        assert reading.codebook is None and "cannot be read" in reading.findings[0].found
        assert list(reading.frame.columns) == ["q"]


def test_long_texts_and_odd_numbers_stay(tmp_path: Path) -> None:
    columns = {
        "t": pd.Series(["長" * 900, None, "x"], dtype="str"),
        "n": [2.0**52 + 1, -0.1, np.nan],
        "i": [2**60 + 1, 5, -7],
        "b": [True, False, True],
        "d": pd.to_datetime(["2020-02-29 12:30:15", None, "1850-01-01"], format="ISO8601"),
        "c": pd.Categorical(["x", "y", None]),
    }
    wave = wave_of(columns)
    for kind, suffix in EXPORTS.items():
        path = tmp_path / f"w{suffix}"
        assert export_wave(wave, path, kind, created=CREATED) == (), kind
        again = read_wave(path if kind != "ddi" else path.with_suffix(".csv"))
        for name in columns:
            assert same_codes(wave.frame[name], again.frame[name]).all(), (kind, name)


def test_wordings_longer_than_spss_shows_are_said_and_kept(tmp_path: Path) -> None:
    long = {"en": "word " * 60, "ja": "設問" * 60}
    wave = wave_of({"q": [1.0, 2.0]}, single("q", "1", "2", label=long, concept="q"))
    (finding,) = export_wave(wave, tmp_path / "w.sav", "sav", created=CREATED)
    assert "252 bytes" in finding.found
    assert read_wave(tmp_path / "w.sav").codebook.question("q").label == long


@pytest.mark.parametrize(
    "name",
    [
        "haven_tagged-na-double.dta",
        "kobo_childrens_survey.sav",
        "pyreadstat_sample_missing.sav",
        "pyreadstat_simple_alltypes.sav",
        "pyreadstat_tegulu.sav",
        "qualtrics_sample.csv",
        "redcap_checkboxes-1_project.xml",
        "readstattables_string_labeled_value.sav",
    ],
)
def test_real_files_come_back_from_every_format(name: str, tmp_path: Path) -> None:
    wave = read_wave(real_file(name))
    for kind in EXPORTS:
        again = back(wave, tmp_path, kind)
        assert again.codebook.questions == wave.codebook.questions, kind
        for column in wave.frame.columns:
            assert same_codes(wave.frame[column], again.frame[column]).all(), (kind, column)
