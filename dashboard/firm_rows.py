"""Which rows of a table are about a firm: found once for all firms, so that no request reads it whole."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import Tables

__all__ = ["FirmRows"]

_Places = tuple[NDArray[np.int32], NDArray[np.int32]]


class FirmRows:
    """The rows of each firm in the tables that have a column `firm`.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Never written to.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = Tables(tables)
        self._found: dict[str, _Places] = {}

    def of(self, table: str, firm: str) -> pd.DataFrame:
        """Rows of a table about one firm, in their order; none where the table has none, or no firms."""
        if "firm" not in self._tables.columns(table):
            return pd.DataFrame()
        if firm not in self._firms:
            return self._tables.rows(table, np.empty(0, dtype=np.intp))
        if table not in self._found:
            self._found[table] = self._places(self._tables.column(table, "firm"))
        order, starts = self._found[table]
        number = int(self._firms.get_indexer(pd.Index([firm]))[0])
        return self._tables.rows(table, order[starts[number] : starts[number + 1]].astype(np.intp))

    @cached_property
    def _firms(self) -> pd.Index:
        """Every firm that any table has rows of, once."""
        named = [
            self._tables.column(name, "firm").drop_duplicates()
            for name in self._tables
            if "firm" in self._tables.columns(name)
        ]
        return pd.Index(pd.concat(named, ignore_index=True).dropna().unique())

    def _places(self, firms: pd.Series) -> _Places:
        """Places of rows, firm after firm, (rows,); and where those of each firm begin, (firms + 1,)."""
        number = self._firms.get_indexer(pd.Index(firms))
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(self._firms) + 1))
        return order.astype(np.int32), starts.astype(np.int32)
