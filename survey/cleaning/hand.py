"""Corrections by hand: one firm, one cell, who decided it and why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.cleaning.cells import change_cells, columns_named, put_cells
from survey.cleaning.rows import firm_rows
from survey.cleaning.settings import CleanStep
from survey.coding import code_text
from survey.faults import FileFault, StudyFault, nearest
from survey.ledger import Change
from survey.wave import Wave

__all__ = ["CORRECTIONS", "correct"]

CORRECTIONS = ("firm", "question", "before", "value", "reason", "who")
"""Columns of a table of corrections; `before`, `reason` and `who` may be left out."""


def correct(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    """Put a value into one cell of one firm, or one a row of a `table` (CSV).

    Where `before` is given, the cell must hold it: a correction that no longer fits the file stops.
    An empty `value` of a table takes the answer out.

    Raises
    ------
    StudyFault
        A firm, question or column that does not exist, several columns, a cell that holds something else.
    FileFault
        A table with other columns.
    """
    if "table" in step.own:
        made: list[Change] = []
        for row in _table(step.own["table"]).to_dict(orient="records"):
            who, reason = row.get("who") or step.who, row.get("reason") or step.reason
            own = {k: v for k, v in row.items() if k in ("firm", "question", "value")}
            own |= {"before": row["before"]} if row.get("before") else {}
            one = replace(step, who=who, reason=reason, own=own | {"id": step.text("id")})
            wave, entries = _one(wave, one)
            made += entries
        return wave, tuple(made)
    for key in ("firm", "question", "value"):
        if key not in step.own:
            raise StudyFault(
                step.place, f"no {key}", "firm, question and value, or a table", f"write  {key} = .."
            )
    return _one(wave, step)


def _one(wave: Wave, step: CleanStep) -> tuple[Wave, tuple[Change, ...]]:
    columns = [name for _, name in columns_named(wave, step)]
    if len(columns) != 1:
        raise StudyFault(
            f"{step.place}, question",
            f"{len(columns)} columns: {', '.join(columns[:6])}",
            "one column",
            "name the column of the option",
        )
    column = wave.frame[columns[0]]
    hit = firm_rows(wave, step, (step.text("firm"),))
    if "before" in step.own:
        cells = ["" if pd.isna(v) else code_text(v) for v in column[hit]]
        if any(cell != step.text("before") for cell in cells):
            raise StudyFault(
                f"{step.place}, before",
                f"firm {step.text('firm')!r} holds {cells[0]!r} in {columns[0]!r}",
                repr(step.text("before")),
                "look at the firm again: the file or an earlier rule has changed its answer",
            )
    value = step.text("value")
    new = put_cells(column, hit, value or None)
    same = (new == column).to_numpy(dtype=bool, na_value=False) | (new.isna() & column.isna()).to_numpy()
    return change_cells(wave, step, columns[0], new, hit & ~np.asarray(same))


def _table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError) as error:
        raise FileFault(str(path), f"no table ({error})"[:200], "CSV in UTF-8", "save it so") from error
    for name in ("firm", "question", "value"):
        if name not in table.columns:
            raise FileFault(
                str(path), f"no column {name!r}", ", ".join(CORRECTIONS), nearest(name, list(table.columns))
            )
    return table
