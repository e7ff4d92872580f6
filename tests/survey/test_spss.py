"""SPSS files: what is in them stays, what would harm is refused before it is read."""

import struct
from datetime import datetime

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey import (
    Choice,
    Codebook,
    FileFault,
    MissingCode,
    Question,
    QuestionFault,
    State,
    answers_to,
    codebook_text,
    read_wave,
    write_sav,
)
from survey.codebook_file import overlay_codebook

CREATED = datetime(2021, 12, 15, 12, 0, 0)
BOTH = {"en": "Was forced to choose", "ja": "選択を迫られた"}
BOOK = Codebook(
    (
        Question("firm", "text", ("firm",), {"en": "Firm", "ja": "企業"}),
        Question(
            "q",
            "single",
            ("q",),
            BOTH,
            (Choice("1", {"en": "Yes", "ja": "はい"}), Choice("2", {"en": "No", "ja": "いいえ"})),
            (
                MissingCode(98, 98, "do_not_know", {"en": "Do not know", "ja": "わからない"}),
                MissingCode(99, 99, "no_answer"),
            ),
        ),
        Question(
            "m",
            "multiple",
            ("m_a", "m_b"),
            {"en": "Kinds", "ja": "種類"},
            (Choice("a", {"en": "A", "ja": "あ"}, "m_a"), Choice("b", {"en": "B", "ja": "い"}, "m_b")),
            (MissingCode(98, 98, "do_not_know"),),
            counted="1",
        ),
        Question(
            "n",
            "number",
            ("n",),
            missing=(MissingCode(-9, -1, "refused"), MissingCode(999, 999, "not_asked")),
        ),
    ),
    ("en", "ja"),
)
FRAME = pd.DataFrame(
    {
        "firm": pd.Series(["あ社", "b", None], dtype="str"),
        "q": [1.0, 98, np.nan],
        "m_a": [1.0, 0, 98],
        "m_b": [0.0, 1, 98],
        "n": [1.25, -5, 999],
    }
)


def written(folder, frame=FRAME, book=BOOK):
    file = folder / "w.sav"
    write_sav(
        file, frame, book, created=CREATED, file_label="synthetic 合成", notes=["made up", "合成データ"]
    )
    return file


def test_codes_labels_reasons_sets_label_and_notes_survive(tmp_path):
    wave = read_wave(written(tmp_path))
    assert wave.notes["file_label"] == "synthetic 合成"
    assert wave.notes["documents"] == "made up\n合成データ"
    assert wave.notes["created"] == "2021-12-15 12:00:00"
    assert wave.origin.format == "sav" and wave.origin.encoding == "UTF-8" and wave.findings == ()
    assert wave.frame["q"].tolist()[:2] == [1, 98] and np.isnan(wave.frame["q"][2])
    assert wave.frame["firm"].isna().tolist() == [False, False, True]
    q = wave.codebook.question("q")
    assert q.label == {"": "Was forced to choose | 選択を迫られた"}
    assert [(c.code, c.label[""]) for c in q.choices] == [("1", "Yes | はい"), ("2", "No | いいえ")]
    assert answers_to(wave, "q").state.tolist() == [State.ANSWERED, State.DO_NOT_KNOW, State.NO_ANSWER]
    several = wave.codebook.question("m")
    assert (several.columns, several.counted) == (("m_a", "m_b"), "1")
    assert [c.label[""] for c in several.choices] == ["A | あ", "B | い"]
    assert answers_to(wave, "m").ticks.tolist() == [[True, False], [False, True], [False, False]]
    assert answers_to(wave, "n").state.tolist() == [0, State.NO_ANSWER, State.NO_ANSWER]


def test_codebook_beside_the_file_brings_both_languages_back(tmp_path):
    wave = read_wave(written(tmp_path))
    (tmp_path / "codebook.toml").write_text(codebook_text(BOOK), encoding="utf-8")
    book = overlay_codebook(wave.codebook, tmp_path / "codebook.toml", tuple(wave.frame.columns))
    assert book.languages == ("en", "ja")
    for old, new in zip(BOOK.questions, book.questions, strict=True):
        assert (old.id, old.kind, old.label, old.choices) == (new.id, new.kind, new.label, new.choices)
        assert old.missing == new.missing and old.counted == new.counted


