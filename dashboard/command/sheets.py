"""A book of tables as a reader meets it: options down, groups across, thinned by the print rules."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dashboard.command.book_words import said
from dashboard.wording import FEW, MANY, NEVER, percent_of

if TYPE_CHECKING:
    import pandas as pd

    from survey import Wave

__all__ = [
    "Cell",
    "Head",
    "Line",
    "Part",
    "Sheet",
    "Words",
    "quoted_tab",
    "sheets_for",
    "sheets_of",
    "tab_names",
]


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its break, for nested breaks the group it lies in, its group, its letter, its firms.

    `note` is a key of `said`: `nothing`, `counts`, `indicative`, `hidden` or "".
    """

    by: str
    within: str
    label: str
    letter: str
    n: int
    base: float
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and its interval in its own unit, nan where nothing is printed.

    `kind` is `share`, `count` (of firms) or `mean`; `words` stand in the place of a number that
    is kept from the reader, `unit` after an interval of counts.
    """

    kind: str
    value: float
    low: float
    high: float
    digits: int
    letters: str
    words: str = ""
    unit: str = ""

    @property
    def shown(self) -> str:
        """The number as text; where nothing is printed, why not."""
        if self.value != self.value:
            return self.words
        if self.kind == "share":
            return f"{percent_of(self.value, self.digits)}%"
        return f"{self.value:,.0f}" if self.kind == "count" else f"{self.value:,.{self.digits}f}"

    @property
    def limits(self) -> str:
        """The interval as text to the digits of the number; "" where there is none or all firms are known."""
        if self.low != self.low or self.high != self.high or self.low == self.high:
            return ""
        if self.kind == "mean":
            return f"{self.low:,.{self.digits}f} – {self.high:,.{self.digits}f}"
        if self.kind == "count":
            return f"{self.low:,.0f}–{self.high:,.0f}{self.unit}"
        return f"{percent_of(self.low, self.digits)}–{percent_of(self.high, self.digits)}%"


@dataclass(frozen=True, slots=True)
class Line:
    """An option over all columns."""

    option: str
    label: str
    is_net: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines on one base."""

    rule: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]

    @property
    def is_weighted(self) -> bool:
        """Whether weighted bases differ from the number of firms, so that both are printed."""
        return any(abs(head.base - head.n) > 1e-9 * max(head.n, 1) for head in self.heads)

    def tiers(self) -> list[list[tuple[str, int]]]:
        """Rows of headings with how many columns each spans: breaks, outer groups if any, groups."""
        breaks = [(by, len(list(group))) for by, group in groupby(self.heads, key=lambda h: h.by)]
        outer = groupby(self.heads, key=lambda h: (h.by, h.within))
        within = [(key[1], len(list(group))) for key, group in outer]
        groups = [(f"{h.label} ({h.letter})" if h.letter else h.label, 1) for h in self.heads]
        return [breaks, *([within] if any(text for text, _ in within) else []), groups]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question: id, wording, parts; whether columns were compared, so that cells may bear letters."""

    question: str
    title: str
    parts: tuple[Part, ...]
    has_letters: bool = True

    def letters_wide(self, small: float) -> float:
        """Letters of the longest number; limits, which are printed smaller, count by their part `small`."""
        heads = [head for part in self.parts for head in part.heads]
        cells = [cell for part in self.parts for line in part.lines for cell in line.cells]
        plain = [len(text) for head in heads for text in (f"{head.n:,.0f}", f"{head.base:,.1f}")]
        plain += [len(cell.shown) for cell in cells if cell.value == cell.value]
        return max([*plain, *(small * len(cell.limits) for cell in cells)], default=0.0)


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called: titles of questions, labels of options and nets by question and code."""

    lang: str
    titles: Mapping[str, str]
    labels: Mapping[tuple[str, str], str]
    nets: Set[tuple[str, str]]


def sheets_for(
    estimates: "pd.DataFrame", wave: "Wave", lang: str, letters: Mapping[tuple[str, str], str] | None = None
) -> list[Sheet]:
    """One sheet for each question, in the order of the table, with wordings for codes.

    Parameters
    ----------
    estimates : pandas.DataFrame
        What `analysis.banner` gives: for each question all columns, options innermost.
    letters : Mapping or None
        Break and group to the letter of the column.
    """
    from survey import words

    titles = {q.id: words(q.label, lang, q.id) for q in wave.codebook.questions}
    labels: dict[tuple[str, str], str] = {}
    nets: set[tuple[str, str]] = set()
    for q in wave.codebook.questions:
        labels |= {(q.id, c.code): words(c.label, lang, c.code) for c in q.choices}
        labels |= {(q.id, net): words(q.net_labels.get(net, {}), lang, net) for net in q.nets}
        nets |= {(q.id, net) for net in q.nets}
    return sheets_of(estimates, Words(lang, titles, labels, nets), letters)


