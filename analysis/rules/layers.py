"""A catalogue in layers: each overrides by id what stands before it, and what it changed is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey import FileFault, nearest

__all__ = ["HISTORY_COLUMNS", "PLACE", "TABLES", "Table", "read_layers"]

PLACE = ("_file", "_line")
"""Columns that say where a row was read, for faults."""

HISTORY_COLUMNS = ("table", "key", "file", "by", "on", "why", "rows_before", "rows_after", "before", "after")
"""Columns of the history: what was overridden, where, by whom and when (as the file says), old and new."""

_SIGNED = {"changed_by": "by", "changed_on": "on", "why": "why"}


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a catalogue.

    Attributes
    ----------
    key : tuple[str, ...]
        Columns whose values name what a row is about; a layer replaces all rows of a key.
    columns : tuple[str, ...]
        Columns that must be there.
    whole : bool
        A catalogue cannot do without it.
    single : bool
        One row a key: columns that a layer leaves out keep what they were.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]
    whole: bool = False
    single: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TABLES: Mapping[str, Table] = {
    "instruments": Table(
        ("id",), _words("id jurisdiction instrument mechanism source confidence note"), True, True
    ),
    "in_force": Table(
        ("instrument",), _words("instrument branch state from to source confidence warning"), True
    ),
    "gates": Table(
        ("instrument",),
        _words("instrument branch order gate field operator value outcome clause source confidence note"),
        True,
    ),
    "collisions": Table(
        ("duty", "clause", "channel"),
        _words(
            "duty act clause article addressee trigger status channel hurt clause_outcome from to source "
            "confidence note reviewed_by"
        ),
        True,
    ),
    "particulars": Table(("id",), ("id",), single=True),
    "particulars_ja": Table(("id",), ("id",), single=True),
    "names_ja": Table(("id",), ("id", "ja"), single=True),
    "aligned": Table(("instrument",), _words("instrument aligned_with from to source confidence note")),
    "technologies": Table(("tag",), ("tag",), single=True),
    "owner_sets": Table(("rule",), _words("rule list threshold operator")),
    "list_sources": Table(("list",), _words("field form list")),
}
"""Files of a catalogue: the name of each, without `.csv`, to what it holds."""


def read_layers(layers: Sequence[Path]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Read the layers of a catalogue, each over the ones before it.

    Parameters
    ----------
    layers : sequence of Path
        The first is a whole folder. Each further one is a folder with some of the files, or one file whose
        name or columns say which it is. A row may be signed in `changed_by`, `changed_on`, `why`.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        By the names of `TABLES`; every cell text; `PLACE` says where each row stands.
    history : pandas.DataFrame
        `HISTORY_COLUMNS`, one row a key that a later layer added or replaced.

    Raises
    ------
    FileFault
        No such file, a column that is missing, a file that is none of a catalogue, an empty file, the same
        key twice where there is one row a key.
    """
    tables = _folder(layers[0])
    parts: list[pd.DataFrame] = []
    for layer in layers[1:]:
        for name, path in _own_files(layer).items():
            own = _read(path, TABLES[name], partial=TABLES[name].single)
            tables[name], written = _laid_over(name, tables[name], own)
            parts.append(written)
    history = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(HISTORY_COLUMNS))
    plain = {name: table.drop(columns=list(_SIGNED), errors="ignore") for name, table in tables.items()}
    return plain, history


def _folder(folder: Path) -> dict[str, pd.DataFrame]:
    found = {}
    for name, table in TABLES.items():
        path = folder / f"{name}.csv"
        if path.is_file() or table.whole:
            found[name] = _read(path, table)
        else:
            found[name] = pd.DataFrame(columns=[*table.columns, *PLACE], dtype="str")
    return found


def _own_files(layer: Path) -> dict[str, Path]:
    if layer.is_file():
        return {_table_of(layer): layer}
    paths = sorted(layer.glob("*.csv")) if layer.is_dir() else []
    if not paths:
        raise FileFault(
            str(layer),
            "no CSV file" if layer.is_dir() else "no such file or folder",
            "a folder with files of a catalogue, or one of them",
            "check [rules] catalogue and own",
        )
    for path in paths:
        if path.stem not in TABLES:
            raise FileFault(
                str(path), repr(path.name), "a file of a catalogue", nearest(path.stem, tuple(TABLES))
            )
    return {path.stem: path for path in paths}


