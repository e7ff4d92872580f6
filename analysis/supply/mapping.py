"""A supplier list of any shape becomes links through settings alone: columns, constants, a filter."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.supply.words import in_words, one_word
from survey import Study, StudyFault, nearest

__all__ = ["columns_wanted", "pick_rows", "rename_columns"]


def pick_rows(rows: pd.DataFrame, where: Any, study: Study) -> np.ndarray:
    """Rows that `[supply.where]` keeps: each column equals its value, or one of its values.

    Returns
    -------
    numpy.ndarray
        Boolean, one a row.

    Raises
    ------
    StudyFault
        A column that does not exist, a value of another kind, nothing kept.
    """
    kept = np.ones(len(rows), dtype=bool)
    for column, wanted in _table(where, "supply.where", study).items():
        _known(column, rows, f"supply.where.{column}", study)
        values = wanted if isinstance(wanted, list) else [wanted]
        words = [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
        kept &= in_words(rows[column], words)
    if not kept.any():
        raise StudyFault(
            study.place("supply.where"),
            "a filter that keeps no row",
            "values that occur in the file",
            "correct the values under [supply.where]",
        )
    return kept


def rename_columns(rows: pd.DataFrame, columns: Any, targets: tuple[str, ...], study: Study) -> pd.DataFrame:
    """Columns of the contract from those of the file: `target = "source"` or `target = { const = value }`.

    Targets that are not mapped keep a column of their own name, unless it went to another target.

    Raises
    ------
    StudyFault
        An unknown target, a source column that does not exist, a constant that is no single value.
    """
    mapping = _table(columns, "supply.columns", study)
    made: dict[str, pd.Series] = {}
    taken = {source for source in mapping.values() if isinstance(source, str)}
    for name in targets:
        if name in rows.columns and name not in taken:
            made[name] = rows[name]
    for target, source in mapping.items():
        key = f"supply.columns.{target}"
        if target not in targets:
            raise StudyFault(
                study.place(key),
                f"unknown column {target!r}",
                "one of: " + ", ".join(targets),
                nearest(target, targets),
            )
        if isinstance(source, Mapping):
            if set(source) != {"const"} or isinstance(source["const"], list | dict):
                raise StudyFault(
                    study.place(key),
                    repr(dict(source)),
                    "{ const = value }",
                    f'write  {target} = {{ const = "..." }}',
                )
            made[target] = one_word(str(source["const"]), rows.index)
            continue
        _known(source, rows, key, study)
        made[target] = rows[source]
    return pd.DataFrame(made, copy=False)


def columns_wanted(columns: Any, where: Any, targets: tuple[str, ...], study: Study) -> set[str]:
    """Columns of the file that mapping and filter can use: the others need not be read."""
    mapping = _table(columns, "supply.columns", study)
    named = {source for source in mapping.values() if isinstance(source, str)}
    return named | set(_table(where, "supply.where", study)) | set(targets)


def _table(value: Any, key: str, study: Study) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise StudyFault(study.place(key), repr(value), "a table", f"write  [{key}]  and its lines under it")
    return value


def _known(column: Any, rows: pd.DataFrame, key: str, study: Study) -> None:
    if column not in rows.columns:
        names = [str(name) for name in rows.columns]
        raise StudyFault(
            study.place(key),
            f"no column {column!r} in the file",
            "a column of the file",
            nearest(str(column), names),
        )
