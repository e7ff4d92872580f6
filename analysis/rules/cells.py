"""Cells of a file of facts are taken as they are meant, or refused by file, column and row."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import numbers, place_rows
from survey import FileFault, country_codes

__all__ = ["bounds_of", "countries_in", "refuse_cells", "text_of", "with_days"]


def text_of(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Columns as text, "" where the file does not have them."""
    blank = pd.Series("", index=rows.index, dtype="str")
    return pd.DataFrame({name: rows[name] if name in rows.columns else blank for name in names})


def refuse_cells(
    odd: pd.Series, where: Path | str, cells: pd.Series, expected: str, advice: str = "correct the cell"
) -> None:
    """Refuse the cells that are odd; nothing happens where none is.

    Raises
    ------
    FileFault
        The column (the name of `cells`), the first rows, what stands there.
    """
    at = np.flatnonzero(odd.to_numpy())
    if len(at):
        found = str(cells.iloc[int(at[0])])
        raise FileFault(
            f"{where}, column {cells.name}, {place_rows(at + 1)}",
            repr(found) if found else "an empty cell",
            expected,
            advice,
        )


def countries_in(cells: pd.Series, where: Path | str, *, regions: bool = False) -> pd.Series:
    """Alpha-2 codes of countries in any spelling, "" of blanks; `regions` keeps codes such as `CN-XJ`.

    Raises
    ------
    FileFault
        A country nobody knows.
    """
    codes = country_codes(cells, regions=regions)
    refuse_cells(codes.isna(), where, cells, "a country in any spelling, or an empty cell")
    return codes


def with_days(frame: pd.DataFrame, where: Path | str) -> None:
    """Check the columns `from` and `to`: first and last day, or blank where open.

    Raises
    ------
    FileFault
        A date that is none, a last day before the first.
    """
    for name in ("from", "to"):
        day = pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce")
        odd = day.isna() & (frame[name] != "")
        refuse_cells(odd, where, frame[name], "a date such as 2025-11-10, or an empty cell")
    backwards = (frame["from"] != "") & (frame["to"] != "") & (frame["from"] > frame["to"])
    refuse_cells(backwards, where, frame["to"], "a last day that is not before the first")


def bounds_of(
    text: pd.DataFrame, name: str, where: Path | str, most: float = 1.0
) -> tuple[pd.Series, pd.Series]:
    """A number 0 to `most` as bounds, from `NAME` or `NAME_low` and `NAME_high`; an end left out is open.

    Raises
    ------
    FileFault
        No number, one outside 0 to `most`, bounds that cross.
    """
    point = numbers(text[name], str(where), low=0.0, high=most)
    ends = [numbers(text[f"{name}_{end}"], str(where), low=0.0, high=most) for end in ("low", "high")]
    low, high = (pd.Series(np.where(np.isnan(end), point, end), index=text.index) for end in ends)
    low, high = low.mask(low.isna() & high.notna(), 0.0), high.mask(high.isna() & low.notna(), most)
    refuse_cells(
        low > high, where, text[f"{name}_low"], "a lower bound at most the upper one", "swap the cells"
    )
    return low, high
