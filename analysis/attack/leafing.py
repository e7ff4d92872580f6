"""Lines of text and numbers in HTML and JSON: tables, attributes, scripts, and properties nobody sees."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np

__all__ = ["Line", "lines_of_page", "lines_of_values"]

Line = tuple[str, ...]

_PASSED = frozenset({"className", "class", "style", "xmlns", "namespace", "dtype"})
"""Properties that are looks."""

_FEW = 12
"""Words of an element up to which it is read as one line."""


def lines_of_page(text: str) -> list[Line]:
    """Every line of a page or an answer of a server.

    Parameters
    ----------
    text : str
        JSON, or anything with tags.

    Returns
    -------
    list of tuple of str
        In the order of the document: a row of a table, a point of a figure, an element of few words, each
        attribute (`data-...`, `aria-label`, `title`) with what stands in it.
    """
    if text.lstrip()[:1] in ("{", "["):
        try:
            return list(_of_json(json.loads(text)))
        except ValueError:
            pass
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.lines


def lines_of_values(rows: Iterable[Iterable[Any]]) -> Iterator[Line]:
    """Rows of values as lines, nothing for what is missing."""
    for row in rows:
        yield tuple(_text(value) for value in row if value is not None and value == value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.12g}"
    return str(value).strip()


def _of_json(value: Any) -> Iterator[Line]:
    """Lines of a JSON value: points of figures, rows, elements of few words, then every leaf."""
    if isinstance(value, dict):
        yield from _points(value)
        if "props" in value:
            words = _leaves(value)
            is_row = value.get("type") in ("Tr", "Li", "P", "Dt", "Dd", "Td", "Th", "Summary", "Figcaption")
            if is_row or (len(words) <= _FEW and '"Tr"' not in json.dumps(value)):
                if words:
                    yield tuple(words)
                return
        for key, part in value.items():
            if key in _PASSED:
                continue
            if isinstance(part, (dict, list)):
                yield from _of_json(part)
            elif isinstance(part, (str, int, float)) and not isinstance(part, bool):
                yield tuple(word for word in (str(key), _text(part)) if word)
    elif isinstance(value, list):
        if value and all(not isinstance(part, (dict, list)) for part in value):
            yield tuple(_text(part) for part in value if part is not None)
        elif value and all(isinstance(part, dict) and "props" not in part for part in value):
            for part in value:
                plain = [_text(v) for k, v in part.items() if isinstance(v, (str, int, float))]
                if len(plain) > 1:
                    yield tuple(word for word in plain if word)
                yield from _of_json(part)
        else:
            for part in value:
                yield from _of_json(part)
    elif isinstance(value, str):
        if value.lstrip()[:1] in ("{", "[") and len(value) > 2:
            yield from lines_of_page(value) if _is_json(value) else [(value,)]
        elif value.strip():
            yield (value.strip(),)
    elif value is not None and not isinstance(value, bool):
        yield (_text(value),)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _leaves(value: Any) -> list[str]:
    """Every word and number under a value, looks left out."""
    if isinstance(value, dict):
        inner = value.get("props", value)
        return [word for key, part in inner.items() if key not in _PASSED for word in _leaves(part)]
    if isinstance(value, list):
        return [word for part in value for word in _leaves(part)]
    word = "" if value is None else _text(value)
    return [word] if word else []


def _points(value: dict[str, Any]) -> Iterator[Line]:
    """Points of a trace: names, values, texts and whatever rides along with them."""
    keys = ("x", "y", "z", "labels", "values", "text", "hovertext", "customdata", "ids")
    columns = [column for column in (_column(value.get(key)) for key in keys) if column]
    if len(columns) < 2:
        return
    for at in range(max(len(column) for column in columns)):
        line = tuple(word for column in columns if at < len(column) for word in column[at])
        if len(line) > 1:
            yield line


def _column(value: Any) -> list[Line]:
    """A column of a trace, plain or packed; each entry its words."""
    if isinstance(value, dict) and "bdata" in value:
        try:
            packed = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(str(value.get("dtype"))))
        except (ValueError, TypeError):
            return []
        return [(_text(one),) for one in packed]
    if not isinstance(value, list):
        return []
    return [tuple(_leaves(one)) for one in value]


class _Reader(HTMLParser):
    """Rows, words and attributes of a document with tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._row: list[str] | None = None
        self._cell: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [value.strip() for name, value in attrs if value and _is_telling(name)]
        if tag == "tr":
            self._row = []
        self._script = tag == "script"
        if self._row is not None:
            if tag in ("td", "th"):
                self._close_cell()
            self._row += told
            return
        for value in told:
            self.lines += lines_of_page(value) if _is_json(value) else [(value,)]

    def handle_endtag(self, tag: str) -> None:
        self._script = False
        if tag in ("td", "th"):
            self._close_cell()
        elif tag == "tr" and self._row is not None:
            self._close_cell()
            self.lines.append(tuple(self._row))
            self._row = None

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text:
            return
        if self._script:
            for part in _json_within(text):
                self.lines += list(_of_json(part))
        elif self._row is not None:
            self._cell.append(text)
        else:
            self.lines.append((text,))

    def handle_comment(self, data: str) -> None:
        self.lines.append((data.strip(),))

    def _close_cell(self) -> None:
        if self._cell and self._row is not None:
            self._row.append(" ".join(self._cell))
        self._cell = []


def _is_telling(name: str) -> bool:
    named = ("title", "alt", "content", "value", "aria-label", "aria-description", "aria-valuetext", "srcdoc")
    return name.startswith("data-") or name in named


def _json_within(text: str) -> Iterator[Any]:
    """Every JSON value that stands in a script."""
    read, at = json.JSONDecoder(), 0
    while (found := re.compile(r"[\[{]").search(text, at)) is not None:
        try:
            value, at = read.raw_decode(text, found.start())
        except ValueError:
            at = found.start() + 1
            continue
        if value:
            yield value
