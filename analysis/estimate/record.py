"""One number and its doubt: the Estimate, and the table of many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload

import pandas as pd
from numpy.typing import NDArray

__all__ = ["COLUMNS", "Estimate", "EstimateTable", "as_frame"]

COLUMNS = (
    "question",
    "option",
    "by",
    "group",
    "stat",
    "base_rule",
    "n",
    "base",
    "estimate",
    "se",
    "low",
    "high",
    "df",
    "method",
    "flag",
    "wave",
    "level",
    "deff",
    "n_eff",
    "p",
    "letters",
)
"""Columns of every table of estimates, in the order of the contract."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate with everything a reader needs to trust it.

    Attributes
    ----------
    question, option : str
        Question id and option code ("" for numbers); never labels.
    by, group : str
        Break question and its code; both "" for all firms.
    stat : str
        `share`, `mean`, `total`, `ratio`, `quantile`; of models `regression`, `wald`, `predicted`,
        `margin` (see `analysis.fit`, `analysis.margins`).
    base_rule : str
        `answered`, `routed` or `returned`.
    n : int
        Firms in the base.
    base : float
        Weighted base.
    estimate, se, low, high : float
        Value (shares 0 to 1), standard error, limits of the interval; nan where undefined.
    df : float
        Degrees of freedom.
    method : str
        How the limits were made: `census`, `hypergeometric`, `bounds`, `korn-graubard`, `korn-graubard
        truncated` (fewer than ten on one side), `clopper-pearson`, `t`, `woodruff`, `logit t` (predicted
        shares), `F on q` (Wald tests); `rubin` before it where imputations were combined.
    flag : str
        Words separated by `;`: `census`, `fixed by design`, `leak` (firms not routed are counted),
        `low base` (n under 10), `counts only` (n under 30), `indicative` (n_eff under 30), `if
        silence were random`, `silent omitted` (totals, models), `no limit` (quantiles), `no df`,
        `empty`, `suppressed`; of models also `reference`, `few events`, and how refits went.
    wave : str
        Wave name.
    level : float
        Confidence level.
    deff, n_eff : float
        Design effect and effective number of firms.
    p : float
        p-value of the comparison with its complement group, of models that the value is zero; nan where
        none was made.
    letters : str
        Groups this one exceeds; "" where none was tested.
    """

    question: str
    option: str
    by: str
    group: str
    stat: str
    base_rule: str
    n: int
    base: float
    estimate: float
    se: float
    low: float
    high: float
    df: float
    method: str
    flag: str
    wave: str
    level: float
    deff: float
    n_eff: float
    p: float
    letters: str


class EstimateTable(Sequence[Estimate]):
    """Many Estimates kept column by column: a sequence of records that is a table at no cost.

    Parameters
    ----------
    columns : Mapping[str, NDArray]
        One array of equal length for each of `COLUMNS`; never changed afterwards.
    """

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[str, NDArray[Any]]) -> None:
        self._columns = {name: columns[name] for name in COLUMNS}

    def __len__(self) -> int:
        return len(self._columns["n"])

    @overload
    def __getitem__(self, place: int) -> Estimate: ...
    @overload
    def __getitem__(self, place: slice) -> "EstimateTable": ...
    def __getitem__(self, place: int | slice) -> "Estimate | EstimateTable":
        if isinstance(place, slice):
            return EstimateTable({name: column[place] for name, column in self._columns.items()})
        at = range(len(self))[place]
        return next(_records({name: column[at : at + 1] for name, column in self._columns.items()}))

    def __iter__(self) -> Iterator[Estimate]:
        return _records(self._columns)

    def column(self, name: str) -> NDArray[Any]:
        """One column as a read-only array of shape (len,)."""
        view = self._columns[name].view()
        view.flags.writeable = False
        return view

    def frame(self) -> pd.DataFrame:
        """The table with the columns of the contract, in order."""
        return pd.DataFrame(self._columns)


def _records(columns: Mapping[str, NDArray[Any]]) -> Iterator[Estimate]:
    lists = [columns[field.name].tolist() for field in fields(Estimate)]
    return (Estimate(*values) for values in zip(*lists, strict=True))


def as_frame(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Estimates as a table with the columns of the contract, in order."""
    if isinstance(estimates, EstimateTable):
        return estimates.frame()
    names = [f.name for f in fields(Estimate)]
    return pd.DataFrame([[getattr(e, n) for n in names] for e in estimates], columns=names)[list(COLUMNS)]
