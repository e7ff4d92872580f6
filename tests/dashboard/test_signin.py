"""Accounts, sessions and the trail: who gets in, who does not, and what is written of it."""

import re
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from dashboard.signin.accounts import AccountFault, Accounts, Refused
from dashboard.signin.passwords import why_not
from dashboard.signin.people import Account
from dashboard.signin.sessions import IDLE, LONGEST, Sessions
from dashboard.signin.store import Store, StoreFault, open_store
from dashboard.signin.tables import ACCOUNTS, TRAIL
from dashboard.signin.trail import check_trail, trail_rows

PASSWORD = "a sentence nobody knows"
HERE, THERE = "192.0.2.1", "198.51.100.7"


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("dashboard.signin.passwords._HASHER", cheap)
    monkeypatch.setattr("dashboard.signin.passwords._OF_NOBODY", cheap.hash("of nobody"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "accounts.db", is_new=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store: Store, clock: Clock) -> Accounts:
    made = Accounts(store, clock)
    made.open(made.invite("Kato", "analyst"), PASSWORD, HERE)
    return made


def acts(store: Store) -> list[Any]:
    return [row["act"] for row in trail_rows(store)]


def test_an_invitation_opens_an_account_once(store: Store) -> None:
    accounts = Accounts(store)
    ticket = accounts.invite("Sato@Example.org", "viewer")
    assert accounts.welcomed(ticket) == Account("sato@example.org", "viewer", "invited")
    assert accounts.open(ticket, PASSWORD) == Account("sato@example.org", "viewer", "open")
    assert accounts.open(ticket, PASSWORD) == "ticket"
    assert accounts.welcomed(ticket) is None
    assert acts(store) == ["invited", "password set"]


def test_an_invitation_ends(accounts: Accounts, clock: Clock) -> None:
    ticket = accounts.invite("sato", "viewer")
    clock.now += 73 * 3600
    assert accounts.open(ticket, PASSWORD) == "ticket"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("aaaabbbbaaaabbbb", "simple"),
        ("I am KATO himself", "simple"),
        ("x1" * 400, "long"),
        (PASSWORD, ""),
    ],
)
def test_passwords_that_may_be_chosen(password: str, reason: str) -> None:
    assert why_not(password, "kato@example.org") == reason


def test_names_and_passwords_are_the_same_however_typed(accounts: Accounts) -> None:
    typed = unicodedata.normalize("NFC", "ガスの文章は十二文字以上です")
    composed_otherwise = unicodedata.normalize("NFD", typed)
    assert typed != composed_otherwise
    accounts.open(accounts.invite("fukuda", "viewer"), composed_otherwise, HERE)
    assert isinstance(accounts.sign_in("ＦＵＫＵＤＡ", typed, HERE), Account)


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "a\nb", "unknown", "command"])
def test_names_that_cannot_be(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountFault):
        accounts.invite(name, "viewer")


def test_bad_changes_are_named(accounts: Accounts) -> None:
    with pytest.raises(AccountFault, match="a name that is free"):
        accounts.invite("KATO", "viewer")
    with pytest.raises(AccountFault, match="viewer, analyst"):
        accounts.invite("sato", "admin")
    for change in (accounts.reset, accounts.close, accounts.must_be):
        with pytest.raises(AccountFault, match="nobody"):
            change("sato")
    accounts.close("kato")
    with pytest.raises(AccountFault, match="closed"):
        accounts.reset("kato")


def test_a_wrong_password_and_an_unknown_name_are_told_alike(accounts: Accounts, store: Store) -> None:
    assert accounts.sign_in("kato", "wrong", HERE) == Refused()
    assert accounts.sign_in("nobody", "wrong", HERE) == Refused()
    told = [row["who"] for row in trail_rows(store) if row["act"] == "refused"]
    assert told == ["kato", "unknown"]  # what was typed as a name may be a password


def test_failures_hold_the_next_back_longer_each_time(accounts: Accounts, clock: Clock) -> None:
    for _ in range(4):
        assert accounts.sign_in("kato", "wrong", HERE) == Refused()
    waits = []
    for _ in range(4):
        found = accounts.sign_in("kato", "wrong", HERE)
        assert isinstance(found, Refused)
        waits.append(found.wait)
        assert isinstance(accounts.sign_in("kato", PASSWORD, HERE), Refused)  # not even the right one
        clock.now += found.wait + 1
    assert waits == [30.0, 60.0, 120.0, 240.0]
    assert isinstance(accounts.sign_in("kato", PASSWORD, HERE), Account)
    assert accounts.sign_in("kato", "wrong", HERE) == Refused()


def test_failures_elsewhere_do_not_keep_the_owner_out(accounts: Accounts) -> None:
    for _ in range(9):
        accounts.sign_in("kato", "wrong", THERE)
    assert isinstance(accounts.sign_in("kato", PASSWORD, THERE), Refused)
    assert isinstance(accounts.sign_in("kato", PASSWORD, HERE), Account)


