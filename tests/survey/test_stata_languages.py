"""Stata's `label language`: every set of labels is read, and those of a codebook are written."""

import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import read_wave
from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.exporting import export_wave
from survey.formats.characteristics import read_characteristics
from survey.formats.stata import read_dta
from survey.formats.stata_file import StataColumn, StataTable, dta_bytes

DAY = datetime(2020, 1, 1)
LABELS = {"yn": {1: "yes", 2: "no", ".d": "do not know"}, "yn_ja": {1: "はい", 2: "いいえ", ".d": "不明"}}
TEXTS = (
    ("_dta", "_lang_list", "default ja fr"),
    ("_dta", "_lang_c", "default"),
    ("q", "_lang_v_ja", "選びましたか"),
    ("q", "_lang_l_ja", "yn_ja"),
    ("q", "_lang_v_fr", "Avez-vous choisi ?"),
    ("n", "_lang_v_ja", "売上高"),
)


def written(path: Path, texts=TEXTS) -> Path:
    """A file as Stata leaves it after `label language ja, new` and `label language fr, new`."""
    q = StataColumn("q", "Chose", "%9.0g", np.array([1, 2, 105, 101], dtype="i1"), "yn")
    n = StataColumn("n", "Sales", "%9.0g", np.array([10, 20, 30, 40], dtype="i1"))
    path.write_bytes(dta_bytes(StataTable((q, n), "", LABELS, texts), DAY))
    return path


def test_all_sets_of_labels_are_read(tmp_path):
    wave = read_wave(written(tmp_path / "w.dta"))
    q = wave.codebook.question("q")
    assert q.label == {"": "Chose", "ja": "選びましたか", "fr": "Avez-vous choisi ?"}
    assert [(c.code, c.label) for c in q.choices] == [
        ("1", {"": "yes", "ja": "はい"}),
        ("2", {"": "no", "ja": "いいえ"}),
    ]
    assert q.missing == (MissingCode(".d", ".d", "do_not_know", {"": "do not know", "ja": "不明"}),)
    assert wave.codebook.question("n").label == {"": "Sales", "ja": "売上高"}
    assert wave.codebook.languages == ("ja", "fr")


def test_the_language_in_use_is_that_of_the_labels(tmp_path):
    changed = tuple(
        (v, k, "en ja fr" if k == "_lang_list" else "en" if k == "_lang_c" else t) for v, k, t in TEXTS
    )
    book = read_wave(written(tmp_path / "w.dta", changed)).codebook
    assert book.languages == ("en", "ja", "fr")
    assert book.question("q").label["en"] == "Chose" and book.question("q").choices[0].label["en"] == "yes"


@pytest.mark.parametrize("first", ["", "en"])
def test_languages_stay_through_an_export_without_what_travels_hidden(tmp_path, first):
    one = Question(
        "q",
        "single",
        ("q",),
        {first: "Chose", "ja": "選びましたか", "zh-Hans": "选择"},
        (Choice("1", {first: "yes", "ja": "はい"}), Choice("2", {first: "no", "ja": "いいえ"})),
        (MissingCode(9.0, 9.0, "refused", {first: "refused", "ja": "拒否"}),),
        concept="q",
    )
    wave = read_wave(written(tmp_path / "w.dta"))
    frame = pd.DataFrame({"q": [1.0, 2.0, 9.0, np.nan]})
    languages = tuple(lang for lang in (first, "ja", "zh-Hans") if lang)
    wave = replace(wave, frame=frame, codebook=Codebook((one,), languages))
    file = tmp_path / "back.dta"
    export_wave(wave, file, "dta", created=DAY)
    assert read_wave(file).codebook == wave.codebook
    bare = read_dta(file)
    assert (bare.language, list(bare.translations)) == (first, ["ja", "zh-Hans"])
    assert bare.labels == {"q": "Chose"} and bare.value_labels["q"] == {
        "1": "yes",
        "2": "no",
        ".r": "refused",
    }
    assert bare.translations["ja"].labels == {"q": "選びましたか"}
    assert bare.translations["ja"].value_labels["q"] == {"1": "はい", "2": "いいえ", ".r": "拒否"}
    assert bare.missing["q"][0].reason == "refused"


