"""Real files: sets, missing reasons, labels and notes are there, by values known from the files."""

import pandas as pd
import pytest

from survey import State, answers_to, read_wave
from tests.survey.small_waves import real_file

A, N, X = State.ANSWERED, State.NO_ANSWER, State.NOT_ASKED


def test_two_sets_of_a_real_sav_one_of_categories_one_of_dichotomies():
    wave = read_wave(real_file("pyreadstat_simple_alltypes.sav"))
    categories, several = wave.codebook.question("categorical_array"), wave.codebook.question("mymrset")
    assert categories.kind == several.kind == "multiple"
    assert categories.columns == ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3") and categories.counted == ""
    assert several.columns == ("bool1", "bool2", "bool3") and several.counted == "1"
    assert several.label == {"": "My multiple response set"}
    assert [c.label[""] for c in several.choices] == ["Response #1", "Response #2", "Response #3"]
    assert "bool1" not in wave.codebook.ids()
    assert answers_to(wave, "mymrset").ticks.sum(axis=0).tolist() == [3, 4, 0]
    assert answers_to(wave, "categorical_array").options == ("a", "b", "c", "d")
    assert answers_to(wave, "categorical_array").ticks.sum(axis=0).tolist() == [3, 6, 3, 3]


def test_missing_ranges_of_a_real_sav_are_reasons():
    wave = read_wave(real_file("pyreadstat_simple_alltypes.sav"))
    z = wave.codebook.question("z")
    assert [(m.low, m.high, m.reason) for m in z.missing] == [(-999, 0, "no_answer"), (999, 999, "not_asked")]
    assert wave.frame["z"].tolist()[0] == -9, "the code stays in the frame"
    assert answers_to(wave, "z").state.tolist().count(X) == 1
    wave = read_wave(real_file("pyreadstat_sample_missing.sav"))
    assert wave.notes["documents"].startswith("some test text as notes")
    assert answers_to(wave, "myord").ticks.sum(axis=0).tolist() == [3, 1, 1]
    assert wave.frame["mydate"][3] == pd.Timestamp("1583-01-01")
    assert wave.codebook.question("mytime").kind == "text"
    assert [(m.low, m.high) for m in wave.codebook.question("mynum").missing] == [(2000, 3000), (-1, -1)]


def test_labels_in_other_scripts_and_on_text_codes():
    assert read_wave(real_file("pyreadstat_hebrews.sav")).codebook.ids() == ("ותק_ב",)
    wave = read_wave(real_file("pyreadstat_tegulu.sav"))
    assert wave.frame["Q16br9oe_Q24br9oe"][0].startswith("నేను")
    wave = read_wave(real_file("readstattables_string_labeled_value.sav"))
    question = wave.codebook.question("v611")
    assert question.kind == "single" and question.label == {"": "REGION - NUTS CODES"}
    assert {c.code: c.label[""] for c in question.choices}["BE33"] == "Prov. Liege"
    answers = answers_to(wave, "v611")
    assert answers.ticks.sum() == 2 and answers.ticks.sum(axis=0)[answers.options.index("BE35")] == 1


def test_household_file_of_the_world_bank():
    wave = read_wave(real_file("svy_ind_sample_wb_2023.parquet"))
    assert wave.origin.rows == 3246
    kinds = {q.id: q.kind for q in wave.codebook.questions}
    assert (kinds["hid"], kinds["sex"], kinds["age"], kinds["hhweight"]) == (
        "text",
        "single",
        "number",
        "number",
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("kobo_childrens_survey.sav", "File created by user 'ukanga' at Fri Aug  1 09:22:10 2014"),
        ("pyreadstat_hebrews.sav", "jamovi data set"),
    ],
)
def test_file_labels_are_kept(name, label):
    assert read_wave(real_file(name)).notes["file_label"] == label
