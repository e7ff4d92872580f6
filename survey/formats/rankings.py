"""Rankings that a form asks as one question a rank, put together again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.codebook import Question

__all__ = ["with_rankings"]

_NAME = re.compile(r"(?P<stem>.*\D)(?P<rank>\d+)")
_RANK = (re.compile(r" \(rank (\d+)\)$"), re.compile(r"（(\d+)位）$"))


def with_rankings(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Questions, of which neighbours `q1`, `q2` .. worded "(rank 1)" or "（1位）" have become a set `q`."""
    return tuple(_put_together(list(questions)))


def _put_together(questions: list[Question]) -> Iterator[Question]:
    taken = {question.id for question in questions}
    at = 0
    while at < len(questions):
        first = questions[at]
        stem = _stem(first, 1)
        many = 1
        while stem and at + many < len(questions) and _follows(first, questions[at + many], stem, many + 1):
            many += 1
        if many > 1 and stem not in taken:
            yield replace(
                first,
                id=stem,
                concept=stem,
                kind="multiple",
                columns=tuple(question.columns[0] for question in questions[at : at + many]),
                label={lang: _unranked(text) for lang, text in first.label.items()},
            )
        else:
            yield from questions[at : at + many]
        at += many


def _stem(question: Question, rank: int) -> str:
    """Name of the ranking that this question is one rank of; "" if it is none."""
    name = _NAME.fullmatch(question.id)
    ranks = {
        found[1] for text in question.label.values() for p in _RANK for found in [p.search(text)] if found
    }
    if name is None or question.kind != "single" or ranks != {str(rank)} or name["rank"] != str(rank):
        return ""
    return name["stem"]


def _follows(first: Question, other: Question, stem: str, rank: int) -> bool:
    return (
        _stem(other, rank) == stem
        and other.choices == first.choices
        and other.missing == first.missing
        and [_unranked(t) for t in other.label.values()] == [_unranked(t) for t in first.label.values()]
    )


def _unranked(text: str) -> str:
    for pattern in _RANK:
        text = pattern.sub("", text)
    return text
