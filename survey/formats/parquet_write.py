"""A Parquet file of a wave: columns as they are, the codebook in its metadata."""

import os
from pathlib import Path

import pandas as pd

from survey.codebook import words
from survey.codebook_writing import codebook_text
from survey.coding import code_text
from survey.formats.carried import CARRIED, Carried
from survey.wave import Wave

__all__ = ["parquet_text", "write_parquet"]


def write_parquet(path: Path, wave: Wave, *, label: str = "", is_synthetic: bool = False) -> None:
    """Write a wave as Parquet: types as they are, mixed columns as codes, wordings as column metadata.

    Parameters
    ----------
    path : Path
        File to write; written whole or not at all.
    wave : Wave
        What to write.
    label : str
        Label of the table, in its metadata.
    is_synthetic : bool
        Whether the respondents are made up.
    """
    import pyarrow
    from pyarrow import parquet

    names = tuple(str(c) for c in wave.frame.columns)
    columns = {name: _plain(wave.frame[name]) for name in names}
    table = pyarrow.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)
    labels = {
        c: words(q.label, wave.codebook.languages[0]) for q in wave.codebook.questions for c in q.columns
    }
    labels |= {c.column: words(c.label, "") for q in wave.codebook.questions for c in q.choices if c.column}
    fields = [f.with_metadata({"label": labels[f.name]}) if labels.get(f.name) else f for f in table.schema]
    carried = Carried(codebook_text(wave.codebook), names, is_synthetic=is_synthetic)
    metadata = {CARRIED: carried.text()} | ({"label": label} if label else {})
    table = table.cast(pyarrow.schema(fields, metadata=metadata))
    part = path.with_name(f".{path.name}.part")
    try:
        parquet.write_table(table, part, compression="zstd")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def parquet_text(path: Path) -> str:
    """What a Parquet file carries; "" where it carries nothing."""
    from pyarrow import ArrowException, parquet

    try:
        metadata = parquet.read_schema(path).metadata or {}
    except (ArrowException, OSError):
        return ""
    return metadata.get(CARRIED.encode(), b"").decode("utf-8", "replace")


def _plain(column: pd.Series) -> pd.Series:
    """Columns of several types as codes."""
    if column.dtype != object:
        return column
    return column.map(code_text, na_action="ignore").astype("str")
