"""A questionnaire as a LimeSurvey structure file (.lss), which LimeSurvey 6 imports as it is."""

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as xml_text

from survey.codebook import Choice, Question, words
from survey.coding import code_text
from survey.exclusive import exclusive_options
from survey.faults import StudyFault
from survey.formats.lss_relevance import relevance_equation
from survey.gate import offered
from survey.questionnaire import Instrument

__all__ = ["LSS_VERSION", "write_lss"]

LSS_VERSION = "630"
"""Version of the database layout that the file follows (LimeSurvey 6)."""

_SID = "202601"
_THEMES = {
    "L": "listradio",
    "M": "multiplechoice",
    "N": "numerical",
    "D": "date",
    "S": "shortfreetext",
}
_SURVEY = {
    "gsid": "1",
    "admin": "inherit",
    "adminemail": "inherit",
    "anonymized": "N",
    "format": "G",
    "savetimings": "Y",
    "template": "inherit",
    "datestamp": "Y",
    "allowsave": "Y",
    "allowprev": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "listpublic": "N",
    "htmlemail": "Y",
    "usecaptcha": "E",
    "usetokens": "N",
    "bounce_email": "inherit",
    "tokenlength": "-1",
    "showxquestions": "N",
    "showgroupinfo": "B",
    "shownoanswer": "Y",
    "showqnumcode": "N",
    "showwelcome": "Y",
    "showprogress": "Y",
    "questionindex": "-1",
    "navigationdelay": "-1",
}
_TIPS = {
    "rising": {"en": "Not below the value before.", "ja": "前の値以上にしてください。"},
    "sum": {"en": "These answers add up to {total}.", "ja": "合計が{total}になるようにしてください。"},
    "once": {"en": "Chosen already.", "ja": "すでに選ばれています。"},
    "rank": {"en": "{label} (rank {n})", "ja": "{label}（{n}位）"},
}

_Row = dict[str, str]


def write_lss(instrument: Instrument, out: Path, *, lang: str = "") -> Path:
    """Write a LimeSurvey structure (.lss) in all languages.

    Choices are list questions, sets are multiple choice with the exclusive options marked, a
    ranking of the first k is k list questions, everything else is a question of its own; no arrays.
    The same questionnaire gives the same bytes.

    Parameters
    ----------
    instrument : Instrument
        What `survey.load_instrument` gave.
    out : Path
        The file to write; its folder exists.
    lang : str
        Base language; by default the first of the codebook.

    Raises
    ------
    StudyFault
        A language that the questionnaire does not have.
    QuestionFault
        Routing that a relevance equation cannot say.
    """
    langs = tuple(code for code in instrument.codebook.languages if code) or ("en",)
    if lang and lang not in langs:
        raise StudyFault(f"language {lang!r}", "no such language", ", ".join(langs), "name one of these")
    tables = _Tables(instrument, (lang, *(code for code in langs if code != lang)) if lang else langs)
    beside = out.with_name(f".{out.name}.part")
    beside.write_text(tables.document(), encoding="utf-8", newline="\n")
    os.replace(beside, out)
    return out


