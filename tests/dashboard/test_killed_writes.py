"""Writers of accounts and judgements that are killed: nothing they told as done is lost."""

import os
import random
from pathlib import Path

import pytest

from tests.benchmarks import killed_writes
from tests.benchmarks.killed_writes import Harm, kill_writers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def test_what_was_told_as_done_is_there_after_kills(tmp_path: Path) -> None:
    accounts, judgements, _ = kill_writers(tmp_path, 4, random.Random(7))
    assert accounts > 8 and judgements >= 1


def test_a_writer_that_tells_too_early_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(killed_writes, "_judge", lambda folder, name: None)
    with pytest.raises(Harm, match=r"rows were written|was told, and is not there"):
        kill_writers(tmp_path, 20, random.Random(7))
