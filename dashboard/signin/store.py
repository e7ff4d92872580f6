"""Where accounts, sessions and the trail are kept: SQLite by default, PostgreSQL when given."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sql
from sqlalchemy.pool import NullPool

from dashboard.settings import shown_place
from dashboard.signin.tables import IDENTITIES, POSTGRES_GUARDS, SECRETS, SQLITE_GUARDS, TABLES
from survey import Fault, not_installed

__all__ = ["Store", "StoreFault", "open_store"]

_LOG = logging.getLogger("crosspressure.dashboard")

_SCHEMA = 2
"""Since 2 with identities; a place of version 1 gets its table when it is opened."""
_MAGIC = b"SQLite format 3\x00"
_ALONE_IN_MAKING = "SELECT pg_advisory_xact_lock(7305826114)"
"""Holds others off before there is a table to lock; the number is ours, and ends with the transaction."""

_WAIT = 10.0
"""Seconds a writer waits for another."""


class StoreFault(Fault):
    """A place of accounts that cannot be used."""


class Store:
    """Tables of accounts; safe to use from several threads and processes.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    name : str
        What the place is called in messages; never holds a password.
    """

    def __init__(self, engine: sql.Engine, name: str) -> None:
        self._engine = engine
        self.name = name
        self.is_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """A connection that writes nothing."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """A connection that is alone in writing; all of it is kept when it ends, or nothing."""
        with self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("LOCK TABLE secrets IN EXCLUSIVE MODE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def is_reached(self) -> bool:
        """Whether accounts can be read now; what keeps them from it goes to the log."""
        try:
            with self.reading() as connection:
                return connection.execute(sql.select(SECRETS.c.name).limit(1)).first() is not None
        except sql.exc.SQLAlchemyError as error:
            _LOG.error("accounts cannot be read", exc_info=error)
            return False

    def backup(self, to: Path) -> None:
        """Write a whole copy while others go on, under a temporary name first.

        Raises
        ------
        StoreFault
            Something stands there already, or this is PostgreSQL, which has `pg_dump`.
        """
        if not self.is_sqlite:
            raise StoreFault(self.name, "PostgreSQL", "a file of accounts", "use pg_dump, which copies whole")
        if to.exists():
            raise StoreFault(str(to), "a file", "a name that is free", "choose another name")
        made = to.with_name(f".{to.name}.part")
        made.unlink(missing_ok=True)
        with self._engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(made),))
        os.chmod(made, 0o600)
        with made.open("rb+") as written:
            os.fsync(written.fileno())
        made.rename(to)


def open_store(place: str | Path, *, is_new: bool = False) -> Store:
    """Open the accounts of a file or of a PostgreSQL database.

    Parameters
    ----------
    place : str or Path
        A file, or an address `postgresql://user@host/database`.
    is_new : bool
        Whether it may be made.

    Raises
    ------
    StoreFault
        It is not there, is no place of accounts, cannot be reached, or is of a newer version.
    """
    text = str(place)
    is_postgres = text.startswith(("postgresql://", "postgres://"))
    if not is_postgres and ("://" in text or "password=" in text):
        raise StoreFault(
            shown_place(text),
            "an address of another kind",
            "a file of accounts, or postgresql://user@host/database",
            "name one of these",
        )
    store = _postgres(text) if is_postgres else _sqlite(Path(text), is_new=is_new)
    try:
        _set_up(store, is_new=is_new)
    except sql.exc.SQLAlchemyError as error:
        raise StoreFault(
            store.name,
            type(error).__name__,
            "a place of accounts that can be read and written",
            "see that it is there, and that this user may write it",
        ) from None
    return store


def _sqlite(file: Path, *, is_new: bool) -> Store:
    if not file.exists():
        if not is_new:
            raise StoreFault(
                str(file), "nothing", "a file of accounts", f"crosspressure account {file} --invite NAME"
            )
        if not file.parent.is_dir():
            raise StoreFault(str(file.parent), "nothing", "a folder", "make it first")
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    elif file.is_dir() or (file.stat().st_size and file.open("rb").read(16) != _MAGIC):
        raise StoreFault(str(file), "something else", "a file of accounts", "name another file")
    place = f"file:{quote(str(file.absolute()))}?mode=rw"  # one that is gone is not made anew

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(place, timeout=_WAIT, uri=True)

    engine = sql.create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @sql.event.listens_for(engine, "connect")
    def settle(connection: sql.engine.interfaces.DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say
        cursor = connection.cursor()
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return Store(engine, str(file))


def _postgres(address: str) -> Store:
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError:
        raise not_installed("accounts in PostgreSQL", "postgres") from None
    try:
        url = sql.make_url(address).set(drivername="postgresql+psycopg")
    except (sql.exc.ArgumentError, ValueError):
        raise StoreFault(
            shown_place(address),
            "an address that cannot be read",
            "postgresql://user@host:port/database",
            "write : / ? # @ of a password as %3A %2F %3F %23 %40",
        ) from None
    engine = sql.create_engine(
        url, poolclass=NullPool, connect_args={"connect_timeout": int(_WAIT)}, hide_parameters=True
    )
    return Store(engine, shown_place(address))


def _set_up(store: Store, *, is_new: bool) -> None:
    with store._engine.connect() as connection:
        there = sql.inspect(connection).has_table("secrets")
        if there:
            found = connection.execute(
                sql.select(SECRETS.c.value).where(SECRETS.c.name == "schema")
            ).scalar_one()
            connection.rollback()
            if int(found) == 1:
                _renew(store, connection)
            elif int(found) != _SCHEMA:
                raise StoreFault(
                    store.name,
                    f"schema {found}",
                    f"schema {_SCHEMA}",
                    "use the version that made it, or newer",
                )
            return
        if not is_new:
            raise StoreFault(
                store.name, "no accounts", "accounts", f"crosspressure account {store.name} --invite NAME"
            )
    _make(store)


def _make(store: Store) -> None:
    """Make the tables; whoever makes them at the same time waits, and finds it done."""
    with store._engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if store.is_sqlite else _ALONE_IN_MAKING)
        if sql.inspect(connection).has_table("secrets"):
            connection.rollback()
            return
        TABLES.create_all(connection)
        for guard in SQLITE_GUARDS if store.is_sqlite else POSTGRES_GUARDS:
            connection.exec_driver_sql(guard)
        values = [{"name": "schema", "value": str(_SCHEMA)}, {"name": "forms", "value": os.urandom(32).hex()}]
        connection.execute(sql.insert(SECRETS), values)
        connection.commit()


def _renew(store: Store, connection: sql.Connection) -> None:
    """Bring a place of version 1 up to this one; whoever opens it at the same time finds it done."""
    if store.is_sqlite:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("LOCK TABLE secrets IN EXCLUSIVE MODE")
    IDENTITIES.create(connection, checkfirst=True)
    connection.execute(sql.update(SECRETS).where(SECRETS.c.name == "schema").values(value=str(_SCHEMA)))
    connection.commit()
