"""Routing said to a platform, and read back, chooses the same firms; words name question and answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import Choice, Codebook, MissingCode, Origin, Question, QuestionFault, Wave, select
from survey.formats.gate_reading import Asked, read_gate
from survey.formats.lss_relevance import relevance_equation
from survey.formats.xlsform_relevant import relevant_formula
from survey.gate import offered
from survey.gate_words import spoken_gate

YES = (Choice("1", {"en": "Yes", "ja": "はい"}), Choice("2", {"en": "No", "ja": "いいえ"}))
DK = MissingCode(98.0, 98.0, "do_not_know", {"en": "Do not know", "ja": "わからない"})
TICKS = tuple(Choice(c, {"en": c, "ja": c}, column=f"how_{c}") for c in ("cost", "sales", "none"))
BOOK = Codebook(
    (
        Question("hit", "single", ("hit",), {"en": "Hit?"}, YES, (DK,)),
        Question("how", "multiple", tuple(c.column for c in TICKS), {"en": "How?"}, TICKS, counted="1"),
        Question("many", "number", ("many",), {"en": "How many?"}),
        Question("few", "number", ("few",), {"en": "How few?"}),
    ),
    ("en", "ja"),
)
ROWS = [
    {"hit": hit, "how_cost": a, "how_sales": b, "how_none": c, "many": many, "few": few}
    for hit in (1, 2, 98, np.nan)
    for a, b, c in ((1, 0, 0), (1, 1, 0), (0, 0, 1), (np.nan,) * 3)
    for many in (0, 2, 5, np.nan)
    for few in (2, np.nan)
]
WAVE = Wave("w", pd.DataFrame(ROWS), BOOK, Origin("w", "", "csv", "", len(ROWS)))

LEAVES = st.sampled_from(
    [
        "hit == 1",
        "hit != 1",
        "hit in (1, 2)",
        "hit not in (2)",
        'how = "cost"',
        'how != "cost"',
        'how in ("sales", "none")',
        "many >= 2",
        "many != 2",
        "3 > many",
        "many <= few",
        "answered(hit)",
        "answered(how)",
        "answered(many)",
        "hit >= 2",
        "1 <= many < 5",
    ]
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda e: f"not ({e})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) and ({p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) or ({p[1]})"),
    ),
    max_leaves=4,
)


def named(name: str) -> Asked | None:
    name = name.removesuffix(".NAOK")
    for question in BOOK.questions:
        if name == question.id:
            return Asked(question, "")
        for choice in question.choices if question.is_dichotomies else ():
            if name == f"{question.id}_{choice.code}":
                return Asked(question, choice.code)
    return None


@settings(max_examples=120, deadline=None)
@given(EXPRESSIONS, st.sampled_from([relevant_formula, relevance_equation]))
def test_what_a_platform_is_told_chooses_the_same_firms(expression, told):
    said = told(expression, BOOK)
    back = read_gate(said, named)
    assert back is not None, said
    assert (select(WAVE, back) == select(WAVE, expression)).all(), (said, back)


def test_the_words_of_each_platform():
    expression = 'hit == 1 and not (how = "cost")'
    assert relevant_formula(expression, BOOK) == (
        "(${hit} = '1' and (${how} != '' and not(selected(${how}, 'cost'))))"
    )
    assert relevance_equation(expression, BOOK) == (
        '(hit.NAOK == "1" and ((how_cost.NAOK == "Y" or how_sales.NAOK == "Y" or how_none.NAOK == "Y") '
        'and how_cost.NAOK != "Y"))'
    )
    assert relevant_formula("hit != 1", BOOK) == "((${hit} != '' and ${hit} != '98') and ${hit} != '1')"
    assert relevant_formula("", BOOK) == "" and relevance_equation("", BOOK) == "1"


def test_words_for_paper():
    numbers = {"hit": "3", "how": "4", "many": "5"}
    both = 'hit == 1 and (how = "cost" or many >= 2)'
    assert spoken_gate(both, BOOK, numbers, "en") == (
        "question 3 is “Yes”, and (you ticked “cost” in question 4, or question 5 is 2 or more)"
    )
    assert spoken_gate(both, BOOK, numbers, "ja") == (
        "問3が「はい」、かつ（問4で「cost」を選んだ、または問5が2以上）"
    )
    assert spoken_gate("hit >= 2", BOOK, numbers, "en") == "question 3 is “No”"
    assert spoken_gate("not answered(many)", BOOK, numbers, "en") == "you gave no answer to question 5"


def test_reasons_are_offered_and_are_no_answers():
    assert [c.code for c in offered(BOOK.question("hit"))] == ["1", "2", "98"]
    assert [c.code for c in offered(BOOK.question("how"))] == ["cost", "sales", "none"]


@pytest.mark.parametrize("wrong", ["hat == 1", "hit == 7", "how > 1", 'many > "a"', "hit =="])
def test_what_cannot_be_said_is_refused(wrong):
    with pytest.raises(QuestionFault):
        relevant_formula(wrong, BOOK)
