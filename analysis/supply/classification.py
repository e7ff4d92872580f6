"""Product codes of links are held against the classification they are said to be of."""

import re
from functools import cache

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from analysis.supply.words import respelt
from survey import Finding, data_folder

__all__ = ["SYSTEMS", "checked_codes"]

SYSTEMS = ("hs", "naics", "isic", "jsic")
"""Harmonized System 2022, NAICS 2022, ISIC Rev. 4, Japan Standard Industrial Classification."""

_LENGTHS = {
    "hs": (2, 4, 6, 8, 9, 10, 11, 12, 13),
    "naics": (2, 3, 4, 5, 6),
    "isic": (1, 2, 3, 4),
    "jsic": (1, 2, 3, 4),
}
_NATIONAL = ("98", "99")


@cache
def _known(system: str) -> frozenset[str]:
    table = pd.read_csv(data_folder() / "classification" / "codes.csv", dtype=str)
    return frozenset(table.loc[table["system"] == system, "code"])


def _tidy(word: str, system: str) -> str:
    """A code without points and spaces; of ISIC and JSIC `C2610` becomes `2610`."""
    plain = re.sub(r"[.\s\-]", "", word.upper())
    return re.sub(r"^[A-V](?=\d)", "", plain) if system in ("isic", "jsic") else plain


def _fault(code: str, system: str) -> str:
    """What is wrong with a tidied code: "" for nothing."""
    is_section = system in ("isic", "jsic") and len(code) == 1 and code.isalpha()
    if not is_section and not code.isdigit():
        return "no code"
    if len(code) not in _LENGTHS[system] or (len(code) == 1 and not is_section):
        return "wrong length"
    if system == "hs":
        stem = code[:2] if code[:2] in _NATIONAL else code[:6]
    else:
        stem = code if system == "naics" else code[:2]
    if stem in _known(system):
        return ""
    return "unknown chapter" if system == "hs" and code[:2] not in _known(system) else "unknown code"


def checked_codes(
    column: pd.Series, system: str, digits: int, where: str, numbering: np.ndarray, findings: list[Finding]
) -> pd.Series:
    """Codes without points and spaces, cut to `digits` (0: as long as they are); odd ones are findings.

    Parameters
    ----------
    column : pandas.Series
        Categorical of codes; blanks are allowed.
    system : str
        One of `SYSTEMS`.
    digits : int
        Digits to keep, so that national lines of one subheading become one product.
    where, numbering
        File, and its row of each cell, for messages.
    findings : list of Finding
        A finding for each kind of fault is added: wrong length, unknown chapter, unknown code, no code.
    """
    words = [str(word) for word in column.cat.categories]
    tidy = [_tidy(word, system) for word in words]
    faults = np.array([_fault(code, system) if code else "" for code in tidy], dtype=object)
    of_row = faults[column.cat.codes.to_numpy()] if len(words) else faults
    for kind in dict.fromkeys(fault for fault in faults.tolist() if fault):
        rows = np.flatnonzero(of_row == kind)
        if not len(rows):
            continue
        lost_zero = kind == "wrong length" and system == "hs"
        findings.append(
            Finding(
                f"{where}, column {column.name}, {place_rows(numbering[rows])}",
                f"{len(rows)} codes that are no {system.upper()} ({kind}), such as "
                f"{str(column.iloc[int(rows[0])])!r}",
                "They are kept as they stand.",
                "A leading zero may be lost: keep codes as text."
                if lost_zero
                else "Correct them, or name their classification under products in [supply].",
            )
        )
    cut = [
        code[: digits or None] if not fault else word
        for word, code, fault in zip(words, tidy, faults.tolist(), strict=True)
    ]
    return respelt(column, lambda _: pd.Series(cut, dtype="str"))[0]
