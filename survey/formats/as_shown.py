"""A sheet of a workbook as texts, each cell as a reader sees it: 75.0 stays 75.0 and does not become 75."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.coding import code_text
from survey.faults import Finding
from survey.formats.sheet_tables import choose_sheet, find_table
from survey.formats.shown_numbers import ShownNumber, general_text
from survey.formats.workbook import workbook_sheets

__all__ = ["shown_table"]


def shown_table(path: Path, sheet: str = "") -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """One sheet of a workbook as text: numbers with the decimals and the percent sign their cells show.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm workbook.
    sheet : str
        Its name; "" for the visible sheet with the most cells.

    Returns
    -------
    tuple
        A frame of text, blanks as `""`, one row for each filled row under the header; and findings, among
        them the rows whose cells hold more digits than they show.

    Raises
    ------
    FileFault
        A damaged or harmful workbook, no sheet of this name, no table, or two columns of one name.
    """
    chosen, others = choose_sheet(path, sheet, workbook_sheets(path, is_shown=True))
    where = f"{path}, sheet {chosen.name!r}"
    table = find_table(where, chosen)
    findings = [*others, *table.findings]
    frame: dict[str, list[str]] = {}
    for position, name in table.names.items():
        cells = table.cells(position)
        frame[name] = [_text(cell) for cell in cells]
        less = np.array([isinstance(cell, ShownNumber) and cell.stored != "" for cell in cells], dtype=bool)
        if less.any():
            first = int(np.argmax(less))
            findings.append(
                Finding(
                    f"{where}, column {name!r}, row {table.body[first][0]} of the sheet",
                    f"{int(less.sum())} cells hold more digits than they show, such as "
                    f"{cells[first].stored} shown as {cells[first]}",
                    "They were read as shown.",
                    "Where the digits were printed, show them in Excel (more decimals) and save again.",
                )
            )
    return pd.DataFrame(frame, dtype="str"), tuple(findings)


def _text(cell: Any) -> str:
    """A cell as text, without spaces at its ends."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return str(cell).strip()
    return general_text(cell) if isinstance(cell, float) else code_text(cell)
