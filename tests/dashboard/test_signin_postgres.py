"""Accounts in a real PostgreSQL: the same as in a file; the trail stands, and no password is in a message."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sql

from dashboard.command import main
from dashboard.signin.accounts import Accounts, Refused
from dashboard.signin.people import Account
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import StoreFault, open_store
from dashboard.signin.tables import SECRETS, TRAIL
from dashboard.signin.trail import check_trail, trail_rows
from tests.analysis.test_engines_postgres import PASSWORD, SHOWN, address
from tests.dashboard.test_how_to_formats import blocks
from tests.dashboard.test_signin import HERE, _cheap
from tests.dashboard.test_signin import PASSWORD as MINE
from tests.setup_services import postgres_programs

__all__ = ["_cheap", "address"]


def test_accounts_of_postgres_are_those_of_a_file(address: str) -> None:
    with pytest.raises(StoreFault, match="--invite") as caught:
        open_store(address)
    assert PASSWORD not in str(caught.value) and SHOWN not in str(caught.value)
    store = open_store(address, is_new=True)
    accounts, sessions = Accounts(store), Sessions(open_store(address))
    made = accounts.open(accounts.invite("Kato", "analyst"), MINE, HERE)
    assert isinstance(made, Account)
    for _ in range(4):
        assert accounts.sign_in("kato", "wrong", HERE) == Refused()
    assert accounts.sign_in("kato", "wrong", HERE) != Refused()
    accounts.reset("kato")
    assert isinstance(accounts.open(accounts.reset("kato"), MINE), Account)
    token = sessions.begin(made, HERE)
    assert sessions.find(token) == made
    accounts.close("kato")
    assert sessions.find(token) is None


def test_the_trail_of_postgres_stands_and_writers_take_turns(address: str) -> None:
    store = open_store(address, is_new=True)
    accounts = Accounts(store)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: accounts.invite(f"n{number}", "viewer"), range(24)))
    assert check_trail(store) is None
    assert len({row["about"] for row in trail_rows(store) if str(row["about"]).startswith("n")}) == 24
    for statement in (sql.update(TRAIL).values(who="x"), sql.delete(TRAIL)):
        with pytest.raises(sql.exc.SQLAlchemyError, match="only ever added to"), store.writing() as writer:
            writer.execute(statement)
    assert check_trail(store) is None


def test_who_opens_a_new_database_at_the_same_time_finds_it_made(address: str) -> None:
    at_once = Barrier(8)

    def open_one(_number: int) -> str:
        at_once.wait()
        store = open_store(address, is_new=True)
        with store.reading() as connection:
            return str(
                connection.execute(sql.select(SECRETS.c.value).where(SECRETS.c.name == "forms")).scalar_one()
            )

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(open_one, range(8)))) == 1


def test_a_database_that_is_not_there_is_named_without_its_password(address: str) -> None:
    nowhere = address.rpartition(":")[0] + ":1/postgres"
    with pytest.raises(StoreFault) as caught:
        open_store(nowhere)
    assert PASSWORD not in str(caught.value) and SHOWN not in str(caught.value)


def test_a_dump_comes_back_into_an_empty_database_as_the_how_to_writes_it(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = postgres_programs()
    assert programs is not None
    store = open_store(address, is_new=True)
    accounts = Accounts(store)
    assert isinstance(accounts.open(accounts.invite("sato", "viewer"), MINE, HERE), Account)
    empty = f"{address.rpartition('/')[0]}/restored"
    with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE restored")
    (tmp_path / "backup").mkdir()
    monkeypatch.chdir(tmp_path)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    *copied, looked = next(text for text in blocks("operation.md", "") if "pg_dump" in text).splitlines()
    for line in copied:
        known = {**os.environ, "PATH": path, "ACCOUNTS": address, "EMPTY": empty}
        done = subprocess.run(["sh", "-c", line], env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert main([word.strip('"').replace("$EMPTY", empty) for word in looked.split()[1:]]) == 0
    back = open_store(empty)
    assert trail_rows(back) == trail_rows(store)
    assert isinstance(Accounts(back).sign_in("sato", MINE, HERE), Account)
    for statement in (sql.update(TRAIL).values(who="x"), sql.delete(TRAIL)):
        with pytest.raises(sql.exc.SQLAlchemyError, match="only ever added to"), back.writing() as writer:
            writer.execute(statement)
