"""Rows of links from wherever people keep them: text, workbooks, Parquet, databases."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset

from analysis.supply.engine.reading import is_database, read_table, shown_place
from analysis.supply.tables import read_rows
from analysis.supply.words import as_words, coded_together, encoded, one_word
from survey import FileFault, check_parquet

__all__ = ["read_source", "stacked"]

_WORKBOOKS = (".xlsx", ".xlsm")

_AT_ONCE = 2
"""Columns read at the same time."""


def stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of several files under each other; a column that one of them lacks is blank there."""
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    made = {}
    for name in names:
        there = [part[name] if name in part.columns else one_word("", part.index) for part in parts]
        if all(_is_number(column) for column in there):
            made[name] = pd.concat(there, ignore_index=True)
        else:
            made[name] = as_words(pd.concat([as_words(c).astype("str") for c in there], ignore_index=True))
    return pd.DataFrame(made)


def read_source(
    place: str | Path,
    *,
    table: str = "",
    sheet: str = "",
    wanted: Collection[str] | None = None,
    shared: Collection[str] = (),
) -> pd.DataFrame:
    """Rows as they stand: columns of words as categoricals (`as_words`), of numbers as numbers.

    Parameters
    ----------
    place : path or address
        CSV, TSV, an Excel workbook, Parquet, a folder of Parquet files, a DuckDB file, or
        `postgresql://user@host/database`.
    table : str
        Table of a database.
    sheet : str
        Sheet of a workbook; "" for the largest.
    wanted : collection of str, optional
        Columns that are needed; the others of a Parquet file are not read.

    shared : collection of str
        Columns of the same words (buyers and suppliers): one list is kept for all of them.

    Raises
    ------
    FileFault
        No such file, a file of another kind, a database without a table, no rows.
    """
    path = Path(str(place))
    if is_database(place):
        rows = _database(place, table)
    elif table:
        raise FileFault(
            shown_place(place),
            f"table {table!r} of what is no database",
            "a DuckDB file (.duckdb) or postgresql://user@host/database",
            "take table out of [supply], or name the database",
        )
    elif path.suffix.lower() in _WORKBOOKS and path.is_file():
        from survey import read_xlsx

        rows = read_xlsx(path, sheet).frame
    elif path.is_dir() or _is_parquet(path):
        rows = _parquet(path, wanted, shared)
    else:
        rows = read_rows(path)
    if rows.empty:
        raise FileFault(shown_place(place, table), "no rows", "at least one row", "check what was exported")
    rows.columns = pd.Index([str(name).strip() for name in rows.columns])
    return pd.DataFrame(
        {name: rows[name] if _is_number(rows[name]) else as_words(rows[name]) for name in rows.columns},
        copy=False,
    )


def _is_number(column: pd.Series) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column)


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _parquet(path: Path, wanted: Collection[str] | None, shared: Collection[str]) -> pd.DataFrame:
    """Columns of one file, or of all files of a folder (`year=2024/` of its folders becomes a column)."""
    if path.is_file():
        check_parquet(path)
    try:
        whole = pyarrow.dataset.dataset(path, format="parquet", partitioning="hive")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileFault(
            str(path), f"no readable Parquet ({_first_line(error)})", "Parquet files", "export them again"
        ) from None
    if not whole.files:
        raise FileFault(str(path), "a folder without Parquet files", "files *.parquet", "check the folder")
    names = [name for name in whole.schema.names if wanted is None or name.strip() in wanted]
    try:
        return _frame(path, whole, names or whole.schema.names[:1], shared)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileFault(
            str(path),
            f"files that are damaged or differ ({_first_line(error)})",
            "whole files of the same columns",
            "export them again",
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _frame(
    path: Path, whole: pyarrow.dataset.Dataset, names: Sequence[str], shared: Collection[str]
) -> pd.DataFrame:
    """Columns read two at once; those that hold the same words share one list of them."""

    def read(name: str) -> pd.Series | tuple[np.ndarray, pd.Series]:
        cells, kind = whole.to_table(columns=[name]).column(name), whole.schema.field(name).type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind):
            raise FileFault(
                f"{path}, column {name}", f"cells of kind {kind}", "text, numbers or dates", "export it flat"
            )
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return encoded(cells)
        if pa.types.is_dictionary(kind):
            return cells.unify_dictionaries().to_pandas()
        return (cells.cast(pa.float64()) if pa.types.is_decimal(kind) else cells).to_pandas()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = dict(zip(names, pool.map(read, names), strict=True))
    made = {name: cells for name, cells in found.items() if isinstance(cells, pd.Series)}
    texts = {name: cells for name, cells in found.items() if not isinstance(cells, pd.Series)}
    both = [name for name in texts if name in shared]
    for group in ([both] if both else []) + [[name] for name in texts if name not in both]:
        made |= dict(zip(group, coded_together([texts[name] for name in group]), strict=True))
    return pd.DataFrame({name: made[name] for name in names}, copy=False)


def _database(place: str | Path, table: str) -> pd.DataFrame:
    if not table:
        raise FileFault(
            shown_place(place),
            "a database without the name of a table",
            "one table of it",
            'write  table = "purchases"  under [supply]',
        )
    return read_table(place, table)
