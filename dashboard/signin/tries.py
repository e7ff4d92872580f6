"""Failed sign-ins hold the next ones back, longer each time: by account and place, by account, by place."""

import hashlib

import sqlalchemy as sql

from dashboard.signin.tables import TRIES

__all__ = ["clear_tries", "count_failure", "seconds_to_wait"]

_FREE = {"both": 5, "account": 50, "place": 30}
"""Failures without consequence: of one account from one place, of one from anywhere, from one place."""

_FIRST, _LONGEST = 30.0, 3600.0
_FORGOTTEN = 24 * 3600.0
"""Seconds after which failures are forgotten."""


def seconds_to_wait(connection: sql.Connection, name: str, place: str, now: float) -> float:
    """Seconds until a sign-in is tried again at all; 0 where it may be now."""
    found = connection.execute(sql.select(TRIES).where(TRIES.c.about.in_(_keys(name, place).values())))
    rows = {row.about: row for row in found}
    waits = [
        rows[key].last + _pause(rows[key].failures - _FREE[kind]) - now
        for kind, key in _keys(name, place).items()
        if key in rows and now - rows[key].last < _FORGOTTEN
    ]
    return max([0.0, *waits])


def count_failure(connection: sql.Connection, name: str, place: str, now: float) -> None:
    """One more failure of an account from a place."""
    connection.execute(sql.delete(TRIES).where(TRIES.c.last < now - _FORGOTTEN))
    for key in _keys(name, place).values():
        more = sql.update(TRIES).where(TRIES.c.about == key)
        done = connection.execute(more.values(failures=TRIES.c.failures + 1, last=now))
        if not done.rowcount:
            connection.execute(sql.insert(TRIES), {"about": key, "failures": 1, "last": now})


def clear_tries(connection: sql.Connection, name: str, place: str = "") -> None:
    """A sign-in went well, or somebody set a new password: failures of the account from there are forgotten.

    Those of the account from anywhere stay, so that one good sign-in does not open the door to guesses from
    elsewhere; without a place all of the account are forgotten.
    """
    keys = _keys(name, place)
    if place:
        connection.execute(sql.delete(TRIES).where(TRIES.c.about == keys["both"]))
        return
    named = sql.or_(TRIES.c.about == keys["account"], TRIES.c.about.startswith(keys["both"], autoescape=True))
    connection.execute(sql.delete(TRIES).where(named))


def _keys(name: str, place: str) -> dict[str, str]:
    """What failures are counted under; no name, for some type their password where the name goes."""
    name = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]
    return {"both": f"both {name} {place}", "account": f"account {name}", "place": f"place {place}"}


def _pause(over: int) -> float:
    return 0.0 if over < 0 else min(_LONGEST, _FIRST * 2.0 ** min(over, 20))
