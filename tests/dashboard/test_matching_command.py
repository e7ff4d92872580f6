"""`screen` and `match` from the command line: hits, reviews, judgements, and input at fault."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main
from dashboard.signin.store import open_store
from dashboard.signin.trail import trail_rows
from survey import data_folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "names.csv").write_text("name,country\nHuawei,China\nFoo Bar,\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text(
        "entry,name,aliases,country\nE1,Huawei Technologies,華為技術有限公司;HUAWEI TECH,CN\n",
        encoding="utf-8",
    )
    return tmp_path


def test_screen_writes_hits_and_what_waits_for_a_person(files: Path) -> None:
    out, review = files / "hits.csv", files / "review.csv"
    words = ["screen", str(files / "names.csv"), "--list", str(files / "list.csv"), "--out", str(out)]
    assert main([*words, "--review", str(review)]) == 1
    table = pd.read_csv(out, keep_default_na=False)
    columns = ["name", "outcome", "probability", "list", "entry", "matched_name", "reason", "notice"]
    assert list(table) == columns
    assert table["outcome"].tolist() == ["review", "no match"]
    sheet = pd.read_csv(review, dtype=str, keep_default_na=False)
    sheet.assign(verdict="same", who="A. Person", why="website").to_csv(review, index=False)
    judged = files / "judgements.csv"
    words_judge = ["match", str(data_folder() / "demo"), "--judge", str(review), "--judgements", str(judged)]
    assert main(words_judge) == 0
    assert main([*words, "--judgements", str(judged)]) == 1
    assert pd.read_csv(out)["outcome"].tolist() == ["match", "no match"]
    assert pd.read_csv(out)["probability"].tolist()[0] == 1.0


def test_judgements_are_on_the_trail_of_the_accounts(files: Path) -> None:
    store, review = open_store(files / "accounts.db", is_new=True), files / "review.csv"
    columns = "name,list,entry,matched_name,probability,reason,verdict,who,why\n"
    review.write_text(columns + "Huawei,L,E1,Huawei Technologies,0.9,near,same,A. Person,website\n")
    judged = files / "judgements.csv"
    words = ["match", str(data_folder() / "demo"), "--judge", str(review), "--judgements", str(judged)]
    assert main([*words, "--accounts", str(files / "accounts.db")]) == 0
    last = pd.read_csv(judged)["checksum"].iloc[-1]
    told = [(row["act"], row["about"]) for row in trail_rows(store)]
    assert told == [("judged", f"1 in judgements.csv, last checksum {last}, by A. Person")]
    assert main([*words, "--accounts", str(files / "accounts.db")]) == 0  # nothing new, nothing noted
    review.write_text(columns + "Huawei,L,E2,Huawei,0.9,near,perhaps,A. Person,website\n")
    assert main([*words, "--accounts", str(files / "accounts.db")]) == 2
    assert main([*words, "--accounts", str(files / "none.db")]) == 2
    assert len(trail_rows(store)) == 1


def test_screen_ends_with_0_where_nothing_is_near(files: Path) -> None:
    (files / "names.csv").write_text("name\nQuite Another\n")
    assert main(["screen", str(files / "names.csv"), "--list", str(files / "list.csv"), "--quiet"]) == 0


@pytest.mark.parametrize(
    "more",
    [
        ["--judgements", "none.csv"],
        ["--match-at", "0.1"],
        ["--list", "none.csv"],
        ["--ownership", "none.csv", "--as-of", "2026-01-15"],
        ["--as-of", "soon", "--ownership", "none.csv"],
        ["--out", "hits.docx"],
    ],
)
def test_input_at_fault_leaves_nothing_behind(
    files: Path, more: list[str], capsys: pytest.CaptureFixture
) -> None:
    before = sorted(files.iterdir())
    words = [
        "screen",
        str(files / "names.csv"),
        "--list",
        str(files / "list.csv"),
        "--review",
        str(files / "r.csv"),
    ]
    assert main([*words, *more]) == 2
    assert "do this:" in capsys.readouterr().err
    assert sorted(files.iterdir()) == before


def test_match_finds_the_firms_of_the_demonstration_among_its_parties(tmp_path: Path) -> None:
    out = tmp_path / "matches.csv"
    demo = str(data_folder() / "demo")
    assert main(["match", demo, "--names", "firm_name", "--out", str(out), "--quiet"]) == 0
    table = pd.read_csv(out)
    assert len(table) == 100
    assert (table["key"] == table["entry"]).all()
    assert (table["synthetic"] == "synthetic respondents").all()
