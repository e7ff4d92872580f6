"""Accounts in a real PostgreSQL: the same as in a file; the trail stands, and no password is in a message."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sql

from dashboard.signin.accounts import Account, Accounts, Refused
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import StoreFault, open_store
from dashboard.signin.tables import TRAIL
from dashboard.signin.trail import check_trail, trail_rows
from tests.analysis.test_engines_postgres import PASSWORD, SHOWN, address
from tests.dashboard.test_signin import HERE, _cheap
from tests.dashboard.test_signin import PASSWORD as MINE

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


def test_a_database_that_is_not_there_is_named_without_its_password(address: str) -> None:
    nowhere = address.rpartition(":")[0] + ":1/postgres"
    with pytest.raises(StoreFault) as caught:
        open_store(nowhere)
    assert PASSWORD not in str(caught.value) and SHOWN not in str(caught.value)
