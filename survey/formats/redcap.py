"""REDCap: the questions of a data dictionary, with the columns its exports of answers have."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from survey.codebook import Choice, Codebook, Question
from survey.faults import FileFault, Finding
from survey.formats.encodings import decode
from survey.formats.markup import plain_text
from survey.formats.reading import Reading
from survey.formats.redcap_logic import branching_expression

__all__ = ["DICTIONARY_HEADERS", "choices_of", "field_question", "read_dictionary", "routed_by_branching"]

DICTIONARY_HEADERS = {
    "Variable / Field Name": "field_name",
    "Form Name": "form_name",
    "Field Type": "field_type",
    "Field Label": "field_label",
    "Choices, Calculations, OR Slider Labels": "select_choices_or_calculations",
    "Text Validation Type OR Show Slider Number": "text_validation_type_or_show_slider_number",
    "Identifier?": "identifier",
    "Branching Logic (Show field only if...)": "branching_logic",
}
"""Headers of a dictionary as downloaded, and as the API names them."""

_NUMBERS = ("integer", "number")
_STATUS = (Choice("0", {"": "Incomplete"}), Choice("1", {"": "Unverified"}), Choice("2", {"": "Complete"}))
_YES_NO = (Choice("1", {"": "Yes"}), Choice("0", {"": "No"}))
_TRUE_FALSE = (Choice("1", {"": "True"}), Choice("0", {"": "False"}))


def read_dictionary(path: Path) -> Reading:
    """The instrument in a REDCap data dictionary (CSV, as downloaded or from the API).

    A checkbox makes a set with a column `field___code` for each option; fields marked as
    identifiers are set aside; each form has its status `form_complete`; branching logic becomes
    routing where all of it can be said.

    Raises
    ------
    FileFault
        Not a dictionary, a broken row, or a field that stands twice.
    """
    text, encoding, findings = decode(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        do = "export the dictionary again"
        raise FileFault(str(path), f"a broken quote ({error})", "a REDCap dictionary", do) from error
    names = [DICTIONARY_HEADERS.get(cell.strip(), cell.strip()) for cell in rows[0]] if rows else []
    if "field_name" not in names or "field_type" not in names:
        raise FileFault(
            str(path), "no columns of field names and types", "a REDCap dictionary", "export it again"
        )
    fields: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], start=1):
        if not any(cell.strip() for cell in row):
            continue
        where = f"{path}, row {number}"
        if len(row) != len(names):
            do = "export the dictionary again"
            raise FileFault(where, f"{len(row)} cells", f"{len(names)} cells, as the header has", do)
        field = dict(zip(names, row, strict=True))
        name = field["field_name"].strip()
        if not name or name in fields:
            found = f"the field {name!r} a second time" if name else "a field without a name"
            raise FileFault(where, found, "each field once, with its name", "mend the dictionary")
        fields[name] = field
    questions: list[Question] = []
    for name, field in fields.items():
        question = field_question(
            name,
            field["field_type"].strip(),
            field.get("field_label", ""),
            field.get("select_choices_or_calculations", ""),
            field.get("text_validation_type_or_show_slider_number", "").strip(),
        )
        if question is not None:
            private = field.get("identifier", "").strip().lower() in ("y", "1", "yes")
            questions.append(_set_aside(question) if private else question)
    forms = dict.fromkeys(f.get("form_name", "").strip() for f in fields.values())
    questions += [_status(form) for form in forms if form and f"{form}_complete" not in fields]
    logic = {name: f.get("branching_logic", "").strip() for name, f in fields.items()}
    questions, lost = routed_by_branching(questions, logic)
    frame = pd.DataFrame({c: pd.Series(dtype="str") for q in questions for c in q.columns})
    return Reading(
        frame=frame,
        encoding=encoding,
        findings=(*findings, *_lost(path, lost)),
        codebook=Codebook(tuple(questions)),
    )


def field_question(name: str, kind: str, label: str, choices: str, validation: str) -> Question | None:
    """The question of one field; None for fields that hold no answer.

    A number with a decimal comma stays text: `1,234` there is not what it is elsewhere.
    """
    said = {"": plain_text(label)} if plain_text(label) else {}
    if kind == "descriptive":
        return None
    if kind == "checkbox":
        options = tuple(
            Choice(code, {"": text} if text else {}, f"{name}___{_column_code(code)}")
            for code, text in choices_of(choices).items()
        )
        columns = tuple(dict.fromkeys(c.column for c in options))
        return (
            Question(name, "multiple", columns, said, options, counted="1", concept=name) if options else None
        )
    if kind in ("radio", "dropdown", "select"):
        listed = tuple(Choice(c, {"": t} if t else {}) for c, t in choices_of(choices).items())
        return Question(name, "single", (name,), said, listed, concept=name)
    if kind in ("yesno", "truefalse"):
        both = _YES_NO if kind == "yesno" else _TRUE_FALSE
        return Question(name, "binary", (name,), said, both, counted="1", concept=name)
    is_number = validation.startswith(_NUMBERS) and not validation.endswith("comma_decimal")
    if kind in ("calc", "slider") or (kind == "text" and is_number):
        return Question(name, "number", (name,), said, concept=name)
    if kind == "text" and validation.startswith("date"):
        return Question(name, "date", (name,), said, concept=name)
    return Question(name, "text", (name,), said, concept=name)


def choices_of(text: str) -> dict[str, str]:
    """`1, Yes | 2, No` as codes and wordings."""
    found: dict[str, str] = {}
    for part in re.split(r"\||\n", text):
        code, _, label = part.partition(",")
        if code.strip():
            found.setdefault(code.strip(), plain_text(label))
    return found


def routed_by_branching(
    questions: list[Question], logic: Mapping[str, str]
) -> tuple[list[Question], list[str]]:
    """Questions with branching logic as routing, and the fields whose logic is not read."""
    sets = {q.id: {c.code for c in q.choices} for q in questions if q.kind == "multiple"}
    known = {q.id for q in questions}
    lost: list[str] = []
    routed: list[Question] = []
    for question in questions:
        said = logic.get(question.id, "")
        expression = branching_expression(said, known, sets) if said else ""
        if said and not expression:
            lost.append(question.id)
        routed.append(replace(question, asked_if=expression) if expression else question)
    return routed, lost


def _lost(path: Path, lost: list[str]) -> list[Finding]:
    if not lost:
        return []
    shown = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
    return [
        Finding(
            str(path),
            f"branching logic of {len(lost)} fields is not read ({shown})",
            "They have no routing: silence and not asked look alike.",
            "Write asked_if for them in codebook.toml.",
        )
    ]


def _set_aside(question: Question) -> Question:
    return replace(question, role="set_aside")


def _status(form: str) -> Question:
    name = f"{form}_complete"
    return Question(name, "single", (name,), {"": f"{form}: Complete?"}, _STATUS, concept=name)


def _column_code(code: str) -> str:
    """A code as REDCap writes it in the name of a checkbox column: lower case, a minus as `_`."""
    return code.lower().replace("-", "_")
