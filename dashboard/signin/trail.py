"""The trail: who signed in, took away, invited or revoked what, each row chained to the one before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sql

from dashboard.signin.store import Store
from dashboard.signin.tables import TRAIL

__all__ = ["ACTS", "Break", "add_to_trail", "check_trail", "trail_rows"]

ACTS = (
    *("invited", "reset", "password set", "role changed", "closed", "vouched for"),
    *("signed in", "refused", "signed out", "sessions ended"),
    *("exported", "scenario tried", "judged"),
)
"""What the trail may say was done."""

_FIRST = "0" * 64
_SAID = ("number", "at", "who", "act", "about", "place")


@dataclass(frozen=True, slots=True)
class Break:
    """Where the trail is not what was written.

    Attributes
    ----------
    number : int
    found : str
    """

    number: int
    found: str


def add_to_trail(
    connection: sql.Connection, who: str, act: str, about: str = "", place: str = "", *, at: float
) -> None:
    """Add a row, in the same transaction as what it tells of.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        From `Store.writing`, alone in writing.
    who, act, about, place : str
        An account or `command`; a word of `ACTS`; on what; the network address it came from.
    at : float
        Seconds since 1970, UTC.
    """
    last = connection.execute(
        sql.select(TRAIL.c.number, TRAIL.c.hash).order_by(TRAIL.c.number.desc()).limit(1)
    ).first()
    row = {
        "number": 1 if last is None else int(last.number) + 1,
        "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
        "who": who,
        "act": act,
        "about": about[:500],
        "place": place[:64],
    }
    before = _FIRST if last is None else str(last.hash)
    connection.execute(sql.insert(TRAIL), {**row, "before": before, "hash": _hash(row, before)})


def trail_rows(store: Store) -> list[dict[str, object]]:
    """Every row, the first first."""
    with store.reading() as connection:
        found = connection.execute(sql.select(TRAIL).order_by(TRAIL.c.number))
        return [dict(row) for row in found.mappings()]


def check_trail(store: Store, head: str = "") -> Break | None:
    """The first place at which the trail is not what was written, or None.

    Rows taken off its end leave a chain that holds: keep the hash of the last row elsewhere, and give it.

    Parameters
    ----------
    head : str
        Hash of a row that must be in it; "" for none.
    """
    rows, before = trail_rows(store), _FIRST
    for place, row in enumerate(rows, start=1):
        if row["number"] != place:
            return Break(place, "a row is missing")
        if row["before"] != before:
            return Break(place, "it does not follow the row before")
        if row["hash"] != _hash(row, before):
            return Break(place, "it was changed")
        before = str(row["hash"])
    if head and head not in {row["hash"] for row in rows}:
        return Break(len(rows), "the row with the hash given is not there: rows were taken off the end")
    return None


def _hash(row: Mapping[str, object], before: str) -> str:
    said = json.dumps([before, *(row[name] for name in _SAID)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
