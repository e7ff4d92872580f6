"""States, ticks, values and routing of answers; rows of an expression."""

import numpy as np
import pandas as pd
import pytest

from survey import Choice, MissingCode, Question, QuestionFault, State, answers_to, select
from tests.survey.small_waves import dichotomies, single, wave_of

A, N, X, L, D, R = (
    State.ANSWERED,
    State.NO_ANSWER,
    State.NOT_ASKED,
    State.ANSWERED_NOT_ROUTED,
    State.DO_NOT_KNOW,
    State.REFUSED,
)
DK = MissingCode(98.0, 98.0, "do_not_know")
REFUSED = MissingCode(99.0, 99.0, "refused")


def test_a_missing_code_gives_its_reason_and_a_blank_none():
    wave = wave_of({"q": [1, 2, 98, 99, np.nan]}, single("q", "1", "2", "3", missing=(DK, REFUSED)))
    answers = answers_to(wave, "q")
    assert answers.state.tolist() == [A, A, D, R, N]
    assert answers.options == ("1", "2", "3")
    assert answers.ticks.tolist() == [[True, False, False], [False, True, False], *[[False] * 3] * 3]
    assert answers.values[:2].tolist() == [1, 2] and np.isnan(answers.values[2:]).all()
    assert answers.asked.tolist() == [1] * 5


def test_routing_knows_asked_not_asked_leaky_and_unknown():
    gate = [1, 1, 2, 2, np.nan, np.nan, 98]
    follow = [5, np.nan, np.nan, 6, np.nan, 5, np.nan]
    wave = wave_of(
        {"gate": gate, "q": follow},
        single("gate", "1", "2", missing=(DK,)),
        single("q", "5", "6", asked_if="gate == 1"),
    )
    answers = answers_to(wave, "q")
    assert answers.asked.tolist() == [1, 1, 0, 0, -1, -1, 0]
    assert answers.state.tolist() == [A, N, X, L, N, A, X]


def test_who_was_not_asked_the_gate_is_not_asked_what_follows():
    wave = wave_of(
        {"a": [1, 2, np.nan], "b": [1, np.nan, np.nan], "c": [1, np.nan, np.nan]},
        single("a", "1", "2"),
        single("b", "1", "2", asked_if="a == 1"),
        single("c", "1", "2", asked_if="b == 1"),
    )
    assert answers_to(wave, "c").asked.tolist() == [1, 0, -1]
    assert answers_to(wave, "c").state.tolist() == [A, X, N]


def test_a_set_is_answered_if_any_column_is():
    frame = {"m_a": [1, 0, np.nan, 98, 1], "m_b": [0, 0, np.nan, 98, np.nan], "gate": [1, 1, 2, 1, 1]}
    wave = wave_of(
        frame, single("gate", "1", "2"), dichotomies("m", "a", "b", missing=(DK,), asked_if="gate == 1")
    )
    answers = answers_to(wave, "m")
    assert answers.options == ("a", "b")
    assert answers.ticks.tolist() == [
        [True, False],
        [False, False],
        [False, False],
        [False, False],
        [True, False],
    ]
    assert answers.state.tolist() == [A, A, X, D, A]


def test_mentions_in_any_column_tick_their_category():
    question = Question(
        "m",
        "multiple",
        ("m1", "m2"),
        choices=(Choice("a"), Choice("b"), Choice("c")),
        nets={"ab": ("a", "b")},
    )
    wave = wave_of(pd.DataFrame({"m1": ["a", "c", None], "m2": ["b", None, None]}, dtype="str"), question)
    answers = answers_to(wave, "m")
    assert answers.ticks.tolist() == [[True, True, False], [False, False, True], [False] * 3]
    assert answers.state.tolist() == [A, A, N]
    assert answers.nets["ab"].tolist() == [True, False, False]


