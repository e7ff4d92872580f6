"""DDI Codebook 2.5 (and 2.x): variables, categories, missing values and response groups of a study."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.coding import NUMBER
from survey.faults import FileFault, Finding
from survey.formats.reading import Reading
from survey.formats.reasons import reason_of
from survey.formats.xml_file import child_text, local_name, read_xml

__all__ = ["read_ddi"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTES = {"titl": "title", "abstract": "abstract", "universe": "universe", "collDate": "collected"}


def read_ddi(path: Path) -> Reading:
    """The instrument in a DDI codebook; a study description without variables gives no questions.

    The wording of a question is `qstnLit`, else `labl`, in each language. Categories marked
    missing, and `invalrng`, become missing codes with the reason their label tells. A `varGrp` of
    type `multipleResp` becomes a set: of ticks where its variables have one common category or
    0 and 1, else of mentions. Variables marked `wgt` are weights.

    Raises
    ------
    FileFault
        Broken XML, entities, or a variable without name or that stands twice.
    """
    root = read_xml(path)
    variables: dict[str, Question] = {}
    names: dict[str, str] = {}
    for element in _all(root, "var"):
        name = element.get("name") or element.get("ID") or ""
        if not name or name in variables:
            found = f"variable {name!r} a second time" if name else "a variable without a name"
            raise FileFault(str(path), found, "each variable once, with its name", "mend the codebook")
        variables[name] = _question(name, element)
        names |= {name: name, element.get("ID") or name: name}
    findings: list[Finding] = []
    if not variables:
        findings.append(
            Finding(
                str(path),
                "a DDI record that describes a study and no variables",
                "It says nothing of the questions.",
                "Ask the archive for the variable-level codebook.",
            )
        )
    questions = _grouped(variables, list(_all(root, "varGrp")), names)
    frame = pd.DataFrame({c: pd.Series(dtype="str") for q in questions for c in q.columns})
    labels = [label for q in questions for label in (q.label, *(c.label for c in q.choices))]
    languages = tuple(dict.fromkeys(lang for label in labels for lang in label)) or ("",)
    return Reading(
        frame=frame,
        encoding="utf-8",
        findings=tuple(findings),
        notes=dict(_notes(root)),
        codebook=Codebook(tuple(questions), languages),
    )


def _all(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if local_name(e) == name)


def _children(element: Element, name: str) -> Iterator[Element]:
    return (e for e in element if local_name(e) == name)


def _notes(root: Element) -> Iterator[tuple[str, str]]:
    """Title, abstract, universe and days of collection of the study, as far as they are said."""
    study = next(_children(root, "stdyDscr"), root)
    for tag, name in _NOTES.items():
        texts = [" ".join("".join(e.itertext()).split()) for e in _all(study, tag)]
        texts = [t for t in dict.fromkeys(texts) if t]
        if texts:
            yield name, texts[0] if name == "title" else "\n".join(texts)


def _texts(elements: Iterator[Element]) -> dict[str, str]:
    """Wordings per language; the first of each language."""
    found: dict[str, str] = {}
    for element in elements:
        text = " ".join("".join(element.itertext()).split())
        if text:
            found.setdefault((element.get(_LANG) or "").split("-")[0].lower(), text)
    return found


def _question(name: str, element: Element) -> Question:
    label = _texts(e for q in _children(element, "qstn") for e in _children(q, "qstnLit"))
    label = _texts(_children(element, "labl")) | label
    form = next(_children(element, "varFormat"), None)
    is_text = form is not None and form.get("type") == "character"
    choices: list[Choice] = []
    missing: list[MissingCode] = []
    for category in _children(element, "catgry"):
        code = child_text(category, "catValu")
        wording = _texts(_children(category, "labl"))
        if code and category.get("missing", "N").upper() in ("Y", "YES", "TRUE"):
            missing.append(_missing(code, is_text, wording))
        elif code and code not in {c.code for c in choices}:
            choices.append(Choice(code, wording))
    missing += _invalid(element, is_text, {c.code: c for c in choices}, missing)
    gone = {str(m.low) for m in missing} | {f"{m.low:g}" for m in missing if not isinstance(m.low, str)}
    listed = tuple(c for c in choices if c.code not in gone)
    is_date = form is not None and form.get("category") in ("date", "time")
    if listed and element.get("intrvl") != "contin" and any(c.label for c in listed):
        kind = "single"
    else:
        kind = (
            "date"
            if is_date and form is not None and form.get("category") == "date"
            else ("text" if is_text or is_date else "number")
        )
    weight = "weight" if element.get("wgt") == "wgt" else "question"
    unit = element.get("measUnit") or ""
    return Question(name, kind, (name,), label, listed if kind == "single" else (), tuple(missing),
                    role=weight, concept=name, unit=unit)  # fmt: skip


def _missing(code: str, is_text: bool, wording: dict[str, str]) -> MissingCode:
    end: float | str = float(code) if not is_text and NUMBER.fullmatch(code) else code
    return MissingCode(end, end, reason_of(" ".join(wording.values())), wording)


def _invalid(
    element: Element, is_text: bool, choices: dict[str, Choice], known: list[MissingCode]
) -> list[MissingCode]:
    """Missing codes and ranges of `invalrng` that no category states already."""
    found: list[MissingCode] = []
    for rule in (e for r in _children(element, "invalrng") for e in r):
        if local_name(rule) == "item" and rule.get("VALUE"):
            code = str(rule.get("VALUE"))
            new = _missing(code, is_text, dict(choices[code].label) if code in choices else {})
        elif local_name(rule) == "range":
            low, high = rule.get("min"), rule.get("max")
            if low is None and high is None:
                continue
            ends = [float(low) if low else -float("inf"), float(high) if high else float("inf")]
            new = MissingCode(ends[0], ends[1], "no_answer")
        else:
            continue
        if all((new.low, new.high) != (m.low, m.high) for m in known):
            found.append(new)
    return found


def _grouped(variables: dict[str, Question], groups: list[Element], names: dict[str, str]) -> list[Question]:
    """Questions, with the variables of a response group as one set at the place of the first."""
    sets: dict[str, Question] = {}
    for group in groups:
        if group.get("type") != "multipleResp":
            continue
        refs = [names.get(ref, "") for ref in (group.get("var") or "").split()]
        columns = tuple(r for r in dict.fromkeys(refs) if r and r not in sets)
        if not columns:
            continue
        id_ = group.get("name") or group.get("ID") or columns[0]
        if id_ in variables and id_ not in columns:
            id_ = "$" + id_
        label = _texts(_children(group, "txt")) or _texts(_children(group, "labl"))
        sets |= dict.fromkeys(columns, _set(id_, label, [variables[c] for c in columns]))
    questions = [sets.get(name, question) for name, question in variables.items()]
    return list({q.id: q for q in questions}.values())


def _set(id_: str, label: dict[str, str], parts: list[Question]) -> Question:
    columns = tuple(q.columns[0] for q in parts)
    missing = tuple({(m.low, m.high): m for q in parts for m in q.missing}.values())
    codes = {c.code for q in parts for c in q.choices}
    if len(codes) <= 1 or codes == {"0", "1"}:
        counted = "1" if codes in (set(), {"0", "1"}) else next(iter(codes))
        choices = tuple(Choice(q.id, q.label, q.columns[0]) for q in parts)
        return Question(id_, "multiple", columns, label, choices, missing, counted=counted, concept=id_)
    listed = tuple({c.code: c for q in parts for c in q.choices}.values())
    return Question(id_, "multiple", columns, label, listed, missing, concept=id_)
