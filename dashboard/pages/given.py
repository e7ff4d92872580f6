"""A text that the catalogue of rules or a scenario gives, on the page: in Japanese, or marked as English."""

from dash import html
from dash.development.base_component import Component

from dashboard.given_words import is_latin, reason_words

__all__ = ["cited", "given_text"]


def given_text(lang: str, text: object) -> Component | str:
    """The words in the language of the page, else in English and marked so."""
    told = reason_words(lang, str(text or ""))
    return told.words if told.lang == lang else html.Span(told.words, lang=told.lang)


def cited(title: str) -> Component | str:
    """The title of a source as it stands, marked as English where it is."""
    return html.Span(title, lang="en") if is_latin(title) else title
