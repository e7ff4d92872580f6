"""Who answered, who was asked, who was chosen: a question's answers and the rows of an expression."""

import numpy as np
from numpy.typing import NDArray

from survey.answering import answers_given
from survey.answers import Answers
from survey.codebook import Question
from survey.coding import code_column, code_text
from survey.expression import parse_expression, pointed_at
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
    names_in,
)
from survey.faults import QuestionFault, nearest
from survey.missing import State
from survey.wave import Wave

__all__ = ["answers_to", "select"]

_NO, _UNKNOWN, _YES = np.int8(0), np.int8(1), np.int8(2)


def answers_to(wave: Wave, question_id: str) -> Answers:
    """The answers of all n firms to one question, missing codes and routing applied.

    States: a missing code gives its reason; a blank is NOT_ASKED where the routing says so, else
    NO_ANSWER; an answer of a firm that was not routed is ANSWERED_NOT_ROUTED. To a set of
    dichotomies a firm has answered if any of its columns holds an answer; boxes left unticked by a
    firm that was sent past them, which platforms write as 0, are no answer.

    Raises
    ------
    QuestionFault
        No such question (the nearest are suggested), a column that is not in the file, routing
        in a circle, or a net of codes that do not exist.
    """
    return _answers(wave, wave.codebook.question(question_id), ())


def select(wave: Wave, expr: str, *, where: str = "expression") -> NDArray[np.bool_]:
    """Firms for whom an expression is true; unknown counts as not true.

    Parameters
    ----------
    wave : Wave
        Answers of n firms.
    expr : str
        Expression of `survey.parse_expression`; "" chooses all.
    where : str
        What holds the expression, for messages, such as `--where`.

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,).

    Raises
    ------
    QuestionFault
        Broken grammar, an unknown name or code, or an order asked of codes that have none.
    """
    if not expr.strip():
        return np.ones(len(wave), dtype=bool)
    return _Evaluation(wave, expr, where, ()).of(parse_expression(expr, where)) == _YES


def _answers(wave: Wave, question: Question, asking: tuple[str, ...]) -> Answers:
    return answers_given(wave, question, _asked(wave, question, asking))


def _asked(wave: Wave, question: Question, asking: tuple[str, ...]) -> NDArray[np.int8]:
    """Routing of n firms: 1 asked, 0 not asked, -1 where a gate is blank."""
    if not question.asked_if:
        return np.ones(len(wave), dtype=np.int8)
    if question.id in asking:
        raise QuestionFault(
            f"asked_if of question {question.id!r}",
            "routing in a circle: " + " -> ".join((*asking, question.id)),
            "questions that depend on earlier ones only",
            "mend asked_if in the codebook",
        )
    where = f"asked_if of question {question.id!r}"
    tree = parse_expression(question.asked_if, where)
    run = _Evaluation(wave, question.asked_if, where, (*asking, question.id))
    truth = run.of(tree)
    blank = np.zeros(len(wave), dtype=bool)
    for name in names_in(tree):
        blank |= np.isin(run.answers(name).state, (State.NO_ANSWER, State.WITHHELD))
    unknown = np.where(blank, np.int8(-1), np.int8(0))
    return np.where(truth == _YES, np.int8(1), np.where(truth == _NO, np.int8(0), unknown)).astype(np.int8)