def test_one_place_cannot_try_many_names(accounts: Accounts) -> None:
    for number in range(31):
        accounts.sign_in(f"name{number}", "wrong", THERE)
    found = accounts.sign_in("kato", PASSWORD, THERE)
    assert isinstance(found, Refused)
    assert found.wait > 0


def test_a_session_ends_when_idle_when_old_and_when_told(
    accounts: Accounts, store: Store, clock: Clock
) -> None:
    sessions, kato = Sessions(store, clock), Account("kato", "analyst", "open")
    first = sessions.begin(kato, HERE)
    assert sessions.find(first) == kato
    for _ in range(int(LONGEST // (IDLE - 60))):
        clock.now += IDLE - 60
        assert sessions.find(first) == kato  # used, so it goes on
    clock.now = 1_800_000_000.0 + LONGEST + 1
    assert sessions.find(first) is None
    second, third = sessions.begin(kato, HERE), sessions.begin(kato, THERE)
    clock.now += IDLE + 1
    assert sessions.find(second) is None
    fourth = sessions.begin(kato, HERE)
    assert sessions.find(third) is None
    sessions.end(fourth, HERE)
    assert sessions.find(fourth) is None
    assert sessions.find("") is sessions.find("made up") is None
    for change in (accounts.close, accounts.reset, sessions.end_of):
        accounts.open(accounts.invite(f"n{change.__name__}", "viewer"), PASSWORD)
        token = sessions.begin(Account(f"n{change.__name__}", "viewer", "open"), HERE)
        change(f"n{change.__name__}")
        assert sessions.find(token) is None


def test_a_role_counts_from_the_next_request(accounts: Accounts, store: Store, clock: Clock) -> None:
    sessions = Sessions(store, clock)
    token = sessions.begin(Account("kato", "analyst", "open"), HERE)
    accounts.change_role("kato", "viewer")
    found = sessions.find(token)
    assert found is not None
    assert found.role == "viewer"


def test_what_is_kept_opens_nothing(accounts: Accounts, store: Store, tmp_path: Path) -> None:
    ticket = accounts.invite("sato", "viewer")
    token = Sessions(store).begin(Account("kato", "analyst", "open"), HERE)
    held = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"kato" in held
    for secret in (ticket, token, PASSWORD):
        assert secret.encode() not in held
    assert (tmp_path / "accounts.db").stat().st_mode & 0o077 == 0


def test_the_trail_holds_and_any_change_shows(accounts: Accounts, store: Store, tmp_path: Path) -> None:
    for number in range(5):
        accounts.invite(f"n{number}", "viewer")
    assert check_trail(store) is None
    head = str(trail_rows(store)[-1]["hash"])
    with pytest.raises(sql.exc.SQLAlchemyError, match="only ever added to"), store.writing() as connection:
        connection.execute(sql.update(TRAIL).values(who="somebody else"))
    with pytest.raises(sql.exc.SQLAlchemyError, match="only ever added to"), store.writing() as connection:
        connection.execute(sql.delete(TRAIL))
    assert check_trail(store, head) is None
    for change, place, found in (
        ("UPDATE trail SET about = 'n0: analyst' WHERE number = 3", 3, "changed"),
        ("DELETE FROM trail WHERE number = 4", 4, "missing"),
        ("DELETE FROM trail WHERE number = 7", 6, "taken off the end"),
    ):
        copy = tmp_path / f"copy{place}.db"
        store.backup(copy)
        with sqlite3.connect(copy) as connection:
            for act in ("update", "delete"):
                connection.execute(f"DROP TRIGGER trail_{act}")
            connection.execute(change)
        broken = check_trail(open_store(copy), head)
        assert broken is not None
        assert (broken.number, found in broken.found) == (place, True)


def test_a_copy_is_whole_and_for_its_owner_alone(accounts: Accounts, store: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    store.backup(copy)
    assert isinstance(Accounts(open_store(copy)).sign_in("kato", PASSWORD, HERE), Account)
    assert copy.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreFault, match="a name that is free"):
        store.backup(copy)


def test_places_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="--invite"):
        open_store(tmp_path / "none.db")
    with pytest.raises(StoreFault, match="make it first"):
        open_store(tmp_path / "no" / "folder.db", is_new=True)
    other = tmp_path / "answers.csv"
    other.write_text("firm_id,q1\n" * 10)
    for wrong in (other, tmp_path):
        with pytest.raises(StoreFault, match="name another file"):
            open_store(wrong, is_new=True)
    assert other.read_text().startswith("firm_id")
    newer = open_store(tmp_path / "newer.db", is_new=True)
    with newer.writing() as connection:
        connection.exec_driver_sql("UPDATE secrets SET value = '99' WHERE name = 'schema'")
    with pytest.raises(StoreFault, match=re.escape("schema 99")):
        open_store(tmp_path / "newer.db")


def test_nothing_of_a_write_that_fails_is_kept(accounts: Accounts, store: Store) -> None:
    before = trail_rows(store)
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        connection.execute(sql.delete(ACCOUNTS))
        _ = 1 / 0
    assert trail_rows(store) == before
    assert [row["name"] for row in accounts.listed()] == ["kato"]
