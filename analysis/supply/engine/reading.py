"""A table of a database, PostgreSQL or a DuckDB file, as record batches or as a frame."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pandas as pd
import pyarrow as pa

from survey import FileFault, nearest, not_installed

__all__ = [
    "count_rows",
    "hide_password",
    "is_database",
    "open_batches",
    "quoted",
    "read_table",
    "shown_place",
]

_POSTGRES = ("postgresql", "postgres")
_DUCK = (".duckdb", ".ddb", ".db")


def is_database(place: str | Path) -> bool:
    """Whether a place is a PostgreSQL address or a DuckDB file, so that a table must be named."""
    text = str(place)
    return text.partition("://")[0] in _POSTGRES or Path(text).suffix.lower() in _DUCK


def hide_password(place: str | Path) -> str:
    """An address that may be shown: the password in it, if any, is three dots."""
    text = str(place)
    if "://" not in text:
        return text
    parts = urlsplit(text)
    user, at, host = parts.netloc.rpartition("@")
    shown = user.partition(":")[0] + (":..." if ":" in user else "") + at + host
    query = re.sub(r"(password=)[^&]*", r"\1...", parts.query)
    return urlunsplit((parts.scheme, shown, parts.path, query, parts.fragment))


def shown_place(place: str | Path, table: str = "") -> str:
    """A place for messages, without the password of an address, and its table."""
    return f"{hide_password(place)}, table {table}" if table else hide_password(place)


def quoted(table: str) -> str:
    """The name of a table, or `schema.table`, as an SQL identifier that can be nothing else."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


def read_table(place: str | Path, table: str) -> pd.DataFrame:
    """Whole table of a PostgreSQL database or of a DuckDB file, columns verbatim and of their own type.

    Parameters
    ----------
    place : str or path
        `postgresql://user@host:5432/database` (password from the address, `PGPASSWORD` or `~/.pgpass`),
        or a file that ends in `.duckdb`.
    table : str
        `table` or `schema.table`.

    Raises
    ------
    FileFault
        No such file, server, database or table; a driver that is not installed; an empty table.
    """
    with open_batches(place, table) as reader:
        rows = reader.read_all()
    if not rows.num_rows:
        raise FileFault(shown_place(place, table), "no row", "at least one row", "fill it")
    return rows.to_pandas()


def count_rows(place: str | Path, table: str) -> int:
    """Number of rows of a table, counted by its database.

    Raises
    ------
    FileFault
        As `read_table`.
    """
    with open_batches(place, table, columns="count(*) AS n") as reader:
        return int(reader.read_all().column("n")[0].as_py())


@contextmanager
def open_batches(place: str | Path, table: str, *, columns: str = "") -> Iterator[pa.RecordBatchReader]:
    """Record batches of a table, as many in memory as one batch holds; `columns` in SQL, default all.

    Raises
    ------
    FileFault
        As `read_table`.
    """
    if str(place).partition("://")[0] in _POSTGRES:
        with _from_postgres(str(place), table, columns) as reader:
            yield reader
    else:
        with _from_duckdb(Path(place), table, columns or "*") as reader:
            yield reader


@contextmanager
def _from_duckdb(path: Path, table: str, columns: str) -> Iterator[pa.RecordBatchReader]:
    import duckdb

    if not path.is_file():
        raise FileFault(str(path), "no such file", "a DuckDB file", "check the name and the folder")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            _check_table(table, _tables_of_duckdb(connection), str(path))
            yield connection.sql(f"SELECT {columns} FROM {quoted(table)}").to_arrow_reader()
    except duckdb.Error as error:
        raise FileFault(
            str(path),
            str(error).splitlines()[0],
            "a DuckDB file that can be read, and that nobody has open for writing",
            "close the other program, or export the table as Parquet",
        ) from None


def _tables_of_duckdb(connection: Any) -> list[str]:
    rows = connection.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
    return [name if schema == "main" else f"{schema}.{name}" for schema, name in rows]


@contextmanager
def _from_postgres(url: str, table: str, asked: str) -> Iterator[pa.RecordBatchReader]:
    where = hide_password(url)
    try:
        import adbc_driver_manager
        import adbc_driver_postgresql.dbapi as driver
    except ModuleNotFoundError:
        raise not_installed(where, "postgres") from None
    try:
        with driver.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            cursor.execute(_POSTGRES_COLUMNS, parameters=(table, table))
            columns = cursor.fetchall()
            if not columns:
                cursor.execute(_POSTGRES_TABLES)
                _check_table(table, [row[0] for row in cursor.fetchall()], where)
            plain = asked or ", ".join(map(_plain, columns))
            cursor.execute(f"SELECT {plain} FROM {quoted(table)}")
            yield cursor.fetch_record_batch()
    except adbc_driver_manager.Error as error:
        told = " ".join(str(error).replace(url, where).split())
        raise FileFault(
            where,
            told[:300],
            "a PostgreSQL server that answers, a database and a user that may read the table",
            "try the same address with psql",
        ) from None


_POSTGRES_TABLES = """
SELECT CASE WHEN table_schema = 'public' THEN table_name ELSE table_schema || '.' || table_name END
FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
"""
_POSTGRES_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE (table_schema || '.' || table_name = $1)
   OR (table_name = $2 AND table_schema = ANY (current_schemas(false)))
ORDER BY ordinal_position
"""
_AS_FLOAT = ("numeric", "money")
_AS_IT_IS = ("smallint", "integer", "bigint", "real", "double precision", "boolean", "date")


def _plain(column: tuple[str, str]) -> str:
    """One column as a number where it is one (`numeric` too), a day, or text."""
    name, kind = quoted(column[0].replace(".", "\0")).replace("\0", "."), column[1]
    if kind in _AS_IT_IS:
        return name
    to = "double precision" if kind in _AS_FLOAT else "text"
    inner = f"{name}::numeric" if kind == "money" else name
    return f"{inner}::{to} AS {name}"


def _check_table(table: str, there: list[str], where: str) -> None:
    if table not in there and table.removeprefix("main.").removeprefix("public.") not in there:
        raise FileFault(
            f"{where}, table {table!r}",
            "no such table",
            "one of: " + (", ".join(sorted(there)[:12]) or "none is there"),
            nearest(table, there) or "check the name",
        )
