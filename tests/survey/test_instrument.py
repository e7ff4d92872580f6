"""An instrument on its answers: names, ids, wordings for codes, lists of ticks, what does not fit."""

from dataclasses import replace

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
    State,
    answers_to,
    init_study,
    read_wave,
)
from survey.formats.reading import Reading
from survey.instrument import read_instrument, with_instrument

_GATE = Question(
    "gate",
    "single",
    ("gate",),
    {"en": "Hit?"},
    (Choice("1", {"en": "Yes", "ja": "はい"}), Choice("2", {"en": "No"})),
)
_SET = Question(
    "why", "multiple", ("why_a", "why_b"), {"en": "Why?"},
    (Choice("a", {"en": "Law"}, "why_a"), Choice("b", {"en": "Cost"}, "why_b")),
    counted="1", asked_if="gate = 1",
)  # fmt: skip


def fitted(frame: dict, questions, **more) -> Reading:
    ids = more.pop("answer_ids", {})
    instrument = Reading(pd.DataFrame(), codebook=Codebook(tuple(questions), ("en", "ja")), **more)
    return with_instrument(Reading(pd.DataFrame(frame), ids=ids), instrument, "q.qsf")


def test_questions_take_the_columns_that_are_there():
    reading = fitted({"x": [1], "GATE": [2]}, [_GATE, _SET], aliases={"gate": ("GATE",)})
    assert [q.id for q in reading.codebook.questions] == ["gate"]
    assert reading.codebook.question("gate").columns == ("GATE",)
    assert "1 questions have no column in the answers (why)" in reading.findings[0].found


def test_columns_are_found_by_the_id_their_platform_wrote():
    reading = fitted({"renamed": [2]}, [_GATE], ids={"gate": "QID1"}, answer_ids={"renamed": "QID1"})
    assert reading.codebook.question("gate").columns == ("renamed",) and reading.findings == ()


def test_wordings_in_the_answers_become_the_codes_in_routing_too():
    reading = fitted(
        {"gate": ["はい", "No", None], "why_a": [1, None, 1], "why_b": [None, 1, 1]}, [_GATE, _SET]
    )
    gate, why = reading.codebook.questions
    assert [c.code for c in gate.choices] == ["はい", "No"] and gate.choices[0].label["en"] == "Yes"
    assert why.asked_if == 'gate = "はい"'
    assert "answered in wordings" in reading.findings[0].found


def test_reasons_in_wordings_stay_reasons():
    unsure = MissingCode("A9", "A9", "do_not_know", {"en": "Do not know", "ja": "わからない"})
    gate = replace(_GATE, missing=(unsure, MissingCode(99, 99, "no_answer", {"en": "No answer"})))
    reading = fitted({"gate": ["はい", "No", "わからない"]}, [gate])
    (question,) = reading.codebook.questions
    assert [(m.low, m.high, m.reason) for m in question.missing] == [
        ("わからない", "わからない", "do_not_know"),
        (99, 99, "no_answer"),
    ]
    coded = fitted({"gate": ["1", "2", "A9"]}, [gate]).codebook.question("gate")
    assert coded.missing == gate.missing, "codes in the answers: nothing is respelt"


def test_ticks_written_as_wordings_make_a_set_of_mentions():
    reading = fitted({"why_a": ["Law", None], "why_b": ["Cost", "Cost"]}, [_SET])
    question = reading.codebook.question("why")
    assert question.counted == "" and [c.code for c in question.choices] == ["Law", "Cost"]


def test_another_value_of_the_tick_is_seen():
    assert fitted({"why_a": [-1, None], "why_b": [-1, -1]}, [_SET]).codebook.question("why").counted == "-1"


def test_a_list_of_ticks_becomes_columns_and_is_kept():
    reading = fitted({"why": ["a,b", "b", None, "a,z"]}, [_SET], lists={"why": ("why", ",")})
    frame = reading.frame
    assert frame["why"].tolist()[:2] == ["a,b", "b"], "what was answered stays"
    assert frame["why_a"].tolist()[:2] == [1, 0] and frame["why_b"].tolist()[:2] == [1, 1]
    assert np.isnan(frame["why_a"][2]) and frame["why_a"][3] == 1
    raw = reading.codebook.question("why.text")
    assert raw.columns == ("why",) and raw.role == "set_aside"
    assert "why: z" in reading.findings[-1].found


def test_the_instrument_of_another_survey_is_told():
    reading = fitted({"x": [1]}, [_GATE, _SET])
    assert "not one of its questions" in reading.findings[-1].found


def test_a_plain_table_is_no_instrument(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileFault, match="says nothing of its questions"):
        read_instrument(tmp_path / "t.csv")


def test_a_labelled_file_is_the_instrument_of_a_bare_one_through_init(tmp_path):
    labelled = tmp_path / "old.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"gate": [1.0, 2.0]}),
        str(labelled),
        column_labels={"gate": "Hit?"},
        variable_value_labels={"gate": {1: "Yes", 2: "No", 9: "refused"}},
        missing_ranges={"gate": [9]},
    )
    answers = tmp_path / "new.csv"
    answers.write_text("id,gate\n1,1\n2,9\n3,2\n")
    study, findings = init_study(answers, tmp_path / "study", id="id", instrument=labelled)
    assert study.waves[0].instrument == tmp_path / "study" / "old.sav"
    read = read_wave(study.waves[0])
    assert [c.label for c in read.codebook.question("gate").choices] == [{"": "Yes"}, {"": "No"}]
    assert answers_to(read, "gate").state.tolist() == [0, State.REFUSED, 0]
    assert findings == ()
