"""The .sav of the demonstration says what it is, keeps its sets and missing codes, and reads back exactly."""

import hashlib
from pathlib import Path

import numpy as np
import pyreadstat
import pytest

from survey.missing import State
from survey.read import read_wave
from survey.routing import answers_to
from survey.study_file import load_study
from survey.synthetic_demo import demo_respondents
from survey.synthetic_file import write_demo_wave
from survey.wave import Wave

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"
PUBLISHED = ROOT / "data" / "reference" / "published" / "published_waves.csv"


@pytest.fixture(scope="module")
def wave() -> Wave:
    return read_wave(load_study(DEMO).waves[-1])


def test_the_file_in_the_repository_is_the_one_written(tmp_path: Path) -> None:
    write_demo_wave(tmp_path, PUBLISHED)
    for name in ("demo_2021.sav", "codebook.toml"):
        made, kept = (tmp_path / name).read_bytes(), (DEMO / name).read_bytes()
        assert hashlib.sha256(made).hexdigest() == hashlib.sha256(kept).hexdigest()


def test_another_reader_sees_labels_missing_codes_sets_and_the_pinned_time() -> None:
    frame, meta = pyreadstat.read_sav(str(DEMO / "demo_2021.sav"), user_missing=True)
    assert "SYNTHETIC" in meta.file_label and "合成" in meta.file_label
    assert any("架空の回答" in line for line in meta.notes)
    assert all("[synthetic]" in label and "［合成］" in label for label in meta.column_labels)
    assert str(meta.creation_time) == "2021-12-15 00:00:00"
    assert {r["lo"] for r in meta.missing_ranges["impact_type_sales_drop"]} == {97.0, 98.0, 99.0}
    assert "わからない" in meta.variable_value_labels["had_to_choose"][98.0]
    assert len(frame) == 100
    sets = meta.mr_sets
    assert len(sets) == 5
    assert sets["impact_type"]["counted_value"] in (1, "1")
    assert len(sets["impact_type"]["variable_list"]) == 5


def test_it_reads_back_as_it_was_made(wave: Wave) -> None:
    made, codebook = demo_respondents(PUBLISHED)
    assert list(wave.frame.columns) == list(made.columns)
    for name in made.columns:
        assert (wave.frame[name].to_numpy() == made[name].to_numpy()).all(), name
    assert wave.codebook.ids() == codebook.ids()
    assert wave.codebook.languages == ("en", "ja")
    for question in codebook.questions:
        read = wave.codebook.question(question.id)
        assert (read.label["en"], read.label["ja"]) == (question.label["en"], question.label["ja"])
        assert [c.code for c in read.choices] == [c.code for c in question.choices]
        assert read.asked_if == question.asked_if
    assert not wave.findings


def test_the_leak_is_seen_as_a_leak(wave: Wave) -> None:
    kinds = answers_to(wave, "impact_type")
    state = kinds.state
    assert int((state == State.ANSWERED).sum()) == 59
    assert int((state == State.ANSWERED_NOT_ROUTED).sum()) == 15
    assert int((state == State.NOT_ASKED).sum()) == 23
    assert int((state == State.NO_ANSWER).sum()) == 3
    assert int((kinds.asked == -1).sum()) == 3
    ticks = kinds.ticks[:, kinds.options.index("us_regulation_cost")]
    assert int(ticks.sum()) == 44
    answered = np.isin(state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])
    assert int(answered.sum()) == 74


def test_nets_and_bands_are_there(wave: Wave) -> None:
    assert int(answers_to(wave, "sales_share_us").nets["us_ge10"].sum()) == 64
    assert int(answers_to(wave, "sales_share_cn").nets["cn_ge10"].sum()) == 49
    assert int(answers_to(wave, "awareness").nets["aware"].sum()) == 98
    choices = wave.codebook.question("sales_share_us").choices
    assert [(c.low, c.high) for c in choices][1:3] == [(0.0, 0.1), (0.1, 0.2)]
