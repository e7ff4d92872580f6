"""What an instrument file says of the questions, fitted on the columns of its answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.coding import code_column
from survey.describe import describe_reading
from survey.faults import FileFault, Finding
from survey.formats.reading import Reading
from survey.formats.registry import format_of, read_format
from survey.listed_answers import ranks_in, ticks_in
from survey.respelling import respelt, reworded

__all__ = ["read_instrument", "with_instrument"]

_SHOWN = 5
_NOT_TICKED = {"0", "false", "no", "unchecked", "not selected"}
"""Values, in lower case, that are no tick: a set with nothing else was ticked by nobody."""


def read_instrument(path: Path) -> Reading:
    """The questions of an instrument: a `.qsf`, a REDCap dictionary, a DDI codebook and so on.

    A labelled survey file serves as well: its labels, reasons and sets are the instrument.

    Raises
    ------
    FileFault
        The file cannot be read, or says nothing of its questions.
    """
    reading = read_format(path, format_of(path))
    if reading.codebook is None and (reading.value_labels or reading.labels or reading.sets):
        reading = replace(reading, codebook=describe_reading(reading))
    if reading.codebook is None or not reading.codebook.questions:
        raise FileFault(
            str(path),
            "a file that says nothing of its questions",
            "an instrument with questions: .qsf, .lss, XLSForm, REDCap dictionary, DDI with variables",
            "leave the instrument out, or give another file",
        )
    return reading


def with_instrument(answers: Reading, instrument: Reading, where: str) -> Reading:
    """Answers with the questions of their instrument, as far as its columns are there.

    A column is found by its name, by another name the instrument gives it, or by the id its
    platform wrote beside it. Where the answers hold wordings and not codes, the wordings become
    the codes. A column that holds all ticks of a set as one text is kept, set aside, and a column
    for each option is added. Columns that the instrument does not know stay as the file describes
    them.

    Parameters
    ----------
    answers : Reading
        Raw answers of n firms.
    instrument : Reading
        What `read_instrument` gave.
    where : str
        Name of the instrument file, for findings.

    Returns
    -------
    Reading
        The answers with a codebook, and findings for what did not fit.
    """
    fit = _Fit(answers, instrument, where)
    questions = tuple(fit.questions())
    told = Codebook(questions, instrument.codebook.languages if instrument.codebook else ("",))
    found = [*answers.findings, *instrument.findings, *fit.findings()]
    frame = answers.frame
    if fit.added:
        frame = pd.concat([frame, pd.DataFrame(fit.added, index=frame.index)], axis=1)
    notes = {f"instrument_{key}": text for key, text in instrument.notes.items()}
    return replace(
        answers, frame=frame, codebook=told, findings=tuple(found), notes={**notes, **answers.notes}
    )


class _Fit:
    """The questions of an instrument on their way to the columns of the answers."""

    def __init__(self, answers: Reading, instrument: Reading, where: str) -> None:
        self.answers, self.instrument, self.where = answers, instrument, where
        self.added: dict[str, pd.Series] = {}
        self.absent: list[str] = []
        self.partly: list[str] = []
        self.worded: dict[str, dict[str, str]] = {}
        self.unlisted: list[str] = []
        self.untold: list[str] = []
        self.by_id = {id_: column for column, id_ in answers.ids.items()}
        self.taken: set[str] = set()

    def column(self, expected: str) -> str:
        """The column of the answers that holds an expected one; "" if none does."""
        frame = self.answers.frame
        names = (expected, *self.instrument.aliases.get(expected, ()))
        id_ = self.instrument.ids.get(expected, "")
        for name in names:
            if name in frame.columns or name in self.added:
                return name
        return next((self.by_id[n] for n in (id_, *names) if n in self.by_id), "")

    def questions(self) -> Iterator[Question]:
        """Questions whose columns are there, in the order of the instrument."""
        book = self.instrument.codebook or Codebook(())
        fitted: list[Question] = []
        for question in book.questions:
            listed = self.split(question)
            columns = {c: self.column(c) for c in question.columns}
            columns = {c: n for c, n in columns.items() if n and n not in self.taken}
            if not columns:
                self.absent += [] if question.id in self.instrument.apart else [question.id]
                continue
            if len(columns) < len(question.columns):
                self.partly.append(question.id)
            self.taken |= set(columns.values())
            fitted += [self.fitted(question, columns), *listed]
        for question in fitted:
            yield self.routed(question)

    def fitted(self, question: Question, columns: dict[str, str]) -> Question:
        """A question on its real columns, with choices as the answers spell them."""
        names = tuple(columns.values())
        if question.kind != "multiple":
            return self.spelt(replace(question, columns=names))
        if not question.is_dichotomies:
            return self.spelt(replace(question, columns=names))
        choices = [replace(c, column=columns[c.column]) for c in question.choices if c.column in columns]
        known = {c.column for c in choices}
        choices += [Choice(name, {}, name) for name in names if name not in known]
        question = replace(question, columns=names, choices=tuple(choices))
        return self.ticked(question)

    def frame_of(self, name: str) -> pd.Series:
        return self.added[name] if name in self.added else self.answers.frame[name]

    def ticked(self, question: Question) -> Question:
        """A set of dichotomies with the value that is a tick in the answers, seen by looking."""
        found = {c: code_column(self.frame_of(c), question.missing).found for c in question.columns}
        values = {code for codes in found.values() for code in codes}
        if {code.casefold() for code in values} <= _NOT_TICKED or question.counted in values:
            return question
        if len(values) == 1:
            return replace(question, counted=values.pop())
        if all(len(codes) <= 1 for codes in found.values()):
            choices = tuple(
                replace(
                    choice, code=found[choice.column][0] if found[choice.column] else choice.code, column=""
                )
                for choice in question.choices
            )
            self.worded[question.id] = {
                old.code: new.code for old, new in zip(question.choices, choices, strict=True)
            }
            return replace(question, choices=_once(choices), counted="")
        return question

    def spelt(self, question: Question) -> Question:
        """A question whose codes are the wordings, where the answers hold the wordings."""
        wordings = {
            " ".join(text.split()): c.code for c in question.choices for text in c.label.values() if text
        }
        if not wordings:
            return question
        found = {
            code for c in question.columns for code in code_column(self.frame_of(c), question.missing).found
        }
        spelt = {
            wordings[" ".join(code.split())]: code for code in found if " ".join(code.split()) in wordings
        }
        if not spelt or found & {c.code for c in question.choices}:
            return question
        langs = _languages(question, spelt)
        changed = {
            c.code: spelt.get(c.code) or next((c.label[g] for g in langs if c.label.get(g)), c.code)
            for c in question.choices
        }
        self.worded[question.id] = changed
        choices = tuple(replace(c, code=changed[c.code]) for c in question.choices)
        counted = changed.get(question.counted, question.counted)
        missing = reworded(question.missing, found)
        return replace(question, choices=_once(choices), counted=counted, missing=missing)

    def routed(self, question: Question) -> Question:
        """A question whose routing names the codes as the answers spell them."""
        routing = respelt(question.asked_if, self.worded)
        return replace(question, asked_if=routing) if routing != question.asked_if else question

    def split(self, question: Question) -> list[Question]:
        """Columns for the options of a set that the answers hold as one text; the question of that text."""
        listed, sign = self.instrument.lists.get(question.id, ("", ""))
        name = self.column(listed) if listed else ""
        if not name or name in self.taken:
            return []
        apart = [c for c in map(self.column, question.columns) if c and c != name]
        if apart:
            frame = self.answers.frame
            lost = int((frame[apart].isna().all(axis=1) & frame[name].notna()).sum())
            self.untold += [f"{question.id}: {lost} rows"] if lost else []
            return [] if name in question.columns else self.as_text(name)
        column = self.answers.frame[name]
        if question.is_dichotomies:
            codes = {_option(question, c): c.column for c in question.choices}
            ticks, rest = ticks_in(column, sign, tuple(codes))
            self.added |= {codes[code]: made for code, made in ticks.items()}
            self.unlisted += [f"{question.id}: {', '.join(rest[:_SHOWN])}"] if rest else []
        elif name not in question.columns:
            self.added |= ranks_in(column, sign, question.columns)
        else:
            return []
        return self.as_text(name)

    def as_text(self, name: str) -> list[Question]:
        """The column of a set's ticks as one text, kept and set aside."""
        self.taken.add(name)
        return [Question(f"{name}.text", "text", (name,), role="set_aside", concept=f"{name}.text")]

    def findings(self) -> Iterator[Finding]:
        """What did not fit, one finding a kind."""
        if self.absent:
            yield self._finding(
                self.absent, "questions have no column in the answers", "They are left out.", ""
            )
        if self.partly:
            yield self._finding(
                self.partly,
                "sets have options without a column",
                "These options are left out.",
                "Export all columns.",
            )
        if self.worded:
            yield self._finding(
                list(self.worded),
                "questions were answered in wordings, not codes",
                "The wordings are the codes.",
                "",
            )
        if self.unlisted:
            yield self._finding(
                self.unlisted,
                "sets hold answers that the instrument does not list",
                "They are in no option; the text as answered is kept, set aside.",
                "Look at them.",
            )
        if self.untold:
            yield self._finding(
                self.untold,
                "sets were answered in the text of all ticks and in no column of an option",
                "These rows count as silent; the text is kept, set aside.",
                "Export the ticks as one text only.",
            )
        book = self.instrument.codebook or Codebook(())
        if book.questions and not self.taken:
            yield Finding(
                self.where,
                "not one of its questions has a column in the answers",
                "It is probably the instrument of another survey.",
                "Give the instrument these answers were collected with.",
            )

    def _finding(self, ids: list[str], found: str, meaning: str, do: str) -> Finding:
        shown = ", ".join(ids[:_SHOWN]) + (" ..." if len(ids) > _SHOWN else "")
        return Finding(self.where, f"{len(ids)} {found} ({shown})", meaning, do)


def _option(question: Question, choice: Choice) -> str:
    """The code of an option as it stands in a list of ticks: the end of its column's name."""
    for start in (f"{question.id}_", f"{question.id}/", f"{question.id}___"):
        if choice.column.startswith(start) and choice.code == choice.column:
            return choice.column.removeprefix(start)
    return choice.code


def _languages(question: Question, spelt: dict[str, str]) -> list[str]:
    """Languages, the one the answers are spelt in first."""
    langs = list(dict.fromkeys(lang for c in question.choices for lang in c.label))
    hits = {
        lang: sum(
            c.label.get(lang, "").split() == spelt[c.code].split()
            for c in question.choices
            if c.code in spelt
        )
        for lang in langs
    }
    return sorted(langs, key=lambda lang: -hits[lang])


def _once(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices with each code once."""
    return tuple({c.code: c for c in choices}.values())
