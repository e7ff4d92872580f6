"""Logic of Qualtrics as an expression, or as its opposite, where all of it can be said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Locators", "Test", "display_expression", "expression_of", "skip_test"]

_LOCATOR = re.compile(
    r"q://(?P<id>[^/]+)/(?:SelectableChoice/(?P<rest>.+)|(?P<text>ChoiceTextEntryValue)(?:/.*)?)"
)
_TICKS = {"Selected": "=", "NotSelected": "!="}
_SIGNS = {"EqualTo": "=", "NotEqualTo": "!=", "GreaterThan": ">", "GreaterThanOrEqual": ">="}
_SIGNS |= {"LessThan": "<", "LessThanOrEqual": "<="}
_TURNED = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_WORD = re.compile(r"[^\W\d][\w.$@#]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

Locators = Mapping[str, Mapping[str, tuple[str, str]]]
"""Question id of Qualtrics to the key of a choice (`3`, or `row/column`, or `ChoiceTextEntryValue`) to
the id of the question here and the code."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison; `sign` is empty for "is answered", `is_other` turns it into its opposite."""

    name: str
    sign: str
    code: str
    is_other: bool = False

    def opposite(self) -> "Test":
        """True where this is not; silence counts as not chosen, as Qualtrics takes it."""
        if not self.sign:
            return Test(self.name, "", "", not self.is_other)
        return Test(self.name, _TURNED[self.sign], self.code, not self.is_other)

    def said(self) -> str:
        """As an expression."""
        name = self.name if _WORD.fullmatch(self.name) else f"`{self.name}`"
        if not self.sign:
            return f"not answered({name})" if self.is_other else f"answered({name})"
        text = self.code.replace("\\", "\\\\").replace('"', '\\"')
        code = text if _NUMBER.fullmatch(text) else f'"{text}"'
        told = f"{name} {self.sign} {code}"
        silent = self.is_other if self.sign not in ("=", "!=") else self.sign == "!="
        return f"({told} or not answered({name}))" if silent else told


@dataclass(frozen=True, slots=True)
class _Joined:
    word: str
    left: "Test | _Joined"
    right: "Test | _Joined"


def display_expression(logic: Any, locators: Locators) -> str:
    """The expression of a display or branch logic, "" where a part of it has no like.

    Parameters
    ----------
    logic : Any
        The JSON of `DisplayLogic` or `BranchLogic`: groups of conditions joined by And and Or.
    locators : Locators
        What its locators stand for.
    """
    return expression_of(logic, locators)


def expression_of(logic: Any, locators: Locators, *, opposite: bool = False) -> str:
    """A logic or, with `opposite`, where it does not hold, as an expression; "" where that cannot be said."""
    tree = _tree(logic, locators)
    return _said(tree, opposite) if tree is not None else ""


def skip_test(rule: Mapping[str, Any], locators: Locators) -> Test | None:
    """The condition of one rule of skip logic; None where it cannot be said."""
    return _test({**rule, "LogicType": "Question", "Operator": rule.get("Condition")}, locators)


def _tree(logic: Any, locators: Locators) -> Test | _Joined | None:
    if not isinstance(logic, dict):
        return None
    whole: Test | _Joined | None = None
    for key in _numbered(logic):
        group = logic[key]
        inner: Test | _Joined | None = None
        for place in _numbered(group) if isinstance(group, dict) else []:
            test = _test(group[place], locators)
            if test is None:
                return None
            word = str(group[place].get("Conjuction", group[place].get("Conjunction", "And"))).lower()
            inner = test if inner is None else _Joined("or" if word == "or" else "and", inner, test)
        if inner is not None:
            outer = "or" if str(group.get("Type", "")).lower().startswith(("or", "else")) else "and"
            whole = inner if whole is None else _Joined(outer, whole, inner)
    return whole


def _numbered(table: Mapping[str, Any]) -> list[str]:
    return sorted((k for k in table if str(k).isdecimal()), key=int)


def _said(tree: Test | _Joined, opposite: bool) -> str:
    """A tree as text, joined from the left, as Qualtrics reads it."""
    if isinstance(tree, Test):
        return (tree.opposite() if opposite else tree).said()
    word = {"and": "or", "or": "and"}[tree.word] if opposite else tree.word
    sides = []
    for side in (tree.left, tree.right):
        text = _said(side, opposite)
        sides.append(f"({text})" if isinstance(side, _Joined) and side.word != tree.word else text)
    return f" {word} ".join(sides)


def _test(condition: Any, locators: Locators) -> Test | None:
    if not isinstance(condition, dict) or condition.get("LogicType") != "Question":
        return None
    operator = str(condition.get("Operator"))
    found = _LOCATOR.fullmatch(str(condition.get("ChoiceLocator") or condition.get("LeftOperand")))
    if found is None:
        return None
    if found["text"]:
        return _of_text(operator, str(condition.get("RightOperand", "")), locators.get(found["id"], {}))
    known = locators.get(found["id"], {}).get(found["rest"])
    if known is None and "/" in found["rest"]:
        row, _, column = found["rest"].partition("/")
        known = locators.get(f"{found['id']}-{row}", {}).get(column)
    if known is None or operator not in _TICKS:
        return None
    return Test(known[0], _TICKS[operator], known[1])


def _of_text(operator: str, value: str, known: Mapping[str, tuple[str, str]]) -> Test | None:
    """A test of what is typed in; sizes are compared only where the question is a number."""
    name, kind = known.get("ChoiceTextEntryValue", ("", ""))
    if not name:
        return None
    if operator in ("Empty", "NotEmpty"):
        return Test(name, "", "", operator == "Empty")
    sign = _SIGNS.get(operator, "")
    if not sign or kind != "number" or not _NUMBER.fullmatch(value):
        return None
    return Test(name, sign, value)
