"""Firms that answer twice: an id that stands twice, ids that differ only in spelling, two of one group."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checking.seen import Seen, rows_said
from survey.checking.settings import CheckSettings
from survey.coding import code_column
from survey.countries import fold_name
from survey.design import Design
from survey.faults import Finding, QuestionFault, nearest

__all__ = ["firms_twice", "groups_twice"]


def firms_twice(seen: Seen, design: Design) -> list[Finding]:
    """Ids that stand more than once, as written or but for case, width, spaces and punctuation."""
    if design.id not in seen.wave.frame.columns:
        return []
    ids = code_column(seen.wave.frame[design.id])
    findings = _twice(
        ids.index,
        np.array(ids.found, dtype=object),
        f"id {design.id}",
        "ids stand more than once",
        "Firms count twice.",
        "Keep one row a firm: rule merge_duplicates, or drop, of [[clean]].",
    )
    if pd.api.types.is_numeric_dtype(seen.wave.frame[design.id].dtype):
        return findings
    folded = pd.factorize(np.array([fold_name(code) or code for code in ids.found], dtype=object))[0]
    spread = np.bincount(folded) > 1
    alike = spread[folded] if len(folded) else np.zeros(0, dtype=bool)
    if alike.any():
        names = [code for code, is_alike in zip(ids.found, alike, strict=True) if is_alike]
        hit = np.append(alike, False)[ids.index]
        findings.append(
            Finding(
                f"id {design.id}",
                f"{len(names)} ids differ only in spelling: {', '.join(names[:6])} ({rows_said(hit)})",
                "They may be one firm, counted twice.",
                "Look at them; merge what is one firm.",
            )
        )
    return findings


def groups_twice(seen: Seen, settings: CheckSettings) -> list[Finding]:
    """Groups of firms with more than one answer, by the column `group` of `[check]`.

    Raises
    ------
    QuestionFault
        No such column.
    """
    name = settings.group
    if not name:
        return []
    known = [str(c) for c in seen.wave.frame.columns]
    if name not in known:
        raise QuestionFault(
            "[check], group", f"no column {name!r}", "a column of the file", nearest(name, known)
        )
    groups = code_column(seen.wave.frame[name])
    return _twice(
        groups.index,
        np.array(groups.found, dtype=object),
        f"group {name}",
        "groups answered more than once",
        "Firms of one group decide together: they are not independent.",
        "Name the column under clusters in [design], or keep one answer a group.",
    )


def _twice(
    index: NDArray[np.int64], names: NDArray, where: str, what: str, meaning: str, do: str
) -> list[Finding]:
    counts = np.bincount(index[index >= 0], minlength=len(names))
    many = counts > 1
    if not many.any():
        return []
    shown = ", ".join(map(str, names[many][:5])) + (" ..." if many.sum() > 5 else "")
    hit = np.append(many, False)[index]
    return [Finding(where, f"{int(many.sum())} {what} ({shown}; {rows_said(hit)})", meaning, do)]
