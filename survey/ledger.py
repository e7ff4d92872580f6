"""What we changed in the answers, in order, so that it can be shown and replayed."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.meanings import Meaning

__all__ = ["Change", "Ledger"]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One rule applied to one column, m cells.

    Attributes
    ----------
    rule : str
        Name of the rule.
    column : str
        Column changed; "" where whole rows were dropped.
    rows : NDArray[np.int64]
        Shape (m,): rows of the file, from 0, as they were before anything was dropped.
    before, after : NDArray
        Shape (m,): cells as they stood and as they stand; blanks are None, nan or NaT. Of dropped rows
        the id of the firm before, and blanks after.
    reason : str
        Why.
    who : str
        Who decided it; "" for the rules that always run.
    missing : str
        Word of `survey.REASONS` where the cells now stand for a reason, else "".
    dtype : str
        Type of the column afterwards, in the words of pandas.
    """

    rule: str
    column: str
    rows: NDArray[np.int64]
    before: NDArray[Any]
    after: NDArray[Any]
    reason: str
    who: str = ""
    missing: str = ""
    dtype: str = ""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """All changes made to a wave, in the order they were made.

    Attributes
    ----------
    changes : tuple[Change, ...]
        Changes, in order.
    wave, file, sha256 : str
        Name of the wave, its file as the user named it, checksum of the file's bytes.
    rows : int
        Rows read.
    ids : NDArray
        Shape (rows,): id of each firm, or no cells where the study names no column of ids.
    meanings : tuple[Meaning, ...]
        What the rules did to the codebook, in order.
    """

    changes: tuple[Change, ...] = ()
    wave: str = ""
    file: str = ""
    sha256: str = ""
    rows: int = 0
    ids: NDArray[Any] = field(default_factory=lambda: np.array([], dtype=object))
    meanings: tuple[Meaning, ...] = ()

    def counts(self) -> pd.DataFrame:
        """One row a change, without any answer: `rule,column,cells,missing,reason,who`."""
        rows = [(c.rule, c.column, len(c), c.missing, c.reason, c.who) for c in self.changes]
        return pd.DataFrame(rows, columns=["rule", "column", "cells", "missing", "reason", "who"])
