"""Tables of a Release in memory: long ones with few values in their columns take the room of the few."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Folded", "Tables", "fold"]

_LONG = 8_192
"""Rows from which a table may be folded."""

_SAMPLE = 2_048
"""Rows looked at before a column is read whole."""

_FEW = 4
"""A column is folded where each of its values stands in so many rows, on average."""

_WORTH = 0.6
"""A table is folded where it takes no more than this share of its room then."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as places in its values; -1 where nothing stands."""

    codes: NDArray[np.signedinteger[Any]]
    values: Any

    @property
    def size(self) -> int:
        return int(self.codes.nbytes) + int(pd.Series(self.values).memory_usage(deep=True, index=False))

    def at(self, places: NDArray[np.intp] | slice) -> Any:
        """The values of some rows, in the type that the column had."""
        return pd.api.extensions.take(self.values, self.codes[places].astype(np.intp), allow_fill=True)

    def equals(self, value: Any) -> NDArray[np.bool_]:
        """Which rows hold a value."""
        same = _is_same(pd.Series(self.values), value)
        return np.isin(self.codes, np.flatnonzero(same).astype(self.codes.dtype))


class Folded:
    """A table whose columns of few values are held as places in those values.

    What is taken out of it is as it was put in: values, types, order, names of rows.

    Parameters
    ----------
    columns : mapping of str to pandas.Series or _Column
    rows : int
    """

    def __init__(self, columns: Mapping[str, "pd.Series | _Column"], rows: int) -> None:
        self._columns, self._rows = dict(columns), rows

    def __len__(self) -> int:
        """Rows."""
        return self._rows

    @property
    def names(self) -> list[str]:
        """Columns, in their order."""
        return list(self._columns)

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return sum(
            one.size if isinstance(one, _Column) else int(one.memory_usage(deep=True, index=False))
            for one in self._columns.values()
        )

    def column(self, name: str) -> pd.Series:
        """One column, (rows,)."""
        one = self._columns[name]
        return pd.Series(one.at(slice(None)), name=name) if isinstance(one, _Column) else one.copy(deep=False)

    def rows(self, places: "NDArray[np.intp] | None" = None) -> pd.DataFrame:
        """Rows at some places, named by them; all without places."""
        taken: NDArray[np.intp] | slice = slice(None) if places is None else places
        made = {
            name: one.at(taken) if isinstance(one, _Column) else one.array[taken]
            for name, one in self._columns.items()
        }
        index = pd.RangeIndex(self._rows) if places is None else pd.Index(places)
        return pd.DataFrame(made, index=index, copy=False)

    def mapped(self, change: Callable[[pd.Series], pd.Series]) -> "Folded":
        """This table with its columns changed value by value: each value that is held once is seen once."""
        made: dict[str, pd.Series | _Column] = {}
        for name, one in self._columns.items():
            if isinstance(one, _Column):
                made[name] = replace(one, values=change(pd.Series(one.values, name=name)).array)
            else:
                made[name] = change(one)
        return Folded(made, self._rows)

    def apart(self) -> "Folded":
        """This table with whole columns of its own: those of the table folded hold all of its numbers."""
        held = {n: one if isinstance(one, _Column) else one.copy() for n, one in self._columns.items()}
        return Folded(held, self._rows)

    def where(self, **cells: Any) -> pd.DataFrame:
        """Rows that hold a value in each column named."""
        is_one = np.ones(self._rows, dtype=bool)
        for name, value in cells.items():
            one = self._columns[name]
            is_one &= one.equals(value) if isinstance(one, _Column) else _is_same(one, value)
        return self.rows(np.flatnonzero(is_one))


class Tables(Mapping[str, pd.DataFrame]):
    """Tables by name, those folded unfolded when looked up; parts of those are had without the whole.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame or Folded
        Never written to.
    """

    def __init__(self, tables: "Mapping[str, pd.DataFrame | Folded]") -> None:
        self._tables: dict[str, pd.DataFrame | Folded] = (
            dict(tables._tables) if isinstance(tables, Tables) else dict(tables)
        )

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table whole."""
        table = self._tables[name]
        return table.rows() if isinstance(table, Folded) else table

    def __iter__(self) -> Iterator[str]:
        """Names."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Number of tables."""
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of a name."""
        return name in self._tables

    def __or__(self, more: "Mapping[str, pd.DataFrame | Folded]") -> "Tables":
        """These tables with others, which go before those of the same name."""
        return Tables(self._tables | Tables(more)._tables)

    def held(self, name: str) -> "pd.DataFrame | Folded":
        """A table in the form in which it is held."""
        return self._tables[name]

    def columns(self, name: str) -> list[str]:
        """Names of the columns of a table; none where there is no such table."""
        table = self._tables.get(name)
        if table is None:
            return []
        return table.names if isinstance(table, Folded) else [str(column) for column in table.columns]

    def column(self, name: str, column: str) -> pd.Series:
        """One column of a table."""
        table = self._tables[name]
        return table.column(column) if isinstance(table, Folded) else table[column]

    def rows(self, name: str, places: NDArray[np.intp]) -> pd.DataFrame:
        """Rows of a table at some places."""
        table = self._tables[name]
        return table.rows(places) if isinstance(table, Folded) else table.iloc[places]

    def where(self, name: str, **cells: Any) -> pd.DataFrame:
        """Rows of a table that hold a value in each column named."""
        table = self._tables[name]
        if isinstance(table, Folded):
            return table.where(**cells)
        is_one = np.ones(len(table), dtype=bool)
        for column, value in cells.items():
            is_one &= _is_same(table[column], value)
        return table[is_one]


def fold(table: pd.DataFrame) -> "pd.DataFrame | Folded":
    """A long table folded where that spares much of its room; the table itself else."""
    if len(table) < _LONG or not isinstance(table.index, pd.RangeIndex) or not table.columns.is_unique:
        return table
    made = Folded({str(name): _folded(table[name]) for name in table.columns}, len(table))
    return (
        made.apart() if made.size <= _WORTH * int(table.memory_usage(deep=True, index=False).sum()) else table
    )


def _is_same(column: pd.Series, value: Any) -> NDArray[np.bool_]:
    """Which rows hold a value; what is missing is none."""
    return (column == value).fillna(False).to_numpy(dtype=bool)


def _folded(column: pd.Series) -> "pd.Series | _Column":
    """A column as places in its few values; the column where they are many, or any kind of thing."""
    values = column.array
    is_float = column.dtype == np.float64
    if not (is_float or isinstance(column.dtype, pd.StringDtype) or pd.api.types.is_integer_dtype(column)):
        return column
    plain = column.to_numpy().view(np.int64) if is_float else values  # bits: 0.0 and -0.0 stay what they are
    if 2 * len(pd.unique(pd.Series(plain[:_SAMPLE]))) > _SAMPLE:
        return column
    codes, few = pd.factorize(plain)
    if _FEW * len(few) > len(column):
        return column
    small = np.min_scalar_type(-max(len(few), 1))
    held = np.asarray(few).view(np.float64) if is_float else few
    return _Column(codes.astype(small), held)
