"""Parquet: typed columns, with all categories of a dictionary column kept as choices."""

import re
from decimal import Decimal
from pathlib import Path

import pandas as pd

from survey.coding import code_text
from survey.faults import FileFault, Finding
from survey.formats.parquet_room import check_parquet, parquet_fault
from survey.formats.reading import Reading

__all__ = ["read_parquet"]

_INDEX = re.compile(r"__index_level_\d+__")


def read_parquet(path: Path) -> Reading:
    """Read a Parquet file; nested columns are kept as text, with a finding.

    Raises
    ------
    FileFault
        The file is corrupt, has no rows, or holds more than `check_parquet` allows.
    """
    from pyarrow import ArrowException, parquet, types

    check_parquet(path)
    findings: list[Finding] = []
    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
            stated = file.metadata.num_rows
        table.validate(full=True)
        names = table.schema.names
    except (ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
        raise parquet_fault(path, error) from error
    if table.num_rows != stated or len(set(names)) != len(names):
        raise FileFault(
            str(path),
            f"{table.num_rows} rows of {stated} that it states"
            if table.num_rows != stated
            else "two columns of one name",
            "a whole Parquet file with a name for each column",
            "get the file again",
        )
    nested = [f.name for f in table.schema if types.is_nested(f.type)]
    labels = {
        f.name: f.metadata[b"label"].decode("utf-8", "replace")
        for f in table.schema
        if f.metadata and b"label" in f.metadata
    }
    frame = table.replace_schema_metadata().to_pandas(ignore_metadata=True)
    frame = frame[[c for c in frame.columns if not _INDEX.fullmatch(str(c))]].reset_index(drop=True)
    if not len(frame) or not len(frame.columns):
        raise FileFault(str(path), "a table without rows", "one row for each firm", "export the survey again")
    frame.columns = pd.Index([str(c) for c in frame.columns])
    for name in frame.columns:
        column = frame[name]
        if name in nested:
            findings.append(
                Finding(
                    f"{path}, column {name}",
                    "a nested column",
                    "It is kept as text.",
                    "Flatten it before export.",
                )
            )
            frame[name] = column.map(str, na_action="ignore").astype("str")
        elif isinstance(column.dtype, pd.CategoricalDtype):
            continue
        elif column.dtype == object:
            frame[name] = _plain(column)
        elif pd.api.types.is_datetime64_any_dtype(column) and column.dt.tz is not None:
            frame[name] = column.dt.tz_localize(None)
    value_labels = {
        str(name): {code_text(c): "" for c in frame[name].cat.categories}
        for name in frame.columns
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
    }
    return Reading(frame=frame, labels=labels, value_labels=value_labels, findings=tuple(findings))


def _plain(column: pd.Series) -> pd.Series:
    """Objects as numbers, truths, dates or text."""
    filled = column.dropna()
    if filled.map(lambda v: isinstance(v, bool)).all():
        return column
    if filled.map(lambda v: isinstance(v, int | float | Decimal)).all():
        return column.astype(float)
    kinds = filled.map(lambda v: hasattr(v, "year"))
    if len(filled) and kinds.all():
        try:
            return pd.to_datetime(column).astype("datetime64[us]")
        except (ValueError, TypeError, OverflowError):
            pass
    return column.map(str, na_action="ignore").astype("str")
