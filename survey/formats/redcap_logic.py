"""Branching logic of REDCap as a routing expression, where all of it can be said."""

import re
from collections.abc import Mapping, Set

__all__ = ["branching_expression"]

_TOKEN = re.compile(
    r"""\s*(?:\[(?P<field>[a-z]\w*)(?:\((?P<option>[^)\]]+)\))?\]
      |(?P<op><>|!=|>=|<=|=|<|>)
      |'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>-?\d+(?:\.\d+)?)
      |(?P<word>and\b|or\b)|(?P<mark>[()]))""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def branching_expression(logic: str, known: Set[str], sets: Mapping[str, Set[str]]) -> str:
    """The expression of `[field] = '1' and [box(2)] = '1'`; "" where a part of it has no like.

    Parameters
    ----------
    logic : str
        Branching logic; fields of other events, functions and arithmetic are not read.
    known : Set[str]
        Ids of the questions.
    sets : Mapping[str, Set[str]]
        Ids of checkbox fields to their codes.
    """
    tokens: list[re.Match[str]] = []
    at, text = 0, logic.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return ""
        tokens.append(found)
        at = found.end()
    parts: list[str] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token["field"]:
            said = _comparison(tokens[i : i + 3], known, sets)
            if not said:
                return ""
            parts.append(said)
            i += 3
        elif token["word"]:
            parts.append(token["word"].lower())
            i += 1
        elif token["mark"]:
            parts.append(token["mark"])
            i += 1
        else:
            return ""
    joined = " ".join(parts).replace("( ", "(").replace(" )", ")")
    return joined if joined.count("(") == joined.count(")") else ""


def _comparison(tokens: list[re.Match[str]], known: Set[str], sets: Mapping[str, Set[str]]) -> str:
    if len(tokens) < 3 or not tokens[1]["op"]:
        return ""
    name, option = tokens[0]["field"], tokens[0]["option"]
    value = next((tokens[2][g] for g in ("single", "double", "number") if tokens[2][g] is not None), None)
    op = {"<>": "!="}.get(tokens[1]["op"], tokens[1]["op"])
    if value is None or name not in known:
        return ""
    if option is not None:
        code = option.strip()
        if code not in sets.get(name, set()) or value not in ("0", "1") or op not in ("=", "!="):
            return ""
        return f"{name} {'=' if (value == '1') == (op == '=') else '!='} {_literal(code)}"
    if value == "":
        return f"not answered({name})" if op == "=" else f"answered({name})" if op == "!=" else ""
    return f"{name} {op} {_literal(value)}" if name not in sets else ""


def _literal(value: str) -> str:
    return value if _NUMBER.fullmatch(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
