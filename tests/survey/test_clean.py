"""Cleaning: every change is in the ledger, nothing else is changed, bad weights stop at the door."""

import numpy as np
import pandas as pd
import pytest

from survey import CLEANING_RULES, Choice, DesignFault, Question, answers_to, clean_wave
from tests.survey.small_waves import dichotomies, single, wave_of

TEXT = "str"


def test_each_rule_changes_what_it_says_and_writes_it_down():
    frame = pd.DataFrame(
        {
            "name": pd.Series([" a社　", "b", "  "], dtype=TEXT),
            "sales": pd.Series(["１，２００", "1,300", " 7 "], dtype=TEXT),
            "q": pd.Series(["１", "2", "３"], dtype=TEXT),
            "n": [1.0, 2.0, 3.0],
        }
    )
    wave = wave_of(
        frame,
        Question("name", "text", ("name",)),
        Question("sales", "number", ("sales",)),
        single("q", "1", "2"),
        Question("n", "number", ("n",)),
    )
    cleaned, ledger = clean_wave(wave)
    assert cleaned.frame["name"].fillna("").tolist() == ["a社", "b", ""]
    assert cleaned.frame["sales"].tolist() == [1200, 1300, 7] and cleaned.frame["sales"].dtype == float
    assert cleaned.frame["q"].tolist() == ["1", "2", "３"], "full-width 3 is no code of q: it is left"
    assert wave.frame["sales"].tolist() == ["１，２００", "1,300", " 7 "], "the wave itself is untouched"
    made = [
        (c.rule, c.column, tuple(c.rows), tuple(c.before), tuple("" if pd.isna(v) else v for v in c.after))
        for c in ledger.changes
    ]
    assert made == [
        ("trim_text", "name", (0, 2), (" a社　", "  "), ("a社", "")),
        ("trim_text", "sales", (2,), (" 7 ",), ("7",)),
        ("narrow_digits", "sales", (0,), ("１，２００",), ("1,200",)),
        ("thousands", "sales", (0, 1), ("1,200", "1,300"), ("1200", "1300")),
        ("narrow_digits", "q", (0,), ("１",), ("1",)),
    ]
    assert all(c.reason == CLEANING_RULES[c.rule] for c in ledger.changes)
    assert clean_wave(cleaned)[1].changes == (), "cleaning twice changes nothing more"


def test_texts_that_are_no_numbers_are_left_and_count_as_no_answer():
    wave = wave_of({"n": pd.Series(["1", "about 5", "1,0"], dtype=TEXT)}, Question("n", "number", ("n",)))
    cleaned, ledger = clean_wave(wave)
    assert cleaned.frame["n"].tolist() == ["1", "about 5", "1,0"] and ledger.changes == ()
    assert answers_to(cleaned, "n").state.tolist() == [0, 1, 1]


def test_exclusive_options_beside_others_are_told_and_kept():
    frame = {"m_a": [1, 1, 0], "m_none": [1, 0, 1], "m_other": [0, 1, 0]}
    cleaned, ledger = clean_wave(wave_of(frame, dichotomies("m", "a", "none", "other")))
    assert [f.found for f in cleaned.findings] == ["1 firms ticked none and another option (rows 1)"]
    assert ledger.changes == () and answers_to(cleaned, "m").ticks.sum() == 5


@pytest.mark.parametrize(
    "label", ["None of these", "特にない", "Do not know", "わからない", "この中にはない"]
)
def test_exclusive_wordings(label):
    choices = (Choice("1", {"en": "A"}, "x"), Choice("9", {"": label}, "y"))
    wave = wave_of({"x": [1], "y": [1]}, Question("m", "multiple", ("x", "y"), choices=choices, counted="1"))
    assert len(clean_wave(wave)[0].findings) == 1
    harmless = (Choice("1", {"en": "None the wiser about rules"}, "x"), Choice("2", {"": "Nonetheless"}, "y"))
    wave = wave_of({"x": [1], "y": [1]}, Question("m", "multiple", ("x", "y"), choices=harmless, counted="1"))
    assert clean_wave(wave)[0].findings == ()


@pytest.mark.parametrize(
    ("weights", "said"), [([1, np.nan], "missing"), ([1, -1], "negative"), ([0, 0], "all weights")]
)
def test_weights_at_fault_stop_at_the_door(weights, said):
    wave = wave_of({"w": weights}, Question("w", "number", ("w",), role="weight"))
    with pytest.raises(DesignFault, match=said):
        clean_wave(wave)
