"""The columns of LimeSurvey's answers: as its exports head them, and as its database names them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from survey.formats.lss_types import EACH, ONE

__all__ = ["AskedRow", "Column", "Part", "answer_columns"]


class Part(NamedTuple):
    """A subquestion or an answer of a list: code, wordings, scale, number in the database."""

    code: str
    label: Mapping[str, str]
    scale: str
    key: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One question of the questionnaire with what belongs to it.

    Attributes
    ----------
    qid, code, type : str
        Number, code and type letter.
    field : str
        Name in the database up to version 6: survey, group and question as `435933X641X1933`.
    label : Mapping[str, str]
        Wordings.
    relevance : tuple[str, ...]
        Relevance equations of the question and its group.
    has_other : bool
        Whether `other` may be written in.
    parts, answers : tuple[Part, ...]
        Subquestions, and answers of its list.
    ranks : int
        Most ranks of a ranking; 0 where nothing is said.
    """

    qid: str
    code: str
    type: str
    field: str
    label: Mapping[str, str]
    relevance: tuple[str, ...]
    has_other: bool
    parts: tuple[Part, ...]
    answers: tuple[Part, ...]
    ranks: int = 0

    @property
    def offered(self) -> tuple[Part, ...]:
        """What can be chosen; since version 7 the items of a ranking are its subquestions."""
        return self.parts if self.type == "R" and not self.answers else self.answers


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answers.

    Attributes
    ----------
    name : str
        As LimeSurvey's export heads it: `Q5[SQ001]`.
    fields : tuple[str, ...]
        As its database names it: `435933X641X1933SQ001` up to version 6, `Q1933_S1934` since 7.
    others : tuple[str, ...]
        Other headings that exports give it: `Q5_SQ001`, the question's wording, both.
    """

    name: str
    fields: tuple[str, ...]
    others: tuple[str, ...]


def answer_columns(row: AskedRow) -> Iterator[Column]:
    """Columns of one question, in order.

    Names since version 7 are those of LimeSurvey's own field map (`createFieldMap`, version 7.0):
    `Q` and the question's number, `_S` and the subquestion's, `_C` before `other` and `comment`,
    `#0` and `#1` for the two scales. A rank is named by the subquestion in its place.
    """
    new = f"Q{row.qid}"
    first = [part for part in row.parts if part.scale == "0"]
    across = [part for part in row.parts if part.scale != "0"]
    if row.type in ONE:
        yield _column(row.code, row.label, (row.field, new))
    if row.type == "O":
        yield _written(row, "comment", row.label)
    if row.type == "R":
        yield from _ranks(row)
    for part, label, _, key in first:
        if row.type in (":", ";"):
            for other in across:
                fields = (f"{row.field}{part}_{other.code}", f"{new}_S{key}_S{other.key}")
                yield _column(f"{row.code}[{part}_{other.code}]", {}, fields)
        elif row.type == "1":
            for scale in (0, 1):
                fields = (f"{row.field}{part}#{scale}", f"{new}_S{key}#{scale}")
                yield _column(f"{row.code}[{part}][{scale + 1}]", {}, fields)
        elif row.type in "MP" or row.type in EACH:
            said = {lang: f"{row.label.get(lang, '')} [{text}]".strip() for lang, text in label.items()}
            yield _column(f"{row.code}[{part}]", said, (f"{row.field}{part}", f"{new}_S{key}"))
            if row.type == "P":
                fields = (f"{row.field}{part}comment", f"{new}_S{key}_Ccomment")
                yield _column(f"{row.code}[{part}comment]", {}, fields)
    if row.has_other and row.type in "L!MP":
        yield _written(row, "other", {})
        if row.type == "P":
            yield _written(row, "othercomment", {})


def _ranks(row: AskedRow) -> Iterator[Column]:
    many = min(row.ranks, len(row.offered)) if row.ranks > 0 else len(row.offered)
    for place, item in enumerate(row.offered[:many]):
        sign = "R" if row.answers else "S"
        fields = (f"{row.field}{place + 1}", f"Q{row.qid}_{sign}{item.key}")
        yield _column(f"{row.code}[{place + 1}]", row.label, fields, f"{row.code}[{item.code}]")


def _written(row: AskedRow, what: str, label: Mapping[str, str]) -> Column:
    """The column of what is written beside a choice."""
    fields = (f"{row.field}{what}", f"Q{row.qid}_C{what}")
    return _column(f"{row.code}[{what}]", label, fields, f"{row.code}[_C{what}]")


def _column(name: str, label: Mapping[str, str], fields: tuple[str, ...], *more: str) -> Column:
    wordings = [text for text in label.values() if text]
    others = [name.replace("[", "_").replace("]", ""), re.sub(r"[^\w.]", ".", name), *more, *fields]
    others += [f"{name}. {text}" for text in wordings] + wordings
    return Column(name, fields, tuple(dict.fromkeys(o for o in others if o != name)))
