"""CDISC ODM XML, as REDCap exports a project: questions, code lists and all answers in one file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.faults import FileFault, Finding
from survey.formats.markup import plain_text
from survey.formats.reading import Reading
from survey.formats.redcap import choices_of, field_question, routed_by_branching
from survey.formats.xml_file import local_name, read_xml

__all__ = ["read_odm"]

_KINDS = {"integer": "number", "float": "number", "double": "number", "date": "date", "datetime": "date",
          "partialDate": "date", "boolean": "binary"}  # fmt: skip
_EVENT, _FORM, _REPEAT = "event", "form", "repeat"


def read_odm(path: Path) -> Reading:
    """The answers and questions of an ODM file; one row for each subject, event and repeat of a form.

    Items of one REDCap checkbox make a set. Forms that repeat have rows of their own, the first time
    too, as in REDCap's CSV; each row bears the id of its subject. Columns `event`, `form` and
    `repeat` are added only where a project has several events or repeating forms. A file without
    clinical data is an instrument.

    Raises
    ------
    FileFault
        Broken XML, entities, an item that is not defined, or two values for one cell.
    """
    root = read_xml(path)
    items = {i.get("OID", ""): i for i in _all(root, "ItemDef")}
    if not items:
        raise FileFault(str(path), "ODM without ItemDef", "an ODM file with questions", "export metadata too")
    lists = {c.get("OID", ""): c for c in _all(root, "CodeList")}
    questions, lost = _questions(items, lists)
    columns = [c for q in questions for c in q.columns]
    rows, is_long = _rows(path, root, items)
    names = [*([_EVENT, _FORM, _REPEAT] if is_long else []), *columns]
    frame = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype="str") for name in names})
    frame = frame.mask(frame == "") if len(frame) else frame
    for question in questions:
        if question.kind in ("multiple", "binary", "single", "number"):
            for column in question.columns:
                frame[column] = _numbers(frame[column])
    findings = []
    if lost:
        findings.append(
            Finding(
                str(path),
                f"branching logic of {len(lost)} fields is not read ({', '.join(lost[:5])})",
                "They have no routing: silence and not asked look alike.",
                "Write asked_if for them in codebook.toml.",
            )
        )
    if is_long:
        findings.append(
            Finding(
                str(path),
                f"{len(rows)} rows of {len({r['']: 0 for r in rows})} subjects",
                "Events and repeating forms have rows of their own; they count as firms.",
                "Keep one row a firm by a cleaning rule: `drop` where answered(form), or by event.",
            )
        )
    name = next((plain_text("".join(e.itertext())) for e in _all(root, "StudyName")), "")
    return Reading(
        frame=frame,
        encoding="utf-8",
        findings=tuple(findings),
        notes={"title": name} if name else {},
        codebook=Codebook(tuple(questions)),
    )


def _all(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if local_name(e) == name)


def _attribute(element: Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _translated(element: Element) -> dict[str, str]:
    """Texts of an element per language."""
    found: dict[str, str] = {}
    for text in _all(element, "TranslatedText"):
        lang = _attribute(text, "lang").split("-")[0].lower()
        said = plain_text("".join(text.itertext()))
        if said:
            found.setdefault(lang, said)
    return found


def _choices(code_list: Element | None) -> tuple[Choice, ...]:
    if code_list is None:
        return ()
    items = [e for e in code_list if local_name(e) in ("CodeListItem", "EnumeratedItem")]
    return tuple(Choice(e.get("CodedValue", ""), _translated(e)) for e in items if e.get("CodedValue"))


def _list_of(item: Element, lists: dict[str, Element]) -> Element | None:
    ref = next(_all(item, "CodeListRef"), None)
    return lists.get(ref.get("CodeListOID", "")) if ref is not None else None


def _questions(items: dict[str, Element], lists: dict[str, Element]) -> tuple[list[Question], list[str]]:
    """Questions in the order of the items, and the fields whose branching logic is not read."""
    questions: dict[str, Question] = {}
    logic: dict[str, str] = {}
    for oid, item in items.items():
        field, label = _attribute(item, "Variable") or oid, _translated(next(_all(item, "Question"), item))
        logic[field] = _attribute(item, "BranchingLogic")
        code_list = _list_of(item, lists)
        if _attribute(item, "FieldType") == "checkbox":
            code = oid.removeprefix(f"{field}___")
            wordings = choices_of(_attribute(code_list, "CheckboxChoices") if code_list is not None else "")
            given = next((c for c in wordings if c.lower().replace("-", "_") == code), code)
            choice = Choice(given, {"": wordings[given]} if wordings.get(given) else {}, oid)
            old = questions.get(field) or Question(field, "multiple", (), label, counted="1", concept=field)
            questions[field] = replace(old, columns=(*old.columns, oid), choices=(*old.choices, choice))
            continue
        validation = _attribute(item, "TextValidationType")
        drawn = field_question(oid, _attribute(item, "FieldType") or "text", "", "", validation)
        kind = _KINDS.get(item.get("DataType", ""), drawn.kind if drawn else "text")
        choices = _choices(code_list)
        kind = (
            ("binary" if kind == "binary" else "single") if choices else "text" if kind == "single" else kind
        )
        aside = "set_aside" if _attribute(item, "Identifier").lower() in ("y", "1") else "question"
        counted = "1" if kind == "binary" else ""
        questions[oid] = Question(oid, kind, (oid,), label, choices, counted=counted, role=aside, concept=oid)
    return routed_by_branching(list(questions.values()), logic)


def _rows(path: Path, root: Element, items: dict[str, Element]) -> tuple[list[dict[str, str]], bool]:
    """One dict of cells a row, and whether events or repeats make several rows of a subject."""
    rows: dict[tuple[str, str, str, str], dict[str, str]] = {}
    repeating = _repeating(root)
    for subject in _all(root, "SubjectData"):
        key, before = subject.get("SubjectKey", ""), len(rows)
        events = [e for e in subject if local_name(e) == "StudyEventData"] or [subject]
        for event in events:
            name = event.get("StudyEventOID", "") if event is not subject else ""
            repeat = event.get("StudyEventRepeatKey", "1") if event is not subject else "1"
            for form in (e for e in event if local_name(e) == "FormData"):
                again = form.get("FormRepeatKey", "1")
                is_again = form.get("FormOID", "") in repeating
                cell = f"{name} {repeat}".strip() if repeat not in ("", "1") else name
                place = (key, cell, form.get("FormOID", "") if is_again else "", again if is_again else "")
                row = rows.setdefault(place, {"": key, _EVENT: cell, _FORM: place[2], _REPEAT: place[3]})
                if (own := _attribute(subject, "RecordIdField")) in items:
                    row[own] = key
                _fill(path, row, form, items)
        if len(rows) == before:
            rows.setdefault((key, "", "", ""), {"": key})
    return list(rows.values()), len({p[0] for p in rows}) < len(rows)


def _repeating(root: Element) -> set[str]:
    """Forms that a subject may fill in several times, as declared or as done."""
    named = {_attribute(e, "RepeatInstrument") for e in _all(root, "RepeatingInstrument")}
    forms = {
        form.get("OID", "")
        for form in _all(root, "FormDef")
        if form.get("Repeating") == "Yes" or (_attribute(form, "FormName") or form.get("OID")) in named
    }
    done = {
        f.get("FormOID", "") for f in _all(root, "FormData") if f.get("FormRepeatKey", "1") not in ("", "1")
    }
    return forms | done


def _fill(path: Path, row: dict[str, str], form: Element, items: dict[str, Element]) -> None:
    for data in _all(form, "ItemData"):
        oid, value = data.get("ItemOID", ""), data.get("Value", "")
        where = f"{path}, subject {row['']!r}, item {oid!r}"
        if oid not in items:
            raise FileFault(
                where, "an answer to an item that is not defined", "an ItemDef for each item", "export again"
            )
        if oid in row and row[oid] != value:
            found = f"two values, {row[oid]!r} and {value!r}"
            raise FileFault(where, found, "one value a cell", "repeat items are not read: export as CSV")
        row[oid] = value


def _numbers(column: pd.Series) -> pd.Series:
    """Numbers where every filled cell is a plain number without leading zeros, else as it is."""
    filled = column.dropna()
    if not len(filled) or not filled.str.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d+)?").all():
        return column
    return column.astype("float64")
