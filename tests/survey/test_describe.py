"""What a bare table seems to ask."""

import numpy as np
import pandas as pd
import pytest

from survey import Codebook, Design, MissingCode, Question
from survey.describe import describe_reading, with_roles
from survey.formats.reading import Reading, ResponseSet


def kind_of(values: object, labels: dict[str, str] | None = None, missing: tuple[MissingCode, ...] = ()):
    column = pd.Series(values)
    reading = Reading(
        pd.DataFrame({"q": column}),
        value_labels={"q": labels} if labels else {},
        missing={"q": missing} if missing else {},
    )
    return describe_reading(reading).questions[0]


@pytest.mark.parametrize(
    ("values", "kind", "codes", "counted"),
    [
        ([0, 1, 1, np.nan], "binary", ("0", "1"), "1"),
        ([0, 0], "binary", ("0", "1"), "1"),
        ([1, 1], "number", (), ""),
        ([1, 2, 3, 2], "number", (), ""),
        (["TRUE", "FALSE"], "binary", ("FALSE", "TRUE"), "TRUE"),
        (["True", "False"], "binary", ("False", "True"), "True"),
        (["FALSE", "FALSE"], "binary", ("FALSE",), "TRUE"),
        ([True, False], "binary", ("FALSE", "TRUE"), "TRUE"),
        (["a", "b", "a"], "single", ("a", "b"), ""),
        (["a", "b", "c"], "text", (), ""),
        ([f"n{i}" for i in range(40)] * 2, "text", (), ""),
        (pd.to_datetime(["2021-01-01"]), "date", (), ""),
        (pd.Categorical(["b", "a"], categories=["b", "a", "nobody"]), "single", ("b", "a", "nobody"), ""),
        ([np.nan, np.nan], "number", (), ""),
    ],
)
def test_kinds_of_unlabelled_columns(values, kind, codes, counted):
    if isinstance(values, pd.Categorical):
        labels = {c: "" for c in values.categories}
        question = kind_of(values, labels)
    else:
        question = kind_of(values)
    assert (question.kind, tuple(c.code for c in question.choices), question.counted) == (
        kind,
        codes,
        counted,
    )


def test_labels_make_a_closed_question_and_missing_codes_are_no_choices():
    question = kind_of(
        [1, 2, 9], {"2": "no", "1": "yes", "9": "refused"}, (MissingCode(9.0, 9.0, "refused"),)
    )
    assert question.kind == "single"
    assert [(c.code, c.label) for c in question.choices] == [("1", {"": "yes"}), ("2", {"": "no"})]
    assert kind_of([0, 1], {"0": "no", "1": "yes"}).kind == "single"


def test_a_number_with_one_labelled_code_stays_a_number():
    assert kind_of(range(100), {"99": "99 or more"}).kind == "number"
    assert kind_of([1.5, 999], {"999": "skipped"}, (MissingCode(999.0, 999.0, "not_asked"),)).kind == "number"


def test_columns_of_a_set_are_no_questions_of_their_own():
    frame = pd.DataFrame({"a": [1], "m1": [1], "b": [2], "m2": [0]})
    reading = Reading(frame, {"m1": "One"}, sets=(ResponseSet("b", "A set", ("m1", "m2"), "1"),))
    book = describe_reading(reading)
    assert book.ids() == ("a", "$b", "b"), "a set that bears the name of a column keeps its sign"
    several = book.question("$b")
    assert several.columns == ("m1", "m2") and several.is_dichotomies
    assert [(c.code, c.column, c.label) for c in several.choices] == [
        ("m1", "m1", {"": "One"}),
        ("m2", "m2", {}),
    ]


def test_design_columns_are_no_questions_but_strata_are():
    frame = pd.DataFrame({c: [1, 2] for c in ("firm", "w", "s", "c", "N", "r1", "r2", "q")})
    design = Design("w", ("s",), ("c",), ("N",), replicates=("r*",), method="brr", id="firm")
    book = with_roles(describe_reading(Reading(frame)), tuple(frame.columns), design)
    roles = {q.id: q.role for q in book.questions}
    assert roles == {
        "firm": "id", "w": "weight", "s": "question", "c": "design", "N": "design",
        "r1": "replicate", "r2": "replicate", "q": "question",
    }  # fmt: skip
    assert [q.id for q in book.tabulated()] == ["s", "q"]


def test_questions_the_file_tells_whole_are_taken_as_they_are():
    told = Question("colours", "multiple", ("a", "c"), {"en": "Which?"}, counted="1", asked_if="b = 1")
    frame = pd.DataFrame({"a": [1, 0], "b": [1, 0], "c": [0, 0]})
    codebook = describe_reading(Reading(frame, codebook=Codebook((told,), ("en", "ja"))))
    assert codebook.ids() == ("colours", "b") and codebook.question("colours") is told
    assert codebook.question("b").kind == "binary" and codebook.languages == ("en", "ja")
