"""Accounts: invited by whoever runs the server, opened with a password of one's own, closed."""

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sql

from dashboard.signin.passwords import is_right, kept_of, must_renew, why_not
from dashboard.signin.people import NOBODY, NOT_NAMES, ROLES, Account
from dashboard.signin.store import Store
from dashboard.signin.tables import ACCOUNTS, SESSIONS, TICKETS
from dashboard.signin.trail import add_to_trail
from dashboard.signin.tries import clear_tries, count_failure, seconds_to_wait
from survey import Fault

__all__ = [
    "AccountFault",
    "Accounts",
    "Refused",
    "plain_name",
    "written_hash",
]

_TICKET_LASTS = 72 * 3600.0
_MOST_LETTERS = 100


class AccountFault(Fault):
    """An account that cannot be made, found or changed so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A sign-in that was refused; which part was wrong is not said.

    Attributes
    ----------
    wait : float
        Seconds until it may be tried again; 0 for now.
    """

    wait: float = 0.0


class Accounts:
    """The accounts of a store.

    Parameters
    ----------
    store : Store
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def listed(self) -> list[dict[str, object]]:
        """Every account with its number of sessions, by name."""
        many = sql.select(sql.func.count()).where(SESSIONS.c.name == ACCOUNTS.c.name).scalar_subquery()
        asked = sql.select(ACCOUNTS.c.name, ACCOUNTS.c.role, ACCOUNTS.c.state, many.label("sessions"))
        with self._store.reading() as connection:
            return [dict(row) for row in connection.execute(asked.order_by(ACCOUNTS.c.name)).mappings()]

    def now(self) -> float:
        """Seconds since 1970, by the clock of these accounts."""
        return self._clock()

    def find(self, name: str) -> Account | None:
        """The account of a name, if it is in use; for who is vouched for by somebody else."""
        with self._store.reading() as connection:
            account = _found(connection, plain_name(name))
        return account if account is not None and account.state != "closed" else None

    def must_be(self, name: str) -> Account:
        """The account of a name.

        Raises
        ------
        AccountFault
            There is none.
        """
        with self._store.reading() as connection:
            return _must_be(connection, name)

    def invite(self, name: str, role: str, *, who: str = "command", has_password: bool = True) -> str:
        """Make an account and a ticket to open it with; the ticket is kept nowhere else.

        Without a password of its own, where somebody else vouches for people, there is no ticket: "".

        Raises
        ------
        AccountFault
            A name that cannot be one or is taken, or a role nobody knows.
        """
        plain = _checked_name(name)
        _check_role(role)
        with self._store.writing() as connection:
            if _found(connection, plain) is not None:
                raise AccountFault(
                    f"account {plain!r}", "an account", "a name that is free", "reset it, or choose another"
                )
            row = {"name": plain, "role": role, "state": "invited", "password": "", "made_at": self._clock()}
            connection.execute(sql.insert(ACCOUNTS), row)
            ticket = self._ticket(connection, plain) if has_password else ""
            add_to_trail(connection, who, "invited", f"{plain}: {role}", at=self._clock())
        return ticket

    def reset(self, name: str, *, who: str = "command", has_password: bool = True) -> str:
        """Take an account's password, tickets and sessions away, and make a ticket to set a new one.

        Without a password of its own, as in `invite`, there is no ticket: "".

        Raises
        ------
        AccountFault
            There is no such account, or it is closed.
        """
        with self._store.writing() as connection:
            account = _must_be(connection, name)
            if account.state == "closed":
                raise AccountFault(
                    f"account {account.name!r}", "closed", "an account in use", "invite somebody anew"
                )
            _end_all(connection, account.name)
            _change(connection, account.name, password="", state="invited")
            clear_tries(connection, account.name)
            connection.execute(sql.delete(TICKETS).where(TICKETS.c.name == account.name))
            ticket = self._ticket(connection, account.name) if has_password else ""
            add_to_trail(connection, who, "reset", account.name, at=self._clock())
        return ticket

    def change_role(self, name: str, role: str, *, who: str = "command") -> None:
        """Give an account another role; it counts from the next request on.

        Raises
        ------
        AccountFault
        """
        _check_role(role)
        with self._store.writing() as connection:
            account = _must_be(connection, name)
            _change(connection, account.name, role=role)
            add_to_trail(connection, who, "role changed", f"{account.name}: {role}", at=self._clock())

    def close(self, name: str, *, who: str = "command") -> None:
        """Close an account for good, and end its sessions; its name is never given to another.

        Raises
        ------
        AccountFault
        """
        with self._store.writing() as connection:
            account = _must_be(connection, name)
            _end_all(connection, account.name)
            connection.execute(sql.delete(TICKETS).where(TICKETS.c.name == account.name))
            _change(connection, account.name, password="", state="closed")
            add_to_trail(connection, who, "closed", account.name, at=self._clock())

    def welcomed(self, ticket: str) -> Account | None:
        """Whose ticket it is, or None where it is nobody's, used, or too old."""
        with self._store.reading() as connection:
            return self._of_ticket(connection, ticket)

    def open(self, ticket: str, password: str, place: str = "") -> Account | str:
        """Set a password with a ticket, which then is used; else the key of why not (`ticket`, ...)."""
        account = self.welcomed(ticket)
        if account is None:
            return "ticket"
        wrong = why_not(password, account.name)
        if wrong:
            return wrong
        kept = kept_of(password)
        with self._store.writing() as connection:
            account = self._of_ticket(connection, ticket)
            if account is None:  # used in between
                return "ticket"
            connection.execute(sql.delete(TICKETS).where(TICKETS.c.name == account.name))
            _change(connection, account.name, password=kept, state="open")
            clear_tries(connection, account.name)
            add_to_trail(connection, account.name, "password set", place=place, at=self._clock())
        return Account(account.name, account.role, "open")

    def sign_in(self, name: str, password: str, place: str) -> Account | Refused:
        """The account of a name and password; a refusal takes as long for a name that is no account."""
        plain, now = plain_name(name), self._clock()
        with self._store.reading() as connection:
            wait = seconds_to_wait(connection, plain, place, now)
            row = connection.execute(sql.select(ACCOUNTS).where(ACCOUNTS.c.name == plain)).first()
        if wait > 0:
            return Refused(wait)
        kept = row.password if row is not None and row.state == "open" else ""
        is_known = is_right(kept, password)
        renewed = kept_of(password) if is_known and must_renew(kept) else ""
        with self._store.writing() as connection:
            if not is_known or row is None:
                count_failure(connection, plain, place, now)
                who = plain if row is not None else NOBODY
                add_to_trail(connection, who, "refused", place=place, at=now)
                return Refused(seconds_to_wait(connection, plain, place, now))
            now_kept = connection.execute(
                sql.select(ACCOUNTS.c.password).where(ACCOUNTS.c.name == plain)
            ).scalar()
            if now_kept != kept:  # reset or closed while the password was read
                return Refused()
            clear_tries(connection, plain, place)
            if renewed:
                _change(connection, plain, password=renewed)
        return Account(str(row.name), str(row.role), str(row.state))

    def _ticket(self, connection: sql.Connection, name: str) -> str:
        ticket = secrets.token_urlsafe(32)
        row = {"hash": written_hash(ticket), "name": name, "until": self._clock() + _TICKET_LASTS}
        connection.execute(sql.insert(TICKETS), row)
        return ticket

    def _of_ticket(self, connection: sql.Connection, ticket: str) -> Account | None:
        mine = sql.select(TICKETS).where(TICKETS.c.hash == written_hash(ticket))
        row = connection.execute(mine).first()
        if row is None or row.until < self._clock():
            return None
        return _found(connection, str(row.name))


