"""What a Finding tells, in the language of its reader: English as it was made, Japanese by patterns."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dashboard.wording import catalogue, sentences

__all__ = [
    "Told",
    "fault_in_japanese",
    "file_alone",
    "in_japanese",
    "place_in_japanese",
    "say_finding",
    "technology_in_japanese",
]

_SLOT = re.compile(r"\{(\w+)\}")
_ROWS = re.compile(r", rows? ([\d, ]*\d)")
_LINE = re.compile(r"、行(\d+)")
_CHANGE = re.compile(r"、変更(\d+) \((\w+)\)")


class Told(NamedTuple):
    """Words and the language they are in: English where a sentence has no Japanese."""

    words: str
    lang: str


class _Pattern(NamedTuple):
    english: re.Pattern[str]
    japanese: str


@cache
def _parts() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "locale" / "sentences_ja.toml").open("rb") as file:
        return tomllib.load(file)


_FAULT = "own_fault"
"""Sentences so short that others hold them by chance: only what a fault says is held against them."""


@cache
def _patterns(only: str = "") -> tuple[_Pattern, ...]:
    """Patterns of sentences, those with most fixed letters first; of one part, or of all but some."""
    apart = ("word", "place", "technology", _FAULT)
    said = [part for name, part in _parts().items() if (name == only if only else name not in apart)]
    told = {english: japanese for part in said for english, japanese in part.items()}
    order = sorted(told, key=lambda english: -len(_SLOT.sub("", english)))
    return tuple(_Pattern(_compiled(english), told[english]) for english in order)


def _compiled(english: str) -> re.Pattern[str]:
    pieces, at, seen = [], 0, set[str]()
    for slot in _SLOT.finditer(english):
        pieces.append(re.escape(english[at : slot.start()]))
        name = slot.group(1)
        form = r"[\w-]+" if name.startswith("key") else ".+?"  # a key is one word
        pieces.append(f"(?P={name})" if name in seen else f"(?P<{name}>{form})")
        seen.add(name)
        at = slot.end()
    return re.compile("".join([*pieces, re.escape(english[at:])]), re.DOTALL)


def in_japanese(text: str) -> str | None:
    """The Japanese of a sentence that a Finding can hold; None where it has none.

    Sentences joined by a semicolon are said one after the other. Values stand as they are, but for
    what joins them: `a, b and 3 more` is `a、bほか3件`.
    """
    if not text.strip():
        return ""
    whole = _of_one(text.strip())
    if whole is None and "; " in text:
        parts = [_of_one(part) for part in text.strip().split("; ")]
        known = [part for part in parts if part is not None]
        whole = "；".join(known) if len(known) == len(parts) else None
    return whole


def technology_in_japanese(term: str) -> str | None:
    """The Japanese of what the catalogue calls a technology; None where it has none."""
    return _parts()["technology"].get(term.strip()) or in_japanese(term)


def fault_in_japanese(text: str) -> str | None:
    """The Japanese of a part of a Fault that a scenario of one's own can meet; None where it has none."""
    if not text.strip():
        return ""
    return _of_one(text.strip(), _FAULT) or in_japanese(text)


def _of_one(text: str, only: str = "") -> str | None:
    for said in dict.fromkeys((text, text[:1].lower() + text[1:].removesuffix("."))):
        for pattern in _patterns(only):
            held = pattern.english.fullmatch(said)
            if held:
                return _filled(pattern.japanese, held.groupdict(), only)
    return None


def _filled(japanese: str, given: Mapping[str, str], only: str = "") -> str:
    values = {slot: _value(slot, value, only) for slot, value in given.items()}
    return _SLOT.sub(lambda slot: values[slot.group(1)], japanese)


def _value(slot: str, value: str, only: str = "") -> str:
    """What stands in a slot: a word, sentences, measures by their names, else a value or a list of them.

    What stands in the slot `line` is another's, letter by letter; so it is in `quote`, in Japanese quotes.
    """
    if slot == "line":
        return value
    if slot.startswith("word"):
        known = _parts()["word"]
        return known.get(value) or known.get(value.removesuffix("s")) or value
    if slot == "said":
        return (fault_in_japanese if only else in_japanese)(value) or value
    if slot == "measures":
        named = [catalogue("ja").get(f"stat.{one}", one) for one in value.split(" and ")]
        return "と".join(named)
    if slot.startswith("quote"):
        return re.sub(r"^(['\"])(.+)\1$", r"「\2」", value)
    value = re.sub(r";? and (\d+) more(?: lists)?$", r"ほか\1件", value)
    value = re.sub(r",? \.\.\.$", "など", value)
    value = re.sub(r"^rows? (.+)$", r"\1行目", value)
    value = re.sub(r"^(\d+) rows?$", r"\1行", value)
    value = re.sub(r"(?<=\d)%", "％", value)
    return value.replace("; ", "；").replace(", ", "、")


def place_in_japanese(where: str) -> str:
    """The place of a Finding: names as they stand, and in Japanese whether they are a file, column or row."""
    told = re.sub(r" and (\d+) more$", r"ほか\1件", where)
    told = _ROWS.sub(lambda rows: f"、{rows.group(1).replace(', ', '、')}行目", told)
    for english, japanese in _parts()["place"].items():
        if english.startswith((",", " ")):
            told = told.replace(english, japanese)
        elif told == english or (english.endswith(" ") and told.startswith(english)):
            told = japanese + told.removeprefix(english)
    told = re.sub(r"^(\d+) columns$", r"\1列", told)
    told = _LINE.sub(r"、\1行目", told)
    told = _CHANGE.sub(r"、\1番目の変更（\2）", re.sub(r"^scenario(?=、|$)", "シナリオ", told))
    return told.replace(" and ", "・").replace(", ", "、")


def _ended(words: str, end: str) -> str:
    return words if not words or words.endswith((end, "？", "?")) else f"{words.rstrip('.')}{end}"


def say_finding(lang: str, parts: Iterable[str], where: str = "") -> Told:
    """Found, meaning and do of a Finding as sentences, after its place where one is given.

    Japanese where all three have it, else English as the Finding was made.
    """
    given = [str(part).strip() for part in parts if str(part or "").strip()]
    told = [in_japanese(part) for part in given] if lang == "ja" else [None]
    if None not in told:
        words = sentences("ja", [_ended(part, "。") for part in told if part])
        return Told(f"{place_in_japanese(where)}：{words}" if where else words, "ja")
    words = sentences("en", [_ended(part, ".") for part in given])
    return Told(f"{where}: {words}" if where else words, "en")


def file_alone(where: str) -> str:
    """A place without the folders of its file: a report that is passed on tells nothing of a machine."""
    file, comma, rest = where.partition(", ")
    return re.split(r"[/\\]", file)[-1] + comma + rest
