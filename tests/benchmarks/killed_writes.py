"""Accounts and judgements written by a process that is killed at random: nothing told as done is lost.

    python -m tests.benchmarks.killed_writes [--kills 500] [--seed 1] [--quick]

A process invites, opens, changes and closes accounts, begins and ends sessions, adds judgements, one after
the other. After each it writes what it has done into a pipe, as a page or a command answers; like these, it
takes a moment from the write to its telling. It is killed (SIGKILL) at a moment drawn at random, so that this
falls into writes, between a write and its telling, and after it, and another takes its place. After each kill
whatever the pipe holds must be there, in accounts, sessions, trail and judgements; the chains must hold,
SQLite must find its file whole, and of what was not told there is at most the one change that was under way.
"""

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher

from analysis import add_judgements, read_judgements
from dashboard.signin.accounts import Accounts
from dashboard.signin.people import Account
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import Store, open_store
from dashboard.signin.trail import check_trail, trail_rows
from tests.benchmarks.rows import Row, store

__all__ = ["Harm", "kill_writers", "main"]

_PASSWORD = "a sentence nobody knows"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_WORDS, _LONGEST = 14, 0.02
"""A writer is killed after so many words at most, and within so many seconds after the last of them."""

_SILENT = 0.006
"""Seconds at most that a writer takes from a write to its telling."""


class Harm(Exception):
    """Something told as done is not there, or a chain does not hold."""


def kill_writers(folder: Path, kills: int, chance: random.Random) -> tuple[int, int, int]:
    """Let so many writers be killed, one after the other.

    Returns
    -------
    tuple of int
        What was told as done, by accounts and by judgements; and how many kills fell between two tellings.

    Raises
    ------
    Harm
    """
    held = open_store(folder / "accounts.db", is_new=True)
    judged = folder / "judgements.csv"
    told: list[tuple[str, str]] = []
    midway = 0
    with patch("dashboard.signin.passwords._HASHER", _CHEAP):
        for turn in range(kills):
            before = _there(held, judged)
            mine = _killed(folder, turn, chance.randint(1, _WORDS), chance.uniform(0.0, _LONGEST))
            told += mine
            _check(held, judged, mine)
            done = sum(_there(held, judged)) - sum(before)  # each change is one row
            if done - len(mine) not in (0, 1):
                raise Harm(f"kill {turn}: {done} rows were written, {len(mine)} told")
            midway += done != len(mine)
        _check(held, judged, told)
    judgements = sum(kind == "judged" for kind, _ in told)
    return len(told) - judgements, judgements, midway


def _killed(folder: Path, turn: int, words: int, after: float) -> list[tuple[str, str]]:
    """What a writer told before it was killed, so many seconds after so many words."""
    ends = os.pipe()
    child = os.fork()
    if not child:
        os.close(ends[0])
        try:
            _write_on(folder, turn, ends[1])
        finally:
            os._exit(3)
    os.close(ends[1])
    with os.fdopen(ends[0], "rb") as heard:
        first = b"".join(heard.readline() for _ in range(words))
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != -signal.SIGKILL:
            raise Harm(f"the writer ended by itself with {code}")
        lines = (first + heard.read()).decode().splitlines(keepends=True)
    whole = [line.rstrip("\n").split("\t") for line in lines if line.endswith("\n")]
    return [(kind, what) for kind, what in whole]


def _write_on(folder: Path, turn: int, end: int) -> None:
    """Write until killed, telling each change once it is done."""
    held = open_store(folder / "accounts.db")
    accounts, sessions = Accounts(held), Sessions(held)
    chance = random.Random(turn)

    def tell(kind: str, what: str) -> None:
        time.sleep(chance.uniform(0.0, _SILENT))
        os.write(end, f"{kind}\t{what}\n".encode())

    number = 0
    while True:
        name = f"p{turn}-{number}"
        ticket = accounts.invite(name, "viewer")
        tell("invited", name)
        made = accounts.open(ticket, _PASSWORD)
        tell("opened", name)
        if isinstance(made, Account):
            token = sessions.begin(made, "192.0.2.1")
            tell("signed in", f"{name} {token}")
        accounts.change_role(name, "analyst")
        tell("analyst", name)
        _judge(folder, name)
        tell("judged", name)
        if number % 3 == 1:
            sessions.end_of(name)
            tell("ended", name)
        if number % 3 == 2:
            accounts.close(name)
            tell("closed", name)
        number += 1


def _judge(folder: Path, name: str) -> None:
    review = folder / "review.csv"
    review.write_text(f"name,list,entry,verdict,who,why\n{name},L,E,same,kato,seen\n", encoding="utf-8")
    add_judgements(review, folder / "judgements.csv", date(2026, 1, 15))


def _there(held: Store, judged: Path) -> tuple[int, int]:
    return len(trail_rows(held)), len(read_judgements(judged))


def _check(held: Store, judged: Path, told: list[tuple[str, str]]) -> None:
    """See that all that was told is there, and that what is there holds together."""
    if (broken := check_trail(held)) is not None:
        raise Harm(f"trail, no. {broken.number}: {broken.found}")
    with sqlite3.connect(held.name) as connection:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    if found != "ok":
        raise Harm(f"SQLite: {found}")
    rows: dict[str, dict[str, Any]] = {str(row["name"]): row for row in Accounts(held).listed()}
    names, sessions = set(read_judgements(judged)["name"]), Sessions(held)
    ended = [str(row["about"]) for row in trail_rows(held) if row["act"] in ("closed", "sessions ended")]
    over = {about.partition(":")[0] for about in ended}  # the change under way may be one of these
    is_there: dict[str, Callable[[str], bool]] = {
        "invited": lambda name: name in rows,
        "opened": lambda name: rows[name]["state"] in ("open", "closed"),
        "signed in": lambda said: (
            sessions.find(said.partition(" ")[2]) is not None or said.partition(" ")[0] in over
        ),
        "analyst": lambda name: rows[name]["role"] == "analyst",
        "judged": lambda name: name in names,
        "ended": lambda name: rows[name]["sessions"] == 0,
        "closed": lambda name: rows[name]["state"] == "closed",
    }
    for kind, what in told:
        if not is_there[kind](what):
            raise Harm(f"{kind} {what.partition(' ')[0]} was told, and is not there")


def main(words: list[str]) -> int:
    """Kill the writers, print and store what was lost; 1 where anything was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="25 kills")
    args = parser.parse_args(words)
    kills = 25 if args.quick else args.kills
    with tempfile.TemporaryDirectory() as made:
        try:
            accounts, judgements, midway = kill_writers(Path(made), kills, random.Random(args.seed))
            lost, how = 0, f"{kills} kills; {accounts} changes of accounts and {judgements} judgements told; "
            how += f"{midway} kills fell after a write and before its telling"
        except Harm as harm:
            lost, how = 1, str(harm)
    row = Row(
        "writes told as done and lost after kill -9", lost, "writes", bound="0", is_kept=not lost, how=how
    )
    return store("killed_writes", [row], seed=args.seed, kills=kills)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
