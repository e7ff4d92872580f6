"""A DDI Codebook 2.5 document of a wave: questions as archives describe them, answers as CSV beside it."""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from survey.codebook import Choice, MissingCode, Question
from survey.codebook_writing import codebook_text
from survey.coding import code_column, code_text
from survey.faults import Finding
from survey.formats.carried import CARRIED, Carried
from survey.formats.csv_write import write_csv
from survey.formats.xml_file import local_name, read_xml
from survey.wave import Wave

__all__ = ["DDI_NAMESPACE", "ddi_text", "write_ddi"]

DDI_NAMESPACE = "ddi:codebook:2_5"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS = {
    "number": ("contin", "numeric"),
    "date": ("contin", "character"),
    "text": ("discrete", "character"),
}


def write_ddi(
    path: Path, wave: Wave, *, title: str, created: datetime, more: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Write a wave as DDI Codebook 2.5 and, beside it, its answers as CSV of the same name.

    Wordings stand in every language, missing codes with their reason (`missType`), sets as
    variable groups of type `multipleResp`, nets as groups of categories, routing as the universe.

    Parameters
    ----------
    path : Path
        The XML file.
    wave : Wave
        What to write.
    title : str
        Title of the study.
    created : datetime
        Date of production.
    more : Mapping[str, str] or None
        Columns to add to the answers with one text in every row, as `write_csv`.

    Raises
    ------
    FileFault
        A column without a name.
    """
    answers = path.with_suffix(".csv")
    root = Element("codeBook", {"xmlns": DDI_NAMESPACE, "version": "2.5"})
    for section in ("docDscr", "stdyDscr"):
        _citation(SubElement(root, section), title, wave.name, created)
    study = root[-1]
    for line in dict.fromkeys([title, *(more or {}).values()] if more else []):
        _text(SubElement(study, "notes"), line)
    is_synthetic = bool(more)
    names = tuple(str(c) for c in wave.frame.columns)
    hidden = Carried(codebook_text(wave.codebook), names, is_synthetic=is_synthetic)
    _text(SubElement(study, "notes", {"type": CARRIED}), hidden.text())
    file = SubElement(SubElement(root, "fileDscr", {"ID": "F1"}), "fileTxt")
    _text(SubElement(file, "fileName"), answers.name)
    size = SubElement(file, "dimensns")
    _text(SubElement(size, "caseQnty"), str(len(wave)))
    _text(SubElement(size, "varQnty"), str(len(names)))
    _text(SubElement(file, "fileType"), "text/csv; charset=utf-8; header=true; delimiter=comma")
    _data(SubElement(root, "dataDscr"), wave, names)
    indent(root, " ")
    findings = write_csv(answers, wave, more=more, has_codebook=False)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(
            b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"
        )
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return findings


def ddi_text(path: Path) -> str:
    """What a DDI document written here carries; "" where it is another's.

    Raises
    ------
    FileFault
        No XML that can be read.
    """
    for element in read_xml(path).iter():
        if local_name(element) == "notes" and element.get("type") == CARRIED:
            return element.text or ""
    return ""


def _citation(section: Element, title: str, name: str, created: datetime) -> None:
    citation = SubElement(section, "citation")
    titles = SubElement(citation, "titlStmt")
    _text(SubElement(titles, "titl"), title)
    _text(SubElement(titles, "IDNo"), name)
    day = f"{created:%Y-%m-%d}"
    _text(SubElement(SubElement(citation, "prodStmt"), "prodDate", {"date": day}), day)


def _data(section: Element, wave: Wave, names: tuple[str, ...]) -> None:
    """Groups for sets, then a variable for each column, in the order of the file."""
    ids = {name: f"V{i + 1}" for i, name in enumerate(names)}
    for i, question in enumerate(q for q in wave.codebook.questions if q.kind == "multiple"):
        members = " ".join(ids[c] for c in question.columns)
        group = SubElement(
            section,
            "varGrp",
            {"ID": f"G{i + 1}", "type": "multipleResp", "name": question.id, "var": members},
        )
        _labels(group, "labl", question.label)
        if question.asked_if:
            _text(SubElement(group, "universe"), question.asked_if)
        if question.counted:
            _text(SubElement(group, "notes", {"type": "counted"}), question.counted)
    by_column = {c: q for q in wave.codebook.questions for c in q.columns}
    for name in names:
        _variable(section, wave, name, ids[name], by_column.get(name) or Question(name, "text", (name,)))


def _variable(section: Element, wave: Wave, name: str, key: str, question: Question) -> None:
    """One variable, its children in the order of the schema."""
    interval, written = _FORMATS.get(question.kind, ("discrete", "numeric"))
    if not all(
        code_text(c.code).lstrip("-").replace(".", "", 1).isdigit() for c in question.choices if not c.column
    ):
        written = "character"
    marks = {"ID": key, "name": name, "files": "F1", "intrvl": interval}
    marks |= {"wgt": "wgt"} if question.role == "weight" else {}
    marks |= {"measUnit": question.unit} if question.unit else {}
    variable = SubElement(section, "var", marks)
    option = next((c for c in question.choices if c.column and c.column == name), None)
    _labels(variable, "labl", option.label if option else question.label)
    if question.label:
        _labels(SubElement(variable, "qstn"), "qstnLit", question.label)
    ranges = [m for m in question.missing if m.low != m.high]
    for code in ranges:
        bad = SubElement(variable, "invalrng")
        SubElement(bad, "range", {"min": code_text(code.low), "max": code_text(code.high)})
    if question.asked_if:
        _text(SubElement(variable, "universe"), question.asked_if)
    counts = _counts(wave, name)
    choices = () if question.is_dichotomies else question.choices
    places = {c.code: f"{key}C{i + 1}" for i, c in enumerate(choices)}
    for i, (net, codes) in enumerate(question.nets.items()):
        members = " ".join(places[c] for c in codes if c in places)
        group = SubElement(variable, "catgryGrp", {"ID": f"{key}N{i + 1}", "catgry": members})
        _labels(group, "labl", question.net_labels.get(net) or {"": net})
    for choice in choices:
        _category(variable, choice.code, choice.label, counts, {"ID": places[choice.code]})
    if question.is_dichotomies:
        _category(variable, question.counted, option.label if option else {}, counts, {})
    for code in question.missing:
        if code.low == code.high:
            marks = {"missing": "Y", "missType": code.reason}
            _category(variable, code_text(code.low), code.label, counts, marks)
    if question.concept and question.concept != question.id:
        _text(SubElement(variable, "concept"), question.concept)
    SubElement(variable, "varFormat", {"type": written, "schema": "other"})
    for kind, text in _more(question):
        _text(SubElement(variable, "notes", {"type": kind}), text)


def _more(question: Question) -> list[tuple[str, str]]:
    """What DDI has no element for, as notes."""
    bands = [f"{c.code}: {_end(c, 'low')} to {_end(c, 'high')}" for c in question.choices if _is_band(c)]
    found = [("kind", question.kind), ("role", question.role)]
    found += [("bands", "; ".join(bands))] if bands else []
    found += [("counted", question.counted)] if question.counted else []
    found += [(f"reason {_span(m)}", m.reason) for m in question.missing if m.low != m.high]
    return found


def _is_band(choice: Choice) -> bool:
    return choice.low is not None or choice.high is not None


def _end(choice: Choice, key: str) -> str:
    value = getattr(choice, key)
    return "" if value is None else code_text(value)


def _span(code: MissingCode) -> str:
    return f"{code_text(code.low)} to {code_text(code.high)}"


def _category(
    parent: Element, code: str, label: Mapping[str, str], counts: Mapping[str, int], marks: Mapping[str, str]
) -> None:
    category = SubElement(parent, "catgry", dict(marks))
    _text(SubElement(category, "catValu"), code)
    _labels(category, "labl", label)
    _text(SubElement(category, "catStat", {"type": "freq"}), str(counts.get(code, 0)))


def _counts(wave: Wave, name: str) -> dict[str, int]:
    """Firms for each code of a column, missing codes too."""
    coded = code_column(wave.frame[name])
    given = coded.index[coded.index >= 0]
    tallies = np.bincount(given, minlength=len(coded.found)).tolist()
    return dict(zip(coded.found, tallies, strict=True))


def _labels(parent: Element, tag: str, label: Mapping[str, str]) -> None:
    for lang, text in label.items():
        if text:
            _text(SubElement(parent, tag, {_LANG: lang} if lang else {}), text)


def _text(element: Element, text: str) -> None:
    element.text = _NO_XML.sub("\ufffd", text)
