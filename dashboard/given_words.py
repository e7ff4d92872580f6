"""What a study or the catalogue of rules gives, in words: products, articles, flows, reasons."""

import re

from dashboard.finding_words import Told, in_japanese, technology_in_japanese
from dashboard.supply_words import country_name
from dashboard.wording import as_date, catalogue, say

__all__ = [
    "article_words",
    "drop_broken_end",
    "evidence_words",
    "is_latin",
    "path_words",
    "plain_source",
    "product_words",
    "reason_words",
    "technology_words",
]

_ARTICLES = re.compile(r"Art\. (\d+)((?:(?:,| and) \d+)*)")
_DAY = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])", re.ASCII)
_BROKEN_OFF = {
    "Answer to Thousand Talents and": "Answer to Thousand Talents",
    "Asked for in": "",
    "Dissolved 31 March 1994; Toshiba case 1987 in": "Dissolved 31 March 1994; Toshiba case 1987",
    "Named in passing in": "",
    "Worldwide scope, simpler for 42 partners; the planned control in": "Worldwide scope, simpler for 42 "
    "partners",
}
"""Notes of the received catalogue that break off, as far as they say something; its file stays as it came."""

_KEPT_IN = " in seeds"
_PARTY = re.compile(r" \(([A-Z]{2})\)")


def product_words(lang: str, code: str) -> str:
    """A product by its name where it is a known one, else as the study writes it, without `_`."""
    return catalogue(lang).get(f"product.{code}") or code.replace("_", " ")


def evidence_words(lang: str, evidence: str) -> str:
    """What a link rests on, by its word where it is a known one."""
    return catalogue(lang).get(f"evidence.{evidence}") or evidence


def article_words(lang: str, article: str) -> str:
    """An article as the language cites it (`Art. 7 and 9`, `第7条・第9条`); a foreign citation stands."""
    if lang != "ja":
        return article
    told = _ARTICLES.fullmatch(article)
    if told:
        return "・".join(f"第{number}条" for number in re.findall(r"\d+", article))
    return in_japanese(article) or article


def path_words(lang: str, path: str) -> str:
    """A flow `S001 (JP) > C0002 (CN): memory_chips` with country and product in words."""
    path, content, rests = path.partition("; content: ")
    if content:
        return say(lang, "path.content", flow=path_words(lang, path), told=reason_words(lang, rests).words)
    many = path.removesuffix(" flows")
    if many.isdigit():
        return say(lang, "matrix.flows", flows=many)
    parties, colon, product = path.rpartition(": ")
    parties, product = (parties, product) if colon else (path, "")
    opened, closed = ("（", "）") if lang == "ja" else (" (", ")")
    told = _PARTY.sub(lambda found: f"{opened}{country_name(lang, found.group(1))}{closed}", parties)
    told = told.replace(" > ", " → ")
    between = "：" if lang == "ja" else ": "
    return f"{told}{between}{product_words(lang, product)}" if product else told


def drop_broken_end(text: str) -> str:
    """A note of the catalogue as far as it says something; any other text as it is."""
    return _BROKEN_OFF.get(text, text)


def reason_words(lang: str, text: str) -> Told:
    """An act, addressee, trigger, note or reason of the catalogue; in English where it has no Japanese."""
    text = drop_broken_end(text)
    if not text:
        return Told("", lang)
    parts = [in_japanese(part) for part in text.split("; ")] if lang == "ja" else [None]
    whole = "；".join(part for part in parts if part)
    japanese = whole if None not in parts else in_japanese(text) if lang == "ja" else None
    if japanese is None:
        is_english, text = is_latin(text), plain_source(text)
        return Told(_dated("en" if is_english else lang, text), "en" if is_english else lang)
    return Told(_dated(lang, japanese), lang)


def _dated(lang: str, text: str) -> str:
    return _DAY.sub(lambda found: as_date(lang, found.group()), text)


def technology_words(lang: str, listed: str) -> Told:
    """Technologies of a rule as the catalogue lists them (`AI;quantum`), one after the other."""
    terms = [term.strip() for term in listed.split(";") if term.strip()]
    told = [technology_in_japanese(term) for term in terms] if lang == "ja" else []
    if told and None not in told:
        return Told("、".join(term for term in told if term), lang)
    return Told("; ".join(terms), "en" if is_latin(listed) else lang)


def plain_source(title: str) -> str:
    """The title of a source without the note of where its finder kept it, which no reader has."""
    return title.removesuffix(_KEPT_IN)


def is_latin(text: str) -> bool:
    """Whether a text is written in Latin letters alone, so that a Japanese page marks it as English."""
    return bool(re.search("[A-Za-z]", text)) and text.isascii()
