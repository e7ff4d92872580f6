"""A Ledger done over again on the file it was written for: the same answers, cell by cell, and codebook."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_text
from survey.faults import FileFault, nearest
from survey.ledger import Change, Ledger
from survey.meanings import with_meanings
from survey.wave import Wave

__all__ = ["replay_ledger"]

_MADE = "weights.base"
"""The step that makes a column of its own."""


def replay_ledger(wave: Wave, ledger: Ledger) -> Wave:
    """Do all changes of a Ledger over again, without the rules that made them.

    Parameters
    ----------
    wave : Wave
        As read from the file, not cleaned.
    ledger : Ledger
        Its changes.

    Raises
    ------
    FileFault
        Another file than the Ledger's, a column or row that is not there, or a cell or question that is
        not what the Ledger says it was.
    """
    if ledger.sha256 and wave.origin.sha256 != ledger.sha256:
        raise FileFault(
            wave.origin.path,
            f"a file with checksum {wave.origin.sha256[:12]}...",
            f"the file the Ledger was written for, {ledger.sha256[:12]}...",
            "bring that file back, or run crosspressure clean again",
        )
    frame = wave.frame.reset_index(drop=True)
    wave = replace(wave, frame=frame)
    for step, change in enumerate(ledger.changes, start=1):
        wave = _redone(wave, change, f"step {step} of the Ledger ({change.rule})")
    book = with_meanings(wave.codebook, ledger.meanings, "codebook of the Ledger")
    return replace(wave, frame=wave.frame.reset_index(drop=True), codebook=book)


def _redone(wave: Wave, change: Change, where: str) -> Wave:
    at = wave.frame.index.get_indexer(pd.Index(change.rows))
    if (at < 0).any():
        row = int(change.rows[at < 0][0]) + 1
        raise FileFault(where, f"no row {row} any more", "rows of the file", "write the Ledger again")
    if not change.column:
        keep = np.ones(len(wave), dtype=bool)
        keep[at] = False
        return replace(wave, frame=wave.frame[keep])
    if change.rule == _MADE and change.column not in wave.frame.columns:
        wave = replace(wave, frame=wave.frame.assign(**{change.column: np.nan}))
    if change.column not in wave.frame.columns:
        known = [str(c) for c in wave.frame.columns]
        raise FileFault(where, f"no column {change.column!r}", "a column", nearest(change.column, known))
    column = wave.frame[change.column]
    cells = column.to_numpy(dtype=object, copy=True)
    _as_said(cells[at], change, where)
    cells[at] = change.after
    frame = wave.frame.copy(deep=False)
    try:
        kind: Any = change.dtype
        if kind.startswith("float"):
            cells[np.asarray(cells == "", dtype=bool)] = None
        frame[change.column] = pd.Series(cells, index=column.index, dtype=object).astype(kind)
    except (TypeError, ValueError) as error:
        raise FileFault(
            where, f"{error}"[:200], f"cells of type {change.dtype}", "write the Ledger again"
        ) from error
    return replace(wave, frame=frame)


def _as_said(cells: NDArray, change: Change, where: str) -> None:
    """Stop where a cell does not hold what the Ledger says it held."""
    blank = pd.isna(cells)
    differs = np.asarray(cells != change.before, dtype=bool) & ~(blank & pd.isna(change.before))
    for i in np.flatnonzero(differs):
        if blank[i] or pd.isna(change.before[i]) or code_text(cells[i]) != code_text(change.before[i]):
            raise FileFault(
                f"{where}, column {change.column!r}, row {int(change.rows[i]) + 1}",
                "nothing" if blank[i] else repr(code_text(cells[i])),
                repr(code_text(change.before[i])),
                "the Ledger was edited, or the codebook reads the file otherwise now: write it again",
            )