class _Tables:
    """Rows of LimeSurvey's tables, numbered from 1 in the order of the questionnaire."""

    def __init__(self, instrument: Instrument, langs: tuple[str, ...]) -> None:
        self.instrument, self.langs = instrument, langs
        names = "answers answer_l10ns groups group_l10ns questions subquestions question_l10ns"
        self.rows: dict[str, list[_Row]] = {name: [] for name in names.split()}
        self.rows |= {"question_attributes": [], "surveys": [], "surveys_languagesettings": []}
        self.rising = instrument.rising()
        self.sums = {s.questions[-1]: s for s in instrument.totals() if s.questions}
        self.qid = 0

    def document(self) -> str:
        for order, section in enumerate(self.instrument.sections, start=1):
            gid = {"gid": str(order), "sid": _SID, "group_order": str(order)}
            self.rows["groups"].append({**gid, "randomization_group": "", "grelevance": ""})
            for lang in self.langs:
                said = {"group_name": words(section.title, lang), "description": words(section.note, lang)}
                self.localised("group_l10ns", {"gid": str(order)}, said, lang)
            for question in self.instrument.asked_in(section):
                self.question(str(order), question, office=section.office)
        self.survey()
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<document>"]
        lines += [" <LimeSurveyDocType>Survey</LimeSurveyDocType>", f" <DBVersion>{LSS_VERSION}</DBVersion>"]
        lines += [" <languages>", *(f"  <language>{code}</language>" for code in self.langs), " </languages>"]
        for name, rows in self.rows.items():
            if rows:
                lines += [f" <{name}>", "  <fields>"]
                lines += [
                    f"   <fieldname>{key}</fieldname>" for key in dict.fromkeys(k for r in rows for k in r)
                ]
                lines += ["  </fields>", "  <rows>"]
                for row in rows:
                    lines += ["   <row>", *(_cell(key, value) for key, value in row.items()), "   </row>"]
                lines += ["  </rows>", f" </{name}>"]
        return "\n".join([*lines, "</document>", ""])

    def survey(self) -> None:
        others = " ".join(self.langs[1:])
        own = {"sid": _SID, "language": self.langs[0], "additional_languages": others}
        self.rows["surveys"].append(own | _SURVEY)
        for lang in self.langs:
            self.rows["surveys_languagesettings"].append(
                {
                    "surveyls_survey_id": _SID,
                    "surveyls_language": lang,
                    "surveyls_title": escape(words(self.instrument.title, lang), quote=False),
                    "surveyls_description": "",
                    "surveyls_welcometext": escape(words(self.instrument.note, lang), quote=False),
                    "surveyls_dateformat": "6",
                    "surveyls_numberformat": "0",
                }
            )

    def localised(self, table: str, key: _Row, said: Mapping[str, str], lang: str) -> None:
        rows = self.rows[table]
        wording = {name: escape(text, quote=False) for name, text in said.items()}
        rows.append({"id": str(len(rows) + 1), **key, **wording, "language": lang})

    def question(self, gid: str, question: Question, *, office: bool) -> None:
        if question.kind == "multiple" and not question.is_dichotomies:
            for place, column in enumerate(question.columns):
                label = {
                    lang: _TIPS["rank"].get(lang, _TIPS["rank"]["en"]).format(label=text, n=place + 1)
                    for lang, text in question.label.items()
                }
                self.asked(gid, question, "L", column, label)
                self.answers(question.choices)
                if place:
                    above = [f"this != {c}.NAOK" for c in question.columns[:place]]
                    self.valid(f"(is_empty(this) or ({' and '.join(above)}))", "once")
            return
        kind = {"single": "L", "binary": "L", "multiple": "M", "number": "N", "date": "D"}.get(question.kind)
        self.asked(gid, question, kind or "S", question.id, question.label)
        if office:
            self.attribute("hidden", "1")
        if kind == "L":
            self.answers(offered(question))
        elif kind == "M":
            self.subquestions(gid, question)
        elif kind == "N":
            self.number(question)
        elif kind == "D":
            self.attribute("date_format", "yyyy-mm-dd")

    def asked(self, gid: str, question: Question, kind: str, title: str, label: Mapping[str, str]) -> None:
        self.qid += 1
        where = f"asked_if of question {question.id!r}"
        self.rows["questions"].append(
            {
                **self.row(gid, "0", kind, title, len(self.rows["questions"]) + 1),
                "mandatory": "Y" if question.role == "id" else "N",
                "relevance": relevance_equation(question.asked_if, self.instrument.codebook, where),
                "question_theme_name": _THEMES[kind],
            }
        )
        self.wording(str(self.qid), label, self.instrument.hints.get(question.id, {}))

    def row(self, gid: str, parent: str, kind: str, title: str, order: int) -> _Row:
        own = {"qid": str(self.qid), "parent_qid": parent, "sid": _SID, "gid": gid, "type": kind}
        own |= {"title": title, "preg": "", "other": "N", "mandatory": "N", "encrypted": "N"}
        own |= {"question_order": str(order), "scale_id": "0", "same_default": "0", "relevance": "1"}
        return own | {"question_theme_name": "", "modulename": "", "same_script": "0"}

    def wording(self, qid: str, label: Mapping[str, str], hint: Mapping[str, str]) -> None:
        for lang in self.langs:
            said = {"question": words(label, lang), "help": words(hint, lang), "script": ""}
            self.localised("question_l10ns", {"qid": qid}, said, lang)

    def answers(self, choices: tuple[Choice, ...]) -> None:
        for order, choice in enumerate(choices, start=1):
            aid = str(len(self.rows["answers"]) + 1)
            row = {"aid": aid, "qid": str(self.qid), "code": choice.code, "sortorder": str(order)}
            self.rows["answers"].append({**row, "assessment_value": "0", "scale_id": "0"})
            for lang in self.langs:
                said = {"answer": words(choice.label, lang, choice.code)}
                self.localised("answer_l10ns", {"aid": aid}, said, lang)

    def subquestions(self, gid: str, question: Question) -> None:
        alone = exclusive_options(question)
        if alone:
            self.attribute("exclude_all_others", ";".join(alone))
        parent = str(self.qid)
        for order, choice in enumerate(question.choices, start=1):
            self.qid += 1
            self.rows["subquestions"].append(self.row(gid, parent, "T", choice.code, order))
            self.wording(str(self.qid), choice.label, {})

    def number(self, question: Question) -> None:
        low, high = self.instrument.limits.get(question.id, (None, None))
        for name, value in (("min_num_value_n", low), ("max_num_value_n", high)):
            if value is not None:
                self.attribute(name, code_text(value))
        for lang in self.langs:
            if question.unit:
                self.attribute("suffix", self.instrument.unit(question, lang), lang)
        if question.id in self.rising:
            before = f"{self.rising[question.id]}.NAOK"
            self.valid(f"(is_empty(this) or is_empty({before}) or this >= {before})", "rising")
        if question.id in self.sums:
            total = self.sums[question.id]
            parts = [*(f"{name}.NAOK" for name in total.questions[:-1]), "this"]
            test = f"(is_empty(this) or sum({', '.join(parts)}) == {code_text(total.total)})"
            self.valid(test, "sum", code_text(total.total))

    def valid(self, equation: str, tip: str, total: str = "") -> None:
        self.attribute("em_validation_q", equation)
        for lang in self.langs:
            said = _TIPS[tip].get(lang, _TIPS[tip]["en"]).format(total=total)
            self.attribute("em_validation_q_tip", said, lang)

    def attribute(self, name: str, value: str, lang: str = "") -> None:
        row = {"qid": str(self.qid), "attribute": name, "value": value, "language": lang}
        self.rows["question_attributes"].append(row)


def _cell(key: str, value: str) -> str:
    return f"    <{key}>{xml_text(value)}</{key}>" if value else f"    <{key}/>"
