"""A questionnaire as an XLSForm workbook, which KoboToolbox, ODK and SurveyCTO field as it is."""

import os
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

from survey.codebook import Choice, Question, words
from survey.coding import code_text
from survey.exclusive import exclusive_options
from survey.faults import StudyFault
from survey.formats.xlsform_relevant import relevant_formula
from survey.gate import offered
from survey.questionnaire import Instrument

__all__ = ["LANGUAGE_NAMES", "write_xlsform"]

LANGUAGE_NAMES = {"en": "English (en)", "ja": "日本語 (ja)"}
"""Language to its name in the headings of an XLSForm."""

_CREATED = datetime(2026, 1, 15)
_SAID = {
    "exclusive": {
        "en": "This answer cannot stand with another.",
        "ja": "この選択肢は他の選択肢と同時に選べません。",
    },
    "limits": {"en": "Between {low} and {high}.", "ja": "{low}から{high}までの値です。"},
    "rising": {"en": "Not below the value before.", "ja": "前の値以上にしてください。"},
    "sum": {"en": "These answers add up to {total}.", "ja": "合計が{total}になるようにしてください。"},
    "once": {"en": "Chosen already.", "ja": "すでに選ばれています。"},
    "unit": {"en": "Unit: {unit}.", "ja": "単位：{unit}。"},
    "rank": {"en": "{label} (rank {n})", "ja": "{label}（{n}位）"},
}
"""What the form says when an answer cannot be, for each language."""


def write_xlsform(instrument: Instrument, out: Path, *, lang: str = "") -> Path:
    """Write an XLSForm (.xlsx): sheets `survey`, `choices`, `settings`, in all languages.

    A ranking of the first k is k questions, each without the answers above it; exclusive options,
    limits, sums and the order of values are constraints; questions of the office are hidden. The
    same questionnaire gives the same bytes.

    Parameters
    ----------
    instrument : Instrument
        What `survey.load_instrument` gave.
    out : Path
        The workbook to write; its folder exists.
    lang : str
        Language shown first; by default the first of the codebook.

    Raises
    ------
    StudyFault
        A language that the questionnaire does not have.
    QuestionFault
        Routing that an XLSForm cannot say.
    """
    form = _Form(instrument, _first(instrument, lang))
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": words(instrument.title, form.langs[0]), "created": _CREATED})
    heading = book.add_format({"bold": True})
    for name, (columns, rows) in form.sheets().items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 24)
        sheet.write_row(0, 0, columns, heading)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                if row.get(column):
                    sheet.write_string(number, place, row[column])
    book.close()
    beside = out.with_name(f".{out.name}.part")
    beside.write_bytes(buffer.getvalue())
    os.replace(beside, out)
    return out


def _first(instrument: Instrument, lang: str) -> tuple[str, ...]:
    """Languages, the one asked for first."""
    langs = tuple(code for code in instrument.codebook.languages if code) or ("en",)
    if lang and lang not in langs:
        raise StudyFault(f"language {lang!r}", "no such language", ", ".join(langs), "name one of these")
    return (lang, *(code for code in langs if code != lang)) if lang else langs


