"""Backup and restore of accounts, judgements, ledger and Releases, run as the how-to writes them."""

import shlex
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from analysis import add_judgements, read_judgements, read_record, read_release
from analysis.release.recorded import record_release
from dashboard.command import main
from dashboard.signin.accounts import Accounts
from dashboard.signin.people import Account
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import open_store
from dashboard.signin.trail import trail_rows
from tests.dashboard.made_up import write_made_up
from tests.dashboard.test_how_to_formats import blocks
from tests.dashboard.test_signin import HERE, PASSWORD, _cheap

__all__ = ["_cheap"]


def run(lines: str) -> list[int]:
    """Exit codes: our commands within this process, all others as a shell runs them."""
    codes = []
    for line in lines.splitlines():
        words = shlex.split(line)
        ours = words[0] == "crosspressure"
        codes.append(main(words[1:]) if ours else subprocess.run(["sh", "-c", line], check=False).returncode)
    return codes


def judge(name: str) -> None:
    Path("review.csv").write_text(f"name,list,entry,verdict,who,why\n{name},L,E,same,kato,seen\n")
    add_judgements(Path("review.csv"), Path("study/judgements.csv"), date(2026, 1, 15))


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock (util-linux) on this system")
def test_what_was_copied_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied, restored, _ = [text for text in blocks("operation.md", "") if "backup" in text]
    monkeypatch.chdir(tmp_path)
    for folder in ("study", "releases"):
        Path(folder).mkdir()
    write_made_up(Path("releases/public"), many=40, audience="public")
    accounts = Accounts(open_store("accounts.db", is_new=True))
    kato = accounts.open(accounts.invite("kato", "analyst"), PASSWORD, HERE)
    assert isinstance(kato, Account)
    judge("A")
    record_release(Path("ledger"), Path("releases/public"), who="A. Editor", on=date(2026, 2, 1))
    before = [dict(row) for row in trail_rows(open_store("accounts.db"))]
    entries = read_record(Path("ledger"))
    assert set(run(copied)) == {0}

    # what comes after the copy, and damage
    token = Sessions(open_store("accounts.db")).begin(kato, HERE)
    accounts.invite("sato", "viewer")
    judge("B")
    Path("ledger/ledger.jsonl").write_text("")
    assert main(["ledger", "ledger"]) == 2
    (Path("releases/public") / "manifest.json").unlink()

    assert set(run(restored)) == {0}
    held = open_store("accounts.db")
    assert [dict(row) for row in trail_rows(held)] == before
    assert [row["name"] for row in Accounts(held).listed()] == ["kato"]
    assert isinstance(Accounts(held).sign_in("kato", PASSWORD, HERE), Account)
    assert Sessions(held).find(token) is None
    assert list(read_judgements(Path("study/judgements.csv"))["name"]) == ["A"]
    assert read_record(Path("ledger")) == entries
    assert read_release(Path("releases/public")).audience == "public"
    assert Path("aside/ledger/ledger.jsonl").exists()