def test_a_label_changed_in_another_language_since_the_export_is_taken_and_said(tmp_path):
    wave = read_wave(written(tmp_path / "w.dta"))
    file = tmp_path / "back.dta"
    export_wave(wave, file, "dta", created=DAY)
    assert read_wave(file).findings == ()
    data = file.read_bytes()
    old, new = "売上高".encode(), "取引額".encode()
    at = data.find(b"_lang_v_ja", data.find(b"_lang_v_ja") + 10)
    at = data.find(old, data.find(b"<characteristics>"))
    file.write_bytes(data[:at] + new + data[at + len(old) :])
    again = read_wave(file)
    assert again.codebook.question("n").label["ja"] == "取引額"
    assert ["changed in the file" in f.found for f in again.findings] == [True]


@pytest.mark.parametrize("release", [113, 114, 115])
def test_characteristics_of_files_before_stata_13(tmp_path, release):
    file = tmp_path / "old.dta"
    frame = pd.DataFrame({"q": np.array([1, 2], dtype="i1")})
    frame.to_stata(file, write_index=False, version=114, variable_labels={"q": "Chose"})
    data = bytearray(file.read_bytes())
    data[0] = release
    at = 109 + 1 + 33 + 4 + 49 + 33
    if release == 113:
        del data[at - 33 - 37 : at - 33]
        at -= 37
    at += 81
    assert data[at : at + 5] == bytes(5), "no expansion fields yet"
    fields = b""
    for name, key, text in (
        ("_dta", "_lang_list", "en ja"),
        ("_dta", "_lang_c", "en"),
        ("q", "_lang_v_ja", "アンケート"),
    ):
        body = name.encode().ljust(33, b"\0") + key.encode().ljust(33, b"\0") + text.encode("cp932") + b"\0"
        fields += b"\1" + struct.pack("<I", len(body)) + body
    data[at:at] = fields
    file.write_bytes(data)
    assert read_characteristics(file)["q", "_lang_v_ja"] == "アンケート".encode("cp932")
    reading = read_dta(file)
    assert reading.language == "en" and reading.frame["q"].tolist() == [1, 2]
    assert reading.labels == {"q": "Chose"} and reading.translations["ja"].labels == {"q": "アンケート"}
    assert [f.found for f in reading.findings] == ["text read as cp932, a guess"]


@pytest.mark.parametrize("size", [0, 1, 40, 300, 500, 700])
def test_characteristics_of_a_cut_file_are_none(tmp_path, size):
    file = tmp_path / "cut.dta"
    file.write_bytes(written(tmp_path / "w.dta").read_bytes()[:size])
    assert ("q", "_lang_l_ja") not in read_characteristics(file)


def test_notes_of_the_data_set_are_kept(tmp_path):
    more = (("_dta", "note0", "2"), ("_dta", "note1", "First."), ("_dta", "note2", "二つ目。"))
    assert read_wave(written(tmp_path / "w.dta", more)).notes["documents"] == "First.\n二つ目。"


def test_labels_of_an_old_file_in_a_japanese_code_page_are_read_and_said(tmp_path):
    """The library alone takes them for cp1252: each byte of アンケート has a letter there."""
    file = tmp_path / "old.dta"
    words = {"q": "アンケート"}
    for encoding in ("cp932", "euc-jp", "utf-8"):
        frame = pd.DataFrame({"q": np.array([1, 2], dtype="i1")})
        frame.to_stata(file, write_index=False, version=114, variable_labels={"q": "?" * 40})
        label = words["q"].encode(encoding)
        file.write_bytes(file.read_bytes().replace(b"?" * 40, label.ljust(40, b"\0")))
        wave = read_wave(file)
        assert wave.codebook.question("q").label == {"": "アンケート"}, encoding
        assert [f.found for f in wave.findings] == [f"text read as {encoding}"]
