"""Rows that are no firm of their own: dropped with a reason, or merged with the firm's other row."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.cleaning.cells import change_cells, chosen_rows, holding, with_finding
from survey.cleaning.settings import CleanStep
from survey.coding import code_column
from survey.faults import StudyFault, nearest
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["drop", "firm_rows", "merge_duplicates"]


def firm_rows(wave: Wave, step: CleanStep, firms: tuple[str, ...]) -> NDArray[np.bool_]:
    """Shape (n,): rows of the firms named.

    Raises
    ------
    StudyFault
        No column of ids, or a firm that is not there.
    """
    column = _ids(wave, step)
    found = np.zeros(len(wave), dtype=bool)
    for firm in firms:
        rows = holding(column, firm)
        if not rows.any():
            raise StudyFault(
                step.place,
                f"no firm {firm!r} in column {step.text('id')!r}",
                "ids of firms of this wave",
                nearest(firm, code_column(column).found),
            )
        found |= rows
    return found


def _ids(wave: Wave, step: CleanStep) -> pd.Series:
    name = step.text("id")
    if name in wave.frame.columns:
        return wave.frame[name]
    raise StudyFault(
        step.place,
        f"no column {name!r}" if name else "no column of ids",
        "the column that holds the firm's id",
        'write  id = "..."  here or in [design]',
    )


def drop(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Take rows out: those of `firms`, those for which `where` holds.

    Raises
    ------
    StudyFault
        Neither is given, a firm that is not there, or no row would be left.
    """
    if not step.where and not step.texts("firms"):
        raise StudyFault(step.place, "neither where nor firms", "the rows to drop", 'write  firms = ["..."]')
    out = chosen_rows(wave, step)
    if step.texts("firms"):
        out &= firm_rows(wave, step, step.texts("firms"))
    return _without(wave, step, out)


def _without(wave: Wave, step: CleanStep, out: NDArray[np.bool_]) -> tuple[Wave, tuple[Change, ...]]:
    if not out.any():
        return wave, ()
    if out.all():
        raise StudyFault(step.place, "every row would be dropped", "rows that stay", "mend the rule")
    rows = wave.frame.index.to_numpy(dtype=np.int64)[out]
    name = step.text("id")
    before = wave.frame[name][out].to_numpy() if name in wave.frame.columns else np.full(len(rows), None)
    change = Change(
        step.rule, "", rows, before, np.full(len(rows), None, dtype=object), step.reason, step.who, "", ""
    )
    return replace(wave, frame=wave.frame[~out]), (change,)


def merge_duplicates(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Make one row of the rows of a firm: the row kept, its blanks filled from the others.

    `keep` says which row is kept: `first` (where left out), `last`, or `fullest` (most cells filled).
    Cells in which the other rows differed stand in the Ledger with what they held, and a finding counts
    them; then those rows are dropped.

    Raises
    ------
    StudyFault
        No column of ids.
    """
    column = _ids(wave, step)
    ids = np.where(holding(column, ""), -1, pd.factorize(column)[0])
    rows = chosen_rows(wave, step) & (ids >= 0)
    twice = rows & pd.Series(np.where(rows, ids, -1 - np.arange(len(ids)))).duplicated(keep=False).to_numpy()
    if not twice.any():
        return wave, ()
    at = np.flatnonzero(twice)
    rank = {"first": at, "last": -at}.get(step.text("keep", "first"))
    if rank is None:
        rank = -wave.frame.iloc[at].notna().sum(axis=1).to_numpy() * len(ids) + at
    at = at[np.lexsort((rank, ids[at]))]
    firm = ids[at]
    kept = at[np.append(True, firm[1:] != firm[:-1])]
    keeper = kept[np.searchsorted(ids[kept], firm)]
    others = at[at != keeper]
    made: list[Change] = []
    clashes = 0
    for name in wave.frame.columns:
        block = wave.frame[name].iloc[at]
        best = block.groupby(firm, sort=False).first()
        target = best.reindex(firm).to_numpy()
        blank = block.isna().to_numpy()
        differs = ~(blank & pd.isna(target)) & np.asarray(blank | (block.to_numpy() != target), dtype=bool)
        if not differs.any():
            continue
        clashes += int((differs & ~blank).sum())
        hit = np.zeros(len(ids), dtype=bool)
        hit[at[differs]] = True
        new = wave.frame[name].copy()
        new.iloc[at[differs]] = target[differs]
        wave, entries = change_cells(wave, step, str(name), new, hit)
        made += entries
    if clashes:
        wave = with_finding(
            wave,
            step,
            f"{clashes} answers of {len(kept)} firms with several rows contradict each other",
            "The row kept decides; the other answers stand in the Ledger.",
            "Look at them there, or ask these firms.",
        )
    out = np.zeros(len(ids), dtype=bool)
    out[others] = True
    wave, entries = _without(wave, step, out)
    return wave, (*made, *entries)
