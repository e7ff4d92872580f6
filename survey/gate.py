"""Who is asked, as tests that a questionnaire can make: negation at the leaves, silence meeting none."""

from collections.abc import Sequence
from typing import Protocol

from survey.codebook import Choice, Codebook, Question
from survey.coding import code_text
from survey.expression import parse_expression
from survey.expression_tree import (
    Answered,
    Both,
    Compare,
    Either,
    Literal,
    Member,
    Name,
    Negation,
    Node,
)
from survey.faults import QuestionFault

__all__ = ["Tests", "gate_text", "offered", "silent_codes"]

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Tests(Protocol):
    """How a platform, or a language, says each test of a question; each is false of a silent firm
    except `silent`."""

    def given(self, question: Question) -> str:
        """The question has an answer."""

    def silent(self, question: Question) -> str:
        """The question has none, or a reason for none."""

    def chosen(self, question: Question, codes: Sequence[str]) -> str:
        """One of these codes was chosen."""

    def other(self, question: Question, codes: Sequence[str]) -> str:
        """There is an answer, and it is none of these codes."""

    def ordered(self, question: Question, op: str, than: float | Question) -> str:
        """The number compares so with a number, or with the number of another question."""

    def joined(self, parts: Sequence[str], *, every: bool) -> str:
        """All of these (`every`), or any."""


def offered(question: Question) -> tuple[Choice, ...]:
    """All that a firm can choose on the form: the choices, then the worded reasons for no answer."""
    reasons = tuple(
        Choice(code_text(m.low), m.label)
        for m in question.missing
        if m.low == m.high and m.reason in ("do_not_know", "refused") and any(m.label.values())
    )
    return question.choices + (reasons if question.kind in ("single", "binary") else ())


def silent_codes(question: Question) -> tuple[str, ...]:
    """Codes on the form that count as no answer."""
    known = {c.code for c in question.choices}
    return tuple(c.code for c in offered(question) if c.code not in known)


def gate_text(expression: str, codebook: Codebook, tests: Tests, where: str = "expression") -> str:
    """An expression in the words of a platform or a language; "" where all are asked.

    True of exactly those firms that `survey.select` chooses: a silent firm meets no comparison,
    nor its negation.

    Raises
    ------
    QuestionFault
        Broken grammar, a question that is not in the codebook, or an order asked of a set.
    """
    if not expression.strip():
        return ""
    return _Gate(codebook, tests, where).of(parse_expression(expression, where), True)


class _Gate:
    def __init__(self, codebook: Codebook, tests: Tests, where: str) -> None:
        self.codebook, self.tests, self.where = codebook, tests, where

    def of(self, node: Node, holds: bool) -> str:
        if isinstance(node, Negation):
            return self.of(node.part, not holds)
        if isinstance(node, Both | Either):
            every = isinstance(node, Both) == holds
            return self.tests.joined([self.of(part, holds) for part in node.parts], every=every)
        if isinstance(node, Member):
            return self.codes(node.name, node.among, holds)
        if isinstance(node, Answered):
            question = self.codebook.question(node.name.id)
            if node.ticked:
                return (self.tests.chosen if holds else self.tests.other)(question, [question.counted])
            return self.tests.given(question) if holds else self.tests.silent(question)
        return self.compared(node, holds)

    def compared(self, node: Compare, holds: bool) -> str:
        left, op, right = node.left, node.op, node.right
        if isinstance(left, Literal):
            left, op, right = right, _TURNED.get(op, op), left
        if isinstance(left, Literal):
            raise QuestionFault(self.where, "no question in it", "a question on one side", "name a question")
        question = self.codebook.question(left.id)
        if isinstance(right, Literal) and op in ("==", "!=") and question.kind not in ("number",):
            return self.codes(left, (right,), holds == (op == "=="))
        if question.kind in ("multiple", "text", "date"):
            expected = "a number, or codes that are numbers"
            raise QuestionFault(self.where, f"{left.id!r} has no order", expected, "compare by = or !=")
        than = self.codebook.question(right.id) if isinstance(right, Name) else self.number(right)
        return self.tests.ordered(question, op if holds else _OPPOSITE[op], than)

    def number(self, literal: Literal) -> float:
        try:
            return float(literal.value)
        except ValueError:
            raise QuestionFault(
                self.where, f"{literal.value!r} is no number", "a number", "compare with a number"
            ) from None

    def codes(self, name: Name, among: Sequence[Literal], holds: bool) -> str:
        question = self.codebook.question(name.id)
        if question.kind == "number":
            op = "==" if holds else "!="
            parts = [self.tests.ordered(question, op, self.number(value)) for value in among]
            return self.tests.joined(parts, every=not holds)
        codes = [self.code(question, value) for value in among]
        return (self.tests.chosen if holds else self.tests.other)(question, codes)

    def code(self, question: Question, literal: Literal) -> str:
        code = code_text(literal.value)
        known = [c.code for c in question.choices]
        if question.kind == "binary" and code in ("TRUE", "FALSE") and code not in known:
            others = [c for c in known if c != question.counted]
            return question.counted if code == "TRUE" else (others or ["0"])[0]
        if known and code not in known:
            found = f"question {question.id!r} has no code {code!r}"
            raise QuestionFault(self.where, found, "one of its codes", ", ".join(known))
        return code