def test_binary_and_number_have_values():
    wave = wave_of(
        {"b": pd.Series(["TRUE", "FALSE", None], dtype="str"), "n": [2.5, -1, np.nan]},
        Question("b", "binary", ("b",), counted="TRUE"),
        Question("n", "number", ("n",), missing=(MissingCode(-9.0, -1.0, "refused"),)),
    )
    assert answers_to(wave, "b").values[:2].tolist() == [1, 0]
    assert answers_to(wave, "n").values[0] == 2.5
    assert answers_to(wave, "n").state.tolist() == [A, R, N]
    assert select(wave, "b").tolist() == [True, False, False]
    assert select(wave, "b == FALSE").tolist() == [False, True, False]


def test_codes_found_but_not_listed_are_kept_as_options():
    wave = wave_of({"q": [1, 3, 10, 2]}, single("q", "1", "2"))
    assert answers_to(wave, "q").options == ("1", "2", "3", "10")
    assert answers_to(wave, "q").ticks.sum() == 4


def test_unknown_is_not_true_and_neither_is_its_negation():
    wave = wave_of({"q": [1, 2, np.nan]}, single("q", "1", "2"))
    assert select(wave, "q == 1").tolist() == [True, False, False]
    assert select(wave, "not q == 1").tolist() == [False, True, False]
    assert select(wave, "q != 1").tolist() == [False, True, False]
    assert select(wave, "q == 1 or not answered(q)").tolist() == [True, False, True]
    assert select(wave, "").all()


def test_names_of_columns_of_sets_and_dates_can_be_compared():
    frame = {
        "m_a": [1, 0],
        "m_b": [1, 1],
        "day": pd.to_datetime(["2021-10-01", "2021-12-15"]),
        "note": pd.Series(["x y", "z"], dtype="str"),
    }
    wave = wave_of(
        frame,
        dichotomies("m", "a", "b"),
        Question("day", "date", ("day",)),
        Question("note", "text", ("note",)),
    )
    assert select(wave, 'm == "a"').tolist() == [True, False]
    assert select(wave, "m_a == 0").tolist() == [False, True]
    assert select(wave, 'day >= "2021-11-01"').tolist() == [False, True]
    assert select(wave, 'note == "x y"').tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "found", "do"),
    [
        ('secter == "1"', "no question 'secter'", "did you mean sector?"),
        ('sector == "atuo"', "no code 'atuo'", "did you mean auto?"),
        ("sector < 3", "has no numbers", "by = or !="),
        ('size == "big"', "'big' is no number", "compare with a number"),
        ("sector", "no yes/no question", 'sector == "..."'),
    ],
)
def test_names_and_codes_that_do_not_exist_are_faults(text, found, do):
    wave = wave_of(
        {"sector": pd.Series(["auto", "steel"], dtype="str"), "size": [1, 2]},
        single("sector", "auto", "steel"),
        Question("size", "number", ("size",)),
    )
    with pytest.raises(QuestionFault) as fault:
        select(wave, text, where="--where")
    assert found in str(fault.value)
    assert do in fault.value.do
    assert "^" in fault.value.found


def test_questions_that_cannot_be_answered_are_faults():
    wave = wave_of(
        {"a": [1], "b": [1]},
        single("a", "1", asked_if="b == 1"),
        single("b", "1", asked_if="a == 1"),
        single("gone", "1"),
        single("n", "1", nets={"x": ("7",)}),
    )
    with pytest.raises(QuestionFault, match=r"a -> b -> a|circle"):
        answers_to(wave, "a")
    with pytest.raises(QuestionFault, match="no column 'gone'"):
        answers_to(wave, "gone")
    with pytest.raises(QuestionFault, match="no such question") as fault:
        answers_to(wave, "gon")
    assert "gone" in fault.value.do


def test_unticked_boxes_of_firms_sent_past_are_no_answer():
    """REDCap and others write 0 for each box of a question that was never shown."""
    kinds = dichotomies("kinds", "a", "b", asked_if="gate = 1")
    wave = wave_of(
        {"gate": [1, 2, 2, 1], "kinds_a": [1, 0, 1, 0], "kinds_b": [0, 0, 0, 0]},
        single("gate", "1", "2"),
        kinds,
    )
    states = [State.ANSWERED, State.NOT_ASKED, State.ANSWERED_NOT_ROUTED, State.ANSWERED]
    assert answers_to(wave, "kinds").state.tolist() == states, "a tick of a firm sent past stays a leak"
