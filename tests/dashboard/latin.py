"""Latin letters a Japanese reader meets on a page: each run of words outside what is marked as English."""

import json
import re
from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component

__all__ = ["latin_runs", "said_in"]

_SPOKEN = ("children", "title", "alt", "placeholder", "label", "aria-label", "aria-description", "data-words")
_DRAWN = ("text", "title", "name", "hovertemplate", "hovertext", "ticktext", "customdata")
_UNREAD = ("Code", "Pre", "Script", "Textarea")
_WORD = r"[A-Za-z][A-Za-z0-9_.'’&/-]*"
_RUN = re.compile(rf"{_WORD}(?:[ ,;:()=]+{_WORD})*")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield re.sub(r"<[^>]*>|%\{[^}]*\}", " ", value)
    elif hasattr(value, "tolist"):
        yield from _texts(value.tolist())
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(value.get("text", ""))


def _drawn(value: Any) -> Iterator[str]:
    """Texts of a drawing, under the keys that a reader sees."""
    if hasattr(value, "to_plotly_json"):
        value = value.to_plotly_json()
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part) if key in _DRAWN else _drawn(part)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _drawn(one)


def _filled(value: Any) -> Iterator[str]:
    """Texts of a table that the browser fills: words, or cells `{t, l}` with their language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _filled(one)
    elif isinstance(value, dict) and value.get("l") != "en" and value.get("e") != "code":
        for key, part in value.items():
            if key in ("head", "rows", "caption", "group", "t"):
                yield from _filled(part)


def said_in(part: Any) -> Iterator[str]:
    """Each text a layout says: children, names for screen readers, drawings; not what is in English."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for one in part:
            yield from said_in(one)
    elif isinstance(part, Component):
        told = part.to_plotly_json()
        props = told["props"]
        if props.get("lang") == "en" or told["type"] in _UNREAD:
            return
        for key, value in props.items():
            if key in _SPOKEN:
                yield from said_in(value)
            elif key == "data-table":
                yield from _filled(json.loads(value))
            elif key == "figure":
                yield from _drawn(value)


def latin_runs(text: str) -> list[str]:
    """Runs of Latin words in a text, as they stand."""
    return [run.rstrip(" ,;:.") for run in _RUN.findall(text)]
