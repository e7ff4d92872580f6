"""What a callback may be sent: outputs that exist, inputs as declared, values of their kind and size."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["MOST_DEPTH", "MOST_LETTERS", "is_expected", "is_shallow"]

MOST_DEPTH = 12
"""Lists and tables that may stand in each other in what is sent."""

MOST_LETTERS = 4_000
"""Letters of one text of a callback, at most; an address holds no more."""

_MOST_PARTS = 2_000
_MOST_CHANGED = 50
_MOST_NUMBER = 10**9


def is_shallow(sent: Any) -> bool:
    """Whether lists and tables stand at most `MOST_DEPTH` deep in each other; never by recursion."""
    layer = [sent]
    for _ in range(MOST_DEPTH):
        layer = [inner for one in layer for inner in _inside(one)]
        if not layer:
            return True
    return False


def is_expected(sent: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether what was sent is what a page of ours would send to one of the callbacks.

    Parameters
    ----------
    sent : Any
        The JSON of a request.
    callbacks : mapping
        Output to what Dash keeps of its callback: `inputs`, `state` and `callback`.
    """
    if not isinstance(sent, dict) or not isinstance(sent.get("output"), str):
        return False
    known = callbacks.get(sent["output"])
    if known is None or "callback" not in known:
        return False
    changed = sent.get("changedPropIds", [])
    if not isinstance(changed, list) or len(changed) > _MOST_CHANGED:
        return False
    if not all(isinstance(one, str) for one in changed):
        return False
    return (
        _are_outputs(sent.get("outputs"), sent["output"])
        and _are_declared(sent.get("inputs", []), known["inputs"])
        and _are_declared(sent.get("state", []), known["state"])
    )


def _inside(one: Any) -> Iterator[Any]:
    if isinstance(one, dict):
        yield from one.values()
    elif isinstance(one, list):
        yield from one


def _are_outputs(told: Any, output: str) -> bool:
    """Whether the outputs told in full are those of the name."""
    named = [_plain(part) for part in output.strip(".").split("...")]
    listed = told if isinstance(told, list) else [told]
    if not all(isinstance(one, dict) for one in listed):
        return False
    told_names = [_plain(f"{one.get('id')}.{one.get('property')}") for one in listed]
    return told_names == named and isinstance(told, list) == output.startswith("..")


def _plain(name: str) -> str:
    """The name of an output without the mark that tells apart those who share it."""
    return name.split("@", maxsplit=1)[0]


def _are_declared(told: Any, declared: Any) -> bool:
    """Whether values stand for what was declared, in its order, each of its kind."""
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        return False
    if [(one.get("id"), one.get("property")) for one in told] != [
        (one["id"], one["property"]) for one in declared
    ]:
        return False
    return all(_fits(str(one["id"]), str(one["property"]), one.get("value")) for one in told)


def _fits(name: str, part: str, value: Any) -> bool:
    if value is None:
        return True
    if name == "ground":
        return _is_ground(value)
    if part == "getRowsRequest":
        return _is_rows_asked(value)
    if part == "pathname":
        return _is_text(value) and value.startswith("/")
    if name.startswith(("asked-", "_pages_location")):
        return _is_text(value)
    return _is_small(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) < MOST_LETTERS


def _is_ground(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("ground") in ("light", "dark")
        and isinstance(value.get("narrow", False), bool)
    )


def _is_rows_asked(value: Any) -> bool:
    """Whether a block of rows is asked for: `startRow`, `endRow`, `sortModel` of `colId` and `sort`."""
    if not isinstance(value, dict):
        return False
    ends = [value.get(end) for end in ("startRow", "endRow")]
    if not all(end is None or (_is_count(end) and 0 <= end <= _MOST_NUMBER) for end in ends):
        return False
    order = value.get("sortModel") or []
    return (
        isinstance(order, list)
        and len(order) <= _MOST_CHANGED
        and all(
            isinstance(one, dict) and _is_text(one.get("colId")) and one.get("sort") in ("asc", "desc")
            for one in order
        )
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_small(value: Any) -> bool:
    """Whether a value has few parts, and each is a text or a number of a common size."""
    todo, many = [value], 0
    while todo:
        one = todo.pop()
        many += 1
        if many > _MOST_PARTS or not _is_plain(one):
            return False
        todo.extend(one if isinstance(one, dict) else ())
        todo.extend(_inside(one))
    return True


_PLAIN: Mapping[type, Callable[[Any], bool]] = {
    str: _is_text,
    int: lambda one: abs(one) <= _MOST_NUMBER * 10**6,
    float: math.isfinite,
    bool: lambda _: True,
    type(None): lambda _: True,
    list: lambda _: True,
    dict: lambda _: True,
}
"""Kind of a value to whether one of its kind is of a common size."""


def _is_plain(one: Any) -> bool:
    check = _PLAIN.get(type(one))
    return check is not None and check(one)
