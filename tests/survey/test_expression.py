"""The grammar of routing and --where: what it means, and where it is broken."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from survey import Question, QuestionFault, select
from survey.expression import parse_expression
from survey.expression_tree import Answered, Both, Compare, Either, Literal, Member, Name, Negation, names_in
from tests.survey.small_waves import single, wave_of


def test_not_binds_closer_than_and_than_or():
    tree = parse_expression('not a == 1 or b >= 2 and c in ("x", "y")')
    a = Compare(Name("a"), "==", Literal(1.0))
    b = Compare(Name("b"), ">=", Literal(2.0))
    c = Member(Name("c"), (Literal("x"), Literal("y")))
    assert tree == Either((Negation(a), Both((b, c))))
    assert [name.id for name in names_in(tree)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = 1", Compare(Name("a"), "==", Literal(1.0))),
        ("api.stu != -2.5e3", Compare(Name("api.stu"), "!=", Literal(-2500.0))),
        ("`売上 高` < 3", Compare(Name("売上 高"), "<", Literal(3.0))),
        ("売上 < 3", Compare(Name("売上"), "<", Literal(3.0))),
        ("a == 'it\\'s'", Compare(Name("a"), "==", Literal("it's"))),
        ("ACUsed == TRUE", Compare(Name("ACUsed"), "==", Literal("TRUE"))),
        ("a not in [1, 2]", Negation(Member(Name("a"), (Literal(1.0), Literal(2.0))))),
        ("answered(`a b`)", Answered(Name("a b"))),
        ("1 <= a < 5", Both((Compare(Literal(1.0), "<=", Name("a")), Compare(Name("a"), "<", Literal(5.0))))),
        ("NOT (a == 1)", Negation(Compare(Name("a"), "==", Literal(1.0)))),
    ],
)
def test_what_texts_mean(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "start", "end", "do"),
    [
        ("a == ", 5, 6, "add what is to be compared"),
        ("a == == 1", 5, 7, "add what"),
        ("a == 1 b == 2", 7, 8, "and, or"),
        ("(a == 1", 7, 8, "close the parenthesis"),
        ("a == 1)", 6, 7, "and, or"),
        ('a == "x', 5, 7, 'add "'),
        ("1st == 2", 0, 3, "backticks"),
        ("a ＝ 1", 2, 3, "write ="),
        ("a in (b)", 6, 7, "quotes"),
        ("answered(1)", 9, 10, "answered(q1)"),
        ("1 == 2", 0, 6, "without quotes"),
        ("a == __import__('os')", 15, 16, "and, or"),
    ],
)
def test_the_piece_at_fault_is_shown_under_its_source(text, start, end, do):
    with pytest.raises(QuestionFault) as fault:
        parse_expression(text, "--where")
    assert fault.value.where == "--where"
    said, source, carets = fault.value.found.split("\n")
    assert said.startswith(repr(text[start:end].strip()) if text[start:end].strip() else "the end")
    assert source == "    " + text
    assert carets.count("^") == max(1, sum(2 if char > "\u3000" else 1 for char in text[start:end]))
    assert carets.index("^") == 4 + start
    assert do in fault.value.do


def test_carets_stand_under_wide_letters_too():
    with pytest.raises(QuestionFault) as fault:
        parse_expression("売上 ＞ 3")
    assert fault.value.found.split("\n")[1:] == ["    売上 ＞ 3", "         ^^"]


def test_deep_nesting_is_a_fault_and_no_crash():
    with pytest.raises(QuestionFault, match="levels"):
        parse_expression("(" * 5000 + "a == 1" + ")" * 5000)
    with pytest.raises(QuestionFault, match="levels"):
        parse_expression("not " * 5000 + "a == 1")


ROWS = 40
RNG = np.random.default_rng(7)
FRAME = pd.DataFrame(
    {"x": RNG.integers(0, 6, ROWS), "y": RNG.integers(0, 6, ROWS), "s": RNG.choice(list("abc"), ROWS)}
)
WAVE = wave_of(
    FRAME, Question("x", "number", ("x",)), Question("y", "number", ("y",)), single("s", "a", "b", "c")
)

ATOMS = (
    st.tuples(
        st.sampled_from("xy"), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(0, 6)
    ).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
    | st.sampled_from(["x < y", "x == y", "1 < x <= 4"])
    | st.tuples(st.sampled_from(["in", "not in"]), st.lists(st.sampled_from("abc"), min_size=1)).map(
        lambda t: f"s {t[0]} ({', '.join(map(repr, t[1]))},)"
    )
)
TREES = st.recursive(
    ATOMS,
    lambda e: (
        st.tuples(e, st.sampled_from(["and", "or"]), e).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
        | e.map(lambda t: f"not ({t})")
        | e.map(lambda t: f"({t})")
    ),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_rows_are_those_python_itself_chooses(text):
    """The oracle is Python's own evaluation of the same text, row by row."""
    wanted = [bool(eval(text, {}, dict(row))) for row in FRAME.to_dict("records")]
    assert select(WAVE, text.replace(",)", ")")).tolist() == wanted


@settings(max_examples=150)
@given(st.text(alphabet="ab1 ()'\"`=<>!-,.andortin~#é日", max_size=25))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    try:
        parse_expression(text)
    except QuestionFault as fault:
        assert fault.found and fault.expected and fault.do
