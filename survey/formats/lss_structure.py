"""The questions of a LimeSurvey questionnaire: kinds, options, routing, and the columns of the answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from survey.codebook import Choice, Question
from survey.formats.gate_reading import Asked, read_gate
from survey.formats.lss_columns import AskedRow, Column, Part, answer_columns
from survey.formats.lss_types import EACH, KIND, OFFERED, ONE
from survey.formats.markup import plain_text
from survey.formats.offered_reasons import without_reasons

__all__ = ["lss_columns", "lss_languages", "lss_questions"]

_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")


def lss_questions(root: Element) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """Questions in the order they are asked, and ids of those whose routing cannot be read."""
    made: list[Question] = []
    gates: dict[str, tuple[str, ...]] = {}
    for row in _in_order(root):
        for question in _questions(row):
            made.append(without_reasons(question))
            gates[question.id] = row.relevance
    by_id = {q.id: q for q in made}
    names = {q.id: Asked(q, "") for q in made}
    for question in made:
        if question.is_dichotomies:
            names |= {f"{question.id}_{c.code}": Asked(question, c.code) for c in question.choices}
    for column, (id_, option) in _fields(root).items():
        if id_ in by_id:
            names[column] = Asked(by_id[id_], option)
    unread: list[str] = []
    routed: list[Question] = []
    for question in made:
        parts = [read_gate(gate, names.get) for gate in gates[question.id]]
        if None in parts:
            unread.append(question.id)
        said = [part for part in dict.fromkeys(parts) if part]
        asked_if = " and ".join(said) if None not in parts else ""
        routed.append(replace(question, asked_if=asked_if))
    return tuple(routed), tuple(unread)


def lss_columns(root: Element) -> tuple[Column, ...]:
    """Columns of the answers, in order."""
    return tuple(column for row in _in_order(root) for column in answer_columns(row))


def lss_languages(root: Element) -> tuple[str, ...]:
    """Languages of the questionnaire, that of the survey first."""
    listed = [(row.text or "").strip() for row in root.findall("languages/language")]
    base = next((row.get("language", "") for row in _rows(root, "surveys")), "")
    return tuple(lang for lang in dict.fromkeys([base, *listed]) if lang and _LANG.fullmatch(lang))


def _rows(root: Element, table: str) -> list[dict[str, str]]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.findall(f"{table}/rows/row")]


def _wordings(root: Element, table: str, key: str, text: str) -> dict[str, dict[str, str]]:
    """Key to language to wording, of the tables since version 4 (`.._l10ns`) and before."""
    found: dict[str, dict[str, str]] = {}
    for row in _rows(root, f"{table.removesuffix('s')}_l10ns") or _rows(root, table):
        wording, lang = plain_text(row.get(text, "")), row.get("language", "")
        if wording:
            found.setdefault(row.get(key, ""), {})[lang if _LANG.fullmatch(lang) else ""] = wording
    return found


def _number(row: Mapping[str, str], key: str) -> int:
    text = row.get(key, "") or "0"
    return int(text) if text.lstrip("-").isdigit() else 0


def _in_order(root: Element) -> Iterator[AskedRow]:
    """Questions that have answers, in the order of groups and within them."""
    base = next((row.get("language", "") for row in _rows(root, "surveys")), "")
    groups = {row.get("gid", ""): row for row in _rows(root, "groups")}
    labels = _wordings(root, "questions", "qid", "question")
    labels = _wordings(root, "subquestions", "qid", "question") | labels
    rows = {row.get("qid", ""): row for row in reversed(_rows(root, "questions"))}
    parts: dict[str, dict[str, dict[str, str]]] = {}
    for row in _rows(root, "subquestions"):
        parts.setdefault(row.get("parent_qid", ""), {}).setdefault(row.get("qid", ""), row)
    answers: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
    for row in _rows(root, "answers"):
        key = (row.get("scale_id", "0"), row.get("code", ""))
        answers.setdefault(row.get("qid", ""), {}).setdefault(key, row)
    said = _wordings(root, "answers", "aid", "answer")
    old = {
        (r.get("qid"), r.get("code"), r.get("scale_id", "0"), r.get("language", "")): plain_text(
            r.get("answer")
        )
        for r in _rows(root, "answers")
        if "answer" in r
    }

    ranks = {
        row.get("qid", ""): _number(row, "value")
        for row in _rows(root, "question_attributes")
        if row.get("attribute") == "max_subquestions"
    }

    def wording(row: dict[str, str]) -> dict[str, str]:
        if "aid" in row and row["aid"] in said:
            return said[row["aid"]]
        key = (row.get("qid"), row.get("code"), row.get("scale_id", "0"))
        return {lang: text for (*where, lang), text in old.items() if tuple(where) == key and text}

    def order(row: dict[str, str]) -> tuple[int, int]:
        return _number(groups.get(row.get("gid", ""), {}), "group_order"), _number(row, "question_order")

    for row in sorted(rows.values(), key=order):
        qid = row.get("qid", "")
        if row.get("type") == "X" or (row.get("parent_qid") or "0") != "0":
            continue
        below = sorted(
            parts.get(qid, {}).values(), key=lambda r: (_number(r, "scale_id"), _number(r, "question_order"))
        )
        chosen = sorted(answers.get(qid, {}).values(), key=lambda r: _number(r, "sortorder"))
        group = groups.get(row.get("gid", ""), {}).get("grelevance", "")
        yield AskedRow(
            qid,
            row.get("title", ""),
            row.get("type", ""),
            f"{row.get('sid', '')}X{row.get('gid', '')}X{qid}",
            _first(labels.get(qid, {}), base),
            tuple(gate for gate in (group, row.get("relevance", "")) if gate.strip()),
            row.get("other") == "Y",
            tuple(
                Part(
                    r.get("title", ""),
                    _first(labels.get(r.get("qid", ""), {}), base),
                    r.get("scale_id", "0") or "0",
                    r.get("qid", ""),
                )
                for r in below
            ),
            tuple(
                Part(
                    r.get("code", ""),
                    _first(wording(r), base),
                    r.get("scale_id", "0") or "0",
                    r.get("aid", ""),
                )
                for r in chosen
            ),
            ranks.get(qid, 0),
        )


def _first(label: Mapping[str, str], base: str) -> dict[str, str]:
    """The wording with the language of the survey first."""
    return ({base: label[base]} if base in label else {}) | dict(label)


def _both(label: Mapping[str, str], part: Mapping[str, str]) -> dict[str, str]:
    langs = dict.fromkeys([*label, *part])
    return {lang: " – ".join(t for t in (label.get(lang, ""), part.get(lang, "")) if t) for lang in langs}


def _choices(row: AskedRow, scale: str = "0") -> tuple[Choice, ...]:
    fixed = tuple(
        Choice(code, {lang: text for lang, text in label.items() if lang in row.label})
        for code, label in OFFERED.get(row.type, ())
    )
    listed = tuple(Choice(one.code, one.label) for one in row.offered if one.scale == scale)
    other = (Choice("-oth-", {"en": "Other", "ja": "その他"}),) if row.has_other and row.type in "L!" else ()
    return fixed or (*listed, *other)


def _questions(row: AskedRow) -> Iterator[Question]:
    """Questions of one row: one for each that is tabulated by itself."""
    first = [part for part in row.parts if part.scale == "0"]
    columns = [column.name for column in answer_columns(row)]
    used: set[str] = set()

    def one(
        id_: str, kind: str, column: str, label: Mapping[str, str], choices: tuple[Choice, ...] = ()
    ) -> Question:
        used.add(column)
        counted = "Y" if kind == "binary" else ""
        return Question(id_, kind, (column,), label, choices, counted=counted, concept=id_)

    if row.type in "MP" and first:
        ticks = tuple(Choice(part, label, f"{row.code}[{part}]") for part, label, *_ in first)
        used |= {choice.column for choice in ticks}
        names = tuple(choice.column for choice in ticks)
        yield Question(row.code, "multiple", names, row.label, ticks, counted="Y", concept=row.code)
    elif row.type == "R" and columns:
        used |= set(columns)
        yield Question(row.code, "multiple", tuple(columns), row.label, _choices(row), concept=row.code)
    elif row.type in ONE:
        made = one(row.code, KIND.get(row.type, "text"), row.code, row.label, _choices(row))
        yield replace(made, role="set_aside") if row.type == "|" else made
    elif row.type == "1":
        for part, label, *_ in first:
            for scale in ("1", "2"):
                choices = _choices(row, str(int(scale) - 1))
                yield one(
                    f"{row.code}_{part}_{scale}",
                    "single",
                    f"{row.code}[{part}][{scale}]",
                    _both(row.label, label),
                    choices,
                )
    elif row.type in (":", ";"):
        for part, label, at, _ in row.parts:
            for other, across, to, _ in row.parts:
                if at == "0" and to != "0":
                    name = f"{row.code}[{part}_{other}]"
                    wording = _both(_both(row.label, label), across)
                    yield one(f"{row.code}_{part}_{other}", EACH[row.type], name, wording)
    elif row.type in EACH:
        for part, label, *_ in first:
            kind = EACH[row.type]
            choices = _choices(row) if kind == "single" else ()
            yield one(f"{row.code}_{part}", kind, f"{row.code}[{part}]", _both(row.label, label), choices)
    for column in columns:
        if column not in used:
            yield one(column, "text", column, row.label)


def _fields(root: Element) -> dict[str, tuple[str, str]]:
    """Names of the database to the question's id and option, for gates that use those names.

    The single ranks of a ranking are left out: an expression asks for any rank.
    """
    found: dict[str, tuple[str, str]] = {}
    for row in _in_order(root):
        for question in _questions(row) if row.type != "R" else ():
            for column in answer_columns(row):
                if column.name in question.columns:
                    option = next((c.code for c in question.choices if c.column == column.name), "")
                    found |= dict.fromkeys(column.fields, (question.id, option))
    return found
