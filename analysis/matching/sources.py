"""What a list calls itself, told as instruments of the catalogue: a table of forms, not code."""

import re
from pathlib import Path

import pandas as pd

from survey import FileFault, data_folder

__all__ = ["instruments_of", "read_sources"]

_COLUMNS = ("field", "form", "list", "source", "confidence", "note")


def read_sources(path: Path | None = None) -> pd.DataFrame:
    """The table `data/regulation/list_sources.csv`, or one laid out like it.

    Returns
    -------
    pandas.DataFrame
        `field,form,list,source,confidence,note`: where the cell `field` of a list has the `form` (`*` any
        text, capitals do not count), the entry stands on `list`; `list` is empty for a list that is no
        instrument.

    Raises
    ------
    FileFault
        No such file, a column that is missing.
    """
    path = path or data_folder() / "regulation" / "list_sources.csv"
    if not path.is_file():
        raise FileFault(str(path), "no such file", "the names of lists", "bring the file back")
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise FileFault(str(path), f"no column {missing[0]!r}", ", ".join(_COLUMNS), "add the column")
    return table[list(_COLUMNS)]


def instruments_of(
    rows: pd.DataFrame, named: pd.Series, table: pd.DataFrame | None = None
) -> tuple[pd.Series, pd.Series]:
    """Instruments of the entries of a list.

    Parameters
    ----------
    rows : pandas.DataFrame
        The list as it came, for the fields beside `source` that the table asks for.
    named : pandas.Series
        What each entry says its list is.
    table : pandas.DataFrame, optional
        As `read_sources`.

    Returns
    -------
    tuple of two pandas.Series
        The id that `named` stands for, `named` itself where none is known; further ids, joined by `;`.
    """
    table = read_sources() if table is None else table
    ids = named.copy()
    open_ = pd.Series(True, index=named.index)
    also = pd.Series("", index=named.index, dtype="str")
    for field, form, target in table[["field", "form", "list"]].itertuples(index=False):
        cells = named if field == "source" else rows.get(field)
        if cells is None or not target:
            continue
        pattern = "(?s)" + ".*".join(re.escape(part) for part in str(form).casefold().split("*"))
        words = pd.Series(cells.unique(), dtype="str")
        fits = cells.isin(words[words.str.casefold().str.fullmatch(pattern)])
        if field == "source":
            ids = ids.mask(fits & open_, target)
            open_ &= ~fits
        else:
            new = fits & ~(";" + also + ";").str.contains(f";{target};", regex=False)
            also = also.mask(new, also + ";" + target)
    return ids, also.str.strip(";")