class _Form:
    def __init__(self, instrument: Instrument, langs: tuple[str, ...]) -> None:
        self.instrument, self.langs = instrument, langs
        self.lists: dict[tuple[object, ...], str] = {}
        self.choices: list[dict[str, str]] = []
        self.rising = instrument.rising()
        self.sums = {s.questions[-1]: s for s in instrument.totals() if s.questions}

    def sheets(self) -> dict[str, tuple[list[str], list[dict[str, str]]]]:
        rows: list[dict[str, str]] = []
        if self.instrument.note:
            rows.append({"type": "note", "name": "opening", **self.said("label", self.instrument.note)})
        for section in self.instrument.sections:
            questions = self.instrument.asked_in(section)
            if section.office:
                rows += [row for question in questions for row in self.hidden(question)]
                continue
            page = f"page_{section.id}"
            group = {"type": "begin_group", "name": page, **self.said("label", section.title)}
            rows.append(group | {"appearance": "field-list"})
            if section.note:
                rows.append({"type": "note", "name": f"{page}_note", **self.said("label", section.note)})
            rows += [row for question in questions for row in self.asked(question)]
            rows.append({"type": "end_group", "name": page})
        spoken = [LANGUAGE_NAMES.get(lang, f"{lang} ({lang})") for lang in self.langs]
        survey = ["type", "name", *(f"label::{s}" for s in spoken), *(f"hint::{s}" for s in spoken)]
        survey += ["required", "relevant", "constraint", *(f"constraint_message::{s}" for s in spoken)]
        settings = {
            "form_title": words(self.instrument.title, self.langs[0]),
            "form_id": self.instrument.id,
            "version": self.instrument.version,
            "default_language": spoken[0],
        }
        return {
            "survey": ([*survey, "appearance"], rows),
            "choices": (["list_name", "name", *(f"label::{s}" for s in spoken)], self.choices),
            "settings": (list(settings), [settings]),
        }

    def said(self, column: str, label: Mapping[str, str]) -> dict[str, str]:
        return {
            f"{column}::{LANGUAGE_NAMES.get(lang, f'{lang} ({lang})')}": words(label, lang)
            for lang in self.langs
            if words(label, lang)
        }

    def hidden(self, question: Question) -> list[dict[str, str]]:
        return [{"type": "hidden", "name": c, **self.said("label", question.label)} for c in question.columns]

    def asked(self, question: Question) -> list[dict[str, str]]:
        where = f"asked_if of question {question.id!r}"
        row = {"name": question.id, **self.said("label", question.label)}
        row |= self.said("hint", self.hint(question))
        row["relevant"] = relevant_formula(question.asked_if, self.instrument.codebook, where)
        row["required"] = "yes" if question.role == "id" else ""
        if question.kind in ("single", "binary"):
            return [{**row, "type": f"select_one {self.list_of(question, offered(question))}"}]
        if question.is_dichotomies:
            row["type"] = f"select_multiple {self.list_of(question, question.choices)}"
            alone = exclusive_options(question)
            tests = [f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone]
            return [row | self.constraint({"exclusive": " and ".join(tests)} if tests else {})]
        if question.kind == "multiple":
            return self.ranks(question, row)
        if question.kind == "number":
            return [{**row, "type": "decimal"} | self.constraint(*self.numbers(question))]
        return [{**row, "type": "date" if question.kind == "date" else "text"}]

    def hint(self, question: Question) -> dict[str, str]:
        """The hint of a question, its unit first."""
        said = {}
        for lang in self.langs:
            unit, given = self.instrument.unit(question, lang), self.instrument.hints.get(question.id, {})
            shown = _SAID["unit"].get(lang, _SAID["unit"]["en"]).format(unit=unit) if unit else ""
            said[lang] = " ".join(text for text in (shown, words(given, lang)) if text)
        return said

    def ranks(self, question: Question, row: dict[str, str]) -> list[dict[str, str]]:
        """A question for each rank, which may not repeat an answer above it."""
        rows = []
        kind = f"select_one {self.list_of(question, question.choices)}"
        for place, column in enumerate(question.columns):
            label = {
                lang: _SAID["rank"].get(lang, _SAID["rank"]["en"]).format(label=text, n=place + 1)
                for lang, text in question.label.items()
            }
            above = [f". != ${{{other}}}" for other in question.columns[:place]]
            tests = {"once": " and ".join(above)} if above else {}
            rows.append(
                row | {"name": column, "type": kind, **self.said("label", label)} | self.constraint(tests)
            )
        return rows

    def numbers(self, question: Question) -> tuple[dict[str, str], dict[str, str]]:
        """Tests of a number, and the words that go into their messages."""
        tests: dict[str, str] = {}
        low, high = self.instrument.limits.get(question.id, (None, None))
        bounds = [f". {op} {code_text(v)}" for op, v in ((">=", low), ("<=", high)) if v is not None]
        if bounds:
            tests["limits"] = " and ".join(bounds)
        if question.id in self.rising:
            before = self.rising[question.id]
            tests["rising"] = f"(${{{before}}} = '' or . >= ${{{before}}})"
        said = {"low": "" if low is None else code_text(low), "high": "" if high is None else code_text(high)}
        if question.id in self.sums:
            total = self.sums[question.id]
            parts = [f"coalesce(${{{name}}}, 0)" for name in total.questions[:-1]]
            tests["sum"] = f"{' + '.join([*parts, '.'])} = {code_text(total.total)}"
            said["total"] = code_text(total.total)
        return tests, said

    def constraint(self, tests: Mapping[str, str], filled: Mapping[str, str] | None = None) -> dict[str, str]:
        if not tests:
            return {}
        message = {
            lang: " ".join(_SAID[key].get(lang, _SAID[key]["en"]).format(**(filled or {})) for key in tests)
            for lang in self.langs
        }
        return {"constraint": " and ".join(tests.values()), **self.said("constraint_message", message)}

    def list_of(self, question: Question, choices: tuple[Choice, ...]) -> str:
        """Name of the list of these choices; equal choices share one."""
        key = tuple((c.code, tuple(sorted(c.label.items()))) for c in choices)
        if key not in self.lists:
            self.lists[key] = f"list_{question.id}"
            self.choices += [
                {"list_name": self.lists[key], "name": c.code, **self.said("label", c.label)} for c in choices
            ]
        return self.lists[key]