def test_same_input_gives_the_same_bytes(tmp_path):
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["w.sav"]


def test_long_labels_are_cut_between_letters(tmp_path):
    book = Codebook(
        (Question("q", "single", ("q",), {"ja": "長い" * 100}, (Choice("1", {"ja": "はい" * 50}),)),)
    )
    wave = read_wave(written(tmp_path, FRAME[["q"]], book))
    label, choice = wave.codebook.question("q").label[""], wave.codebook.question("q").choices[0].label[""]
    assert label.endswith("…") and set(label) == set("長い…") and len(label.encode()) <= 255
    assert choice.endswith("…") and len(choice.encode()) <= 120


def test_more_reasons_than_spss_has_room_for_are_a_fault(tmp_path):
    codes = tuple(MissingCode(float(c), float(c), "refused") for c in range(95, 99))
    with pytest.raises(QuestionFault, match="4 missing codes"):
        written(tmp_path, FRAME[["q"]], Codebook((Question("q", "single", ("q",), missing=codes),)))
    with pytest.raises(FileFault, match="SPSS cannot hold"):
        written(tmp_path, FRAME.rename(columns={"q": "1 bad name"})[["1 bad name"]], Codebook(()))
    assert list(tmp_path.iterdir()) == []


def test_a_header_that_claims_too_many_cases_is_refused_before_reading(tmp_path):
    file = written(tmp_path)
    data = bytearray(file.read_bytes())
    struct.pack_into("<i", data, 80, 1_000_000_000)
    file.write_bytes(data)
    with pytest.raises(FileFault, match="claims 1,000,000,000 cases"):
        read_wave(file)
    struct.pack_into("<i", data, 80, len(data) - 1)
    file.write_bytes(data)
    with pytest.raises(FileFault, match="claims"):
        read_wave(file)


def test_encrypted_truncated_and_corrupt_files_are_faults(tmp_path):
    whole = written(tmp_path).read_bytes()
    file = tmp_path / "bad.sav"
    file.write_bytes(whole[:8] + b"ENCRYPTEDSAV" + whole[20:])
    with pytest.raises(FileFault, match="encrypted"):
        read_wave(file)
    for size in (10, 170, 400, 900, len(whole) - 20):
        file.write_bytes(whole[:size])
        with pytest.raises(FileFault):
            read_wave(file)


def test_sets_are_found_though_the_library_tells_of_none(tmp_path, monkeypatch):
    read = pyreadstat.read_sav

    def silent(*args: object, **kwargs: object):
        frame, meta = read(*args, **kwargs)
        meta.mr_sets = {}
        return frame, meta

    file = written(tmp_path)
    monkeypatch.setattr(pyreadstat, "read_sav", silent)
    assert read_wave(file).codebook.question("m").columns == ("m_a", "m_b")


def test_dates_times_and_dates_beyond_the_calendar(tmp_path):
    file = tmp_path / "d.sav"
    near = (datetime(2020, 12, 28) - datetime(1582, 10, 14)).total_seconds()
    frame = pd.DataFrame({"day": [near, np.nan, near], "clock": [3600.0, np.nan, 60.0]})
    forms = {"day": "DATE11", "clock": "TIME8"}
    pyreadstat.write_sav(frame, str(file), variable_format=forms)
    wave = read_wave(file)
    assert wave.frame["day"].tolist()[0] == pd.Timestamp("2020-12-28")
    assert wave.frame["clock"].tolist()[::2] == ["01:00:00", "00:01:00"]
    assert [q.kind for q in wave.codebook.questions] == ["date", "text"]
    pyreadstat.write_sav(frame.assign(day=[near, np.nan, 9e14]), str(file), variable_format=forms)
    wave = read_wave(file)
    assert wave.frame["day"].fillna("").tolist() == ["2020-12-28", "", str(9 * 10**14)]
    assert any("calendar" in finding.found for finding in wave.findings)
