"""An engine runs steps one after the other, each from a relation to the next, and keeps what each made."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.supply.engine.sources import Source

__all__ = ["Engine", "Relation", "Step", "distinct"]

Relation = nw.LazyFrame[Any]
"""Rows and columns that nobody has read yet; only narwhals expressions say what becomes of them."""


def distinct(relation: Relation, *columns: str) -> Relation:
    """Each combination of some columns once (narwhals' own `unique` numbers all rows: twice the work)."""
    return relation.group_by(*columns).agg(nw.len().alias("_times")).select(*columns)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, and the relation it makes of the one before it."""

    name: str
    make: Callable[[Relation], Relation]


class Engine(ABC):
    """What a calculation needs of DuckDB, Spark or whatever comes next; it says the rest in narwhals.

    A calculation is written once: `read` its sources, `run` its steps, take the `batches` of what it made.
    Nothing in a step may know the engine. An engine is closed by `with`, and leaves nothing behind.
    """

    name: str
    is_streaming: bool = False
    """Whether rows come back in the order they were kept in, and numbers run from 0 without a gap."""

    @abstractmethod
    def read(self, source: Source, *, is_placed: bool = False) -> Relation:
        """The rows of a source, columns verbatim; with `_place`, where a row stands, for a fault to say."""

    @abstractmethod
    def hold(self, rows: pd.DataFrame) -> Relation:
        """A few rows of ours beside the large ones."""

    def look_up(self, relation: Relation, tables: Mapping[str, pd.DataFrame]) -> Relation:
        """The relation with more columns, each from a small table of ours by the words of a column.

        A table has the words, once each, in its first column and what they stand for in its second, which
        gives the new column its name and type; words that are not in the table become null.
        """
        for column, table in tables.items():
            word, new = table.columns
            held = self.hold(table.rename(columns={word: f"_of_{new}"}))
            relation = relation.join(held, left_on=column, right_on=f"_of_{new}", how="left")
        return relation

    @abstractmethod
    def number(self, relation: Relation, column: str) -> Relation:
        """The relation with a column that gives each row a whole number of its own, in no order."""

    @abstractmethod
    def keep(self, relation: Relation, name: str, *, by: Sequence[str] = ()) -> Relation:
        """Work the relation out now and keep it under a name, outside of memory: a checkpoint.

        Rows are kept in the order of the columns `by` where that makes later work on them cheap.
        """

    @abstractmethod
    def forget(self, *names: str) -> None:
        """Drop what was kept under these names."""

    @abstractmethod
    def batches(self, relation: Relation) -> Iterator[pd.DataFrame]:
        """The rows in pieces that fit in memory, in the order of the relation."""

    @abstractmethod
    def close(self) -> None:
        """Stop, and remove everything kept."""

    def run(self, relation: Relation, steps: Sequence[Step]) -> Relation:
        """The relation after all steps; each is kept under its name, and the one before it dropped."""
        before: str | None = None
        for step in steps:
            relation = self.keep(step.make(relation), step.name)
            if before is not None:
                self.forget(before)
            before = step.name
        return relation

    def few(self, relation: Relation) -> pd.DataFrame:
        """All rows of a relation that has few."""
        parts = list(self.batches(relation))
        return pd.concat(parts, ignore_index=True) if len(parts) != 1 else parts[0]

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
