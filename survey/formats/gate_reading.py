"""Routing as LimeSurvey and XLSForm write it, read into the one grammar of expressions."""

import re
from collections.abc import Callable
from typing import NamedTuple

from survey.codebook import Question
from survey.coding import NUMBER, code_text

__all__ = ["Asked", "read_gate"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*'|‘[^’]*’|“[^”]*”)
      | (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>\$\{\s*[^}]+?\s*\}|\d*[A-Za-z_][\w.]*(?:-[a-z]+(?=\s*\())?)
      | (?P<op>==|!=|<=|>=|&&|\|\||[=<>!(),-]))""",
    re.VERBOSE,
)
_WORDS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "&&": "and", "||": "or"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ALL = ""


class Asked(NamedTuple):
    """What a name in a gate stands for: a question, and the code of one option of a set, or ""."""

    question: Question
    option: str


class _Literal(str):
    """A text or number in a gate."""


class _And(str):
    """Tests that all must hold, in parentheses, and each by itself."""

    parts: tuple[str, ...] = ()


class _Unreadable(Exception):
    """Something the grammar of expressions cannot say."""


def read_gate(gate: str, named: Callable[[str], Asked | None]) -> str | None:
    """A relevance equation (LimeSurvey) or `relevant` (XLSForm) as an expression.

    A platform counts a blank as different from any code, an expression does not: each `!=` allows
    for silence in so many words.

    Parameters
    ----------
    gate : str
        As the platform holds it.
    named : Callable[[str], Asked | None]
        What a name stands for, without `${}` and `.NAOK`; None for names that are not known.

    Returns
    -------
    str or None
        "" where all are asked; None where it cannot be said, such as sums or regular expressions.
    """
    if gate.strip() in ("", "1", "true()"):
        return _ALL
    try:
        said = _Gate(gate, named).whole()
        return said[1:-1] if isinstance(said, _And) else said
    except (_Unreadable, RecursionError):
        return None


class _Gate:
    def __init__(self, gate: str, named: Callable[[str], Asked | None]) -> None:
        self.named, self.tokens, self.next = named, [], 0
        at, gate = 0, gate.strip()
        while at < len(gate):
            match = _TOKEN.match(gate, at)
            if match is None:
                raise _Unreadable
            kind, word = str(match.lastgroup), match.group(match.lastgroup or 0)
            word = _WORDS.get(word, word) if kind in ("name", "op") else word
            self.tokens.append((kind, "=" if word == "==" else word))
            at = match.end()
        self.tokens.append(("end", ""))

    def take(self, *words: str) -> str:
        kind, word = self.tokens[self.next]
        if kind in ("name", "op") and word.lower() in words:
            self.next += 1
            return word.lower()
        return ""

    def need(self, word: str) -> None:
        if not self.take(word):
            raise _Unreadable

    def whole(self) -> str:
        said = self.either()
        if self.tokens[self.next][0] != "end":
            raise _Unreadable
        return said

    def either(self) -> str:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return _ALL if _ALL in parts else _joined(parts, " or ")

    def both(self) -> str:
        parts = [self.test()]
        while self.take("and"):
            parts.append(self.test())
        return _joined([part for part in parts if part != _ALL], " and ")

    def test(self) -> str:
        if self.take("!"):
            return _not(self.test())
        if self.take("not"):
            self.need("(")
            said = self.either()
            self.need(")")
            return _not(said)
        if self.take("("):
            said = self.either()
            self.need(")")
            return said
        if self.take("is_empty"):
            return self.silent(self.argument())
        if self.take("selected"):
            self.need("(")
            name = self.operand()
            self.need(",")
            code = self.operand()
            self.need(")")
            if isinstance(name, _Literal) or not isinstance(code, _Literal):
                raise _Unreadable
            return _is(name, str(code))
        return self.compared()

    def argument(self) -> Asked:
        self.need("(")
        name = self.operand()
        self.need(")")
        if isinstance(name, _Literal):
            raise _Unreadable
        return name

    def silent(self, asked: Asked) -> str:
        return _not(_is(asked, asked.option)) if asked.option else f"not answered({_name(asked.question)})"

    def operand(self) -> "Asked | _Literal":
        sign = "-" if self.take("-") else ""
        kind, word = self.tokens[self.next]
        self.next += 1
        if kind == "text":
            return _Literal(word[1:-1])
        if kind == "number":
            return _Literal(sign + word)
        if kind != "name" or sign:
            raise _Unreadable
        asked = self.named(re.sub(r"\.(NAOK|code|value)$", "", word.strip("${} ")))
        if asked is None:
            raise _Unreadable
        return asked

    def compared(self) -> str:
        left = self.operand()
        op = self.take("=", "!=", "<", "<=", ">", ">=")
        if not op:
            raise _Unreadable
        right = self.operand()
        if isinstance(left, _Literal):
            left, op, right = right, _TURNED.get(op, op), left
        if isinstance(left, _Literal):
            raise _Unreadable
        if not isinstance(right, _Literal):
            return f"{_name(left.question)} {op} {_name(right.question)}"
        if op in ("=", "!="):
            said = _is(left, str(right))
            return said if op == "=" else _not(said)
        if not NUMBER.fullmatch(right) or left.option:
            raise _Unreadable
        return f"{_name(left.question)} {op} {right}"


def _is(asked: Asked, code: str) -> str:
    """The question has this code, or this option of the set is ticked, or there is no answer at all."""
    question = asked.question
    if asked.option:
        if code in (asked.option, question.counted, "Y", "1"):
            code = asked.option
        elif code in ("", "N", "0"):
            return _not(_is(asked, asked.option))
        else:
            raise _Unreadable
    if not code or any(code_text(reason.low) == code for reason in question.missing):
        return f"not answered({_name(question)})"
    if question.kind == "number" and not NUMBER.fullmatch(code):
        raise _Unreadable
    if question.choices and code not in {choice.code for choice in question.choices}:
        raise _Unreadable
    if NUMBER.fullmatch(code) and code_text(float(code)) == code:
        return f"{_name(question)} = {code}"
    quoted = code.replace("\\", "\\\\").replace('"', '\\"')
    return f'{_name(question)} = "{quoted}"'


def _not(said: str) -> str:
    """The opposite, true of the silent too, as on the platforms."""
    simple = re.fullmatch(r'(`[^`]+`|[\w.]+) = ("(?:\\.|[^"\\])*"|-?[\d.]+)', said)
    if simple:
        return f"({simple[1]} != {simple[2]} or not answered({simple[1]}))"
    if said.startswith("not answered(") and said.count("(") == 1:
        return said.removeprefix("not ")
    if said.startswith("answered(") and said.count("(") == 1:
        return "not " + said
    raise _Unreadable


def _joined(parts: list[str], word: str) -> str:
    """Tests in one pair of parentheses; `answered(q)` is left out beside a comparison of q."""
    if word == " and ":
        parts = [inner for part in parts for inner in (part.parts if isinstance(part, _And) else (part,))]
        for given in [part for part in parts if part.startswith("answered(")]:
            name = re.escape(given[len("answered(") : -1])
            others = [re.sub(rf"\(({name} != .*) or not answered\({name}\)\)", r"\1", p) for p in parts]
            if any(re.match(rf"{name} (=|!=|<|<=|>|>=) ", other) for other in others):
                parts = [other for other in others if other != given]
    parts = list(dict.fromkeys(parts))
    if len(parts) < 2:
        return parts[0] if parts else _ALL
    said = "(" + word.join(parts) + ")"
    if word != " and ":
        return said
    every = _And(said)
    every.parts = tuple(parts)
    return every


def _name(question: Question) -> str:
    return question.id if re.fullmatch(r"[^\W\d][\w.]*", question.id) else f"`{question.id}`"
