"""`ledger` from its first entry to a withdrawal: each road from the command line, each entry verified."""

from pathlib import Path

import pytest

from dashboard.command import main
from tests.analysis.attack.small_world import write_world
from tests.analysis.attack.test_proposals import answers


def test_a_correction_is_added_verified_and_withdrawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, books = tmp_path / "s", tmp_path / "books"

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        return code, capsys.readouterr().err

    def made(out: str, *, swapped: bool) -> Path:
        table = answers()
        if swapped:
            table.loc[:39, "sales"] = table["sales"].to_numpy()[::-1][:40]
        write_world(study, 100, answers=table, more=f'ledger = "{books}"')
        assert run("build", study, "--audience", "public", "--out", tmp_path / out)[0] == 0
        return tmp_path / out / "public"

    first = made("one", swapped=False)
    on = ("--who", "A. Editor", "--on", "2026-02-01")
    code, said = run("ledger", books, "--add", first, "--on", "2026-02-01")
    assert (code, "--who" in said, books.exists()) == (2, True, False)
    assert run("ledger", books, "--add", first, *on)[0] == 0
    second = made("two", swapped=True)
    assert run("ledger", books, "--add", second, *on, "--corrects", 7)[0] == 2
    assert run("ledger", books, "--add", second, *on, "--corrects", 1, "--why", "swapped")[0] == 0
    code, said = run("ledger", books, "--verify", 1, "--against", study)  # the later one is on record
    assert (code, "source w.csv" in said) == (1, True)
    assert run("ledger", books, "--verify", 2, "--against", study)[0] == 0
    assert run("ledger", books, "--verify", 1, "--against", first)[0] == 0
    code, said = run("ledger", books, "--withdraw", 1, *on, "--why", "wrong")
    assert (code, "stands: 2" in said) == (2, True)
    assert run("ledger", books, "--withdraw", 2, *on, "--why", "wrong")[0] == 0
    code, said = run("ledger", books, "--withdraw", 2, *on, "--why", "again")
    assert (code, "none does" in said) == (2, True)
    made("again", swapped=False)
    assert run("ledger", books, "--verify", 1, "--against", study)[0] == 0