def _table_of(path: Path) -> str:
    if path.stem in TABLES:
        return path.stem
    columns = set(pd.read_csv(path, dtype=str, nrows=0, encoding="utf-8-sig").columns)
    fits = [
        name for name, table in TABLES.items() if len(table.columns) > 2 and columns >= set(table.columns)
    ]
    if len(fits) != 1:
        raise FileFault(
            str(path),
            "columns " + ", ".join(sorted(columns)[:8]),
            "the name or the columns of a file of a catalogue",
            "name it after what it holds: " + ", ".join(f"{name}.csv" for name in TABLES),
        )
    return fits[0]


def _read(path: Path, table: Table, *, partial: bool = False) -> pd.DataFrame:
    if not path.is_file():
        raise FileFault(str(path), "no such file", "a file of the catalogue", "check [rules] catalogue")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as wrong:
        raise FileFault(str(path), str(wrong), "a CSV file in UTF-8", "write it again") from wrong
    for name in table.key if partial else table.columns:
        if name not in frame.columns:
            raise FileFault(
                str(path),
                f"no column {name!r}",
                "the columns " + ", ".join(table.columns),
                "add the column",
            )
    frame = frame.fillna("")
    for name in frame.columns:
        frame[name] = frame[name].str.strip()
    frame["_file"] = str(path)
    frame["_line"] = range(2, len(frame) + 2)
    twice = frame.duplicated(list(table.key)) if table.single else pd.Series(False, index=frame.index)
    if bool(twice.any()):
        row = frame[twice].iloc[0]
        raise FileFault(
            f"{path}, line {row['_line']}, column {table.key[0]}",
            repr(str(row[table.key[0]])),
            "each id once",
            "rename one of them",
        )
    return frame


def _laid_over(name: str, before: pd.DataFrame, own: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with the rows of a layer in the place of those of the same key, and what that changed."""
    key = list(TABLES[name].key)
    plain = [column for column in own.columns if column not in _SIGNED]
    columns = list(dict.fromkeys([*(c for c in before.columns if c not in PLACE), *plain]))
    before = before.reindex(columns=columns, fill_value="")
    new = own[plain].reindex(columns=columns, fill_value="")
    if TABLES[name].single:
        text = before.drop(columns=list(PLACE)).set_index(key[0])
        kept = text.reindex(new[key[0]], fill_value="").reset_index(drop=True)
        for column in columns:
            if column not in plain:
                new[column] = kept[column].to_numpy()
    old_keys = pd.MultiIndex.from_frame(before[key])
    new_keys = pd.MultiIndex.from_frame(new[key])
    written = []
    for words in new_keys.unique():
        was, now = before[old_keys.isin([words])], new[new_keys.isin([words])]
        signed = own[new_keys.isin([words])].iloc[0]
        written.append(
            {
                "table": name,
                "key": " ".join(words),
                "file": str(signed["_file"]),
                **{short: str(signed.get(long, "")) for long, short in _SIGNED.items()},
                "rows_before": len(was),
                "rows_after": len(now),
                "before": _in_words(was, now),
                "after": _in_words(now, was),
            }
        )
    table = pd.concat([before[~old_keys.isin(new_keys)], new], ignore_index=True)
    return table, pd.DataFrame(written, columns=list(HISTORY_COLUMNS))


def _in_words(rows: pd.DataFrame, others: pd.DataFrame) -> str:
    """Rows in words; where there is one on each side, only the cells that differ."""
    columns = [column for column in rows.columns if column not in PLACE]
    if len(rows) == len(others) == 1:
        columns = [column for column in columns if rows[column].iloc[0] != others[column].iloc[0]]
    said = [
        ", ".join(f"{column}={cell}" for column, cell in zip(columns, row, strict=True) if cell)
        for row in rows[columns].itertuples(index=False)
    ]
    return " / ".join(said)