class _Evaluation:
    """One expression over one wave: truth is 2, unknown 1, untruth 0 (Kleene's logic)."""

    def __init__(self, wave: Wave, source: str, where: str, asking: tuple[str, ...]) -> None:
        self.wave, self.source, self.where, self.asking = wave, source, where, asking
        self.known: dict[str, Answers] = {}

    def of(self, node: Node) -> NDArray[np.int8]:
        if isinstance(node, Both):
            return np.minimum.reduce([self.of(p) for p in node.parts])
        if isinstance(node, Either):
            return np.maximum.reduce([self.of(p) for p in node.parts])
        if isinstance(node, Negation):
            return (_YES - self.of(node.part)).astype(np.int8)
        if isinstance(node, Answered):
            return self.answered(node)
        if isinstance(node, Member):
            return np.maximum.reduce([self.compare(node.name, "==", code) for code in node.among])
        return self.comparison(node)

    def fault(self, at: tuple[int, int], found: str, expected: str, do: str) -> QuestionFault:
        return QuestionFault(self.where, pointed_at(found, self.source, at), expected, do)

    def question(self, name: Name) -> Question:
        for question in self.wave.codebook.questions:
            if question.id == name.id:
                return question
        if name.id in self.wave.frame.columns:
            numeric = not np.isnan(code_column(self.wave.frame[name.id]).number).all()
            owner = next((q for q in self.wave.codebook.questions if name.id in q.columns), None)
            missing = owner.missing if owner else ()
            return Question(
                name.id, "number" if numeric and not owner else "single", (name.id,), missing=missing
            )
        known = [*self.wave.codebook.ids(), *(str(c) for c in self.wave.frame.columns)]
        raise self.fault(
            name.at,
            f"no question {name.id!r}",
            "the id of a question",
            nearest(name.id, list(dict.fromkeys(known))),
        )

    def answers(self, name: Name) -> Answers:
        if name.id not in self.known:
            self.known[name.id] = _answers(self.wave, self.question(name), self.asking)
        return self.known[name.id]

    def answered(self, node: Answered) -> NDArray[np.int8]:
        answers = self.answers(node.name)
        given = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
        if not node.ticked:
            return np.where(given, _YES, _NO)
        if answers.kind != "binary":
            do = f'compare it: {node.name.id} == "..."'
            raise self.fault(node.name.at, f"{node.name.id!r} is no yes/no question", "a comparison", do)
        return np.where(given, np.where(answers.values == 1, _YES, _NO), _UNKNOWN)

    def comparison(self, node: Compare) -> NDArray[np.int8]:
        left, right = node.left, node.right
        if isinstance(left, Name) and isinstance(right, Literal):
            return self.compare(left, node.op, right)
        if isinstance(left, Literal) and isinstance(right, Name):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(node.op, node.op)
            return self.compare(right, turned, left)
        if isinstance(left, Name) and isinstance(right, Name):
            a, b = self.numbers(left), self.numbers(right)
            unknown = np.isnan(a) | np.isnan(b)
            return np.where(unknown, _UNKNOWN, np.where(_holds(a, node.op, b), _YES, _NO))
        raise self.fault(
            (0, len(self.source)), "no question in it", "a question on one side", "name a question"
        )

    def numbers(self, name: Name) -> NDArray[np.float64]:
        answers = self.answers(name)
        if answers.kind == "multiple" or np.isnan(answers.values).all():
            do = "compare it with a code in quotes by = or !="
            raise self.fault(
                name.at, f"{name.id!r} has no numbers", "a number, or codes that are numbers", do
            )
        return answers.values

    def compare(self, name: Name, op: str, literal: Literal) -> NDArray[np.int8]:
        answers = self.answers(name)
        given = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
        if answers.kind in ("text", "date"):
            holds = self.text_holds(name, op, literal, answers.kind)
        elif answers.kind == "number" or op not in ("==", "!="):
            number = self.literal_number(literal)
            holds = _holds(self.numbers(name) if answers.options else answers.values, op, number)
        else:
            ticked = answers.ticks[:, self.option(name, literal, answers)]
            holds = ticked if op == "==" else ~ticked
        return np.where(given, np.where(holds, _YES, _NO), _UNKNOWN)

    def literal_number(self, literal: Literal) -> float:
        try:
            return float(literal.value)
        except ValueError:
            raise self.fault(
                literal.at, f"{literal.value!r} is no number", "a number", "compare with a number"
            ) from None

    def option(self, name: Name, literal: Literal, answers: Answers) -> int:
        """Column of the ticks that a literal names."""
        code = code_text(literal.value)
        if code in answers.options:
            return answers.options.index(code)
        if answers.kind == "binary" and code in ("TRUE", "FALSE"):
            counted = self.question(name).counted
            others = [o for o in answers.options if o != counted]
            wanted = counted if code == "TRUE" else (others[0] if others else "")
            if wanted in answers.options:
                return answers.options.index(wanted)
        raise self.fault(
            literal.at,
            f"question {name.id!r} has no code {code!r}",
            "one of its codes",
            nearest(code, answers.options),
        )

    def text_holds(self, name: Name, op: str, literal: Literal, kind: str) -> NDArray[np.bool_]:
        if kind == "text" and op not in ("==", "!="):
            raise self.fault(
                name.at, f"{name.id!r} is text and has no order", "= or !=", "compare by = or !="
            )
        question = self.question(name)
        coded = code_column(self.wave.frame[question.columns[0]], question.missing)
        found = np.array([*coded.found, ""], dtype=object)
        return np.asarray(_holds(found, op, code_text(literal.value)), dtype=bool)[coded.index]


def _holds(left: NDArray, op: str, right: NDArray | float | str) -> NDArray[np.bool_]:
    if op == "==":
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    return left > right if op == ">" else left >= right
