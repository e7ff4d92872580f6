"""A text that the catalogue of rules or a scenario gives, on the page: in Japanese, or marked as English."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.given_words import is_latin, plain_source, reason_words, technology_words
from dashboard.named import name_rules

__all__ = ["cited", "given_technologies", "given_text", "has_original", "named_rules"]


def given_text(lang: str, text: object) -> Component | str:
    """The words in the language of the page, else in English and marked so."""
    told = reason_words(lang, str(text or ""))
    return told.words if told.lang == lang else html.Span(told.words, lang=told.lang)


def given_technologies(lang: str, listed: object) -> Component | str:
    """Technologies of a rule in the language of the page, else in English and marked so."""
    told = technology_words(lang, str(listed or ""))
    return told.words if told.lang == lang else html.Span(told.words, lang=told.lang)


def has_original(lang: str, part: object) -> bool:
    """Whether words in another language than the page's stand somewhere in a part of it."""
    if isinstance(part, list | tuple):
        return any(has_original(lang, one) for one in part)
    if not isinstance(part, Component):
        return False
    spoken = getattr(part, "lang", None)
    return bool(spoken and spoken != lang) or has_original(lang, getattr(part, "children", None))


def cited(title: str) -> Component | str:
    """The title of a source, marked as English where it is."""
    title = plain_source(title)
    return html.Span(title, lang="en") if is_latin(title) else title


def named_rules(names: Mapping[str, str], words: str) -> list[Component | str]:
    """A text in which each rule has its name, its id small beside it; `names` by id."""
    parts: list[Component | str] = []
    for piece, rule in name_rules(names, words):
        parts += [piece, html.Span(rule, className="rule-id beside")] if rule else [piece]
    return parts
