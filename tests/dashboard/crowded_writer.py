"""One of several processes that write accounts, sessions, trail and judgements at once.

    python -m tests.dashboard.crowded_writer FOLDER NUMBER TURNS

It says `ready`, waits for a line, writes, and puts what it was told of as done into FOLDER/told-NUMBER.json.
"""

import json
import sys
import traceback
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher
from werkzeug.test import Client

from analysis import add_judgements
from dashboard.downloads import DOWNLOADS
from dashboard.signin.accounts import Account, Accounts, Refused
from dashboard.signin.crowding import Crowding
from dashboard.signin.gate import Gate
from dashboard.signin.sessions import Sessions
from dashboard.signin.settings import Admission
from dashboard.signin.store import open_store

__all__ = ["ACTS"]

ACTS = ("invited", "password set", "signed in", "refused", "exported", "judged")
"""What each turn does, in this order, and as the trail calls it."""

_PASSWORD = "a sentence nobody knows"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_FILE = next(iter(DOWNLOADS))


def _write(folder: Path, mine: int, turns: int) -> None:
    """What one process does; each change it was told of as done goes into a file of its own."""
    told: list[tuple[str, str]] = []
    wrong = ""
    try:
        with patch("dashboard.signin.passwords._HASHER", _CHEAP):
            for turn in range(turns):
                _one_turn(folder, f"p{mine}-{turn}", f"192.0.2.{mine + 1}", told)
    except BaseException:
        wrong = traceback.format_exc()
    (folder / f"told-{mine}.json").write_text(json.dumps([told, wrong]), encoding="utf-8")


def _one_turn(folder: Path, name: str, place: str, told: list[tuple[str, str]]) -> None:
    """An invitation, as the command does it; a sign-in, a wrong one and a file, as a server; a judgement."""
    accounts = Accounts(open_store(folder / "accounts.db", is_new=True))
    ticket = accounts.invite(name, "analyst")
    told.append(("invited", name))
    store = open_store(folder / "accounts.db")
    accounts, sessions = Accounts(store), Sessions(store)
    assert isinstance(accounts.open(ticket, _PASSWORD), Account)
    told.append(("password set", name))
    account = accounts.sign_in(name, _PASSWORD, place)
    assert isinstance(account, Account)
    token = sessions.begin(account, place)
    told.append(("signed in", f"{name} {token}"))
    assert isinstance(accounts.sign_in(name, "another sentence", place), Refused)
    told.append(("refused", name))
    asked = Client(_gate(store.name), use_cookies=False).get(
        _FILE, headers={"Cookie": f"crosspressure={token}"}
    )
    assert asked.status_code == 200, asked.status_code
    told.append(("exported", name))
    review = folder / f"review-{name}.csv"
    review.write_text(f"name,list,entry,verdict,who,why\n{name},L,E,same,kato,seen\n", encoding="utf-8")
    assert add_judgements(review, folder / "judgements.csv", date(2026, 1, 15)) == 1
    told.append(("judged", name))


@cache
def _gate(folder: str) -> Gate:
    """The gate of this process, with connections of its own."""
    made = Gate(_given, open_store(folder), Admission("accounts.db"))
    made._crowding = Crowding(1e9, 1e9)
    return made


def _given(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/csv")])
    return [b"firm\r\n"]


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    _write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
