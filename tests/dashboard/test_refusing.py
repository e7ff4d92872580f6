"""A refused build tells what to change in English, and in the other languages of the study."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import release_on_record, write_release
from analysis.attack.refusing import STATES, WORDS, Change, RefusedFault, known_changes
from dashboard.command import main
from dashboard.command.refusing import refusal_lines
from tests.analysis.attack.small_world import write_world
from tests.analysis.attack.test_proposals import DAY, answers, ledger

VALUES = {
    "cells": '{ question = "sales", option = "3" }', "answers": "3, 4", "question": "sales", "net": "3+4",
    "codes": '"3", "4"', "breaks": "sector", "left": "", "floors": "[release.public] floor = 9",
    "many": "2", "floor": "8", "what": "model",
}  # fmt: skip


def refused(*changes: Change) -> RefusedFault:
    return RefusedFault("out", "counts", 7, changes)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("key", WORDS)
def test_english_says_what_the_fault_says_and_japanese_all_of_it(key: str, state: str) -> None:
    gone = tuple((f"sales {k}", 10.0 + k) for k in range(11))
    changes = [
        Change(((key, VALUES), ("hide", VALUES)), 31, 400, state, 2, gone),
        Change(((key, VALUES),), 5, 0, state, 1),
        Change(((key, VALUES),), 0, 400, state, 0, ()),
    ]
    fault = refused(*changes)
    for at, (line, change) in enumerate(zip(refusal_lines("en", fault)[1:], changes, strict=True), start=1):
        assert line == f"({at}) {change.said()}."
    lead, *lines = refusal_lines("ja", fault)
    assert "7件" in lead
    assert "sales 7, 17、ほか3件" in lines[0]
    assert "400件のうち31件（情報の7.8％）" in lines[0]
    assert "なし" in lines[2]
    assert all("{" not in line.replace('{ question = "sales", option = "3" }', "") for line in lines)


def test_what_is_known_of_late_firms_has_words_too() -> None:
    broken = pd.DataFrame(
        {
            "way": ["editions", "percents", "words"], "question": ["sales", "acts", ""],
            "option": ["1", "2", ""],
            "table": ["estimates", "estimates", "firms"], "high": [1.0, 2.0, 0.0], "firms_high": [2, 0, 0],
            "floor": [8, 8, 8],
        }
    )  # fmt: skip
    lines = refusal_lines("ja", refused(*known_changes(broken)))
    assert "8社に達するまで、前回と同じ企業で公開する（現在2社）" in "".join(lines)
    assert "firmsを公開しない" in "".join(lines)


def test_what_is_to_be_hidden_is_named_to_the_last() -> None:
    names = [f"question_{number}" for number in range(12)]
    broken = pd.DataFrame(
        {
            "way": "editions",
            "question": names,
            "option": "1",
            "table": "estimates",
            "high": 1.0,
            "firms_high": 2,
            "floor": 8,
        }
    )
    told = " ".join(change.said() for change in known_changes(broken))
    assert [name for name in names if name not in told] == []


def test_build_says_it_in_japanese_beneath(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_release(write_world(tmp_path / "study", 100, answers=answers()), tmp_path / "out", ["public"])
    release_on_record(tmp_path / "releases", tmp_path / "out" / "public", who="A. Editor", on=DAY)
    world = write_world(tmp_path / "study", 100, answers=answers(corrected=True), more=ledger(tmp_path))
    described = (world.folder / "study.toml").read_text(encoding="utf-8")
    described = described.replace('languages = ["en"]', 'languages = ["en", "ja"]')
    (world.folder / "study.toml").write_text(described, encoding="utf-8")
    words = ["build", str(world.folder), "--audience", "public", "--out", str(tmp_path / "out")]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert told.index("do this:  nothing was written; cheapest first: (1) merge answers 3, 4") < told.index(
        "変更の候補（失う情報の少ない順）"
    )
    assert "（1）salesの回答3, 4を一つにまとめる。" in told
