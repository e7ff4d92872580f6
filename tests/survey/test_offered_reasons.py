"""Options that are no answers become reasons only where they can be nothing else; others are offered."""

import pandas as pd
import pyreadstat
import pytest

from survey import State, answers_to, check_study, init_study, latest_wave, load_study
from survey.codebook import Choice, Question
from survey.formats.offered_reasons import offered_reason, without_reasons


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Do not know", "do_not_know"),
        ("Don’t know.", "do_not_know"),
        ("I don't know", "do_not_know"),
        ("Don't know / not sure", "do_not_know"),
        ("Not sure or do not know", "do_not_know"),
        ("DK", "do_not_know"),
        ("Don't know (DK)", "do_not_know"),
        ("Prefer not to say", "refused"),
        ("I'd rather not say", "refused"),
        ("Refused to answer", "refused"),
        ("わからない", "do_not_know"),
        ("わからない・無回答", "do_not_know"),
        ("答えたくない", "refused"),
        ("回答を控える", "refused"),
    ],
)
def test_what_can_be_nothing_but_a_reason(label, reason):
    assert offered_reason(label) == (reason, True)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Not sure", "do_not_know"),
        ("Cannot say", "do_not_know"),
        ("Refused", "refused"),
        ("Declined", "refused"),
        ("No opinion", "no_answer"),
        ("Not applicable", "not_asked"),
        ("N/A", "not_asked"),
        ("無回答", "no_answer"),
        ("不明", "do_not_know"),
    ],
)
def test_what_may_be_an_answer_is_no_reason_of_itself(label, reason):
    assert offered_reason(label) == (reason, False)


@pytest.mark.parametrize(
    "label",
    [
        "Exports declined",
        "Declined strongly",
        "Our application was refused",
        "Do not know our suppliers",
        "Not sure, but leaning to yes",
        "Neither agree nor disagree",
        "どちらともいえない",
        "規制の内容がわからない",
        "",
        " / ",
    ],
)
def test_what_is_an_answer(label):
    assert offered_reason(label) == ("", False)


def question(*labels):
    choices = tuple(Choice(str(k + 1), {"en": text}) for k, text in enumerate(labels))
    return Question("q", "single", ("q",), {}, choices)


def test_a_middle_answer_stays_an_answer():
    """Before, "Not sure" between yes and no, "Refused" and "Declined" were taken out of the base."""
    for labels in (("Yes", "Not sure", "No"), ("Approved", "Refused"), ("Grew", "Stayed", "Declined")):
        assert without_reasons(question(*labels)) == question(*labels)
    left = without_reasons(question("Yes", "Not sure", "No", "Do not know"))
    assert [c.code for c in left.choices] == ["1", "2", "3"]
    assert [(m.low, m.reason) for m in left.missing] == [(4.0, "do_not_know")]


def test_languages_that_disagree_leave_an_answer():
    two = Question(
        "q",
        "single",
        ("q",),
        {},
        (Choice("1", {"en": "Yes"}), Choice("2", {"en": "Other", "ja": "わからない"})),
    )
    assert without_reasons(two) == two


def test_an_undeclared_do_not_know_is_offered_by_check_and_its_advice_works(tmp_path):
    frame = pd.DataFrame({"firm": [float(k) for k in range(8)], "q": [1.0, 2, 8, 8, 1, 3, 1, 2]})
    labels = {"q": {1: "Yes", 2: "No", 3: "Not sure", 8: "Don't know", 9: "Refused"}}
    pyreadstat.write_sav(frame, str(tmp_path / "w.sav"), variable_value_labels=labels)
    study, _ = init_study(tmp_path / "w.sav", tmp_path / "study", id="firm")
    assert answers_to(latest_wave(study), "q").state.tolist() == [State.ANSWERED] * 8
    told = [f for f in check_study(study) if "may be no answer" in f.found]
    assert [f.found for f in told] == [
        'option 3 "Not sure", chosen by 1 firms, may be no answer',
        'option 8 "Don\'t know", chosen by 2 firms, may be no answer',
    ]
    book = tmp_path / "study" / "codebook.toml"
    advice = told[1].do.split("write  ")[1].split("  in codebook")[0]
    assert advice == 'missing = [{ code = 8, reason = "do_not_know" }]'
    text = book.read_text(encoding="utf-8")
    lines = text.splitlines()
    at = lines.index("[questions.q]")
    book.write_text("\n".join([*lines[: at + 1], advice, *lines[at + 1 :]]), encoding="utf-8")
    study = load_study(tmp_path / "study")
    assert (answers_to(latest_wave(study), "q").state == State.DO_NOT_KNOW).sum() == 2
    assert [f.found for f in check_study(study) if "option 8" in f.found] == []
