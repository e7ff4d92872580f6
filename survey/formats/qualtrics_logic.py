"""Display logic of Qualtrics as a routing expression, where all of it can be said."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["display_expression"]

_LOCATOR = re.compile(r"q://(?P<id>[^/]+)/SelectableChoice/(?P<rest>.+)")
_OPERATORS = {"Selected": "=", "NotSelected": "!="}
_WORD = re.compile(r"[^\W\d][\w.$@#]*")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def display_expression(logic: Any, locators: Mapping[str, Mapping[str, tuple[str, str]]]) -> str:
    """The expression of a display logic, "" where a part of it has no like.

    Parameters
    ----------
    logic : Any
        The JSON of `DisplayLogic`: groups of conditions joined by And and Or.
    locators : Mapping[str, Mapping[str, tuple[str, str]]]
        Question id of Qualtrics to the key of a choice (`3`, or `row/column`) to the id of the
        question here and the code.
    """
    if not isinstance(logic, dict):
        return ""
    groups: list[tuple[str, str]] = []
    for key in sorted((k for k in logic if str(k).isdigit()), key=int):
        group = logic[key]
        parts: list[tuple[str, str]] = []
        for inner in (
            sorted((k for k in group if str(k).isdigit()), key=int) if isinstance(group, dict) else []
        ):
            said = _condition(group[inner], locators)
            if not said:
                return ""
            word = group[inner].get("Conjuction", group[inner].get("Conjunction", "And"))
            parts.append(("or" if str(word).lower() == "or" else "and", said))
        if parts:
            outer = "or" if str(group.get("Type", "")).lower().startswith(("or", "else")) else "and"
            groups.append((outer, _chain(parts)))
    return _chain(groups)


def _chain(parts: list[tuple[str, str]]) -> str:
    """Parts joined from the left, as Qualtrics reads them."""
    if not parts:
        return ""
    text, last = parts[0][1], ""
    for word, part in parts[1:]:
        text = (
            f"({text}) {word} {_held(part)}"
            if last and last != word
            else f"{_held(text) if not last else text} {word} {_held(part)}"
        )
        last = word
    return text


def _held(part: str) -> str:
    return f"({part})" if re.search(r" (and|or) ", part) and not part.startswith("(") else part


def _condition(condition: Any, locators: Mapping[str, Mapping[str, tuple[str, str]]]) -> str:
    if not isinstance(condition, dict) or condition.get("LogicType") != "Question":
        return ""
    operator = _OPERATORS.get(str(condition.get("Operator")))
    found = _LOCATOR.fullmatch(str(condition.get("ChoiceLocator") or condition.get("LeftOperand")))
    if operator is None or found is None:
        return ""
    known = locators.get(found["id"], {}).get(found["rest"])
    if known is None and "/" in found["rest"]:
        row, _, column = found["rest"].partition("/")
        known = locators.get(f"{found['id']}-{row}", {}).get(column)
    if known is None:
        return ""
    name, code = known
    name = name if _WORD.fullmatch(name) else f"`{name}`"
    return f"{name} {operator} {code if _NUMBER.fullmatch(code) else chr(34) + code + chr(34)}"
