"""Which rows of a table are about a firm: found once for all firms, so that no request reads it whole."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
        self._tables = tables
        self._found: dict[str, _Places] = {}

    def of(self, table: str, firm: str) -> pd.DataFrame:
        """Rows of a table about one firm, in their order; none where the table has none, or no firms."""
        frame = self._tables.get(table)
        if frame is None or "firm" not in frame:
            return pd.DataFrame()
        if firm not in self._firms:
            return frame.iloc[:0]
        if table not in self._found:
            self._found[table] = self._places(frame)
        order, starts = self._found[table]
        number = int(self._firms.get_indexer(pd.Index([firm]))[0])
        return frame.iloc[order[starts[number] : starts[number + 1]]]

    @cached_property
    def _firms(self) -> pd.Index:
        """Every firm that any table has rows of, once."""
        named = [frame["firm"] for frame in self._tables.values() if "firm" in frame]
        return pd.Index(pd.concat(named, ignore_index=True).dropna().unique())

    def _places(self, frame: pd.DataFrame) -> _Places:
        """Places of rows, firm after firm, (rows,); and where those of each firm begin, (firms + 1,)."""
        number = self._firms.get_indexer(pd.Index(frame["firm"]))
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(self._firms) + 1))
        return order.astype(np.int32), starts.astype(np.int32)
