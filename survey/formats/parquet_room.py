"""How much the cells of a Parquet file hold once each is written out, found without writing them out."""

import io
from pathlib import Path
from typing import Any

from survey.faults import FileFault
from survey.room import check_room

__all__ = ["check_parquet", "parquet_fault"]

_NUMBER = 8
_MEASURED = 1 << 26
"""Texts of files up to this size are measured; those of larger ones are not many times their file."""


def check_parquet(path: Path, data: bytes | None = None) -> None:
    """Refuse a Parquet file whose table would be far larger than such files are.

    A text that a million rows share by a dictionary stands in the file once, and a run of one number is a few
    bytes: what the cells hold is told from the list of contents and, for texts, from the dictionaries.

    Parameters
    ----------
    path : Path
    data : bytes, optional
        What the file holds, where it lies in another (an archive); `path` then only names it.

    Raises
    ------
    FileFault
        The file is corrupt, or its table is larger than the room there is (`survey.room`).
    """
    from pyarrow import ArrowException, parquet

    size = path.stat().st_size if data is None else len(data)
    try:
        with parquet.ParquetFile(path if data is None else io.BytesIO(data)) as file:
            check_room(str(path), _stated(file.metadata), size)
            texts = [
                leaf.path
                for leaf in map(file.schema.column, range(len(file.schema)))
                if leaf.physical_type == "BYTE_ARRAY"
            ]
        if not texts or size > _MEASURED:
            return
        source = path if data is None else io.BytesIO(data)
        with parquet.ParquetFile(source, read_dictionary=texts) as file:
            told = 0
            for group in range(file.metadata.num_row_groups):
                for text in texts:
                    told += sum(map(_letters, _chunks(file.read_row_group(group, columns=[text]))))
                    check_room(str(path), told, size)
    except (ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
        raise parquet_fault(path, error) from error


def parquet_fault(path: Path, error: Exception) -> FileFault:
    """The fault of a file that is no whole Parquet."""
    return FileFault(
        str(path), f"cannot be read as Parquet ({error})", "a whole Parquet file", "get the file again"
    )


def _stated(told: Any) -> int:
    """Bytes of all cells as the list of contents tells them, texts as what points to them."""
    cells = told.num_rows * max(1, told.num_columns) * _NUMBER
    leaves = 0
    for group in (told.row_group(k) for k in range(told.num_row_groups)):
        for k in range(group.num_columns):
            column, width = group.column(k), max(_NUMBER, told.schema.column(k).length)
            leaves += max(abs(column.num_values) * width, abs(column.total_uncompressed_size))
    return max(abs(cells), leaves)


def _chunks(table: Any) -> list[Any]:
    return [chunk for column in table.columns for chunk in column.chunks]


def _letters(cells: Any) -> int:
    """Bytes of the texts in cells, those of lists and tables within them too."""
    from pyarrow import compute, types

    kind = cells.type
    if types.is_dictionary(kind):
        long = compute.binary_length(cells.dictionary).cast("int64")
        return int(compute.sum(long.take(cells.indices)).as_py() or 0)
    if types.is_struct(kind):
        return sum(map(_letters, cells.flatten()))
    if types.is_nested(kind):
        return _letters(cells.flatten() if not types.is_map(kind) else cells.items)
    return int(cells.nbytes)
