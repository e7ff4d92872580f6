"""Several processes that write accounts, sessions, trail and judgements at once: nothing told is lost."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from analysis import read_judgements
from dashboard.signin.accounts import Accounts
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import open_store
from dashboard.signin.trail import check_trail, trail_rows
from tests.dashboard.crowded_writer import ACTS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no lock on folders there")

TOP = Path(__file__).parents[2]
_WRITERS, _TURNS = 3, 5


def _let_write(folder: Path) -> None:
    """Start every writer, let them go at once, and wait for them."""
    words = [sys.executable, "-m", "tests.dashboard.crowded_writer", str(folder)]
    around = os.environ | {"PYTHONPATH": str(TOP)}
    writers = [
        subprocess.Popen(
            [*words, str(mine), str(_TURNS)],
            cwd=TOP, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for mine in range(_WRITERS)
    ]  # fmt: skip
    try:
        for one in writers:
            assert one.stdout is not None and one.stdout.readline() == "ready\n"
        for one in writers:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        assert [one.wait(240) for one in writers] == [0] * _WRITERS
    finally:
        for one in writers:
            one.kill()
            one.communicate()


def test_nothing_told_is_lost_and_nobody_is_told_of_a_locked_file(tmp_path: Path) -> None:
    _let_write(tmp_path)
    found = [json.loads((tmp_path / f"told-{mine}.json").read_text("utf-8")) for mine in range(_WRITERS)]
    assert [wrong for _, wrong in found if wrong] == []
    told = [(act, what) for one, _ in found for act, what in one]
    assert len(told) == len(ACTS) * _WRITERS * _TURNS

    store = open_store(tmp_path / "accounts.db")
    assert check_trail(store) is None
    with sqlite3.connect(store.name) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    acts = Counter(str(row["act"]) for row in trail_rows(store))
    assert acts == Counter(act for act, _ in told if act != "judged")
    rows = {row["name"]: row for row in Accounts(store).listed()}
    sessions = Sessions(store)
    for act, what in told:
        name, _, token = what.partition(" ")
        assert rows[name]["state"] == "open"
        assert not token or sessions.find(token) is not None, act
    names = read_judgements(tmp_path / "judgements.csv")["name"]
    assert sorted(names) == sorted(name for act, name in told if act == "judged")
