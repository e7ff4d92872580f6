"""Waves put into one keep every label, reason, set and routing, side by side or one below the other."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import (
    Choice,
    Codebook,
    Finding,
    MissingCode,
    Origin,
    Question,
    QuestionFault,
    State,
    Wave,
    answers_to,
    export_wave,
    follow_firms,
    merge,
    read_wave,
    select,
)
from tests.survey.small_waves import dichotomies, single

ID = Question("firm", "text", ("firm",), role="id")


def wave(name: str, columns, *questions: Question, **more) -> Wave:
    frame = pd.DataFrame(columns)
    languages = ("en", "ja") if name == "2022" else ("en",)
    return Wave(
        name, frame, Codebook((ID, *questions), languages), Origin(name, name, "sav", "", len(frame)), **more
    )


def two(**more) -> list[Wave]:
    refused = MissingCode(9.0, 9.0, "refused", {"en": "No comment"})
    unknown = MissingCode(8.0, 8.0, "do_not_know", {"en": "Not sure"})
    return [
        wave(
            "2021",
            {"firm": ["a", "b", "c"], "gate": [1, 2, 1], "kind_cost": [1, 0, 0], "kind_loss": [0, 0, 1],
             "sales": [10.5, 9.0, 30.0]},
            single("gate", "1", "2", version="1"),
            dichotomies("kind", "cost", "loss", asked_if="gate = 1"),
            Question("sales", "number", ("sales",), {"en": "Sales"}, missing=(refused,), unit="yen"),
            findings=(Finding("gate", "odd", "", ""),),
            notes={"file label": "first"},
        ),
        wave(
            "2022",
            {"firm": ["c", "d", "a"], "q1": [2, 1, 8], "kind_cost": [0, 1, 0], "kind_ban": [0, 1, 1],
             "sales": [9.0, 40.0, 41.0], "new": [1, 2, 3]},
            single("q1", "1", "2", concept="gate", version="2", missing=(unknown,)),
            dichotomies("kind", "cost", "ban", asked_if="q1 = 1"),
            Question("sales", "number", ("sales",), {"en": "Sales", "ja": "売上"}, missing=(refused,)),
            Question("new", "number", ("new",)),
            **more,
        ),
    ]  # fmt: skip


def test_wide_keeps_both_waves_whole():
    waves = two()
    wide = merge(follow_firms(waves))
    assert wide.frame["panel_id"].tolist() == ["a", "b", "c", "d"]
    assert wide.codebook.languages == ("en", "ja")
    for source in waves:
        for question in source.codebook.questions:
            now = wide.codebook.question(f"{question.id}_{source.name}")
            assert now.label == question.label and now.missing == question.missing
            assert [c.code for c in now.choices] == [c.code for c in question.choices]
            assert [c.label for c in now.choices] == [c.label for c in question.choices]
            if question.role != "question":
                continue
            was, new = answers_to(source, question.id), answers_to(wide, now.id)
            there = answers_to(wide, f"in_{source.name}").values == 1
            back = [wide.frame["panel_id"].tolist().index(f) for f in source.frame["firm"]]
            assert was.state.tolist() == new.state[back].tolist()
            assert (was.ticks == new.ticks[back]).all()
            assert np.array_equal(was.values, new.values[back], equal_nan=True)
            assert (new.state[~there] == State.NOT_ASKED).all()
    assert wide.notes == {"2021: file label": "first"}
    assert wide.findings[0].where == "wave 2021, gate"


def test_wide_answers_a_question_over_both_waves():
    wide = merge(follow_firms(two()))
    assert wide.frame["panel_id"][select(wide, "sales_2022 > sales_2021")].tolist() == ["a"]


def test_long_puts_a_concept_together_and_keeps_states_and_labels():
    waves = two()
    long = merge(follow_firms(waves), shape="long")
    assert long.frame["panel_id"].tolist() == ["a", "b", "c", "c", "d", "a"]
    assert long.frame["wave"].tolist() == ["2021"] * 3 + ["2022"] * 3
    gate = answers_to(long, "q1")
    assert gate.state.tolist() == [0, 0, 0, 0, 0, State.DO_NOT_KNOW]
    assert long.codebook.question("sales").label == {"en": "Sales", "ja": "売上"}
    sales = answers_to(long, "sales")
    assert sales.state.tolist() == [0, State.REFUSED, 0, State.REFUSED, 0, 0]
    kind = long.codebook.question("kind")
    assert [(c.code, c.column) for c in kind.choices] == [
        ("cost", "kind_cost"), ("ban", "kind_ban"), ("loss", "kind_loss")
    ]  # fmt: skip
    for source, rows in zip(waves, (slice(0, 3), slice(3, 6)), strict=True):
        was, new = answers_to(source, "kind"), answers_to(long, "kind")
        assert was.state.tolist() == new.state[rows].tolist()
        for code in was.options:
            ticks = was.ticks[:, was.options.index(code)]
            assert (ticks == new.ticks[rows][:, new.options.index(code)]).all()
    assert answers_to(long, "new").state.tolist() == [State.NOT_ASKED] * 3 + [0] * 3


def test_long_keeps_apart_what_does_not_mean_the_same():
    waves = two()
    changed = single("q1", "1", concept="gate", version="2")
    changed = Question(
        **{f: getattr(changed, f) for f in ("id", "kind", "columns", "concept", "version")},
        choices=(Choice("1", {"en": "never"}), Choice("2", {"en": "label 2"})),
    )
    questions = tuple(changed if q.id == "q1" else q for q in waves[1].codebook.questions)
    waves[1] = wave("2022", waves[1].frame, *questions[1:])
    long = merge(follow_firms(waves), shape="long")
    assert {"gate_2021", "q1_2022"} <= set(long.codebook.ids())
    assert "code 1 was 'label 1' and is 'never'" in " ".join(f.found for f in long.findings)
    was = [answers_to(w, "kind").state.tolist() for w in waves]
    assert answers_to(long, "kind").state.tolist() == was[0] + was[1]


def test_a_declared_break_keeps_apart_unless_asked_for():
    waves = two()
    broken = Question(
        "sales", "number", ("sales",), missing=waves[1].codebook.question("sales").missing, unit="yen",
        break_reason={"en": "groups, not firms"},
    )  # fmt: skip
    questions = tuple(broken if q.id == "sales" else q for q in waves[1].codebook.questions)
    waves[1] = wave("2022", waves[1].frame, *questions[1:])
    apart = merge(follow_firms(waves), shape="long")
    assert {"sales_2021", "sales_2022"} <= set(apart.codebook.ids())
    assert any("groups, not firms" in f.found for f in apart.findings)
    assert "sales" in merge(follow_firms(waves), shape="long", over_breaks=True).codebook.ids()


def test_a_reason_of_one_wave_never_turns_answers_of_another_into_silence():
    nine = MissingCode(9.0, 9.0, "refused")
    waves = [
        wave("2021", {"firm": ["a", "b"], "n": [9, 5]}, Question("n", "number", ("n",), missing=(nine,))),
        wave("2022", {"firm": ["a", "b"], "n": [9, 5]}, Question("n", "number", ("n",))),
    ]
    long = merge(follow_firms(waves), shape="long")
    assert answers_to(long, "n_2021").values.tolist()[1] == 5
    assert answers_to(long, "n_2022").values[2:].tolist() == [9, 5]
    waves[1] = wave("2022", {"firm": ["a", "b"], "n": [8, 5]}, Question("n", "number", ("n",)))
    assert "n" in merge(follow_firms(waves), shape="long").codebook.ids()


def test_columns_that_changed_places_are_not_mixed_up():
    def asked(**columns: str) -> Question:
        choices = tuple(Choice(code, {"en": code}, column=column) for code, column in columns.items())
        return Question("k", "multiple", tuple(columns.values()), choices=choices, counted="1")

    waves = [
        wave("2021", {"firm": ["a", "b"], "x1": [1, 0], "x2": [0, 1]}, asked(gone="x1", stays="x2")),
        wave("2022", {"firm": ["a", "b"], "x1": [1, 1]}, asked(stays="x1")),
    ]
    long = answers_to(merge(follow_firms(waves), shape="long"), "k")
    assert long.ticks[:, long.options.index("stays")].tolist() == [False, True, True, True]
    assert long.ticks[:, long.options.index("gone")].tolist() == [True, False, False, False]


def test_large_numbers_lose_no_digit():
    big = 2**53 + 1
    number = Question("n", "number", ("n",))
    waves = [
        wave("2021", {"firm": ["a", "b"], "n": [big, 1]}, number),
        wave("2022", {"firm": ["b", "c"], "n": [1.5, 2.0]}, number),
    ]
    assert merge(follow_firms(waves)).frame["n_2021"].iloc[0] == big
    assert merge(follow_firms(waves), shape="long").frame["n"].iloc[0] == big


def test_names_that_would_meet_are_a_fault():
    number = Question("wave", "number", ("wave",))
    waves = [wave("2021", {"firm": ["a"], "wave": [1]}, number)]
    with pytest.raises(QuestionFault, match="two columns would have it"):
        merge(follow_firms(waves), shape="long")
    assert merge(follow_firms(waves), shape="long", wave_column="round").frame["round"].tolist() == ["2021"]
    with pytest.raises(QuestionFault, match="one of: wide, long"):
        merge(follow_firms(waves), shape="tall")


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("kind", ["sav", "dta", "parquet"])
def test_a_merged_wave_is_written_and_read_back_as_it_was(tmp_path, shape, kind):
    merged = merge(follow_firms(two()), shape=shape)
    path = tmp_path / f"merged.{kind}"
    export_wave(merged, path, kind, created=datetime(2024, 4, 1))
    back = read_wave(path)
    assert list(back.frame.columns) == list(merged.frame.columns)
    assert back.codebook.questions == merged.codebook.questions
    for question in merged.codebook.questions:
        was, now = answers_to(merged, question.id), answers_to(back, question.id)
        assert was.state.tolist() == now.state.tolist()
        assert was.options == now.options and (was.ticks == now.ticks).all()
        assert np.array_equal(was.values, now.values, equal_nan=True)


REASONS = st.sampled_from(["refused", "do_not_know", "no_answer"])
MISSING = st.lists(st.tuples(st.integers(7, 9), REASONS), max_size=2, unique_by=lambda m: m[0])
CELLS = st.lists(st.sampled_from([1.0, 2.0, 3.0, 7.0, 8.0, 9.0, float("nan")]), min_size=3, max_size=3)


@st.composite
def random_waves(draw):
    waves = []
    for name in ("2021", "2022", "2023"):
        missing = tuple(MissingCode(float(code), float(code), reason) for code, reason in draw(MISSING))
        kind = draw(st.sampled_from(["single", "number"]))
        codes = draw(st.sets(st.sampled_from(["1", "2", "3", "9"]), min_size=1))
        labels = {code: draw(st.sampled_from(["yes", "no"])) for code in sorted(codes)}
        choices = tuple(Choice(code, {"en": label}) for code, label in labels.items())
        routed = draw(st.sampled_from(["", "gate = 1", "gate != 1 and firm != 'a'"]))
        questions = [single("gate", "1", "2"), Question("q", kind, ("q",), missing=missing, asked_if=routed)]
        if kind == "single":
            questions[1] = replace(questions[1], choices=choices)
        firms = draw(st.permutations(["a", "b", "c", "d"]))[:3]
        cells = {"firm": firms, "gate": draw(CELLS), "q": draw(CELLS)}
        waves.append(wave(name, cells, *questions))
    return waves


@settings(max_examples=25, deadline=None)
@given(random_waves(), st.sampled_from(["wide", "long"]))
def test_no_answer_and_no_reason_is_ever_changed(waves, shape):
    merged = merge(follow_firms(waves), shape=shape)
    ids = set(merged.codebook.ids())
    start = 0
    for source in waves:
        rows = np.arange(start, start + len(source))
        start += len(source)
        if shape == "wide":
            rows = pd.Index(merged.frame["panel_id"]).get_indexer(source.frame["firm"])
        for name in ("gate", "q"):
            apart = f"{name}_{source.name}"
            was, now = answers_to(source, name), answers_to(merged, apart if apart in ids else name)
            assert was.state.tolist() == now.state[rows].tolist()
            assert np.array_equal(was.values, now.values[rows], equal_nan=True) or was.kind == "single"
            for at, code in enumerate(was.options):
                assert (was.ticks[:, at] == now.ticks[rows][:, now.options.index(code)]).all()
