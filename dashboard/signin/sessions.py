"""Sessions: a random cookie, kept as its hash, that ends when idle, when old, or when somebody says so."""

import secrets
import time
from collections.abc import Callable

import sqlalchemy as sql

from dashboard.signin.accounts import written_hash
from dashboard.signin.people import Account
from dashboard.signin.store import Store
from dashboard.signin.tables import ACCOUNTS, SESSIONS
from dashboard.signin.trail import add_to_trail

__all__ = ["IDLE", "LONGEST", "Sessions"]

IDLE = 2 * 3600.0
"""Seconds without a request after which a session ends."""

LONGEST = 12 * 3600.0
"""Seconds after which a session ends, used or not."""

_SEEN_EVERY = 60.0
"""Seconds between two notes that a session is in use: a page load is one write, not forty."""


class Sessions:
    """Sessions of a store.

    Parameters
    ----------
    store : Store
    clock : callable
        Seconds since 1970.
    idle, longest : float
        Seconds, as `IDLE` and `LONGEST`.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.time,
        *,
        idle: float = IDLE,
        longest: float = LONGEST,
    ) -> None:
        self._store = store
        self._clock = clock
        self._idle = idle
        self._longest = longest

    def begin(self, account: Account, place: str) -> str:
        """The cookie of a new session, kept nowhere else; sessions that have ended are swept out."""
        token, now = secrets.token_urlsafe(32), self._clock()
        row = {"hash": written_hash(token), "name": account.name, "began": now, "seen": now, "place": place}
        with self._store.writing() as connection:
            over = sql.or_(SESSIONS.c.seen < now - self._idle, SESSIONS.c.began < now - self._longest)
            connection.execute(sql.delete(SESSIONS).where(over))
            connection.execute(sql.insert(SESSIONS), row)
            add_to_trail(connection, account.name, "signed in", place=place, at=now)
        return token

    def find(self, token: str) -> Account | None:
        """Whose session a cookie is, as the account is now; None where it is no session any more."""
        if not token:
            return None
        now, key = self._clock(), written_hash(token)
        joined = sql.join(SESSIONS, ACCOUNTS, SESSIONS.c.name == ACCOUNTS.c.name)
        asked = sql.select(
            ACCOUNTS.c.name, ACCOUNTS.c.role, ACCOUNTS.c.state, SESSIONS.c.began, SESSIONS.c.seen
        )
        with self._store.reading() as connection:
            row = connection.execute(asked.select_from(joined).where(SESSIONS.c.hash == key)).first()
        if row is None or row.state != "open":
            return None
        if row.seen < now - self._idle or row.began < now - self._longest:
            return None
        if row.seen < now - _SEEN_EVERY:
            with self._store.writing() as connection:
                connection.execute(sql.update(SESSIONS).where(SESSIONS.c.hash == key).values(seen=now))
        return Account(str(row.name), str(row.role), str(row.state))

    def end(self, token: str, place: str = "") -> None:
        """Sign out."""
        key = written_hash(token)
        with self._store.writing() as connection:
            name = connection.execute(sql.select(SESSIONS.c.name).where(SESSIONS.c.hash == key)).scalar()
            if name is not None:
                connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.hash == key))
                add_to_trail(connection, str(name), "signed out", place=place, at=self._clock())

    def end_of(self, name: str, *, who: str = "command", place: str = "") -> int:
        """End every session of an account; how many there were."""
        with self._store.writing() as connection:
            done = connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.name == name))
            many = int(done.rowcount)
            add_to_trail(connection, who, "sessions ended", f"{name}: {many}", place, at=self._clock())
        return many

    def of(self, name: str) -> list[dict[str, object]]:
        """Sessions of an account: when each began, was last seen, and from where."""
        asked = sql.select(SESSIONS.c.began, SESSIONS.c.seen, SESSIONS.c.place)
        with self._store.reading() as connection:
            found = connection.execute(asked.where(SESSIONS.c.name == name).order_by(SESSIONS.c.began))
            return [dict(row) for row in found.mappings()]
