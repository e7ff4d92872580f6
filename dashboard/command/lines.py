"""A table as lines of CSV, column by column instead of cell by cell: byte for byte what pandas writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["csv_lines"]

_ROWS = 100_000
"""Rows put into text together."""

_PLAIN = (1e-4, 1e9)
"""Sizes of numbers that are written without an exponent by everybody."""

_QUOTED = '[,"\r\n]'


def csv_lines(frame: "pd.DataFrame", *, header: bool = True) -> Iterator[str]:
    """The lines of a table, many at a time: numbers as short as they can be read back, blanks empty."""
    if header:
        yield frame.head(0).to_csv(index=False, lineterminator="\n")
    for start in range(0, len(frame), _ROWS):
        piece = frame.iloc[start : start + _ROWS]
        yield _joined(piece) or piece.to_csv(index=False, header=False, lineterminator="\n")


def _joined(piece: "pd.DataFrame") -> str:
    """Lines of some rows; "" where a column is of mixed or rare kinds, which are left to pandas."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if piece.shape[1] < 2:
        return ""
    cells = []
    for place in range(piece.shape[1]):
        try:
            made = _cells(piece.iloc[:, place])
        except (pa.ArrowException, TypeError):
            return ""
        if made is None:
            return ""
        cells.append(made)
    word = pa.large_string()
    lines = pc.binary_join_element_wise(*cells, pa.scalar(",", word))
    return "\n".join((*lines.to_pylist(), ""))


def _cells(column: "pd.Series") -> "pa.Array | None":
    """Cells of one column as text; None where the kind of the column is a rare one."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    word = pa.large_string()
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        if kind.categories.dtype != "str":
            return None
        column = column.astype("str")
    elif pd.api.types.is_bool_dtype(kind):
        return None
    elif pd.api.types.is_integer_dtype(kind):
        return pc.fill_null(_one(pa.array(column, from_pandas=True)).cast(word), "")
    elif kind == "float64":
        return _numbers(column)
    elif not (kind == "str" or kind == "object"):
        return None
    text = pc.fill_null(_one(pa.array(column, word, from_pandas=True)), "")
    odd = pc.match_substring_regex(text, _QUOTED)
    if pc.any(odd).as_py():
        quote = pa.scalar('"', word)
        inside = pc.replace_substring(text, '"', '""')
        text = pc.if_else(odd, pc.binary_join_element_wise(quote, inside, quote, pa.scalar("", word)), text)
    return text


def _numbers(column: "pd.Series") -> "pa.Array":
    """Floats as text; those that would bear an exponent one by one."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    word = pa.large_string()
    value = column.to_numpy()
    text = _one(pa.array(value)).cast(word)
    whole = pc.invert(pc.match_substring(text, "."))
    text = pc.if_else(
        whole, pc.binary_join_element_wise(text, pa.scalar(".0", word), pa.scalar("", word)), text
    )
    size = np.abs(value)
    odd = ~((size >= _PLAIN[0]) & (size < _PLAIN[1])) & (size != 0)
    if odd.any():
        distinct, place = np.unique(value[odd], return_inverse=True)
        told = np.array([repr(float(number)) for number in distinct], dtype=object)[place]
        told[np.isnan(value[odd])] = ""
        text = pc.replace_with_mask(text, pa.array(odd), pa.array(told, word))
    return text


def _one(made: "pa.Array | pa.ChunkedArray") -> "pa.Array":
    """An array of one piece."""
    import pyarrow as pa

    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
