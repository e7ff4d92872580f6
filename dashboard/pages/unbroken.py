"""Words of a text that stay on one line: dates, ids of lists and rules, ranges, numbers with their unit."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from dash import html
from dash.development.base_component import Component

__all__ = ["UNBROKEN", "hold_together", "keep_whole", "kept_whole"]

_NUMBER = r"[−+-]?\d[\d,]*(?:\.\d+)?[%％]?"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_UNITS = "firms?|days?|points?|questions?|flows?|pairs?|rules?|draws?|million|billion|trillion"
_COUNTERS = "社中|社|件|か国|か月|ポイント|日前|品目|百万|万円|億円|兆円|回|問|本|人|倍|円"

UNBROKEN = "|".join(
    (
        r"\d\d\d\d年\d?\d月(?:\d?\d日)?(?:時点)?",
        rf"\(?(?:\d?\d )?(?:{_MONTHS}) \d\d\d\d",
        r"\b[A-Z][A-Z](?:-[A-Z0-9]+)+\b",
        rf"\(?{_NUMBER}[～〜–]{_NUMBER}(?: (?:{_UNITS})\b|{_COUNTERS})?",
        rf"\(?{_NUMBER} (?:{_UNITS})\b",
        rf"{_NUMBER}(?:{_COUNTERS})",
        "非表示|秘匿処理",
    )
)
"""What stays on one line, as Python and the browser (`assets/tables.js`) both read it."""

_WHOLE = re.compile(UNBROKEN, re.ASCII)
_BRIEF = 10
"""Most letters of a text that has the room it needs."""

_PLAIN = frozenset({"Option", "Textarea", "Title"})
"""Elements that hold words alone."""


def hold_together(words: str) -> list[Component | str]:
    """A text in which no line ends inside a date, an id, a range or a number with its unit."""
    parts: list[Component | str] = []
    at = 0
    for found in _WHOLE.finditer(words):
        parts += [words[at : found.start()], html.Span(found.group(), className="unbroken")]
        at = found.end()
    return [part for part in (*parts, words[at:]) if part] if parts else [words]


def keep_whole(part: Any) -> Any:
    """Components in which every text is held together, changed in place; anything else as it stands.

    A text that is cut is one element still, for where a layout sets each child apart it was one child.
    """
    if isinstance(part, str):
        held = hold_together(part) if len(part) > _BRIEF else []
        return html.Span(held) if any(one is not part for one in held) else part
    if isinstance(part, (list, tuple)):
        return [keep_whole(one) for one in part]
    if isinstance(part, Component):
        inner = getattr(part, "children", None)
        if inner is not None and type(part).__name__ not in _PLAIN:
            part.children = keep_whole(inner)
    return part


def kept_whole(answer: Callable[..., Any]) -> Callable[..., Any]:
    """A callback whose components keep every text held together.

    A bare text that it answers stands: it may be an address or the name of a class, which are no words.
    """

    @wraps(answer)
    def held(*given: Any, **named: Any) -> Any:
        found = answer(*given, **named)
        if isinstance(found, tuple):
            return tuple(one if isinstance(one, str) else keep_whole(one) for one in found)
        return found if isinstance(found, str) else keep_whole(found)

    return held
