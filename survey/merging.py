"""Waves put into one, side by side or one below the other, with the labels and metadata of all."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import Choice, Codebook, Question
from survey.concepts import follow_concepts
from survey.faults import Finding, QuestionFault
from survey.panels import Panel
from survey.stacking import renamed_expression, stacked
from survey.wave import Origin, Wave
from survey.weights_column import with_weight_column

__all__ = ["SHAPES", "merge"]

SHAPES = ("wide", "long")
"""wide: one row a firm, each question once for each wave. long: one row a firm and wave."""

_FIRM = {"en": "Firm (last id)", "ja": "企業（最後のID）"}
_WAVE = {"en": "Wave", "ja": "調査回"}
_THERE = {"en": "Took part in wave {0}", "ja": "{0}調査に回答"}
_ABSENT = {"en": "no", "ja": "いいえ"}
_PRESENT = {"en": "yes", "ja": "はい"}
_EXACT = 2**53


def merge(
    panel: Panel,
    *,
    shape: str = "wide",
    over_breaks: bool = False,
    firm_column: str = "panel_id",
    wave_column: str = "wave",
) -> Wave:
    """All waves of a panel as one wave; every label, missing reason, set and routing survives.

    Wide: `panel_id`, then for each wave `in_WAVE` (1 took part, 0 not) and every question and column
    under its name followed by `_WAVE`; what a firm that did not take part lacks is `not_asked`.

    Long: `panel_id`, `wave`, then one question a concept under its latest id. Where a concept has a
    break, or the same code means different things, its questions stay apart, each under its name
    followed by `_WAVE`, with a finding; a wave that lacks a question did not ask it.

    Weights made by `[weights]` come along as a column `weight`.

    Parameters
    ----------
    panel : Panel
        What `survey.panel` or `survey.follow_firms` returns.
    shape : str
        One of `SHAPES`.
    over_breaks : bool
        Long only: put questions of a concept together though a break is declared. Different
        meanings of one code are never put together.
    firm_column, wave_column : str
        Names of the new columns, where a wave has columns of these names already.

    Raises
    ------
    QuestionFault
        An unknown shape, or names that would meet (`x_2021` beside `x` of wave 2021).
    """
    if shape not in SHAPES:
        raise QuestionFault(
            "shape", repr(shape), "one of: " + ", ".join(SHAPES), "wide puts waves side by side"
        )
    panel = replace(panel, waves=tuple(with_weight_column(wave) for wave in panel.waves))
    if shape == "wide":
        together = _wide(panel, firm_column)
    else:
        together = _long(panel, over_breaks, firm_column, wave_column)
    languages = tuple(dict.fromkeys(lang for wave in panel.waves for lang in wave.codebook.languages))
    codebook = Codebook(together[1], languages)
    digest = hashlib.sha256("".join(w.origin.sha256 for w in panel.waves).encode()).hexdigest()
    path = " + ".join(w.origin.path for w in panel.waves)
    findings = [
        Finding(f"wave {w.name}, {f.where}", f.found, f.meaning, f.do)
        for w in panel.waves
        for f in w.findings
    ]
    return Wave(
        name="+".join(panel.names()),
        frame=together[0],
        codebook=codebook,
        origin=Origin(path, digest, "merged", "", len(together[0])),
        findings=(*panel.findings, *findings, *together[2]),
        notes={f"{w.name}: {key}": text for w in panel.waves for key, text in w.notes.items()},
    )


Parts = tuple[pd.DataFrame, tuple[Question, ...], tuple[Finding, ...]]


def _wide(panel: Panel, firm: str) -> Parts:
    columns: dict[str, pd.Series] = {firm: panel.firms["firm"]}
    questions = [Question(firm, "text", (firm,), _FIRM, role="id", concept=firm)]
    for at, wave in enumerate(panel.waves):
        rows = panel.rows[:, at]
        flag = f"in_{wave.name}"
        own = [
            (flag, pd.Series((rows >= 0).astype(np.int64))),
            *((f"{c}_{wave.name}", _taken(wave.frame[c], rows)) for c in wave.frame.columns),
        ]
        for name, column in own:
            if name in columns:
                raise _meet(name, wave.name)
            columns[name] = column
        questions += [_presence(flag, wave.name), *_renamed(wave, f"_{wave.name}", flag)]
    _refuse_twice(questions)
    return pd.DataFrame(columns), tuple(questions), ()


def _long(panel: Panel, over_breaks: bool, firm: str, wave: str) -> Parts:
    waves = panel.waves
    at = np.repeat(np.arange(len(waves)), [len(w) for w in waves])
    ids = np.empty(len(at), dtype=object)
    start = np.cumsum([0, *(len(w) for w in waves)])
    line, where = np.nonzero(panel.rows >= 0)
    ids[start[where] + panel.rows[line, where]] = panel.firms["firm"].to_numpy(dtype=object)[line]
    names = np.array(panel.names(), dtype=object)
    head = {firm: pd.Series(ids, dtype="str"), wave: pd.Series(names[at], dtype="str")}
    choices = tuple(Choice(name, {"": name}) for name in panel.names())
    questions = [
        Question(firm, "text", (firm,), _FIRM, role="design", concept=firm),
        Question(wave, "single", (wave,), _WAVE, choices, concept=wave),
    ]
    body, more, findings = stacked(waves, follow_concepts(waves), over_breaks, wave)
    for name in head:
        if name in body:
            raise _meet(name, panel.names()[-1])
    questions += more
    _refuse_twice(questions)
    return pd.DataFrame(head | body), tuple(questions), findings


def _taken(column: pd.Series, rows: NDArray[np.int64]) -> pd.Series:
    """A column in the order of `rows`, blank where the row is -1; no integer loses a digit."""
    if (rows >= 0).all():
        return column.iloc[rows].reset_index(drop=True)
    if pd.api.types.is_integer_dtype(column) and len(column) and column.abs().max() > _EXACT:
        column = column.astype(object)
    return (
        column.reset_index(drop=True).reindex(np.where(rows >= 0, rows, len(column))).reset_index(drop=True)
    )


def _presence(flag: str, wave: str) -> Question:
    label = {lang: text.format(wave) for lang, text in _THERE.items()}
    choices = (Choice("0", _ABSENT), Choice("1", _PRESENT))
    return Question(flag, "binary", (flag,), label, choices, counted="1", concept=flag)


def _renamed(wave: Wave, suffix: str, flag: str) -> Iterator[Question]:
    """Questions of a wave under names with a suffix, asked only of firms that took part."""
    names = {name: name + suffix for name in (*wave.codebook.ids(), *map(str, wave.frame.columns))}
    for question in wave.codebook.questions:
        routing = f"`{flag}` = 1"
        if question.asked_if:
            routing += f" and ({renamed_expression(question.asked_if, names)})"
        yield replace(
            question,
            id=question.id + suffix,
            columns=tuple(c + suffix for c in question.columns),
            choices=tuple(replace(c, column=c.column + suffix) if c.column else c for c in question.choices),
            asked_if=routing if question.role == "question" else "",
            concept=question.id + suffix,
            role="design" if question.role == "id" else question.role,
        )


def _refuse_twice(questions: Sequence[Question]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise _meet(question.id, "")
        seen.add(question.id)


def _meet(name: str, wave: str) -> QuestionFault:
    return QuestionFault(
        f"name {name!r}" + (f", wave {wave}" if wave else ""),
        "two columns would have it",
        "each name once in the merged wave",
        "rename the question in its codebook.toml or the wave in study.toml",
    )
