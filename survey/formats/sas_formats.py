"""Formats of the user in SAS: which columns of a table name one, and the labels a catalogue gives them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from survey.codebook import MissingCode
from survey.faults import Finding
from survey.formats.moments import SAS
from survey.formats.reading import Reading
from survey.formats.reasons import reason_of
from survey.formats.special import SPECIAL

__all__ = ["BARE", "catalogue_beside", "own_formats", "with_catalogue"]

BARE = "formats_without_labels"
"""Note of a table that names columns and formats whose labels no catalogue has told."""
_SHOWN = 5
_OF_SAS = re.compile(
    r"(BEST[DX]?|BINARY|COMMAX?|D|DOLLARX?|E|EUROX?|F|FLOAT|FRACT|HEX|IB|IBR|IEEE|NEGPAREN|NL(NUM|MNY|PCT)\w*"
    r"|NUMX|OCTAL|PD|PERCENTN?|PIB|PIBR|PK|PVALUE|RB|ROMAN|S370\w*|SSN|VAXRB|WORD[FS]|YEN|ZD?"
    r"|\$(CHAR|UPCASE|QUOTE|HEX|BINARY|OCTAL|REVER[JS]|VARYING|ASCII|EBCDIC|MSGCASE|BASE64X|KANJIX?|UCS\w*|UTF\w*)?"
    r")[\d.]*"
)
"""Formats that SAS brings itself, for numbers and texts."""


def own_formats(forms: Mapping[str, str | None]) -> dict[str, str]:
    """Column to the format of the user that it names, without its width: labels live in a catalogue."""
    return {
        name: re.sub(r"[\d.]+$", "", form.upper())
        for name, form in forms.items()
        if form and not SAS.unit(form) and not _OF_SAS.fullmatch(form.upper())
    }


def catalogue_beside(path: Path) -> Path | None:
    """The catalogue in the folder of a table: of the same name, else `formats.sas7bcat`; None if none."""
    wanted = (f"{path.stem}.sas7bcat".lower(), "formats.sas7bcat")
    try:
        there = {p.name.lower(): p for p in sorted(path.parent.iterdir()) if p.suffix.lower() == ".sas7bcat"}
    except OSError:
        return None
    return next((there[name] for name in wanted if name in there), None)


def with_catalogue(table: Reading, catalogue: Reading, where: str) -> Reading:
    """A table with the labels that a catalogue gives to the formats its columns name.

    Special missing values with a label get the reason it tells.

    Parameters
    ----------
    table : Reading
        What `read_sas` gave.
    catalogue : Reading
        What `read_catalogue` gave.
    where : str
        Name of the catalogue, for findings.
    """
    formats = catalogue.catalogue
    labels, missing = dict(table.value_labels), dict(table.missing)
    for name, form in table.formats.items():
        found = formats.get(form, {})
        labels |= {name: dict(found)} if found else {}
        reasons = [MissingCode(c, c, reason_of(t), {"": t}) for c, t in found.items() if c in SPECIAL]
        told = {code.low for code in reasons}
        if reasons and not form.startswith("$"):
            others = [m for m in missing.get(name, ()) if m.low not in told]
            missing[name] = tuple(sorted([*others, *reasons], key=lambda m: str(m.low)))
    return replace(
        table,
        value_labels=labels,
        missing=missing,
        findings=(*table.findings, *catalogue.findings, *_absent(table, catalogue, where)),
        notes={k: v for k, v in table.notes.items() if k != BARE} | {"catalogue": where},
    )


def _absent(table: Reading, catalogue: Reading, where: str) -> list[Finding]:
    """A finding for formats that are named and not in the catalogue."""
    absent = sorted({form for form in table.formats.values() if form not in catalogue.catalogue})
    if not table.formats or len(absent) == len(set(table.formats.values())):
        found = "not one of its formats is named by a column"
        return [Finding(where, found, "It gives no labels.", "Give the catalogue of this table.")]
    if not absent:
        return []
    shown = ", ".join(absent[:_SHOWN]) + (" ..." if len(absent) > _SHOWN else "")
    return [
        Finding(where, f"{len(absent)} formats are not in it ({shown})", "Their values have no labels.", "")
    ]
