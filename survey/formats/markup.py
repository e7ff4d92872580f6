"""Wordings that platforms keep as HTML, as plain text."""

import html
import re

__all__ = ["plain_text"]

_LONG = 100_000
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)


def plain_text(wording: object) -> str:
    """A wording without tags, entities and line ends; "" for what is no text. `a < b` stays."""
    if wording is None or isinstance(wording, bool | list | dict):
        return ""
    text = str(wording)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub("", text) if len(text) < _LONG else text))
    return " ".join(html.unescape(text).replace("\u00a0", " ").split())
