"""Names of rules in a text that gives their ids."""

import re
from collections.abc import Mapping

from dashboard.shelf import Shelf

__all__ = ["name_rules", "rule_names"]

_ID = re.compile(r"\b[A-Z][A-Z](?:-[A-Z0-9.]*[A-Z0-9])+\b", re.ASCII)


def rule_names(shelf: Shelf, lang: str) -> Mapping[str, str]:
    """Name of each rule of the catalogue of a Release by its id, in a language, else in English."""
    table = shelf.tables.get("instruments")
    if table is None:
        return {}
    english, japanese = (table[column].astype("str") for column in ("instrument", "ja"))
    names = japanese.where(japanese != "", english) if lang == "ja" else english
    return dict(zip(table["id"].astype("str"), names, strict=True))


def name_rules(names: Mapping[str, str], words: str) -> list[tuple[str, str]]:
    """A text in pieces of words and "", or the name of a rule and its id.

    >>> name_rules({"US-EL": "Entity List"}, "on US-EL, US-X")
    [('on ', ''), ('Entity List', 'US-EL'), (', US-X', '')]
    """
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _ID.finditer(words):
        if found.group() in names:
            pieces += [(words[at : found.start()], ""), (names[found.group()], found.group())]
            at = found.end()
    return [piece for piece in (*pieces, (words[at:], "")) if piece[0]]
