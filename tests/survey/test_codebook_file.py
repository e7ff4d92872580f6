"""A codebook.toml completes a file, is written back the same, and is refused with line and key."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from survey import Choice, Codebook, MissingCode, Question, StudyFault, codebook_text
from survey.codebook_file import overlay_codebook

FILE = Codebook(
    (
        Question("q1", "single", ("q1",), {"": "from the file"}, (Choice("1", {"": "one"}), Choice("2"))),
        Question("m_a", "binary", ("m_a",), counted="1"),
        Question("m_b", "binary", ("m_b",), counted="1"),
        Question("n", "number", ("n",)),
    )
)
COLUMNS = ("q1", "m_a", "m_b", "n")
TEXT = """schema = 1
languages = ["en", "ja"]

[questions.q1]
label = { en = "First", ja = "一番目" }
missing = [
  { code = 98, reason = "do_not_know", label = "DK" },
  { low = 90, high = 97, reason = "refused" },
]
nets = { all = { codes = ["1", "2"], label = { en = "All" } }, one = ["1"] }

[questions.m]
kind = "multiple"
columns = ["m_a", "m_b"]
counted = 1
asked_if = "q1 == 1"
choices = [
  { code = "a", column = "m_a", label = { en = "A" } },
  { code = "b", column = "m_b", low = 0, high = 0.5 },
]

[questions.n]
role = "set_aside"
unit = "yen"
concept = "sales"
"""


def overlay(tmp_path, text):
    (tmp_path / "codebook.toml").write_text(text, encoding="utf-8")
    return overlay_codebook(FILE, tmp_path / "codebook.toml", COLUMNS)


def test_what_is_said_replaces_and_what_is_not_said_stays(tmp_path):
    book = overlay(tmp_path, TEXT)
    assert book.ids() == ("q1", "m", "n")
    assert book.languages == ("en", "ja")
    q1, several, number = book.questions
    assert q1.label == {"en": "First", "ja": "一番目"}
    assert q1.choices == FILE.questions[0].choices and q1.kind == "single"
    assert q1.missing == (
        MissingCode(98.0, 98.0, "do_not_know", {"": "DK"}),
        MissingCode(90.0, 97.0, "refused", {}),
    )
    assert q1.nets == {"all": ("1", "2"), "one": ("1",)} and q1.net_labels == {"all": {"en": "All"}}
    assert several.is_dichotomies and several.counted == "1" and several.asked_if == "q1 == 1"
    assert several.choices[1] == Choice("b", {}, "m_b", 0.0, 0.5)
    assert (number.role, number.unit, number.concept) == ("set_aside", "yen", "sales")
    assert book.tabulated() == (q1, several)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("schema = 1", "schema = 9", 1, "schema", "schema = 1"),
        ("[questions.q1]", "[question.q1]", 4, "question", "did you mean questions?"),
        ("unit =", "unti =", 24, "questions.n.unti", "did you mean unit?"),
        ('kind = "multiple"', 'kind = "multipel"', 13, "questions.m.kind", "did you mean multiple?"),
        ('["m_a", "m_b"]', '["m_a", "m_x"]', 14, "questions.m.columns", "no column 'm_x'"),
        ('column = "m_b"', 'column = "m_c"', 17, "questions.m.choices", "did you mean m_"),
        ('"refused"', '"refusd"', 6, "questions.q1.missing.reason", "did you mean refused?"),
        ('one = ["1"]', 'one = ["7"]', 10, "questions.q1.nets.one", "no code '7'"),
        ('role = "set_aside"', 'role = "secret"', 23, "questions.n.role", "set_aside"),
        ("counted = 1", "counted = true", 15, "questions.m.counted", "text in quotes"),
        ('code = "b"', 'code = "a"', 17, "questions.m.choices", "twice"),
    ],
)
def test_faults_name_line_key_and_the_nearest(tmp_path, old, new, line, key, said):
    assert old in TEXT
    with pytest.raises(StudyFault) as fault:
        overlay(tmp_path, TEXT.replace(old, new, 1))
    assert f"key {key}" in fault.value.where and f"line {line}," in fault.value.where
    assert said in str(fault.value)


def test_a_question_without_its_column_or_with_a_taken_one_is_a_fault(tmp_path):
    with pytest.raises(StudyFault, match="no column 'q2'") as fault:
        overlay(tmp_path, 'schema = 1\n[questions.q2]\nkind = "text"\n')
    assert "q1" in fault.value.do and "line 2" in fault.value.where
    with pytest.raises(StudyFault, match="belongs to question 'q1'"):
        overlay(tmp_path, 'schema = 1\n[questions.q1]\n[questions.x]\ncolumns = ["q1"]\n')
    with pytest.raises(StudyFault, match="without counted"):
        overlay(tmp_path, 'schema = 1\n[questions.q1]\nkind = "binary"\nchoices = [{ code = "a" }]\n')


WORDS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=8)
LABELS = st.dictionaries(st.sampled_from(["en", "ja"]), WORDS, max_size=2)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
CHOICES = st.lists(
    st.builds(Choice, WORDS, LABELS, st.just(""), st.none() | NUMBERS, st.none() | NUMBERS),
    max_size=4,
    unique_by=lambda c: c.code,
).map(tuple)
MISSING = st.lists(
    st.builds(MissingCode, NUMBERS, NUMBERS, st.sampled_from(["refused", "no_answer"]), LABELS), max_size=3
).map(tuple)


@settings(max_examples=40, deadline=None)
@given(choices=CHOICES, missing=MISSING, label=LABELS, unit=WORDS, name=WORDS, data=st.data())
def test_what_is_written_is_read_back(tmp_path_factory, choices, missing, label, unit, name, data):
    nets = {"net": tuple(c.code for c in choices if data.draw(st.booleans()))}
    question = Question(
        name, "single", (name,), label, choices, missing, "", "x == 1", nets, {"net": {}}, unit=unit
    )
    file = tmp_path_factory.mktemp("book") / "codebook.toml"
    file.write_text(codebook_text(Codebook((question,), ("en", "ja"))), encoding="utf-8")
    back = overlay_codebook(Codebook((Question(name, "text", (name,), concept=name),)), file, (name,))
    expected = {f: getattr(question, f) for f in question.__dataclass_fields__} | {"concept": name}
    assert {f: getattr(back.questions[0], f) for f in expected} == expected
    assert back.languages == ("en", "ja")
