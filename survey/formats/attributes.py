"""Custom attributes of a .sav: names and texts that SPSS keeps with the file and with its variables."""

import re
from collections.abc import Mapping
from pathlib import Path

from survey.faults import FileFault
from survey.formats.mrsets import add_record, record_text

__all__ = ["add_attributes", "file_attribute"]

_FILE, _VARIABLES = 17, 18
_CHUNK = 8000
"""Characters of one value: at most 32,000 bytes, and SPSS takes 32,767."""


def add_attributes(path: Path, name: str, text: str, originals: Mapping[str, str]) -> None:
    """Write a text as an attribute of the file, and original names as attributes of variables.

    Layout: `name('value'\\n'value'\\n)`, values in apostrophes, one a line; those of variables
    `variable:name('value'\\n)` with `/` between them (PSPP developers' guide, Data File and
    Variable Attributes). A leading `@` hides an attribute in SPSS's Variable View.

    Parameters
    ----------
    path : Path
        A .sav file in UTF-8.
    name : str
        Name of the attribute of the file.
    text : str
        One line; cut into pieces that SPSS takes.
    originals : Mapping[str, str]
        Variable to its original name.

    Raises
    ------
    FileFault
        The dictionary breaks off.
    """
    parts = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    add_record(path, _FILE, f"@{name}(" + "".join(f"'{part}'\n" for part in parts) + ")")
    if originals:
        lines = [
            f"{variable}:original_name('{' '.join(original.splitlines())}'\n)"
            for variable, original in originals.items()
        ]
        add_record(path, _VARIABLES, "/".join(lines))


def file_attribute(path: Path, name: str) -> str:
    """Text of an attribute of the file; "" where there is none."""
    try:
        text = record_text(path, _FILE)
    except FileFault:
        return ""
    found = re.search(rf"@{re.escape(name)}\(((?:'[^\n]*'\n)+)\)", text)
    if found is None:
        return ""
    return "".join(line[1:-1] for line in found.group(1).split("\n")[:-1])