def sheets_of(
    estimates: "pd.DataFrame", words: Words, letters: Mapping[tuple[str, str], str] | None = None
) -> list[Sheet]:
    """As `sheets_for`, with wordings from anywhere; a number the reader may not see has its words instead."""
    sheets = []
    for name, rows in estimates.groupby("question", sort=False, observed=True):
        question = str(name)
        parts: list[Part] = []
        for _, block in rows.groupby(["stat", "base_rule"], sort=False, observed=True):
            part = _part(question, block, words, letters or {})
            is_same = bool(parts) and parts[-1].rule == part.rule
            if is_same and [h.n for h in parts[-1].heads] == [h.n for h in part.heads]:
                parts[-1] = Part(parts[-1].rule, parts[-1].heads, (*parts[-1].lines, *part.lines))
            else:
                parts.append(part)
        sheets.append(Sheet(question, words.titles.get(question, question), tuple(parts)))
    return sheets


def _part(question: str, block: "pd.DataFrame", words: Words, letters: Mapping[tuple[str, str], str]) -> Part:
    records = block.to_dict(orient="records")
    first = records[0]
    many = next(
        (j for j, r in enumerate(records) if (r["by"], r["group"]) != (first["by"], first["group"])), None
    )
    many = len(records) if many is None else many
    columns = [records[at : at + many] for at in range(0, len(records), many)]
    heads = tuple(_head(column, words, letters) for column in columns)
    lines = []
    for k in range(many):
        option = columns[0][k]["option"]
        label, is_net = _option(question, option, columns[0][k]["stat"], words)
        lines.append(Line(option, label, is_net, tuple(_cell(column[k], words.lang) for column in columns)))
    return Part(str(first["base_rule"]), heads, tuple(lines))


def _option(question: str, option: str, stat: str, words: Words) -> tuple[str, bool]:
    """Wording of an option, and whether it is a net."""
    if (question, option) in words.labels:
        return words.labels[question, option], (question, option) in words.nets
    if not option:
        return said(stat if stat == "mean" else "share", words.lang), False
    for end in ("top", "bottom"):
        if option.startswith(f"{end} ") and option.removeprefix(f"{end} ").isdigit():
            return said(end, words.lang).format(option.removeprefix(f"{end} ")), True
    return option, False


def _head(column: Sequence[Mapping[Any, Any]], words: Words, letters: Mapping[tuple[str, str], str]) -> Head:
    """Wordings of a column, with what must be noted of its base."""
    from analysis import NEST

    titles, labels, lang = words.titles, words.labels, words.lang
    known = [r for r in column if r["n"] == r["n"]]
    first = known[0] if known else column[0]
    by, group, n = str(first["by"]), str(first["group"]), int(first["n"]) if known else 0
    note = "hidden" if not known else "nothing" if n < NEVER else "counts" if n < FEW else ""
    if not note and any("indicative" in str(r["flag"]).split(";") for r in column):
        note = "indicative"
    names, codes = ([by], [group]) if by in titles else (by.split(NEST), group.split(NEST))
    if len(names) != len(codes):
        names, codes = [by], [group]
    shown = [labels.get(pair, pair[1]) for pair in zip(names, codes, strict=True)]
    top = " > ".join(titles.get(name, name) for name in names)
    label = shown[-1] if by else said("total", lang)
    base = float(first["base"]) if known else 0.0
    return Head(top, " > ".join(shown[:-1]), label, letters.get((by, group), ""), n, base, note)


def _cell(record: Mapping[Any, Any], lang: str) -> Cell:
    """A number as it may be printed: nothing under 10 firms, counts for shares under 30."""
    if "suppressed" in str(record["flag"]):
        none = float("nan")
        return Cell("share", none, none, none, 0, "", said("hidden", lang))
    n, stat = int(record["n"]), str(record["stat"])
    value, low, high, base = (float(record[c]) for c in ("estimate", "low", "high", "base"))
    letters = str(record["letters"])
    is_share = stat == "share" or (
        str(record["option"]) == "" and record["method"] not in ("t", "census", "")
    )
    if n < NEVER:
        none = float("nan")
        return Cell("share" if is_share else "mean", none, none, none, 0, "")
    if not is_share:
        return Cell("mean", value, low, high, 2, letters)
    if n < FEW:
        return Cell("count", value * base, low * base, high * base, 0, letters, unit=said("in firms", lang))
    return Cell("share", value, low, high, 0 if n < MANY else 1, letters)


_TAB = 31
"""Letters that the name of a sheet may have."""


def tab_names(questions: Sequence[str], lang: str) -> list[str]:
    """Names sheets may have: 31 letters, none of []:*?/\\, no quote at an end, each once."""
    taken = {said(key, lang).casefold() for key in ("contents", "notes")} | {"history"}
    names = []
    for question in questions:
        stem = re.sub(r"[\[\]:*?/\\]", "_", question).strip("'")[:_TAB] or "_"
        name, turn = stem, 1
        while name.casefold() in taken:
            turn += 1
            name = stem[: _TAB - len(str(turn)) - 1] + f"~{turn}"
        taken.add(name.casefold())
        names.append(name)
    return names


def quoted_tab(name: str) -> str:
    """A sheet name within quotes."""
    return name.replace("'", "''")