def plain_name(name: str) -> str:
    """A name as it is kept: small letters, one form of each sign, no spaces at its ends."""
    return unicodedata.normalize("NFKC", name[:_MOST_LETTERS]).strip().casefold()


def written_hash(token: str) -> str:
    """What is kept of a random token: who reads the store cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _checked_name(name: str) -> str:
    plain = plain_name(name)
    if not plain or len(name) >= _MOST_LETTERS or not plain.isprintable() or plain in NOT_NAMES:
        raise AccountFault(
            "account",
            repr(name),
            f"a name of 1 to {_MOST_LETTERS - 1} letters",
            "name the person, or their mail",
        )
    return plain


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountFault("role", repr(role), ", ".join(ROLES), "name one of these")


def _found(connection: sql.Connection, name: str) -> Account | None:
    row = connection.execute(sql.select(ACCOUNTS).where(ACCOUNTS.c.name == name)).first()
    return None if row is None else Account(str(row.name), str(row.role), str(row.state))


def _must_be(connection: sql.Connection, name: str) -> Account:
    account = _found(connection, plain_name(name))
    if account is None:
        raise AccountFault(
            f"account {name!r}", "nobody", "an account", "list them: crosspressure account PLACE"
        )
    return account


def _change(connection: sql.Connection, name: str, **values: str) -> None:
    connection.execute(sql.update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(**values))


def _end_all(connection: sql.Connection, name: str) -> None:
    connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.name == name))
