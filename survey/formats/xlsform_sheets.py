"""The sheets of an XLSForm by their headings: wordings in each language, choices in lists and in files."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey.codebook import Choice
from survey.coding import code_text
from survey.faults import FileFault
from survey.formats.encodings import decode
from survey.formats.languages import language_code
from survey.formats.markup import plain_text
from survey.formats.workbook import Sheet, workbook_sheets

__all__ = ["choices_of_file", "files_of_choices", "headed_rows", "listed_choices", "wording_of"]

_MOST = 20_000
"""Choices of one file that are taken; a longer one is no list to choose from."""


def headed_rows(sheet: Sheet) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Headings of a sheet and its rows by heading; the platform's own headings in lower case."""
    if not sheet.rows:
        return {}, []
    heads: dict[str, int] = {}
    for place, cell in enumerate(sheet.rows[0][1]):
        head = code_text(cell).strip() if cell is not None else ""
        if head:
            heads.setdefault(head if ":" in head else head.lower(), place)
    body = [
        {head: row[place] for head, place in heads.items() if place < len(row) and row[place] is not None}
        for _, row in sheet.rows[1:]
    ]
    return heads, body


def wording_of(row: Mapping[str, Any], column: str = "label") -> dict[str, str]:
    """Language to wording, from `label`, `label::English (en)`, `label:ja`."""
    label: dict[str, str] = {}
    for head, cell in row.items():
        name, _, lang = head.partition(":")
        if name.strip().lower() == column.lower():
            text = plain_text(re.sub(r"\*\*|__|^#+\s*", "", code_text(cell)))
            if text:
                label[language_code(lang.lstrip(":").strip()) if lang else ""] = text
    return label


def listed_choices(sheet: Sheet | None) -> dict[str, tuple[Choice, ...]]:
    """List to its choices."""
    lists: dict[str, dict[str, Choice]] = {}
    for row in headed_rows(sheet)[1] if sheet else []:
        name = row.get("list_name", row.get("list name"))
        code = row.get("name", row.get("value"))
        if name is not None and code is not None:
            text = code_text(code).strip()
            lists.setdefault(code_text(name).strip(), {}).setdefault(text, Choice(text, wording_of(row)))
    return {name: tuple(codes.values()) for name, codes in lists.items()}


def files_of_choices(form: Path) -> tuple[Path, ...]:
    """Files that a form takes choices from and that lie beside it.

    Raises
    ------
    FileFault
        A damaged workbook.
    """
    found: dict[Path, None] = {}
    for sheet in workbook_sheets(form, ("survey",)):
        for row in headed_rows(sheet)[1]:
            kind, _, name = code_text(row.get("type", "")).strip().partition(" ")
            beside = _beside(form, name.strip()) if kind.endswith("_from_file") else None
            if beside is not None:
                found[beside] = None
    return tuple(found)


def _beside(form: Path, name: str) -> Path | None:
    """The file of this name beside a form or in its folder of media; folders in the name are cut."""
    folders = (form.parent, form.parent / f"{form.stem}-media")
    return next((f / Path(name).name for f in folders if (f / Path(name).name).is_file()), None)


def choices_of_file(form: Path, name: str, parameters: str = "") -> tuple[Choice, ...]:
    """Choices of a CSV file that lies beside a form, or in its folder `<form>-media`.

    Parameters
    ----------
    form : Path
        The form.
    name : str
        Name of the file as the form says it; folders in it are not followed.
    parameters : str
        `value=code label=city`, where the columns are not called `name` and `label`.

    Returns
    -------
    tuple[Choice, ...]
        Empty where there is no such file, or it is no table of choices.
    """
    said = dict(part.partition("=")[::2] for part in parameters.replace(",", " ").split())
    found = _beside(form, name)
    if found is None or found.suffix.lower() != ".csv":
        return ()
    try:
        rows = list(csv.DictReader(io.StringIO(decode(found)[0], newline="")))
    except (FileFault, csv.Error):
        return ()
    value, label = said.get("value", "name"), said.get("label", "label")
    codes: dict[str, Choice] = {}
    for row in rows[:_MOST]:
        cells = {head: cell for head, cell in row.items() if head and isinstance(cell, str)}
        code = cells.get(value, "").strip()
        if code:
            codes.setdefault(code, Choice(code, wording_of(cells, label)))
    return tuple(codes.values()) if len(rows) <= _MOST else ()
