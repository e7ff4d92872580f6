"""One grammar for routing and `--where`: text into a tree, and the offending piece shown."""

import re
import unicodedata
from typing import NamedTuple

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
    Operand,
)
from survey.faults import QuestionFault

__all__ = ["OPERATORS", "parse_expression", "pointed_at"]

OPERATORS = ("=", "==", "!=", "<", "<=", ">", ">=")
"""Comparisons; `=` and `==` mean the same."""

_DEPTH = 60
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.$@#]))
      | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<quoted>`[^`]+`)
      | (?P<op>==|!=|<=|>=|<|>|=)
      | (?P<mark>[()\[\],-])
      | (?P<word>[^\W\d][\w.$@\#]*)""",
    re.VERBOSE,
)
_WORDS = ("and", "or", "not", "in")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def pointed_at(said: str, source: str, at: tuple[int, int]) -> str:
    """What was found, and below it the source line with carets under the piece `at`, for a message."""
    flat = re.sub(r"\s", " ", source)
    start, end = at
    return f"{said}\n    {flat}\n    {' ' * _width(flat[:start])}{'^' * max(1, _width(flat[start:end]))}"


def _width(text: str) -> int:
    """Columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def parse_expression(source: str, where: str = "expression") -> Node:
    """Read an expression into a tree; nothing in it is ever run as code.

    Grammar: comparisons `= == != < <= > >=` of names, numbers and quoted texts; `in (..)`,
    `not in (..)`; `answered(q)`; `and`, `or`, `not`, parentheses. Odd names stand in backticks.

    Raises
    ------
    QuestionFault
        The text does not follow the grammar; the message shows the piece at fault.
    """
    return _Parser(source, where).whole()


class _Parser:
    def __init__(self, source: str, where: str) -> None:
        self.source, self.where = source, where
        self.tokens: list[_Token] = []
        self.next = 0
        self.depth = 0
        at = 0
        while at < len(source):
            match = _TOKEN.match(source, at)
            if match is None:
                raise self._unreadable(at)
            kind = str(match.lastgroup)
            if kind != "space":
                word = match.group()
                if kind == "word" and word.lower() in _WORDS:
                    kind, word = "keyword", word.lower()
                self.tokens.append(_Token(kind, word, at, match.end()))
            at = match.end()
        self.tokens.append(_Token("end", "", len(source), len(source) + 1))

    def _unreadable(self, at: int) -> QuestionFault:
        char = self.source[at]
        if char in "\"'`":
            return self.fault(
                (at, len(self.source)), f"a closing {char}", f"add {char} at the end of the text or name"
            )
        if char.isdigit():
            end = at + len(re.match(r"[\w.$@#]*", self.source[at:]).group())  # type: ignore[union-attr]
            return self.fault(
                (at, end), "a number or a name", "put names that begin with a digit in backticks: `1a`"
            )
        narrow = unicodedata.normalize("NFKC", char)
        do = (
            f"write {narrow} (half width)" if narrow != char else "put odd names in backticks, text in quotes"
        )
        return self.fault((at, at + 1), "a name, a number, a text in quotes, or a comparison", do)

    def fault(self, at: tuple[int, int], expected: str, do: str) -> QuestionFault:
        piece = self.source[at[0] : at[1]].strip()
        said = f"{piece!r} at position {at[0] + 1}" if piece else "the end, too early"
        return QuestionFault(self.where, pointed_at(said, self.source, at), expected, do)

    @property
    def here(self) -> _Token:
        return self.tokens[self.next]

    def take(self, kind: str, text: str = "") -> _Token | None:
        token = self.here
        if token.kind == kind and (not text or token.text == text):
            self.next += 1
            return token
        return None

    def need(self, text: str, do: str) -> _Token:
        token = self.take("mark", text)
        if token is None:
            raise self.fault((self.here.start, self.here.end), repr(text), do)
        return token

    def whole(self) -> Node:
        if self.here.kind == "end":
            raise QuestionFault(
                self.where, "an empty expression", "a comparison", 'write one such as  sector == "auto"'
            )
        node = self.either()
        if self.here.kind != "end":
            do = "join two comparisons with and, or"
            raise self.fault((self.here.start, self.here.end), "the end, `and` or `or`", do)
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("keyword", "or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Node:
        parts = [self.negation()]
        while self.take("keyword", "and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def negation(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            at = (self.here.start, self.here.end)
            raise self.fault(at, f"at most {_DEPTH} levels of `not` and parentheses", "write it more simply")
        if self.take("keyword", "not"):
            node: Node = Negation(self.negation())
        elif self.take("mark", "("):
            node = self.either()
            self.need(")", "close the parenthesis")
        else:
            node = self.comparison()
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        token = self.here
        after = self.tokens[self.next + 1] if token.kind != "end" else token
        if token.kind == "word" and token.text.lower() == "answered" and after.text == "(":
            self.next += 2
            name = self.operand()
            if not isinstance(name, Name):
                raise self.fault(name.at, "the name of a question", "write  answered(q1)")
            self.need(")", "close the parenthesis")
            return Answered(name)
        left = self.operand()
        negated = self.here.text == "not" and self.tokens[self.next + 1].text == "in"
        if isinstance(left, Name) and (negated or self.here.text == "in") and self.here.kind == "keyword":
            self.next += 2 if negated else 1
            member = Member(left, self.literals())
            return Negation(member) if negated else member
        chain: list[Node] = []
        while op := self.take("op"):
            right = self.operand()
            if isinstance(left, Literal) and isinstance(right, Literal):
                raise self.fault(
                    (left.at[0], right.at[1]), "a question on one side", "name the question, without quotes"
                )
            chain.append(Compare(left, "==" if op.text == "=" else op.text, right))
            left = right
        if chain:
            return chain[0] if len(chain) == 1 else Both(tuple(chain))
        if isinstance(left, Name):
            return Answered(left, ticked=True)
        raise self.fault(left.at, "a comparison", 'compare it with a question, such as  sector == "auto"')

    def operand(self) -> Operand:
        token = self.here
        if sign := self.take("mark", "-"):
            number = self.take("number")
            if number is None:
                raise self.fault(
                    (sign.start, sign.end), "a number after -", "put names with - in backticks: `a-b`"
                )
            return Literal(-float(number.text), (sign.start, number.end))
        at = (token.start, token.end)
        if token.kind in ("number", "text", "quoted", "word"):
            self.next += 1
            if token.kind == "number":
                return Literal(float(token.text), at)
            if token.kind == "text":
                return Literal(re.sub(r"\\(.)", r"\1", token.text[1:-1]), at)
            if token.kind == "quoted":
                return Name(token.text[1:-1], at)
            if token.text in ("TRUE", "FALSE", "true", "false"):
                return Literal(token.text.upper(), at)
            return Name(token.text, at)
        raise self.fault(at, "a question, a number or a text in quotes", "add what is to be compared")

    def literals(self) -> tuple[Literal, ...]:
        opened = self.take("mark", "(") or self.take("mark", "[")
        if opened is None:
            raise self.fault((self.here.start, self.here.end), "( after in", 'write  q in ("a", "b")')
        among: list[Literal] = []
        while True:
            value = self.operand()
            if isinstance(value, Name):
                raise self.fault(value.at, "a code", f'put it in quotes: "{value.id}"')
            among.append(value)
            if not self.take("mark", ","):
                break
        self.need(")" if opened.text == "(" else "]", "close the list")
        return tuple(among)
